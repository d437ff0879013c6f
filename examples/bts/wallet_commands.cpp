#include "wallet_commands.hpp"

#include "online_commands.hpp"

#include <bitshares/crypto/public_key.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/wallet/cli_wallet.hpp>
#include <bitshares/wallet/keyring.hpp>
#include <bitshares/wallet/private_file.hpp>
#include <bitshares/wallet/ui_backup.hpp>
#include <common/exit_code.hpp>
#include <common/keys.hpp>
#include <common/online.hpp>
#include <common/terminal_text.hpp>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <set>
#include <sys/stat.h>
#include <unistd.h>

namespace bts_program {

using namespace bitshares;

namespace {

constexpr std::size_t max_file = std::size_t{64} << 20;

/// The system does not let a file be read or written.
class no_file : public std::runtime_error
{
    using std::runtime_error::runtime_error;
};

// What a person can mend on the command line, what is wrong with the data, and what the system refuses are three exit codes.
[[noreturn]] void refuse(std::string const& file, bitshares::error const& why)
{
    std::string const text = (why.detail().starts_with(file) ? "" : file + ": ") + why.message();
    auto const code = why.code().category() == client_category() ? static_cast<errc>(why.code().value()) : errc{};
    if (code == errc::file_not_private || code == errc::file_exists || code == errc::empty_password)
        throw program::usage_error(text);
    if (code == errc::file_error)
        throw no_file(text);
    throw bad_input(code == errc{} ? "system" : name(code), text);
}

template <class T>
T value_of(std::string const& file, result<T> read)
{
    if (!read)
        refuse(file, read.error());
    if constexpr (!std::is_void_v<T>)
        return std::move(*read);
}

bool exists(std::string const& path)
{
    return ::access(path.c_str(), F_OK) == 0;
}

std::span<std::uint8_t const> bytes_of(secure_bytes const& data)
{
    return {data.data(), data.size()};
}

std::string_view text_of(secure_bytes const& data)
{
    return {reinterpret_cast<char const*>(data.data()), data.size()};
}

// A keyring's file with its passphrase, to be written again.
struct opened
{
    keyring keys;
    secure_string passphrase;
    keyring_options options;
    bool is_new = false;
};

opened open(wallet_options const& o, bool make)
{
    opened file;
    if (make && !exists(o.keyring))
    {
        file.is_new = true;
        file.passphrase =
            program::read_passphrase(o.passphrase_file, "Passphrase for the new keyring " + o.keyring + ": ", true);
        if (file.passphrase.empty())
            throw program::usage_error("a keyring needs a passphrase");
        return file;
    }
    secure_bytes const data = value_of(o.keyring, read_private_file(o.keyring, keyring_limits{}.max_file_bytes));
    auto const info = value_of(o.keyring, inspect_keyring(bytes_of(data))); // before a person is asked
    file.options = {.cost = info.cost, .list_public_keys = info.public_keys.has_value()};
    file.passphrase = program::read_passphrase(o.passphrase_file, "Passphrase of " + o.keyring + ": ");
    file.keys = value_of(o.keyring, open_keyring(bytes_of(data), file.passphrase.view()));
    return file;
}

struct imported
{
    std::size_t added = 0;
    std::size_t known = 0;
    bool brain_key = false;
};

class importer
{
public:
    importer(wallet_import_options const& o, keyring& keys) : o_(o), keys_(keys) {}

    imported take(std::string const& path)
    {
        count_ = {};
        std::string const file = path == "-" ? "/dev/stdin" : path;
        secure_bytes data = value_of(path, read_private_file(file, max_file, file_access::any));
        std::string const format = o_.format == "auto" ? format_of(text_of(data)) : o_.format;
        if (format == "bin")
            take_backup(path, data);
        else if (format == "json")
            take_cli_wallet(path, data);
        else if (format == "keyring")
        {
            auto const password = password_of(path);
            take_keyring(value_of(path, open_keyring(bytes_of(data), password.view())));
        }
        else
        {
            // In clear: then nobody else should have read it.
            struct stat about = {};
            if (::stat(file.c_str(), &about) == 0 && S_ISREG(about.st_mode) && (about.st_mode & 077) != 0)
                refuse(path, errc::file_not_private);
            take_lines(path, text_of(data));
        }
        return count_;
    }

private:
    static std::string format_of(std::string_view data)
    {
        if (data.starts_with('\2') || data.starts_with('\3'))
            return "bin";
        if (data.starts_with("BTSKEYS"))
            return "keyring";
        std::size_t const first = data.find_first_not_of(" \t\r\n");
        return first != data.npos && data[first] == '{' ? "json" : "wif";
    }

    secure_string password_of(std::string const& path) const
    {
        return program::read_passphrase(o_.file_password_file, "Password of " + path + ": ");
    }

    void add(std::string const& path, private_key key, std::string label)
    {
        if (label.empty())
            label = o_.label;
        auto added = keys_.add(key.clone(), std::move(label));
        if (!added && added.error().code() == errc::invalid_label) // some wallets take anything
            added = keys_.add(std::move(key), o_.label);
        if (added)
            ++count_.added;
        else if (added.error().code() == errc::duplicate_key)
            ++count_.known;
        else
            refuse(path, added.error());
    }

