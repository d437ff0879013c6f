#pragma once

#include <bitshares/tx/signer.hpp>
#include <bitshares/wallet/keyring.hpp>

#include <string>

namespace CLI {
class App;
}

namespace program {

/// How programs are given keys: files, never the command line.
struct key_options
{
    std::string keyring;
    std::string passphrase_file;
    std::string key_file;
};

/// Adds `--keyring`, `--passphrase-file` and `--key-file`.
void add_key_options(CLI::App& command, key_options& o);

/** No core dump of this process, and no other process of the same user that looks into its memory: for whatever holds keys
    or passphrases. What reads them below calls it. */
void keep_secrets_from_core_dumps();

/** The keys that the options name; none where they name nothing.

    A `--key-file` that others can read is used, and standard error says so.
    @throws usage_error Another file is not for its owner alone, or there is no such file; the message says what to do.
    @throws bitshares::exception The passphrase is wrong, or the file is damaged.
*/
bitshares::keyring load_keys(key_options const& o);

/** A passphrase: from a file (its first line), or else from the terminal, without echo.

    @param prompt For the terminal. @param again Ask for it twice, as for a new file.
    @throws usage_error There is neither.
*/
bitshares::secure_string read_passphrase(std::string const& file, std::string const& prompt, bool again = false);

/// Asks a person, on standard input: `question [y/N]`. @throws interrupted Ctrl-C, or there is no input any more.
bool is_confirmed(std::string const& question);

} // namespace program
