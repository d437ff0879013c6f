// bts-deposits: what an exchange or shop runs to credit what comes in, each transfer once, whatever dies in between.

#include "credits_file.hpp"

#include <bitshares/base/utf8.hpp>
#include <bitshares/crypto/memo.hpp>
#include <bitshares/history/node_history.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/rpc/api/database.hpp>
#include <bitshares/version.hpp>
#include <common/exit_code.hpp>
#include <common/help.hpp>
#include <common/keys.hpp>
#include <common/online.hpp>
#include <common/output_file.hpp>
#include <common/terminal_text.hpp>

#include <CLI/CLI.hpp>

#include <csignal>
#include <iostream>
#include <map>
#include <thread>

namespace {

using namespace bitshares;

struct arguments
{
    program::online_options online;
    program::key_options keys;
    std::string account;
    std::string credits;
    unsigned interval = 3;
    bool follow = false;
    bool quiet = false;
};

class job
{
public:
    explicit job(arguments const& a)
        : a_(a), node_(a.online, ctrl_c_), keys_(program::load_keys(a.keys)), file_(a.credits)
    {
        node_.learn_chain();
        auto const found = node_.ask(database::get_accounts({a.account}, false)).value();
        if (found.size() != 1 || !found[0])
            throw std::runtime_error("the node knows no account " + a.account);
        account_ = found[0]->id;
        statistics_ = found[0]->statistics;
    }

    int run()
    {
        if (!a_.quiet)
            std::cerr << "bts-deposits: " << file_.credits() << " credits so far"
                      << (file_.cursor() ? ", up to " + deposits::to_string(*file_.cursor()) : std::string()) << '\n';
        for (;;)
        {
            try
            {
                read();
            }
            catch (program::interrupted const&)
            {
                if (!a_.follow)
                    throw;
                return exit_code::ok; // what was credited is in the file
            }
            catch (exception const& e)
            {
                // A node that restarts, a proxy before it that says so, a reply cut short: all of that passes by.
                if (!a_.follow || e.code() == errc::wrong_chain || e.code() == errc::history_incomplete)
                    throw;
                tell(e.what());
            }
            catch (node_refused const& e)
            {
                if (!a_.follow)
                    throw;
                tell(std::string("the node refuses: ") + e.what());
            }
            if (!a_.follow)
                return exit_code::ok;
            for (unsigned i = 0; i < a_.interval * 10 && !ctrl_c_.requested(); ++i)
                std::this_thread::sleep_for(std::chrono::milliseconds(100));
            if (ctrl_c_.requested())
                return exit_code::ok;
        }
    }

private:
    static void tell(std::string const& what)
    {
        std::cerr << "bts-deposits: " << program::printable(program::shortened(what)) << "; it is tried again\n";
    }

    // Everything behind the cursor that can no longer be undone.
    void read()
    {
        std::uint32_t const irreversible =
            node_.ask(database::get_dynamic_global_properties()).value().last_irreversible_block_num;
        history_options options;
        if (file_.cursor())
            options.from = cursor_time();
        std::vector<history_record> page;
        auto const begin = file_.cursor();
        bool joined =
            !begin; // what was dealt with last has to be seen again: otherwise something is missing in between
        node_.lend([&](blocking_client& client) {
            node_history history(client, account_, statistics_, options);
            bool undoable = false;
            while (!undoable && history.next(page))
            {
                if (!begin && history.count().removed != 0)
                    throw forgotten();
                for (history_record const& record : page)
                {
                    if ((undoable = record.block_num > irreversible))
                        break;
                    deposits::position const at = position_of(record);
                    joined = joined || at == *begin;
                    if (!joined && at > *begin)
                        throw forgotten();
                    take(record, at);
                }
                file_.commit();
                if (ctrl_c_.requested())
                    throw program::interrupted();
            }
        });
        if (!joined)
            throw forgotten();
        file_.commit();
    }

    static deposits::position position_of(history_record const& record)
    {
        return {record.block_num, record.trx_in_block, record.op_in_trx, record.virtual_op};
    }

    static exception forgotten()
    {
        return exception(error(errc::history_incomplete,
                               "the node has forgotten operations that were not dealt with; name another --node"));
    }

    void take(history_record const& record, deposits::position const& at)
    {
        if (file_.cursor() && at <= *file_.cursor())
            return;
        time_ = {at.block, record.block_time};
        auto const* const op = record.op.get_if<transfer>();
        if (op == nullptr || op->to != account_ || op->from == account_)
            return file_.pass(at);
        file_.add(at, credit(record, *op));
        if (!a_.quiet)
            std::cerr << "credited " << deposits::to_string(at) << '\n';
    }

    std::string credit(history_record const& record, transfer const& op)
    {
        asset_label const& of = label(op.amount.asset_id);
        std::string out = "{\"block\":" + std::to_string(record.block_num) + ",\"time\":\"" +
                          record.block_time.to_string() + "Z\",\"operation_id\":\"" + record.id.to_string() +
                          "\",\"from\":" + program::printable_json(json_quote(name(op.from))) + ",\"from_id\":\"" +
                          op.from.to_string() + "\",\"amount\":\"" + format_amount(op.amount.amount, of.precision) +
                          "\",\"symbol\":" + json_quote(of.symbol) + ",\"units\":\"" +
                          std::to_string(op.amount.amount) + "\",\"asset_id\":\"" + op.amount.asset_id.to_string() +
                          '"';
        if (!op.memo)
            return out + ",\"memo\":null}";
        private_key const* const key = keys_.find(op.memo->to);
        auto const text = is_clear(*op.memo) ? read_clear_memo(*op.memo)
                          : key != nullptr   ? decrypt_memo(*op.memo, *key)
                                             : result<std::string>(errc::wrong_memo_key);
        if (text && valid_utf8(*text) == *text)
            return out + ",\"memo\":" + program::printable_json(json_quote(*text)) + '}';
        // The money is there all the same: whoever reads the file has to look into it.
        return out + ",\"memo\":null,\"memo_error\":\"" +
               (text ? "invalid_utf8" : bitshares::name(static_cast<errc>(text.error().code().value()))) + "\"}";
    }

