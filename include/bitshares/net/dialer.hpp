#pragma once

#include <bitshares/net/logger.hpp>
#include <bitshares/net/node_url.hpp>
#include <bitshares/net/proxy.hpp>
#include <bitshares/net/resolver.hpp>
#include <bitshares/net/tls.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/beast/core/stream_traits.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

/** @file
    How a connection is made, up to where the protocol begins that is spoken over it: name, address, proxy, TLS. Needs Asio
    and Beast, and is for the transports only.
*/

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE::detail {

namespace beast = boost::beast;

/* The streams below a WebSocket. They are types of our own for the sake of one function: when a connection fails, Beast
   tears it down before it tells, which by default means to wait until the other side has hung up too. A call must not wait
   for that. */
class plain_stream : public beast::tcp_stream
{
public:
    explicit plain_stream(asio::any_io_executor const& executor) : beast::tcp_stream(executor) {}
};

// asio::ssl::stream, not beast::ssl_stream, which clang finds ambiguous in Boost 1.81.
class tls_stream : public asio::ssl::stream<beast::tcp_stream>
{
public:
    tls_stream(asio::any_io_executor const& executor, asio::ssl::context& context)
        : asio::ssl::stream<beast::tcp_stream>(executor, context)
    {}
};

template <class Handler>
void tear_down(beast::tcp_stream& stream, Handler&& handler)
{
    error_code ignored;
    stream.socket().shutdown(asio::socket_base::shutdown_send, ignored);
    asio::post(stream.get_executor(), beast::bind_front_handler(std::forward<Handler>(handler), error_code()));
}

// Found by Beast through argument-dependent look-up.
template <class Handler>
void async_teardown(beast::role_type, plain_stream& stream, Handler&& handler)
{
    tear_down(stream, std::forward<Handler>(handler));
}
template <class Handler>
void async_teardown(beast::role_type, tls_stream& stream, Handler&& handler)
{
    tear_down(stream.next_layer(), std::forward<Handler>(handler));
}

// Addresses of both families in turn, beginning with the resolver's first: one family that leads nowhere costs one attempt.
inline std::vector<asio::ip::address> interleaved(std::vector<asio::ip::address> const& addresses)
{
    std::vector<asio::ip::address> sorted[2];
    for (asio::ip::address const& a : addresses)
        sorted[a.is_v6() == addresses.front().is_v6() ? 0 : 1].push_back(a);
    std::vector<asio::ip::address> mixed;
    for (std::size_t i = 0; i < addresses.size(); ++i)
        for (auto const& family : sorted)
            if (i < family.size())
                mixed.push_back(family[i]);
    return mixed;
}

// What many connections share. It is made at the first one over TLS: loading the system's authorities takes some 10 ms that
// plain connections need not pay.
class shared_tls_context
{
public:
    asio::ssl::context* get(tls_options const& options, error_code& ec, std::string& detail)
    {
        std::lock_guard const lock(mutex_);
        if (context_)
            return &*context_;
        std::unique_ptr<asio::ssl::context> context;
        try
        {
            context = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_client);
        }
        catch (boost::system::system_error const& e)
        {
            ec = e.code();
            return nullptr;
        }
        SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
        if (options.system_authorities())
            context->set_default_verify_paths(ec);
        for (std::string const& file : options.ca_files())
            if (!ec && context->load_verify_file(file, ec))
                detail = "CA file " + file;
        if (ec)
        {
            ec = errc::file_error;
            return nullptr;
        }
        context_ = std::move(context);
        return &*context_;
    }

private:
    std::mutex mutex_;
    std::unique_ptr<asio::ssl::context> context_;
};

/* Where a connection leads, and how. What it refers to outlives the dialer. */
struct dial_target
{
    std::string const& host;
    std::uint16_t port;
    tls_options const& tls;
    std::optional<proxy> const& through;
    bitshares::resolver& names;
    std::chrono::milliseconds timeout; // divided among addresses; the whole is the owner's to keep
};

