#pragma once

#include <bitshares/base/hex.hpp>
#include <bitshares/impl/testing/chain_state.ipp>
#include <bitshares/impl/testing/node_session.ipp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/rpc/api/database.hpp>
#include <bitshares/rpc/api/network_broadcast.hpp>
#include <bitshares/testing/chain.hpp>
#include <bitshares/testing/chain_state.hpp>
#include <bitshares/tx/fees.hpp>

#include <algorithm>
#include <condition_variable>
#include <limits>
#include <map>
#include <mutex>
#include <set>
#include <thread>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {
namespace testing {
namespace detail {

class chain_session;

/* What a chain, its connections and its producer share. */
class chain_service
{
public:
    explicit chain_service(chain_options options) : state(std::move(options)) {}

    std::mutex mutex; // of all that follows
    chain_state state;
    std::vector<chain_session*> sessions;
    std::function<broadcast_fault(signed_transaction const&)> decide;
    std::vector<signed_transaction> held;
    data_set const defaults; // limits, as nodes have them

    std::map<transaction_id, time_point_sec> unsettled; // broadcast, by their expirations

    void announce(block_report const& report);
    void announce_pending(signed_transaction const& tx);

    void remember(signed_transaction const& tx)
    {
        if (auto const id = id_of(tx))
            unsettled.emplace(*id, tx.expiration);
    }

    // Whether somebody waits for a block.
    bool is_block_needed()
    {
        std::uint32_t const last = state.dynamic().last_irreversible_block_num;
        signed_block const* const block = last == 0 ? nullptr : state.block(last);
        std::erase_if(unsettled, [&](auto const& tx) {
            auto const place = state.find(tx.first);
            return place ? place->block_num <= last : block && block->timestamp > tx.second;
        });
        return !unsettled.empty() || !state.pending().empty();
    }
};

inline std::string object_json(stored_object const& object, std::string_view prefix)
{
    std::string out;
    bitshares::detail::write_json(out, *object.type, object.value.get(), prefix);
    return out;
}

using market = std::pair<asset_id, asset_id>; // the smaller first

inline market market_between(asset_id a, asset_id b)
{
    return a < b ? market(a, b) : market(b, a);
}

/* Accounts that are told of an object's change. */
inline flat_set<account_id> concerned(any_object_id id, stored_object const& object)
{
    auto const as = [&]<class T>(T const*) -> T const& { return *static_cast<T const*>(object.value.get()); };
    std::vector<account_id> accounts;
    std::uint32_t const type = std::uint32_t{id.space()} << 8 | id.type();
    switch (type)
    {
    case 0x102: accounts = {account_id(id.instance())}; break;
    case 0x103: accounts = {as(static_cast<asset_object const*>(nullptr)).issuer}; break;
    case 0x106: accounts = {as(static_cast<witness_object const*>(nullptr)).witness_account}; break;
    case 0x107: accounts = {as(static_cast<limit_order_object const*>(nullptr)).seller}; break;
    case 0x10a:
    {
        auto const& p = as(static_cast<proposal_object const*>(nullptr));
        accounts.assign(p.required_active_approvals.begin(), p.required_active_approvals.end());
        accounts.insert(accounts.end(), p.required_owner_approvals.begin(), p.required_owner_approvals.end());
        accounts.push_back(p.proposer);
        break;
    }
    case 0x10b:
    {
        auto const& entry = as(static_cast<operation_history_object const*>(nullptr));
        return chain_state::impacted(entry.op, entry.result);
    }
    case 0x10d: accounts = {as(static_cast<vesting_balance_object const*>(nullptr)).owner}; break;
    case 0x110:
    {
        auto const& h = as(static_cast<htlc_object const*>(nullptr));
        accounts = {h.transfer.from, h.transfer.to};
        break;
    }
    case 0x205: accounts = {as(static_cast<account_balance_object const*>(nullptr)).owner}; break;
    case 0x206: accounts = {as(static_cast<account_statistics_object const*>(nullptr)).owner}; break;
    case 0x207:
        for (operation const& op : as(static_cast<transaction_history_object const*>(nullptr)).trx.operations)
            for (account_id const account : chain_state::impacted(op, {}))
                accounts.push_back(account);
        break;
    case 0x209: accounts = {as(static_cast<account_history_object const*>(nullptr)).account}; break;
    default: break;
    }
    return flat_set<account_id>(std::move(accounts));
}

/* Operations of an account, as the shared methods for histories want them. */
class chain_history final : public account_history
{
public:
    chain_history(chain_state const& state, account_id account) : state_(state), list_(state.history(account)) {}

    std::uint64_t size() const override { return list_.size(); }
    std::uint64_t id(std::uint64_t index) const override { return list_[static_cast<std::size_t>(index)]; }
    std::uint32_t time(std::uint64_t index) const override { return at(index).block_time.seconds; }
    std::uint32_t tag(std::uint64_t index) const override { return static_cast<std::uint32_t>(at(index).op.tag()); }
    void append(std::string& out, std::uint64_t index) const override
    {
        write_json(out, at(index), state_.options().key_prefix);
    }

private:
    operation_history_object const& at(std::uint64_t index) const
    {
        return state_.objects().get<operation_history_object>(operation_history_id(id(index)));
    }

    chain_state const& state_;
    std::vector<std::uint64_t> const& list_;
};

/* What a connection has subscribed to. */
struct subscriptions
{
    std::optional<std::uint64_t> blocks;
    std::optional<std::uint64_t> pending;
    std::optional<std::uint64_t> objects;
    bool all = false; // creation and removal of every object
    bool automatic = true;
    std::set<any_object_id> ids;
    std::set<account_id> accounts;
    std::map<market, std::uint64_t> markets;
};

/* A client that waits for its transaction to be in a block. */
struct waiting_broadcast
{
    transaction_id id;
    std::string head; // of the reply; empty: a notice
    std::uint64_t callback = 0;
    std::chrono::milliseconds delay{0};
};

/* A client's connection. All but construction and destruction under the service's lock. */
class chain_session final : public node_service::connection, public session_target
{
public:
    chain_session(std::shared_ptr<chain_service> service, node_service::sink send)
        : service_(std::move(service)), send_(std::move(send))
    {
        std::lock_guard const lock(service_->mutex);
        now_ = state().now().to_string();
        service_->sessions.push_back(this);
    }
    chain_session(chain_session const&) = delete;
    chain_session& operator=(chain_session const&) = delete;
    ~chain_session() override
    {
        std::lock_guard const lock(service_->mutex);
        std::erase(service_->sessions, this);
    }

    std::optional<std::string> answer(std::string_view frame) override
    {
        std::lock_guard const lock(service_->mutex);
        now_ = state().now().to_string();
        return answer_frame(frame, *this, {apis_, logged_in_});
    }

    // session_target

    std::string const& now() const override { return now_; }
    std::uint32_t limit(std::string_view name) const override { return service_->defaults.limit(name); }
    account_history const* history(std::string const& account_name_or_id, bool& known) const override
    {
        account_object const* account = state().account(account_name_or_id);
        if (auto const id = account_id::from_string(account_name_or_id))
            account = state().objects().find<account_object>(*id);
        known = account != nullptr;
        history_.reset();
        if (account != nullptr)
            history_ = std::make_unique<chain_history>(state(), account->id);
        return history_.get();
    }
    std::string methods(std::string const& api) const override;
    bool call(std::string const& head, std::string const& api, std::string_view method, std::string_view params,
              call_arguments items, std::string& out, bool& unknown) override;

    // for calls

    chain_service& service() const { return *service_; }
    chain_state& state() const { return service_->state; }
    std::string_view prefix() const { return state().options().key_prefix; }
    subscriptions& subscribed() { return subscribed_; }
    std::vector<waiting_broadcast>& waiting() { return waiting_; }
    void say(node_reply reply) const
    {
        if (send_)
            send_(std::move(reply));
    }

    // told by the service

    void tell_pending(std::string const& transaction) const
    {
        if (subscribed_.pending)
            notice(*subscribed_.pending, transaction);
    }
    void tell(block_report const& report);

private:
    void notice(std::uint64_t callback, std::string const& payload) const
    {
        node_reply reply;
        reply.frames.push_back("{\"method\":\"notice\",\"params\":[" + std::to_string(callback) + ",[" + payload +
                               "]]}");
        say(std::move(reply));
    }
    void tell_objects(std::vector<block_report::change const*> const& changes, bool removed, bool created) const;
    void tell_markets(block_report const& report) const;

