#include "money_commands.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace bts_program {

namespace {

constexpr char const* exit_codes =
    "\nExit codes: 0 ok: it is in a block (with --irreversible: for good); 1 bad data, or the node refuses; 2 usage; "
    "3 no\nnode could be used, nothing was sent; 4 in doubt (it was sent, and what became of it is not known), or "
    "proven "
    "to have\nexpired; 5 interrupted.\n";

std::string const money_help =
    "\nShows what will be signed, and on which chain, and asks; --yes does not: name the chain by --chain-id then, or "
    "the\nnode says which one it is. Keys come from a keyring or a file, never from the command "
    "line:\nthe fewest that satisfy the accounts' authorities sign, and no node is told which keys there are.\n"
    "After an outcome in doubt, bts outcome FILE goes on, FILE being that of --save, or else bts-ID.json in the "
    "working\n"
    "directory, which is written then. Where bts itself may be killed, only --save keeps it. The same transaction "
    "never\n"
    "pays twice.\n";

std::string examples(std::string const& lines)
{
    return "\nExamples:\n" + lines + exit_codes;
}

void add_money_options(CLI::App& c, money_options& o)
{
    program::add_online_options(c, o.online);
    program::add_key_options(c, o.keys);
    c.add_option("--fee-asset", o.fee_asset, "Pay the fee in this asset (default: the core asset)")
        ->type_name("SYMBOL")
        ->check(program::check_not_empty);
    c.add_option("--expires-in", o.expires_in,
                 "Seconds of the chain's time until the transaction can no longer be included")
        ->type_name("N")
        ->check(CLI::Range(5, 86'400))
        ->capture_default_str();
    c.add_option("--save", o.save, "Write the signed transaction to this file before it is sent")
        ->type_name("FILE")
        ->check(program::check_not_empty);
    c.add_flag("--irreversible", o.irreversible, "Wait until its block can no longer be undone");
    c.add_flag("--dry-run", o.dry_run, "Show it, with fee and the keys that would sign, and neither sign nor send");
    c.add_flag("--yes", o.yes, "Do not ask");
    c.add_flag("--json", o.json, "For programs: one JSON object on standard output; needs --yes or --dry-run");
}

void add_transfer(CLI::App& app, std::function<int()>& chosen)
{
    auto const o = std::make_shared<transfer_options>();
    CLI::App& c = *app.add_subcommand("transfer", "Sends an amount of an asset to another account");
    c.add_option("FROM", o->from, "Name, or id as 1.2.3")->required();
    c.add_option("TO", o->to, "Name, or id as 1.2.3")->required();
    c.add_option("AMOUNT", o->amount, "A decimal number, with no more digits than the asset has")->required();
    c.add_option("SYMBOL", o->symbol, "Symbol or id of the asset")->required();
    c.add_option("--memo", o->memo, "Encrypted between the two memo keys; the sender's has to be among the keys")
        ->type_name("TEXT");
    add_money_options(c, o->money);
    c.footer(examples("  bts transfer alice bob 12.5 BTS --keyring ~/.bts/keys --memo 'for lunch'\n"
                      "  bts transfer alice bob 1 USD --dry-run\n") +
             money_help);
    c.callback([o, &chosen] { chosen = [o] { return transfer(*o); }; });
}

void add_order(CLI::App& app, std::function<int()>& chosen)
{
    auto const o = std::make_shared<order_options>();
    CLI::App& c = *app.add_subcommand("order", "Places a limit order");
    c.add_option("SELLER", o->seller, "Name, or id as 1.2.3")->required();
    c.add_option("SELL", o->sell, "How much is sold")->required();
    c.add_option("SELL-SYMBOL", o->sell_symbol, "Of what")->required();
    c.add_option("WANT", o->want, "The least that is to come in for all of it")->required();
    c.add_option("WANT-SYMBOL", o->want_symbol, "Of what")->required();
    c.add_option("--expires", o->expires, "When the rest is taken back, UTC (default: never)")->type_name("TIME");
    c.add_flag("--fill-or-kill", o->fill_or_kill, "All at once, or nothing");
    add_money_options(c, o->money);
    c.footer(examples("  bts order alice 100 BTS 1.5 USD --keyring ~/.bts/keys\n"
                      "  bts order alice 100 BTS 1.5 USD --expires 2026-12-31T00:00:00 --dry-run\n") +
             money_help);
    c.callback([o, &chosen] { chosen = [o] { return order(*o); }; });
}

void add_cancel(CLI::App& app, std::function<int()>& chosen)
{
    auto const o = std::make_shared<cancel_options>();
    CLI::App& c = *app.add_subcommand("cancel", "Takes a limit order back");
    c.add_option("ORDER", o->id, "The order's id, as 1.7.11")->required();
    add_money_options(c, o->money);
    c.footer(examples("  bts cancel 1.7.11 --keyring ~/.bts/keys\n") + money_help);
    c.callback([o, &chosen] { chosen = [o] { return cancel(*o); }; });
}

void add_upgrade(CLI::App& app, std::function<int()>& chosen)
{
    auto const o = std::make_shared<upgrade_options>();
    CLI::App& c = *app.add_subcommand("upgrade", "Makes an account a lifetime member");
    c.add_option("ACCOUNT", o->account, "Name, or id as 1.2.3")->required();
    add_money_options(c, o->money);
    c.footer(examples("  bts upgrade alice --keyring ~/.bts/keys\n") + money_help);
    c.callback([o, &chosen] { chosen = [o] { return upgrade(*o); }; });
}

void add_outcome(CLI::App& app, std::function<int()>& chosen)
{
    auto const o = std::make_shared<outcome_options>();
    CLI::App& c = *app.add_subcommand("outcome", "What became of a transaction");
    c.add_option("TRANSACTION", o->what,
                 "A file with the signed transaction, as --save writes it; or a transaction's id")
        ->required();
    program::add_online_options(c, o->online);
    c.add_option("--blocks", o->blocks, "Of an id alone: how many of the newest blocks are searched")
        ->type_name("N")
        ->check(CLI::Range(1, 1'000'000))
        ->capture_default_str();
    c.add_flag("--irreversible", o->irreversible, "Wait until its block can no longer be undone");
    c.add_flag("--resend", o->resend,
               "Of a file: also send it, as long as it can be included. Where it never was sent, that pays");
    c.add_flag("--json", o->json, "For programs: one JSON object on standard output");
    c.footer(
        examples("  bts outcome payment.json\n"
                 "  bts outcome payment.json --resend\n"
                 "  bts outcome 698565cbe6d1a3e7e9b2a0f0b3a4a1c55c9e0f11 --blocks 28800\n") +
        "\nOf a file, to a proven end: every block after its reference is looked at, until it is in one, or can never "
        "be any\nmore. Nothing is sent: without --resend, what was not paid before is not paid by looking. Of an id "
        "alone only what\nis in a block can be found: that it is not in the blocks that were searched proves nothing "
        "(exit code 4).\n");
    c.callback([o, &chosen] { chosen = [o] { return outcome(*o); }; });
}

} // namespace

void add_money_commands(CLI::App& app, std::function<int()>& chosen)
{
    add_transfer(app, chosen);
    add_order(app, chosen);
    add_cancel(app, chosen);
    add_upgrade(app, chosen);
    add_outcome(app, chosen);
}

} // namespace bts_program
