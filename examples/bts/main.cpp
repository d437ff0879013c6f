// bts, the command line of bitshares-cpp.

#include "fee_lines.hpp"
#include "json_lines.hpp"
#include "key_lines.hpp"
#include "money_commands.hpp"
#include "needs.hpp"
#include "online_cli.hpp"
#include "signing.hpp"
#include "wallet_commands.hpp"

#include <bitshares/version.hpp>
#include <common/exit_code.hpp>
#include <common/help.hpp>
#include <common/keys.hpp>
#include <common/online.hpp>
#include <common/terminal_text.hpp>

#include <CLI/CLI.hpp>

#include <iostream>

namespace {

using bts_program::settings;

constexpr char const* mainnet_id = "4018d7844c78f6a6c41c6a552b898022310fc5dec06da467ee7905a8dad512c8";

std::string footer(std::string const& examples)
{
    return "\nExamples:\n" + examples;
}

// The part of the help that all commands on lines share.
std::string const lines_help =
    "\nEach line of the standard input is one JSON value and gets one line on the standard output, in order. A bad "
    "line gets\n"
    "  {\"error\":{\"code\":\"unknown_member\",\"message\":\"...\",\"path\":\"/1/fee/x\"}}\n"
    "(path: a JSON Pointer into the value), the lines behind it are processed, and the exit code is 1.\n"
    "What is encoded is checked for its form, not for its meaning. Lines may have 16 MiB.\n"
    "Exit codes: 0 ok, 1 bad data, 2 usage, 4 incomplete (reading or writing failed), 5 interrupted.\n";

struct options
{
    settings common;
    std::string chain_id;
    std::string prefix;
};

void add_common(CLI::App& command, options& o, bool needs_chain_id, bool reads_values)
{
    auto* const chain_id = command.add_option(
        "--chain-id", o.chain_id,
        needs_chain_id
            ? "The chain that is signed for, 64 hexadecimal digits, mainnet or testnet; selects the key prefix"
            : "Selects the key prefix: 64 hexadecimal digits, mainnet or testnet");
    chain_id->type_name("HEX")->required(needs_chain_id)->check(program::check_chain_id);
    command
        .add_option("--prefix", o.prefix,
                    "Of keys and addresses, whatever the chain (default: BTS; TEST for the test chain's id)")
        ->type_name("TEXT")
        ->check(program::check_not_empty);
    if (reads_values)
        command.add_flag(
            "--lenient", o.common.lenient,
            "Read as from a node. Without it, an unknown, missing or repeated member and a control character "
            "other than tab and line ends are errors; with it, unknown members are skipped, missing ones "
            "have their default, and any character is taken");
}

void finish(options& o)
{
    if (!o.chain_id.empty())
    {
        o.common.chain_id = program::read_chain_id(o.chain_id);
        o.common.prefix = bitshares::key_prefix_of(*o.common.chain_id);
    }
    if (!o.prefix.empty())
        o.common.prefix = o.prefix;
}

} // namespace