/* Makes the connection of a stream, once. Its handler is called from the executor and not inside of open(); not at all after
   cancel(). What holds the stream is kept alive by what is under way. */
template <class Layer>
class dialer
{
public:
    static constexpr bool has_tls = std::is_same_v<Layer, tls_stream>;
    using handler_type = asio::any_completion_handler<void(error_code)>;
    using say_function = std::function<void(log_level, std::string const&)>;

    dialer(Layer& layer, dial_target const& target, say_function say)
        : layer_(layer), target_(target), say_(std::move(say))
    {}

    void open(std::shared_ptr<void> owner, handler_type handler)
    {
        handler_.swap(handler); // Boost 1.81: move assignment never returns
        std::string const& host = target_.through ? target_.through->host() : target_.host;
        port_ = target_.through ? target_.through->port() : target_.port;
        detail_ = "looking up " + host;
        target_.names.async_resolve(
            host, layer_.get_executor(),
            asio::bind_cancellation_slot(lookup_.slot(),
                                         [this, owner](error_code ec, std::vector<asio::ip::address> found) mutable {
                                             if (!handler_)
                                                 return; // ended meanwhile
                                             if (ec || found.empty())
                                                 return end(ec ? ec : make_error_code(errc::name_not_found));
                                             addresses_ = interleaved(found);
                                             connect_next(std::move(owner));
                                         }));
    }

    /// Ends it without calling the handler. The stream is the owner's to close.
    void cancel()
    {
        handler_type().swap(handler_);
        lookup_.emit(asio::cancellation_type::terminal);
    }

    /// What is waited for; after a failure, what is known of it.
    std::string const& detail() const { return detail_; }

private:
    beast::tcp_stream& tcp() { return beast::get_lowest_layer(layer_); }

    void end(error_code ec)
    {
        handler_type handler;
        handler.swap(handler_);
        std::move(handler)(ec);
    }

    void fail(error_code ec, std::string detail)
    {
        detail_ = std::move(detail);
        end(ec);
    }

    // Each address is tried for a short time, as one family may lead nowhere; those that were too slow then for longer.
    void connect_next(std::shared_ptr<void> owner)
    {
        if (next_address_ == addresses_.size())
        {
            addresses_ = std::exchange(slow_, {});
            next_address_ = 0;
            patience_ *= 3;
        }
        asio::ip::tcp::endpoint const endpoint(addresses_[next_address_++], port_);
        detail_ = "connecting to " + bracketed(endpoint.address().to_string()) + ':' + std::to_string(port_);
        say_(log_level::debug, detail_);
        auto const share = target_.timeout / static_cast<int>(std::min<std::size_t>(addresses_.size(), 4));
        if (addresses_.size() > 1)
            tcp().expires_after(std::min<std::chrono::milliseconds>(share, patience_));
        else
            tcp().expires_never(); // the whole is the owner's to keep
        tcp().async_connect(
            endpoint, [this, owner, more = patience_ < share, address = endpoint.address()](error_code ec) mutable {
                if (!handler_)
                    return;
                if (ec == beast::error::timeout && more)
                    slow_.push_back(address);
                if (ec && (next_address_ < addresses_.size() || !slow_.empty()))
                {
                    say_(log_level::debug, detail_ + ": " + ec.message());
                    error_code ignored;
                    tcp().socket().close(ignored);
                    return connect_next(std::move(owner));
                }
                if (ec)
                    return end(ec == beast::error::timeout ? make_error_code(errc::timed_out) : ec);
                connected(std::move(owner));
            });
    }

    void connected(std::shared_ptr<void> owner)
    {
        tcp().expires_never();
        error_code ignored;
        tcp().socket().set_option(asio::ip::tcp::no_delay(true), ignored);
        tcp().socket().set_option(asio::socket_base::keep_alive(true), ignored);
        if (!target_.through)
            return secure(std::move(owner));
        detail_ = "the handshake with proxy " + target_.through->to_string();
        proxy_.emplace(*target_.through, target_.host, target_.port);
        advance_proxy(std::move(owner));
    }

