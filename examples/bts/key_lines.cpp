#include "key_lines.hpp"

#include <bitshares/base/hex.hpp>
#include <bitshares/base/utf8.hpp>
#include <bitshares/crypto/brain_key.hpp>
#include <bitshares/crypto/memo.hpp>
#include <bitshares/crypto/private_key.hpp>
#include <bitshares/crypto/public_key.hpp>

namespace bts_program {

using namespace bitshares;

namespace {

// What a line of `bts key` may have. Which members belong together is checked behind.
struct key_line
{
    std::optional<std::string> wif, private_hex, brain_key, form, account, role, password, public_key;
    std::optional<std::uint64_t> sequence;

    key_line() = default;
    key_line(key_line&&) = default;
    key_line& operator=(key_line&&) = delete;
    ~key_line()
    {
        for (auto* const text : {&wif, &private_hex, &brain_key, &password})
            if (*text)
                secure_wipe((*text)->data(), (*text)->size());
    }

    BITSHARES_FIELDS((wif), (private_hex), (brain_key), (sequence), (form), (account), (role), (password), (public_key))
};

struct memo_to_write
{
    std::string from_wif, to_public_key;
    std::uint64_t nonce = 0;
    std::string text;

    memo_to_write() = default;
    memo_to_write(memo_to_write&&) = default;
    memo_to_write& operator=(memo_to_write&&) = delete;
    ~memo_to_write()
    {
        secure_wipe(from_wif.data(), from_wif.size());
        secure_wipe(text.data(), text.size());
    }

    BITSHARES_FIELDS((from_wif), (to_public_key), (nonce), (text))
};

struct memo_to_read
{
    std::string wif;
    memo_data memo;

    memo_to_read() = default;
    memo_to_read(memo_to_read&&) = default;
    memo_to_read& operator=(memo_to_read&&) = delete;
    ~memo_to_read() { secure_wipe(wif.data(), wif.size()); }

