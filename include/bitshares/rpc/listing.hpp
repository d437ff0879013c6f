#pragma once

#include <bitshares/rpc/api/asset.hpp>
#include <bitshares/rpc/api/custom_operations.hpp>
#include <bitshares/rpc/api/database.hpp>
#include <bitshares/rpc/api/history.hpp>
#include <bitshares/rpc/api/login.hpp>
#include <bitshares/rpc/api/orders.hpp>

#include <compare>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// How the items of a list follow each other, and what its calls are told to begin with.
enum class listing_order : std::uint8_t
{
    ascending,  ///< By a key that grows; a call begins with the last item's key, and that item comes again.
    descending, ///< By a key that falls; a call begins with the last item's key, and that item comes again.
    counted     ///< A call begins behind so many items: what moves meanwhile can be missed, or come twice.
};

/** A list that nodes give in pages: how one is asked for, and what the next one begins with.

    Those that there are: namespace @ref listings.
    @tparam R A page: a vector or map.
    @tparam Start What a call begins with: a key of the items, or a number of them.
*/
template <class R, class Start>
class listing
{
public:
    using item_type = typename R::value_type;
    using page_type = R;
    using start_type = Start;
    using limit_member = std::optional<std::uint32_t> application_options::*;

    /// Makes the request for a page; without a start, of the list's beginning.
    using ask_function = std::function<request<R>(std::optional<Start> const& start, std::uint32_t limit)>;

    /// @param key What to begin with to get this item first; not called of a counted list.
    listing(ask_function ask, limit_member limit, listing_order order, std::function<Start(item_type const&)> key = {})
        : ask_(std::move(ask)), key_(std::move(key)), limit_(limit), order_(order)
    {}

    /// Begins here, in place of the list's first item.
    listing& from(Start start)
    {
        first_ = std::move(start);
        return *this;
    }
    /// Items a page, where the node allows as many. At least 2.
    listing& page_size(std::uint32_t items)
    {
        page_size_ = items;
        return *this;
    }

    request<R> ask(std::optional<Start> const& start, std::uint32_t limit) const { return ask_(start, limit); }
    Start key(item_type const& item) const { return key_(item); }
    std::optional<Start> const& first() const noexcept { return first_; }
    listing_order order() const noexcept { return order_; }

    /// Items to ask for at once: the node's limit, or 100, which all nodes allow, where it does not tell.
    std::uint32_t limit(application_options const& node) const
    {
        std::uint32_t const allowed = (node.*limit_).value_or(100);
        return page_size_ && *page_size_ < allowed ? *page_size_ : allowed;
    }

private:
    ask_function ask_;
    std::function<Start(item_type const&)> key_;
    limit_member limit_;
    listing_order order_;
    std::optional<Start> first_;
    std::optional<std::uint32_t> page_size_;
};

namespace detail {

template <class Key>
bool follows(Key const& a, Key const& b, listing_order order)
{
    return order == listing_order::ascending ? b < a : a < b;
}
inline bool follows(price const& a, price const& b, listing_order order)
{
    auto const c = compare(a, b); // prices that cannot be compared do not follow each other
    return c && (order == listing_order::ascending ? *c > 0 : *c < 0);
}

} // namespace detail

/** Decides what to ask for to get a whole @ref listing: every item once, in order; without any input or output.

    @code
    while (!pager.done())
        if (auto page = pager.take(ask(pager.next()))) use(*page); else fail(page.error());
    @endcode
    Items that come and go meanwhile are there or not; all others are there once. Ends with a page that is shorter than
    asked for.
*/
template <class R, class Start>
class listing_pager
{
public:
    using item_type = typename R::value_type;

    explicit listing_pager(listing<R, Start> what, application_options const& node = {})
        : what_(std::move(what)), limit_(what_.limit(node)), start_(what_.first())
    {}

    bool done() const noexcept { return done_; }

    /// The request for the next page; the same until it was taken, so that it can be sent again. @pre `!done()`
    request<R> next() const { return what_.ask(start_, limit_); }

