#include "export_job.hpp"

#include <bitshares/base/utf8.hpp>
#include <bitshares/history/ledger_formats.hpp>
#include <bitshares/net/http_client.hpp>
#include <bitshares/net/websocket.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/version.hpp>
#include <common/exit_code.hpp>
#include <common/help.hpp>
#include <common/output_file.hpp>
#include <common/terminal_text.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <iostream>

namespace {

using namespace bitshares;

struct arguments
{
    program::online_options online;
    std::vector<std::string> accounts;
    std::vector<std::string> sources;
    std::string out;
    std::string format = "native";
    std::string order = "oldest";
    std::string from, to, at;
    std::vector<std::string> types;
    std::optional<std::uint32_t> from_block, to_block;
    std::vector<std::string> assets;
    std::vector<std::string> counterparties;
    std::uint32_t in_flight = 8;
    bool transaction_ids = false;
    bool events = false;
    bool balances = false;
    bool json = false;
    bool quiet = false;
    bool allow_uncertain = false;
    bool allow_gaps = false;
    bool daily_fills = false;
    bool since_checkpoint = false;
    unsigned checkpoint_every = 5; // seconds
};

constexpr char const* help_end = R"(
The whole history is read, each operation once and none missing, and a file that is already there is replaced when the
new one is whole. What can be written:

"native", the ledger: a line for each amount that moved, out of or into a bucket (the balance, an order ...). An
operation gives several: an order that is filled gives a trade, its market fee, its deferred fee. The amounts of a
bucket and asset, added up, are what is in it. At the end the balances are compared with those that the node tells: they
agree to the last unit, or there is no file, exit code 4, and the first operation from which the difference can come.
What waits for the node's next block is in the balances that it tells, too, so a difference has to be there at three
head blocks.
  time            UTC
  block           number of the block; with the next three columns empty for what has no operation (a ticket is free)
  operation_id    1.11.x, as this node counts
  sequence        the operation's number in the account's history, 1 for its first
  type            such as transfer; unknown_N for one newer than this program
  virtual         true: the chain did it (an order was filled, something expired), no transaction holds it
  row             lines of one movement have the same number
  kind            deposit, withdrawal (other accounts); trade; fee; income (pay, claims, lenders' fees); lock, unlock
                  (between the balance and something of one's own; such lines add up to 0); other (loans, splits)
  what            the same in more words
  bucket, object  where: liquid is the balance; order, order_fee (comes back where nobody fills the order), collateral,
                  debt (negative), settlement, bid, htlc, vesting, ticket, samet_fund, credit_offer, credit_lent,
                  credit_collateral, credit_debt (negative); of collateral, debt and bid the object is the debt's asset
  amount, asset   what was added; negative: taken away
  balance         what is there afterwards
  counterparties  the other accounts, separated by blanks
  memo            "encrypted", or the text where it is in clear
  transaction_id  with --txid; empty for virtual operations
What the chain puts into vesting balances has no operation: it is income when it is withdrawn, and no bucket before. Of
an asset's fees, market fees are lines, those inside the amounts of pools and instant settlements are not.

--balances, a statement: a line for each asset, with the time, the asset, a column for each bucket, their sum, under
"node" the balance that the node tells, and under "vesting_node" what it says is in vesting balances, with what the
chain put there itself: nothing is compared with that, it is in no sum, and it is empty where the node does not tell it.
--at TIME: as it was then; these two columns are empty.

--events, each operation as a row (and --format jsonl, as a JSON object):
  time            UTC
  block           number of the block
  operation_id    1.11.x, as this node counts
  sequence        the operation's number in the account's history, 1 for its first
  type            such as transfer; unknown_N for one newer than this program
  virtual         true: the chain did it (an order was filled, something expired), no transaction holds it
  role            in which members of the operation the account stands, such as "from" or "seller"
  sent_*          what the account gave; several amounts as "1.00000 + 2.50" with assets "BTS + USD"
  received_*      what the account got, before fees
  fee_*           what this account paid as a fee; empty if nothing
  counterparties  the other accounts, separated by blanks
  memo            "encrypted", or the text where it is in clear
  result          what came of it: the new object's id, amounts of an exchange ...
  details         the whole operation as JSON where its type is unknown
  transaction_id  with --txid; empty for virtual operations, and in a block with an operation newer than this program,
                  whose Merkle root proves nothing
A cell that a spreadsheet would take for a formula begins with an apostrophe.

--format cointracking, koinly, cointracker, ccgains: what programs for taxes read. They know a wallet and no orders:
what is locked somewhere is still in it, what is borrowed came in, a fill is a trade, a fee is in its line or, where the
format has no room for it there, a line of its own. Amounts of more than two assets at once (a pool's shares) are a line
each. --daily-fills adds up the fills of a day and market. Times are UTC.

--format beancount, ledger: journals of double entries. Each bucket is an account, each row an entry that sums up to
zero; at the end the balances are asserted, and with --from what was there before is the first entry. bean-check FILE
and ledger -f FILE --pedantic bal prove it.

--type, --asset, --counterparty, --from-block and --to-block choose, together, which operations are written. All are
read all the same, so that none is missing; the report says what was chosen. A filled order does not name who filled it.

--source: where the operations come from, in place of the node, which still tells names, precisions and balances:
  ws://HOST, wss://HOST               a node (where no --node is named, this one tells the rest, too)
  es+http://[USER:PASSWORD@]HOST:9200/PATH?index=NAMES, es+https://...
                                      Elasticsearch or OpenSearch with what the plugin "elasticsearch" of a node wrote;
                                      of a cluster, further servers behind commas; NAMES: bitshares-* if left out
  wrapper+http://HOST/PATH, ...       a history wrapper before it, of any of the three families
  file:FILE                           an earlier export with --events --format jsonl, or documents of the plugin, one a
                                      line (as _bulk, hits or bare), oldest first
Of several, each fills the gaps of the ones before and goes on where they end or fail; a sample of what was written is
compared with the one that gave the least, and of one alone with the node; the report says what came from where. The
node counts how many operations there are to be: Elasticsearch is a few seconds behind it, so let the node be the last
source.

Of a range with --events, the operations just before --from and behind --to prove that none is missing at its ends: the
node tells them, or where it keeps no history of that time, a source. Where nobody does, that is a gap.

Beside FILE stands FILE.report.json: from where and of which bounds the operations are, how many, that none is missing
(or the gaps, with their neighbours), whether the balances agree, the file's SHA-256 and, where there is a further
--node or a --source, that they say the same of a sample. A run that is killed, interrupted or loses its nodes leaves
FILE.partial and FILE.checkpoint; the same command goes on behind them, and the file is the same as without the break.

Examples:
  bts-export --node wss://node.example.org/ws --account alice --out alice.csv
  bts-export --node ws://127.0.0.1:8090 --account alice --out 2025.csv --from 2025-01-01 --to 2026-01-01
  bts-export --node ws://127.0.0.1:8090 --account alice --out 2025-end.csv --at 2025-12-31T23:59:59
  bts-export --node ws://127.0.0.1:8090 --account alice --out alice.jsonl --format jsonl --type transfer
  bts-export --node ws://127.0.0.1:8090 --account alice --out bob.csv --events --counterparty bob --asset USD
  bts-export --node ws://127.0.0.1:8090 --account alice --out alice.csv --format koinly --daily-fills --from 2025-01-01
  bts-export --node ws://127.0.0.1:8090 --account alice --account bob --out "{account}.beancount" --format beancount
  bts-export --node ws://127.0.0.1:8090 --account alice --out alice.csv --since-checkpoint      (again every month)
  bts-export --source es+https://me:word@es.example:9200 --source wss://node.example.org --account alice --out a.csv
  bts-export --source file:alice.jsonl --source ws://127.0.0.1:8090 --account alice --out alice.csv --format koinly

Exit codes: 0 ok; 1 no such account, or a block that does not hash to its own Merkle root; 2 usage; 3 no node could be
used; 4 operations or an asset are missing, the balances do not add up, or the file could not be written; 5 interrupted.
But for 0, no file appears (with --allow-uncertain and --allow-gaps it may, with 4) and a file that was there stays as
it was. Of several accounts, each is tried, and the code is that of the first that failed.
)";

/// `2025-01-31`, `2025-01-31T10:20:30`, also with a blank for the T, and a Z at the end.
result<time_point_sec> read_time(std::string text)
{
    if (text.ends_with('Z'))
        text.pop_back();
    if (text.size() > 10 && text[10] == ' ')
        text[10] = 'T';
    if (text.size() == 10)
        text += "T00:00:00";
    return time_point_sec::from_string(text);
}

using program::usage_error;

time_point_sec read_time(char const* option, std::string const& text)
{
    auto const time = read_time(text);
    if (!time)
        throw usage_error(std::string(option) + ": \"" + text +
                          "\" is no time; write 2025-01-31 or 2025-01-31T10:20:30 (UTC)");
    return *time;
}

exporter::settings read_settings(arguments const& a)
{
    exporter::settings s;
    std::vector<std::string> nodes = a.online.nodes;
    for (std::string const& text : a.sources)
    {
        auto url = source_url::from_string(text);
        if (!url)
            throw usage_error("--source: " + url.error().message());
        for (source_url const& other : s.sources)
            if (other.to_string() == url->to_string())
                throw usage_error("--source " + url->to_string() + " stands twice");
        s.sources.push_back(std::move(*url));
    }
    if (nodes.empty()) // a node among the sources tells the rest, too
        for (source_url const& source : s.sources)
            if (source.node())
                nodes.push_back(source.node()->to_string());
    if (nodes.empty() && !s.sources.empty())
        throw usage_error("--source tells the operations; names, precisions and balances only a node does: "
                          "give --node URL, or set BTS_NODE");
    s.nodes = program::read_nodes(nodes);
    if (a.order != "oldest" && s.sources.size() > 1)
        throw usage_error("--order newest: several sources are read oldest first");
    if (a.order != "oldest" && !s.sources.empty() &&
        (s.sources[0].kind() == source_url::kind_type::wrapper || s.sources[0].kind() == source_url::kind_type::file))
        throw usage_error("--order newest: a wrapper or a file is read oldest first");
    bool const statement = a.balances || !a.at.empty();
    s.format = exporter::find_row_format(a.events && a.format == ledger_formats[0].name ? "events" : a.format).value();
    bool const ledger = !std::holds_alternative<export_format const*>(s.format);
    bool const lines = std::holds_alternative<basic_export_format<ledger_source> const*>(s.format);
    bool const tracker = std::holds_alternative<tracker_format const*>(s.format);
    if (a.events && ledger)
        throw usage_error("--events: --format " + a.format + " is about the ledger");
    if (statement && !lines && a.format != "jsonl" && a.format != "events")
        throw usage_error("--balances and --at are written as native or jsonl");
    if (statement && (a.events || a.format == "events"))
        throw usage_error("--balances and --at are about the ledger; they do not go with events");
    using content = exporter::settings::content;
    s.what = statement ? content::statement : ledger ? content::ledger : content::events;
    s.json_lines = a.format == "jsonl";
    if (!a.at.empty())
        s.at = read_time("--at", a.at);
    bool const chosen =
        !a.types.empty() || a.from_block || a.to_block || !a.assets.empty() || !a.counterparties.empty();
    if (statement && (!a.from.empty() || !a.to.empty() || chosen || a.transaction_ids))
        throw usage_error(
            "--from, --to, --type, --asset, --counterparty, --from-block, --to-block and --txid choose rows, "
            "and a statement has none; --at gives it a time");
    if (s.what != content::events && a.order != "oldest")
        throw usage_error("--order newest needs --events or --format jsonl: a ledger begins with the first operation");
    if (a.daily_fills && (!tracker || statement))
        throw usage_error(
            "--daily-fills is for cointracking, koinly, cointracker and ccgains: other formats keep each fill");
    s.daily_fills = a.daily_fills;
    if (a.since_checkpoint && (statement || a.daily_fills || !a.to.empty() || a.order != "oldest"))
        throw usage_error("--since-checkpoint goes on at the end of the file: not with --balances, --at, --to, "
                          "--daily-fills or --order newest");
    s.since_checkpoint = a.since_checkpoint;
    if (a.allow_gaps && statement)
        throw usage_error("--allow-gaps: of a history with gaps, balances are not known");
    s.allow_gaps = a.allow_gaps;
    s.checkpoint_every = std::chrono::seconds(a.checkpoint_every);
    s.transaction_ids = a.transaction_ids;
    s.allow_uncertain = a.allow_uncertain;
    s.deadline = std::chrono::seconds(a.online.timeout);
    if (!a.online.chain_id.empty())
        s.chain_id = program::read_chain_id(a.online.chain_id);
    s.history.order = a.order == "newest" ? history_order::newest_first : history_order::oldest_first;
    s.history.requests_in_flight = a.in_flight;
    if (!a.from.empty())
        s.history.from = read_time("--from", a.from);
    if (!a.to.empty())
        s.history.to = read_time("--to", a.to);
    if (s.history.from && s.history.to && *s.history.from >= *s.history.to)
        throw usage_error("--from is not before --to: there is no time between them");
    for (std::string const& name : a.types)
    {
        auto const tag = operation_tag(name);
        if (!tag)
            throw usage_error("--type: there is no operation \"" + name +
                              "\"; names are as in the column type, such as transfer");
        s.only.types.push_back(*tag);
    }
    if (a.from_block && a.to_block && *a.from_block > *a.to_block)
        throw usage_error("--from-block is behind --to-block: there is no block between them");
    s.only.first_block = a.from_block;
    s.only.last_block = a.to_block;
    s.assets = a.assets;
    s.counterparties = a.counterparties;
    return s;
}

struct outcome
{
    int exit = exit_code::ok;
    std::string code;    // errc's name or another word; empty: the summary has said it
    std::string message; // for a person
    std::string advice;
};

/// Also what to do next.
outcome explain(exporter::settings const& s, error const& e)
{
    if (e.code() == errc::history_incomplete)
        return {exit_code::incomplete, name(errc::history_incomplete), e.message(),
                s.sources.empty()
                    ? "This node does not have the whole history; try another --node, or name a --source that has the "
                      "rest."
                    : "Name a further --source that has the rest, such as a node: it fills the gaps."};
    if (e.code() == errc::tie_too_large)
        return {exit_code::incomplete, name(errc::tie_too_large), e.message(),
                "The wrapper cannot tell them apart; name a node or es+http:// as a further --source."};
    if (e.code() == errc::invalid_recording || (e.code() == errc::file_error && !s.sources.empty()))
        return {exit_code::bad_data, name(static_cast<errc>(e.code().value())), e.message(),
                "Of --source file: an export of this account with --events --format jsonl is read, or documents of the "
                "plugin elasticsearch, one a line."};
    if (e.code() == errc::login_refused)
        return {exit_code::network, name(errc::login_refused), e.message(),
                "Name user and password in the URL: es+https://user:password@host:9200 (the right to read is enough)."};
    if (e.code() == errc::partial_reply)
        return {exit_code::network, name(errc::partial_reply), e.message(),
                "A part of the cluster does not answer, or not in time, however often it is asked: look at its health "
                "(GET /_cluster/health), or name a further --source that has the rest, such as a node."};
    if (e.code() == errc::message_too_large && !s.sources.empty())
        return {exit_code::network, name(errc::message_too_large), e.message(),
                "The source answers with more than was asked for; name another --source."};
    if (e.code() == errc::amount_overflow)
        return {exit_code::incomplete, name(errc::amount_overflow), e.message(),
                "No chain has such amounts: the node's history is not to be trusted; try another --node."};
    if (e.code() == errc::account_not_found)
        return {exit_code::bad_data, name(errc::account_not_found), e.message(),
                "Check the spelling of --account, and that --node is on the chain where it was made."};
    std::string const code =
        e.code().category() == client_category() ? name(static_cast<errc>(e.code().value())) : "system";
    if (e.code() == errc::wrong_chain)
        return {exit_code::network, code, e.message(),
                "Name nodes of one chain; without --chain-id it is that of the first one that answers."};
    if (e.code() == errc::certificate_rejected)
        return {exit_code::network, code, e.message(),
                "If the certificate is your own, name its authority by --ca-file."};
    return {exit_code::network, code, e.message(),
            s.nodes.size() == 1 ? "Check the URL, or name further nodes by --node." : "Check the URLs."};
}

std::string summary_json(exporter::summary const& r, exporter::partial_file const& out, double seconds)
{
    std::string parts;
    for (history_part const& part : r.parts)
        parts += (parts.empty() ? "{\"source\":" : ",{\"source\":") + json_quote(part.source) +
                 ",\"operations\":" + std::to_string(part.operations) +
                 ",\"error\":" + (part.error.empty() ? "null" : json_quote(part.error)) + "}";
    std::string line =
        "{\"file\":" + json_quote(out.path()) + ",\"bytes\":" + std::to_string(out.size()) +
        ",\"rows\":" + std::to_string(r.rows) + ",\"operations\":" + std::to_string(r.operations) +
        ",\"total_ops\":" + std::to_string(r.count.total) + ",\"removed_ops\":" + std::to_string(r.count.removed) +
        ",\"account_id\":\"" + r.account_id + "\",\"resumed\":" + (r.resumed ? "true" : "false") +
        ",\"complete\":" + (r.proof.complete() ? "true" : "false") + ",\"node\":" + json_quote(r.node) +
        ",\"chain_id\":\"" + r.chain_id + "\",\"sources\":[" + parts +
        "],\"fallback\":" + (r.fallback ? "true" : "false") + ",\"reconciled\":" + (r.reconciled ? "true" : "false") +
        ",\"difference\":" + (r.difference.empty() ? "null" : json_quote(r.difference)) + ",\"uncertainties\":[";
    for (exporter::uncertainty const& u : r.uncertainties)
    {
        auto const bound = [](std::string const& text) { return text.empty() ? "null" : '"' + text + '"'; };
        line += (line.ends_with('[') ? "{\"reason\":" : ",{\"reason\":") + json_quote(u.reason) +
                ",\"asset\":" + (u.symbol.empty() ? "null" : json_quote(u.symbol)) + ",\"lower\":" + bound(u.lower) +
                ",\"upper\":" + bound(u.upper) + ",\"count\":" + std::to_string(u.count) +
                ",\"first\":" + bound(u.first) + "}";
    }
    line += "],\"seconds\":";
    char text[32];
    std::snprintf(text, sizeof text, "%.3f", seconds);
    return line + text + "}\n";
}

std::string in_words(exporter::uncertainty const& u, bool reconciled)
{
    std::string const unit = u.symbol.empty() ? " of any asset" : ' ' + u.symbol;
    std::string const times = std::to_string(u.count) + (u.count == 1 ? " time" : " times");
    std::string const text =
        "not told by operations: " + u.reason + " (" + times + (u.first.empty() ? "" : ", first " + u.first) + "); ";
    bool const contradiction =
        u.lower == u.upper && !u.lower.empty() && u.lower.find_first_not_of("0.") == u.lower.npos;
    if (contradiction)
        return text + "what is in a bucket of" + unit + " may be wrong";
    return text + "together from " + (u.lower.empty() ? "any amount" : u.lower) + " to " +
           (u.upper.empty() ? "any amount" : u.upper) + unit +
           (reconciled ? ", and the balances agree with what was taken" : "");
}

// Where an account's file is to be.
std::string path_of(arguments const& a, std::string const& account)
{
    std::string path = a.out;
    for (std::size_t at = 0; (at = path.find("{account}", at)) != path.npos; at += account.size())
        path.replace(at, 9, account);
    return path;
}

void check_accounts(arguments const& a)
{
    for (auto i = a.accounts.begin(); i != a.accounts.end(); ++i)
    {
        if (std::find(a.accounts.begin(), i, *i) != i)
            throw usage_error("--account " + *i + " stands twice");
        if (a.out.find("{account}") != a.out.npos && i->find('/') != i->npos)
            throw usage_error("--account " + *i + " is no name of a file");
    }
    if (a.accounts.size() > 1 && a.out.find("{account}") == a.out.npos)
        throw usage_error("--out needs {account} in it where there are several: each has a file of its own");
}

void write_report(exporter::settings const& s, exporter::summary const& r, exporter::partial_file const& out,
                  std::uint64_t bytes, std::string const& hash)
{
    bool const events = s.what == exporter::settings::content::events;
    completeness_subject subject;
    subject.source = r.node;
    subject.chain_id = r.chain_id;
    subject.account = r.account_name;
    subject.account_id = r.account_id;
    subject.format = s.what == exporter::settings::content::statement ? "balances" : exporter::name_of(s.format);
    subject.file = out.name();
    subject.bytes = bytes;
    subject.rows = r.rows;
    subject.sha256 = hash;
    subject.from = s.history.from;
    subject.to = s.history.to;
    for (std::uint64_t type : s.only.types)
        subject.types.emplace_back(operation_traits(static_cast<std::uint8_t>(type)).name);
    subject.first_block = s.only.first_block;
    subject.last_block = s.only.last_block;
    for (asset_id const asset : s.only.assets)
        subject.assets.push_back(asset.to_string());
    for (account_id const other : s.only.counterparties)
        subject.counterparties.push_back(other.to_string());
    if (!events)
        subject.reconciled = r.reconciled;
    subject.difference = r.difference;
    subject.parts = r.parts;
    program::output_file report(out.beside(".report.json"));
    report.buffer() += r.proof.report(subject);
    report.commit();
}

// Keeps what there is behind the last checkpoint, for another run; what is said about it.
std::string kept(exporter::partial_file& out)
{
    out.keep();
    return out.has_checkpoint() ? " What is there so far is kept: the same command goes on behind it." : "";
}

outcome run(arguments const& a, exporter::settings& s, std::string const& path, source_means const& means,
            program::interrupt& ctrl_c)
{
    exporter::partial_file out(path);
    auto const start = std::chrono::steady_clock::now();

    outcome failed;
    // Which node it is about; an error of a source names that itself.
    auto const at = [&s](node_url const& url) { return s.sources.empty() ? url.to_string() + ": " : std::string(); };
    for (std::size_t n = 0; n < s.nodes.size(); ++n)
    {
        node_url const& url = s.nodes[n];
        exporter::progress shown(!a.quiet);
        try
        {
            exporter::summary r = exporter::export_from(url, means, s, out, shown, ctrl_c);
            // With whom else there is: the other source, the node that told the rest, or the next one.
            bool const of_node = s.sources.empty() || s.sources[0].to_string() == url.to_string();
            if (r.parts.size() > 1)
                exporter::compare_sources(means, s, r, ctrl_c);
            else if (!of_node)
                exporter::compare_with(url, means.transports, s, r, ctrl_c);
            else if (n + 1 < s.nodes.size())
                exporter::compare_with(s.nodes[n + 1], means.transports, s, r, ctrl_c);
            if (ctrl_c.requested())
                throw program::interrupted();
            if (r.proof.differs() && !s.allow_gaps)
            {
                shown.clear();
                return {exit_code::incomplete, "sources_differ", r.proof.first_problem(),
                        s.sources.empty() ? "One of the nodes is wrong; name another, or only the one that you trust."
                        : r.parts.size() == 1 ? "Is the source of this account, and of this chain? If so, one of them "
                                                "is wrong; name those that you trust."
                                              : "One of the sources is wrong; name only those that you trust."};
            }
            auto const& comparison = r.proof.comparison();
            if (r.anonymous && !(comparison && comparison->compared != 0) && !s.allow_gaps)
            {
                shown.clear();
                return {exit_code::incomplete, "account_unknown",
                        "nothing tells whose operations are in --source file: it has no report beside it, and no "
                        "other source has those of the sample" +
                            (comparison && !comparison->error.empty() ? ": " + comparison->error : std::string()),
                        "Put FILE.report.json beside the file, or name a --node that keeps histories."};
            }
            std::string const hash = out.sha256();
            out.commit(s.since_checkpoint);
            write_report(s, r, out, out.size(), hash);
            double const seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
            bool const tell = shown.shown();
            shown.clear();
            if (r.count.removed != 0)
                std::fprintf(stderr,
                             "bts-export: the node has forgotten the account's oldest %llu operations; the rows begin "
                             "behind them\n",
                             static_cast<unsigned long long>(r.count.removed));
            if (!a.json && !a.quiet && r.parts.size() > 1)
                for (history_part const& part : r.parts)
                    std::cerr << "bts-export: "
                              << program::printable(std::to_string(part.operations) + " operations from " +
                                                    part.source +
                                                    (part.error.empty() ? "" : ", which failed: " + part.error))
                              << '\n';
            if (!a.json && !a.quiet)
                for (exporter::uncertainty const& u : r.uncertainties)
                    std::cerr << "bts-export: " << program::printable(in_words(u, r.reconciled)) << '\n';
            if (tell && !a.json)
                std::fprintf(stderr, "%llu rows in %s (%.1f s)\n", static_cast<unsigned long long>(r.rows),
                             path.c_str(), seconds);
            if (a.json)
                std::cout << summary_json(r, out, seconds) << std::flush;
            if (!r.difference.empty())
                return {exit_code::incomplete, "", at(url) + r.difference,
                        "The file was written all the same, as --allow-uncertain says."};
            if (std::string const problem = r.proof.first_problem(); !problem.empty())
                return {exit_code::incomplete, "", at(url) + problem,
                        "The file was written all the same, as --allow-gaps says; its report has all gaps."};
            return {};
        }
        catch (program::interrupted const& e)
        {
            shown.clear();
            out.keep();
            return {exit_code::interrupted, "interrupted", e.what(),
                    out.has_checkpoint() ? "What is there so far is kept: the same command goes on behind it."
                                         : "No file was written."};
        }
        catch (exception const& e)
        {
            shown.clear();
            if (ctrl_c.requested())
            {
                out.keep();
                return {exit_code::interrupted, "interrupted", program::interrupted().what(),
                        out.has_checkpoint() ? "What is there so far is kept: the same command goes on behind it."
                                             : "No file was written."};
            }
            outcome why = explain(s, e.error());
            // Another node may have the whole of it.
            bool const elsewhere = s.sources.empty() && e.code() == errc::history_incomplete && n + 1 < s.nodes.size();
            if (why.exit != exit_code::network && !elsewhere)
            {
                // A further source, or the same one later, may have the rest.
                if (e.code() == errc::history_incomplete || e.code() == errc::tie_too_large)
                    why.advice += kept(out);
                return why;
            }
            if (failed.exit != exit_code::incomplete) // which says more than that the next one was not there
            {
                failed.exit = why.exit;
                failed.code = why.code;
                failed.advice = why.advice;
            }
            failed.message += (failed.message.empty() ? "" : "; ") + at(url) + program::shortened(why.message);
        }
        catch (exporter::failed_export const& e)
        {
            shown.clear();
            return {e.exit, e.code, at(url) + program::shortened(e.what()), e.advice};
        }
        catch (node_refused const& e)
        {
            shown.clear();
            failed = {exit_code::network, "refused",
                      failed.message + (failed.message.empty() ? "" : "; ") + url.to_string() +
                          " refuses: " + program::shortened(e.error().message()),
                      "Try another --node: this one does not offer the API."};
        }
    }
    failed.advice += kept(out);
    return failed;
}

// Threads, sockets, memory.
outcome system_refuses(std::exception const& e)
{
    return {exit_code::incomplete, "system", e.what(),
            "The system has no more of it to give; end other programs, or try a smaller --in-flight."};
}

// What is no fault of a node.
template <class Work>
outcome guarded(Work const& work)
{
    try
    {
        return work();
    }
    catch (usage_error const& e)
    {
        return {exit_code::usage, "usage", e.what(), "bts-export --help shows examples."};
    }
    catch (program::interrupted const& e)
    {
        return {exit_code::interrupted, "interrupted", e.what(), "No file was written."};
    }
    catch (program::file_failure const& e)
    {
        return {exit_code::incomplete, bitshares::name(bitshares::errc::file_error), e.what(),
                "Name another --out, or make room; what was there stays as it was."};
    }
    catch (std::system_error const& e)
    {
        return system_refuses(e);
    }
    catch (boost::system::system_error const& e)
    {
        return system_refuses(e);
    }
    catch (std::exception const& e)
    {
        return {exit_code::bad_data, "unexpected", e.what(), "This should not happen; please report it."};
    }
}

void tell(outcome o, bool json)
{
    if (o.exit == exit_code::ok)
        return;
    o.message = bitshares::valid_utf8(o.message); // nodes' words and the command line's
    std::cerr << "bts-export: " << program::printable(o.message) << '\n' << "            " << o.advice << '\n';
    if (json && !o.code.empty())
        std::cout << "{\"error\":{\"code\":" << bitshares::json_quote(o.code)
                  << ",\"message\":" << program::printable_json(bitshares::json_quote(o.message)) << "}}\n"
                  << std::flush;
}

// Each account, one after the other: what fails with one need not fail with the next.
int run(arguments const& a)
{
    int exit = exit_code::ok;
    outcome const o = guarded([&]() -> outcome {
        check_accounts(a);
        exporter::settings s = read_settings(a);
        program::interrupt ctrl_c;
        tls_options tls;
        if (!a.online.ca_file.empty())
            tls.add_ca_file(a.online.ca_file);
        source_means means;
        means.transports = websocket(websocket_options().tls(tls));
        means.http = http_clients(http_options()
                                      .tls(tls)
                                      .attempt_timeout(std::chrono::seconds(2 * a.online.timeout))
                                      .back_off(std::chrono::milliseconds(250), std::chrono::seconds(5)));
        for (std::string const& account : a.accounts)
        {
            s.account = account;
            outcome one = guarded([&] { return run(a, s, path_of(a, account), means, ctrl_c); });
            if (a.accounts.size() > 1 && one.exit != exit_code::ok)
                one.message.insert(0, account + ": ");
            tell(one, a.json);
            if (exit == exit_code::ok)
                exit = one.exit;
            if (one.exit == exit_code::interrupted)
                break;
        }
        return {};
    });
    tell(o, a.json);
    return o.exit != exit_code::ok ? o.exit : exit;
}

} // namespace

int main(int argc, char** argv)
{
    std::signal(SIGPIPE, SIG_IGN); // a reader of the summary that goes away does not undo the file
    std::signal(SIGXFSZ, SIG_IGN); // a file above the limit is an error of write, and none is left behind
    arguments a;
    CLI::App app(
        "Writes the whole history of a BitShares account into a file, or nothing: each operation once, none missing.",
        "bts-export");
    app.formatter(std::make_shared<program::help_formatter>());
    app.footer(help_end);
    app.set_version_flag("--version", std::string("bts-export ") + bitshares::version);
    program::add_online_options(app, a.online);
    app.get_option("--node")->description(
        "URL of a node, ws:// or wss://. Of several, the first that answers is used, and the next where it fails; "
        "without --chain-id, the chain of the first that answers is the chain, and an account that is not there is "
        "not looked for elsewhere. Default: the environment's BTS_NODE");
    app.add_option("--account", a.accounts, "Name, or id as 1.2.3; may stand several times")
        ->required()
        ->type_name("NAME")
        ->take_all()
        ->expected(1)
        ->allow_extra_args(false);
    app.add_option("--source", a.sources,
                   "Where the operations come from, if not from the node: ws://, es+http://, wrapper+http:// or file:; "
                   "may stand several times, and each fills the gaps of the ones before")
        ->type_name("URL")
        ->take_all()
        ->expected(1)
        ->allow_extra_args(false);
    app.add_option("--out", a.out, "The file to write; {account} in it is the account's name")
        ->required()
        ->type_name("FILE")
        ->check([](std::string const& path) {
            return std::string(path.empty()  ? "it is empty"
                               : path == "-" ? "there is no standard output for it: the file appears when it is whole"
                                             : "");
        });
    std::vector<std::string> formats;
    std::string formats_help = "What to write:";
    for (auto const& format : exporter::all_row_formats())
    {
        formats.emplace_back(exporter::name_of(format));
        formats_help.append("\n").append(formats.back()).append(": ").append(exporter::description_of(format));
    }
    app.add_option("--format", a.format, formats_help)
        ->type_name("NAME")
        ->check(CLI::IsMember(formats))
        ->capture_default_str();
    app.add_flag("--events", a.events, "Each operation as a row, instead of the amounts that it moved");
    app.add_flag("--balances", a.balances, "What there is of each asset, and where, instead of rows");
    app.add_option("--at", a.at, "What there was at this time, UTC, instead of rows")->type_name("TIME");
    app.add_option("--from", a.from, "The first time, UTC")->type_name("TIME");
    app.add_option("--to", a.to, "The first time that is too late, UTC")->type_name("TIME");
    app.add_option("--type", a.types, "Only operations of this type; may stand several times")
        ->type_name("NAME")
        ->take_all()
        ->expected(1)
        ->allow_extra_args(false);
    app.add_option(
           "--asset", a.assets,
           "Only operations that name this asset (symbol or id), not only as that of the fee; may stand several "
           "times: one of them")
        ->type_name("SYMBOL")
        ->take_all()
        ->expected(1)
        ->allow_extra_args(false);
    app.add_option("--counterparty", a.counterparties,
                   "Only operations that name this account (name or id); may stand several times: one of them")
        ->type_name("NAME")
        ->take_all()
        ->expected(1)
        ->allow_extra_args(false);
    app.add_option("--from-block", a.from_block, "Only operations of this block and later ones")->type_name("N");
    app.add_option("--to-block", a.to_block, "Only operations of this block and earlier ones")->type_name("N");
    app.add_option("--order", a.order, "oldest or newest first")
        ->type_name("ORDER")
        ->check(CLI::IsMember({"oldest", "newest"}))
        ->capture_default_str();
    app.add_flag("--txid", a.transaction_ids, "With transaction ids: a request more for each block");
    app.add_option("--in-flight", a.in_flight, "Requests under way at once")
        ->type_name("N")
        ->check(CLI::Range(1, 64))
        ->capture_default_str();
    app.add_flag(
        "--allow-uncertain", a.allow_uncertain,
        "Write the file also where the balances differ by no more than what operations leave open; the exit code "
        "is 4 all the same, and the difference is named");
    app.add_flag(
        "--allow-gaps", a.allow_gaps,
        "Write the file also where operations are missing; the exit code is 4 all the same, and the report names "
        "the gaps");
    app.add_flag("--daily-fills", a.daily_fills,
                 "Add up the fills of a day and market, for the formats of tax programs");
    app.add_flag("--since-checkpoint", a.since_checkpoint,
                 "Go on where the last run with this option ended: read only what came since, and append it");
    app.add_option("--checkpoint-every", a.checkpoint_every,
                   "Seconds from one checkpoint to the next; 0: as often as it goes")
        ->type_name("N")
        ->check(CLI::Range(0, 86'400))
        ->capture_default_str();
    app.add_flag("--json", a.json, "The summary, or the error, as a line of JSON on standard output");
    app.add_flag("--quiet", a.quiet, "No progress, also on a terminal");

    try
    {
        app.parse(argc, argv);
    }
    catch (CLI::ParseError const& e)
    {
        return app.exit(e) == 0 ? exit_code::ok : exit_code::usage;
    }
    return run(a);
}
