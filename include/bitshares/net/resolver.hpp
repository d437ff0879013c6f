#pragma once

#include <bitshares/base/error.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/address.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace asio = boost::asio;

/// Finds the addresses of a host name. Implement it to bring your own cache or DNS library.
class resolver
{
public:
    using completion_handler = asio::any_completion_handler<void(error_code, std::vector<asio::ip::address>)>;

    resolver() = default;
    resolver(resolver const&) = delete;
    resolver& operator=(resolver const&) = delete;
    virtual ~resolver() = default;

    /** Looks a name up.

        @par Completion
        On `executor`, never inside this function. Success has at least one address.
        @par Errors
        @li `errc::name_not_found`, `errc::resolver_busy`, `errc::cancelled`, or the system's code.
        @par Per-operation cancellation
        All types: completes with `errc::cancelled`, whatever the look-up does meanwhile.
        @par Thread safety
        Safe to call from several threads.
    */
    virtual void async_resolve(std::string const& host, asio::any_io_executor const& executor,
                               completion_handler handler) = 0;
};

/// A blocking look-up, as `getaddrinfo`; called on threads of the resolver's own.
using lookup_function = std::function<std::vector<asio::ip::address>(std::string const& host, error_code& ec)>;

/// Bounds of the default resolver.
class resolver_options
{
public:
    resolver_options() = default;

    /// Threads at most; each runs one look-up, and is made for it. Default 32: all names of a list of nodes may hang at once,
    /// as they do where one name server that is dead has most of them, and the others' are still found.
    resolver_options& max_threads(std::size_t n)
    {
        max_threads_ = n;
        return *this;
    }
    /// A look-up that takes longer counts as hung; when all threads hang, new look-ups are refused. Default 5 s.
    resolver_options& hung_after(std::chrono::milliseconds d)
    {
        hung_after_ = d;
        return *this;
    }
    /// What a thread calls in place of `getaddrinfo`.
    resolver_options& lookup(lookup_function f)
    {
        lookup_ = std::move(f);
        return *this;
    }

    std::size_t max_threads() const noexcept { return max_threads_; }
    std::chrono::milliseconds hung_after() const noexcept { return hung_after_; }
    lookup_function const& lookup() const noexcept { return lookup_; }

private:
    std::size_t max_threads_ = 32;
    std::chrono::milliseconds hung_after_{5000};
    lookup_function lookup_;
};

/** The default resolver: `getaddrinfo` on a bounded number of threads that live as long as their look-ups.

    Calls for a name that is being looked up wait for that look-up, so one dead name holds one thread. Address literals need
    no thread. Destruction completes waiting handlers with `errc::cancelled` and waits for no look-up: a thread that hangs
    in the system is left to itself.
*/
BITSHARES_LAZY_DECL std::shared_ptr<resolver> make_resolver(resolver_options options = {});

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/net/resolver.ipp>
#endif
