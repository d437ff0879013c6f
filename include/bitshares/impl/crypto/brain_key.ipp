#pragma once

#include <bitshares/crypto/brain_key.hpp>
#include <bitshares/crypto/secret_hash.hpp>

#include <charconv>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

inline bool is_ascii_space(char c) noexcept
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

// The white space outside ASCII that JavaScript and Python agree on, in UTF-8.
inline constexpr std::string_view wide_spaces[] = {
    "\xc2\xa0",     "\xe1\x9a\x80", "\xe2\x80\x80", "\xe2\x80\x81", "\xe2\x80\x82", "\xe2\x80\x83",
    "\xe2\x80\x84", "\xe2\x80\x85", "\xe2\x80\x86", "\xe2\x80\x87", "\xe2\x80\x88", "\xe2\x80\x89",
    "\xe2\x80\x8a", "\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80"};

inline std::string_view trim_wide(std::string_view text) noexcept
{
    for (bool again = true; again;)
    {
        again = false;
        while (!text.empty() && is_ascii_space(text.front()))
            text.remove_prefix(1);
        while (!text.empty() && is_ascii_space(text.back()))
            text.remove_suffix(1);
        for (std::string_view const space : wide_spaces)
        {
            if (text.starts_with(space))
                text.remove_prefix(space.size()), again = true;
            if (text.ends_with(space))
                text.remove_suffix(space.size()), again = true;
        }
    }
    return text;
}

inline std::span<std::uint8_t const> as_bytes(std::string_view text) noexcept
{
    return {reinterpret_cast<std::uint8_t const*>(text.data()), text.size()};
}

} // namespace detail

BITSHARES_DECL secure_string normalize_brain_key(std::string_view text, brain_key_form form)
{
    if (form == brain_key_form::exact)
        return secure_string(text);
    if (form == brain_key_form::verbatim)
        text = detail::trim_wide(text);
    secure_string out;
    out.reserve(text.size());
    bool blank = false;
    for (char const c : text)
    {
        if (detail::is_ascii_space(c))
        {
            blank = !out.empty();
            continue;
        }
        if (blank)
            out.push_back(' ');
        blank = false;
        bool const small = form == brain_key_form::cli_wallet && c >= 'a' && c <= 'z';
        out.push_back(small ? static_cast<char>(c - 'a' + 'A') : c);
    }
    return out;
}

BITSHARES_DECL result<private_key> brain_key(std::string_view text, std::uint64_t sequence, brain_key_form form)
{
    secure_string phrase = normalize_brain_key(text, form);
    if (phrase.empty() || detail::trim_wide(text).empty())
        return error(errc::empty_brain_key);
    char digits[20];
    auto const end = std::to_chars(digits, digits + sizeof digits, sequence).ptr;
    phrase.reserve(phrase.size() + 21);
    phrase.push_back(' ');
    phrase.append(std::string_view(digits, static_cast<std::size_t>(end - digits)));
    return private_key::from_bytes(secret_sha256(secret_sha512(detail::as_bytes(phrase.view())).span()).span());
}

BITSHARES_DECL result<private_key> password_key(std::string_view account, std::string_view role,
                                                std::string_view password)
{
    if (password.empty())
        return error(errc::empty_password);
    secure_string whole;
    whole.reserve(account.size() + role.size() + password.size());
    whole.append(account);
    whole.append(role);
    whole.append(password);
    return private_key::from_bytes(secret_sha256(detail::as_bytes(whole.view())).span());
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
