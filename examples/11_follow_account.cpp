// Prints what happens to an account, each operation once and in order: 11_follow_account ACCOUNT AFTER COUNT NODE_URL...

#include <bitshares/bitshares.hpp>
#include <bitshares/net/websocket.hpp>

#include <iostream>

int main(int argc, char** argv)
try
{
    if (argc < 5)
        return std::cerr << "usage: " << argv[0] << " ACCOUNT AFTER COUNT NODE_URL...\n", 2;
    bitshares::blocking_client client(std::vector<bitshares::node_url>(argv + 4, argv + argc), bitshares::websocket());
    auto const account = client.call(bitshares::database::get_account_by_name(argv[1]));
    if (!account)
        return std::cerr << "no such account\n", 1;
    // The number of the last operation that is known, such as a file has it: nothing behind it is left out.
    auto const operations = bitshares::follow_account(
        account->id, bitshares::subscription_options().after(std::stoull(argv[2])).irreversible_only(true));
    for (int i = std::stoi(argv[3]); i > 0; --i)
    {
        auto const e = bitshares::next_event(client, *operations).value();
        std::cout << e.sequence << ": " << e.entry.op.name() << " in block " << e.entry.block_num << '\n';
    }
}
catch (bitshares::exception const& e) // gap_unfillable: no node has what comes next, and the text names it
{
    std::cerr << e.what() << '\n';
    return e.code() == bitshares::errc::gap_unfillable ? 4 : 3;
}
catch (std::exception const& e)
{
    std::cerr << e.what() << '\n';
    return 1;
}