    BITSHARES_FIELDS((wif), (memo))
};

// Texts that are hashed or encrypted may hold any character: no node misreads them.
json_options reading(settings const& s)
{
    auto options = s.json();
    options.any_character = true;
    return options;
}

// What is wrong and where; the detail could quote a secret that stands in the wrong place.
error without_detail(error const& e)
{
    return error(e.code(), {}, e.path());
}

error at(error const& e, std::string path)
{
    return error(e.code(), e.detail(), std::move(path));
}

// A text that is no key is not quoted: it may be one of another kind, put in the wrong place.
result<public_key> read_public_key(std::string_view text, std::string_view prefix, std::string path)
{
    auto const key = public_key::from_string(text, prefix);
    if (!key)
        return error(key.error().code(), "expected a public key that begins with " + std::string(prefix),
                     std::move(path));
    if (!is_point(*key))
        return error(errc::invalid_public_key, {}, std::move(path));
    return *key;
}

result<private_key> read_wif(std::string_view text, std::string path)
{
    auto key = private_key::from_wif(text);
    if (!key)
        return at(key.error(), std::move(path));
    return key;
}

result<private_key> read_private_hex(std::string_view text)
{
    secret<32> number;
    if (text.size() != 64 || !detail::read_hex(text, number.data()))
        return error(errc::invalid_hex, "64 digits are a private key", "/private_hex");
    auto key = private_key::from_bytes(number.span());
    if (!key)
        return at(key.error(), "/private_hex");
    return key;
}

result<private_key> derive_brain_key(key_line const& line, bool lenient)
{
    if (!line.sequence && !lenient)
        return error(errc::missing_member, {}, "/sequence");
    if (!line.form && !lenient)
        return error(errc::missing_member, {}, "/form");
    std::string const form = line.form.value_or("cli_wallet");
    if (form != "cli_wallet" && form != "verbatim" && form != "exact")
        return error(errc::wrong_type, "cli_wallet, verbatim or exact", "/form");
    auto key = brain_key(*line.brain_key, line.sequence.value_or(0),
                         form == "cli_wallet" ? brain_key_form::cli_wallet
                         : form == "verbatim" ? brain_key_form::verbatim
                                              : brain_key_form::exact);
    if (!key)
        return at(key.error(), "/brain_key");
    return key;
}

result<private_key> derive_password_key(key_line const& line)
{
    if (!line.account)
        return error(errc::missing_member, {}, "/account");
    if (!line.role)
        return error(errc::missing_member, {}, "/role");
    auto key = password_key(*line.account, *line.role, *line.password);
    if (!key)
        return at(key.error(), "/password");
    return key;
}

// A line tells a key in one way, and nothing that belongs to another.
result<void> check_members(key_line const& line)
{
    struct way
    {
        bool given;
        char const* name;
    };
    way const ways[] = {{line.wif.has_value(), "wif"},
                        {line.private_hex.has_value(), "private_hex"},
                        {line.brain_key.has_value(), "brain_key"},
                        {line.password.has_value(), "password"},
                        {line.public_key.has_value(), "public_key"}};
    char const* first = nullptr;
    for (auto const& w : ways)
    {
        if (!w.given)
            continue;
        if (first)
            return error(errc::unknown_member, "beside " + std::string(first), std::string("/") + w.name);
        first = w.name;
    }
    if (!first && (line.account || line.role))
        return error(errc::missing_member, {}, "/password");
    if (!first)
        return error(errc::missing_member, "one of wif, private_hex, brain_key, password and public_key");
    way const parts[] = {{line.sequence && !line.brain_key, "sequence"},
                         {line.form && !line.brain_key, "form"},
                         {line.account && !line.password, "account"},
                         {line.role && !line.password, "role"}};
    for (auto const& p : parts)
        if (p.given)
            return error(errc::unknown_member, "beside " + std::string(first), std::string("/") + p.name);
    return {};
}

} // namespace

result<void> describe_key(settings const& s, bool show_private, std::string_view line, std::string& out)
{
    auto const read = from_json<key_line>(line, reading(s));
    if (!read)
        return without_detail(read.error());
    if (auto const good = check_members(*read); !good && !s.lenient)
        return good.error();

    std::optional<private_key> key;
    std::optional<public_key> open;
    if (read->public_key)
    {
        auto const given = read_public_key(*read->public_key, s.prefix, "/public_key");
        if (!given)
            return given.error();
        open = *given;
    }
    else
    {
        auto made = read->wif           ? read_wif(*read->wif, "/wif")
                    : read->private_hex ? read_private_hex(*read->private_hex)
                    : read->brain_key   ? derive_brain_key(*read, s.lenient)
                    : read->password    ? derive_password_key(*read)
                                        : error(errc::missing_member);
        if (!made)
            return made.error();
        key = std::move(*made);
        open = key->to_public();
    }
    auto const addresses = addresses_of(*open);
    if (!addresses)
        return addresses.error();
    out.append("{\"public_key\":").append(json_quote(open->to_string(s.prefix)));
    out.append(",\"public_key_hex\":\"").append(to_hex(open->data)).append("\",\"addresses\":[");
    for (auto const& a : addresses->all())
        out.append(json_quote(a.to_string(s.prefix))).push_back(',');
    out.back() = ']';
    if (show_private && key)
        out.append(",\"wif\":\"").append(key->to_wif().view()).push_back('"');
    out.push_back('}');
    return {};
}

result<void> encrypt_memo_line(settings const& s, std::string_view line, std::string& out)
{
    auto const read = from_json<memo_to_write>(line, reading(s));
    if (!read)
        return without_detail(read.error());
    auto const from = read_wif(read->from_wif, "/from_wif");
    if (!from)
        return from.error();
    auto const to = read_public_key(read->to_public_key, s.prefix, "/to_public_key");
    if (!to)
        return to.error();
    auto const memo = encrypt_memo(*from, *to, read->text, read->nonce);
    if (!memo)
        return memo.error();
    write_json(out, *memo, s.prefix);
    return {};
}

result<void> decrypt_memo_line(settings const& s, std::string_view line, std::string& out)
{
    auto const read = from_json<memo_to_read>(line, reading(s));
    if (!read)
        return without_detail(read.error());
    auto const key = read_wif(read->wif, "/wif");
    if (!key)
        return key.error();
    auto const text = decrypt_memo(read->memo, *key);
    if (!text)
        return at(text.error(), text.error().code() == errc::wrong_memo_key ? "/wif" : "/memo");
    out.append("{\"text\":").append(json_quote(valid_utf8(*text)));
    if (find_invalid_utf8(*text) != text->size()) // JSON cannot hold it, and nothing is to be lost
        out.append(",\"text_hex\":\"")
            .append(to_hex(std::span(reinterpret_cast<std::uint8_t const*>(text->data()), text->size())))
            .push_back('"');
    out.push_back('}');
    return {};
}

} // namespace bts_program
