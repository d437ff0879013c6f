// Builds and signs a transaction without any connection: 02_sign_offline WIF_FILE

#include <bitshares/bitshares.hpp>
#include <bitshares/wallet/wif_file.hpp>

#include <iostream>

int main(int argc, char** argv)
try
{
    if (argc != 2)
        return std::cerr << "usage: " << argv[0] << " WIF_FILE\n", 2;
    auto const keys = bitshares::read_wif_file(argv[1]).value(); // a file of its owner alone, never the command line
    bitshares::tx_context
        context; // as async_tx_context() or fetch_tx_context() gives it to a machine with a connection
    context.network = bitshares::mainnet();
    context.time = bitshares::time_point_sec::from_string("2026-11-21T12:00:00").value();
    context.parameters.current_fees.parameters.insert(
        bitshares::fee_parameters::of<bitshares::transfer>({.fee = 86'869, .price_per_kbyte = 48'260}));

    bitshares::transfer op;
    op.from = bitshares::account_id(17);
    op.to = bitshares::account_id(18);
    op.amount = {500'000, bitshares::core_asset};
    bitshares::tx_builder tx(bitshares::mainnet());
    tx.add(op);
    bitshares::unsigned_transaction const ready = tx.prepare(context); // throws what a node would refuse for its form
    bitshares::signed_transaction const signed_tx = ready.sign(keys);
    std::cout << "id " << bitshares::to_hex(ready.id().data) << ", fee " << ready.body().operations[0].fee().amount
              << ", signed by " << bitshares::recover(ready.digest(), signed_tx.signatures[0])->to_string("BTS")
              << '\n';
}
catch (std::exception const& e)
{
    std::cerr << e.what() << '\n';
    return 1;
}
