#pragma once

#include <bitshares/protocol/json.hpp>
#include <bitshares/protocol/time_point.hpp>
#include <bitshares/testing/data_set.hpp>
#include <bitshares/testing/json_text.hpp>

#include <algorithm>
#include <charconv>
#include <limits>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {
namespace testing {
namespace detail {

inline void append_number(std::string& out, std::uint64_t value)
{
    char digits[20];
    out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

/* As nodes print amounts: beyond 32 bits a string. */
inline void append_amount(std::string& out, std::uint64_t value)
{
    if (value > 0xffffffff)
        out += '"';
    append_number(out, value);
    if (value > 0xffffffff)
        out += '"';
}

/* Steele and others' splitmix64: different numbers for neighbouring indices. */
inline std::uint64_t scatter(std::uint64_t x) noexcept
{
    x += 0x9e3779b97f4a7c15;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
    x = (x ^ x >> 27) * 0x94d049bb133111eb;
    return x ^ x >> 31;
}

inline std::string const* find_text(std::unordered_map<std::string, std::string> const& map, std::string const& key)
{
    auto const at = map.find(key);
    return at == map.end() ? nullptr : &at->second;
}

inline std::string answer_key(std::string_view api, std::string_view method, std::string_view arguments)
{
    std::string key;
    key.append(api).append(1, '\n').append(method).append(1, '\n').append(canonical_json(arguments));
    return key;
}

inline constexpr std::string_view synthetic_key = "BTS6MRyAjQq8ud7hVNYcfnVPJqcVpscN5So8BhtHuGYqET5GDW5CV";

inline std::string synthetic_account(std::string const& id, std::string const& instance, std::string const& name)
{
    std::string const authority = R"({"weight_threshold":1,"account_auths":[],"key_auths":[[")" +
                                  std::string(synthetic_key) + R"(",1]],"address_auths":[]})";
    return R"({"id":")" + id + R"(","membership_expiration_date":"1970-01-01T00:00:00","registrar":")" + id +
           R"(","referrer":")" + id + R"(","lifetime_referrer":")" + id +
           R"(","network_fee_percentage":2000,"lifetime_referrer_fee_percentage":8000,"referrer_rewards_percentage":0,"name":)" +
           json_quote(name) + R"(,"owner":)" + authority + R"(,"active":)" + authority + R"(,"options":{"memo_key":")" +
           std::string(synthetic_key) +
           R"(","voting_account":"1.2.5","num_witness":0,"num_committee":0,"votes":[],"extensions":[]},)"
           R"("num_committee_voted":0,"statistics":"2.6.)" +
           instance +
           R"(","whitelisting_accounts":[],"blacklisting_accounts":[],"whitelisted_accounts":[],"blacklisted_accounts":[],)"
           R"("owner_special_authority":[0,{}],"active_special_authority":[0,{}],"top_n_control_flags":0,)"
           R"("creation_block_num":1,"creation_time":"2015-10-13T14:12:24"})";
}

inline std::string synthetic_statistics(std::string const& id, std::string const& instance, std::string const& name,
                                        std::uint64_t size)
{
    std::string text = R"({"id":"2.6.)" + instance + R"(","owner":")" + id + R"(","name":)" + json_quote(name) +
                       R"(,"most_recent_op":"2.9.)" + instance + R"(","total_ops":)";
    append_amount(text, size);
    return text +
           R"(,"removed_ops":0,"total_core_in_orders":0,"total_core_inactive":0,"total_core_pob":0,"total_core_pol":0,)"
           R"("total_pob_value":0,"total_pol_value":0,"core_in_balance":0,"has_cashback_vb":false,"is_voting":false,)"
           R"("last_vote_time":"1970-01-01T00:00:00","vp_all":0,"vp_active":0,"vp_committee":0,"vp_witness":0,"vp_worker":0,)"
           R"("vote_tally_time":"1970-01-01T00:00:00","lifetime_fees_paid":0,"pending_fees":0,"pending_vested_fees":0})";
}

