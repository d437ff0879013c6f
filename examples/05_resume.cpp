// Pays an invoice once, however often it is started or killed: 05_resume NODE_URL CHAIN_ID WIF_FILE FROM TO AMOUNT JOURNAL INVOICE

#include <bitshares/bitshares.hpp>
#include <bitshares/net/websocket.hpp>
#include <bitshares/wallet/wif_file.hpp>

#include <iostream>

int main(int argc, char** argv)
try
{
    if (argc != 9)
        return std::cerr << "usage: " << argv[0] << " NODE_URL CHAIN_ID WIF_FILE FROM TO AMOUNT JOURNAL INVOICE\n", 2;
    auto const keys = bitshares::read_wif_file(argv[3]).value(); // a file of its owner alone, never the command line
    auto const id = bitshares::from_hex(argv[2]).value();
    bitshares::network network = bitshares::mainnet();
    std::copy_n(id.begin(), std::min(id.size(), network.chain_id.data.size()), network.chain_id.data.begin());

    namespace db = bitshares::database;
    bitshares::blocking_client node(bitshares::node_url(argv[1]), bitshares::websocket(),
                                    bitshares::client_options().network(network));
    auto const from = node.call(db::get_account_by_name(argv[4]));
    auto const to = node.call(db::get_account_by_name(argv[5]));
    if (!from || !to)
        return std::cerr << "no such account\n", 1;
    auto const amount = bitshares::parse_amount(argv[6], 5).value();

    auto journal = bitshares::tx_journal::open(argv[7]).value();
    auto const make = [&] { // asked only where nothing that was sent before can still be included
        bitshares::transfer op;
        op.from = from->id;
        op.to = to->id;
        op.amount = {amount, bitshares::core_asset};
        bitshares::tx_builder tx(node.network());
        tx.add(op);
        std::cout << "a new payment\n";
        return tx.prepare(bitshares::fetch_tx_context(node)).sign(keys);
    };
    auto const outcome = bitshares::broadcast_once(node, journal, argv[8], make);
    std::cout << bitshares::name_of(outcome.value().state) << '\n';
}
catch (std::exception const& e) // start it again: it goes on from where it was
{
    std::cerr << e.what() << '\n';
    return 3;
}