    void advance_proxy(std::shared_ptr<void> owner)
    {
        auto const failed = [](error_code ec) {
            return ec == asio::error::eof ? make_error_code(errc::proxy_refused) : ec;
        };
        switch (proxy_->current())
        {
        case proxy_handshake::state::write:
            return asio::async_write(tcp(), asio::buffer(proxy_->output()),
                                     [this, owner, failed](error_code ec, std::size_t) mutable {
                                         if (!handler_)
                                             return;
                                         if (ec)
                                             return end(failed(ec));
                                         proxy_->wrote();
                                         advance_proxy(std::move(owner));
                                     });
        case proxy_handshake::state::read:
            return tcp().async_read_some(asio::buffer(proxy_input_),
                                         [this, owner, failed](error_code ec, std::size_t n) mutable {
                                             if (!handler_)
                                                 return;
                                             if (ec)
                                                 return end(failed(ec));
                                             proxy_->received({proxy_input_.data(), n});
                                             advance_proxy(std::move(owner));
                                         });
        case proxy_handshake::state::failed:
            return fail(errc::proxy_refused, target_.through->to_string() + ": " + proxy_->reason());
        case proxy_handshake::state::done: proxy_.reset(); return secure(std::move(owner));
        }
    }

    void secure(std::shared_ptr<void> owner)
    {
        if constexpr (has_tls)
        {
            detail_ = "the TLS handshake";
            SSL* const ssl = layer_.native_handle();
            error_code no_address;
            asio::ip::make_address(target_.host, no_address);
            bool const is_name = static_cast<bool>(no_address);
            bool ok = true;
            if (is_name) // server name indication is for names only (RFC 6066, section 3)
                ok = SSL_set_tlsext_host_name(ssl, target_.host.c_str()) == 1;
            if (target_.tls.verify())
            {
                X509_VERIFY_PARAM* const rules = SSL_get0_param(ssl);
                X509_VERIFY_PARAM_set_hostflags(rules, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
                ok = ok && (is_name ? X509_VERIFY_PARAM_set1_host(rules, target_.host.data(), target_.host.size())
                                    : X509_VERIFY_PARAM_set1_ip_asc(rules, target_.host.c_str())) == 1;
                SSL_set_verify(ssl, SSL_VERIFY_PEER, nullptr);
            }
            else
            {
                SSL_set_verify(ssl, SSL_VERIFY_NONE, nullptr);
                say_(log_level::warning, "the certificate is not verified, as asked");
            }
            if (!ok) // a connection whose host name cannot be checked is not made
                return fail(errc::tls_failed, "the host name cannot be set for verification");
            layer_.async_handshake(asio::ssl::stream_base::client, [this, owner](error_code ec) {
                if (!handler_)
                    return;
                if (!ec)
                    return end({});
                long const verdict = SSL_get_verify_result(layer_.native_handle());
                if (target_.tls.verify() && verdict != X509_V_OK)
                    return fail(errc::certificate_rejected, X509_verify_cert_error_string(verdict));
                fail(errc::tls_failed, ec.message());
            });
        }
        else
            end({});
    }

    Layer& layer_;
    dial_target const target_;
    say_function const say_;
    asio::cancellation_signal lookup_;
    std::vector<asio::ip::address> addresses_;
    std::size_t next_address_ = 0;
    std::vector<asio::ip::address> slow_;     // of those that were tried
    std::chrono::milliseconds patience_{400}; // above most round trips
    std::uint16_t port_ = 0;
    handler_type handler_;
    std::optional<proxy_handshake> proxy_;
    std::array<char, 1024> proxy_input_;
    std::string detail_;
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE::detail