inline std::string synthetic_asset(std::string const& id, std::string_view symbol, unsigned precision)
{
    return R"({"id":")" + id + R"(","symbol":")" + std::string(symbol) + R"(","precision":)" +
           std::to_string(precision) +
           R"(,"issuer":"1.2.3","options":{"max_supply":"1000000000000000","market_fee_percent":0,"max_market_fee":"1000000000000000",)"
           R"("issuer_permissions":0,"flags":0,"core_exchange_rate":{"base":{"amount":1,"asset_id":"1.3.0"},"quote":{"amount":1,"asset_id":")" +
           id +
           R"("}},"whitelist_authorities":[],"blacklist_authorities":[],"whitelist_markets":[],"blacklist_markets":[],)"
           R"("description":"","extensions":{}},"dynamic_asset_data_id":"2.3.)" +
           id.substr(4) + R"(","creation_block_num":0,"creation_time":"1970-01-01T00:00:00"})";
}

} // namespace detail

BITSHARES_DECL std::vector<std::string> const& api_names()
{
    static std::vector<std::string> const names{
        "database", "login",  "history", "network_broadcast", "network_node", "crypto",
        "asset",    "orders", "block",   "custom_operations", "debug"};
    return names;
}

BITSHARES_DECL void synthetic_history::append(std::string& out, std::uint64_t index) const
{
    using detail::append_amount;
    using detail::append_number;
    std::uint64_t const random = detail::scatter(index);
    std::uint64_t const other = 3 + random % 4; // committee, witness, relaxed and null account are on every chain
    std::uint64_t const amount = (random >> 8) % (random % 16 == 0 ? 100'000'000'000'000 : 50'000'000) + 1;
    std::uint64_t const asset = random >> 4 & 1;
    bool const fill = tag(index) == 4;
    std::uint64_t const place = index % 20;
    bool const memo = place == 1 || place == 6 || place == 15;
    bool const incoming = (random >> 5 & 1) != 0;

    out += R"({"id":"1.11.)";
    append_number(out, id(index));
    if (fill)
    {
        out += R"(","op":[4,{"fee":{"amount":)";
        append_number(out, random % 1000);
        out += asset == 0 ? R"(,"asset_id":"1.3.1"},"order_id":"1.7.)" : R"(,"asset_id":"1.3.0"},"order_id":"1.7.)";
        append_number(out, index);
        out.append(R"(","account_id":")").append(account_).append(R"(","pays":{"amount":)");
        append_amount(out, amount);
        out += asset == 0 ? R"(,"asset_id":"1.3.0"},"receives":{"amount":)"
                          : R"(,"asset_id":"1.3.1"},"receives":{"amount":)";
        append_amount(out, amount / 3 + 1);
        out += asset == 0 ? R"(,"asset_id":"1.3.1"},"fill_price":{"base":{"amount":)"
                          : R"(,"asset_id":"1.3.0"},"fill_price":{"base":{"amount":)";
        append_amount(out, amount);
        out += asset == 0 ? R"(,"asset_id":"1.3.0"},"quote":{"amount":)" : R"(,"asset_id":"1.3.1"},"quote":{"amount":)";
        append_amount(out, amount / 3 + 1);
        out += asset == 0 ? R"(,"asset_id":"1.3.1"}},"is_maker":)" : R"(,"asset_id":"1.3.0"}},"is_maker":)";
        out += incoming ? "true}]" : "false}]";
    }
    else
    {
        out += R"(","op":[0,{"fee":{"amount":86869,"asset_id":"1.3.0"},"from":")";
        out += incoming ? "1.2." : account_;
        if (incoming)
            append_number(out, other);
        out += R"(","to":")";
        out += incoming ? account_ : "1.2.";
        if (!incoming)
            append_number(out, other);
        out += R"(","amount":{"amount":)";
        append_amount(out, amount);
        out += asset == 0 ? R"(,"asset_id":"1.3.0"})" : R"(,"asset_id":"1.3.1"})";
        if (memo)
        {
            out.append(R"(,"memo":{"from":")").append(detail::synthetic_key).append(R"(","to":")");
            out.append(detail::synthetic_key).append(R"(","nonce":")");
            append_number(out, random | std::uint64_t{1} << 63);
            out += R"(","message":")";
            for (std::uint64_t block = 0; block < 2 + random % 3; ++block) // whole AES blocks of 16 bytes
            {
                char hex[32];
                std::uint64_t bits = 0;
                for (std::size_t i = 0; i < sizeof hex; ++i, bits >>= 4)
                {
                    if (i % 16 == 0)
                        bits = detail::scatter(random + block * 2 + i / 16);
                    hex[i] = "0123456789abcdef"[bits & 15];
                }
                out.append(hex, sizeof hex);
            }
            out += R"("})";
        }
        out += R"(,"extensions":[]}])";
    }
    out += R"(,"result":[0,{}],"block_num":)";
    append_number(out, 1000 + index / 3);
    out += R"(,"trx_in_block":)";
    append_number(out, index % 3);
    out += R"(,"op_in_trx":0,"virtual_op":)";
    append_number(out, fill ? index % 3 + 1 : 0);
    out += fill ? R"(,"is_virtual":true,"block_time":")" : R"(,"is_virtual":false,"block_time":")";
    char text[bitshares::detail::time_text_size];
    bitshares::detail::write_time({time(index)}, text);
    out.append(text, sizeof text);
    out += R"("})";
}

