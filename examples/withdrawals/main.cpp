// bts-withdrawals: pays a queue of withdrawals, each exactly once, whatever dies in between.

#include <bitshares/base/hex.hpp>
#include <bitshares/chain/authority_fetch.hpp>
#include <bitshares/chain/broadcast.hpp>
#include <bitshares/chain/tx_context.hpp>
#include <bitshares/crypto/memo.hpp>
#include <bitshares/net/websocket.hpp>
#include <bitshares/protocol/binary.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/rpc/api/database.hpp>
#include <bitshares/tx/builder.hpp>
#include <bitshares/version.hpp>
#include <bitshares/wallet/keyring_signer.hpp>
#include <common/exit_code.hpp>
#include <common/help.hpp>
#include <common/keys.hpp>
#include <common/online.hpp>
#include <common/output_file.hpp>
#include <common/terminal_text.hpp>

#include <CLI/CLI.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>

#include <csignal>
#include <fstream>
#include <iostream>
#include <map>
#include <set>

namespace {

using namespace bitshares;

struct arguments
{
    program::online_options online;
    program::key_options keys;
    std::string from;
    std::string queue;
    std::string journal;
    bool new_journal = false;
    std::uint32_t expires_in = 120;
    unsigned at_once = 16;
    std::string max_fee = "100";
};

/// A line of the queue.
struct withdrawal_line
{
    std::string key;
    std::string to;
    std::string amount;
    std::string symbol;
    std::string memo;

    BITSHARES_FIELDS((key), (to), (amount), (symbol), (memo))
};

struct withdrawal
{
    std::string key;
    account_object to;
    bitshares::asset amount;
    std::string memo;
};

class job
{
public:
    explicit job(arguments const& a)
        : a_(a), node_(a.online, ctrl_c_), keys_(program::load_keys(a.keys)), journal_(opened(a))
    {
        auto const max_fee = parse_amount(a.max_fee, 5);
        if (!max_fee)
            throw program::usage_error("--max-fee: " + max_fee.error().message());
        max_fee_ = *max_fee;
        chain_ = node_.learn_chain();
        for (auto const& [key, entry] : journal_.entries())
            if (entry.chain_id != chain_)
                throw program::usage_error("--journal: " + key + " was paid on chain " + to_hex(entry.chain_id.data) +
                                           ", and the node serves " + to_hex(chain_.data));
        from_ = account(a.from);
        client_options options;
        options.deadline(std::chrono::seconds(a.online.timeout)).chain_id(chain_).key_prefix(node_.key_prefix());
        tls_options tls;
        if (!a.online.ca_file.empty())
            tls.add_ca_file(a.online.ca_file);
        for (node_url const& url : program::read_nodes(a.online.nodes))
            clients_.push_back(
                std::make_unique<client>(io_.get_executor(), url, websocket(websocket_options().tls(tls)), options));
    }

    int run()
    {
        read_queue();
        choose_keys();
        {
            program::on_interrupt const stopped(ctrl_c_, [this] { asio::post(io_, [this] { stop(); }); });
            for (unsigned i = 0; i < a_.at_once; ++i)
                start_next();
            io_.run();
        }
        if (ctrl_c_.requested())
            throw program::interrupted();
        return exit_;
    }

private:
    void close()
    {
        for (auto const& c : clients_)
            c->close();
    }

    // A client that is closed connects again for the next call: what is followed has to be told, too.
    void stop()
    {
        for (auto& [key, signal] : signals_)
            signal.emit(asio::cancellation_type::terminal);
        close();
    }

    // A journal that is not there must not be taken for one in which nothing stands: all of the queue would be paid again.
    static tx_journal opened(arguments const& a)
    {
        if (a.new_journal && a.online.chain_id.empty())
            throw program::usage_error("--new-journal: name the chain, too, by --chain-id mainnet, testnet or 64 "
                                       "hexadecimal digits; later runs pay on the journal's");
        bool const there = std::ifstream(a.journal).peek() != std::ifstream::traits_type::eof();
        if (!there && !a.new_journal)
            throw program::usage_error("--journal: " + a.journal +
                                       " is not there, or empty. Without the journal of earlier runs all of the queue "
                                       "would be paid again; only if there never was one, add --new-journal");
        auto journal = tx_journal::open(a.journal, journal_options().may_begin(a.new_journal)).value();
        if (a.new_journal && !journal.entries().empty())
            throw program::usage_error("--new-journal: " + a.journal + " is a journal of " +
                                       std::to_string(journal.entries().size()) +
                                       " withdrawals already; leave --new-journal out to go on with it");
        return journal;
    }

    account_object account(std::string const& text)
    {
        auto found = node_.ask(database::get_accounts({text}, false)).value();
        if (found.size() != 1 || !found[0])
            throw std::runtime_error("the node knows no account " + text);
        return std::move(*found[0]);
    }

