#pragma once

#include <bitshares/base/hex.hpp>
#include <bitshares/crypto/signature.hpp>
#include <bitshares/detail/wide.hpp>
#include <bitshares/impl/testing/node_session.ipp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/protocol/operation.hpp>
#include <bitshares/protocol/price.hpp>
#include <bitshares/testing/chain_state.hpp>
#include <bitshares/tx/fees.hpp>

#include <openssl/evp.h>

#include <algorithm>
#include <span>
#include <utility>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {
namespace testing {
namespace detail {

using bitshares::detail::wide;

inline std::string_view title_of(node_errc code)
{
    switch (code)
    {
    case node_errc::assert_exception: return "Assert Exception";
    case node_errc::bad_cast_exception: return "Bad Cast";
    case node_errc::duplicate_transaction: return "duplicate transaction";
    case node_errc::tx_missing_active_auth: return "missing required active authority";
    case node_errc::tx_missing_owner_auth: return "missing required owner authority";
    case node_errc::tx_missing_other_auth: return "missing required other authority";
    case node_errc::tx_irrelevant_sig: return "irrelevant signature included";
    case node_errc::tx_duplicate_sig: return "duplicate signature included";
    case node_errc::invalid_committee_approval: return "committee account cannot directly approve transaction";
    case node_errc::insufficient_fee: return "insufficient fee";
    case node_errc::transfer_from_account_not_whitelisted:
    case node_errc::transfer_to_account_not_whitelisted: return "owner mismatch";
    case node_errc::transfer_restricted_transfer_asset: return "restricted transfer asset";
    case node_errc::limit_order_create_kill_unfilled: return "Killing limit order due to unable to fill";
    case node_errc::limit_order_create_insufficient_balance: return "Insufficient balance";
    case node_errc::limit_order_create_market_not_whitelisted: return "The market is not whitelisted";
    case node_errc::limit_order_create_market_blacklisted: return "The market is blacklisted";
    case node_errc::limit_order_create_selling_asset_unauthorized:
        return "The account is not allowed to transact the selling asset";
    case node_errc::limit_order_create_receiving_asset_unauthorized:
        return "The account is not allowed to transact the receiving asset";
    case node_errc::limit_order_cancel_nonexist_order: return "Order does not exist";
    case node_errc::limit_order_cancel_owner_mismatch: return "Order owned by someone else";
    case node_errc::account_create_max_auth_exceeded:
    case node_errc::account_update_max_auth_exceeded: return "Exceeds max authority fan-out";
    case node_errc::account_create_auth_account_not_found:
    case node_errc::account_update_auth_account_not_found: return "Auth account not found";
    case node_errc::proposal_create_review_period_required: return "review_period required";
    case node_errc::proposal_create_review_period_insufficient: return "review_period insufficient";
    case node_errc::unlinkable_block_exception: return "unlinkable block";
    default: return "unspecified";
    }
}

BITSHARES_DECL chain_refusal::chain_refusal(node_errc code, std::string message, char const* file, char const* method,
                                            std::string data)
    : code_(code), message_(std::move(message)), file_(file), method_(method), data_(std::move(data))
{}

BITSHARES_DECL std::string chain_refusal::json(time_point_sec now) const
{
    std::string_view const name = code_ == node_errc::unspecified_exception ? "exception" : name_of(code_);
    return error_json(static_cast<int>(code_), name, title_of(code_), message_, {file_, 1, method_}, message_, data_,
                      now.to_string());
}

BITSHARES_DECL node_error chain_refusal::error(time_point_sec now) const
{
    std::string const text = json(now);
    auto const data = member(text, "data");
    return node_error(static_cast<std::int64_t>(code_), string_value(member(text, "message")).value_or(std::string()),
                      string_value(member(data, "name")).value_or(std::string()), std::string(member(data, "stack")));
}

/* What FC_ASSERT says: the condition and the words. */
[[noreturn]] inline void assertion(std::string const& condition, std::string const& words = {},
                                   char const* file = "db_block.cpp", char const* method = "do_evaluate",
                                   std::string data = "{}")
{
    throw chain_refusal(node_errc::assert_exception, condition + ": " + words, file, method, std::move(data));
}

/* The fees of a chain whose committee has set them once, as of the recorded chains. */
inline constexpr std::string_view fees_json =
    R"({"parameters":[[0,{"fee":2000000,"price_per_kbyte":1000000}],[1,{"fee":500000}],[2,{"fee":0}],[3,{"fee":2000000}],[4,{}],[5,{"basic_fee":500000,"premium_fee":200000000,"price_per_kbyte":100000}],[6,{"fee":2000000,"price_per_kbyte":100000}],[7,{"fee":300000}],[8,{"membership_annual_fee":200000000,"membership_lifetime_fee":1000000000}],[9,{"fee":50000000}],[10,{"symbol3":"50000000000","symbol4":"30000000000","long_symbol":500000000,"price_per_kbyte":10}],[11,{"fee":50000000,"price_per_kbyte":10}],[12,{"fee":50000000}],[13,{"fee":50000000}],[14,{"fee":2000000,"price_per_kbyte":100000}],[15,{"fee":2000000}],[16,{"fee":100000}],[17,{"fee":10000000}],[18,{"fee":50000000}],[19,{"fee":100000}],[20,{"fee":500000000}],[21,{"fee":2000000}],[22,{"fee":2000000,"price_per_kbyte":10}],[23,{"fee":2000000,"price_per_kbyte":10}],[24,{"fee":100000}],[25,{"fee":100000}],[26,{"fee":100000}],[27,{"fee":2000000,"price_per_kbyte":10}],[28,{"fee":0}],[29,{"fee":500000000}],[30,{"fee":2000000}],[31,{"fee":100000}],[32,{"fee":100000}],[33,{"fee":2000000}],[34,{"fee":500000000}],[35,{"fee":100000,"price_per_kbyte":10}],[36,{"fee":100000}],[37,{}],[38,{"fee":2000000,"price_per_kbyte":10}],[39,{"fee":500000,"price_per_output":500000}],[40,{"fee":500000,"price_per_output":500000}],[41,{"fee":500000}],[42,{}],[43,{"fee":2000000}],[44,{}],[45,{"fee":2000000}],[46,{}],[47,{"fee":2000000}],[48,{"fee":2000000}],)"
    R"([49,{"fee":200000,"fee_per_day":200000}],[50,{"fee":200000,"fee_per_kb":200000}],[51,{}],[52,{"fee":200000,"fee_per_day":200000}],[53,{}],[57,{"fee":10000000}],[58,{"fee":10000000}],[59,{"fee":10000000}],[60,{"fee":0}],[61,{"fee":20000}],[62,{"fee":1000000}],[63,{"fee":200000}],[64,{"fee":200000}],[65,{"fee":0}],[66,{"fee":200000}],[67,{"fee":200000}],[68,{"fee":200000}],[69,{"fee":200000,"price_per_kbyte":200000}],[70,{"fee":0}],[71,{"fee":200000,"price_per_kbyte":200000}],[72,{"fee":200000}],[73,{"fee":200000}],[74,{}],[75,{"fee":200000}],[76,{"fee":200000}],[77,{"fee":75000}]],"scale":10000})";

inline constexpr std::size_t max_undo_blocks = 10'000;

/* Flags of assets. */
inline constexpr std::uint16_t charge_market_fee = 1;
inline constexpr std::uint16_t transfer_restricted = 8;
inline constexpr std::uint16_t disable_new_supply = 1024;

// Objects and their indices

BITSHARES_DECL bool chain_state::order_place::operator<(order_place const& other) const
{
    // The highest price first: of two in one market, a.base / a.quote > b.base / b.quote.
    auto const u = [](std::int64_t n) { return static_cast<wide>(n); };
    wide const left = u(sell_price.base.amount) * u(other.sell_price.quote.amount);
    wide const right = u(other.sell_price.base.amount) * u(sell_price.quote.amount);
    return left != right ? left > right : id < other.id;
}

inline std::pair<asset_id, asset_id> market_of(limit_order_object const& order)
{
    return {order.sell_price.base.asset_id, order.sell_price.quote.asset_id};
}

BITSHARES_DECL void chain_state::index(any_object_id id, stored_object const& before, stored_object const& after)
{
    auto const each_side = [&](auto const* type, auto const& visit) {
        using object = std::remove_cv_t<std::remove_pointer_t<decltype(type)>>;
        if (before.value)
            visit(*static_cast<object const*>(before.value.get()), false);
        if (after.value)
            visit(*static_cast<object const*>(after.value.get()), true);
    };
    auto const expires = [&](time_point_sec at, bool there) {
        there ? static_cast<void>(expirations_.emplace(at, id)) : static_cast<void>(expirations_.erase({at, id}));
    };
    auto const names = [](auto& map, std::string const& name, auto own, bool there) {
        if (there)
            map[name] = own;
        else
            map.erase(name);
    };
    if (id.space() == 1)
        switch (id.type())
        {
        case 2:
            return each_side(static_cast<account_object*>(nullptr),
                             [&](auto const& a, bool there) { names(names_, a.name, a.id, there); });
        case 3:
            return each_side(static_cast<asset_object*>(nullptr),
                             [&](auto const& a, bool there) { names(symbols_, a.symbol, a.id, there); });
        case 7:
            return each_side(static_cast<limit_order_object*>(nullptr), [&](auto const& o, bool there) {
                expires(o.expiration, there);
                auto& book = books_[market_of(o)];
                there ? static_cast<void>(book.insert({o.sell_price, o.id}))
                      : static_cast<void>(book.erase({o.sell_price, o.id}));
            });
        case 10:
            return each_side(static_cast<proposal_object*>(nullptr),
                             [&](auto const& p, bool there) { expires(p.expiration_time, there); });
        case 16:
            return each_side(static_cast<htlc_object*>(nullptr),
                             [&](auto const& h, bool there) { expires(h.conditions.time_lock.expiration, there); });
        default: return;
        }
    if (id.space() == 2)
        switch (id.type())
        {
        case 5:
            return each_side(static_cast<account_balance_object*>(nullptr), [&](auto const& b, bool there) {
                if (there)
                    balances_[{b.owner, b.asset_type}] = b.id;
                else
                    balances_.erase({b.owner, b.asset_type});
            });
        case 7:
            return each_side(static_cast<transaction_history_object*>(nullptr), [&](auto const& t, bool there) {
                expires(t.trx.expiration, there);
                if (there)
                    recent_[t.trx_id] = t.id;
                else
                    recent_.erase(t.trx_id);
            });
        case 9:
            return each_side(static_cast<account_history_object*>(nullptr), [&](auto const& h, bool there) {
                auto& list = histories_[h.account];
                if (there)
                    list.push_back(h.operation_id.instance);
                else
                    list.resize(std::min<std::size_t>(list.size(), static_cast<std::size_t>(h.sequence) - 1));
            });
        default: return;
        }
    if (id.space() == 5 && id.type() == 0)
        return each_side(static_cast<order_history_object*>(nullptr), [&](auto const& f, bool there) {
            auto& list = fills_[{f.key.base, f.key.quote}];
            if (there)
                list.push_back(f.id.instance);
            else
                list.resize(std::min<std::size_t>(list.size(), static_cast<std::size_t>(-f.key.sequence)));
        });
}

BITSHARES_DECL chain_state::chain_state(chain_options options)
    : options_(std::move(options)),
      store_([this](any_object_id id, stored_object const& before, stored_object const& after) {
          index(id, before, after);
      })
{
    options_.witnesses = std::max(options_.witnesses, 1u);
    options_.block_interval = std::max<std::uint8_t>(options_.block_interval, 1);
    options_.genesis_time.seconds -= options_.genesis_time.seconds % options_.block_interval;
    genesis();
}

BITSHARES_DECL private_key chain_state::key(std::string_view account, std::string_view role) const
{
    std::string const text = "bitshares::testing::chain " + std::to_string(options_.seed) + '\n' +
                             std::string(account) + '\n' + std::string(role);
    sha256_digest const digest =
        sha256({reinterpret_cast<std::uint8_t const*>(text.data()), text.size()}); // NOLINT: characters as bytes
    return private_key::from_bytes(digest.data).value();
}

inline authority authority_of(public_key const& key)
{
    authority a;
    a.weight_threshold = 1;
    a.key_auths = {{key, std::uint16_t{1}}};
    return a;
}

BITSHARES_DECL account_id chain_state::add_account(std::string name, authority owner, authority active,
                                                   public_key const& memo)
{
    account_object a;
    a.id = account_id(store_.next_id(account_id(0)).instance());
    a.registrar = a.referrer = a.lifetime_referrer = a.id;
    a.membership_expiration_date = time_point_sec::maximum();
    a.network_fee_percentage = 2'000;
    a.lifetime_referrer_fee_percentage = 8'000;
    a.name = name;
    a.owner = std::move(owner);
    a.active = std::move(active);
    a.options.memo_key = memo;
    a.statistics = account_statistics_id(a.id.instance);
    a.creation_time = options_.genesis_time;
    account_statistics_object statistics;
    statistics.id = a.statistics;
    statistics.owner = a.id;
    statistics.name = std::move(name);
    store_.put(std::move(statistics));
    return store_.put(std::move(a)).id;
}

BITSHARES_DECL void chain_state::genesis()
{
    std::string const text =
        "bitshares::testing::chain seed " + std::to_string(options_.seed) + " time " +
        options_.genesis_time.to_string() + " interval " + std::to_string(options_.block_interval) + " maintenance " +
        std::to_string(options_.maintenance_interval) + " witnesses " + std::to_string(options_.witnesses) + " core " +
        options_.core_symbol + " prefix " + options_.key_prefix + " bank " + std::to_string(options_.bank_balance);
    chain_id_ = sha256({reinterpret_cast<std::uint8_t const*>(text.data()), text.size()}); // NOLINT

    authority nobody;
    nobody.weight_threshold = 1;
    authority anybody; // a threshold of 0
    authority committee = nobody;
    authority producers = nobody;
    std::vector<std::pair<account_id, std::uint16_t>> members;
    for (unsigned i = 0; i < options_.witnesses; ++i)
        members.emplace_back(account_id(6 + i), std::uint16_t{1});
    committee.account_auths = producers.account_auths = flat_map<account_id, std::uint16_t>(members);
    committee.weight_threshold = options_.witnesses / 2 + 1;
    producers.weight_threshold = options_.witnesses * 2 / 3 + 1;
    add_account("committee-account", nobody, committee, {});
    add_account("witness-account", nobody, producers, {});
    add_account("relaxed-committee-account", nobody, committee, {});
    for (auto const& [name, who] :
         {std::pair("null-account", &nobody), std::pair("temp-account", &anybody), std::pair("proxy-to-self", &nobody)})
        store_.modify<account_object>(add_account(name, *who, *who, {}), [](account_object& a) {
            a.network_fee_percentage = a.id == reserved_accounts::temp ? 2'000 : 0;
            a.lifetime_referrer_fee_percentage = a.id == reserved_accounts::temp ? 8'000 : 10'000;
        });
    auto const add = [&](std::string const& name) {
        return add_account(name, authority_of(key(name, "owner").to_public()),
                           authority_of(key(name, "active").to_public()), key(name, "memo").to_public());
    };

    global_property_object global;
    global.parameters.current_fees = from_json<fee_schedule>(fees_json).value();
    global.parameters.block_interval = options_.block_interval;
    global.parameters.maintenance_interval = options_.maintenance_interval;
    global.parameters.maintenance_skip_slots = 0;
    global.parameters.extensions.updatable_htlc_options = htlc_options{2'592'000, 1'024'000};
    std::vector<witness_id> active;
    witness_schedule_object schedule;
    for (unsigned i = 0; i < options_.witnesses; ++i)
    {
        std::string const name = "init" + std::to_string(i);
        witness_object w;
        w.id = witness_id(1 + i);
        w.witness_account = add(name);
        w.signing_key = key(name, "signing").to_public();
        w.vote_id = vote_id(vote_id::witness, i);
        active.push_back(w.id);
        store_.put(std::move(w));
        schedule.current_shuffled_witnesses.push_back(witness_id(1 + i));
        committee_member_object member;
        member.id = committee_member_id(i);
        member.committee_member_account = account_id(6 + i);
        member.vote_id = vote_id(vote_id::committee, options_.witnesses + i);
        global.active_committee_members.push_back(member.id);
        store_.put(std::move(member));
    }
    global.active_witnesses = flat_set<witness_id>(active);
    global.next_available_vote_id = 2 * options_.witnesses;
    store_.put(std::move(global));
    store_.put(std::move(schedule));

    dynamic_global_property_object dynamic;
    dynamic.time = options_.genesis_time;
    dynamic.next_maintenance_time = {(options_.genesis_time.seconds / options_.maintenance_interval + 1) *
                                     options_.maintenance_interval};
    dynamic.recent_slots_filled = {~std::uint64_t{0}, ~std::uint64_t{0}};
    store_.put(std::move(dynamic));
    chain_property_object properties;
    properties.chain_id = chain_id_;
    properties.immutable_parameters.min_witness_count = static_cast<std::uint16_t>(options_.witnesses);
    properties.immutable_parameters.min_committee_member_count = static_cast<std::uint16_t>(options_.witnesses);
    store_.put(std::move(properties));
    store_.put(block_summary_object{});

    asset_object core;
    core.symbol = options_.core_symbol;
    core.precision = 5;
    core.issuer = reserved_accounts::null;
    core.options.issuer_permissions = 0;
    core.options.core_exchange_rate = core_fee_rate;
    core.creation_time = options_.genesis_time;
    store_.put(std::move(core));
    asset_dynamic_data_object supply;
    supply.current_supply = options_.bank_balance;
    store_.put(std::move(supply));

    adjust_balance(add("bank"), {options_.bank_balance, core_asset});
}

// Looking things up

BITSHARES_DECL account_object const* chain_state::account(std::string_view name) const
{
    auto const at = names_.find(name);
    return at == names_.end() ? nullptr : store_.find<account_object>(at->second);
}

BITSHARES_DECL asset_object const* chain_state::asset(std::string_view symbol) const
{
    auto const at = symbols_.find(symbol);
    return at == symbols_.end() ? nullptr : store_.find<asset_object>(at->second);
}

BITSHARES_DECL std::int64_t chain_state::balance(account_id owner, asset_id type) const
{
    auto const at = balances_.find({owner, type});
    return at == balances_.end() ? 0 : store_.get<account_balance_object>(at->second).balance;
}

BITSHARES_DECL std::vector<bitshares::asset> chain_state::balances(account_id owner) const
{
    std::vector<bitshares::asset> result;
    for (auto at = balances_.lower_bound({owner, asset_id(0)}); at != balances_.end() && at->first.first == owner; ++at)
        result.push_back({store_.get<account_balance_object>(at->second).balance, at->first.second});
    return result;
}

BITSHARES_DECL std::vector<limit_order_id> chain_state::orders(asset_id sold, asset_id wanted) const
{
    std::vector<limit_order_id> result;
    if (auto const at = books_.find({sold, wanted}); at != books_.end())
        for (auto const& place : at->second)
            result.push_back(place.id);
    return result;
}

BITSHARES_DECL std::vector<std::uint64_t> const& chain_state::history(account_id account) const
{
    static std::vector<std::uint64_t> const none;
    auto const at = histories_.find(account);
    return at == histories_.end() ? none : at->second;
}

BITSHARES_DECL std::vector<std::uint64_t> const& chain_state::fills(asset_id a, asset_id b) const
{
    static std::vector<std::uint64_t> const none;
    auto const at = fills_.find(std::minmax(a, b));
    return at == fills_.end() ? none : at->second;
}

BITSHARES_DECL std::pair<std::uint64_t, std::uint64_t> chain_state::operations_of(std::uint32_t block_num) const
{
    if (block_num == 0 || block_num > blocks_.size())
        return {0, 0};
    return {blocks_[block_num - 1].first_operation, blocks_[block_num - 1].end_operation};
}

BITSHARES_DECL signed_block const* chain_state::block(std::uint32_t number) const
{
    return number == 0 || number > blocks_.size() ? nullptr : &blocks_[number - 1].block;
}

BITSHARES_DECL std::optional<transaction_place> chain_state::find(transaction_id const& id) const
{
    auto const at = places_.find(id);
    return at == places_.end() ? std::nullopt : std::optional(at->second);
}

BITSHARES_DECL signed_transaction const* chain_state::recent(transaction_id const& id) const
{
    auto const at = recent_.find(id);
    return at == recent_.end() ? nullptr : &store_.get<transaction_history_object>(at->second).trx;
}

BITSHARES_DECL std::optional<account_authorities> chain_state::find(account_id account) const
{
    account_object const* const found = store_.find<account_object>(account);
    if (found == nullptr)
        return {};
    return account_authorities{&found->owner, &found->active, found->name, {}};
}

BITSHARES_DECL std::string chain_state::pretty(bitshares::asset const& amount) const
{
    asset_object const& type = store_.get<asset_object>(amount.asset_id);
    std::string text = format_amount(amount.amount, type.precision);
    if (std::size_t const point = text.find('.');
        point != std::string::npos && text.find_first_not_of('0', point + 1) == std::string::npos)
        text.resize(point); // nodes print all digits behind the point, or none
    return text + ' ' + type.symbol;
}

BITSHARES_DECL bool chain_state::authorized(account_object const& account, asset_object const& asset) const
{
    if (account.allowed_assets && !account.allowed_assets->contains(asset.id))
        return false;
    for (account_id const id : account.blacklisting_accounts)
        if (asset.options.blacklist_authorities.contains(id))
            return false;
    if (asset.options.whitelist_authorities.empty())
        return true;
    for (account_id const id : account.whitelisting_accounts)
        if (asset.options.whitelist_authorities.contains(id))
            return true;
    return false;
}

BITSHARES_DECL std::int64_t chain_state::vested(vesting_balance_object const& balance, time_point_sec at)
{
    std::int64_t const there = balance.balance.amount;
    if (auto const* const linear = std::get_if<linear_vesting_policy>(&balance.policy))
    {
        if (at <= linear->begin_timestamp)
            return 0;
        std::uint32_t const elapsed = at.seconds - linear->begin_timestamp.seconds;
        if (elapsed < linear->vesting_cliff_seconds)
            return 0;
        std::int64_t const vested = elapsed < linear->vesting_duration_seconds
                                        ? static_cast<std::int64_t>(bitshares::detail::mul_div(
                                              static_cast<std::uint64_t>(linear->begin_balance), elapsed,
                                              linear->vesting_duration_seconds, false))
                                        : linear->begin_balance;
        return vested - (linear->begin_balance - there);
    }
    if (auto const* const days = std::get_if<cdd_vesting_policy>(&balance.policy))
    {
        if (at <= days->start_claim)
            return 0;
        wide const period = std::max<std::uint32_t>(days->vesting_seconds, 1);
        wide const earned = (static_cast<wide>(days->coin_seconds_earned.high) << 64 | days->coin_seconds_earned.low) +
                            static_cast<wide>(there) * (at.seconds - days->coin_seconds_earned_last_update.seconds);
        return static_cast<std::int64_t>(std::min(earned, static_cast<wide>(there) * period) / period);
    }
    return there;
}

// Balances and fees

BITSHARES_DECL void chain_state::adjust_balance(account_id owner, bitshares::asset const& delta)
{
    if (delta.amount == 0)
        return;
    auto const at = balances_.find({owner, delta.asset_id});
    std::int64_t const before = at == balances_.end() ? 0 : store_.get<account_balance_object>(at->second).balance;
    if (before + delta.amount < 0)
        assertion(at == balances_.end() ? "delta.amount > 0" : "itr->get_balance() >= -delta",
                  "Insufficient Balance: " + store_.get<account_object>(owner).name + "'s balance of " +
                      pretty({before, delta.asset_id}) + " is less than required " +
                      pretty({-delta.amount, delta.asset_id}),
                  "db_balance.cpp", "adjust_balance");
    if (at == balances_.end())
    {
        account_balance_object b;
        b.owner = owner;
        b.asset_type = delta.asset_id;
        b.balance = delta.amount;
        store_.create(std::move(b));
    }
    else
        store_.modify<account_balance_object>(at->second,
                                              [&](account_balance_object& b) { b.balance += delta.amount; });
    if (delta.asset_id == core_asset)
        store_.modify<account_statistics_object>(
            account_statistics_id(owner.instance),
            [&](account_statistics_object& s) { s.core_in_balance += delta.amount; });
}

BITSHARES_DECL void chain_state::pay_fee(account_id payer, std::int64_t core)
{
    if (core == 0)
        return;
    std::int64_t const threshold = global().parameters.cashback_vesting_threshold;
    store_.modify<account_statistics_object>(account_statistics_id(payer.instance), [&](account_statistics_object& s) {
        (core > threshold ? s.pending_fees : s.pending_vested_fees) += core;
    });
}

// Orders

BITSHARES_DECL void chain_state::cancel_order(limit_order_id id, bool virtual_operation, bool free_of_charge)
{
    limit_order_object const order = store_.get<limit_order_object>(id);
    std::int64_t deferred = order.deferred_fee;
    bitshares::asset paid = order.deferred_paid_fee;
    limit_order_cancel op;
    op.order = id;
    op.fee_paying_account = order.seller;
    if (virtual_operation && !free_of_charge && deferred > 0)
    {
        std::int64_t const charge =
            std::min(required_fee(op, global().parameters.current_fees).value().amount, deferred);
        if (charge > 0)
        {
            pay_fee(order.seller, charge);
            if (paid.amount == 0)
                op.fee = {charge, core_asset};
            else
            {
                op.fee = {static_cast<std::int64_t>(bitshares::detail::mul_div(
                              static_cast<std::uint64_t>(paid.amount), static_cast<std::uint64_t>(charge),
                              static_cast<std::uint64_t>(deferred), true)),
                          paid.asset_id};
                paid.amount -= op.fee.amount;
                store_.modify<asset_dynamic_data_object>(
                    store_.get<asset_object>(paid.asset_id).dynamic_asset_data_id,
                    [&](asset_dynamic_data_object& d) { d.accumulated_fees += op.fee.amount; });
            }
            deferred -= charge;
        }
    }
    bitshares::asset const refunded{order.for_sale, order.sell_price.base.asset_id};
    if (refunded.asset_id == core_asset)
        store_.modify<account_statistics_object>(
            account_statistics_id(order.seller.instance),
            [&](account_statistics_object& s) { s.total_core_in_orders -= refunded.amount; });
    adjust_balance(order.seller, refunded);
    if (order.deferred_paid_fee.amount == 0)
        adjust_balance(order.seller, {deferred, core_asset});
    else
    {
        adjust_balance(order.seller, paid);
        store_.modify<asset_dynamic_data_object>(store_.get<asset_object>(paid.asset_id).dynamic_asset_data_id,
                                                 [&](asset_dynamic_data_object& d) { d.fee_pool += deferred; });
    }
    if (virtual_operation)
        applied_[record(op, true)].result = refunded;
    store_.remove(id);
}

BITSHARES_DECL bool chain_state::cull_small(limit_order_id id)
{
    limit_order_object const& order = store_.get<limit_order_object>(id);
    auto const receives =
        convert({order.for_sale, order.sell_price.base.asset_id}, order.sell_price, rounding::down).value();
    if (receives.amount != 0)
        return false;
    cancel_order(id, true, order.deferred_fee > 0);
    return true;
}

BITSHARES_DECL bool chain_state::fill(limit_order_id id, bitshares::asset const& pays, bitshares::asset const& receives,
                                      bool cull, price const& at, bool is_maker)
{
    limit_order_object const order = store_.get<limit_order_object>(id);
    asset_object const& received = store_.get<asset_object>(receives.asset_id);
    bitshares::asset fee{0, receives.asset_id};
    if ((received.options.flags & charge_market_fee) != 0)
    {
        std::uint16_t const percent =
            is_maker ? received.options.market_fee_percent
                     : received.options.extensions.taker_fee_percent.value_or(received.options.market_fee_percent);
        fee.amount = std::min(static_cast<std::int64_t>(bitshares::detail::mul_div(
                                  static_cast<std::uint64_t>(receives.amount), percent, 10'000, false)),
                              received.options.max_market_fee);
        if (fee.amount > 0)
            store_.modify<asset_dynamic_data_object>(received.dynamic_asset_data_id, [&](asset_dynamic_data_object& d) {
                d.accumulated_fees += fee.amount;
            });
    }
    if (pays.asset_id == core_asset)
        store_.modify<account_statistics_object>(
            account_statistics_id(order.seller.instance),
            [&](account_statistics_object& s) { s.total_core_in_orders -= pays.amount; });
    adjust_balance(order.seller, {receives.amount - fee.amount, receives.asset_id});

    fill_order op;
    op.fee = fee;
    op.order_id = id;
    op.account_id = order.seller;
    op.pays = pays;
    op.receives = receives;
    op.fill_price = at;
    op.is_maker = is_maker;
    record(op, true);

    pay_fee(order.seller, order.deferred_fee);
    if (order.deferred_paid_fee.amount > 0)
        store_.modify<asset_dynamic_data_object>(
            store_.get<asset_object>(order.deferred_paid_fee.asset_id).dynamic_asset_data_id,
            [&](asset_dynamic_data_object& d) { d.accumulated_fees += order.deferred_paid_fee.amount; });
    if (pays.amount == order.for_sale)
    {
        store_.remove(id);
        return true;
    }
    store_.modify<limit_order_object>(id, [&](limit_order_object& o) {
        o.for_sale -= pays.amount;
        o.deferred_fee = 0;
        o.deferred_paid_fee.amount = 0;
        wide const filled =
            (static_cast<wide>(o.filled_amount.high) << 64 | o.filled_amount.low) + static_cast<wide>(pays.amount);
        o.filled_amount = {static_cast<std::uint64_t>(filled >> 64), static_cast<std::uint64_t>(filled)};
    });
    return cull && cull_small(id);
}

/* Lets the new order take what the book offers; true where it is gone then. */
BITSHARES_DECL bool chain_state::match_order(limit_order_id id)
{
    limit_order_object const start = store_.get<limit_order_object>(id);
    auto const own = market_of(start);
    // Behind an order of its own side at as good a price, it would not find anything.
    if (books_[own].begin()->id != id)
        return false;
    price const limit{start.sell_price.quote, start.sell_price.base};
    while (store_.find<limit_order_object>(id) != nullptr)
    {
        auto const book = books_.find({own.second, own.first});
        if (book == books_.end() || book->second.empty())
            break;
        limit_order_object const maker = store_.get<limit_order_object>(book->second.begin()->id);
        if (order_place{limit, limit_order_id(0)} < order_place{maker.sell_price, limit_order_id(0)})
            break; // the best offer asks for more
        limit_order_object const taker = store_.get<limit_order_object>(id);
        price const& at = maker.sell_price;
        bitshares::asset const for_sale{taker.for_sale, own.first};
        bitshares::asset const offered{maker.for_sale, own.second};
        bitshares::asset taker_receives;
        bitshares::asset maker_receives;
        bool taker_done = false;
        if (for_sale.amount <= convert(offered, at, rounding::down).value().amount)
        {
            taker_receives = convert(for_sale, at, rounding::down).value();
            if (taker_receives.amount == 0)
                break; // it would pay for nothing: it is culled below
            maker_receives = convert(taker_receives, at, rounding::up).value();
            taker_done = true;
        }
        else
        {
            maker_receives = convert(offered, at, rounding::down).value();
            taker_receives = convert(maker_receives, at, rounding::up).value();
        }
        bool const gone = fill(id, maker_receives, taker_receives, taker_done, at, false);
        bool const maker_gone = fill(maker.id, taker_receives, maker_receives, !taker_done, at, true);
        if (gone || !maker_gone)
            break;
    }
    return store_.find<limit_order_object>(id) == nullptr || cull_small(id);
}

// Operations

inline bool is_lifetime_member(account_object const& a)
{
    return a.membership_expiration_date == time_point_sec::maximum();
}

[[noreturn]] inline void not_known_here(std::string_view operation, std::string_view what = {})
{
    assertion("known",
              "the test chain (bitshares::testing::chain) has no rule for the operation " + std::string(operation) +
                  (what.empty() ? "" : " with ") + std::string(what),
              "chain_state.ipp", "apply_operation");
}

/* The least sha1 and hash160 of an HTLC's preimage. */
inline bool preimage_fits(htlc_hash const& hash, bytes const& preimage)
{
    if (auto const* const h = std::get_if<ripemd160_digest>(&hash))
        return ripemd160(preimage) == *h;
    if (auto const* const h = std::get_if<sha256_digest>(&hash))
        return sha256(preimage) == *h;
    if (auto const* const h = std::get_if<hash160_digest>(&hash))
        return ripemd160(sha256(preimage).data).data == h->data;
    sha1_digest digest;
    unsigned size = 0;
    EVP_Digest(preimage.data(), preimage.size(), digest.data.data(), &size, EVP_sha1(), nullptr);
    return std::get<sha1_digest>(hash) == digest;
}

/* What each operation asks of the chain, and does to it; words and order as the node's evaluators have them. The fee has
   been counted already; the payer's balance is charged afterwards. */
class operation_rules
{
public:
    operation_rules(chain_state& chain, std::int64_t core_fee, bitshares::asset const& fee)
        : chain_(chain), store_(chain.store_), core_fee_(core_fee), fee_(fee), now_(chain.now())
    {}

    operation_result transfer_(transfer const& op)
    {
        account_object const& from = store_.get<account_object>(op.from);
        account_object const& to = store_.get<account_object>(op.to);
        asset_object const& type = store_.get<asset_object>(op.amount.asset_id);
        std::string const amount = chain_.pretty(op.amount);
        std::string const tail = " Unable to transfer " + amount + " from " + from.name + " to " + to.name;
        constexpr char const* file = "transfer_evaluator.cpp";
        auto const not_listed = [&](account_object const& who, node_errc code, std::string const& side) {
            if (!chain_.authorized(who, type))
                throw chain_refusal(code,
                                    "'" + side + "' account " + who.id.to_string() + " is not whitelisted for asset " +
                                        type.id.to_string() + tail,
                                    file, "do_evaluate");
        };
        not_listed(from, node_errc::transfer_from_account_not_whitelisted, "from");
        not_listed(to, node_errc::transfer_to_account_not_whitelisted, "to");
        if ((type.options.flags & transfer_restricted) != 0 && op.from != type.issuer && op.to != type.issuer)
            throw chain_refusal(node_errc::transfer_restricted_transfer_asset,
                                "Asset " + type.id.to_string() + " has transfer_restricted flag enabled" + tail, file,
                                "do_evaluate");
        if (chain_.balance(op.from, type.id) < op.amount.amount)
            assertion("insufficient_balance",
                      "Insufficient Balance: " + chain_.pretty({chain_.balance(op.from, type.id), type.id}) +
                          ", unable to transfer '" + amount + "' from account '" + from.name + "' to '" + to.name +
                          "'" + tail,
                      file);
        move(op.from, op.to, op.amount);
        return void_result{};
    }

    operation_result limit_order_create_(limit_order_create const& op)
    {
        if (op.extensions.on_fill)
            not_known_here("limit_order_create", "on_fill");
        constexpr char const* file = "market_evaluator.cpp";
        if (op.expiration < now_)
            assertion("op.expiration >= d.head_block_time()", {}, file);
        account_object const& seller = store_.get<account_object>(op.seller);
        asset_object const& sold = store_.get<asset_object>(op.amount_to_sell.asset_id);
        asset_object const& wanted = store_.get<asset_object>(op.min_to_receive.asset_id);
        auto const refuse_if = [](bool condition, node_errc code, char const* words) {
            if (condition)
                throw chain_refusal(code, words, "market_evaluator.cpp", "do_evaluate");
        };
        refuse_if(!sold.options.whitelist_markets.empty() && !sold.options.whitelist_markets.contains(wanted.id),
                  node_errc::limit_order_create_market_not_whitelisted,
                  "This market has not been whitelisted by the selling asset");
        refuse_if(sold.options.blacklist_markets.contains(wanted.id), node_errc::limit_order_create_market_blacklisted,
                  "This market has been blacklisted by the selling asset");
        refuse_if(!chain_.authorized(seller, sold), node_errc::limit_order_create_selling_asset_unauthorized,
                  "The account is not allowed to transact the selling asset");
        refuse_if(!chain_.authorized(seller, wanted), node_errc::limit_order_create_receiving_asset_unauthorized,
                  "The account is not allowed to transact the receiving asset");
        refuse_if(chain_.balance(op.seller, sold.id) < op.amount_to_sell.amount,
                  node_errc::limit_order_create_insufficient_balance, "insufficient balance");
        if (op.amount_to_sell.asset_id == core_asset)
            store_.modify<account_statistics_object>(
                account_statistics_id(op.seller.instance),
                [&](account_statistics_object& s) { s.total_core_in_orders += op.amount_to_sell.amount; });
        take(op.seller, op.amount_to_sell);
        limit_order_object order;
        order.expiration = op.expiration;
        order.seller = op.seller;
        order.for_sale = op.amount_to_sell.amount;
        order.sell_price = {op.amount_to_sell, op.min_to_receive};
        order.deferred_fee = core_fee_;
        if (fee_.asset_id != core_asset)
            order.deferred_paid_fee = fee_;
        limit_order_id const id = store_.create(std::move(order)).id;
        bool const filled = chain_.match_order(id);
        if (op.fill_or_kill && !filled)
            throw chain_refusal(node_errc::limit_order_create_kill_unfilled,
                                "Killing limit order " + to_json(op, chain_.options().key_prefix) +
                                    " due to unable to fill",
                                file, "do_apply");
        return any_object_id(id);
    }

    operation_result limit_order_cancel_(limit_order_cancel const& op)
    {
        limit_order_object const* const order = store_.find<limit_order_object>(op.order);
        auto const refuse = [&](node_errc code, char const* words) {
            throw chain_refusal(code, "Limit order " + op.order.to_string() + words, "market_evaluator.cpp",
                                "do_evaluate");
        };
        if (order == nullptr)
            refuse(node_errc::limit_order_cancel_nonexist_order, " does not exist");
        if (order->seller != op.fee_paying_account)
            refuse(node_errc::limit_order_cancel_owner_mismatch, " is owned by someone else");
        bitshares::asset const refunded{order->for_sale, order->sell_price.base.asset_id};
        chain_.cancel_order(op.order, false);
        return refunded;
    }

    operation_result account_create_(account_create const& op)
    {
        constexpr char const* file = "account_evaluator.cpp";
        if (op.extensions.owner_special_authority || op.extensions.active_special_authority)
            not_known_here("account_create", "a special authority");
        if (op.extensions.buyback_options)
            not_known_here("account_create", "buyback_options");
        if (store_.find<account_object>(op.options.voting_account) == nullptr)
            assertion("d.find_object(op.options.voting_account)", "Invalid proxy account specified.", file);
        if (!is_lifetime_member(store_.get<account_object>(op.registrar)))
            assertion("fee_paying_account->is_lifetime_member()", "Only Lifetime members may register an account.",
                      file);
        account_object const& referrer = store_.get<account_object>(op.referrer);
        if (!is_lifetime_member(referrer) && referrer.membership_expiration_date < now_)
            assertion("op.referrer(d).is_member(d.head_block_time())",
                      "The referrer must be either a lifetime or annual subscriber.", file);
        members_exist(op.owner, node_errc::account_create_max_auth_exceeded,
                      node_errc::account_create_auth_account_not_found);
        members_exist(op.active, node_errc::account_create_max_auth_exceeded,
                      node_errc::account_create_auth_account_not_found);
        votes_exist(op.options);
        if (chain_.account(op.name) != nullptr)
            assertion("current_account_itr == acnt_indx.indices().get<by_name>().end()",
                      "Account '" + op.name + "' already exists.", file);

        chain_parameters const& parameters = chain_.global().parameters;
        account_object a;
        a.registrar = op.registrar;
        a.referrer = op.referrer;
        a.lifetime_referrer = referrer.lifetime_referrer;
        a.network_fee_percentage = parameters.network_percent_of_fee;
        a.lifetime_referrer_fee_percentage = parameters.lifetime_referrer_percent_of_fee;
        a.referrer_rewards_percentage = op.referrer_percent;
        a.name = op.name;
        a.owner = op.owner;
        a.active = op.active;
        a.options = op.options;
        a.num_committee_voted = committee_votes(op.options);
        a.statistics = account_statistics_id(store_.next_id(account_id(0)).instance());
        a.creation_block_num = chain_.dynamic().head_block_number;
        a.creation_time = now_;
        account_statistics_object statistics;
        statistics.id = a.statistics;
        statistics.name = a.name;
        account_id const id = store_.create(std::move(a)).id;
        statistics.owner = id;
        store_.put(std::move(statistics));

        std::uint32_t const registered =
            store_
                .modify<dynamic_global_property_object>(
                    dynamic_global_property_id(0),
                    [](dynamic_global_property_object& d) { ++d.accounts_registered_this_interval; })
                .accounts_registered_this_interval;
        if (parameters.accounts_per_fee_scale != 0 && registered % parameters.accounts_per_fee_scale == 0)
            chain_.scale_account_fee(static_cast<int>(parameters.account_fee_scale_bitshifts));
        return any_object_id(id);
    }

    operation_result account_update_(account_update const& op)
    {
        if (op.extensions.owner_special_authority || op.extensions.active_special_authority)
            not_known_here("account_update", "a special authority");
        for (auto const* const authority : {&op.owner, &op.active})
            if (*authority)
                members_exist(**authority, node_errc::account_update_max_auth_exceeded,
                              node_errc::account_update_auth_account_not_found);
        store_.get<account_object>(op.account);
        if (op.new_options)
            votes_exist(*op.new_options);
        store_.modify<account_object>(op.account, [&](account_object& a) {
            if (op.owner)
                a.owner = *op.owner;
            if (op.active)
                a.active = *op.active;
            if (op.owner || op.active)
                a.top_n_control_flags = 0;
            if (op.new_options)
            {
                a.options = *op.new_options;
                a.num_committee_voted = committee_votes(*op.new_options);
            }
        });
        if (op.new_options)
            store_.modify<account_statistics_object>(account_statistics_id(op.account.instance),
                                                     [&](account_statistics_object& s) {
                                                         s.is_voting = !op.new_options->votes.empty();
                                                         s.last_vote_time = now_;
                                                     });
        return void_result{};
    }

    operation_result account_upgrade_(account_upgrade const& op)
    {
        account_object const& a = store_.get<account_object>(op.account_to_upgrade);
        std::string const tail = " Unable to upgrade account '" + a.name + "'";
        if (is_lifetime_member(a))
            assertion("!account->is_lifetime_member()", tail, "account_evaluator.cpp");
        if (!op.upgrade_to_lifetime_member)
            assertion("d.head_block_time() <= HARDFORK_613_TIME", tail, "account_evaluator.cpp");
        store_.modify<account_object>(op.account_to_upgrade, [](account_object& upgraded) {
            upgraded.membership_expiration_date = time_point_sec::maximum();
            upgraded.referrer = upgraded.registrar = upgraded.lifetime_referrer = upgraded.id;
            upgraded.lifetime_referrer_fee_percentage =
                static_cast<std::uint16_t>(10'000 - upgraded.network_fee_percentage);
        });
        return void_result{};
    }

    operation_result asset_create_(asset_create const& op)
    {
        constexpr char const* file = "asset_evaluator.cpp";
        if (op.bitasset_opts || op.is_prediction_market)
            not_known_here("asset_create", "bitasset_opts");
        if (op.common_options.extensions.reward_percent.value_or(0) != 0)
            not_known_here("asset_create", "reward_percent");
        chain_parameters const& parameters = chain_.global().parameters;
        for (auto const* const list :
             {&op.common_options.whitelist_authorities, &op.common_options.blacklist_authorities})
        {
            if (list->size() > parameters.maximum_asset_whitelist_authorities)
                assertion("op.common_options.whitelist_authorities.size() <= "
                          "chain_parameters.maximum_asset_whitelist_authorities",
                          {}, file);
            for (account_id const id : *list)
                store_.get<account_object>(id);
        }
        if (chain_.asset(op.symbol) != nullptr)
            assertion("asset_symbol_itr == asset_indx.end()", {}, file);
        if (std::size_t const dot = op.symbol.rfind('.'); dot != std::string::npos)
        {
            std::string const prefix = op.symbol.substr(0, dot);
            asset_object const* const parent = chain_.asset(prefix);
            if (parent == nullptr)
                assertion("asset_symbol_itr != asset_indx.end()",
                          "Asset " + op.symbol + " may only be created by issuer of " + prefix + ", but " + prefix +
                              " has not been registered",
                          file);
            if (parent->issuer != op.issuer)
                assertion("asset_symbol_itr->issuer == op.issuer",
                          "Asset " + op.symbol + " may only be created by issuer of " + prefix + ", " +
                              op.issuer.to_string(),
                          file);
        }
        asset_id const id(store_.next_id(asset_id(0)).instance());
        asset_dynamic_data_object dynamic;
        dynamic.id = asset_dynamic_data_id(id.instance);
        dynamic.fee_pool = core_fee_ / 2; // the other half was paid as a fee
        store_.put(std::move(dynamic));
        asset_object a;
        a.id = id;
        a.symbol = op.symbol;
        a.precision = op.precision;
        a.issuer = op.issuer;
        a.options = op.common_options;
        price& rate = a.options.core_exchange_rate;
        (rate.base.asset_id == core_asset ? rate.quote : rate.base).asset_id = id;
        a.dynamic_asset_data_id = asset_dynamic_data_id(id.instance);
        a.creation_block_num = chain_.dynamic().head_block_number;
        a.creation_time = now_;
        store_.put(std::move(a));
        return any_object_id(id);
    }

    operation_result asset_issue_(asset_issue const& op)
    {
        constexpr char const* file = "asset_evaluator.cpp";
        asset_object const& a = store_.get<asset_object>(op.asset_to_issue.asset_id);
        if (op.issuer != a.issuer)
            assertion("o.issuer == a.issuer", {}, file);
        if ((a.options.flags & disable_new_supply) != 0)
            assertion("a.can_create_new_supply()", "Can not create new supply", file);
        if (!chain_.authorized(store_.get<account_object>(op.issue_to_account), a))
            assertion("is_authorized_asset( d, *to_account, a )",
                      "The recipient account is not authorized to transact the asset", file);
        asset_dynamic_data_object const& d = store_.get<asset_dynamic_data_object>(a.dynamic_asset_data_id);
        if (op.asset_to_issue.amount > a.options.max_supply - d.current_supply)
            assertion("(asset_dyn_data->current_supply + o.asset_to_issue.amount) <= a.options.max_supply", {}, file);
        give(op.issue_to_account, op.asset_to_issue);
        add_supply(a, op.asset_to_issue.amount);
        return void_result{};
    }

    operation_result asset_reserve_(asset_reserve const& op)
    {
        constexpr char const* file = "asset_evaluator.cpp";
        asset_object const& a = store_.get<asset_object>(op.amount_to_reserve.asset_id);
        if (!chain_.authorized(store_.get<account_object>(op.payer), a))
            assertion("is_authorized_asset( d, *from_account, a )", {}, file);
        if (store_.get<asset_dynamic_data_object>(a.dynamic_asset_data_id).current_supply < op.amount_to_reserve.amount)
            assertion("(asset_dyn_data->current_supply - o.amount_to_reserve.amount) >= 0", {}, file);
        take(op.payer, op.amount_to_reserve);
        add_supply(a, -op.amount_to_reserve.amount);
        return void_result{};
    }

    operation_result proposal_create_(proposal_create const& op)
    {
        constexpr char const* file = "proposal_evaluator.cpp";
        chain_parameters const& parameters = chain_.global().parameters;
        if (op.expiration_time <= now_)
            assertion("o.expiration_time > block_time", "Proposal has already expired on creation.", file);
        if (op.expiration_time.seconds - now_.seconds > parameters.maximum_proposal_lifetime)
            assertion("o.expiration_time <= block_time + global_parameters.maximum_proposal_lifetime",
                      "Proposal expiration time is too far in the future.", file);
        if (op.review_period_seconds && *op.review_period_seconds >= op.expiration_time.seconds - now_.seconds)
            assertion("fc::seconds( *o.review_period_seconds ) < ( o.expiration_time - block_time )",
                      "Proposal review period must be less than its overall lifetime.", file);
        proposal_object p;
        p.expiration_time = op.expiration_time;
        p.proposer = op.fee_paying_account;
        p.proposed_transaction.expiration = op.expiration_time;
        for (op_wrapper const& proposed : op.proposed_ops)
        {
            if (!chain_state::has_rule(proposed.op))
                not_known_here(proposed.op.name(), "which a proposal holds");
            p.proposed_transaction.operations.push_back(proposed.op);
        }
        auto needed = authorities_of(p.proposed_transaction);
        if (!needed.other.empty())
            assertion("other.size() == 0", {}, file);
        if (needed.active.contains(reserved_accounts::committee) || needed.owner.contains(reserved_accounts::committee))
        {
            std::string const least =
                "but at least " + std::to_string(parameters.committee_proposal_review_period) + " required";
            if (!op.review_period_seconds)
                throw chain_refusal(node_errc::proposal_create_review_period_required,
                                    "Review period not given, " + least, file, "do_evaluate");
            if (*op.review_period_seconds < parameters.committee_proposal_review_period)
                throw chain_refusal(node_errc::proposal_create_review_period_insufficient,
                                    "Review period of " + std::to_string(*op.review_period_seconds) + " specified, " +
                                        least,
                                    file, "do_evaluate");
        }
        if (op.review_period_seconds)
            p.review_period_time = time_point_sec{op.expiration_time.seconds - *op.review_period_seconds};
        p.required_active_approvals = std::move(needed.active);
        p.required_owner_approvals = std::move(needed.owner);
        return any_object_id(store_.create(std::move(p)).id);
    }

    operation_result proposal_update_(proposal_update const& op)
    {
        constexpr char const* file = "proposal_evaluator.cpp";
        proposal_object const& p = store_.get<proposal_object>(op.proposal);
        if (p.review_period_time && now_ >= *p.review_period_time &&
            (!op.active_approvals_to_add.empty() || !op.owner_approvals_to_add.empty()))
            assertion("o.active_approvals_to_add.empty() && o.owner_approvals_to_add.empty()",
                      "This proposal is in its review period. No new approvals may be added.", file);
        for (account_id const id : op.active_approvals_to_remove)
            if (!p.available_active_approvals.contains(id))
                assertion("_proposal->available_active_approvals.find( id ) != "
                          "_proposal->available_active_approvals.end()",
                          {}, file);
        for (account_id const id : op.owner_approvals_to_remove)
            if (!p.available_owner_approvals.contains(id))
                assertion(
                    "_proposal->available_owner_approvals.find( id ) != _proposal->available_owner_approvals.end()", {},
                    file);
        store_.modify<proposal_object>(op.proposal, [&](proposal_object& changed) {
            change(changed.available_active_approvals, op.active_approvals_to_add, op.active_approvals_to_remove);
            change(changed.available_owner_approvals, op.owner_approvals_to_add, op.owner_approvals_to_remove);
            change(changed.available_key_approvals, op.key_approvals_to_add, op.key_approvals_to_remove);
        });
        proposal_object const after = store_.get<proposal_object>(op.proposal);
        if (after.review_period_time || !chain_.proposal_authorized(after))
            return void_result{};
        try
        {
            chain_.execute_proposal(after);
        }
        catch (chain_refusal const& refused)
        {
            store_.modify<proposal_object>(op.proposal,
                                           [&](proposal_object& failed) { failed.fail_reason = refused.what(); });
        }
        return void_result{};
    }

    operation_result proposal_delete_(proposal_delete const& op)
    {
        proposal_object const& p = store_.get<proposal_object>(op.proposal);
        auto const& required = op.using_owner_authority ? p.required_owner_approvals : p.required_active_approvals;
        if (!required.contains(op.fee_paying_account))
            assertion("required_approvals->find( o.fee_paying_account ) != required_approvals->end()",
                      "Provided authority is not authoritative for this proposal.", "proposal_evaluator.cpp");
        store_.remove(op.proposal);
        return void_result{};
    }

    operation_result vesting_balance_create_(vesting_balance_create const& op)
    {
        constexpr char const* file = "vesting_balance_evaluator.cpp";
        store_.get<account_object>(op.creator);
        store_.get<account_object>(op.owner);
        asset_object const& type = store_.get<asset_object>(op.amount.asset_id);
        if (chain_.balance(op.creator, op.amount.asset_id) < op.amount.amount)
            assertion("d.get_balance( creator_account.id, op.amount.asset_id ) >= op.amount", {}, file);
        if ((type.options.flags & transfer_restricted) != 0)
            assertion("!op.amount.asset_id( d ).is_transfer_restricted()", {}, file);
        take(op.creator, op.amount);
        vesting_balance_object v;
        v.owner = op.owner;
        v.balance = op.amount;
        if (auto const* const linear = std::get_if<linear_vesting_policy_initializer>(&op.policy))
            v.policy = linear_vesting_policy{linear->begin_timestamp, linear->vesting_cliff_seconds,
                                             linear->vesting_duration_seconds, op.amount.amount};
        else if (auto const* const days = std::get_if<cdd_vesting_policy_initializer>(&op.policy))
            v.policy = cdd_vesting_policy{days->vesting_seconds, days->start_claim, {}, now_};
        else
            v.policy = instant_vesting_policy{};
        return any_object_id(store_.create(std::move(v)).id);
    }

    operation_result vesting_balance_withdraw_(vesting_balance_withdraw const& op)
    {
        constexpr char const* file = "vesting_balance_evaluator.cpp";
        vesting_balance_object const& v = store_.get<vesting_balance_object>(op.vesting_balance);
        if (op.owner != v.owner)
            assertion("op.owner == vbo.owner", {}, file);
        if (op.amount.asset_id != v.balance.asset_id || op.amount.amount > v.balance.amount ||
            op.amount.amount > chain_state::vested(v, now_))
            assertion("vbo.is_withdraw_allowed( now, op.amount )", {}, file);
        store_.modify<vesting_balance_object>(op.vesting_balance, [&](vesting_balance_object& taken) {
            if (auto* const days = std::get_if<cdd_vesting_policy>(&taken.policy))
            {
                wide const period = std::max<std::uint32_t>(days->vesting_seconds, 1);
                wide const there = static_cast<wide>(taken.balance.amount);
                wide earned =
                    (static_cast<wide>(days->coin_seconds_earned.high) << 64 | days->coin_seconds_earned.low) +
                    there * (now_.seconds - days->coin_seconds_earned_last_update.seconds);
                earned = std::min(earned, there * period) - static_cast<wide>(op.amount.amount) * period;
                days->coin_seconds_earned = {static_cast<std::uint64_t>(earned >> 64),
                                             static_cast<std::uint64_t>(earned)};
                days->coin_seconds_earned_last_update = now_;
            }
            taken.balance.amount -= op.amount.amount;
        });
        give(op.owner, op.amount);
        return void_result{};
    }

    operation_result htlc_create_(htlc_create const& op)
    {
        constexpr char const* file = "htlc_evaluator.cpp";
        auto const& options = chain_.global().parameters.extensions.updatable_htlc_options;
        if (!options)
            assertion("htlc_options", "HTLC Committee options are not set.", file);
        if (op.claim_period_seconds > options->max_timeout_secs)
            assertion("o.claim_period_seconds <= htlc_options->max_timeout_secs", "HTLC Timeout exceeds allowed length",
                      file);
        if (op.preimage_size > options->max_preimage_size)
            assertion("o.preimage_size <= htlc_options->max_preimage_size",
                      "HTLC preimage length exceeds allowed length", file);
        asset_object const& type = store_.get<asset_object>(op.amount.asset_id);
        for (account_id const id : {op.from, op.to})
            if (!chain_.authorized(store_.get<account_object>(id), type))
                assertion("is_authorized_asset( d, account, asset_to_transfer )",
                          "Asset " + type.id.to_string() + " is not authorized for account " + id.to_string() + ".",
                          file);
        take(op.from, op.amount);
        htlc_object h;
        h.transfer = {op.from, op.to, op.amount.amount, op.amount.asset_id};
        h.conditions.hash_lock = {op.preimage_hash, op.preimage_size};
        h.conditions.time_lock.expiration = {now_.seconds + op.claim_period_seconds};
        h.memo = op.extensions.memo;
        return any_object_id(store_.create(std::move(h)).id);
    }

    operation_result htlc_redeem_(htlc_redeem const& op)
    {
        constexpr char const* file = "htlc_evaluator.cpp";
        htlc_object const h = store_.get<htlc_object>(op.htlc_id);
        store_.get<account_object>(op.redeemer);
        if (h.conditions.hash_lock.preimage_size != 0 && op.preimage.size() != h.conditions.hash_lock.preimage_size)
            assertion("o.preimage.size() == htlc_obj->conditions.hash_lock.preimage_size", "Preimage size mismatch.",
                      file);
        if (!preimage_fits(h.conditions.hash_lock.preimage_hash, op.preimage))
            assertion("htlc_obj->conditions.hash_lock.preimage_hash.visit( vtor )",
                      "Provided preimage does not generate correct hash.", file);
        bitshares::asset const amount{h.transfer.amount, h.transfer.asset_id};
        give(h.transfer.to, amount);
        htlc_redeemed done;
        done.htlc_id = h.id;
        done.from = h.transfer.from;
        done.to = h.transfer.to;
        done.redeemer = op.redeemer;
        done.amount = amount;
        done.htlc_preimage_hash = h.conditions.hash_lock.preimage_hash;
        done.htlc_preimage_size = h.conditions.hash_lock.preimage_size;
        done.preimage = op.preimage;
        chain_.record(std::move(done), true);
        store_.remove(op.htlc_id);
        return void_result{};
    }

    operation_result htlc_extend_(htlc_extend const& op)
    {
        constexpr char const* file = "htlc_evaluator.cpp";
        htlc_object const& h = store_.get<htlc_object>(op.htlc_id);
        if (op.update_issuer != h.transfer.from)
            assertion("o.update_issuer == htlc_obj->transfer.from", "HTLC may only be extended by its creator.", file);
        auto const& options = chain_.global().parameters.extensions.updatable_htlc_options;
        std::uint64_t const end = std::uint64_t{h.conditions.time_lock.expiration.seconds} + op.seconds_to_add;
        if (end >= time_point_sec::maximum().seconds)
            assertion("htlc_obj->conditions.time_lock.expiration.sec_since_epoch() + "
                      "static_cast<uint64_t>(o.seconds_to_add) < fc::time_point_sec::maximum().sec_since_epoch()",
                      "Extension would cause an invalid date", file);
        if (!options || end > std::uint64_t{now_.seconds} + options->max_timeout_secs)
            assertion("htlc_obj->conditions.time_lock.expiration + o.seconds_to_add <= db().head_block_time() + "
                      "htlc_options->max_timeout_secs",
                      "Extension pushes contract too far into the future", file);
        store_.modify<htlc_object>(op.htlc_id, [&](htlc_object& extended) {
            extended.conditions.time_lock.expiration.seconds = static_cast<std::uint32_t>(end);
        });
        return void_result{};
    }

private:
    void give(account_id to, bitshares::asset const& amount) { chain_.adjust_balance(to, amount); }
    void take(account_id from, bitshares::asset const& amount)
    {
        chain_.adjust_balance(from, {-amount.amount, amount.asset_id});
    }
    void move(account_id from, account_id to, bitshares::asset const& amount)
    {
        take(from, amount);
        give(to, amount);
    }

    void add_supply(asset_object const& a, std::int64_t amount)
    {
        store_.modify<asset_dynamic_data_object>(a.dynamic_asset_data_id,
                                                 [&](asset_dynamic_data_object& d) { d.current_supply += amount; });
    }

    void members_exist(authority const& a, node_errc too_many, node_errc not_found) const
    {
        std::size_t const members = a.account_auths.size() + a.key_auths.size() + a.address_auths.size();
        if (members > chain_.global().parameters.maximum_authority_membership)
            throw chain_refusal(too_many, "Maximum authority membership exceeded", "account_evaluator.cpp",
                                "verify_authority_accounts");
        for (auto const& [id, weight] : a.account_auths)
            if (store_.find<account_object>(id) == nullptr)
                throw chain_refusal(not_found, "Account " + id.to_string() + " specified in authority does not exist",
                                    "account_evaluator.cpp", "verify_authority_accounts");
    }

    void votes_exist(account_options const& options) const
    {
        unsigned const witnesses = chain_.options().witnesses;
        for (vote_id const vote : options.votes)
        {
            bool const exists = vote.type() == vote_id::witness ? vote.instance() < witnesses
                                : vote.type() == vote_id::committee
                                    ? vote.instance() >= witnesses && vote.instance() < 2 * witnesses
                                    : false;
            if (!exists)
                assertion("id < max_vote_id", {}, "account_evaluator.cpp", "verify_account_votes");
        }
    }

    static std::uint16_t committee_votes(account_options const& options)
    {
        std::uint16_t count = 0;
        for (vote_id const vote : options.votes)
            count = static_cast<std::uint16_t>(count + (vote.type() == vote_id::committee ? 1 : 0));
        return count;
    }

    template <class T>
    static void change(flat_set<T>& set, flat_set<T> const& add, flat_set<T> const& remove)
    {
        std::vector<T> kept;
        for (T const& element : set)
            if (!remove.contains(element))
                kept.push_back(element);
        for (T const& element : add)
            if (!remove.contains(element))
                kept.push_back(element);
        set = flat_set<T>(std::move(kept));
    }

    chain_state& chain_;
    object_store& store_;
    std::int64_t core_fee_;
    bitshares::asset fee_;
    time_point_sec now_;
};

BITSHARES_DECL bool chain_state::has_rule(operation const& op)
{
    switch (op.tag())
    {
    case transfer::traits.tag:
    case limit_order_create::traits.tag:
    case limit_order_cancel::traits.tag:
    case account_create::traits.tag:
    case account_update::traits.tag:
    case account_upgrade::traits.tag:
    case asset_create::traits.tag:
    case asset_issue::traits.tag:
    case asset_reserve::traits.tag:
    case proposal_create::traits.tag:
    case proposal_update::traits.tag:
    case proposal_delete::traits.tag:
    case vesting_balance_create::traits.tag:
    case vesting_balance_withdraw::traits.tag:
    case htlc_create::traits.tag:
    case htlc_redeem::traits.tag:
    case htlc_extend::traits.tag: return true;
    default: return false;
    }
}

BITSHARES_DECL void chain_state::scale_account_fee(int bits)
{
    store_.modify<global_property_object>(global_property_id(0), [&](global_property_object& g) {
        std::vector<fee_parameters> all(g.parameters.current_fees.parameters.begin(),
                                        g.parameters.current_fees.parameters.end());
        for (fee_parameters& p : all)
            if (auto const* const found = p.get_if<account_create>())
            {
                account_create::fee_parameters scaled = *found;
                scaled.basic_fee = bits >= 0 ? scaled.basic_fee << bits : scaled.basic_fee >> -bits;
                p = fee_parameters::of<account_create>(scaled);
            }
        g.parameters.current_fees.parameters = flat_set<fee_parameters>(std::move(all));
    });
}

BITSHARES_DECL std::size_t chain_state::record(operation op, bool is_virtual)
{
    operation_history_object entry;
    entry.op = std::move(op);
    entry.block_num = static_cast<std::uint32_t>(blocks_.size()) + 1;
    entry.trx_in_block = static_cast<std::uint16_t>(transaction_in_block_);
    entry.op_in_trx = operation_in_transaction_;
    entry.virtual_op = virtual_operation_++;
    entry.is_virtual = is_virtual;
    applied_.push_back(std::move(entry));
    return applied_.size() - 1;
}

BITSHARES_DECL operation_result chain_state::apply_operation(operation const& op, bool is_virtual)
{
    std::size_t const entry = record(op, is_virtual);
    account_id const payer = op.fee_payer().value();
    bitshares::asset const fee = op.fee();
    account_object const& account = store_.get<account_object>(payer);
    asset_object const& type = store_.get<asset_object>(fee.asset_id);
    if (!authorized(account, type))
        assertion("is_authorized_asset( d, *fee_paying_account, *fee_asset )",
                  "Account " + payer.to_string() + " '" + account.name + "' attempted to pay fee by using asset " +
                      type.id.to_string() + " '" + type.symbol +
                      "', which is unauthorized due to whitelist / blacklist",
                  "evaluator.cpp", "prepare_fee");
    std::int64_t core = fee.amount;
    if (fee.asset_id != core_asset)
    {
        core = core_value_of_fee(fee, type.options.core_exchange_rate).value().amount;
        std::int64_t const pool = store_.get<asset_dynamic_data_object>(type.dynamic_asset_data_id).fee_pool;
        if (core > pool)
            assertion("core_fee_paid <= fee_asset_dyn_data->fee_pool",
                      "Fee pool balance of '" + pretty({pool, core_asset}) + "' is less than the " +
                          pretty({core, core_asset}) + " required to convert " + pretty(fee),
                      "evaluator.cpp", "prepare_fee");
    }
    std::int64_t const required = required_fee(op, global().parameters.current_fees).value().amount;
    if (core < required)
        throw chain_refusal(node_errc::insufficient_fee, "Insufficient Fee Paid", "evaluator.hpp", "evaluate",
                            "{\"core_fee_paid\":" + to_json(core) + ",\"required\":" + to_json(required) + "}");

    bool const deferred = op.tag() == limit_order_create::traits.tag;
    if (fee.asset_id != core_asset)
        store_.modify<asset_dynamic_data_object>(type.dynamic_asset_data_id, [&](asset_dynamic_data_object& d) {
            d.fee_pool -= core;
            if (!deferred)
                d.accumulated_fees += fee.amount;
        });
    if (!deferred)
        pay_fee(payer, op.tag() == asset_create::traits.tag ? core - core / 2 : core);
    operation_rules rules(*this, core, fee);
    operation_result result;
    switch (op.tag())
    {
    case transfer::traits.tag: result = rules.transfer_(*op.get_if<transfer>()); break;
    case limit_order_create::traits.tag: result = rules.limit_order_create_(*op.get_if<limit_order_create>()); break;
    case limit_order_cancel::traits.tag: result = rules.limit_order_cancel_(*op.get_if<limit_order_cancel>()); break;
    case account_create::traits.tag: result = rules.account_create_(*op.get_if<account_create>()); break;
    case account_update::traits.tag: result = rules.account_update_(*op.get_if<account_update>()); break;
    case account_upgrade::traits.tag: result = rules.account_upgrade_(*op.get_if<account_upgrade>()); break;
    case asset_create::traits.tag: result = rules.asset_create_(*op.get_if<asset_create>()); break;
    case asset_issue::traits.tag: result = rules.asset_issue_(*op.get_if<asset_issue>()); break;
    case asset_reserve::traits.tag: result = rules.asset_reserve_(*op.get_if<asset_reserve>()); break;
    case proposal_create::traits.tag: result = rules.proposal_create_(*op.get_if<proposal_create>()); break;
    case proposal_update::traits.tag: result = rules.proposal_update_(*op.get_if<proposal_update>()); break;
    case proposal_delete::traits.tag: result = rules.proposal_delete_(*op.get_if<proposal_delete>()); break;
    case vesting_balance_create::traits.tag:
        result = rules.vesting_balance_create_(*op.get_if<vesting_balance_create>());
        break;
    case vesting_balance_withdraw::traits.tag:
        result = rules.vesting_balance_withdraw_(*op.get_if<vesting_balance_withdraw>());
        break;
    case htlc_create::traits.tag: result = rules.htlc_create_(*op.get_if<htlc_create>()); break;
    case htlc_redeem::traits.tag: result = rules.htlc_redeem_(*op.get_if<htlc_redeem>()); break;
    default: result = rules.htlc_extend_(*op.get_if<htlc_extend>()); break;
    }
    adjust_balance(payer, {-fee.amount, fee.asset_id});
    applied_[entry].result = result;
    return result;
}

BITSHARES_DECL bool chain_state::proposal_authorized(proposal_object const& proposal) const
{
    authority_options options;
    options.max_depth = global().parameters.max_authority_depth;
    options.active_approvals = proposal.available_active_approvals;
    options.owner_approvals = proposal.available_owner_approvals;
    std::vector<public_key> const keys(proposal.available_key_approvals.begin(),
                                       proposal.available_key_approvals.end());
    return verify_proposal(proposal.proposed_transaction, keys, *this, std::move(options)).has_value();
}

/* What stands in for exceptions of the library's own functions and of the store. */
template <class Action>
auto in_nodes_words(Action&& action)
{
    try
    {
        return action();
    }
    catch (object_not_found const& e)
    {
        assertion("maybe_found != nullptr", e.what(), "index.hpp", "get");
    }
    catch (exception const& e)
    {
        throw chain_refusal(node_errc::unspecified_exception, e.what());
    }
}

BITSHARES_DECL void chain_state::execute_proposal(proposal_object const& proposal)
{
    std::size_t const before = applied_.size();
    proposal_id const id = proposal.id;
    transaction const tx = proposal.proposed_transaction;
    store_.begin();
    try
    {
        in_nodes_words([&] {
            for (operation const& op : tx.operations)
                apply_operation(op, true);
        });
        store_.remove(id);
        store_.merge();
    }
    catch (...)
    {
        store_.undo();
        applied_.resize(before);
        throw;
    }
}

// Transactions

/* The node's own words for a broken rule of form, where a client is likely to meet it: the condition in its source. */
inline std::string form_words(operation const& op, std::string_view path)
{
    struct words
    {
        int tag; // -1: any
        std::string_view path;
        std::string_view condition;
    };
    static constexpr words known[] = {
        {-1, "/fee/amount", "fee.amount >= 0: "},
        {transfer::traits.tag, "/to", "from != to: "},
        {transfer::traits.tag, "/amount/amount", "amount.amount > 0: "},
        {limit_order_create::traits.tag, "/amount_to_sell/amount", "amount_to_sell.amount > 0: "},
        {limit_order_create::traits.tag, "/min_to_receive/amount", "min_to_receive.amount > 0: "},
        {account_create::traits.tag, "/name", "is_valid_name( name ): "},
        {account_create::traits.tag, "/owner/weight_threshold",
         "!owner.is_impossible(): cannot create an account with an impossible owner authority threshold"},
        {account_create::traits.tag, "/active/weight_threshold",
         "!active.is_impossible(): cannot create an account with an impossible active authority threshold"},
        {account_create::traits.tag, "/owner", "owner.num_auths() != 0: "},
        {account_create::traits.tag, "/active", "active.num_auths() != 0: "},
        {asset_create::traits.tag, "/symbol", "is_valid_symbol(symbol): "},
        {asset_issue::traits.tag, "/asset_to_issue/amount", "asset_to_issue.amount.value > 0: "},
        {asset_reserve::traits.tag, "/amount_to_reserve/amount", "amount_to_reserve.amount.value > 0: "},
        {vesting_balance_create::traits.tag, "/amount/amount", "amount.amount > 0: "},
        {vesting_balance_withdraw::traits.tag, "/amount/amount", "amount.amount > 0: "},
        {htlc_create::traits.tag, "/amount/amount", "amount.amount > 0: HTLC amount should be greater than zero"},
    };
    for (words const& w : known)
        if ((w.tag < 0 || static_cast<std::uint64_t>(w.tag) == op.tag()) && w.path == path)
            return std::string(w.condition);
    return {};
}

BITSHARES_DECL void chain_state::check_form(signed_transaction const& tx) const
{
    if (tx.operations.empty())
        throw chain_refusal(node_errc::assert_exception,
                            "operations.size() > 0: A transaction must have at least one operation", "transaction.cpp",
                            "validate");
    for (operation const& op : tx.operations)
    {
        if (op.is_virtual())
            throw chain_refusal(node_errc::assert_exception, "!\"virtual operation\": ", "market.hpp", "validate");
        if (!op.known())
            assertion("static_cast<size_t>(tag) < count()",
                      "Unable to set tag '" + std::to_string(op.tag()) + "' when the number of supported tags is " +
                          std::to_string(operation_count),
                      "static_variant.hpp", "set_which");
        if (!has_rule(op))
            not_known_here(op.name());
        auto const valid = op.validate();
        if (valid)
            continue;
        std::string words = form_words(op, valid.error().path());
        if (words.empty())
            words = valid.error().path() + ": " + valid.error().detail();
        throw chain_refusal(node_errc::assert_exception, words, "transaction.cpp", "validate");
    }
}

BITSHARES_DECL std::vector<public_key> chain_state::signers(signed_transaction const& tx) const
{
    auto const digest = signing_digest(tx, chain_id_);
    if (!digest)
        throw chain_refusal(node_errc::unspecified_exception, digest.error().message());
    std::vector<public_key> keys;
    for (signature const& s : tx.signatures)
    {
        constexpr char const* file = "elliptic_secp256k1.cpp";
        auto const key = recover(*digest, s);
        if (!key && key.error().code() == errc::not_canonical)
            throw chain_refusal(node_errc::assert_exception, "is_canonical( c ): signature is not canonical", file,
                                "public_key");
        if (!key)
            throw chain_refusal(node_errc::unspecified_exception, "unable to reconstruct public key from signature",
                                file, "public_key");
        if (std::find(keys.begin(), keys.end(), *key) != keys.end())
            throw chain_refusal(node_errc::tx_duplicate_sig, "Duplicate Signature detected", "transaction.cpp",
                                "get_signature_keys");
        keys.push_back(*key);
    }
    return keys;
}

BITSHARES_DECL void chain_state::check_authority(signed_transaction const& tx,
                                                 std::vector<public_key> const& keys) const
{
    authority_options options;
    options.now = now();
    options.max_depth = global().parameters.max_authority_depth;
    auto const verdict = verify_authority(tx, keys, *this, options);
    if (verdict)
        return;
    constexpr char const* file = "transaction.cpp";
    constexpr char const* method = "verify_authority";
    errc const code = static_cast<errc>(verdict.error().code().value());
    auto const missing = [&](missing_authority::role role, node_errc refusal, std::string_view words) {
        for (auto const& part : bitshares::check_authority(tx, keys, *this, options).missing)
            if (part.what == role && part.account)
            {
                auto const& prefix = options_.key_prefix;
                auto const found = find(*part.account);
                std::string data = "{\"id\":" + json_quote(part.account->to_string());
                if (found)
                    data += ",\"auth\":" +
                            to_json(role == missing_authority::role::owner ? *found->owner : *found->active, prefix) +
                            ",\"owner\":" + to_json(*found->owner, prefix);
                throw chain_refusal(refusal, std::string(words) + ' ' + part.account->to_string(), file, method,
                                    data + '}');
            }
        throw chain_refusal(refusal, std::string(words), file, method);
    };
    switch (code)
    {
    case errc::committee_approval:
        throw chain_refusal(node_errc::invalid_committee_approval, "Committee account may only propose transactions",
                            file, method);
    case errc::missing_other_authority:
        throw chain_refusal(node_errc::tx_missing_other_auth, "Missing Authority", file, method);
    case errc::missing_owner_authority:
        missing(missing_authority::role::owner, node_errc::tx_missing_owner_auth, "Missing Owner Authority");
        break;
    case errc::missing_active_authority:
        missing(missing_authority::role::active, node_errc::tx_missing_active_auth, "Missing Active Authority");
        break;
    case errc::superfluous_signature:
        throw chain_refusal(node_errc::tx_irrelevant_sig, "Unnecessary signature(s) detected", file, method);
    case errc::account_not_given:
        for (account_id const id : accounts_needed(tx, *this, options))
            throw object_not_found(id);
        break;
    default: break;
    }
    throw chain_refusal(node_errc::unspecified_exception, verdict.error().message(), file, method);
}

/* In a session of its own; what it applied is behind what `applied_` had. */
BITSHARES_DECL processed_transaction chain_state::apply_transaction(signed_transaction const& tx, bool check_signatures)
{
    return in_nodes_words([&] {
        check_form(tx);
        auto const keys = check_signatures ? signers(tx) : std::vector<public_key>();
        bytes const packed = pack_unsigned(tx).value();
        transaction_id const id = id_of_transaction(packed);
        if (recent_.contains(id))
            throw chain_refusal(node_errc::duplicate_transaction,
                                "Transaction '" + to_hex(id.data) + "' is already in the database");
        if (check_signatures)
            check_authority(tx, keys);
        chain_parameters const& parameters = global().parameters;
        if (!blocks_.empty())
        {
            auto const* const reference = store_.find<block_summary_object>(block_summary_id(tx.ref_block_num));
            auto const& b = reference != nullptr ? reference->block_id.data : ripemd160_digest{}.data;
            std::uint32_t const prefix =
                std::uint32_t{b[4]} | std::uint32_t{b[5]} << 8 | std::uint32_t{b[6]} << 16 | std::uint32_t{b[7]} << 24;
            constexpr char const* method = "_apply_transaction";
            if (prefix != tx.ref_block_prefix)
                assertion("trx.ref_block_prefix == tapos_block_summary.block_id._hash[1].value()", {}, "db_block.cpp",
                          method);
            if (tx.expiration.seconds > std::uint64_t{now().seconds} + parameters.maximum_time_until_expiration)
                assertion("trx.expiration <= now + chain_parameters.maximum_time_until_expiration", {}, "db_block.cpp",
                          method);
            if (now() > tx.expiration)
                assertion("now <= trx.expiration", {}, "db_block.cpp", method,
                          "{\"now\":" + to_json(now()) + ",\"trx.exp\":" + to_json(tx.expiration) + "}");
            if (packed.size() > parameters.maximum_transaction_size)
                assertion("head_block_time() <= HARDFORK_CORE_1573_TIME || trx.get_packed_size() <= "
                          "chain_parameters.maximum_transaction_size",
                          "Transaction exceeds maximum transaction size.", "db_block.cpp", method);
        }
        transaction_history_object entry;
        entry.trx = tx;
        entry.trx_id = id;
        store_.create(std::move(entry));

        processed_transaction processed;
        static_cast<signed_transaction&>(processed) = tx;
        operation_in_transaction_ = 0;
        for (operation const& op : tx.operations)
        {
            virtual_operation_ = 0;
            processed.operation_results.push_back(apply_operation(op, false));
            ++operation_in_transaction_;
        }
        return processed;
    });
}

BITSHARES_DECL processed_transaction chain_state::push(signed_transaction const& tx)
{
    if (!pending_session_)
    {
        store_.begin();
        pending_session_ = true;
    }
    applied_.clear();
    store_.begin();
    try
    {
        processed_transaction result = apply_transaction(tx, true);
        store_.merge();
        pending_.push_back(tx);
        return result;
    }
    catch (...)
    {
        store_.undo();
        throw;
    }
}

BITSHARES_DECL processed_transaction chain_state::validate(signed_transaction const& tx)
{
    applied_.clear();
    store_.begin();
    try
    {
        processed_transaction result = apply_transaction(tx, true);
        store_.undo();
        return result;
    }
    catch (...)
    {
        store_.undo();
        throw;
    }
}

BITSHARES_DECL void chain_state::drop_pending()
{
    pending_.clear();
    if (pending_session_)
        store_.undo();
    pending_session_ = false;
}

BITSHARES_DECL void chain_state::push_pending_again(std::vector<signed_transaction> transactions)
{
    for (signed_transaction const& tx : transactions)
        try
        {
            push(tx);
        }
        catch (chain_refusal const&)
        { // as a node forgets what cannot be applied any more
        }
}

// Blocks

BITSHARES_DECL time_point_sec chain_state::slot_time(std::uint64_t slot) const
{
    return {static_cast<std::uint32_t>(now().seconds + slot * options_.block_interval)};
}

BITSHARES_DECL std::uint64_t chain_state::slot_at(time_point_sec time) const
{
    return time <= now() ? 0 : (time.seconds - now().seconds) / options_.block_interval;
}

BITSHARES_DECL witness_id chain_state::scheduled(std::uint64_t slot) const
{
    auto const& order = store_.get<witness_schedule_object>(witness_schedule_id(0)).current_shuffled_witnesses;
    return order[static_cast<std::size_t>((dynamic().current_aslot + slot) % order.size())];
}

BITSHARES_DECL block_report chain_state::produce()
{
    auto const todo = std::exchange(pending_, {});
    if (std::exchange(pending_session_, false))
        store_.undo();
    std::uint64_t const slot = 1 + std::exchange(skipped_, 0);
    signed_block block;
    block.previous = dynamic().head_block_id;
    block.timestamp = slot_time(slot);
    block.witness = scheduled(slot);

    store_.begin();
    applied_.clear();
    transaction_in_block_ = 0;
    std::size_t size = 256; // of the header, and a little more
    std::vector<signed_transaction> postponed;
    std::vector<std::vector<operation_result>> results;
    for (signed_transaction const& tx : todo)
    {
        std::size_t const own = pack(tx).value().size();
        if (size + own >= global().parameters.maximum_block_size)
        {
            postponed.push_back(tx);
            continue;
        }
        std::size_t const before = applied_.size();
        store_.begin();
        try
        {
            results.push_back(apply_transaction(tx, true).operation_results);
            store_.merge();
            block.transactions.emplace_back();
            static_cast<signed_transaction&>(block.transactions.back()) = tx; // blocks hold no results
            size += own;
            ++transaction_in_block_;
        }
        catch (chain_refusal const&)
        {
            store_.undo();
            applied_.resize(before);
        }
    }
    block.transaction_merkle_root = merkle_root(block).value();
    account_object const& producer =
        store_.get<account_object>(store_.get<witness_object>(block.witness).witness_account);
    block.witness_signature = key(producer.name, "signing").sign(signing_digest(block));
    block_report report = finish_block(std::move(block), std::move(results));
    push_pending_again(std::move(postponed));
    return report;
}

BITSHARES_DECL block_report chain_state::apply(signed_block const& block)
{
    if (block.previous != dynamic().head_block_id)
        throw chain_refusal(node_errc::unlinkable_block_exception, "block does not link to known chain", "db_block.cpp",
                            "_push_block");
    auto todo = std::exchange(pending_, {});
    if (std::exchange(pending_session_, false))
        store_.undo();
    std::uint64_t const skipped = std::exchange(skipped_, 0);
    store_.begin();
    std::size_t const depth = store_.depth();
    try
    {
        constexpr char const* method = "validate_block_header";
        std::uint64_t const slot = slot_at(block.timestamp);
        if (slot == 0)
            assertion("head_block_time() < next_block.timestamp", {}, "db_block.cpp", method);
        if (slot_time(slot) != block.timestamp)
            assertion("slot_num > 0", {}, "db_block.cpp", method);
        if (scheduled(slot) != block.witness)
            assertion("next_block.witness == scheduled_witness", "Witness produced block at wrong time", "db_block.cpp",
                      method);
        if (!verify(signing_digest(block), block.witness_signature,
                    store_.get<witness_object>(block.witness).signing_key))
            assertion("next_block.validate_signee( witness.signing_key )", {}, "db_block.cpp", method);
        if (merkle_root(block).value() != block.transaction_merkle_root)
            assertion("next_block.transaction_merkle_root == next_block.calculate_merkle_root()", {}, "db_block.cpp",
                      "_apply_block");
        applied_.clear();
        transaction_in_block_ = 0;
        std::vector<std::vector<operation_result>> results;
        for (processed_transaction const& tx : block.transactions)
        {
            results.push_back(apply_transaction(tx, true).operation_results);
            ++transaction_in_block_;
        }
        block_report report = finish_block(block, std::move(results));
        push_pending_again(std::move(todo));
        return report;
    }
    catch (...)
    {
        while (store_.depth() >= depth)
            store_.undo();
        skipped_ = skipped;
        push_pending_again(std::move(todo));
        throw;
    }
}

/* Everything that a block does behind its transactions. */
BITSHARES_DECL block_report chain_state::finish_block(signed_block block,
                                                      std::vector<std::vector<operation_result>> results)
{
    auto const number = static_cast<std::uint32_t>(blocks_.size() + 1);
    block_record made;
    made.id = id_of(block);
    operation_in_transaction_ = 0;
    virtual_operation_ = 0;
    std::uint64_t const slot = slot_at(block.timestamp);
    std::uint64_t const missed = slot - 1;
    bool const maintenance = dynamic().next_maintenance_time <= block.timestamp;

    for (std::uint64_t i = 1; i <= missed && i <= 10'000; ++i)
        if (witness_id const absent = scheduled(i); absent != block.witness)
            store_.modify<witness_object>(absent, [](witness_object& w) { ++w.total_missed; });
    store_.modify<dynamic_global_property_object>(
        dynamic_global_property_id(0), [&](dynamic_global_property_object& d) {
            d.head_block_number = number;
            d.head_block_id = made.id;
            d.time = block.timestamp;
            d.current_witness = block.witness;
            d.current_aslot += slot;
            if (number == 1)
                d.recently_missed_count = 0;
            else if (missed > 0)
                d.recently_missed_count += static_cast<std::uint32_t>(4 * missed);
            else
                d.recently_missed_count -=
                    std::min<std::uint32_t>(d.recently_missed_count, d.recently_missed_count > 4 ? 3 : 1);
            for (std::uint64_t i = 0; i < std::min<std::uint64_t>(slot, 128); ++i)
                d.recent_slots_filled = {d.recent_slots_filled.high << 1 | d.recent_slots_filled.low >> 63,
                                         d.recent_slots_filled.low << 1 | (i == 0 ? 1u : 0u)};
        });
    store_.modify<witness_object>(block.witness, [&](witness_object& w) {
        w.last_aslot = dynamic().current_aslot;
        w.last_confirmed_block_num = number;
    });
    update_irreversible();
    if (maintenance)
        maintain();
    block_summary_object summary;
    summary.id = block_summary_id(number & 0xffff);
    summary.block_id = made.id;
    store_.put(std::move(summary));
    clear_expired();
    if (number % global().active_witnesses.size() == 0)
        shuffle_witnesses();
    made.first_operation = store_.next_id(operation_history_id(0)).instance();
    write_histories();
    made.end_operation = store_.next_id(operation_history_id(0)).instance();

    for (std::uint32_t i = 0; i < block.transactions.size(); ++i)
    {
        made.transactions.push_back(bitshares::id_of(block.transactions[i]).value());
        places_[made.transactions.back()] = {number, i};
    }
    block_report report;
    report.number = number;
    report.id = made.id;
    report.results = std::move(results);
    for (std::uint64_t i = made.first_operation; i < made.end_operation; ++i)
        report.operations.push_back(store_.get<operation_history_object>(operation_history_id(i)));
    for (auto const& [id, before] : store_.changed())
        if (stored_object after = store_.find_any(id); before.value || after.value)
            report.changes.push_back({id, before, std::move(after)});
    made.block = std::move(block);
    blocks_.push_back(std::move(made));
    if (++reversible_ > max_undo_blocks)
    {
        store_.forget_oldest();
        --reversible_;
    }
    return report;
}

BITSHARES_DECL void chain_state::update_irreversible()
{
    std::vector<std::uint32_t> confirmed;
    for (witness_id const id : global().active_witnesses)
        confirmed.push_back(store_.get<witness_object>(id).last_confirmed_block_num);
    // What 70 % of the witnesses have built upon.
    auto const at = confirmed.begin() + static_cast<std::ptrdiff_t>(confirmed.size() * 3'000 / 10'000);
    std::nth_element(confirmed.begin(), at, confirmed.end());
    if (*at > dynamic().last_irreversible_block_num)
        store_.modify<dynamic_global_property_object>(
            dynamic_global_property_id(0),
            [&](dynamic_global_property_object& d) { d.last_irreversible_block_num = *at; });
}

BITSHARES_DECL void chain_state::shuffle_witnesses()
{
    // Any order will do that nobody can choose; xorshift* of the time and the place, as nodes have it.
    std::uint64_t const high = std::uint64_t{now().seconds} << 32;
    constexpr std::uint64_t factor = 2'685'821'657'736'338'717u;
    store_.modify<witness_schedule_object>(witness_schedule_id(0), [&](witness_schedule_object& s) {
        auto& order = s.current_shuffled_witnesses;
        order.assign(global().active_witnesses.begin(), global().active_witnesses.end());
        for (std::size_t i = 0; i < order.size(); ++i)
        {
            std::uint64_t k = high + i * factor;
            k ^= k >> 12;
            k ^= k << 25;
            k ^= k >> 27;
            k *= factor;
            std::swap(order[i], order[i + static_cast<std::size_t>(k % (order.size() - i))]);
        }
    });
}

/* Fees become the chain's own; who should get a part of them is not modelled. */
BITSHARES_DECL void chain_state::maintain()
{
    std::int64_t fees = 0;
    std::vector<account_statistics_id> paid;
    store_.each<account_statistics_object>([&](account_statistics_object const& s) {
        if (s.pending_fees + s.pending_vested_fees > 0)
            paid.push_back(s.id);
    });
    for (auto const id : paid)
        store_.modify<account_statistics_object>(id, [&](account_statistics_object& s) {
            fees += s.pending_fees + s.pending_vested_fees;
            s.lifetime_fees_paid += s.pending_fees + s.pending_vested_fees;
            s.pending_fees = s.pending_vested_fees = 0;
        });
    if (fees > 0)
        store_.modify<asset_dynamic_data_object>(asset_dynamic_data_id(0),
                                                 [&](asset_dynamic_data_object& d) { d.accumulated_fees += fees; });
    chain_parameters const& parameters = global().parameters;
    if (parameters.accounts_per_fee_scale != 0)
        if (std::uint32_t const steps = dynamic().accounts_registered_this_interval / parameters.accounts_per_fee_scale;
            steps > 0)
            scale_account_fee(-static_cast<int>(steps * parameters.account_fee_scale_bitshifts));
    std::uint32_t const interval = options_.maintenance_interval;
    store_.modify<dynamic_global_property_object>(
        dynamic_global_property_id(0), [&](dynamic_global_property_object& d) {
            d.accounts_registered_this_interval = 0;
            d.last_vote_tally_time = d.last_budget_time = d.time;
            d.next_maintenance_time.seconds +=
                ((d.time.seconds - d.next_maintenance_time.seconds) / interval + 1) * interval;
        });
}

BITSHARES_DECL void chain_state::clear_expired()
{
    // In the node's order: transactions, proposals, orders, HTLCs; a transaction lives until the time is past its own.
    auto const expired = [&](std::uint8_t space, std::uint8_t type, bool past) {
        std::vector<any_object_id> ids;
        for (auto const& [at, id] : expirations_)
        {
            if (past ? at >= now() : at > now())
                break;
            if (id.space() == space && id.type() == type)
                ids.push_back(id);
        }
        return ids;
    };
    for (any_object_id const id : expired(2, 7, true))
        store_.remove(id);
    for (any_object_id const any : expired(1, 10, false))
    {
        proposal_id const id(any.instance());
        if (store_.find<proposal_object>(id) == nullptr)
            continue; // another proposal vetoed it meanwhile
        proposal_object const proposal = store_.get<proposal_object>(id);
        try
        {
            if (proposal_authorized(proposal))
                execute_proposal(proposal);
        }
        catch (chain_refusal const&)
        { // it had its chance
        }
        if (store_.find<proposal_object>(id) != nullptr)
            store_.remove(id);
    }
    for (any_object_id const id : expired(1, 7, false))
        cancel_order(limit_order_id(id.instance()), true);
    for (any_object_id const any : expired(1, 16, false))
    {
        htlc_object const h = store_.get<htlc_object>(htlc_id(any.instance()));
        bitshares::asset const amount{h.transfer.amount, h.transfer.asset_id};
        adjust_balance(h.transfer.from, amount);
        htlc_refund op;
        op.htlc_id = h.id;
        op.to = h.transfer.from;
        op.original_htlc_recipient = h.transfer.to;
        op.htlc_amount = amount;
        op.htlc_preimage_hash = h.conditions.hash_lock.preimage_hash;
        op.htlc_preimage_size = h.conditions.hash_lock.preimage_size;
        record(std::move(op), true);
        store_.remove(any);
    }
}

BITSHARES_DECL std::vector<signed_block> chain_state::undo_blocks(std::uint32_t count, bool keep_transactions)
{
    auto todo = std::exchange(pending_, {});
    if (std::exchange(pending_session_, false))
        store_.undo();
    std::vector<signed_block> undone;
    for (; count > 0 && reversible_ > 0; --count, --reversible_)
    {
        store_.undo();
        for (transaction_id const& id : blocks_.back().transactions)
            places_.erase(id);
        undone.insert(undone.begin(), std::move(blocks_.back().block));
        blocks_.pop_back();
    }
    std::vector<signed_transaction> again;
    if (keep_transactions)
        for (signed_block const& block : undone)
            again.insert(again.end(), block.transactions.begin(), block.transactions.end());
    again.insert(again.end(), todo.begin(), todo.end());
    push_pending_again(std::move(again));
    return undone;
}

// Histories

BITSHARES_DECL flat_set<account_id> chain_state::impacted(operation const& op, operation_result const& result)
{
    std::vector<account_id> accounts;
    if (auto const payer = op.fee_payer())
        accounts.push_back(*payer);
    auto const members_of = [&](authority const& a) {
        for (auto const& [id, weight] : a.account_auths)
            accounts.push_back(id);
    };
    if (auto const* const t = op.get_if<transfer>())
        accounts.push_back(t->to);
    else if (auto const* const c = op.get_if<account_create>())
    {
        accounts.push_back(c->referrer);
        members_of(c->owner);
        members_of(c->active);
        if (auto const* const id = std::get_if<any_object_id>(&result))
            accounts.push_back(account_id(id->instance()));
    }
    else if (auto const* const u = op.get_if<account_update>())
    {
        if (u->owner)
            members_of(*u->owner);
        if (u->active)
            members_of(*u->active);
    }
    else if (auto const* const i = op.get_if<asset_issue>())
        accounts.push_back(i->issue_to_account);
    else if (auto const* const p = op.get_if<proposal_create>())
    {
        transaction proposed;
        for (op_wrapper const& o : p->proposed_ops)
            proposed.operations.push_back(o.op);
        auto const needed = authorities_of(proposed);
        accounts.insert(accounts.end(), needed.active.begin(), needed.active.end());
        accounts.insert(accounts.end(), needed.owner.begin(), needed.owner.end());
        for (authority const& a : needed.other)
            members_of(a);
    }
    else if (auto const* const v = op.get_if<vesting_balance_create>())
        accounts.push_back(v->owner);
    else if (auto const* const h = op.get_if<htlc_create>())
        accounts.push_back(h->to);
    else if (auto const* const d = op.get_if<htlc_redeemed>())
        accounts.insert(accounts.end(), {d->from, d->to, d->redeemer});
    else if (auto const* const r = op.get_if<htlc_refund>())
        accounts.insert(accounts.end(), {r->to, r->original_htlc_recipient});
    return flat_set<account_id>(std::move(accounts));
}

BITSHARES_DECL void chain_state::write_histories()
{
    for (operation_history_object& entry : applied_)
    {
        entry.block_time = now();
        operation_history_object const& kept = store_.create(std::move(entry));
        if (auto const* const filled = kept.op.get_if<fill_order>())
            write_fill(*filled);
        for (account_id const account : impacted(kept.op, kept.result))
        {
            account_statistics_id const statistics(account.instance);
            auto const* const before = store_.find<account_statistics_object>(statistics);
            if (before == nullptr)
                continue;
            account_history_object link;
            link.account = account;
            link.operation_id = kept.id;
            link.sequence = before->total_ops + 1;
            link.next = before->most_recent_op;
            account_history_id const id = store_.create(std::move(link)).id;
            store_.modify<account_statistics_object>(statistics, [&](account_statistics_object& s) {
                s.most_recent_op = id;
                s.total_ops = s.total_ops + 1;
            });
        }
    }
    applied_.clear();
}

BITSHARES_DECL void chain_state::write_fill(fill_order const& op)
{
    order_history_object fill;
    auto const [base, quote] = std::minmax(op.pays.asset_id, op.receives.asset_id);
    fill.key = {base, quote, -static_cast<std::int64_t>(fills(base, quote).size())};
    fill.time = now();
    fill.op = op;
    store_.create(std::move(fill));
}

} // namespace detail
} // namespace testing
} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
