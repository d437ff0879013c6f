#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace bts_program {

/// What all commands on a keyring have in common.
struct wallet_options
{
    std::string keyring;
    std::string passphrase_file;
    std::string prefix = "BTS";
};

struct wallet_import_options
{
    wallet_options wallet;
    std::vector<std::string> files;
    std::string file_password_file;
    std::string format = "auto";
    std::string label;
    unsigned cost = 0; ///< log2(N) of scrypt; 0: as it is, or the default.
    bool list_public_keys = false;
};
int wallet_import(wallet_import_options const& o);

struct wallet_export_options
{
    wallet_options wallet;
    std::string to;
    std::string format;
    std::string file_password_file;
    std::string chain_id = "mainnet";
    bool replace = false;
    bool yes = false;
};
int wallet_export(wallet_export_options const& o);

struct wallet_list_options
{
    wallet_options wallet;
    bool no_passphrase = false;
    bool json = false;
};
int wallet_list(wallet_list_options const& o);

struct wallet_passphrase_options
{
    wallet_options wallet;
    std::string new_passphrase_file;
    unsigned cost = 0;
    bool list_public_keys = false;
    bool hide_public_keys = false;
};
int wallet_passphrase(wallet_passphrase_options const& o);

/// Adds `wallet import|export|list|passphrase`. @param chosen Set to what the command line asks for.
void add_wallet_commands(CLI::App& app, std::function<int()>& chosen);

} // namespace bts_program