    std::shared_ptr<chain_service> service_;
    node_service::sink send_;
    std::string now_;
    std::vector<std::string> apis_{"database", "login"};
    bool logged_in_ = true;
    subscriptions subscribed_;
    std::vector<waiting_broadcast> waiting_;
    mutable std::unique_ptr<chain_history> history_;
};

inline void chain_service::announce(block_report const& report)
{
    for (chain_session* const session : sessions)
        session->tell(report);
}

inline void chain_service::announce_pending(signed_transaction const& tx)
{
    if (sessions.empty())
        return;
    std::string const json = to_json(tx, state.options().key_prefix);
    for (chain_session* const session : sessions)
        session->tell_pending(json);
}

inline void chain_session::tell_objects(std::vector<block_report::change const*> const& changes, bool removed,
                                        bool created) const
{
    // A change that concerns a subscribed account brings all changes of its kind, as nodes tell them.
    bool everything = subscribed_.all && (removed || created);
    for (auto const* const change : changes)
        for (account_id const account : concerned(change->id, removed ? change->before : change->after))
            everything = everything || subscribed_.accounts.contains(account);
    std::string list;
    for (auto const* const change : changes)
        if (everything || subscribed_.ids.contains(change->id))
        {
            list += list.empty() ? "" : ",";
            list += removed ? json_quote(change->id.to_string()) : object_json(change->after, prefix());
        }
    if (!list.empty())
        notice(*subscribed_.objects, '[' + list + ']');
}

inline void chain_session::tell_markets(block_report const& report) const
{
    for (auto const& [which, callback] : subscribed_.markets)
    {
        std::string list;
        for (auto const& change : report.changes)
        {
            if (change.id.space() != 1 || change.id.type() != limit_order_id::type())
                continue;
            auto const& side = change.after.value ? change.after : change.before;
            price const& p = static_cast<limit_order_object const*>(side.value.get())->sell_price;
            if (market_between(p.base.asset_id, p.quote.asset_id) != which)
                continue;
            list += list.empty() ? "" : ",";
            list += change.after.value ? object_json(change.after, prefix()) : json_quote(change.id.to_string());
        }
        if (!list.empty())
            notice(callback, '[' + list + ']');
    }
}

inline void chain_session::tell(block_report const& report)
{
    if (subscribed_.blocks)
        notice(*subscribed_.blocks, json_quote(to_hex(report.id.data)));
    std::vector<std::pair<waiting_broadcast, std::string>> answers;
    if (!waiting_.empty())
        if (signed_block const* const block = state().block(report.number))
            for (std::uint32_t i = 0; i < block->transactions.size(); ++i)
            {
                transaction_id const id = bitshares::id_of(block->transactions[i]).value();
                for (auto at = waiting_.begin(); at != waiting_.end();)
                {
                    if (at->id != id)
                    {
                        ++at;
                        continue;
                    }
                    transaction_confirmation confirmation{id, report.number, i, block->transactions[i]};
                    confirmation.trx.operation_results = report.results[i];
                    std::string const json = to_json(confirmation, prefix());
                    if (at->head.empty())
                        notice(at->callback, json);
                    else
                        answers.emplace_back(*at, at->head + json + '}');
                    at = waiting_.erase(at);
                }
            }
    for (auto const& [which, callback] : subscribed_.markets)
    {
        std::string list;
        for (auto const& entry : report.operations)
            if (auto const* const filled = entry.op.get_if<fill_order>();
                filled != nullptr && market_between(filled->pays.asset_id, filled->receives.asset_id) == which)
            {
                list += list.empty() ? "[" : ",[";
                write_json(list, entry.op, prefix());
                list += ',';
                write_json(list, entry.result, prefix());
                list += ']';
            }
        if (!list.empty())
            notice(callback, '[' + list + ']');
    }
    if (subscribed_.objects)
    {
        std::vector<block_report::change const*> created;
        std::vector<block_report::change const*> changed;
        std::vector<block_report::change const*> removed;
        for (auto const& change : report.changes)
        {
            // Nodes have made all block summaries (2.8.x) in the beginning.
            bool const is_new = !change.before.value && !(change.id.space() == 2 && change.id.type() == 8);
            (!change.after.value ? removed : is_new ? created : changed).push_back(&change);
        }
        tell_objects(created, false, true);
        tell_objects(changed, false, false);
        tell_objects(removed, true, false);
    }
    tell_markets(report);
    for (auto& [broadcast, text] : answers)
    {
        node_reply reply;
        reply.frames.push_back(std::move(text));
        reply.delay = broadcast.delay;
        say(std::move(reply));
    }
}

/* One call: arguments read and results printed by the library's own types. */
class chain_call : public history_call
{
public:
    chain_call(chain_session& session, std::string const& head, call_arguments args, std::string& out)
        : history_call(session, args, out),
          session_(session),
          state_(session.state()),
          store_(state_.objects()),
          head_(head)
    {}

    // database: objects

    bool get_objects()
    {
        auto const ids = arg<std::vector<any_object_id>>(0);
        for (any_object_id const id : ids)
            if (id.space() > 7)
                refuse({"undo_database.hpp", 1, "get_index"},
                       "_index[space_id].size() > type_id: Database index " + std::to_string(id.space()) + '.' +
                           std::to_string(id.type()) + " does not exist, space size is 0");
        bool const subscribe = subscribes(1);
        list rows(out_);
        for (any_object_id const id : ids)
        {
            auto const found = store_.find_any(id);
            if (subscribe && !(id.space() == 1 && id.type() == 11) && !(id.space() == 2 && id.type() == 9))
                session_.subscribed().ids.insert(id);
            rows.next() += found.value ? object_json(found, session_.prefix()) : "null";
        }
        return true;
    }

    bool get_chain_id() { return print(state_.chain_id()); }
    bool get_chain_properties() { return print(store_.get<chain_property_object>(chain_property_id(0))); }
    bool get_global_properties() { return print(state_.global()); }
    bool get_dynamic_global_properties() { return print(state_.dynamic()); }
    bool get_config()
    {
        auto const& o = state_.options();
        out_ += "{\"GRAPHENE_SYMBOL\":" + json_quote(o.core_symbol) +
                ",\"GRAPHENE_ADDRESS_PREFIX\":" + json_quote(o.key_prefix);
        out_ += constants;
        return true;
    }

    bool get_next_object_id()
    {
        need(3);
        any_object_id const type(arg<std::uint8_t>(0), arg<std::uint8_t>(1), 0);
        return print(store_.next_id(type));
    }

    // accounts

    bool get_accounts()
    {
        auto const names = arg<std::vector<std::string>>(0);
        bool const subscribe = subscribes(1);
        list rows(out_);
        for (auto const& name : names)
        {
            account_object const* const account = account_of(name);
            if (account != nullptr && subscribe)
                session_.subscribed().ids.insert(account->id);
            print_or_null(rows, account);
        }
        return true;
    }
    bool get_account_by_name()
    {
        need(1);
        account_object const* const account = state_.account(arg<std::string>(0));
        return account != nullptr ? print(*account) : put("null");
    }
    bool lookup_account_names()
    {
        auto const names = arg<std::vector<std::string>>(0);
        list rows(out_);
        for (auto const& name : names)
            print_or_null(rows, state_.account(name));
        return true;
    }
    bool lookup_accounts()
    {
        need(2);
        auto const first = arg<std::string>(0);
        std::uint32_t count = checked(1, "api_limit_lookup_accounts", "lookup_accounts");
        list rows(out_);
        for (auto at = state_.account_names().lower_bound(first); at != state_.account_names().end() && count > 0;
             ++at, --count)
            rows.next() += '[' + json_quote(at->first) + ",\"" + at->second.to_string() + "\"]";
        return true;
    }
    bool get_account_id_from_string()
    {
        need(1);
        return print(known_account(0).id);
    }
    bool get_account_count() { return print(std::uint64_t{state_.account_names().size()}); }