    // All of it before anything is paid: a queue that is half understood is none.
    void read_queue()
    {
        std::ifstream in(a_.queue, std::ios::binary);
        if (!in)
            throw program::usage_error("--queue: cannot read " + a_.queue);
        std::map<std::string, account_object> accounts;
        std::map<std::string, asset_object> assets;
        std::set<std::string> keys;
        json_options strict;
        strict.mode = json_mode::strict;
        std::string line;
        for (std::size_t number = 1; std::getline(in, line); ++number)
        {
            if (line.empty())
                continue;
            auto const refuse = [&](std::string const& why) {
                throw std::runtime_error(a_.queue + ": line " + std::to_string(number) + ": " + why +
                                         "; nothing was paid");
            };
            auto const read = from_json<withdrawal_line>(line, strict);
            if (!read)
                refuse(read.error().message());
            if (read->key.empty() || !keys.insert(read->key).second)
                refuse(read->key.empty() ? "the key is empty" : "the key " + read->key + " stands twice");
            auto to = accounts.find(read->to);
            if (to == accounts.end())
                to = accounts.emplace(read->to, account(read->to)).first;
            auto of = assets.find(read->symbol);
            if (of == assets.end())
            {
                auto const found = node_.ask(database::get_assets({read->symbol}, false)).value();
                if (found.size() != 1 || !found[0])
                    refuse("the node knows no asset " + read->symbol);
                of = assets.emplace(read->symbol, *found[0]).first;
            }
            auto const units = parse_amount(read->amount, of->second.precision);
            if (!units)
                refuse(units.error().message());
            if (*units <= 0)
                refuse("the amount is not above 0");
            if (to->second.id == from_.id)
                refuse("it goes to the account that pays");
            withdrawal w{read->key, to->second, {*units, of->second.id}, read->memo};
            if (auto const* const entry = journal_.find(w.key); entry != nullptr && !is_same(*entry, w))
                refuse("the journal has another payment under the key " + w.key);
            queue_.push_back(std::move(w));
        }
        for (auto const& [key, entry] : journal_.entries())
            ids_.insert(entry.id);
    }

    bool is_same(tx_journal::entry const& entry, withdrawal const& w) const
    {
        auto const tx = unpack<signed_transaction>(entry.packed);
        if (!tx || entry.chain_id != chain_ || tx->operations.size() != 1)
            return false;
        auto const* const op = tx->operations[0].get_if<transfer>();
        if (op == nullptr || op->from != from_.id || op->to != w.to.id || op->amount != w.amount ||
            op->memo.has_value() == w.memo.empty())
            return false;
        if (!op->memo) // a memo often says whose the money is
            return true;
        private_key const* const key = keys_.find(op->memo->from);
        if (key == nullptr)
            throw program::usage_error("the memo key of " + from_.name +
                                       " is not among the keys; the memos that were sent are compared with the queue");
        auto const text = decrypt_memo(*op->memo, *key);
        return text && *text == w.memo;
    }

    // The fewest that may pay for the account.
    void choose_keys()
    {
        transaction sample;
        transfer op;
        op.from = from_.id;
        sample.operations.emplace_back(op);
        account_set accounts;
        node_.lend([&](blocking_client& c) { fetch_accounts(c, sample, accounts); });
        auto const all = signer_.keys();
        auto const fewest = minimal_signatures(sample, all, {}, accounts);
        if (!fewest)
            throw program::usage_error("the keys that there are do not let " + from_.name +
                                       " pay: " + fewest.error().message());
        signing_.assign(fewest->begin(), fewest->end());
    }

    broadcast_nodes nodes() const
    {
        std::vector<client*> all;
        for (auto const& c : clients_)
            all.push_back(c.get());
        return broadcast_nodes(all);
    }

    broadcast_options following() const
    {
        return broadcast_options().irreversible(true).prove_refusal(true).chain_id(chain_);
    }

    // What ends on Ctrl-C.
    auto when_followed(withdrawal const& w)
    {
        return asio::bind_cancellation_slot(signals_[w.key].slot(),
                                            [this, &w](error_code ec, reply<tx_outcome> answer) {
                                                signals_.erase(w.key);
                                                followed(w, ec, std::move(answer));
                                            });
    }

    void start_next()
    {
        if (next_ == queue_.size() || ctrl_c_.requested())
        {
            if (under_way_ == 0)
                close(); // connections would wait for ever
            return;
        }
        withdrawal const& w = queue_[next_++];
        ++under_way_;
        auto const* const entry = journal_.find(w.key);
        if (entry == nullptr)
            return build(w);
        if (entry->state == tx_state::expired)
            return entry->attempts < 3 ? build(w) : end(w, outcome_of(*entry));
        if (entry->state == tx_state::refused || entry->state == tx_state::irreversible)
            return end(w, outcome_of(*entry));
        async_resume(nodes(), journal_, w.key, following(), when_followed(w));
    }