    struct asset_label
    {
        std::string symbol;
        unsigned precision = 0;
    };

    asset_label const& label(asset_id id)
    {
        auto const known = assets_.find(id);
        if (known != assets_.end())
            return known->second;
        auto const found = node_.ask(database::get_assets({id.to_string()}, false)).value();
        if (found.size() != 1 || !found[0])
            throw exception(error(errc::invalid_reply, "the node knows no asset " + id.to_string()));
        return assets_[id] = {found[0]->symbol, found[0]->precision};
    }

    std::string const& name(account_id id)
    {
        if (names_.size() > 10'000)
            names_.clear();
        std::string& known = names_[id];
        if (known.empty())
        {
            auto const found = node_.ask(database::get_accounts({id.to_string()}, false)).value();
            known = found.size() == 1 && found[0] ? found[0]->name : id.to_string();
        }
        return known;
    }

    // Of the cursor's block: nodes find a place in a history by time.
    time_point_sec cursor_time()
    {
        std::uint32_t const block = file_.cursor()->block;
        if (time_.first != block)
        {
            auto const header = node_.ask(database::get_block_header(block)).value();
            if (!header)
                throw exception(
                    error(errc::invalid_reply, "the node has no block " + std::to_string(block) +
                                                   ", behind which credits go on: is it of another chain?"));
            time_ = {block, header->timestamp};
        }
        return time_.second;
    }

    arguments const& a_;
    program::interrupt ctrl_c_;
    program::connection node_;
    keyring keys_;
    deposits::credits_file file_;
    account_id account_;
    account_statistics_id statistics_;
    std::map<asset_id, asset_label> assets_;
    std::map<account_id, std::string> names_;
    std::pair<std::uint32_t, time_point_sec> time_{};
};

int fail(int exit, std::string const& message)
{
    std::cerr << "bts-deposits: " << program::printable(program::shortened(message)) << '\n';
    return exit;
}

} // namespace

int main(int argc, char** argv)
{
    std::signal(SIGPIPE, SIG_IGN);
    arguments a;
    CLI::App app("Writes every irreversible transfer to an account into a file, each exactly once.", "bts-deposits");
    app.formatter(std::make_shared<program::help_formatter>());
    app.set_version_flag("--version", std::string("bts-deposits ") + bitshares::version);
    program::add_online_options(app, a.online);
    program::add_key_options(app, a.keys);
    app.add_option("--account", a.account, "Whose deposits: name, or id as 1.2.3")->required()->type_name("NAME");
    app.add_option("--credits", a.credits,
                   "The file; what it has is not written again, and it is where the next run goes on")
        ->required()
        ->type_name("FILE")
        ->check(program::check_not_empty);
    app.add_flag("--follow", a.follow, "Go on as blocks come, until Ctrl-C; what a node cannot answer is asked again");
    app.add_option("--interval", a.interval, "Seconds between two looks with --follow")
        ->type_name("N")
        ->check(CLI::Range(1, 3600))
        ->capture_default_str();
    app.add_flag("--quiet", a.quiet, "Nothing but errors on standard error");
    app.footer(R"(
A line of JSON each, in the chain's order:
  {"credit":"BLOCK.TRANSACTION.OPERATION.VIRTUAL","block":...,"time":"...Z","operation_id":"1.11.x","from":"alice",
   "from_id":"1.2.17","amount":"12.50000","symbol":"BTS","units":"1250000","asset_id":"1.3.0","memo":"invoice 17"}
"credit" names the transfer for ever and with every node: what books credits uses it as its key. The memo is decrypted
where its key is in --keyring or --key-file; otherwise "memo" is null and "memo_error" says why. Only blocks that cannot
be undone any more count. Lines {"cursor":"..."} say how far operations were read that are no deposits.

The file is written to the disk before anything else is read; after a crash, kill -9 or loss of power the next run goes on
behind its last whole line. Transfers that a proposal made count, too; amounts that come in by trades or claims do not.

Examples:
  bts-deposits --account my-shop --credits credits.jsonl --keyring memo.keys --node wss://node.example.org/ws --follow

Exit codes: 0 ok, or Ctrl-C with --follow; 1 no such account, or the file is something else; 2 usage; 3 no node could be
used; 4 the history is not complete, or the file could not be written; 5 interrupted.
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
    catch (program::interrupted const& e)
    {
        return fail(exit_code::interrupted, e.what());
    }
    catch (program::file_failure const& e)
    {
        return fail(exit_code::incomplete, e.what());
    }
    catch (node_refused const& e)
    {
        return fail(exit_code::network, std::string("the node refuses: ") + e.what());
    }
    catch (exception const& e)
    {
        return fail(e.code() == errc::history_incomplete ? exit_code::incomplete : exit_code::network, e.what());
    }
    catch (std::exception const& e)
    {
        return fail(exit_code::bad_data, e.what());
    }
}
