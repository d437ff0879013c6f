#include "wallet_commands.hpp"

#include <common/online.hpp>

#include <CLI/CLI.hpp>

#include <memory>

namespace bts_program {

namespace {

constexpr char const* wallet_help =
    "\nPassphrases and passwords are asked on the terminal, without echo, or are the first line of a file that is for "
    "its\nowner alone; never an argument, which others can see. /dev/fd/N works as a file, too.\n"
    "Exit codes: 0 ok; 1 a wrong passphrase, or a file that is damaged or of another kind; 2 usage; 4 a file cannot be "
    "read\nor written; 5 interrupted.\n";

std::string examples(std::string const& lines)
{
    return "\nExamples:\n" + lines + wallet_help;
}

void add_common(CLI::App& c, wallet_options& o)
{
    c.add_option("--keyring", o.keyring, "File with keys under a passphrase")
        ->type_name("FILE")
        ->required()
        ->check(program::check_not_empty);
    c.add_option("--passphrase-file", o.passphrase_file,
                 "Its first line is the keyring's passphrase (default: asked on the terminal)")
        ->type_name("FILE")
        ->check(program::check_not_empty);
    c.add_option("--prefix", o.prefix, "Of the network's keys: BTS, or TEST for the test chain")
        ->type_name("TEXT")
        ->check(program::check_not_empty)
        ->capture_default_str();
}

CLI::Option* add_cost(CLI::App& c, unsigned& cost, char const* otherwise)
{
    return c
        .add_option("--cost", cost,
                    std::string("What trying one passphrase costs: log2(N) of scrypt; 17 takes 128 MiB and half a "
                                "second, each more doubles both (default: ") +
                        otherwise + ")")
        ->type_name("N")
        ->check(CLI::Range(10, 19));
}

void add_import(CLI::App& wallet, std::function<int()>& chosen)
{
    auto const o = std::make_shared<wallet_import_options>();
    CLI::App& c = *wallet.add_subcommand("import", "Takes the keys of wallet files into a keyring");
    c.add_option(
         "FILE", o->files,
         "A backup of bitshares-ui (.bin), a wallet of cli_wallet (.json), another keyring, or a WIF each line, "
         "each with a label behind it or none; - is the standard input")
        ->required();
    add_common(c, o->wallet);
    c.add_option("--file-password-file", o->file_password_file,
                 "Its first line is the password of the files (default: asked for each)")
        ->type_name("FILE")
        ->check(program::check_not_empty);
    c.add_option("--format", o->format, "Of the files: auto, bin, json, keyring, wif")
        ->check(CLI::IsMember({"auto", "bin", "json", "keyring", "wif"}))
        ->capture_default_str();
    c.add_option("--label", o->label, "For keys that come without one")->type_name("TEXT");
    add_cost(c, o->cost, "17, or as the keyring has it");
    c.add_flag(
        "--list-public-keys", o->list_public_keys,
        "Put public keys and labels into the file in clear, for list --no-passphrase; whoever reads the file then "
        "knows whose it is");
    c.footer(examples("  bts wallet import --keyring ~/.bts/keys bts_default_20260101.bin\n"
                      "  bts wallet import --keyring ~/.bts/keys wallet.json --file-password-file /dev/fd/3 3< "
                      "password\n") +
             "\nThe keyring is made where there is none. A brain key is not imported, only the keys made of it.\n");
    c.callback([o, &chosen] { chosen = [o] { return wallet_import(*o); }; });
}

void add_export(CLI::App& wallet, std::function<int()>& chosen)
{
    auto const o = std::make_shared<wallet_export_options>();
    CLI::App& c = *wallet.add_subcommand("export", "Writes a keyring's keys as another program's file");
    add_common(c, o->wallet);
    c.add_option("--to", o->to, "The file to write; for its owner alone (mode 0600), whole or not at all")
        ->type_name("FILE")
        ->required()
        ->check(program::check_not_empty);
    c.add_option("--format", o->format, "bin: for bitshares-ui; json: for cli_wallet; wif: in clear, a WIF each line")
        ->required()
        ->check(CLI::IsMember({"bin", "json", "wif"}));
    c.add_option("--file-password-file", o->file_password_file,
                 "Its first line is the password of the new file (default: asked on the terminal)")
        ->type_name("FILE")
        ->check(program::check_not_empty);
    c.add_option("--chain-id", o->chain_id, "The chain of a bin or json: 64 hexadecimal digits, mainnet or testnet")
        ->type_name("HEX")
        ->check(program::check_chain_id)
        ->capture_default_str();
    c.add_flag("--replace", o->replace, "Replace the file where there is one");
    c.add_flag("--yes", o->yes, "Do not ask");
    c.footer(examples("  bts wallet export --keyring ~/.bts/keys --format json --to wallet.json\n") +
             "\nThese formats protect keys worse than the keyring: a bin or json lets who has it try passwords at the "
             "speed of a\nhash, a wif not even that.\n");
    c.callback([o, &chosen] { chosen = [o] { return wallet_export(*o); }; });
}

void add_list(CLI::App& wallet, std::function<int()>& chosen)
{
    auto const o = std::make_shared<wallet_list_options>();
    CLI::App& c = *wallet.add_subcommand("list", "Shows a keyring's public keys, labels and addresses");
    add_common(c, o->wallet);
    c.add_flag("--no-passphrase", o->no_passphrase,
               "What the file says in clear, where it was made with --list-public-keys; nobody vouches for it");
    c.add_flag("--json", o->json,
               "For programs: {\"public_key\",\"label\",\"addresses\"} each line, with all five forms of addresses");
    c.footer(examples("  bts wallet list --keyring ~/.bts/keys\n"));
    c.callback([o, &chosen] { chosen = [o] { return wallet_list(*o); }; });
}

void add_passphrase(CLI::App& wallet, std::function<int()>& chosen)
{
    auto const o = std::make_shared<wallet_passphrase_options>();
    CLI::App& c = *wallet.add_subcommand("passphrase", "Puts a keyring under another passphrase");
    add_common(c, o->wallet);
    c.add_option("--new-passphrase-file", o->new_passphrase_file,
                 "Its first line is the new passphrase (default: asked twice on the terminal)")
        ->type_name("FILE")
        ->check(program::check_not_empty);
    add_cost(c, o->cost, "as it is");
    auto* const list = c.add_flag("--list-public-keys", o->list_public_keys, "Put public keys and labels in clear");
    c.add_flag("--hide-public-keys", o->hide_public_keys, "Do not")->excludes(list);
    c.footer(examples("  bts wallet passphrase --keyring ~/.bts/keys\n") +
             "\nCopies of the file keep the old passphrase.\n");
    c.callback([o, &chosen] { chosen = [o] { return wallet_passphrase(*o); }; });
}

} // namespace

void add_wallet_commands(CLI::App& app, std::function<int()>& chosen)
{
    CLI::App& wallet = *app.add_subcommand("wallet", "Keys in a file under a passphrase: import, export, list");
    wallet.require_subcommand(1);
    wallet.footer("\nExamples:\n  bts wallet import --keyring ~/.bts/keys bts_default_20260101.bin\n"
                  "  bts wallet list --keyring ~/.bts/keys\n");
    add_import(wallet, chosen);
    add_export(wallet, chosen);
    add_list(wallet, chosen);
    add_passphrase(wallet, chosen);
}

} // namespace bts_program
