#include "online_cli.hpp"

#include "nodes.hpp"
#include "online_commands.hpp"

#include <common/ca_file.hpp>

#include <CLI/CLI.hpp>

#include <memory>

namespace bts_program {

namespace {

constexpr char const* exit_codes =
    "\nExit codes: 0 ok; 1 bad data, or the node refuses; 2 usage; 3 no node could be used; 4 not\neverything could be "
    "read or written; 5 interrupted.\n";

std::string examples(std::string const& lines)
{
    return "\nExamples:\n" + lines + exit_codes;
}

void add_call(CLI::App& app, std::function<int()>& chosen)
{
    auto const o = std::make_shared<call_options>();
    CLI::App& c = *app.add_subcommand("call", "Any method of a node: API METHOD [JSON...]");
    c.add_option("API", o->api, "Such as database, history, network_broadcast, login")->required();
    c.add_option("METHOD", o->method, "Such as get_account_by_name")->required();
    c.allow_extras(); // the arguments: an option's values of the form [1,2] CLI11 would take apart
    program::add_online_options(c, o->online);
    c.add_flag("--pretty", o->pretty, "Indented; otherwise one line");
    c.add_option("--quorum", o->quorum,
                 "Ask N nodes, and answer what K of them say of the same block (K: more than half of N)")
        ->type_name("N[,K]")
        ->check(program::check_not_empty);
    c.footer(
        examples("  bts call database get_account_by_name alice --node wss://node.example.org/ws\n"
                 "  bts call database get_objects '[\"1.2.17\",\"1.3.0\"]' --pretty\n"
                 "  bts call history get_account_history alice 1.11.0 5 1.11.0\n") +
        "\nBehind the method, its arguments: JSON each, or plain text where it is no JSON (but what begins with "
        "{, [ or \"\nis meant to be JSON). Text that begins with a dash has to be JSON: '\"-x\"'.\n"
        "\nPrints the result as the node sent it. Where the node refuses:\n"
        "  {\"error\":{\"code\":10,\"name\":\"assert_exception\",\"message\":\"...\",\"stack\":[...]}}\n"
        "A call is sent again where the connection broke, but never one of network_broadcast.\n"
        "With --quorum, the standard error says how many agree, at which block, and who deviates. Where too few do, "
        "the\nexit code is 3.\n");
    c.callback([o, &c, &chosen] {
        o->arguments = c.remaining();
        for (std::string const& text : o->arguments)
            if (text.size() > 1 && text[0] == '-' && (text[1] < '0' || text[1] > '9'))
                throw CLI::ExtrasError("call", {text});
        chosen = [o] { return call(*o); };
    });
}

void add_decode(CLI::App& app, std::function<int()>& chosen)
{
    auto const o = std::make_shared<decode_options>();
    CLI::App& c = *app.add_subcommand("decode", "Explains an operation, transaction, block or object in words");
    c.add_option("TEXT", o->input,
                 "JSON; or a transaction, operation or block in hexadecimal; or the id of an object, with --node. "
                 "Default: the standard input");
    program::add_online_options(c, o->online);
    c.add_option("--prefix", o->prefix, "Of keys, where the bytes are given (default: the chain's, or BTS)")
        ->type_name("TEXT")
        ->check(program::check_not_empty);
    c.add_flag("--json", o->json, "For programs: {\"kind\",\"id\",...} with names, symbols and decimals");
    c.add_flag("--full", o->full, "Of a block, every member of every operation");
    c.footer(examples("  bts decode < transaction.json\n"
                      "  bts decode 000000000000000000001180010000000000000000000000\n"
                      "  bts decode 1.7.11 --node wss://node.example.org/ws\n") +
             "\nWith --node (or BTS_NODE), names, symbols and digits of amounts are asked from the node; without, ids "
             "are\nshown, and amounts in the asset's smallest units but for those of 1.3.0, which has 5 digits.\n"
             "Prices are units of the first asset for one of the second; \"about\" marks those that were cut.\n");
    c.callback([o, &chosen] { chosen = [o] { return decode(*o); }; });
}

void add_account(CLI::App& app, std::function<int()>& chosen)
{
    auto const o = std::make_shared<account_options>();
    CLI::App& c =
        *app.add_subcommand("account", "What an account has: balances, orders, what is locked, newest operations");
    c.add_option("ACCOUNT", o->account, "Name, or id as 1.2.3")->required();
    program::add_online_options(c, o->online);
    c.add_option("--bids", o->bid_assets, "Also its bids for the debt of this asset; may stand several times")
        ->type_name("SYMBOL")
        ->take_all()
        ->expected(1)
        ->allow_extra_args(false);
    c.add_flag("--json", o->json, "For programs, with exact decimals and smallest units");
    c.footer(
        examples("  bts account alice --node wss://node.example.org/ws\n"
                 "  bts account 1.2.17 --bids USD --json\n") +
        "\nLists are read to their end. One that the node refuses is named, and the exit code is 4.\n"
        "The lists are asked one after the other: where blocks came in between, the first and the last are told.\n");
    c.callback([o, &chosen] { chosen = [o] { return account(*o); }; });
}

void add_orderbook(CLI::App& app, std::function<int()>& chosen)
{
    auto const o = std::make_shared<orderbook_options>();
    CLI::App& c = *app.add_subcommand("orderbook", "The limit orders of a market; on a terminal a live view");
    c.add_option("BASE", o->base, "Symbol or id of the asset in which prices are told")->required();
    c.add_option("QUOTE", o->quote, "Symbol or id of the asset that is bought and sold")->required();
    program::add_online_options(c, o->online);
    c.add_option("--depth", o->depth, "Prices of each side")
        ->type_name("N")
        ->check(CLI::Range(1, 300))
        ->capture_default_str();
    c.add_flag("--once", o->once, "One table, also on a terminal");
    c.add_flag("--json", o->json, "One JSON object, with exact fractions");
    c.footer(examples("  bts orderbook BTS USD --node wss://node.example.org/ws\n"
                      "  bts orderbook BTS USD --depth 50 --json\n") +
             "\nPrices are BASE for one QUOTE: asks (who sells QUOTE) are rounded up, bids (who buys QUOTE) down, so "
             "that no\norder is shown better than it is. Amounts are exact, but for what the order is not given in: "
             "BASE of asks is\nrounded up, QUOTE of bids down. Margin calls and settlements are no limit orders.\n"
             "The live view reads the whole book again for each new block, and says when it cannot. Ctrl-C ends it "
             "(exit code 0).\n");
    c.callback([o, &chosen] { chosen = [o] { return orderbook(*o); }; });
}

void add_watch(CLI::App& app, std::function<int()>& chosen)
{
    auto const o = std::make_shared<watch_options>();
    CLI::App& c = *app.add_subcommand("watch", "What happens, as it happens: each event once, in order, a line each");
    c.add_option("WHAT", o->what, "blocks, account NAME, market BASE QUOTE, objects ID..., or pending")
        ->required()
        ->check(CLI::IsMember({"blocks", "account", "market", "objects", "pending"}));
    c.add_option("NAME", o->names, "Names or ids");
    program::add_online_options(c, o->online);
    c.add_option(
         "--after", o->after,
         "The last event that is known: number of a block, or of the account's operation or the market's fill; 0: "
         "from the first on. Default: only what happens from now on")
        ->type_name("N");
    c.add_option("--count", o->count, "End after so many events")->type_name("N");
    c.add_flag("--irreversible", o->irreversible, "Only what cannot be undone any more, some blocks later");
    c.add_flag("--json", o->json, "One JSON object a line");
    c.footer(
        examples("  bts watch blocks --node wss://node.example.org/ws --node wss://other.example.org/ws\n"
                 "  bts watch account alice --after 120 --irreversible --json\n"
                 "  bts watch market BTS USD\n"
                 "  bts watch objects 2.1.0 1.3.0 --json\n"
                 "  bts watch pending --json\n") +
        "\nOf several nodes any may fail meanwhile. What was told and then undone by a switch of forks is told as "
        "undone.\nWhat no node has any more is named, with exit code 4. pending: the transactions that wait for a "
        "block, each "
        "once,\nas the node in use tells of them; which of them come into a block nobody knows. Ctrl-C ends it (exit "
        "code 0).\n");
    c.callback([o, &chosen] { chosen = [o] { return watch(*o); }; });
}

void add_nodes(CLI::App& app, std::function<int()>& chosen)
{
    auto const o = std::make_shared<nodes_options>();
    CLI::App& c = *app.add_subcommand("nodes", "How the nodes of a list are doing; on a terminal a live table");
    auto* const node = c.add_option("--node", o->nodes,
                                    "URL of a node, ws:// or wss://; may stand several times. "
                                    "Default: the environment's BTS_NODE")
                           ->type_name("URL")
                           ->take_all()
                           ->expected(1)
                           ->allow_extra_args(false);
    auto* const list = c.add_option("--list", o->list,
                                    "The nodes of this list: JSON, of URLs or of objects with "
                                    "\"url\", as the reference UI's, \"terms\", \"network\" ...")
                           ->type_name("FILE")
                           ->check(program::check_not_empty);
    auto* const catalogue =
        c.add_option("--catalogue", o->catalogue,
                     "A list of the library: infrastructure (the 26 public nodes of 2018), mainnet or testnet (those "
                     "of 2025). Shown as it is, nobody is asked but with --connect")
            ->type_name("NAME")
            ->check(CLI::IsMember({"infrastructure", "mainnet", "testnet"}));
    node->excludes(list)->excludes(catalogue);
    list->excludes(catalogue);
    c.add_flag("--connect", o->connect, "Ask the nodes of the catalogue")->needs(catalogue);
    c.add_option("--chain-id", o->chain_id, "Only nodes of this chain: 64 hexadecimal digits, mainnet or testnet")
        ->type_name("HEX")
        ->check(program::check_chain_id);
    c.add_option("--ca-file", o->ca_file, "PEM file of further certificate authorities")
        ->type_name("FILE")
        ->check(check_ca_file);
    c.add_option("--live", o->live,
                 "Keep so many connections of each network, as programs do (2, by default), and look at the other "
                 "nodes in turn. Default: one to each node")
        ->type_name("N")
        ->check(CLI::Range(1, 1000));
    c.add_option("--timeout", o->timeout, "Seconds after which a single look ends, though not all have answered")
        ->type_name("SECONDS")
        ->check(CLI::Range(1, 3600))
        ->capture_default_str();
    c.add_flag("--once", o->once, "A single look, also on a terminal");
    c.add_flag("--json", o->json, "A single look, one JSON object a node and line");
    c.footer(
        "\nExamples:\n"
        "  bts nodes --node wss://node.example.org/ws --node wss://other.example.org/ws\n"
        "  bts nodes --list nodes.json --once\n"
        "  bts nodes --list nodes.json --json | jq -r 'select(.state == \"live\").url'\n"
        "  bts nodes --catalogue infrastructure\n"
        "\nEach network has a pool of its own. * is where its calls would go first. States: live; idle (good, without "
        "a\nconnection); connecting; probing (its chain and head are asked for); waiting (failed, is tried again); "
        "ejected (failed\nseveral times); stale (its head is behind the others'); wrong_chain. age: of its head, by "
        "the chain's time; p50, p95:\nof its answers. In JSON, deviations: how often it said something else than a "
        "quorum. terms: on what conditions it may be used, and how often it is "
        "asked for that. Ctrl-C ends the live\ntable (exit code 0).\n"
        "\nExit codes: 0 ok, at least one node is usable; 1 bad data (the list); 2 usage; 3 no node is usable; 4 the "
        "time was up\nbefore all were tried, or not everything could be read or written; 5 interrupted.\n");
    c.callback([o, &chosen] { chosen = [o] { return nodes(*o); }; });
}

} // namespace

void add_online_commands(CLI::App& app, std::function<int()>& chosen)
{
    add_call(app, chosen);
    add_decode(app, chosen);
    add_account(app, chosen);
    add_orderbook(app, chosen);
    add_watch(app, chosen);
    add_nodes(app, chosen);
}

} // namespace bts_program
