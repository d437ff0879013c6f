// Does what bts-scoreboard says with one client, and prints what came of it. The task is JSON, the first argument:
// urls, chain_id, warm, calls, every, watch, follow, give_up (examples/scoreboard/player.hpp).
const readline = require("node:readline");

// @param client {connect(task): Promise, call(): Promise of the account, follow(told): Promise; it tells blocks' ids}
module.exports = async function play(client) {
    process.on("unhandledRejection", () => {}); // some clients reject promises that nobody has
    process.on("uncaughtException", () => {});
    console.log = console.warn = console.error = () => {};
    const task = JSON.parse(process.argv[2]);
    const result = {warmed: false, answered: 0, failed: 0, hanging: 0, gaps: 0, last: 0, error: ""};
    let start = performance.now();
    const since = () => performance.now() - start;
    const sleep = ms => new Promise(done => setTimeout(done, ms));
    const say = line => new Promise(done => process.stdout.write(line + "\n", done));
    const finish = async () => {
        await say(JSON.stringify(result));
        process.exit(0);
    };
    const described = e => String(e && e.message || e || "refused without a reason");

    let connected = null;
    const one = async () => {
        ++result.hanging;
        try {
            await (connected = connected || Promise.resolve(client.connect(task)));
            const account = await client.call();
            if (!account || account.name !== "alice") throw new Error("another account");
            ++result.answered;
        } catch (e) {
            ++result.failed;
            result.error = result.error || described(e);
        }
        --result.hanging;
        result.last = since();
    };

    if (task.warm) {
        await Promise.race([one(), sleep(task.give_up)]);
        result.warmed = result.answered === 1;
        result.answered = 0;
        if (!result.warmed) return finish();
    }

    // What a client tells of blocks by itself: nothing here subscribes again behind the fault, for then it would be the
    // application that notices.
    let before = 0, told = 0, heard = () => {};
    const block = id => {
        const number = parseInt(id.slice(0, 8), 16);
        if (before && number !== before + 1) ++result.gaps;
        before = number;
        if (++told === 1) result.last = since();
        heard();
    };
    const enough = count => new Promise(done => heard = () => told >= count && done());
    const blocks = count => Promise.race([enough(count), sleep(task.give_up)]);
    if (task.follow) {
        client.follow(block).catch(e => result.error = described(e)); // then no block comes
        await blocks(2);
        result.warmed = told >= 2;
        if (!result.warmed) return finish();
    }

    const lines = readline.createInterface({input: process.stdin});
    const go = new Promise(done => lines.once("line", done));
    lines.on("close", () => process.exit(1)); // nobody wants to know any more
    await say("ready");
    await go;
    start = performance.now();
    if (task.follow) {
        result.last = result.gaps = told = 0;
        await blocks(task.follow);
        result.answered = told;
        result.hanging = Math.max(0, task.follow - told);
        return finish();
    }
    const calls = [];
    if (task.every)
        while (since() < task.watch) {
            calls.push(one());
            await sleep(task.every);
        }
    else
        for (let i = 0; i < task.calls; ++i) calls.push(one());
    await Promise.race([Promise.all(calls), sleep(task.give_up)]);
    if (result.hanging) result.last = since();
    return finish();
};