    static tx_outcome outcome_of(tx_journal::entry const& entry)
    {
        tx_outcome o;
        o.state = entry.state;
        o.id = entry.id;
        o.block_num = entry.block_num;
        o.trx_num = entry.trx_num;
        o.refusal = entry.refusal;
        return o;
    }

    void build(withdrawal const& w, std::size_t failed = 0)
    {
        client& node = *clients_[context_from_ % clients_.size()];
        async_tx_context(node, [this, &w, failed](error_code ec, reply<tx_context> context) {
            if ((ec || !context) && failed + 1 < clients_.size() && !ctrl_c_.requested())
            {
                ++context_from_;
                return build(w, failed + 1);
            }
            if (ec || !context)
                return trouble(w, ec ? ec.message() + ": " + context.error().message() : context.error().message());
            transfer op;
            op.from = from_.id;
            op.to = w.to.id;
            op.amount = w.amount;
            tx_builder builder(context->network);
            if (!w.memo.empty())
            {
                private_key const* const key = keys_.find(from_.options.memo_key);
                if (key == nullptr)
                    return trouble(w, "the memo key of " + from_.name + " is not among the keys");
                op.memo = builder.memo(*key, w.to.options.memo_key, w.memo);
            }
            builder.add(op);
            // Two withdrawals of the same amount to the same account are two transactions: their ids have to differ.
            for (std::uint32_t more = 0;; ++more)
            {
                builder.expires_in(std::chrono::seconds(a_.expires_in + more));
                auto const tx = builder.try_prepare(*context);
                if (!tx)
                    return trouble(w, tx.error().message());
                if (tx->body().operations[0].fee().amount > max_fee_) // one node says what fees are
                    return trouble(w, "the fee is " + format_amount(tx->body().operations[0].fee().amount, 5) +
                                          " of the core asset, more than --max-fee");
                if (!ids_.insert(tx->id()).second)
                    continue;
                auto const signed_tx = tx->sign(signer_, signing_);
                if (!signed_tx)
                    return trouble(w, signed_tx.error().message());
                if (ctrl_c_.requested())
                    return trouble(w, "interrupted");
                return async_broadcast(nodes(), journal_, w.key, *signed_tx, following(), when_followed(w));
            }
        });
    }

    void followed(withdrawal const& w, error_code ec, reply<tx_outcome> answer)
    {
        auto const* const entry = journal_.find(w.key);
        if (ec == errc::transaction_expired && entry != nullptr && entry->attempts < 3 && !ctrl_c_.requested())
            return build(w); // nothing of it can be in the chain any more
        if (ec && ec != errc::transaction_expired)
            return trouble(w, ec.message() + (answer ? "" : ": " + answer.error().message()));
        if (answer)
            return end(w, *answer);
        end(w, entry != nullptr ? outcome_of(*entry) : tx_outcome());
    }

    void end(withdrawal const& w, tx_outcome const& o)
    {
        std::string line = "{\"key\":" + json_quote(w.key) + ",\"state\":\"" + std::string(name_of(o.state)) +
                           "\",\"id\":\"" + to_hex(o.id.data) + '"';
        if (o.state == tx_state::irreversible)
            line += ",\"block_num\":" + std::to_string(o.block_num) + ",\"trx_num\":" + std::to_string(o.trx_num);
        if (o.refusal)
            line += ",\"refusal\":{\"code\":" + std::to_string(o.refusal->code()) +
                    ",\"message\":" + program::printable_json(json_quote(o.refusal->message())) + '}';
        std::cout << line << "}\n" << std::flush;
        if (o.state == tx_state::refused)
            exit_ = exit_ == exit_code::ok ? exit_code::bad_data : exit_;
        else if (o.state != tx_state::irreversible)
            exit_ = exit_code::incomplete;
        --under_way_;
        asio::post(io_, [this] { start_next(); }); // not deeper and deeper
    }

    // Its outcome is not known yet; the journal knows how far it is.
    void trouble(withdrawal const& w, std::string const& why)
    {
        exit_ = exit_code::incomplete;
        --under_way_;
        if (ctrl_c_.requested())
        {
            if (under_way_ == 0)
                close();
            return;
        }
        std::cerr << "bts-withdrawals: " << program::printable(program::shortened(w.key + ": " + why)) << '\n';
        asio::post(io_, [this] { start_next(); });
    }