BITSHARES_DECL std::optional<std::map<std::uint64_t, std::int64_t>> synthetic_history::balances() const
{
    std::map<std::uint64_t, std::int64_t> all;
    for (std::uint64_t index = 0; index < size_; ++index)
    {
        std::uint64_t const random = detail::scatter(index); // as append() has it
        auto const amount =
            static_cast<std::int64_t>((random >> 8) % (random % 16 == 0 ? 100'000'000'000'000 : 50'000'000) + 1);
        std::uint64_t const asset = random >> 4 & 1;
        if (tag(index) == 4)
            all[1 - asset] += amount / 3 + 1 - static_cast<std::int64_t>(random % 1000);
        else if ((random >> 5 & 1) != 0)
            all[asset] += amount;
        else
        {
            all[asset] -= amount;
            all[0] -= 86'869;
        }
    }
    return all;
}

BITSHARES_DECL data_set::data_set() : chain_id(64, 'c')
{
    for (auto const* flag : {"enable_subscribe_to_all", "has_api_helper_indexes_plugin", "has_market_history_plugin"})
        set_config(flag, "true");
    constexpr std::pair<char const*, std::uint32_t> limits[] = {
        {"get_account_history", 100},
        {"get_account_history_operations", 100},
        {"get_account_history_by_operations", 100},
        {"get_relative_account_history", 100},
        {"get_market_history", 200},
        {"get_trade_history", 100},
        {"get_trade_history_by_sequence", 100},
        {"get_liquidity_pool_history", 101},
        {"get_top_markets", 100},
        {"get_assets", 101},
        {"get_asset_holders", 100},
        {"get_key_references", 100},
        {"get_full_accounts", 50},
        {"get_full_accounts_lists", 500},
        {"get_full_accounts_subscribe", 100},
        {"get_top_voters", 200},
        {"get_limit_orders", 300},
        {"get_limit_orders_by_account", 101},
        {"get_account_limit_orders", 101},
        {"get_grouped_limit_orders", 101},
        {"get_order_book", 50},
        {"get_call_orders", 300},
        {"get_settle_orders", 300},
        {"get_collateral_bids", 100},
        {"lookup_accounts", 1000},
        {"lookup_witness_accounts", 1000},
        {"lookup_committee_member_accounts", 1000},
        {"lookup_vote_ids", 1000},
        {"list_htlcs", 100},
        {"get_htlc_by", 100},
        {"get_withdraw_permissions_by_giver", 101},
        {"get_withdraw_permissions_by_recipient", 101},
        {"get_tickets", 101},
        {"get_liquidity_pools", 101},
        {"get_samet_funds", 101},
        {"get_credit_offers", 101},
        {"get_storage_info", 101},
    };
    for (auto const& [name, value] : limits)
        set_limit(std::string("api_limit_") + name, value);
}

