// Prints the blocks behind one, in order and none twice, whichever nodes fail: 10_follow_blocks AFTER COUNT NODE_URL...

#include <bitshares/bitshares.hpp>
#include <bitshares/net/websocket.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <iostream>

namespace asio = boost::asio;

asio::awaitable<void> follow(bitshares::client& node, std::uint32_t after, int count)
{
    auto source = bitshares::follow_blocks(bitshares::subscription_options().after(after));
    bitshares::subscription blocks(node, std::move(source));
    while (count-- > 0)
    {
        auto next = co_await blocks.async_next(asio::use_awaitable);
        bitshares::block_event const& e = next.value();
        // A node's newest blocks may give way to others; with irreversible_only(true) they are told later, and never taken back.
        std::cout << (e.kind == bitshares::event_kind::undone ? "undone: " : "") << "block " << e.number << ", "
                  << e.block.transactions.size() << " transactions\n";
    }
}

int main(int argc, char** argv)
try
{
    if (argc < 4)
        return std::cerr << "usage: " << argv[0] << " AFTER COUNT NODE_URL...\n", 2;
    asio::io_context io;
    bitshares::node_pool pool(io.get_executor(), std::vector<bitshares::node_url>(argv + 3, argv + argc),
                              bitshares::websocket());
    std::exception_ptr failure;
    asio::co_spawn(io, follow(pool, static_cast<std::uint32_t>(std::stoul(argv[1])), std::stoi(argv[2])),
                   [&](std::exception_ptr e) {
                       failure = e;
                       pool.close(); // otherwise it stays connected, and the context runs on
                   });
    io.run();
    if (failure)
        std::rethrow_exception(failure);
}
catch (std::exception const& e)
{
    std::cerr << e.what() << '\n';
    return 3;
}