    arguments const& a_;
    program::interrupt ctrl_c_;
    program::connection node_;
    keyring keys_;
    tx_journal journal_;
    chain_id_type chain_;
    account_object from_;
    keyring_signer signer_{keys_};
    std::vector<public_key> signing_;
    std::vector<withdrawal> queue_;
    std::set<transaction_id> ids_;
    asio::io_context io_;
    std::vector<std::unique_ptr<client>> clients_;
    std::map<std::string, asio::cancellation_signal> signals_; // of what is followed, by its key
    std::int64_t max_fee_ = 0;                                 // smallest unit of the core asset
    std::size_t next_ = 0;
    std::size_t under_way_ = 0;
    std::size_t context_from_ = 0;
    int exit_ = exit_code::ok;
};

int fail(int exit, std::string const& message)
{
    std::cerr << "bts-withdrawals: " << program::printable(program::shortened(message)) << '\n';
    return exit;
}

} // namespace

int main(int argc, char** argv)
{
    std::signal(SIGPIPE, SIG_IGN);
    arguments a;
    CLI::App app("Pays a queue of withdrawals, each exactly once, and follows each until it is irreversible.",
                 "bts-withdrawals");
    app.formatter(std::make_shared<program::help_formatter>());
    app.set_version_flag("--version", std::string("bts-withdrawals ") + bitshares::version);
    program::add_online_options(app, a.online);
    program::add_key_options(app, a.keys);
    app.add_option("--from", a.from, "Who pays: name, or id as 1.2.3")->required()->type_name("NAME");
    app.add_option("--queue", a.queue, "What is to be paid, a line of JSON each")->required()->type_name("FILE");
    app.add_option(
           "--journal", a.journal,
           "Remembers what was sent; it has to be there, and is to be kept as long as the keys of withdrawals are "
           "in use")
        ->required()
        ->type_name("FILE")
        ->check(program::check_not_empty);
    app.add_flag("--new-journal", a.new_journal,
                 "This is the very first run: begin the journal. Refused where it holds withdrawals already; needs "
                 "--chain-id");
    app.add_option("--expires-in", a.expires_in,
                   "Seconds of the chain's time until a transaction can no longer be included")
        ->type_name("N")
        ->check(CLI::Range(10, 3600))
        ->capture_default_str();
    app.add_option("--max-fee", a.max_fee, "Of the core asset: a withdrawal whose fee is higher is not sent")
        ->type_name("AMOUNT")
        ->capture_default_str();
    app.add_option("--at-once", a.at_once, "Withdrawals under way at the same time")
        ->type_name("N")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    app.footer(R"(
A line of the queue; the memo may be empty:
  {"key":"w-17","to":"bob","amount":"12.5","symbol":"BTS","memo":"thank you"}
The key names the withdrawal for ever: the same key is never paid twice, in this run or any later one with this journal,
also after kill -9 or loss of power. A key with another payment than before is refused. Lines may be appended, and all
be given again; what is done is only told again.

A line on standard output for each, when it is at its end:
  {"key":"w-17","state":"irreversible","id":"...","block_num":...,"trx_num":...}
  {"key":"w-18","state":"refused","id":"...","refusal":{"code":...,"message":"..."}}   proven to be in no block
  {"key":"w-19","state":"expired","id":"..."}   three transactions expired, each proven to be in no block
What has no line was not brought to its end: run it again.

Without the journal nobody knows what was paid: a run that does not find it pays nothing. The first one begins it, on the
chain that --chain-id names; all later ones pay on that chain only.

Examples:
  bts-withdrawals --from my-shop --queue queue.jsonl --journal payouts.journal --keyring hot.keys --node wss://node.example.org/ws
  ... the same with --new-journal --chain-id mainnet, once: the first run

Exit codes: 0 all are irreversible; 1 one was refused, or the queue is not what it should be (nothing was paid then);
2 usage; 3 no node could be used; 4 one is not at its end yet, or could not be paid; 5 interrupted.
)");
    try
    {
        app.parse(argc, argv);
        return job(a).run();
    }
    catch (CLI::ParseError const& e)
    {
        return app.exit(e) == 0 ? exit_code::ok : exit_code::usage;
    }
    catch (program::usage_error const& e)
    {
        return fail(exit_code::usage, e.what());
    }
    catch (program::interrupted const&)
    {
        return fail(exit_code::interrupted, "interrupted; run it again to bring the rest to its end");
    }
    catch (node_refused const& e)
    {
        return fail(exit_code::network, std::string("the node refuses: ") + e.what());
    }
    catch (exception const& e)
    {
        bool const file = e.code() == errc::file_error || e.code() == errc::journal_in_use;
        bool const bad = e.code() == errc::journal_damaged || e.code() == errc::unknown_format;
        return fail(file ? exit_code::incomplete : bad ? exit_code::bad_data : exit_code::network, e.what());
    }
    catch (std::exception const& e)
    {
        return fail(exit_code::bad_data, e.what());
    }
}