BITSHARES_DECL data_set::data_set(recording const& from, std::uint64_t last_operation) : data_set()
{
    chain_id = from.chain_id;
    blocks = from.blocks;
    for (auto const& operation : from.operations)
        if (operation.id <= last_operation)
            operations.push_back(operation);
    for (auto const& [number, block] : from.blocks)
        if (auto const time = string_value(member(block.header, "timestamp")))
            now = *time;

    std::map<std::uint64_t, std::vector<std::string>> sessions; // the numbers that a connection gave its APIs
    for (auto const& call : from.calls)
    {
        std::vector<std::string> fresh; // each HTTP request is a session
        if (call.http || call.kind == "ok" || call.kind == "error")
            add_call(call, call.http ? fresh : sessions[call.session]);
    }
    for (auto const& account : from.accounts)
    {
        std::vector<std::string> apis;
        for (auto const& call : account.final_state)
            add_call(call, apis);
    }
    for (auto const& operation : from.operations)
        objects_["1.11." + std::to_string(operation.id)] = operation.json;
    for (auto const& [name, id] : from.account_ids)
        account_ids_[name] = id;
    for (auto const& [id, object] : from.objects)
        add_object(object);
    for (auto const& account : from.accounts)
    {
        std::vector<recorded_operation> history;
        for (auto const& operation : account.operations)
            if (operation.id <= last_operation)
                history.push_back(operation);
        add_history(account.id, std::make_shared<stored_history>(std::move(history)));
    }
    if (!history("1.2.0"))
    {
        // The committee's was not recorded, but all that is in it; its statistics prove that nothing else was.
        std::vector<recorded_operation> history;
        for (auto const& operation : operations)
            if (operation.json.find("\"op\":[31,") != std::string::npos ||
                operation.json.find("\"1.2.0\"") != std::string::npos)
                history.push_back(operation);
        std::string const* const statistics = object("2.6.0");
        if (statistics && unsigned_value(member(*statistics, "total_ops")) == history.size())
            add_history("1.2.0", std::make_shared<stored_history>(std::move(history)));
    }
}

BITSHARES_DECL void data_set::add_call(exchange const& call, std::vector<std::string>& apis)
{
    if (apis.empty())
        apis = {"database", "login"};
    if (member(call.response, "id") == "null" && member(member(call.response, "error"), "code") == "-32700")
        return add_malformed(call.request, call.response);
    std::string_view const request = first_value(call.request);
    auto method = string_value(member(request, "method"), string_reader::node);
    auto const params = array_items(member(request, "params"));
    if (!method || !params)
        return;
    std::string api = "database";
    std::string_view arguments = member(request, "params");
    if (*method == "call")
    {
        if (params->size() != 3 || kind_of((*params)[2]) != json_kind::array)
            return;
        auto const number = unsigned_value((*params)[0]);
        if (auto const name = string_value((*params)[0]); name && !number)
            api = *name;
        else if (number && *number < apis.size())
            api = apis[static_cast<std::size_t>(*number)];
        else
            return;
        method = string_value((*params)[1], string_reader::node);
        arguments = (*params)[2];
        if (!method)
            return;
    }
    auto const& names = api_names();
    if (std::find(names.begin(), names.end(), api) == names.end())
        api = "login"; // whose methods the error lists
    std::string_view const result = member(call.response, "result");
    std::string_view const error = member(call.response, "error");
    if (result.empty() && error.empty())
        return;
    stored_answer answer{std::string(result.empty() ? error : result), result.empty()};
    if (auto const allocated = unsigned_value(result); api == "login" && allocated && *allocated == apis.size())
        apis.push_back(*method);
    harvest(api, *method, answer);
    if (unsigned_value(member(error, "code")) || !answer.is_error) // -32601 and its kin say nothing about the method
        add_answer(api, *method, arguments, std::move(answer));
}

