// Proposes a payment out of another's account, and lets its owner approve: 06_proposal NODE_URL CHAIN_ID WIF_FILE FROM TO AMOUNT
// (FROM both proposes and approves here.)

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
                                    bitshares::client_options().network(network));
    auto const from = node.call(db::get_account_by_name(argv[4]));
    auto const to = node.call(db::get_account_by_name(argv[5]));
    if (!from || !to)
        return std::cerr << "no such account\n", 1;
    bitshares::transfer op;
    op.from = from->id;
    op.to = to->id;
    op.amount = {bitshares::parse_amount(argv[6], 5).value(), bitshares::core_asset};

    bitshares::tx_builder proposing(node.network());
    proposing.propose(from->id, {op}, bitshares::proposal_options().lifetime(std::chrono::hours(24)));
    auto const proposed =
        bitshares::broadcast(node, proposing.prepare(bitshares::fetch_tx_context(node)).sign(keys)).value();
    // What the operation made: the proposal. A node without a history does not tell.
    auto const* const made = proposed.operation_results.empty()
                                 ? nullptr
                                 : std::get_if<bitshares::any_object_id>(&proposed.operation_results[0]);
    if (!made)
        return std::cerr << "the node does not tell what it made\n", 1;
    std::cout << "proposed as " << made->to_string() << '\n';

    bitshares::proposal_update approval;
    approval.fee_paying_account = from->id;
    approval.proposal = bitshares::proposal_id(made->instance());
    approval.active_approvals_to_add.insert(from->id);
    bitshares::tx_builder approving(node.network());
    approving.add(approval);
    auto const approved = bitshares::broadcast(node, approving.prepare(bitshares::fetch_tx_context(node)).sign(keys),
                                               bitshares::broadcast_options().irreversible(true))
                              .value();
    std::cout << "approved: " << bitshares::name_of(approved.state) << '\n';
}
catch (std::exception const& e)
{
    std::cerr << e.what() << '\n';
    return 1;
}
