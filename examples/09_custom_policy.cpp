// A pool of nodes with rules of its own, which tells what it does: 09_custom_policy ACCOUNT NODE_URL...

#include <bitshares/bitshares.hpp>
#include <bitshares/net/websocket.hpp>

#include <boost/asio/io_context.hpp>

#include <iostream>

int main(int argc, char** argv)
try
{
    using namespace std::chrono_literals;
    if (argc < 3)
        return std::cerr << "usage: " << argv[0] << " ACCOUNT NODE_URL...\n", 2;
    bitshares::node_list const nodes(std::vector<bitshares::node_url>(argv + 2, argv + argc));

    bitshares::pool_options policy; // include/bitshares/net/README.md has all of them, with their defaults
    policy.connect_stagger = 4s; // the first of the list is ours: the others get their chance when it fails, or later
    policy.max_live = 3;         // two stand by
    policy.hedge_delay = 150ms;  // a slow read is asked of a second node earlier,
    policy.hedge_share = 0.02;   // but fewer of them are
    bitshares::client_options options;
    options.deadline(5s);

    // What happens to the nodes, as it happens; pool.status() has the whole picture at any time.
    auto const events = [&nodes](bitshares::pool_event const& e) {
        std::cerr << nodes[e.node].url << ": " << bitshares::name_of(e.state) << (e.why.empty() ? "" : ", ") << e.why
                  << '\n';
    };
    boost::asio::io_context io;
    bitshares::node_pool pool(io.get_executor(), nodes, bitshares::websocket(), options, policy, events);

    // The library knows which of the chain's calls change something. Of another API only you can know: what must not be
    // asked twice is asked once, and when its answer is lost, that is what you are told.
    namespace db = bitshares::database;
    auto once = db::get_account_by_name(argv[1]);
    once.repeatable(false);
    pool.async_call(once, [&](bitshares::error_code ec, auto const&) {
        std::cout << (ec == bitshares::errc::maybe_applied ? "the answer was lost" : "the answer came") << '\n';
        // The same as any read: who loses the answer does not matter.
        pool.async_call(db::get_account_by_name(argv[1]), [&](bitshares::error_code ec2, auto const& account) {
            std::cout << (ec2 ? ec2.message() : !account || !*account ? "no such account" : "the answer came") << '\n';
            pool.close(); // otherwise it stays at work, and run() does not return
        });
    });
    io.run();
}
catch (std::exception const& e)
{
    std::cerr << e.what() << '\n';
    return 1;
}