    /** Takes the reply to @ref next; returns its items but for one that the page before had.

        @par Errors
        @li `errc::invalid_reply`: the page is longer than asked for, its items are not in order, or it brings nothing
            new although there is more. Nothing was taken.
    */
    result<std::vector<item_type>> take(R&& page)
    {
        if (page.size() > limit_)
            return error(errc::invalid_reply,
                         std::to_string(page.size()) + " items where " + std::to_string(limit_) + " were asked for");
        bool const full = page.size() == limit_;
        std::vector<item_type> items;
        if constexpr (std::is_same_v<R, std::vector<item_type>>)
            items = std::move(page);
        else
            items.assign(page.begin(), page.end());
        if (what_.order() == listing_order::counted)
        {
            if constexpr (std::is_integral_v<Start>)
            {
                if (full && begun_ && items == before_)
                    return error(errc::invalid_reply, "a page that is the one before");
                if (items.size() > std::numeric_limits<Start>::max() - start_.value_or(0))
                    return error(errc::invalid_reply, "more items than can be counted");
                start_ = start_.value_or(0) + static_cast<Start>(items.size());
                before_ = items;
            }
        }
        else if (auto const r = follow(items); !r)
            return r.error();
        if (full && items.empty())
            return error(errc::invalid_reply, "a page that brings nothing new, although there is more");
        begun_ = true;
        done_ = !full;
        return items;
    }

private:
    result<void> follow(std::vector<item_type>& items)
    {
        std::optional<Start> last;
        if (begun_)
            last = start_;
        bool again = false;
        for (std::size_t i = 0; i < items.size(); ++i)
        {
            Start key = what_.key(items[i]);
            if (i == 0 && last && key == *last)
                again = true;
            else if (last && !detail::follows(key, *last, what_.order()))
                return error(errc::invalid_reply,
                             "item " + std::to_string(i) + " of a page is not behind the one before");
            last = std::move(key);
        }
        if (again)
            items.erase(items.begin());
        if (!items.empty())
            start_ = std::move(last);
        return {};
    }

    listing<R, Start> what_;
    std::uint32_t limit_;
    std::optional<Start> start_;
    std::vector<item_type> before_; // of counted lists, in which nothing else tells a page from the next
    bool begun_ = false;
    bool done_ = false;
};

namespace detail {

// What the caller's text becomes when it is kept.
inline std::string kept(std::string_view text)
{
    return std::string(text);
}
inline std::string kept(char const* text)
{
    return text;
}
template <class T>
T kept(T const& value)
{
    return value;
}

enum class listing_form : std::uint8_t
{
    start_limit, // how the method's last parameters follow each other
    limit_start
};

/* One list: the method, the node's limit for it, and the key of an item. Called with the method's other parameters,
   which come first, it is a listing. */
template <listing_form Form, class R, class Key, class... P>
class listing_of
{
public:
    using limit_member = std::optional<std::uint32_t> application_options::*;
    static constexpr bool counted = std::is_same_v<Key, std::nullptr_t>;

    constexpr listing_of(method<R(P...)> const& ask, limit_member limit, Key key, listing_order order)
        : ask_(ask), limit_(limit), key_(key), order_(order)
    {}

    template <class... Fixed>
    auto operator()(Fixed const&... fixed) const
    {
        using start = decltype(start_of());
        constexpr std::size_t at = sizeof...(Fixed) + (Form == listing_form::limit_start ? 1 : 0);
        using parameter = std::tuple_element_t<at, std::tuple<P...>>;
        auto ask = [m = ask_, ... fixed = kept(fixed)](std::optional<start> const& from, std::uint32_t limit) {
            if constexpr (Form == listing_form::start_limit)
                return m(fixed..., given<parameter>(from), limit);
            else
                return m(fixed..., limit, given<parameter>(from));
        };
        if constexpr (counted)
            return listing<R, start>(std::move(ask), limit_, order_);
        else
            return listing<R, start>(std::move(ask), limit_, order_, key_);
    }

private:
    static auto start_of()
    {
        if constexpr (counted)
            return std::uint32_t{};
        else
            return std::decay_t<std::invoke_result_t<Key, typename R::value_type const&>>{};
    }

    // What does not begin anywhere begins with the least where the method insists on a start.
    template <class Parameter, class T>
    static auto given(std::optional<T> const& from)
    {
        if constexpr (is_optional<Parameter>)
            return Parameter(from);
        else
            return from.value_or(T{});
    }

    method<R(P...)> ask_;
    limit_member limit_;
    Key key_;
    listing_order order_;
};

template <class R, class... P, class Key>
constexpr auto by_start(method<R(P...)> const& ask, std::optional<std::uint32_t> application_options::* limit, Key key,
                        listing_order order = listing_order::ascending)
{
    return listing_of<listing_form::start_limit, R, Key, P...>(ask, limit, key, order);
}
template <class R, class... P, class Key>
constexpr auto by_limit(method<R(P...)> const& ask, std::optional<std::uint32_t> application_options::* limit, Key key,
                        listing_order order = listing_order::ascending)
{
    return listing_of<listing_form::limit_start, R, Key, P...>(ask, limit, key, order);
}

inline constexpr auto id_of_item = [](auto const& item) { return item.id; };
inline constexpr auto name_of_item = [](auto const& item) { return item.first; };

} // namespace detail