    void take_keyring(keyring const& from)
    {
        for (keyring_entry const& entry : from.entries())
            add("", from.find(entry.key)->clone(), entry.label);
    }

    void take_backup(std::string const& path, secure_bytes const& data)
    {
        auto const password = password_of(path);
        ui_backup backup =
            value_of(path, read_ui_backup(bytes_of(data), password.view(), {.key_prefix = o_.wallet.prefix}));
        count_.brain_key = backup.brain_key.has_value();
        for (ui_backup_key& key : backup.keys)
        {
            for (std::string const& account : key.account_names)
                if (key.label.size() + account.size() < 200)
                    key.label += (key.label.empty() ? "" : ", ") + account;
            add(path, std::move(key.secret), std::move(key.label));
        }
    }

    void take_cli_wallet(std::string const& path, secure_bytes const& data)
    {
        auto const password = password_of(path);
        take_keyring(
            value_of(path, read_cli_wallet(text_of(data), password.view(), {.key_prefix = o_.wallet.prefix})).keys);
    }

    // A WIF and a label behind it; or a label in a comment above, as export writes them.
    void take_lines(std::string const& path, std::string_view text)
    {
        std::string comment;
        for (std::size_t number = 1; !text.empty(); ++number)
        {
            std::size_t const end = text.find('\n');
            std::string_view line = text.substr(0, end);
            text.remove_prefix(end == text.npos ? text.size() : end + 1);
            while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t'))
                line.remove_suffix(1);
            if (line.empty())
                continue;
            if (line[0] == '#')
            {
                comment = line.substr(1);
                continue;
            }
            std::size_t const gap = std::min(line.find_first_of(" \t"), line.size());
            auto key = private_key::from_wif(line.substr(0, gap));
            if (!key) // without the line: it is a secret, or nearly one
                throw bad_input(name(errc::not_a_wallet),
                                path + ": line " + std::to_string(number) + " is no private key (WIF)");
            line.remove_prefix(gap);
            line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
            std::string label(line);
            std::string const above = " " + key->to_public().to_string(o_.wallet.prefix) + " ";
            if (label.empty() && comment.starts_with(above))
                label = comment.substr(above.size());
            comment.clear();
            add(path, std::move(*key), std::move(label));
        }
    }

    wallet_import_options const& o_;
    keyring& keys_;
    imported count_;
};

void confirm(std::string const& question)
{
    if (::isatty(STDIN_FILENO) != 1)
        throw program::usage_error("there is no terminal to ask on; --yes does not ask. Nothing was written");
    if (!program::is_confirmed(question))
        throw program::usage_error("nothing was written");
}

secure_bytes wif_lines(keyring const& keys, std::string const& prefix)
{
    secure_bytes out;
    auto const append = [&out](std::string_view text) {
        out.append(std::span(reinterpret_cast<std::uint8_t const*>(text.data()), text.size()));
    };
    for (keyring_entry const& entry : keys.entries())
    {
        append("# " + entry.key.to_string(prefix) + " " + entry.label + "\n");
        append(keys.find(entry.key)->to_wif().view());
        append("\n");
    }
    return out;
}

std::string now_as_javascript()
{
    auto const now =
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch());
    return time_point_sec{static_cast<std::uint32_t>(now.count())}.to_string() + ".000Z";
}

bytes as_backup(keyring const& keys, std::string_view password, std::string const& prefix,
                chain_id_type const& chain_id)
{
    ui_backup backup;
    backup.public_name = "default";
    backup.chain_id = chain_id;
    backup.created = backup.last_modified = now_as_javascript();
    for (keyring_entry const& entry : keys.entries())
        backup.keys.push_back({keys.find(entry.key)->clone(), entry.key, entry.label, {}, {}});
    return value_of("", write_ui_backup(backup, password, {.key_prefix = prefix}));
}

bytes as_cli_wallet(keyring keys, std::string_view password, std::string const& prefix, chain_id_type const& chain_id)
{
    cli_wallet wallet;
    wallet.chain_id = chain_id;
    wallet.ws_server = "ws://localhost:8090";
    std::set<std::string> labels; // cli_wallet wants them all different
    for (keyring_entry const& entry : keys.entries())
        if (!entry.label.empty() && labels.insert(entry.label).second)
            wallet.labeled_keys.push_back({entry.label, entry.key});
    wallet.keys = std::move(keys);
    std::string const text = value_of("", write_cli_wallet(wallet, password, {.key_prefix = prefix}));
    return {text.begin(), text.end()};
}

void say(std::string const& text)
{
    std::cerr << "bts: " << program::printable(text) << '\n';
}

int run(bool json, std::function<int()> const& command)
{
    return guarded(json, [&command] {
        try
        {
            return command();
        }
        catch (no_file const& e)
        {
            say(e.what());
            return exit_code::incomplete;
        }
    });
}

std::string keys_text(std::size_t count)
{
    return std::to_string(count) + (count == 1 ? " key" : " keys");
}

} // namespace

