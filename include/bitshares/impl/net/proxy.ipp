#pragma once

#include <bitshares/net/node_url.hpp>
#include <bitshares/net/proxy.hpp>

#include <boost/asio/ip/address.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

BITSHARES_DECL proxy_handshake::proxy_handshake(proxy const& through, std::string_view host, std::uint16_t port)
    : proxy_(through), host_(host), port_(port)
{
    if (proxy_.user().size() > 255 || proxy_.password().size() > 255)
        fail("user or password longer than 255 bytes");
    else if (proxy_.protocol() == proxy::protocol_type::http_connect)
    {
        std::string const target = bracketed(host_) + ':' + std::to_string(port_);
        std::string text = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n";
        if (!proxy_.user().empty())
            text += "Proxy-Authorization: Basic " + base64(proxy_.user() + ':' + proxy_.password()) + "\r\n";
        say(step::http, text + "\r\n");
    }
    else if (proxy_.user().empty())
        say(step::greeting, {"\x05\x01\x00", 3}); // version 5, one method: none
    else
        say(step::greeting, {"\x05\x02\x00\x02", 4}); // ... or user and password
}

BITSHARES_DECL void proxy_handshake::wrote()
{
    state_ = state::read;
    output_.clear();
    if (!input_.empty())
        advance();
}

BITSHARES_DECL void proxy_handshake::received(std::string_view data)
{
    input_.append(data);
    if (input_.size() > 16384)
        return fail("an endless answer");
    advance();
}

BITSHARES_DECL void proxy_handshake::request_connection()
{
    std::string text("\x05\x01\x00", 3); // version 5, connect, reserved
    error_code ec;
    auto const address = boost::asio::ip::make_address(host_, ec);
    if (ec)
    {
        if (host_.size() > 255)
            return fail("the host name is longer than 255 bytes");
        text += '\x03';
        text += static_cast<char>(host_.size());
        text += host_;
    }
    else if (address.is_v4())
    {
        text += '\x01';
        for (unsigned char byte : address.to_v4().to_bytes())
            text += static_cast<char>(byte);
    }
    else
    {
        text += '\x04';
        for (unsigned char byte : address.to_v6().to_bytes())
            text += static_cast<char>(byte);
    }
    text += static_cast<char>(port_ >> 8);
    text += static_cast<char>(port_ & 0xff);
    say(step::connect, std::move(text));
}

BITSHARES_DECL void proxy_handshake::advance()
{
    auto const at = [&](std::size_t i) { return static_cast<unsigned char>(input_[i]); };
    switch (step_)
    {
    case step::http: return advance_http();
    case step::greeting:
        if (input_.size() < 2)
            return;
        if (at(0) != 5)
            return fail("it does not speak SOCKS5");
        if (at(1) == 2 && !proxy_.user().empty())
        {
            input_.erase(0, 2);
            std::string text("\x01", 1);
            text += static_cast<char>(proxy_.user().size());
            text += proxy_.user();
            text += static_cast<char>(proxy_.password().size());
            text += proxy_.password();
            return say(step::credentials, std::move(text));
        }
        if (at(1) != 0)
            return fail(proxy_.user().empty() ? "it wants credentials" : "it accepts no credentials of this kind");
        input_.erase(0, 2);
        return request_connection();
    case step::credentials:
        if (input_.size() < 2)
            return;
        if (at(1) != 0)
            return fail("wrong user or password");
        input_.erase(0, 2);
        return request_connection();
    case step::connect:
    {
        if (input_.size() < 5)
            return;
        if (at(0) != 5)
            return fail("it does not speak SOCKS5");
        if (at(1) != 0)
        {
            static constexpr char const* reasons[] = {"",
                                                      "general failure",
                                                      "not allowed by its rules",
                                                      "network unreachable",
                                                      "host unreachable",
                                                      "connection refused",
                                                      "time to live expired",
                                                      "command not supported",
                                                      "address type not supported"};
            return fail(at(1) < std::size(reasons) ? reasons[at(1)] : "unknown reply " + std::to_string(at(1)));
        }
        std::size_t const address = at(3) == 1 ? 4u : at(3) == 4 ? 16u : at(3) == 3 ? std::size_t{1} + at(4) : 0u;
        if (address == 0)
            return fail("an address of unknown type in its answer");
        if (input_.size() < 4 + address + 2)
            return;
        if (input_.size() > 4 + address + 2)
            return fail("it speaks before the node does");
        state_ = state::done;
        return;
    }
    }
}

BITSHARES_DECL void proxy_handshake::advance_http()
{
    auto const end = input_.find("\r\n\r\n");
    if (end == std::string::npos)
        return;
    std::string_view const line = std::string_view(input_).substr(0, input_.find("\r\n"));
    if (!line.starts_with("HTTP/1.") || line.size() < 12)
        return fail("it does not speak HTTP");
    if (line[9] != '2')
    {
        std::string shown(line.substr(9, 100));
        for (char& c : shown)
            if (c < ' ' || c > '~')
                c = '?';
        return fail(shown);
    }
    if (input_.size() != end + 4)
        return fail("it speaks before the node does");
    state_ = state::done;
}

} // namespace detail

BITSHARES_DECL result<proxy> proxy::from_string(std::string_view text)
{
    auto const colon = text.find("://");
    std::string const scheme =
        colon == std::string_view::npos ? std::string() : detail::to_lower(text.substr(0, colon));
    bool const socks = scheme == "socks5" || scheme == "socks5h";
    if (!socks && scheme != "http")
        return error(errc::invalid_url, "expected socks5:// or http:// in front of the proxy");
    std::string_view rest = text.substr(colon + 3);
    if (rest.ends_with('/'))
        rest.remove_suffix(1);
    std::string user;
    std::string password;
    if (auto const at = rest.rfind('@'); at != std::string_view::npos)
    {
        std::string_view const info = rest.substr(0, at);
        auto const separator = info.find(':');
        auto const first = detail::percent_decode(info.substr(0, separator));
        auto const second = detail::percent_decode(separator == std::string_view::npos ? std::string_view()
                                                                                       : info.substr(separator + 1));
        if (!first || !second)
            return !first ? first.error() : second.error();
        user = *first;
        password = *second;
        rest.remove_prefix(at + 1);
        if (user.empty())
            return error(errc::invalid_url, "a proxy's credentials need a user");
    }
    auto const parts = detail::read_authority(rest);
    if (!parts)
        return parts.error();
    auto const port = detail::read_port(parts->port, socks ? 1080 : 8080);
    if (!port)
        return port.error();
    return proxy(socks ? protocol_type::socks5 : protocol_type::http_connect, parts->host, *port, std::move(user),
                 std::move(password));
}

BITSHARES_DECL std::string proxy::to_string() const
{
    return (protocol_ == protocol_type::socks5 ? "socks5://" : "http://") + detail::bracketed(host_) + ':' +
           std::to_string(port_);
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