    bool get_full_accounts()
    {
        auto const names = arg<std::vector<std::string>>(0);
        if (std::uint32_t const most = session_.limit("api_limit_get_full_accounts"); names.size() > most)
            too_many("names_or_ids.size() <= configured_limit", most, "get_full_accounts");
        bool const subscribe = subscribes(1);
        list rows(out_);
        for (auto const& name : names)
        {
            account_object const* const account = account_of(name);
            if (account == nullptr)
                continue;
            if (subscribe)
            {
                session_.subscribed().ids.insert(account->id);
                session_.subscribed().accounts.insert(account->id);
            }
            std::string& row = rows.next();
            row += '[' + json_quote(name) + ',';
            write_json(row, full(*account), session_.prefix());
            row += ']';
        }
        return true;
    }

    bool get_account_balances()
    {
        need(2);
        account_id const id = known_account(0).id;
        auto const assets = arg<flat_set<asset_id>>(1);
        if (assets.empty())
        {
            std::vector<asset> balances = state_.balances(id);
            std::erase_if(balances, [](asset const& a) { return a.amount == 0; });
            return print(balances);
        }
        std::vector<asset> result;
        for (asset_id const a : assets)
            result.push_back({state_.balance(id, a), a});
        return print(result);
    }

    bool get_key_references()
    {
        auto const keys = arg<std::vector<public_key>>(0);
        list rows(out_);
        for (public_key const& key : keys)
        {
            std::vector<account_id> accounts;
            store_.each<account_object>([&](account_object const& a) {
                auto const names = [&](authority const& auth) { return auth.key_auths.find(key) != nullptr; };
                if (names(a.owner) || names(a.active) || a.options.memo_key == key)
                    accounts.push_back(a.id);
            });
            write_json(rows.next(), flat_set<account_id>(std::move(accounts)));
        }
        return true;
    }

    bool get_vesting_balances()
    {
        need(1);
        return print(of_account<vesting_balance_object>(known_account(0).id,
                                                        [](vesting_balance_object const& v) { return v.owner; }));
    }

    bool get_proposed_transactions()
    {
        need(1);
        account_id const id = known_account(0).id;
        return print(proposals_of(id));
    }

    // assets

    bool get_assets()
    {
        auto const names = arg<std::vector<std::string>>(0);
        if (std::uint32_t const most = session_.limit("api_limit_get_assets"); names.size() > most)
            too_many("asset_symbols_or_ids.size() <= configured_limit", most, "get_assets");
        bool const subscribe = subscribes(1);
        list rows(out_);
        for (auto const& name : names)
        {
            asset_object const* const found = asset_of(name);
            if (found != nullptr && subscribe)
                session_.subscribed().ids.insert(found->id);
            found != nullptr ? print_asset(rows.next(), *found) : static_cast<void>(rows.next() += "null");
        }
        return true;
    }
    bool list_assets()
    {
        need(2);
        auto const first = arg<std::string>(0);
        std::uint32_t count = checked(1, "api_limit_get_assets", "list_assets");
        list rows(out_);
        for (auto at = state_.symbols().lower_bound(first); at != state_.symbols().end() && count > 0; ++at, --count)
            print_asset(rows.next(), store_.get<asset_object>(at->second));
        return true;
    }
    bool get_asset_id_from_string()
    {
        need(1);
        return print(known_asset(arg<std::string>(0)).id);
    }
    bool get_asset_count() { return print(std::uint64_t{state_.symbols().size()}); }

    // orders

    bool get_limit_orders()
    {
        need(3);
        std::uint32_t const count = checked(2, "api_limit_get_limit_orders", "get_limit_orders");
        asset_id const a = known_asset(arg<std::string>(0)).id;
        asset_id const b = known_asset(arg<std::string>(1)).id;
        list rows(out_);
        for (auto const& side : {state_.orders(a, b), state_.orders(b, a)})
            for (std::size_t i = 0; i < side.size() && i < count; ++i)
                print_to(rows.next(), store_.get<limit_order_object>(side[i]));
        return true;
    }
    bool get_limit_orders_by_account()
    {
        need(1);
        account_id const id = known_account(0).id;
        std::uint32_t const count =
            absent(1) ? session_.limit("api_limit_get_limit_orders_by_account")
                      : checked(1, "api_limit_get_limit_orders_by_account", "get_limit_orders_by_account");
        limit_order_id const start = absent(2) ? limit_order_id() : arg<limit_order_id>(2);
        auto orders = of_account<limit_order_object>(id, [](limit_order_object const& o) { return o.seller; });
        std::erase_if(orders, [&](limit_order_object const& o) { return o.id < start; });
        orders.resize(std::min<std::size_t>(orders.size(), count));
        return print(orders);
    }
    bool get_order_book()
    {
        need(3);
        std::uint32_t const count = checked(2, "api_limit_get_order_book", "get_order_book");
        asset_object const* sides[2] = {asset_of(arg<std::string>(0)), asset_of(arg<std::string>(1))};
        for (std::size_t i = 0; i < 2; ++i)
            if (sides[i] == nullptr)
                refuse({"database_api.cpp", 1, "get_order_book"}, "assets[" + std::to_string(i) + "]: Invalid " +
                                                                      (i == 0 ? "base" : "quote") +
                                                                      " asset symbol: " + arg<std::string>(i));
        if (sides[0] == sides[1])
            refuse({"market.cpp", 1, "get_order_book"}, "base.asset_id != quote.asset_id: ");
        order_book book;
        book.base = arg<std::string>(0);
        book.quote = arg<std::string>(1);
        for (bool const bids : {true, false})
        {
            asset_object const& sold = *sides[bids ? 0 : 1];
            asset_object const& wanted = *sides[bids ? 1 : 0];
            for (limit_order_id const id : state_.orders(sold.id, wanted.id))
            {
                auto& side = bids ? book.bids : book.asks;
                if (side.size() >= count)
                    break;
                limit_order_object const& o = store_.get<limit_order_object>(id);
                std::int64_t const receives =
                    convert({o.for_sale, sold.id}, o.sell_price, rounding::down).value().amount;
                order_book::order row;
                price const p = bids ? o.sell_price : price{o.sell_price.quote, o.sell_price.base};
                row.price =
                    trimmed(format_price(p, sides[0]->precision, sides[1]->precision, 20, rounding::down).value());
                row.base = amount_text(bids ? o.for_sale : receives, *sides[0]);
                row.quote = amount_text(bids ? receives : o.for_sale, *sides[1]);
                row.id = id;
                row.owner_id = o.seller;
                row.owner_name = store_.get<account_object>(o.seller).name;
                row.expiration = o.expiration;
                side.push_back(std::move(row));
            }
        }
        return print(book);
    }

    // blocks and transactions

