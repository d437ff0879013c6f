// Asks several nodes, any of which may be dead, silent or gone in the middle: 08_failover ACCOUNT NODE_URL...

#include <bitshares/bitshares.hpp>
#include <bitshares/net/websocket.hpp>

#include <iostream>

int main(int argc, char** argv)
try
{
    if (argc < 3)
        return std::cerr << "usage: " << argv[0] << " ACCOUNT NODE_URL...\n", 2;
    std::string const name = argv[1];
    // Or a file's, as `bts nodes --list` takes it: node_list::from_json(text).value().of(public_network::mainnet)
    bitshares::node_list const nodes(std::vector<bitshares::node_url>(argv + 2, argv + argc));

    namespace db = bitshares::database;
    bitshares::blocking_client client(nodes, bitshares::websocket()); // all that is needed: failover is the default
    int answered = 0;
    for (int i = 0; i < 20; ++i)
        if (client.call(db::get_account_by_name(name))) // the node may be lost here: another one is asked
            ++answered;
    if (answered == 0)
        return std::cerr << "no such account\n", 1;
    std::cout << answered << " of 20 calls answered\n";
}
catch (bitshares::exception const& e) // none of them could be used; the text says what was wrong with each
{
    std::cerr << e.what() << '\n';
    return e.code() == bitshares::errc::invalid_url ? 2 : 3;
}
catch (std::exception const& e) // a node refuses: that is an answer, and nobody else is asked
{
    std::cerr << e.what() << '\n';
    return 1;
}
