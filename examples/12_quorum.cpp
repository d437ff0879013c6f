// Asks several nodes what an account has, and believes what enough of them say alike: 12_quorum ACCOUNT NODE_URL...

#include <bitshares/bitshares.hpp>
#include <bitshares/net/websocket.hpp>

#include <iostream>

int main(int argc, char** argv)
try
{
    if (argc < 3)
        return std::cerr << "usage: " << argv[0] << " ACCOUNT NODE_URL...\n", 2;
    bitshares::node_list const nodes(std::vector<bitshares::node_url>(argv + 2, argv + argc));

    namespace db = bitshares::database;
    bitshares::blocking_client client(nodes, bitshares::websocket());
    bitshares::quorum_options options;
    options.nodes = 3;                        // are asked,
    options.agree = 2;                        // and so many have to say the same of the same block;
    options.linger = std::chrono::seconds(2); // the others are waited for so long, only to tell who deviates
    auto const account = client.quorum(db::get_account_by_name(argv[1]), options).value;
    if (!account)
        return std::cerr << "there is no account " << argv[1] << '\n', 1;
    auto const answer = client.quorum(db::get_account_balances(account->id.to_string(), {}), options);
    for (auto const& balance : answer.value)
        std::cout << balance.amount << " of " << balance.asset_id << '\n';
    std::cout << answer.agreed.size() << " nodes agree, " << answer.deviated.size() << " said something else\n";
    for (auto const& node : answer.deviated) // it lies, its database is damaged, or it knows of a pending transaction
        std::cerr << node.to_string() << " deviates at block " << answer.block_num << '\n';
}
catch (bitshares::exception const& e) // too few agreed; the text says what each of them said
{
    std::cerr << e.what() << '\n';
    return e.code() == bitshares::errc::invalid_url ? 2 : 3;
}
catch (std::exception const& e) // enough of them refused alike
{
    std::cerr << e.what() << '\n';
    return 1;
}
