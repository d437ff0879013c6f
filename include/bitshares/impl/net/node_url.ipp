#pragma once

#include <bitshares/net/node_url.hpp>

#include <algorithm>
#include <charconv>
#include <ostream>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

BITSHARES_DECL std::string to_lower(std::string_view text)
{
    std::string lower(text);
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return lower;
}

BITSHARES_DECL std::string bracketed(std::string_view host)
{
    std::string text(host);
    return host.find(':') == std::string_view::npos ? text : '[' + text + ']';
}

BITSHARES_DECL result<std::uint16_t> read_port(std::string_view text, std::uint16_t otherwise)
{
    if (text.empty())
        return otherwise;
    std::uint16_t port = 0;
    auto const parsed = std::from_chars(text.data(), text.data() + text.size(), port);
    if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size() || port == 0)
        return error(errc::invalid_url, "the port is not a number from 1 to 65535");
    return port;
}

// The form alone; whether the address exists is the resolver's business.
inline bool is_ipv6_text(std::string_view text)
{
    auto const hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == ':' || c == '.'; };
    return text.size() >= 2 && text.size() <= 45 && std::all_of(text.begin(), text.end(), hex) &&
           std::count(text.begin(), text.end(), ':') >= 2;
}

BITSHARES_DECL result<host_and_port> read_authority(std::string_view text)
{
    host_and_port parts;
    std::string_view rest;
    if (text.starts_with('['))
    {
        auto const end = text.find(']');
        if (end == std::string_view::npos)
            return error(errc::invalid_url, "an opening bracket without a closing one");
        parts.host = to_lower(text.substr(1, end - 1));
        rest = text.substr(end + 1);
        if (!is_ipv6_text(parts.host))
            return error(errc::invalid_url, "no IPv6 address between the brackets");
    }
    else
    {
        auto const colon = text.find(':');
        parts.host = to_lower(text.substr(0, colon));
        rest = colon == std::string_view::npos ? std::string_view() : text.substr(colon);
        if (rest.find(':', 1) != std::string_view::npos)
            return error(errc::invalid_url, "an IPv6 address needs brackets: [::1]");
        auto const allowed = [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
        };
        if (parts.host.empty())
            return error(errc::invalid_url, "no host");
        if (parts.host.size() > 253)
            return error(errc::invalid_url, "the host name is longer than 253 characters");
        if (!std::all_of(parts.host.begin(), parts.host.end(), allowed))
            return error(errc::invalid_url,
                         "the host may hold letters, digits, '-', '.' and '_' only (others as xn--...)");
    }
    if (!rest.empty())
    {
        if (rest.front() != ':' || rest.size() == 1)
            return error(errc::invalid_url, "expected :port after the host");
        parts.port = rest.substr(1);
    }
    return parts;
}

BITSHARES_DECL result<std::string> percent_decode(std::string_view text)
{
    auto const digit = [](char c) {
        return c >= '0' && c <= '9'   ? c - '0'
               : c >= 'a' && c <= 'f' ? c - 'a' + 10
               : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                      : -1;
    };
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i)
    {
        if (text[i] != '%')
        {
            out += text[i];
            continue;
        }
        int const high = i + 2 < text.size() ? digit(text[i + 1]) : -1;
        int const low = i + 2 < text.size() ? digit(text[i + 2]) : -1;
        if (high < 0 || low < 0)
            return error(errc::invalid_url, "a % in the credentials without two hexadecimal digits behind");
        out += static_cast<char>(high << 4 | low);
        i += 2;
    }
    return out;
}

BITSHARES_DECL std::string base64(std::string_view text)
{
    static constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i < text.size(); i += 3)
    {
        std::uint32_t group = 0;
        for (std::size_t k = 0; k < 3; ++k)
            group = group << 8 | (i + k < text.size() ? static_cast<unsigned char>(text[i + k]) : 0u);
        for (std::size_t k = 0; k < 4; ++k)
            out += i + k <= text.size() ? digits[group >> (18 - 6 * k) & 63] : '=';
    }
    return out;
}

} // namespace detail

BITSHARES_DECL result<node_url> node_url::from_string(std::string_view text)
{
    node_url url;
    auto const colon = text.find("://");
    std::string const scheme =
        colon == std::string_view::npos ? std::string() : detail::to_lower(text.substr(0, colon));
    if (scheme != "ws" && scheme != "wss")
        return error(errc::invalid_url, "expected ws:// or wss:// in front");
    url.secure_ = scheme == "wss";
    std::string_view const rest = text.substr(colon + 3);
    std::string_view const authority = rest.substr(0, rest.find_first_of("/?#"));
    if (authority.find('@') != std::string_view::npos)
        return error(errc::invalid_url, "credentials in a node's URL are refused: URLs are logged");
    auto const parts = detail::read_authority(authority);
    if (!parts)
        return parts.error();
    url.host_ = parts->host;
    auto const port = detail::read_port(parts->port, url.secure_ ? 443 : 80);
    if (!port)
        return port.error();
    url.port_ = *port;

    std::string_view const target = rest.substr(authority.size());
    auto const printable = [](char c) { return c > ' ' && c < 0x7f; };
    if (target.find('#') != std::string_view::npos)
        return error(errc::invalid_url, "a fragment (#...) means nothing to a node");
    if (!std::all_of(target.begin(), target.end(), printable))
        return error(errc::invalid_url, "the path holds a blank, a control character or a character outside ASCII");
    url.has_path_ = !target.empty();
    url.target_ = target.starts_with('/') ? std::string(target) : '/' + std::string(target);
    return url;
}

BITSHARES_DECL std::string node_url::authority() const
{
    std::string text = detail::bracketed(host_);
    if (port_ != (secure_ ? 443 : 80))
        text += ':' + std::to_string(port_);
    return text;
}

BITSHARES_DECL std::string node_url::to_string() const
{
    return (secure_ ? "wss://" : "ws://") + authority() + (target_ == "/" ? std::string() : target_);
}

BITSHARES_DECL std::ostream& operator<<(std::ostream& out, node_url const& url)
{
    return out << url.to_string();
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
