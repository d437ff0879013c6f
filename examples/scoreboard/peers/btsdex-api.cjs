// btsdex-api as btsdex uses it: 5 s for a call, and its "autoreconnect" of true.
const {addConfig, connect, database} = require("btsdex-api");
const play = require("./play.cjs");

play({
    connect: task => {
        addConfig({name: "test", chainId: task.chain_id});
        return connect(task.urls, 5000, true);
    },
    follow: told => database.setBlockAppliedCallback(ids => ids.forEach(told)),
    call: () => database.getAccountByName("alice"),
});