int wallet_import(wallet_import_options const& o)
{
    return run(false, [&o] {
        opened file = open(o.wallet, true);
        importer from(o, file.keys);
        std::size_t added = 0;
        for (std::string const& path : o.files)
        {
            imported const count = from.take(path);
            added += count.added;
            say(path + ": " + keys_text(count.added) + " imported" +
                (count.known == 0 ? "" : ", " + std::to_string(count.known) + " there already"));
            if (count.brain_key)
                say(path + ": its brain key is not imported; keep the file for new keys of it");
        }
        bool const as_it_is =
            added == 0 && !file.is_new && o.cost == 0 && (!o.list_public_keys || file.options.list_public_keys);
        if (!as_it_is)
        {
            if (o.cost != 0)
                file.options.cost.log2_n = static_cast<std::uint8_t>(o.cost);
            file.options.list_public_keys = file.options.list_public_keys || o.list_public_keys;
            value_of(o.wallet.keyring,
                     save_keyring(o.wallet.keyring, file.keys, file.passphrase.view(),
                                  file.is_new ? existing_file::keep : existing_file::replace, file.options));
        }
        say(o.wallet.keyring + ": " + keys_text(file.keys.size()));
        return exit_code::ok;
    });
}

int wallet_export(wallet_export_options const& o)
{
    return run(false, [&o] {
        if (!o.replace && exists(o.to))
            refuse(o.to, errc::file_exists);
        chain_id_type const chain_id = program::read_chain_id(o.chain_id);
        opened file = open(o.wallet, false);
        std::size_t const count = file.keys.size();
        if (!o.yes)
            confirm(
                o.to + " will hold " + keys_text(count) +
                (o.format == "wif" ? " in clear. Write it?" : " under a password that can be tried fast. Write it?"));
        auto const existing = o.replace ? existing_file::replace : existing_file::keep;
        if (o.format == "wif")
        {
            secure_bytes const text = wif_lines(file.keys, o.wallet.prefix);
            value_of(o.to, write_private_file(o.to, bytes_of(text), existing));
        }
        else
        {
            secure_string const password =
                program::read_passphrase(o.file_password_file, "Password for " + o.to + ": ", true);
            bytes const data = o.format == "bin"
                                   ? as_backup(file.keys, password.view(), o.wallet.prefix, chain_id)
                                   : as_cli_wallet(std::move(file.keys), password.view(), o.wallet.prefix, chain_id);
            value_of(o.to, write_private_file(o.to, data, existing));
        }
        say(o.to + ": " + keys_text(count) + " written");
        return exit_code::ok;
    });
}

int wallet_list(wallet_list_options const& o)
{
    return run(o.json, [&o] {
        std::vector<keyring_entry> entries;
        if (o.no_passphrase)
        {
            std::string const& path = o.wallet.keyring;
            secure_bytes const data = value_of(path, read_private_file(path, keyring_limits{}.max_file_bytes));
            auto const info = value_of(path, inspect_keyring(bytes_of(data)));
            if (!info.public_keys)
                throw program::usage_error(path + " lists no public keys in clear: leave out --no-passphrase");
            entries = *info.public_keys;
        }
        else
            entries = open(o.wallet, false).keys.entries();
        std::string out;
        for (keyring_entry const& entry : entries)
        {
            auto const addresses = addresses_of(entry.key);
            if (!addresses)
                refuse(o.wallet.keyring, addresses.error());
            std::string const key = entry.key.to_string(o.wallet.prefix);
            if (!o.json)
            {
                out += key + "  " + addresses->own.to_string(o.wallet.prefix) +
                       (entry.label.empty() ? "" : "  " + program::printable(entry.label)) + "\n";
                continue;
            }
            out += "{\"public_key\":\"" + key + "\",\"label\":" + program::printable_json(json_quote(entry.label)) +
                   ",\"addresses\":[";
            for (address const& form : addresses->all())
                out += '"' + form.to_string(o.wallet.prefix) + "\",";
            out.back() = ']';
            out += "}\n";
        }
        if (out.empty())
            return exit_code::ok;
        out.pop_back(); // put() ends the last line
        return put(out);
    });
}

int wallet_passphrase(wallet_passphrase_options const& o)
{
    return run(false, [&o] {
        opened file = open(o.wallet, false);
        secure_string const fresh = program::read_passphrase(o.new_passphrase_file, "New passphrase: ", true);
        if (o.cost != 0)
            file.options.cost.log2_n = static_cast<std::uint8_t>(o.cost);
        file.options.list_public_keys = (file.options.list_public_keys || o.list_public_keys) && !o.hide_public_keys;
        value_of(o.wallet.keyring,
                 save_keyring(o.wallet.keyring, file.keys, fresh.view(), existing_file::replace, file.options));
        say(o.wallet.keyring + ": under the new passphrase; copies of the file keep the old one");
        return exit_code::ok;
    });
}

} // namespace bts_program
