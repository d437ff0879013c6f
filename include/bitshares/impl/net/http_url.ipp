#pragma once

#include <bitshares/net/http_url.hpp>
#include <bitshares/net/node_url.hpp>

#include <algorithm>
#include <ostream>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

BITSHARES_DECL result<http_url> http_url::from_string(std::string_view text)
{
    http_url url;
    auto const colon = text.find("://");
    std::string const scheme = colon == text.npos ? std::string() : detail::to_lower(text.substr(0, colon));
    if (scheme != "http" && scheme != "https")
        return error(errc::invalid_url, "expected http:// or https:// in front");
    url.secure_ = scheme == "https";
    std::string_view const rest = text.substr(colon + 3);
    // A password with one of these in it, not encoded, would be taken for a host.
    std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
    std::string_view const path = rest.substr(authority.size());
    if (path.find('@') != path.npos)
        return error(errc::invalid_url, "an @ behind the host: in a password, write / as %2F, ? as %3F, # as %23");
    if (auto const at = authority.find('@'); at != authority.npos)
    {
        std::string_view const credentials = authority.substr(0, at);
        authority.remove_prefix(at + 1);
        if (authority.find('@') != authority.npos)
            return error(errc::invalid_url, "two @ before the host: in user and password, write it as %40");
        auto const separator = credentials.find(':');
        auto user = detail::percent_decode(credentials.substr(0, separator));
        auto password = detail::percent_decode(separator == credentials.npos ? std::string_view()
                                                                             : credentials.substr(separator + 1));
        if (!user || !password)
            return !user ? user.error() : password.error();
        auto const control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
        if (user->empty())
            return error(errc::invalid_url, "the credentials need a user");
        if (user->find(':') != user->npos) // RFC 7617, section 2
            return error(errc::invalid_url, "the user must not have a ':'");
        if (std::any_of(user->begin(), user->end(), control) ||
            std::any_of(password->begin(), password->end(), control))
            return error(errc::invalid_url, "a control character in the credentials");
        url.user_ = std::move(*user);
        url.password_ = std::move(*password);
    }
    auto const parts = detail::read_authority(authority);
    if (!parts)
        return parts.error();
    url.host_ = parts->host;
    auto const port = detail::read_port(parts->port, url.secure_ ? 443 : 80);
    if (!port)
        return port.error();
    url.port_ = *port;

    if (path.find('?') != path.npos)
        return error(errc::invalid_url, "a query (?...) has no place here: only host and path");
    if (path.find('#') != path.npos)
        return error(errc::invalid_url, "a fragment (#...) means nothing to a server");
    if (!std::all_of(path.begin(), path.end(), [](char c) { return c > ' ' && c < 0x7f; }))
        return error(errc::invalid_url, "the path holds a blank, a control character or a character outside ASCII");
    for (auto at = path.find('%'); at != path.npos; at = path.find('%', at + 1))
        if (!detail::percent_decode(path.substr(at, 3)))
            return error(errc::invalid_url, "a % in the path without two hexadecimal digits behind");
    url.path_ = path.substr(0, path.find_last_not_of('/') + 1);
    return url;
}

BITSHARES_DECL std::string http_url::authority() const
{
    std::string text = detail::bracketed(host_);
    if (port_ != (secure_ ? 443 : 80))
        text += ':' + std::to_string(port_);
    return text;
}

BITSHARES_DECL std::string http_url::to_string() const
{
    return (secure_ ? "https://" : "http://") + authority() + path_;
}

BITSHARES_DECL std::ostream& operator<<(std::ostream& out, http_url const& url)
{
    return out << url.to_string();
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
