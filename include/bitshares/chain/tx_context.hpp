#pragma once

#include <bitshares/net/blocking_client.hpp>
#include <bitshares/net/client.hpp>
#include <bitshares/tx/context.hpp>

#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// What a @ref tx_context is to hold beyond what every transaction needs. Each setter returns the options.
class tx_context_options
{
public:
    tx_context_options() = default;

    /// Fetch this asset's core exchange rate, so that fees can be paid in it. May be called for several.
    tx_context_options& fee_asset(asset_id asset)
    {
        fee_assets_.push_back(asset);
        return *this;
    }
    /// How many blocks before the last irreversible one the reference block lies: for nodes that lag. Default 0.
    tx_context_options& reference_depth(std::uint32_t blocks)
    {
        reference_depth_ = blocks;
        return *this;
    }

    std::vector<asset_id> const& fee_assets() const noexcept { return fee_assets_; }
    std::uint32_t reference_depth() const noexcept { return reference_depth_; }

private:
    std::vector<asset_id> fee_assets_;
    std::uint32_t reference_depth_ = 0;
};

namespace detail {

struct context_access
{
    using handler_type = asio::any_completion_handler<void(error_code, reply<tx_context>)>;

    BITSHARES_LAZY_DECL static void start(client& node, tx_context_options options, handler_type handler,
                                          asio::any_completion_executor foreign);
};

class initiate_context
{
public:
    using executor_type = asio::any_io_executor;

    explicit initiate_context(client& node) : node_(&node) {}

    executor_type get_executor() const noexcept { return node_->get_executor(); }

    template <class Handler>
    void operator()(Handler&& handler, tx_context_options options) const
    {
        asio::any_completion_executor foreign = foreign_executor(handler, get_executor());
        context_access::handler_type erased;
        context_access::handler_type(std::forward<Handler>(handler)).swap(erased);
        context_access::start(*node_, std::move(options), std::move(erased), std::move(foreign));
    }

private:
    client* node_;
};

} // namespace detail

/** Fetches what building a transaction needs: fees and bounds, an irreversible block to refer to, the chain's time and id.

    Four calls, of which three are sent at once.

    @par Handler signature
    `void(error_code, reply<tx_context>)`
    @par Errors
    @li Those of @ref client::async_call.
    @li `errc::wrong_chain`: the node serves another chain than @ref client_options::chain_id.
    @li `errc::asset_not_found`: there is no such fee asset.
    @li `errc::invalid_reply`: the node's answers contradict each other.
    @par Per-operation cancellation
    All types: ends with `errc::cancelled`.
    @par Object lifetimes
    The client outlives the operation.
*/
template <class CompletionToken = asio::deferred_t>
auto async_tx_context(client& node, tx_context_options options, CompletionToken&& token = CompletionToken())
{
    return asio::async_initiate<CompletionToken, void(error_code, reply<tx_context>)>(detail::initiate_context(node),
                                                                                      token, std::move(options));
}

/// As above, with the default options.
template <class CompletionToken = asio::deferred_t>
    requires(!std::convertible_to<CompletionToken, tx_context_options const&>)
auto async_tx_context(client& node, CompletionToken&& token = CompletionToken())
{
    return asio::async_initiate<CompletionToken, void(error_code, reply<tx_context>)>(detail::initiate_context(node),
                                                                                      token, tx_context_options());
}

/** As @ref async_tx_context, but waits.

    @throws exception As above. @throws node_refused The node refuses a call.
*/
BITSHARES_LAZY_DECL tx_context fetch_tx_context(blocking_client& node, tx_context_options const& options = {});

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/chain/tx_context.ipp>
#endif