/** The lists of a node. Each is called with what the list is of: `listings::accounts()`, `listings::holders("USD")`.

    Accounts and assets are given by name or id. Methods that answer with everything at once (`get_vesting_balances`,
    `get_margin_positions`, `get_all_workers`, `get_proposed_transactions`) need none.
*/
namespace listings {

/// `()` Names and ids of all accounts, by name.
inline constexpr auto accounts =
    detail::by_start(database::lookup_accounts, &application_options::api_limit_lookup_accounts, detail::name_of_item);
/// `()` Names of accounts and ids of all witnesses, by name.
inline constexpr auto witnesses = detail::by_start(
    database::lookup_witness_accounts, &application_options::api_limit_lookup_witness_accounts, detail::name_of_item);
/// `()` Names of accounts and ids of all committee members, by name.
inline constexpr auto committee_members =
    detail::by_start(database::lookup_committee_member_accounts,
                     &application_options::api_limit_lookup_committee_member_accounts, detail::name_of_item);
/// `()` All assets, by symbol.
inline constexpr auto assets = detail::by_start(database::list_assets, &application_options::api_limit_get_assets,
                                                [](extended_asset_object const& a) { return a.symbol; });
/// `(account)` By id.
inline constexpr auto assets_by_issuer =
    detail::by_start(database::get_assets_by_issuer, &application_options::api_limit_get_assets, detail::id_of_item);
/// `(asset)` The largest amount first; counted.
inline constexpr auto holders = detail::by_start(
    asset_api::get_asset_holders, &application_options::api_limit_get_asset_holders, nullptr, listing_order::counted);
/// `(account)` By id.
inline constexpr auto orders_by_account =
    detail::by_limit(database::get_limit_orders_by_account, &application_options::api_limit_get_limit_orders_by_account,
                     detail::id_of_item);
/// `(base, quote, group)` The highest price first.
inline constexpr auto order_groups = detail::by_start(
    orders::get_grouped_limit_orders, &application_options::api_limit_get_grouped_limit_orders,
    [](limit_order_group const& g) { return g.min_price; }, listing_order::descending);
/// `(account)` By the asset borrowed.
inline constexpr auto positions_by_account =
    detail::by_start(database::get_call_orders_by_account, &application_options::api_limit_get_call_orders,
                     [](call_order_object const& c) { return c.call_price.quote.asset_id; });
/// `(account)` By id.
inline constexpr auto settlements_by_account = detail::by_start(
    database::get_settle_orders_by_account, &application_options::api_limit_get_settle_orders, detail::id_of_item);
/// `(asset)` The best first; counted.
inline constexpr auto collateral_bids =
    detail::by_limit(database::get_collateral_bids, &application_options::api_limit_get_collateral_bids, nullptr,
                     listing_order::counted);
/// `()` By id.
inline constexpr auto pools = detail::by_limit(database::list_liquidity_pools,
                                               &application_options::api_limit_get_liquidity_pools, detail::id_of_item);
/// `(asset)` By id.
inline constexpr auto pools_by_asset_a = detail::by_limit(
    database::get_liquidity_pools_by_asset_a, &application_options::api_limit_get_liquidity_pools, detail::id_of_item);
/// `(asset)` By id.
inline constexpr auto pools_by_asset_b = detail::by_limit(
    database::get_liquidity_pools_by_asset_b, &application_options::api_limit_get_liquidity_pools, detail::id_of_item);
/// `(asset)` By id.
inline constexpr auto pools_by_one_asset =
    detail::by_limit(database::get_liquidity_pools_by_one_asset, &application_options::api_limit_get_liquidity_pools,
                     detail::id_of_item);
/// `(asset, asset)` By id.
inline constexpr auto pools_by_both_assets =
    detail::by_limit(database::get_liquidity_pools_by_both_assets, &application_options::api_limit_get_liquidity_pools,
                     detail::id_of_item);
/// `(account)` By share asset.
inline constexpr auto pools_by_owner =
    detail::by_limit(database::get_liquidity_pools_by_owner, &application_options::api_limit_get_liquidity_pools,
                     [](extended_liquidity_pool_object const& p) { return p.share_asset; });
/// `()` By id.
inline constexpr auto samet_funds =
    detail::by_limit(database::list_samet_funds, &application_options::api_limit_get_samet_funds, detail::id_of_item);
/// `(account)` By id.
inline constexpr auto samet_funds_by_owner = detail::by_limit(
    database::get_samet_funds_by_owner, &application_options::api_limit_get_samet_funds, detail::id_of_item);
/// `(asset)` By id.
inline constexpr auto samet_funds_by_asset = detail::by_limit(
    database::get_samet_funds_by_asset, &application_options::api_limit_get_samet_funds, detail::id_of_item);
/// `()` By id.
inline constexpr auto credit_offers = detail::by_limit(
    database::list_credit_offers, &application_options::api_limit_get_credit_offers, detail::id_of_item);
/// `(account)` By id.
inline constexpr auto credit_offers_by_owner = detail::by_limit(
    database::get_credit_offers_by_owner, &application_options::api_limit_get_credit_offers, detail::id_of_item);
/// `(asset)` By id.
inline constexpr auto credit_offers_by_asset = detail::by_limit(
    database::get_credit_offers_by_asset, &application_options::api_limit_get_credit_offers, detail::id_of_item);
/// `()` By id.
inline constexpr auto credit_deals = detail::by_limit(
    database::list_credit_deals, &application_options::api_limit_get_credit_offers, detail::id_of_item);
/// `(credit_offer_id)` By id.
inline constexpr auto credit_deals_by_offer_id = detail::by_limit(
    database::get_credit_deals_by_offer_id, &application_options::api_limit_get_credit_offers, detail::id_of_item);
/// `(account)` By id.
inline constexpr auto credit_deals_by_offer_owner = detail::by_limit(
    database::get_credit_deals_by_offer_owner, &application_options::api_limit_get_credit_offers, detail::id_of_item);
/// `(account)` By id.
inline constexpr auto credit_deals_by_borrower = detail::by_limit(
    database::get_credit_deals_by_borrower, &application_options::api_limit_get_credit_offers, detail::id_of_item);
/// `(asset)` By id.
inline constexpr auto credit_deals_by_debt_asset = detail::by_limit(
    database::get_credit_deals_by_debt_asset, &application_options::api_limit_get_credit_offers, detail::id_of_item);
/// `(asset)` By id.
inline constexpr auto credit_deals_by_collateral_asset =
    detail::by_limit(database::get_credit_deals_by_collateral_asset, &application_options::api_limit_get_credit_offers,
                     detail::id_of_item);
/// `(account)` By id.
inline constexpr auto withdraw_permissions_by_giver =
    detail::by_start(database::get_withdraw_permissions_by_giver,
                     &application_options::api_limit_get_withdraw_permissions_by_giver, detail::id_of_item);
/// `(account)` By id.
inline constexpr auto withdraw_permissions_by_recipient =
    detail::by_start(database::get_withdraw_permissions_by_recipient,
                     &application_options::api_limit_get_withdraw_permissions_by_recipient, detail::id_of_item);
/// `()` By id.
inline constexpr auto htlcs =
    detail::by_start(database::list_htlcs, &application_options::api_limit_list_htlcs, detail::id_of_item);
/// `(account)` By id.
inline constexpr auto htlcs_by_from =
    detail::by_start(database::get_htlc_by_from, &application_options::api_limit_get_htlc_by, detail::id_of_item);
/// `(account)` By id.
inline constexpr auto htlcs_by_to =
    detail::by_start(database::get_htlc_by_to, &application_options::api_limit_get_htlc_by, detail::id_of_item);
/// `()` By id.
inline constexpr auto tickets =
    detail::by_limit(database::list_tickets, &application_options::api_limit_get_tickets, detail::id_of_item);
/// `(account)` By id.
inline constexpr auto tickets_by_account =
    detail::by_limit(database::get_tickets_by_account, &application_options::api_limit_get_tickets, detail::id_of_item);
/// `(optional account, optional catalog, optional key)` By id.
inline constexpr auto storage = detail::by_limit(custom_operations::get_storage_info,
                                                 &application_options::api_limit_get_storage_info, detail::id_of_item);
/// `(liquidity_pool_id)` Operations of a pool, newest first.
inline auto pool_history(liquidity_pool_id pool)
{
    return listing<std::vector<liquidity_pool_history_object>, std::uint64_t>(
        [pool](std::optional<std::uint64_t> const& from, std::uint32_t limit) {
            return history::get_liquidity_pool_history_by_sequence(pool, from, std::nullopt, limit);
        },
        &application_options::api_limit_get_liquidity_pool_history, listing_order::descending,
        [](liquidity_pool_history_object const& h) { return h.sequence; });
}

} // namespace listings

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
