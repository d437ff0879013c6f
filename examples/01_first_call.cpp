// Asks a node for an account and its balances: 01_first_call NODE_URL ACCOUNT

#include <bitshares/bitshares.hpp>
#include <bitshares/net/websocket.hpp>

#include <iostream>

int main(int argc, char** argv)
try
{
    if (argc != 3)
        return std::cerr << "usage: " << argv[0] << " NODE_URL ACCOUNT\n", 2;
    std::string const url = argv[1], name = argv[2];
    // [readme]
    namespace db = bitshares::database;
    bitshares::blocking_client node(bitshares::node_url(url), bitshares::websocket());
    auto const account = node.call(db::get_account_by_name(name)); // throws what went wrong; try_call() returns it
    if (!account)
        return std::cerr << "no such account\n", 1;
    for (auto const& balance : node.call(db::get_account_balances(account->id.to_string(), {})))
        std::cout << balance.amount << " of " << balance.asset_id << '\n';
    // [/readme]
}
catch (bitshares::exception const& e) // what is between us and the node, or the URL
{
    std::cerr << e.what() << '\n';
    return e.code() == bitshares::errc::invalid_url ? 2 : 3;
}
catch (std::exception const& e) // the node refuses
{
    std::cerr << e.what() << '\n';
    return 1;
}
