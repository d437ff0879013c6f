#include "needs.hpp"

#include "transaction_line.hpp"

#include <bitshares/crypto/signature.hpp>
#include <bitshares/protocol/raw_json.hpp>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

namespace bts_program {

using namespace bitshares;

namespace {

// Of an account's many members, those that are needed; optional, so that a missing one is seen.
struct account_line
{
    std::optional<account_id> id;
    std::string name;
    std::optional<authority> owner;
    std::optional<authority> active;

    BITSHARES_FIELDS((id), (name), (owner), (active))
};

struct any_object_line
{
    std::optional<any_object_id> id;

    BITSHARES_FIELDS((id))
};

result<void> add_object(settings const& s, std::string_view json, account_set& accounts)
{
    json_options const options{.mode = json_mode::lenient, .key_prefix = s.prefix};
    auto const object = from_json<any_object_line>(json, options);
    if (!object)
        return object.error();
    if (object->id && object->id->space() == custom_authority_id::space() &&
        object->id->type() == custom_authority_id::type())
    {
        auto custom = from_json<custom_authority_object>(json, options);
        if (!custom)
            return custom.error();
        accounts.add(std::move(*custom));
        return {};
    }
    auto account = from_json<account_line>(json, options);
    if (!account)
        return account.error();
    if (!account->id)
        return error(errc::missing_member, "an account's id", "/id");
    if (!account->owner)
        return error(errc::missing_member, "of account " + account->id->to_string(), "/owner");
    if (!account->active)
        return error(errc::missing_member, "of account " + account->id->to_string(), "/active");
    accounts.add(*account->id, std::move(account->name), std::move(*account->owner), std::move(*account->active));
    return {};
}

result<void> add_value(settings const& s, std::string_view json, account_set& accounts)
{
    std::size_t const first = json.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos || json.substr(first).starts_with("null"))
        return {};
    if (json[first] != '[')
        return add_object(s, json, accounts);
    auto const values = from_json<std::vector<raw_json>>(json);
    if (!values)
        return values.error();
    for (std::size_t i = 0; i < values->size(); ++i)
        if ((*values)[i].text != "null")
            if (auto const added = add_object(s, (*values)[i].text, accounts); !added)
                return error(added.error().code(), added.error().detail(),
                             "/" + std::to_string(i) + added.error().path());
    return {};
}

void append_missing(std::string& out, std::vector<missing_part> const& parts, std::string_view prefix)
{
    out += ",\"add\":[";
    for (missing_part const& part : parts)
    {
        if (&part != parts.data())
            out += ',';
        if (part.key)
            out += "{\"key\":" + json_quote(part.key->to_string(prefix));
        else if (part.address)
            out += "{\"address\":" + json_quote(part.address->to_string(prefix));
        else
            out += "{\"account\":" + json_quote(part.account->to_string()) + ",\"name\":" + json_quote(part.name);
        out += ",\"weight\":" + std::to_string(part.weight);
        if (part.account && part.account_given)
        {
            out += ",\"threshold\":" + std::to_string(part.threshold) + ",\"has\":" + std::to_string(part.satisfied);
            append_missing(out, part.parts, prefix);
        }
        else if (part.account)
            out += ",\"given\":false";
        out += '}';
    }
    out += ']';
}

std::string_view role_text(missing_authority::role role)
{
    switch (role)
    {
    case missing_authority::role::active: return "active";
    case missing_authority::role::owner: return "owner";
    case missing_authority::role::other: break;
    }
    return "other";
}

template <class Values, class Text>
void append_list(std::string& out, Values const& values, Text text)
{
    bool first = true;
    for (auto const& value : values)
    {
        out += first ? "\"" : ",\"";
        out += text(value);
        out += '"';
        first = false;
    }
    out += ']';
}

} // namespace

result<account_set> read_accounts(settings const& s, std::string const& file)
{
    std::ifstream in(file, std::ios::binary);
    if (!in)
        return error(errc::file_error, file + ": " + std::strerror(errno));
    std::string const text{std::istreambuf_iterator<char>(in), {}};
    account_set accounts;
    // One value over several lines, as pretty printers make it, or one on each line.
    if (from_json<raw_json>(text))
    {
        if (auto const added = add_value(s, text, accounts); !added)
            return added.error();
        return accounts;
    }
    std::size_t number = 0;
    for (std::size_t at = 0; at < text.size();)
    {
        ++number;
        std::size_t const end = std::min(text.find('\n', at), text.size());
        if (auto const added = add_value(s, std::string_view(text).substr(at, end - at), accounts); !added)
            return error(added.error().code(), "line " + std::to_string(number) + ": " + added.error().detail(),
                         added.error().path());
        at = end + 1;
    }
    return accounts;
}

result<void> needs_line(settings const& s, account_source const& accounts, authority_options const& options,
                        std::string_view line, std::string& out)
{
    auto read = from_json<transaction_line>(line, s.json());
    if (!read)
        return read.error();
    signed_transaction const tx = std::move(*read).take();
    for (std::size_t i = 0; i < tx.operations.size(); ++i)
        if (!tx.operations[i].known())
            return error(errc::unknown_tag, "what it needs is not known", "/operations/" + std::to_string(i));
    std::vector<public_key> signed_by;
    if (!tx.signatures.empty())
    {
        auto const digest = signing_digest(tx, *s.chain_id);
        if (!digest)
            return digest.error();
        for (std::size_t i = 0; i < tx.signatures.size(); ++i)
        {
            auto const key = recover(*digest, tx.signatures[i]);
            if (!key)
                return error(key.error().code(), key.error().detail(), "/signatures/" + std::to_string(i));
            signed_by.push_back(*key);
        }
    }

    auto const status = check_authority(tx, signed_by, accounts, options);
    auto const text = [&s](auto const& value) { return value.to_string(s.prefix); };
    out += status.satisfied ? "{\"satisfied\":true,\"keys\":[" : "{\"satisfied\":false,\"keys\":[";
    append_list(out, potential_signatures(tx, accounts, options), text);
    out += ",\"missing\":[";
    for (missing_authority const& missing : status.missing)
    {
        if (&missing != status.missing.data())
            out += ',';
        out += "{\"authority\":\"";
        out += role_text(missing.what);
        out += '"';
        if (missing.account)
            out += ",\"account\":\"" + missing.account->to_string() + "\",\"name\":" + json_quote(missing.name);
        if (missing.account_given)
        {
            out +=
                ",\"threshold\":" + std::to_string(missing.threshold) + ",\"has\":" + std::to_string(missing.satisfied);
            append_missing(out, missing.parts, s.prefix);
        }
        else
            out += ",\"given\":false";
        out += '}';
    }
    out += ']';
    if (status.reason)
    {
        out += ",\"reason\":{\"code\":";
        out += json_quote(name(static_cast<errc>(status.reason->code().value())));
        out += ",\"message\":" + json_quote(status.reason->message()) + "}";
    }
    if (!status.superfluous.empty())
    {
        out += ",\"superfluous\":[";
        append_list(out, status.superfluous, text);
    }
    if (auto const needed = accounts_needed(tx, accounts, options); !needed.empty())
    {
        out += ",\"accounts_needed\":[";
        append_list(out, needed, [](account_id account) { return account.to_string(); });
    }
    out += '}';
    return {};
}

} // namespace bts_program