/* Parts of answers that are useful apart from them. */
BITSHARES_DECL void data_set::harvest(std::string_view api, std::string_view method, stored_answer const& answer)
{
    if (answer.is_error && member(answer.json, "code") == "-32601")
    {
        auto const stack = array_items(member(member(answer.json, "data"), "stack"));
        std::string_view const data = stack && !stack->empty() ? member(stack->front(), "data") : std::string_view();
        if (auto const list = member(data, "api"); !list.empty())
            set_methods(api, std::string(list));
    }
    if (answer.is_error || api != "database")
        return;
    if (method == "get_assets" || method == "lookup_asset_symbols" || method == "list_assets")
        for (auto const asset : array_items(answer.json).value_or(std::vector<std::string_view>()))
            if (kind_of(asset) == json_kind::object)
                add_extended_asset(std::string(asset));
    if (method == "get_full_accounts")
        for (auto const pair : array_items(answer.json).value_or(std::vector<std::string_view>()))
            if (auto const items = array_items(pair); items && items->size() == 2)
                if (auto const id = string_value(member(member((*items)[1], "account"), "id")))
                    add_full_account(*id, std::string((*items)[1]));
}

BITSHARES_DECL void data_set::add_object(std::string json)
{
    auto const id = string_value(member(json, "id"));
    if (!id)
        throw exception(error(errc::invalid_recording, "an object without id: " + json.substr(0, 80)));
    if (id->starts_with("1.2."))
        if (auto const name = string_value(member(json, "name")))
            account_ids_[*name] = *id;
    if (id->starts_with("1.3."))
        if (auto const symbol = string_value(member(json, "symbol")))
            asset_ids_[*symbol] = *id;
    objects_[*id] = std::move(json);
}

BITSHARES_DECL void data_set::add_extended_asset(std::string json)
{
    if (auto const id = string_value(member(json, "id")))
        extended_assets_[*id] = std::move(json);
}

BITSHARES_DECL void data_set::add_full_account(std::string const& id, std::string json)
{
    full_accounts_[id] = std::move(json);
}

BITSHARES_DECL void data_set::add_history(std::string const& id, std::shared_ptr<account_history const> history)
{
    histories_[id] = std::move(history);
}

BITSHARES_DECL std::string data_set::add_synthetic_account(std::string const& name, std::uint64_t size)
{
    std::string const instance = std::to_string(1'000'000 + synthetic_accounts_++);
    std::string const id = "1.2." + instance;
    constexpr char const* others[] = {
        "witness-account", "relaxed-committee-account", "null-account",
        "temp-account"}; // as synthetic_history counts them: a chain of its own lacks them
    for (std::uint64_t i = 0; i < 4; ++i)
        if (std::string const other = std::to_string(3 + i); !object("1.2." + other))
            add_object(detail::synthetic_account("1.2." + other, other, others[i]));
    if (!object("1.3.0"))
        add_object(detail::synthetic_asset("1.3.0", "BTS", 5));
    if (!object("1.3.1"))
        add_object(detail::synthetic_asset("1.3.1", "SYNTHETIC", 4));
    if (!object("2.1.0"))
        add_object(R"({"id":"2.1.0","head_block_number":1000000000,"time":"2106-01-01T00:00:00",)"
                   R"("next_maintenance_time":"2106-01-01T01:00:00","last_irreversible_block_num":999999990})");
    add_object(detail::synthetic_account(id, instance, name));
    add_object(detail::synthetic_statistics(id, instance, name, size));
    add_history(id, std::make_shared<synthetic_history>(id, size));
    return id;
}

