// Pays a queue, to be killed: payer URL CHAIN_ID WIF_FILE FROM QUEUE JOURNAL [STATE:STAGE]
//
// A line of QUEUE: key, recipient, amount. With STATE:STAGE it kills itself where a record of this state reaches this
// stage. With `-` for JOURNAL there is none: what became of each stands in QUEUE.done, and after a crash what does not stand there
// is paid; it kills itself when it comes to the state, whatever the stage.

#include <bitshares/base/hex.hpp>
#include <bitshares/chain/broadcast.hpp>
#include <bitshares/chain/tx_context.hpp>
#include <bitshares/net/websocket.hpp>
#include <bitshares/tx/builder.hpp>

#include <csignal>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <set>
#include <sstream>
#include <string>

using namespace bitshares;

namespace {

constexpr std::string_view stages[] = {"begin", "torn", "written", "durable"};

journal_options options_of(std::string const& where)
{
    if (where.empty())
        return {};
    return journal_options().observe([where](tx_state state, journal_stage stage) {
        if (where == std::string(name_of(state)) + ":" + std::string(stages[static_cast<std::size_t>(stage)]))
            ::raise(SIGKILL);
    });
}

void kill_at(std::string const& where, tx_state state)
{
    if (where.starts_with(std::string(name_of(state)) + ":"))
        ::raise(SIGKILL);
}

} // namespace

int main(int argc, char** argv)
try
{
    if (argc < 7)
        return 2;
    bytes const id = from_hex(argv[2]).value();
    network net = mainnet();
    std::copy(id.begin(), id.end(), net.chain_id.data.begin());
    std::string wif;
    std::ifstream(argv[3]) >> wif;
    auto const key = private_key::from_wif(wif).value();
    account_id const from(std::stoull(argv[4]));
    std::string const queue_file = argv[5], journal_file = argv[6];
    bool const with_journal = journal_file != "-";

    blocking_client node(node_url(argv[1]), websocket(), client_options().network(net));
    std::string const where = argc > 7 ? argv[7] : "";
    auto following = broadcast_options()
                         .irreversible(true)
                         .prove_refusal(true)
                         .poll_interval(std::chrono::milliseconds(5))
                         .resend_after(std::chrono::milliseconds(100));
    std::optional<tx_journal> journal;
    std::set<std::string> done;
    if (with_journal)
        journal.emplace(tx_journal::open(journal_file, options_of(where)).value());
    else
    {
        std::ifstream in(queue_file + ".done");
        for (std::string line; std::getline(in, line);)
            done.insert(line.substr(0, line.find(' ')));
        following.on_state([where](tx_outcome const& o) { kill_at(where, o.state); });
    }

    std::ifstream queue(queue_file);
    for (std::string line; std::getline(queue, line);)
    {
        std::istringstream words(line);
        std::string name;
        std::uint64_t to = 0;
        std::int64_t amount = 0;
        words >> name >> to >> amount;
        auto const make = [&] {
            tx_builder tx(node.network());
            transfer op;
            op.from = from;
            op.to = account_id(to);
            op.amount = {amount, core_asset};
            tx.add(op);
            return tx.expires_in(std::chrono::seconds(45)).prepare(fetch_tx_context(node)).sign(key);
        };
        if (with_journal)
        {
            auto const* const known = journal->find(name);
            if (known && known->state == tx_state::refused)
                continue;
            if (known && known->state == tx_state::irreversible)
                continue;
            (void)broadcast_once(node, *journal, name, make, following, 1'000);
        }
        else if (!done.contains(name))
        {
            std::string became = "expired";
            try
            {
                auto const tx = make();
                kill_at(where, tx_state::prepared);
                became = broadcast(node, tx, following) ? "paid" : "refused";
            }
            catch (exception const&)
            {}
            std::ofstream(queue_file + ".done", std::ios::app) << name << ' ' << became << std::endl;
        }
    }
}
catch (std::exception const& e)
{
    std::cerr << e.what() << '\n';
    return 3;
}
