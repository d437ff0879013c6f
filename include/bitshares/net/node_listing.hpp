#pragma once

#include <bitshares/detail/paged_sequence.hpp>
#include <bitshares/net/blocking_client.hpp>
#include <bitshares/rpc/listing.hpp>

#include <chrono>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** A whole list of a node, as a sequence that is read while it is walked, a page at a time.

    @code
    for (auto const& [name, id] : bitshares::node_listing(node, bitshares::listings::accounts()))
        std::cout << id << ' ' << name << '\n';
    @endcode
    Every item comes once (see @ref listing_pager), or an exception says why not. Asks the node for its limits first. A
    request that the connection broke is sent again twice.

    @par Object lifetimes
    The client outlives the listing.
    @par Thread safety
    Distinct objects: safe, also with one client. Shared objects: unsafe.
*/
template <class R, class Start>
class node_listing : public detail::paged_sequence<node_listing<R, Start>, typename R::value_type>
{
public:
    using item_type = typename R::value_type;

    node_listing(blocking_client& node, listing<R, Start> what) : node_(node), what_(std::move(what)) {}

    node_listing(node_listing const&) = delete;
    node_listing& operator=(node_listing const&) = delete;

    /** The next page, which is not empty. False: the list is at its end. After an exception the same page is asked for.

        @throws node_refused The node does not give the list.
        @throws exception `errc::invalid_reply`; the errors of @ref client::async_call.
    */
    bool next(std::vector<item_type>& page)
    {
        page.clear();
        if (!pager_)
        {
            auto const limits = ask(login::get_config()); // older nodes refuse it
            pager_.emplace(std::move(what_), limits ? *limits : application_options());
        }
        while (page.empty() && !pager_->done())
            page = pager_->take(ask(pager_->next()).value()).value();
        return !page.empty();
    }

private:
    template <class Q>
    reply<Q> ask(request<Q> const& request)
    {
        for (int attempt = 1;; ++attempt)
            try
            {
                return node_.try_call(request);
            }
            catch (exception const& e)
            {
                if (attempt == 3 || !is_transient(e.code()))
                    throw;
                std::this_thread::sleep_for(std::chrono::milliseconds(200 * attempt));
            }
    }

    blocking_client& node_;
    listing<R, Start> what_;
    std::optional<listing_pager<R, Start>> pager_;
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
