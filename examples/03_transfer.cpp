// Sends core assets and waits until that cannot be undone: 03_transfer NODE_URL CHAIN_ID WIF_FILE FROM TO AMOUNT

#include <bitshares/bitshares.hpp>
#include <bitshares/net/websocket.hpp>
#include <bitshares/wallet/wif_file.hpp>

#include <iostream>

int main(int argc, char** argv)
try
{
    if (argc != 7)
        return std::cerr << "usage: " << argv[0] << " NODE_URL CHAIN_ID WIF_FILE FROM TO AMOUNT\n", 2;
    auto const keys = bitshares::read_wif_file(argv[3]).value(); // a file of its owner alone, never the command line
    auto const id = bitshares::from_hex(argv[2]).value();
    bitshares::network network = bitshares::mainnet();
    std::copy_n(id.begin(), std::min(id.size(), network.chain_id.data.size()), network.chain_id.data.begin());

    namespace db = bitshares::database;
    bitshares::blocking_client node(bitshares::node_url(argv[1]), bitshares::websocket(),
                                    bitshares::client_options().network(network)); // another chain is an error
    auto const from = node.call(db::get_account_by_name(argv[4]));
    auto const to = node.call(db::get_account_by_name(argv[5]));
    if (!from || !to)
        return std::cerr << "no such account\n", 1;
    bitshares::transfer op;
    op.from = from->id;
    op.to = to->id;
    op.amount = {bitshares::parse_amount(argv[6], 5).value(), bitshares::core_asset};
    bitshares::tx_builder tx(node.network());
    tx.add(op);
    auto const signed_tx = tx.prepare(bitshares::fetch_tx_context(node)).sign(keys);
    auto const outcome = bitshares::broadcast(node, signed_tx, bitshares::broadcast_options().irreversible(true));
    std::cout << bitshares::name_of(outcome.value().state) << '\n'; // value() throws what the node said
}
catch (bitshares::exception const& e) // in doubt, expired, or no connection: nothing was paid but where it is in doubt
{
    std::cerr << e.what() << '\n';
    return 3;
}
catch (std::exception const& e)
{
    std::cerr << e.what() << '\n';
    return 1;
}
