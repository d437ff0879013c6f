// bitsharesjs-ws as its applications use it: a Manager over the list, with reconnecting switched on.
const {Apis, Manager} = require("bitsharesjs-ws");
const play = require("./play.cjs");

play({
    connect: task => {
        Apis.setAutoReconnect(true);
        const manager = new Manager({
            url: task.urls[0], urls: task.urls, autoFallback: true, optionalApis: {enableCrypto: false}, closeCb: () => {},
        });
        return manager.connectWithFallback(true);
    },
    follow: told => Apis.instance().db_api().exec("set_block_applied_callback", [ids => ids.forEach(told)]),
    call: () => Apis.instance().db_api().exec("get_account_by_name", ["alice"]),
});