int main(int argc, char** argv)
{
    CLI::App app("bts: BitShares on the command line: nodes asked, operations explained, transactions encoded");
    app.name("bts");
    app.set_version_flag("--version", std::string("bts ") + bitshares::version);
    app.formatter(std::make_shared<program::help_formatter>());
    app.require_subcommand(1);
    app.footer(footer("  bts decode < transaction.json\n"
                      "  bts call database get_account_by_name alice --node wss://node.example.org/ws\n"
                      "  bts op encode < operations.jsonl\n"
                      "  bts tx id --help\n") +
               "\nNot affiliated with the BitShares project.");

    options o;
    bts_program::line_command run;
    auto const on_lines = [&o, &run](auto command) {
        return [&o, &run, command] {
            run = [&o, command](std::string_view line, std::string& out) { return command(o.common, line, out); };
        };
    };

    CLI::App& op = *app.add_subcommand("op", "Operations: JSON to the chain's bytes and back");
    op.require_subcommand(1);
    op.footer(footer("  bts op encode < operations.jsonl > bytes.jsonl\n"
                     "  bts op decode < bytes.jsonl\n"));

    CLI::App& op_encode = *op.add_subcommand("encode", "[tag,{...}] -> {\"hex\":\"...\"}");
    add_common(op_encode, o, false, true);
    op_encode.footer(
        footer("  echo '[0,{\"fee\":{\"amount\":0,\"asset_id\":\"1.3.0\"},\"from\":\"1.2.17\",\"to\":\"1.2.128\",'\\\n"
               "'\"amount\":{\"amount\":0,\"asset_id\":\"1.3.0\"},\"extensions\":[]}]' | bts op encode\n"
               "  {\"hex\":\"000000000000000000001180010000000000000000000000\"}\n") +
        lines_help);
    op_encode.callback(on_lines(bts_program::encode_operation));

    CLI::App& op_decode = *op.add_subcommand("decode", "{\"hex\":\"...\"} -> {\"op\":[tag,{...}]}");
    add_common(op_decode, o, false, true);
    op_decode.footer(
        footer("  echo '{\"hex\":\"000000000000000000001180010000000000000000000000\"}' | bts op decode\n"
               "  {\"op\":[0,{\"fee\":{\"amount\":0,\"asset_id\":\"1.3.0\"},\"from\":\"1.2.17\",...}]}\n") +
        lines_help);
    op_decode.callback(on_lines(bts_program::decode_operation));

    CLI::App& tx = *app.add_subcommand("tx", "Transactions: bytes, id and the digest that is signed");
    tx.require_subcommand(1);
    std::string const chain_example = std::string(" --chain-id ") + mainnet_id;
    tx.footer(footer("  bts tx encode" + chain_example + " < transactions.jsonl\n"));
    struct
    {
        char const* name;
        char const* what;
        bool needs_chain_id;
    } const tx_commands[] = {{"encode", "The bytes without signatures", false},
                             {"id", "The transaction's id", false},
                             {"digest", "What keys sign, SHA-256 of chain id and bytes", true}};
    for (auto const& command : tx_commands)
    {
        CLI::App& leaf = *tx.add_subcommand(command.name, std::string(command.what) +
                                                              ": a transaction -> {\"hex\",\"id\",\"digest\"}");
        add_common(leaf, o, command.needs_chain_id, true);
        leaf.footer(
            footer(std::string("  bts tx ") + command.name + chain_example + " < transactions.jsonl\n" +
                   "  {\"hex\":\"f68585abf4dc...\",\"id\":\"698565cbe6d1...\",\"digest\":\"b7ba6c931d66...\"}\n") +
            "\nSignatures are not part of any of the three. Without --chain-id the digest is left out.\n" + lines_help);
        leaf.callback(on_lines(bts_program::encode_transaction));
    }

    program::key_options signing_keys;
    bitshares::memory_signer signing;
    CLI::App& tx_sign =
        *tx.add_subcommand("sign", "Signatures added: a transaction -> {\"hex\",\"id\",\"digest\",\"transaction\"}");
    add_common(tx_sign, o, true, true);
    program::add_key_options(tx_sign, signing_keys);
    tx_sign.footer(footer("  bts tx sign --key-file alice.keys" + chain_example +
                          " < transactions.jsonl\n"
                          "  {\"hex\":\"f68585abf4dc...\",\"id\":\"698565cbe6d1...\",\"digest\":\"b7ba6c931d66...\","
                          "\"transaction\":{...}}\n") +
                   "\nEvery key signs, in the order of the file, but for those that have signed already: nodes refuse "
                   "signatures that are\n"
                   "not needed (bts tx needs). hex, id and digest are those of bts tx encode, without signatures; "
                   "transaction has them.\n"
                   "A partial transaction (a file with \"format\") is answered by itself with the signatures that it "
                   "wants, no others.\n" +
                   lines_help);
    tx_sign.callback([&] {
        program::keep_secrets_from_core_dumps();
        run = [&o, &signing](std::string_view line, std::string& out) {
            return bts_program::sign_line(o.common, signing, line, out);
        };
    });
    CLI::App& tx_recover = *tx.add_subcommand("recover", "Who signed: a signed transaction -> {\"public_keys\":[...]}");
    add_common(tx_recover, o, true, true);
    tx_recover.footer(
        footer("  bts tx recover" + chain_example + " < signed.jsonl\n") +
        "\nIn the order of the signatures. With another chain's id, other keys come out, and no error.\n" + lines_help);
    tx_recover.callback(on_lines(bts_program::recover_line));
    CLI::App& tx_merge = *tx.add_subcommand("merge", "One of several: an array of partial transactions -> one");
    add_common(tx_merge, o, false, true);
    tx_merge.footer(footer("  bts tx merge < arrays.jsonl\n") +
                    "\nAll with the same content, for the same chain; also signed transactions. Of partial ones, "
                    "signatures that are not\n"
                    "needed are left out. Of signed ones with --chain-id, a key's second signature.\n" +
                    lines_help);
    tx_merge.callback(on_lines(bts_program::merge_line));

    struct
    {
        std::string accounts;
        std::string time;
        bitshares::authority_options options;
        bitshares::account_set known;
    } needs;
    CLI::App& tx_needs =
        *tx.add_subcommand("needs", "Who must sign: a transaction -> {\"satisfied\",\"keys\":[...],\"missing\":[...]}");
    add_common(tx_needs, o, false, true);
    tx_needs
        .add_option(
            "--accounts", needs.accounts,
            "Accounts, and custom authorities, as nodes print them: one JSON value or one a line, each an object or "
            "an array of such")
        ->type_name("FILE")
        ->required()
        ->check(program::check_not_empty);
    tx_needs
        .add_option("--time", needs.time,
                    "The chain's time, by which custom authorities are valid; without it they do not count")
        ->type_name("YYYY-MM-DDTHH:MM:SS")
        ->check([](std::string const& text) {
            return bitshares::time_point_sec::from_string(text) ? std::string() : "not a time: " + text;
        });
    tx_needs.add_option("--max-depth", needs.options.max_depth, "The chain's max_authority_depth")
        ->capture_default_str()
        ->check(CLI::Range(0, 255));
    tx_needs.footer(footer("  bts call database get_accounts '[\"alice\",\"bob\"]' > accounts.json\n"
                           "  bts tx needs --accounts accounts.json < transactions.jsonl\n"
                           "  "
                           "{\"satisfied\":false,\"keys\":[\"BTS6...\"],\"missing\":[{\"authority\":\"active\","
                           "\"account\":\"1.2.18\",\n"
                           "  "
                           "\"name\":\"alice\",\"threshold\":2,\"has\":0,\"add\":[{\"key\":\"BTS6...\",\"weight\":1}]}]"
                           ",\"reason\":{...}}\n") +
                    "\nkeys: all whose signatures can count, as get_potential_signatures of a node says; add: what "
                    "would add weight.\n"
                    "superfluous: keys of signatures that are not needed, for which nodes refuse; accounts_needed: "
                    "accounts that the\n"
                    "file lacks. Signatures are those of the chain of --chain-id, the main one without.\n" +
                    lines_help);
    tx_needs.callback([&o, &run, &needs] {
        run = [&o, &needs](std::string_view line, std::string& out) {
            return bts_program::needs_line(o.common, needs.known, needs.options, line, out);
        };
    });

    bool show_private = false;
    CLI::App& key =
        *app.add_subcommand("key", "A key in any form -> {\"public_key\",\"public_key_hex\",\"addresses\"}");
    add_common(key, o, false, true);
    key.add_flag("--show-private", show_private, "Also print the private key, as \"wif\", where the line tells it");
    key.footer(
        footer("  bts key < keys.jsonl\n"
               "  bts key --show-private < brain_key.jsonl\n") +
        "\nOne of these on each line; keys are never given on the command line, where others could see them:\n"
        "  {\"wif\":\"5J...\"}\n"
        "  {\"private_hex\":\"64 digits\"}\n"
        "  {\"brain_key\":\"WORD WORD ...\",\"sequence\":0,\"form\":\"cli_wallet\"}\n"
        "  {\"account\":\"alice\",\"role\":\"active\",\"password\":\"P5...\"}\n"
        "  {\"public_key\":\"BTS6...\"}\n"
        "Forms of a brain key: cli_wallet (capital letters, single blanks), verbatim (letters as they are, single "
        "blanks,\n"
        "as in the web wallet), exact (nothing is changed). Addresses: the chain's own; Bitcoin's, uncompressed and\n"
        "compressed; with version 56, uncompressed and compressed.\n" +
        lines_help);
    key.callback([&o, &run, &show_private] {
        program::keep_secrets_from_core_dumps();
        run = [&o, &show_private](std::string_view line, std::string& out) {
            return bts_program::describe_key(o.common, show_private, line, out);
        };
    });

    CLI::App& memo = *app.add_subcommand("memo", "Memos: encrypted and decrypted");
    memo.require_subcommand(1);
    memo.footer(footer("  bts memo encrypt < memos.jsonl\n"
                       "  bts memo decrypt < memos.jsonl\n"));
    CLI::App& memo_encrypt = *memo.add_subcommand(
        "encrypt", "{\"from_wif\",\"to_public_key\",\"nonce\",\"text\"} -> {\"from\",\"to\",\"nonce\",\"message\"}");
    add_common(memo_encrypt, o, false, true);
    memo_encrypt.footer(
        footer("  bts memo encrypt < memos.jsonl\n"
               "  {\"from\":\"BTS6x7NCF...\",\"to\":\"BTS51h8tY...\",\"nonce\":1,\"message\":\"8fd1648b...\"}\n") +
        "\nThe nonce, up to 2^64 - 1, must differ for each memo between two keys.\n" + lines_help);
    memo_encrypt.callback([&] {
        program::keep_secrets_from_core_dumps();
        on_lines(bts_program::encrypt_memo_line)();
    });
    CLI::App& memo_decrypt = *memo.add_subcommand("decrypt", "{\"wif\",\"memo\":{...}} -> {\"text\"}");
    add_common(memo_decrypt, o, false, true);
    memo_decrypt.footer(
        footer("  bts memo decrypt < memos.jsonl     # {\"wif\":\"5J...\",\"memo\":{\"from\":...}}; not typed, shells "
               "remember\n"
               "  {\"text\":\"rent\"}\n") +
        "\nThe key is the sender's or the receiver's. Text that is not UTF-8 gets \"text_hex\" beside it.\n" +
        lines_help);
    memo_decrypt.callback([&] {
        program::keep_secrets_from_core_dumps();
        on_lines(bts_program::decrypt_memo_line)();
    });

    struct
    {
        std::string schedule, asset, rate;
    } fee_options;
    bts_program::fee_terms terms;
    CLI::App& fee =
        *app.add_subcommand("fee", "What operations cost: [tag,{...}] -> {\"fee\":{\"amount\",\"asset_id\"}}");
    add_common(fee, o, false, true);
    fee.add_option("--schedule", fee_options.schedule,
                   "The chain's fees: \"current_fees\" of the \"parameters\" that get_global_properties gives")
        ->type_name("FILE")
        ->required()
        ->check(CLI::ExistingFile);
    fee.add_option("--asset", fee_options.asset, "Asset to pay in (default: the core asset)")->type_name("ID");
    fee.add_option(
           "--rate", fee_options.rate,
           "Core exchange rate of that asset: JSON as the node gives it, {\"base\":...,\"quote\":...}, or two amounts "
           "in smallest units, 7/3 for 7 of the core asset and 3 of the other")
        ->type_name("PRICE");
    fee.footer(footer("  bts fee --schedule current_fees.json < operations.jsonl\n"
                      "  {\"fee\":{\"amount\":2000000,\"asset_id\":\"1.3.0\"}}\n"
                      "  bts fee --schedule current_fees.json --asset 1.3.7 --rate 7/3 < operations.jsonl\n"
                      "  {\"fee\":{\"amount\":857143,\"asset_id\":\"1.3.7\"}}\n") +
               "\nThe fee that an operation names is not looked at. A proposal gets {\"fee\":[fee,[...]]}, with the "
               "fees of what "
               "it\nproposes.\n" +
               lines_help);
    fee.callback([&] {
        auto rate = bts_program::read_rate(fee_options.asset, fee_options.rate);
        if (!rate)
            throw CLI::ValidationError("--asset, --rate", rate.error().message());
        terms.rate = *rate;
        run = [&](std::string_view line, std::string& out) {
            return bts_program::price_operation(o.common, terms, line, out);
        };
    });

    std::function<int()> online;
    bts_program::add_online_commands(app, online);
    bts_program::add_money_commands(app, online);
    bts_program::add_wallet_commands(app, online);

    try
    {
        app.parse(argc, argv);
        finish(o);
    }
    catch (CLI::ParseError const& e)
    {
        return app.exit(e) == 0 ? exit_code::ok : exit_code::usage;
    }
    if (!fee_options.schedule.empty())
    {
        auto schedule = bts_program::read_schedule(fee_options.schedule);
        if (!schedule)
        {
            std::cerr << "bts: " << fee_options.schedule << ": " << program::printable(schedule.error().message())
                      << '\n';
            return exit_code::bad_data;
        }
        terms.schedule = std::move(*schedule);
    }
    if (!needs.accounts.empty())
    {
        if (!o.common.chain_id)
            o.common.chain_id = program::read_chain_id(mainnet_id);
        if (!needs.time.empty())
            needs.options.now = *bitshares::time_point_sec::from_string(needs.time);
        auto known = bts_program::read_accounts(o.common, needs.accounts);
        if (!known)
        {
            std::cerr << "bts: " << known.error().message() << '\n';
            return known.error().code() == bitshares::errc::file_error ? exit_code::incomplete : exit_code::bad_data;
        }
        needs.known = std::move(*known);
    }
    if (tx_sign.parsed())
        try
        {
            bitshares::keyring const keys = program::load_keys(signing_keys);
            for (bitshares::keyring_entry const& entry : keys.entries())
                if (auto const* const found = keys.find(entry.key))
                    signing.add(found->clone());
            if (signing.keys().empty())
                throw program::usage_error("no key to sign with: name --key-file or --keyring");
        }
        catch (program::usage_error const& e)
        {
            std::cerr << "bts: " << program::printable(e.what()) << '\n';
            return exit_code::usage;
        }
        catch (bitshares::exception const& e)
        {
            std::cerr << "bts: " << program::printable(e.what()) << '\n';
            return e.code() == bitshares::errc::file_error ? exit_code::incomplete : exit_code::bad_data;
        }
    return online ? online() : bts_program::run_lines(run);
}