BITSHARES_DECL void data_set::add_answer(std::string_view api, std::string_view method, std::string_view arguments,
                                         stored_answer answer)
{
    known_[std::string(api) + '.' + std::string(method)] = true;
    answers_[detail::answer_key(api, method, arguments)] = std::move(answer);
}

BITSHARES_DECL void data_set::add_malformed(std::string frame, std::string reply)
{
    malformed_[std::move(frame)] = std::move(reply);
}

BITSHARES_DECL void data_set::set_methods(std::string_view api, std::string json)
{
    for (auto const pair : array_items(json).value_or(std::vector<std::string_view>()))
        if (auto const items = array_items(pair); items && !items->empty())
            if (auto const name = string_value(items->front()))
                known_[std::string(api) + '.' + *name] = true;
    methods_.insert_or_assign(std::string(api), std::move(json));
}

BITSHARES_DECL void data_set::set_config(std::string const& name, std::string json)
{
    for (auto& [key, value] : config_)
        if (key == name)
        {
            value = std::move(json);
            return;
        }
    config_.emplace_back(name, std::move(json));
}

BITSHARES_DECL std::uint32_t data_set::limit(std::string_view name) const
{
    for (auto const& [key, value] : config_)
        if (key == name)
            return static_cast<std::uint32_t>(std::min<std::uint64_t>(unsigned_value(value).value_or(100),
                                                                      std::numeric_limits<std::uint32_t>::max()));
    return 100;
}

BITSHARES_DECL std::string data_set::config() const
{
    std::string json;
    for (auto const& [key, value] : config_)
        json.append(json.empty() ? "{\"" : ",\"").append(key).append("\":").append(value);
    return json.empty() ? json : json + '}';
}

BITSHARES_DECL std::string const* data_set::object(std::string const& id) const
{
    return detail::find_text(objects_, id);
}

BITSHARES_DECL std::string const* data_set::extended_asset(std::string const& id) const
{
    auto const* const extended = detail::find_text(extended_assets_, id);
    return extended != nullptr ? extended : object(id);
}

BITSHARES_DECL std::string const* data_set::full_account(std::string const& id) const
{
    return detail::find_text(full_accounts_, id);
}

BITSHARES_DECL std::string const* data_set::account_id(std::string const& name) const
{
    auto const at = account_ids_.find(name);
    return at == account_ids_.end() ? nullptr : &at->second;
}

BITSHARES_DECL std::string const* data_set::asset_id(std::string const& symbol) const
{
    auto const at = asset_ids_.find(symbol);
    return at == asset_ids_.end() ? nullptr : &at->second;
}

BITSHARES_DECL account_history const* data_set::history(std::string const& account_id) const
{
    auto const at = histories_.find(account_id);
    return at == histories_.end() ? nullptr : at->second.get();
}

BITSHARES_DECL stored_answer const* data_set::answer(std::string_view api, std::string_view method,
                                                     std::string_view arguments) const
{
    auto const at = answers_.find(detail::answer_key(api, method, arguments));
    return at == answers_.end() ? nullptr : &at->second;
}

BITSHARES_DECL std::string const* data_set::malformed(std::string const& frame) const
{
    return detail::find_text(malformed_, frame);
}

BITSHARES_DECL std::string const* data_set::methods(std::string_view api) const
{
    auto const at = methods_.find(api);
    return at == methods_.end() ? nullptr : &at->second;
}

BITSHARES_DECL bool data_set::has_method(std::string_view api, std::string_view method) const
{
    return known_.contains(std::string(api) + '.' + std::string(method));
}

} // namespace testing
} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