    bool get_block()
    {
        need(1);
        signed_block const* const block = state_.block(arg<std::uint32_t>(0));
        return block != nullptr ? print(*block) : put("null");
    }
    bool get_block_header()
    {
        need(1);
        return put(header(arg<std::uint32_t>(0), !absent(1) && arg<bool>(1)));
    }
    bool get_block_header_batch()
    {
        need(1);
        auto numbers = arg<std::vector<std::uint32_t>>(0);
        bool const with_signature = !absent(1) && arg<bool>(1);
        std::sort(numbers.begin(), numbers.end());
        numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
        list rows(out_);
        for (std::uint32_t const number : numbers)
            rows.next() += '[' + std::to_string(number) + ',' + header(number, with_signature) + ']';
        return true;
    }
    bool get_blocks()
    {
        need(2);
        auto const first = arg<std::uint32_t>(0);
        auto const last = arg<std::uint32_t>(1);
        if (last < first)
            refuse({"api.cpp", 1, "get_blocks"}, "block_num_to >= block_num_from: ");
        if (last - first > 1'000)
            refuse({"api.cpp", 1, "get_blocks"}, "block_num_to - block_num_from <= 1000: ");
        list rows(out_);
        for (std::uint64_t number = first; number <= last; ++number)
        {
            signed_block const* const block = state_.block(static_cast<std::uint32_t>(number));
            block != nullptr ? print_to(rows.next(), *block) : static_cast<void>(rows.next() += "null");
        }
        return true;
    }
    bool get_transaction()
    {
        need(2);
        signed_block const* const block = state_.block(arg<std::uint32_t>(0));
        auto const index = arg<std::uint32_t>(1);
        if (block == nullptr)
            refuse({"database_api.cpp", 302, "get_transaction"}, "opt_block: ");
        if (index >= block->transactions.size())
            refuse({"database_api.cpp", 303, "get_transaction"}, "opt_block->transactions.size() > trx_num: ");
        return print(block->transactions[index]);
    }
    bool get_recent_transaction_by_id()
    {
        need(1);
        signed_transaction const* const tx = state_.recent(arg<transaction_id>(0));
        return tx != nullptr ? print(*tx) : put("null");
    }
    bool get_transaction_hex()
    {
        need(1);
        return put(json_quote(to_hex(pack(arg<signed_transaction>(0)).value())));
    }
    bool get_transaction_hex_without_sig()
    {
        need(1);
        return put(json_quote(to_hex(pack(arg<transaction>(0)).value())));
    }
    bool get_required_signatures()
    {
        need(2);
        auto const tx = arg<signed_transaction>(0);
        auto const keys = arg<flat_set<public_key>>(1);
        std::vector<public_key> const available(keys.begin(), keys.end());
        return print(required_signatures(tx, available, state_.signers(tx), state_.accounts(), authority_rules()));
    }
    bool get_potential_signatures()
    {
        need(1);
        return print(potential_signatures(arg<signed_transaction>(0), state_.accounts(), authority_rules()));
    }
    bool get_potential_address_signatures()
    {
        need(1);
        return print(potential_address_signatures(arg<signed_transaction>(0), state_.accounts(), authority_rules()));
    }
    bool verify_authority()
    {
        need(1);
        auto const tx = arg<signed_transaction>(0);
        state_.check_authority(tx, state_.signers(tx));
        return put("true");
    }
    bool validate_transaction()
    {
        need(1);
        return print(state_.validate(arg<signed_transaction>(0)));
    }
    bool get_required_fees()
    {
        need(2);
        auto const ops = arg<std::vector<operation>>(0);
        asset_object const& in = known_asset(arg<std::string>(1));
        auto const fees = required_fees(std::span<operation const>(ops), state_.global().parameters.current_fees,
                                        in.options.core_exchange_rate);
        if (!fees)
            throw chain_refusal(node_errc::unspecified_exception, fees.error().message());
        print_fees(*fees);
        return true;
    }

    bool get_htlc()
    {
        need(1);
        auto const id = arg<htlc_id>(0);
        if (subscribes(1))
            session_.subscribed().ids.insert(id);
        htlc_object const* const found = store_.find<htlc_object>(id);
        return found != nullptr ? print(*found) : put("null");
    }
    bool get_htlc_by_from()
    {
        return htlcs([](htlc_object const& h) { return h.transfer.from; }, "get_htlc_by_from");
    }
    bool get_htlc_by_to()
    {
        return htlcs([](htlc_object const& h) { return h.transfer.to; }, "get_htlc_by_to");
    }
    bool list_htlcs()
    {
        need(2);
        auto const start = arg<htlc_id>(0);
        std::uint32_t const count = checked(1, "api_limit_list_htlcs", "list_htlcs");
        std::vector<htlc_object> found;
        store_.each<htlc_object>([&](htlc_object const& h) {
            if (h.id >= start && found.size() < count)
                found.push_back(h);
        });
        return print(found);
    }

    bool get_witnesses()
    {
        auto const ids = arg<std::vector<witness_id>>(0);
        list rows(out_);
        for (witness_id const id : ids)
            print_or_null(rows, store_.find<witness_object>(id));
        return true;
    }
    bool get_witness_by_account()
    {
        need(1);
        account_id const id = known_account(0).id;
        auto const found = of_account<witness_object>(id, [](witness_object const& w) { return w.witness_account; });
        return found.empty() ? put("null") : print(found.front());
    }
    bool get_witness_count() { return print(store_.count<witness_object>()); }
    bool get_committee_members()
    {
        auto const ids = arg<std::vector<committee_member_id>>(0);
        list rows(out_);
        for (committee_member_id const id : ids)
            print_or_null(rows, store_.find<committee_member_object>(id));
        return true;
    }

    // history

    bool get_block_operation_history()
    {
        need(1);
        auto const number = arg<std::uint32_t>(0);
        std::optional<std::uint32_t> transaction;
        if (!absent(1))
            transaction = arg<std::uint32_t>(1);
        auto const [first, end] = state_.operations_of(number);
        list rows(out_);
        for (std::uint64_t i = first; i < end; ++i)
            if (auto const& entry = store_.get<operation_history_object>(operation_history_id(i));
                !transaction || entry.trx_in_block == *transaction)
                print_to(rows.next(), entry);
        return true;
    }
    bool get_block_operations_by_time()
    {
        time_point_sec const until = absent(0) ? time_point_sec::maximum() : arg<time_point_sec>(0);
        std::uint64_t end = store_.next_id(operation_history_id(0)).instance();
        auto const entry = [&](std::uint64_t i) -> operation_history_object const& {
            return store_.get<operation_history_object>(operation_history_id(i));
        };
        while (end > 0 && entry(end - 1).block_time > until)
            --end;
        list rows(out_);
        for (std::uint64_t i = end; i > 0 && entry(i - 1).block_time == entry(end - 1).block_time; --i)
            print_to(rows.next(), entry(i - 1));
        return true;
    }

    bool get_fill_order_history()
    {
        need(3);
        auto const& fills = state_.fills(known_asset(arg<std::string>(0)).id, known_asset(arg<std::string>(1)).id);
        auto count = arg<std::uint32_t>(2); // nodes have no limit for it
        list rows(out_);
        for (auto fill = fills.rbegin(); fill != fills.rend() && count > 0; ++fill, --count)
            print_to(rows.next(), store_.get<order_history_object>(order_history_id(*fill)));
        return true;
    }

    // subscriptions

    bool set_subscribe_callback()
    {
        need(2);
        auto& s = session_.subscribed();
        s.objects = arg<std::uint64_t>(0);
        s.all = arg<bool>(1);
        s.ids.clear();
        s.accounts.clear();
        return put("null");
    }
    bool set_auto_subscription()
    {
        need(1);
        session_.subscribed().automatic = arg<bool>(0);
        return put("null");
    }
    bool set_pending_transaction_callback()
    {
        need(1);
        session_.subscribed().pending = arg<std::uint64_t>(0);
        return put("null");
    }
    bool set_block_applied_callback()
    {
        need(1);
        session_.subscribed().blocks = arg<std::uint64_t>(0);
        return put("null");
    }
    bool cancel_all_subscriptions()
    {
        auto& s = session_.subscribed();
        s.objects.reset();
        s.all = false;
        s.ids.clear();
        s.accounts.clear();
        s.markets.clear();
        return put("null");
    }
    bool subscribe_to_market()
    {
        need(3);
        auto const callback = arg<std::uint64_t>(0);
        session_.subscribed().markets[market_argument(1)] = callback;
        return put("null");
    }
    bool unsubscribe_from_market()
    {
        need(2);
        session_.subscribed().markets.erase(market_argument(0));
        return put("null");
    }

    // network_broadcast

    bool broadcast_transaction()
    {
        need(1);
        return broadcast(arg<signed_transaction>(0), {}, {});
    }
    bool broadcast_transaction_with_callback()
    {
        need(2);
        return broadcast(arg<signed_transaction>(1), arg<std::uint64_t>(0), {});
    }
    bool broadcast_transaction_synchronous()
    {
        need(1);
        return broadcast(arg<signed_transaction>(0), {}, head_ + ",\"result\":");
    }
    bool broadcast_block()
    {
        need(1);
        auto const report = state_.apply(arg<signed_block>(0));
        session_.service().announce(report);
        return put("null");
    }

    // login

    bool node_config() { return put(session_.service().defaults.config()); }
    bool get_info() { return put("\"\""); }
    bool get_available_api_sets()
    {
        return put(R"(["asset_api","block_api","database_api","history_api","network_broadcast_api"])");
    }

private:
    static constexpr std::string_view constants =
        R"(,"GRAPHENE_MIN_ACCOUNT_NAME_LENGTH":1,"GRAPHENE_MAX_ACCOUNT_NAME_LENGTH":63,"GRAPHENE_MIN_ASSET_SYMBOL_LENGTH":3,"GRAPHENE_MAX_ASSET_SYMBOL_LENGTH":16,"GRAPHENE_MAX_SHARE_SUPPLY":"1000000000000000","GRAPHENE_MAX_SIG_CHECK_DEPTH":2,"GRAPHENE_MIN_TRANSACTION_SIZE_LIMIT":1024,"GRAPHENE_MIN_BLOCK_INTERVAL":1,"GRAPHENE_MAX_BLOCK_INTERVAL":30,"GRAPHENE_DEFAULT_BLOCK_INTERVAL":5,"GRAPHENE_DEFAULT_MAX_TRANSACTION_SIZE":2048,"GRAPHENE_DEFAULT_MAX_BLOCK_SIZE":2000000,"GRAPHENE_DEFAULT_MAX_TIME_UNTIL_EXPIRATION":86400,"GRAPHENE_DEFAULT_MAINTENANCE_INTERVAL":86400,"GRAPHENE_DEFAULT_MAINTENANCE_SKIP_SLOTS":3,"GRAPHENE_MIN_UNDO_HISTORY":10,"GRAPHENE_MAX_UNDO_HISTORY":10000,"GRAPHENE_MIN_BLOCK_SIZE_LIMIT":5120,"GRAPHENE_BLOCKCHAIN_PRECISION":100000,"GRAPHENE_BLOCKCHAIN_PRECISION_DIGITS":5,"GRAPHENE_100_PERCENT":10000,"GRAPHENE_1_PERCENT":100,"GRAPHENE_MAX_MARKET_FEE_PERCENT":10000,"GRAPHENE_DEFAULT_FORCE_SETTLEMENT_DELAY":86400,"GRAPHENE_DEFAULT_FORCE_SETTLEMENT_OFFSET":0,"GRAPHENE_DEFAULT_FORCE_SETTLEMENT_MAX_VOLUME":2000,"GRAPHENE_DEFAULT_PRICE_FEED_LIFETIME":86400,"GRAPHENE_DEFAULT_MAX_AUTHORITY_MEMBERSHIP":10,"GRAPHENE_DEFAULT_MAX_ASSET_WHITELIST_AUTHORITIES":10,"GRAPHENE_DEFAULT_MAX_ASSET_FEED_PUBLISHERS":10,"GRAPHENE_COLLATERAL_RATIO_DENOM":1000,"GRAPHENE_MIN_COLLATERAL_RATIO":1001,"GRAPHENE_MAX_COLLATERAL_RATIO":32000,"GRAPHENE_DEFAULT_MAINTENANCE_COLLATERAL_RATIO":1750,"GRAPHENE_DEFAULT_MAX_SHORT_SQUEEZE_RATIO":1500,"GRAPHENE_DEFAULT_MAX_WITNESSES":1001,"GRAPHENE_DEFAULT_MAX_COMMITTEE":1001,"GRAPHENE_DEFAULT_MAX_PROPOSAL_LIFETIME_SEC":2419200,"GRAPHENE_DEFAULT_COMMITTEE_PROPOSAL_REVIEW_PERIOD_SEC":1209600,"GRAPHENE_DEFAULT_NETWORK_PERCENT_OF_FEE":2000,"GRAPHENE_DEFAULT_LIFETIME_REFERRER_PERCENT_OF_FEE":3000,"GRAPHENE_DEFAULT_CASHBACK_VESTING_PERIOD_SEC":31536000,"GRAPHENE_DEFAULT_CASHBACK_VESTING_THRESHOLD":10000000,"GRAPHENE_DEFAULT_BURN_PERCENT_OF_FEE":2000,"GRAPHENE_DEFAULT_MAX_ASSERT_OPCODE":1,"GRAPHENE_DEFAULT_FEE_LIQUIDATION_THRESHOLD":10000000,"GRAPHENE_DEFAULT_ACCOUNTS_PER_FEE_SCALE":1000,"GRAPHENE_DEFAULT_ACCOUNT_FEE_SCALE_BITSHIFTS":4,"GRAPHENE_MAX_WORKER_NAME_LENGTH":63,"GRAPHENE_MAX_URL_LENGTH":127,"GRAPHENE_CORE_ASSET_CYCLE_RATE":17,"GRAPHENE_CORE_ASSET_CYCLE_RATE_BITS":32,"GRAPHENE_DEFAULT_WITNESS_PAY_PER_BLOCK":1000000,"GRAPHENE_DEFAULT_WITNESS_PAY_VESTING_SECONDS":86400,"GRAPHENE_DEFAULT_WORKER_BUDGET_PER_DAY":"50000000000","GRAPHENE_COMMITTEE_ACCOUNT":"1.2.0","GRAPHENE_WITNESS_ACCOUNT":"1.2.1","GRAPHENE_RELAXED_COMMITTEE_ACCOUNT":"1.2.2","GRAPHENE_NULL_ACCOUNT":"1.2.3","GRAPHENE_TEMP_ACCOUNT":"1.2.4"})";

    template <class T>
    T arg(std::size_t i) const
    {
        need(i + 1);
        json_options options;
        options.key_prefix = session_.prefix();
        auto value = from_json<T>(args_[i], options);
        if (!value)
            throw chain_refusal(node_errc::bad_cast_exception, value.error().message(), "variant.cpp", "from_variant");
        return std::move(*value);
    }

    template <class T>
    void print_to(std::string& out, T const& value) const
    {
        write_json(out, value, session_.prefix());
    }
    template <class T>
    bool print(T const& value)
    {
        print_to(out_, value);
        return true;
    }
    template <class T>
    void print_or_null(list& rows, T const* value) const
    {
        value != nullptr ? print_to(rows.next(), *value) : static_cast<void>(rows.next() += "null");
    }

    bool subscribes(std::size_t i)
    {
        bool const wanted = absent(i) ? session_.subscribed().automatic : arg<bool>(i);
        return wanted && session_.subscribed().objects.has_value();
    }

    account_object const* account_of(std::string const& name_or_id) const
    {
        if (!starts_with_digit(name_or_id))
            return state_.account(name_or_id);
        auto const id = account_id::from_string(name_or_id);
        if (!id)
            refuse({"object_id.hpp", 1, "object_id"},
                   "fc::to_uint64( s.substr( 0, first_dot ) ) == SpaceID && fc::to_uint64( s.substr( first_dot+1, "
                   "(second_dot-first_dot)-1 ) ) == TypeID: Space.Type.0 (1.2.0) doesn't match expected value " +
                       name_or_id);
        return store_.find<account_object>(*id);
    }
    account_object const& known_account(std::size_t i) const
    {
        account_object const* const found = account_of(arg<std::string>(i));
        if (found == nullptr)
            refuse({"database_api.cpp", 1, "get_account_from_string"}, "account_ptr: no such account");
        return *found;
    }
    asset_object const* asset_of(std::string const& symbol_or_id) const
    {
        if (!starts_with_digit(symbol_or_id))
            return state_.asset(symbol_or_id);
        auto const id = asset_id::from_string(symbol_or_id);
        return id ? store_.find<asset_object>(*id) : nullptr;
    }
    asset_object const& known_asset(std::string const& symbol_or_id) const
    {
        asset_object const* const found = asset_of(symbol_or_id);
        if (found == nullptr)
            refuse({"database_api.cpp", 1, "get_asset_from_string"}, "asset_ptr: no such asset");
        return *found;
    }
    market market_argument(std::size_t i) const
    {
        asset_id const a = known_asset(arg<std::string>(i)).id;
        asset_id const b = known_asset(arg<std::string>(i + 1)).id;
        if (a == b)
            refuse({"database_api.cpp", 1, "subscribe_to_market"}, "asset_a_id != asset_b_id: ");
        return market_between(a, b);
    }

    [[noreturn]] void too_many(std::string const& condition, std::uint32_t most, char const* method) const
    {
        refuse({"database_api.cpp", 1, method}, condition + ": limit can not be greater than " + std::to_string(most));
    }
    std::uint32_t checked(std::size_t i, std::string_view name, char const* method) const
    {
        auto const value = arg<std::uint32_t>(i);
        std::uint32_t const most = session_.limit(name);
        if (value > most)
            too_many("limit <= configured_limit", most, method);
        return value;
    }

    template <class T, class Owner>
    std::vector<T> of_account(account_id id, Owner&& owner) const
    {
        std::vector<T> found;
        store_.each<T>([&](T const& object) {
            if (owner(object) == id)
                found.push_back(object);
        });
        return found;
    }

    std::vector<proposal_object> proposals_of(account_id id) const
    {
        std::vector<proposal_object> found;
        store_.each<proposal_object>([&](proposal_object const& p) {
            if (p.required_active_approvals.contains(id) || p.required_owner_approvals.contains(id) ||
                p.available_active_approvals.contains(id) || p.available_owner_approvals.contains(id))
                found.push_back(p);
        });
        return found;
    }

    template <class Side>
    bool htlcs(Side&& side, char const* method)
    {
        need(3);
        account_id const id = known_account(0).id;
        auto const start = arg<htlc_id>(1);
        std::uint32_t const count = checked(2, "api_limit_get_htlc_by", method);
        auto found = of_account<htlc_object>(id, side);
        std::erase_if(found, [&](htlc_object const& h) { return h.id < start; });
        found.resize(std::min<std::size_t>(found.size(), count));
        return print(found);
    }

    full_account full(account_object const& a) const
    {
        full_account f;
        f.account = a;
        f.statistics = store_.get<account_statistics_object>(a.statistics);
        auto const name = [&](account_id id) { return store_.get<account_object>(id).name; };
        f.registrar_name = name(a.registrar);
        f.referrer_name = name(a.referrer);
        f.lifetime_referrer_name = name(a.lifetime_referrer);
        for (vote_id const vote : a.options.votes)
        {
            any_object_id const id =
                vote.type() == vote_id::witness
                    ? any_object_id(witness_id(vote.instance() + 1))
                    : any_object_id(committee_member_id(vote.instance() - state_.options().witnesses));
            auto const found = store_.find_any(id);
            auto& voted = f.votes.emplace_back();
            if (found.value)
                voted = from_json<voted_object>(object_json(found, session_.prefix())).value();
        }
        f.balances = of_account<account_balance_object>(a.id, [](account_balance_object const& b) { return b.owner; });
        f.vesting_balances =
            of_account<vesting_balance_object>(a.id, [](vesting_balance_object const& v) { return v.owner; });
        f.limit_orders = of_account<limit_order_object>(a.id, [](limit_order_object const& o) { return o.seller; });
        f.proposals = proposals_of(a.id);
        store_.each<asset_object>([&](asset_object const& issued) {
            if (issued.issuer == a.id)
                f.assets.push_back(issued.id);
        });
        f.htlcs_from = of_account<htlc_object>(a.id, [](htlc_object const& h) { return h.transfer.from; });
        f.htlcs_to = of_account<htlc_object>(a.id, [](htlc_object const& h) { return h.transfer.to; });
        std::size_t const most = session_.limit("api_limit_get_full_accounts_lists");
        auto const cut = [&](auto& all, bool& more) {
            more = all.size() > most;
            if (more)
                all.erase(all.begin() + static_cast<std::ptrdiff_t>(most), all.end());
        };
        cut(f.balances, f.more_data_available.balances);
        cut(f.vesting_balances, f.more_data_available.vesting_balances);
        cut(f.limit_orders, f.more_data_available.limit_orders);
        cut(f.proposals, f.more_data_available.proposals);
        cut(f.assets, f.more_data_available.assets);
        cut(f.htlcs_from, f.more_data_available.htlcs_from);
        cut(f.htlcs_to, f.more_data_available.htlcs_to);
        return f;
    }

    void print_asset(std::string& out, asset_object const& a) const
    {
        print_to(out, a);
        if (a.id == core_asset) // of what is collateral somewhere, the node tells how much
            out.insert(out.size() - 1, ",\"total_in_collateral\":0");
    }

    static std::string trimmed(std::string text)
    {
        if (text.find('.') != std::string::npos)
        {
            text.erase(text.find_last_not_of('0') + 1);
            if (text.back() == '.')
                text.pop_back();
        }
        return text;
    }
    std::string amount_text(std::int64_t amount, asset_object const& type) const
    {
        std::string text = state_.pretty({amount, type.id});
        return text.substr(0, text.find(' '));
    }

    std::string header(std::uint32_t number, bool with_signature) const
    {
        signed_block const* const block = state_.block(number);
        if (block == nullptr)
            return "null";
        maybe_signed_block_header h;
        static_cast<block_header&>(h) = *block;
        if (with_signature)
            h.witness_signature = block->witness_signature;
        return to_json(h, session_.prefix());
    }

    void print_fees(std::vector<operation_fee> const& fees)
    {
        list rows(out_);
        for (operation_fee const& fee : fees)
        {
            std::string& row = rows.next();
            if (!fee.proposed)
            {
                write_json(row, fee.fee);
                continue;
            }
            row += '[';
            write_json(row, fee.fee);
            row += ',';
            print_fees(*fee.proposed);
            row += ']';
        }
    }

    authority_options authority_rules() const
    {
        authority_options options;
        options.now = state_.now();
        options.max_depth = state_.global().parameters.max_authority_depth;
        return options;
    }

    bool broadcast(signed_transaction const& tx, std::optional<std::uint64_t> callback, std::string synchronous_head)
    {
        chain_service& service = session_.service();
        service.remember(tx);
        broadcast_fault const fault = service.decide ? service.decide(tx) : broadcast_fault();
        if (fault.refuse)
        {
            node_error const& e = *fault.refuse;
            throw refusal{"{\"code\":" + std::to_string(e.code()) + ",\"message\":" + json_quote(e.message()) +
                          ",\"data\":{\"code\":" + std::to_string(e.code()) + ",\"name\":" + json_quote(e.name()) +
                          ",\"message\":" + json_quote(e.message()) +
                          ",\"stack\":" + (e.stack_json().empty() ? "[]" : e.stack_json()) + "}}"};
        }
        transaction_id const id = id_of(tx).value();
        if (fault.effect == broadcast_effect::take)
        {
            state_.push(tx);
            service.announce_pending(tx);
        }
        else
        {
            state_.validate(tx);
            if (fault.effect == broadcast_effect::hold)
                service.held.push_back(tx);
        }
        if (fault.answer == broadcast_answer::close)
        {
            node_reply reply;
            reply.drop = true;
            reply.delay = fault.delay;
            session_.say(std::move(reply));
            return false;
        }
        if (fault.answer == broadcast_answer::withhold)
            return false;
        if (callback)
            session_.waiting().push_back({id, {}, *callback, fault.delay});
        if (!synchronous_head.empty())
        {
            session_.waiting().push_back({id, std::move(synchronous_head), 0, fault.delay});
            return false;
        }
        if (fault.delay.count() > 0)
        {
            node_reply reply;
            reply.frames.push_back(head_ + ",\"result\":null}");
            reply.delay = fault.delay;
            session_.say(std::move(reply));
            return false;
        }
        return put("null");
    }

    chain_session& session_;
    chain_state& state_;
    object_store const& store_;
    std::string const& head_;
};

struct chain_method
{
    std::string_view api;
    std::string_view name;
    bool (chain_call::*function)();
};

inline constexpr chain_method chain_methods[] = {
    {"history", "get_account_history", &chain_call::get_account_history},
    {"history", "get_account_history_operations", &chain_call::get_account_history_operations},
    {"history", "get_account_history_by_time", &chain_call::get_account_history_by_time},
    {"history", "get_relative_account_history", &chain_call::get_relative_account_history},
    {"history", "get_account_history_by_operations", &chain_call::get_account_history_by_operations},
    {"history", "get_block_operation_history", &chain_call::get_block_operation_history},
    {"history", "get_block_operations_by_time", &chain_call::get_block_operations_by_time},
    {"history", "get_fill_order_history", &chain_call::get_fill_order_history},
    {"database", "get_objects", &chain_call::get_objects},
    {"database", "get_chain_id", &chain_call::get_chain_id},
    {"database", "get_chain_properties", &chain_call::get_chain_properties},
    {"database", "get_global_properties", &chain_call::get_global_properties},
    {"database", "get_dynamic_global_properties", &chain_call::get_dynamic_global_properties},
    {"database", "get_config", &chain_call::get_config},
    {"database", "get_next_object_id", &chain_call::get_next_object_id},
    {"database", "get_accounts", &chain_call::get_accounts},
    {"database", "get_account_by_name", &chain_call::get_account_by_name},
    {"database", "lookup_account_names", &chain_call::lookup_account_names},
    {"database", "lookup_accounts", &chain_call::lookup_accounts},
    {"database", "get_account_id_from_string", &chain_call::get_account_id_from_string},
    {"database", "get_account_count", &chain_call::get_account_count},
    {"database", "get_full_accounts", &chain_call::get_full_accounts},
    {"database", "get_account_balances", &chain_call::get_account_balances},
    {"database", "get_named_account_balances", &chain_call::get_account_balances},
    {"database", "get_key_references", &chain_call::get_key_references},
    {"database", "get_vesting_balances", &chain_call::get_vesting_balances},
    {"database", "get_proposed_transactions", &chain_call::get_proposed_transactions},
    {"database", "get_assets", &chain_call::get_assets},
    {"database", "lookup_asset_symbols", &chain_call::get_assets},
    {"database", "list_assets", &chain_call::list_assets},
    {"database", "get_asset_id_from_string", &chain_call::get_asset_id_from_string},
    {"database", "get_asset_count", &chain_call::get_asset_count},
    {"database", "get_limit_orders", &chain_call::get_limit_orders},
    {"database", "get_limit_orders_by_account", &chain_call::get_limit_orders_by_account},
    {"database", "get_order_book", &chain_call::get_order_book},
    {"database", "get_block", &chain_call::get_block},
    {"database", "get_block_header", &chain_call::get_block_header},
    {"database", "get_block_header_batch", &chain_call::get_block_header_batch},
    {"database", "get_transaction", &chain_call::get_transaction},
    {"database", "get_recent_transaction_by_id", &chain_call::get_recent_transaction_by_id},
    {"database", "get_transaction_hex", &chain_call::get_transaction_hex},
    {"database", "get_transaction_hex_without_sig", &chain_call::get_transaction_hex_without_sig},
    {"database", "get_required_signatures", &chain_call::get_required_signatures},
    {"database", "get_potential_signatures", &chain_call::get_potential_signatures},
    {"database", "get_potential_address_signatures", &chain_call::get_potential_address_signatures},
    {"database", "verify_authority", &chain_call::verify_authority},
    {"database", "validate_transaction", &chain_call::validate_transaction},
    {"database", "get_required_fees", &chain_call::get_required_fees},
    {"database", "get_htlc", &chain_call::get_htlc},
    {"database", "get_htlc_by_from", &chain_call::get_htlc_by_from},
    {"database", "get_htlc_by_to", &chain_call::get_htlc_by_to},
    {"database", "list_htlcs", &chain_call::list_htlcs},
    {"database", "get_witnesses", &chain_call::get_witnesses},
    {"database", "get_witness_by_account", &chain_call::get_witness_by_account},
    {"database", "get_witness_count", &chain_call::get_witness_count},
    {"database", "get_committee_members", &chain_call::get_committee_members},
    {"database", "set_subscribe_callback", &chain_call::set_subscribe_callback},
    {"database", "set_auto_subscription", &chain_call::set_auto_subscription},
    {"database", "set_pending_transaction_callback", &chain_call::set_pending_transaction_callback},
    {"database", "set_block_applied_callback", &chain_call::set_block_applied_callback},
    {"database", "cancel_all_subscriptions", &chain_call::cancel_all_subscriptions},
    {"database", "subscribe_to_market", &chain_call::subscribe_to_market},
    {"database", "unsubscribe_from_market", &chain_call::unsubscribe_from_market},
    {"block", "get_blocks", &chain_call::get_blocks},
    {"network_broadcast", "broadcast_transaction", &chain_call::broadcast_transaction},
    {"network_broadcast", "broadcast_transaction_with_callback", &chain_call::broadcast_transaction_with_callback},
    {"network_broadcast", "broadcast_transaction_synchronous", &chain_call::broadcast_transaction_synchronous},
    {"network_broadcast", "broadcast_block", &chain_call::broadcast_block},
    {"login", "get_config", &chain_call::node_config},
    {"login", "get_info", &chain_call::get_info},
    {"login", "get_available_api_sets", &chain_call::get_available_api_sets},
};

inline std::string chain_session::methods(std::string const& api) const
{
    std::string text;
    for (auto const& entry : chain_methods)
        if (entry.api == api)
            text += (text.empty() ? "[" : ",[") + json_quote(entry.name) + ",0]";
    return '[' + text + ']';
}

inline bool chain_session::call(std::string const& head, std::string const& api, std::string_view method,
                                std::string_view, call_arguments items, std::string& out, bool& unknown)
{
    for (auto const& entry : chain_methods)
        if (entry.api == api && entry.name == method)
        {
            auto const one = std::make_unique<chain_call>(*this, head, items, out); // on the stack, g++ 12 -O2 warns
            try
            {
                return in_nodes_words([&] { return ((*one).*entry.function)(); });
            }
            catch (chain_refusal const& refused)
            {
                throw refusal{refused.json(state().now())};
            }
        }
    unknown = true;
    return false;
}

/* Makes blocks on the wall clock. */
class chain_producer
{
public:
    chain_producer(chain_service& service, std::chrono::milliseconds interval, block_production when)
        : thread_([this, &service, interval, when] {
              auto next = std::chrono::steady_clock::now() + interval;
              std::unique_lock lock(mutex_);
              while (!wake_.wait_until(lock, next, [this] { return ended_; }))
              {
                  next += interval;
                  std::lock_guard const all(service.mutex);
                  if (when == block_production::always || service.is_block_needed())
                      service.announce(service.state.produce());
              }
          })
    {}
    chain_producer(chain_producer const&) = delete;
    chain_producer& operator=(chain_producer const&) = delete;
    ~chain_producer()
    {
        {
            std::lock_guard const lock(mutex_);
            ended_ = true;
        }
        wake_.notify_all();
        thread_.join();
    }

private:
    std::mutex mutex_;
    std::condition_variable wake_;
    bool ended_ = false;
    std::thread thread_; // last: it uses the others
};

/* What the chain refuses of this class's own transactions is the caller's mistake. */
template <class Action>
auto or_throw(chain_state const& state, Action&& action)
{
    try
    {
        return action();
    }
    catch (chain_refusal const& refused)
    {
        throw node_refused(refused.error(state.now()));
    }
}

/* Fees, reference block and expiration as the chain's time is now, and signatures. */
inline signed_transaction prepared(chain_state const& state, std::vector<operation> operations,
                                   std::vector<private_key const*> const& keys, std::uint32_t lifetime)
{
    signed_transaction tx;
    tx.operations = std::move(operations);
    for (operation& op : tx.operations)
    {
        asset_object const* const type = state.objects().find<asset_object>(op.fee().asset_id);
        static_cast<void>(set_fee(op, state.global().parameters.current_fees,
                                  type != nullptr
                                      ? type->options.core_exchange_rate
                                      : core_fee_rate)); // of what has no fee, the chain will say what is wrong
    }
    std::uint32_t const number = state.dynamic().last_irreversible_block_num;
    if (signed_block const* const block = state.block(number))
    {
        auto const id = id_of(*block).data;
        tx.ref_block_num = static_cast<std::uint16_t>(number);
        tx.ref_block_prefix =
            std::uint32_t{id[4]} | std::uint32_t{id[5]} << 8 | std::uint32_t{id[6]} << 16 | std::uint32_t{id[7]} << 24;
    }
    tx.expiration.seconds = state.now().seconds + lifetime;
    sha256_digest const digest = signing_digest(tx, state.chain_id()).value();
    for (private_key const* const key : keys)
        tx.signatures.push_back(key->sign(digest));
    return tx;
}

/* Pushes what `bank` does. Several such transactions in a row may say the same: the expiration tells them apart. */
inline processed_transaction push_of_bank(chain_service& service, operation op)
{
    private_key const key = service.state.key("bank", "active");
    return or_throw(service.state, [&] {
        std::uint32_t lifetime = 3'600;
        signed_transaction tx = prepared(service.state, {op}, {&key}, lifetime);
        while (service.state.recent(id_of(tx).value()) != nullptr)
            tx = prepared(service.state, {op}, {&key}, ++lifetime);
        processed_transaction result = service.state.push(tx);
        service.announce_pending(tx);
        return result;
    });
}

inline any_object_id made(processed_transaction const& tx)
{
    return std::get<any_object_id>(tx.operation_results.front());
}

} // namespace detail

BITSHARES_DECL chain::chain(chain_options options)
    : service_(std::make_shared<detail::chain_service>(std::move(options)))
{}

BITSHARES_DECL chain::~chain()
{
    stop_producing();
}

BITSHARES_DECL bitshares::network chain::network() const
{
    auto const& o = service_->state.options(); // never changes
    return {service_->state.chain_id(), o.key_prefix, o.core_symbol};
}

BITSHARES_DECL time_point_sec chain::head_time() const
{
    std::lock_guard const lock(service_->mutex);
    return service_->state.now();
}

BITSHARES_DECL std::uint32_t chain::head_block_num() const
{
    std::lock_guard const lock(service_->mutex);
    return service_->state.dynamic().head_block_number;
}

BITSHARES_DECL std::uint32_t chain::last_irreversible_block_num() const
{
    std::lock_guard const lock(service_->mutex);
    return service_->state.dynamic().last_irreversible_block_num;
}

BITSHARES_DECL std::optional<signed_block> chain::block(std::uint32_t number) const
{
    std::lock_guard const lock(service_->mutex);
    signed_block const* const found = service_->state.block(number);
    return found != nullptr ? std::optional(*found) : std::nullopt;
}

BITSHARES_DECL signed_block chain::produce_block()
{
    std::lock_guard const lock(service_->mutex);
    auto const report = service_->state.produce();
    service_->announce(report);
    return *service_->state.block(report.number);
}

BITSHARES_DECL void chain::produce_blocks(std::uint32_t count)
{
    for (std::uint32_t i = 0; i < count; ++i)
        produce_block();
}

BITSHARES_DECL void chain::produce_until_irreversible(std::uint32_t number)
{
    while (last_irreversible_block_num() < number)
        produce_block();
}

BITSHARES_DECL void chain::advance(std::chrono::seconds time)
{
    std::lock_guard const lock(service_->mutex);
    std::int64_t const interval = service_->state.options().block_interval;
    service_->state.skip_slots(
        static_cast<std::uint64_t>(std::max<std::int64_t>((time.count() + interval - 1) / interval, 0)));
}

BITSHARES_DECL void chain::start_producing(std::chrono::milliseconds interval, block_production when)
{
    stop_producing();
    std::lock_guard const lock(producer_mutex_);
    producer_ = std::make_unique<detail::chain_producer>(*service_, interval, when);
}

BITSHARES_DECL void chain::stop_producing()
{
    std::lock_guard const lock(producer_mutex_);
    producer_.reset();
}

BITSHARES_DECL std::vector<signed_block> chain::undo_blocks(std::uint32_t count, bool keep_transactions)
{
    std::lock_guard const lock(service_->mutex);
    return service_->state.undo_blocks(count, keep_transactions);
}

BITSHARES_DECL reply<void> chain::push_block(signed_block const& block)
{
    std::lock_guard const lock(service_->mutex);
    try
    {
        service_->announce(service_->state.apply(block));
        return {};
    }
    catch (detail::chain_refusal const& refused)
    {
        return refused.error(service_->state.now());
    }
}

BITSHARES_DECL private_key chain::key(std::string_view account, std::string_view role) const
{
    return service_->state.key(account, role); // of the options alone
}

BITSHARES_DECL account_id chain::create_account(std::string_view name, std::int64_t core, bool lifetime_member)
{
    std::lock_guard const lock(service_->mutex);
    auto const& state = service_->state;
    account_id const bank = state.account("bank")->id;
    account_create op;
    op.registrar = op.referrer = bank;
    op.name = name;
    op.owner = detail::authority_of(state.key(name, "owner").to_public());
    op.active = detail::authority_of(state.key(name, "active").to_public());
    op.options.memo_key = state.key(name, "memo").to_public();
    account_id const id(detail::made(detail::push_of_bank(*service_, std::move(op))).instance());
    auto const upgrade = static_cast<std::int64_t>(
        state.global().parameters.current_fees.find<account_upgrade>()->membership_lifetime_fee);
    transfer give;
    give.from = bank;
    give.to = id;
    give.amount = {core + (lifetime_member ? upgrade : 0), core_asset};
    if (give.amount.amount > 0)
        detail::push_of_bank(*service_, std::move(give));
    if (lifetime_member)
    {
        account_upgrade up;
        up.account_to_upgrade = id;
        up.upgrade_to_lifetime_member = true;
        private_key const key = state.key(name, "active");
        detail::or_throw(state, [&] {
            signed_transaction const tx = detail::prepared(state, {std::move(up)}, {&key}, 3'600);
            service_->state.push(tx);
            service_->announce_pending(tx);
        });
    }
    return id;
}

BITSHARES_DECL asset_id chain::create_asset(std::string_view symbol, std::uint8_t precision,
                                            asset_options const& options)
{
    std::lock_guard const lock(service_->mutex);
    asset_create op;
    op.issuer = service_->state.account("bank")->id;
    op.symbol = symbol;
    op.precision = precision;
    op.common_options = options;
    price& rate = op.common_options.core_exchange_rate;
    if (rate.base.amount == 0 && rate.quote.amount == 0)
        rate = {{1, core_asset}, {1, asset_id(1)}};
    return asset_id(detail::made(detail::push_of_bank(*service_, std::move(op))).instance());
}

BITSHARES_DECL void chain::fund(account_id account, asset const& amount)
{
    std::lock_guard const lock(service_->mutex);
    account_id const bank = service_->state.account("bank")->id;
    auto const* const type = service_->state.objects().find<asset_object>(amount.asset_id);
    if (type != nullptr && type->issuer == bank)
    {
        asset_issue op;
        op.issuer = bank;
        op.asset_to_issue = amount;
        op.issue_to_account = account;
        detail::push_of_bank(*service_, std::move(op));
        return;
    }
    transfer op;
    op.from = bank;
    op.to = account;
    op.amount = amount;
    detail::push_of_bank(*service_, std::move(op));
}

BITSHARES_DECL std::optional<account_object> chain::account(std::string_view name_or_id) const
{
    std::lock_guard const lock(service_->mutex);
    auto const id = account_id::from_string(name_or_id);
    auto const* const found =
        id ? service_->state.objects().find<account_object>(*id) : service_->state.account(name_or_id);
    return found != nullptr ? std::optional(*found) : std::nullopt;
}

BITSHARES_DECL std::int64_t chain::balance(account_id account, asset_id asset) const
{
    std::lock_guard const lock(service_->mutex);
    return service_->state.balance(account, asset);
}

BITSHARES_DECL std::string chain::object(any_object_id id) const
{
    std::lock_guard const lock(service_->mutex);
    auto const found = service_->state.objects().find_any(id);
    return found.value ? detail::object_json(found, service_->state.options().key_prefix) : std::string();
}

BITSHARES_DECL signed_transaction chain::sign(std::vector<operation> operations,
                                              std::vector<private_key const*> const& keys,
                                              std::chrono::seconds lifetime) const
{
    std::lock_guard const lock(service_->mutex);
    return detail::prepared(service_->state, std::move(operations), keys, static_cast<std::uint32_t>(lifetime.count()));
}

BITSHARES_DECL reply<processed_transaction> chain::push(signed_transaction const& tx)
{
    std::lock_guard const lock(service_->mutex);
    try
    {
        processed_transaction result = service_->state.push(tx);
        service_->remember(tx);
        service_->announce_pending(tx);
        return result;
    }
    catch (detail::chain_refusal const& refused)
    {
        return refused.error(service_->state.now());
    }
}

BITSHARES_DECL std::optional<transaction_place> chain::find(transaction_id const& id) const
{
    std::lock_guard const lock(service_->mutex);
    return service_->state.find(id);
}

BITSHARES_DECL std::vector<transaction_id> chain::pending() const
{
    std::lock_guard const lock(service_->mutex);
    std::vector<transaction_id> ids;
    for (signed_transaction const& tx : service_->state.pending())
        ids.push_back(id_of(tx).value());
    return ids;
}

BITSHARES_DECL void chain::drop_pending()
{
    std::lock_guard const lock(service_->mutex);
    service_->state.drop_pending();
}

BITSHARES_DECL void chain::on_broadcast(std::function<broadcast_fault(signed_transaction const&)> decide)
{
    std::lock_guard const lock(service_->mutex);
    service_->decide = std::move(decide);
}

BITSHARES_DECL std::size_t chain::release_held()
{
    std::lock_guard const lock(service_->mutex);
    std::size_t count = 0;
    for (signed_transaction const& tx : std::exchange(service_->held, {}))
        try
        {
            service_->state.push(tx);
            service_->announce_pending(tx);
            ++count;
        }
        catch (detail::chain_refusal const&)
        { // too late for it
        }
    return count;
}

BITSHARES_DECL std::unique_ptr<node_service::connection> chain::connect(sink send)
{
    return std::make_unique<detail::chain_session>(service_, std::move(send));
}

BITSHARES_DECL std::string chain::answer(std::string_view frame)
{
    detail::chain_session session(service_, {});
    return session.answer(frame).value_or(std::string());
}

} // namespace testing
} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
