#include "support/recordings.hpp"
#include "support/type_facts.hpp"

#include <bitshares/protocol/json.hpp>
#include <bitshares/rpc/api/asset.hpp>
#include <bitshares/rpc/api/block.hpp>
#include <bitshares/rpc/api/crypto.hpp>
#include <bitshares/rpc/api/custom_operations.hpp>
#include <bitshares/rpc/api/database.hpp>
#include <bitshares/rpc/api/debug.hpp>
#include <bitshares/rpc/api/history.hpp>
#include <bitshares/rpc/api/login.hpp>
#include <bitshares/rpc/api/network_broadcast.hpp>
#include <bitshares/rpc/api/network_node.hpp>
#include <bitshares/rpc/api/orders.hpp>
#include <bitshares/rpc/session.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

using namespace bitshares;

namespace {

// Reads the value and prints it again; the two texts must be one.
using reader = result<std::string> (*)(std::string_view);

template <class T>
result<std::string> reread(std::string_view json)
{
    T value{};
    if (auto const r = detail::read_json(json, detail::type_of<T>, &value, {}); !r)
        return r.error();
    std::string out;
    detail::write_json(out, detail::type_of<T>, &value, "BTS");
    return out;
}

result<std::string> reread_void(std::string_view json)
{
    if (json != "null")
        return error(errc::wrong_type, std::string(json.substr(0, 100)));
    return std::string("null");
}

struct descriptor
{
    std::string_view api;
    std::string_view name;
    detail::type_info const* returns; // null: void
    std::vector<detail::type_info const*> parameters;
    reader read;
};

template <class T>
constexpr detail::type_info const* type_for()
{
    if constexpr (std::is_void_v<T>)
        return nullptr;
    else if constexpr (std::is_same_v<T, std::string_view>)
        return &detail::type_of<std::string>;
    else
        return &detail::type_of<T>;
}

template <class R, class... Args>
descriptor of(method<R(Args...)> const& m)
{
    if constexpr (std::is_void_v<R>)
        return {m.api(), m.name(), nullptr, {type_for<Args>()...}, &reread_void};
    else
        return {m.api(), m.name(), type_for<R>(), {type_for<Args>()...}, &reread<R>};
}

// A method that is not in this list, or in it but not in protocol.json, fails the test below.
std::vector<descriptor> const& all_methods()
{
    static std::vector<descriptor> const list{
        of(history::get_account_history),
        of(history::get_account_history_by_time),
        of(history::get_account_history_by_operations),
        of(history::get_account_history_operations),
        of(history::get_relative_account_history),
        of(history::get_block_operation_history),
        of(history::get_block_operations_by_time),
        of(history::get_fill_order_history),
        of(history::get_market_history),
        of(history::get_market_history_buckets),
        of(history::get_liquidity_pool_history),
        of(history::get_liquidity_pool_history_by_sequence),
        of(block::get_blocks),
        of(network_broadcast::broadcast_transaction),
        of(network_broadcast::broadcast_transaction_with_callback),
        of(network_broadcast::broadcast_transaction_synchronous),
        of(network_broadcast::broadcast_block),
        of(network_node::get_info),
        of(network_node::add_node),
        of(network_node::get_connected_peers),
        of(network_node::get_potential_peers),
        of(network_node::get_advanced_node_parameters),
        of(network_node::set_advanced_node_parameters),
        of(crypto::blind),
        of(crypto::blind_sum),
        of(crypto::verify_sum),
        of(crypto::verify_range),
        of(crypto::range_proof_sign),
        of(crypto::verify_range_proof_rewind),
        of(crypto::range_get_info),
        of(asset_api::get_asset_holders),
        of(asset_api::get_asset_holders_count),
        of(asset_api::get_all_asset_holders),
        of(orders::get_tracked_groups),
        of(orders::get_grouped_limit_orders),
        of(custom_operations::get_storage_info),
        of(login::login),
        of(login::logout),
        of(login::get_info),
        of(login::get_config),
        of(login::get_available_api_sets),
        of(login::block),
        of(login::network_broadcast),
        of(login::database),
        of(login::history),
        of(login::network_node),
        of(login::crypto),
        of(login::asset),
        of(login::orders),
        of(login::debug),
        of(login::custom_operations),
        of(database::get_objects),
        of(database::set_subscribe_callback),
        of(database::set_auto_subscription),
        of(database::set_pending_transaction_callback),
        of(database::set_block_applied_callback),
        of(database::cancel_all_subscriptions),
        of(database::get_block_header),
        of(database::get_block_header_batch),
        of(database::get_block),
        of(database::get_transaction),
        of(database::get_recent_transaction_by_id),
        of(database::get_chain_properties),
        of(database::get_global_properties),
        of(database::get_config),
        of(database::get_chain_id),
        of(database::get_dynamic_global_properties),
        of(database::get_next_object_id),
        of(database::get_key_references),
        of(database::is_public_key_registered),
        of(database::get_account_id_from_string),
        of(database::get_accounts),
        of(database::get_full_accounts),
        of(database::get_top_voters),
        of(database::get_account_by_name),
        of(database::get_account_references),
        of(database::lookup_account_names),
        of(database::lookup_accounts),
        of(database::get_account_count),
        of(database::get_account_balances),
        of(database::get_named_account_balances),
        of(database::get_balance_objects),
        of(database::get_vested_balances),
        of(database::get_vesting_balances),
        of(database::get_assets),
        of(database::list_assets),
        of(database::lookup_asset_symbols),
        of(database::get_asset_count),
        of(database::get_assets_by_issuer),
        of(database::get_asset_id_from_string),
        of(database::get_order_book),
        of(database::get_limit_orders),
        of(database::get_limit_orders_by_account),
        of(database::get_account_limit_orders),
        of(database::get_call_orders),
        of(database::get_call_orders_by_account),
        of(database::get_settle_orders),
        of(database::get_settle_orders_by_account),
        of(database::get_margin_positions),
        of(database::get_collateral_bids),
        of(database::subscribe_to_market),
        of(database::unsubscribe_from_market),
        of(database::get_ticker),
        of(database::get_24_volume),
        of(database::get_top_markets),
        of(database::get_trade_history),
        of(database::get_trade_history_by_sequence),
        of(database::list_liquidity_pools),
        of(database::get_liquidity_pools_by_asset_a),
        of(database::get_liquidity_pools_by_asset_b),
        of(database::get_liquidity_pools_by_one_asset),
        of(database::get_liquidity_pools_by_both_assets),
        of(database::get_liquidity_pools),
        of(database::get_liquidity_pools_by_share_asset),
        of(database::get_liquidity_pools_by_owner),
        of(database::list_samet_funds),
        of(database::get_samet_funds_by_owner),
        of(database::get_samet_funds_by_asset),
        of(database::list_credit_offers),
        of(database::get_credit_offers_by_owner),
        of(database::get_credit_offers_by_asset),
        of(database::list_credit_deals),
        of(database::get_credit_deals_by_offer_id),
        of(database::get_credit_deals_by_offer_owner),
        of(database::get_credit_deals_by_borrower),
        of(database::get_credit_deals_by_debt_asset),
        of(database::get_credit_deals_by_collateral_asset),
        of(database::get_witnesses),
        of(database::get_witness_by_account),
        of(database::lookup_witness_accounts),
        of(database::get_witness_count),
        of(database::get_committee_members),
        of(database::get_committee_member_by_account),
        of(database::lookup_committee_member_accounts),
        of(database::get_committee_count),
        of(database::get_all_workers),
        of(database::get_workers_by_account),
        of(database::get_worker_count),
        of(database::lookup_vote_ids),
        of(database::get_transaction_hex),
        of(database::get_transaction_hex_without_sig),
        of(database::get_required_signatures),
        of(database::get_potential_signatures),
        of(database::get_potential_address_signatures),
        of(database::verify_authority),
        of(database::verify_account_authority),
        of(database::validate_transaction),
        of(database::get_required_fees),
        of(database::get_proposed_transactions),
        of(database::get_blinded_balances),
        of(database::get_withdraw_permissions_by_giver),
        of(database::get_withdraw_permissions_by_recipient),
        of(database::get_htlc),
        of(database::get_htlc_by_from),
        of(database::get_htlc_by_to),
        of(database::list_htlcs),
        of(database::list_tickets),
        of(database::get_tickets_by_account),
        of(debug::debug_push_blocks),
        of(debug::debug_generate_blocks),
        of(debug::debug_update_object),
        of(debug::debug_stream_json_objects),
        of(debug::debug_stream_json_objects_flush),
    };
    return list;
}

std::map<std::string, descriptor const*> const& methods_by_name()
{
    static auto const all = [] {
        std::map<std::string, descriptor const*> by_name;
        for (descriptor const& d : all_methods())
            by_name.emplace(std::string(d.api) + '.' + std::string(d.name), &d);
        return by_name;
    }();
    return all;
}

// What protocol.json calls a variant, although it is always the same, or one of a few forms: typed here.
std::map<std::string, std::string> const told_more{
    {"network_broadcast.broadcast_transaction_synchronous", "transaction_confirmation"},
    {"login.login", "login_answer"},
    {"database.lookup_vote_ids", "vector<optional<voted_object>>"},
    {"database.get_required_fees", "vector<operation_fee>"}};

// Types without a layout in protocol.json.
std::set<std::string> const without_layout{"range_proof_info"};

// Which method a request asks for. APIs may be named by number, too, which `login` gave in the same connection.
class request_reader
{
public:
    std::string method_of(testing::exchange const& e)
    {
        detail::envelope_json envelope;
        if (!from_json<raw_json>(e.request).has_value() || !detail::split_envelope(e.request, envelope))
            return ""; // the recorder sent nonsense, too
        if (envelope.method != "\"call\"")
            return "database." + text(envelope.method);
        auto const parts = from_json<std::vector<raw_json>>(envelope.params);
        if (!parts || parts->size() < 2)
            return "";
        std::string const& number = (*parts)[0].text;
        auto const known = numbers_.find({e.session, number});
        std::string const api = number == "0"             ? "database"
                                : number == "1"           ? "login"
                                : known != numbers_.end() ? known->second
                                                          : text(number);
        std::string const name = text((*parts)[1].text);
        detail::envelope_json reply;
        if (api == "login" && e.kind == "ok" && detail::split_envelope(e.response, reply))
            numbers_[{e.session, std::string(reply.result)}] = name;
        return api + '.' + name;
    }

private:
    static std::string text(std::string_view json)
    {
        auto const value = from_json<std::string>(json);
        return value ? *value : "";
    }

    std::map<std::pair<std::uint64_t, std::string>, std::string> numbers_;
};

testing::recording const& recorded()
{
    return recordings::main_chain();
}

/// What was asked before each broadcast of a chain, and the broadcast itself.
std::vector<testing::exchange> live_exchanges(testing::recording const& chain)
{
    std::vector<testing::exchange> all;
    auto const text = testing::read_recording_file(chain.directory / "transactions_live.jsonl").value();
    for (std::size_t at = 0, end = 0; (end = text.find('\n', at)) != std::string::npos; at = end + 1)
    {
        auto const line = test::json_value::parse(text.substr(at, end - at));
        for (auto const& [name, value] : line.object())
        {
            auto const* const request = value.is_object() ? value.find("request") : nullptr;
            auto const* const response = value.is_object() ? value.find("response") : nullptr;
            if (!request || !response)
                continue;
            testing::exchange& e = all.emplace_back();
            e.request = request->text();
            e.response = response->text();
            detail::envelope_json reply;
            REQUIRE(detail::split_envelope(e.response, reply));
            e.kind = reply.error.empty() ? "ok" : "error";
        }
    }
    return all;
}

} // namespace

TEST_CASE("rpc/api: every method has the API, name, parameter types and return type of protocol.json")
{
    test::type_facts facts;
    std::size_t told = 0;
    std::size_t matched = 0;
    for (auto const& [class_name, methods] : facts.api()["classes"].object())
        for (test::json_value const& m : methods.array())
        {
            ++told;
            std::string const name = class_name.substr(0, class_name.size() - 4) + '.' + m[0].text();
            CAPTURE(name);
            auto const at = methods_by_name().find(name);
            REQUIRE(at != methods_by_name().end());
            descriptor const& d = *at->second;
            auto const special = told_more.find(name);
            std::string const returns = special != told_more.end() ? special->second : m[1].text();
            if (d.returns == nullptr)
                CHECK(returns == "void");
            else if (!without_layout.contains(returns))
                CHECK(facts.difference(*d.returns, returns) == "");
            REQUIRE(d.parameters.size() == m[2].size());
            for (std::size_t i = 0; i < m[2].size(); ++i)
            {
                CAPTURE(m[2][i][0].text());
                CHECK(facts.difference(*d.parameters[i], m[2][i][1].text()) == "");
            }
            ++matched;
        }
    CHECK(told == 163);
    CHECK(matched == 163);
    CHECK(all_methods().size() == 163);
    CHECK(methods_by_name().size() == 163);
}

TEST_CASE("rpc/api: every recorded reply is read whole and printed as the node did")
{
    std::map<std::string, int> read;
    request_reader requests;
    int unknown = 0;
    int live = 0;
    auto const check = [&](testing::exchange const& e) {
        std::string const name = requests.method_of(e);
        if (e.kind != "ok")
            return;
        detail::envelope_json reply;
        if (!detail::split_envelope(e.response, reply) || reply.result.empty())
            return;
        CAPTURE(name);
        CAPTURE(e.request.substr(0, 200));
        auto const at = methods_by_name().find(name);
        if (at == methods_by_name().end())
        {
            ++unknown;
            CHECK(name == ""); // what is no JSON, although the node took it
            return;
        }
        auto const printed = at->second->read(reply.result);
        if (!printed)
            FAIL_CHECK(printed.error().message());
        else if (*printed != reply.result)
            FAIL_CHECK(printed->substr(0, 3000) << "\n" << reply.result.substr(0, 3000));
        ++read[name];
    };
    for (auto const* r : {&recorded(), &recordings::chain_c()})
    {
        for (auto const& e : r->calls)
            check(e);
        for (auto const& e : r->exchanges)
            check(e);
        for (auto const& e : live_exchanges(*r))
        {
            ++live;
            check(e);
        }
        for (auto const& account : r->accounts)
        {
            for (auto const& e : account.final_state)
                check(e);
            for (auto const& [file, pages] : account.pages)
                for (auto const& e : pages)
                    check(e);
        }
    }
    CHECK(unknown == 3);
    // Without a recorded result: the node refused (1), had no such plugin (6), or was not asked (1).
    std::set<std::string> const never{"asset.get_all_asset_holders",
                                      "login.debug",
                                      "debug.debug_push_blocks",
                                      "debug.debug_generate_blocks",
                                      "debug.debug_update_object",
                                      "debug.debug_stream_json_objects",
                                      "debug.debug_stream_json_objects_flush",
                                      "network_node.add_node"};
    int replies = 0;
    for (auto const& [name, method] : methods_by_name())
    {
        CAPTURE(name);
        CHECK((read[name] > 0) != never.contains(name));
        replies += read[name];
    }
    CHECK(replies == 5330);
    CHECK(live == 380 * 7);
}

TEST_CASE("rpc/api: replies in one of a few forms are read as that form, and others are refused")
{
    auto const fees = from_json<std::vector<operation_fee>>(
        R"([{"amount":7,"asset_id":"1.3.0"},[{"amount":8,"asset_id":"1.3.1"},[{"amount":9,"asset_id":"1.3.0"},)"
        R"([{"amount":1,"asset_id":"1.3.0"},[]]]]])");
    REQUIRE_MESSAGE(fees.has_value(), fees.error().message());
    REQUIRE(fees->size() == 2);
    CHECK((*fees)[0].fee == asset{7, core_asset});
    CHECK(!(*fees)[0].proposed);
    REQUIRE((*fees)[1].proposed);
    CHECK((*fees)[1].fee == asset{8, asset_id(1)});
    REQUIRE((*fees)[1].proposed->size() == 2);
    CHECK((*(*fees)[1].proposed)[0].fee.amount == 9);
    REQUIRE((*(*fees)[1].proposed)[1].proposed);
    CHECK((*(*fees)[1].proposed)[1].proposed->empty());
    CHECK(from_json<std::vector<operation_fee>>(to_json(*fees)).value() == *fees);
    for (char const* wrong : {"7", "null", "[]", R"([{"amount":8,"asset_id":"1.3.1"}])", R"({"amount":{}})", "\"7\""})
    {
        CAPTURE(wrong);
        CHECK(!from_json<operation_fee>(wrong));
    }
    std::string deep = R"({"amount":1,"asset_id":"1.3.0"})";
    for (int i = 0; i < 300; ++i)
        deep = R"([{"amount":1,"asset_id":"1.3.0"},[)" + deep + "]]";
    auto const too_deep = from_json<operation_fee>(deep);
    REQUIRE(!too_deep);
    CHECK(too_deep.error().code() == errc::depth_limit);

    CHECK(std::get<bool>(from_json<login_answer>("true")->value));
    CHECK(!std::get<bool>(from_json<login_answer>(" false")->value));
    CHECK(std::get<std::uint32_t>(from_json<login_answer>("1")->value) == 1);
    for (char const* wrong : {"null", "-1", "1.5", "99999999999", "{}", "[]", "\"a\""})
    {
        CAPTURE(wrong);
        CHECK(!from_json<login_answer>(wrong));
    }

    // Of recorded accounts: each object is what its id says, and a vote without one is absent.
    std::size_t witnesses = 0, committee = 0, workers = 0, gone = 0;
    request_reader requests;
    for (auto const& e : recorded().calls)
        if (requests.method_of(e) == "database.lookup_vote_ids" && e.kind == "ok")
        {
            detail::envelope_json reply;
            REQUIRE(detail::split_envelope(e.response, reply));
            auto const voted = from_json<std::vector<std::optional<voted_object>>>(reply.result).value();
            for (auto const& v : voted)
            {
                gone += !v;
                witnesses += v && v->id().type() == witness_id::type() && v->value.index() == 0;
                committee += v && v->id().type() == committee_member_id::type() && v->value.index() == 1;
                workers += v && v->id().type() == worker_id::type() && v->value.index() == 2;
            }
        }
    MESSAGE("votes: " << witnesses << " witnesses, " << committee << " committee members, " << workers << " workers, "
                      << gone << " without an object");
    CHECK(witnesses > 0);
    CHECK(committee > 0);
    CHECK(workers > 0);
    CHECK(gone > 0);
    for (char const* wrong : {"7", "{}", R"({"id":"1.2.5"})", R"({"id":"1.6.1","witness_account":7})", "[]"})
    {
        CAPTURE(wrong);
        CHECK(!from_json<voted_object>(wrong));
    }
}

TEST_CASE("rpc/node_error: every recorded refusal has a code that is known by its name")
{
    std::map<std::int64_t, int> codes;
    test::type_facts facts;
    int known = 0;
    for (test::json_value const& code : facts.api()["error_codes"].array())
    {
        auto const name = name_of(node_errc{code[0].as_int()});
        CAPTURE(code[0].as_int());
        CHECK(name == (code[1].text().starts_with('(') ? "" : code[1].text()));
        ++known;
    }
    CHECK(known == 76);
    CHECK(name_of(node_errc{12345}).empty());
    std::vector<testing::exchange> refusals;
    for (auto const* chain : {&recorded(), &recordings::chain_c()})
    {
        auto const take = [&refusals](std::vector<testing::exchange> const& from) {
            std::copy_if(from.begin(), from.end(), std::back_inserter(refusals),
                         [](testing::exchange const& e) { return e.kind == "error"; });
        };
        take(chain->calls);
        take(chain->exchanges);
        take(live_exchanges(*chain));
        for (auto const& account : chain->accounts)
        {
            take(account.final_state);
            for (auto const& [file, pages] : account.pages)
                take(pages);
        }
        MESSAGE(refusals.size() << " recorded refusals so far");
    }
    for (auto const& e : refusals)
    {
        auto const frame = test::json_value::parse(e.response);
        test::json_value const& refusal = frame["error"];
        std::int64_t const code = refusal["code"].as_int();
        std::string_view const name = name_of(node_errc{code});
        CAPTURE(e.response.substr(0, 300));
        ++codes[code];
        bool const listed = [&] {
            for (test::json_value const& one : facts.api()["error_codes"].array())
                if (one[0].as_int() == code)
                    return true;
            return false;
        }();
        CHECK(listed);
        if (auto const* data = refusal.find("data"); data && code >= 0 && node_errc{code} != node_errc::std_exception)
            CHECK((*data)["name"].text() == name);
    }
    CHECK(codes.size() > 15);
    node_error const duplicate(3030001, "x");
    CHECK(duplicate == node_errc::duplicate_transaction);
    CHECK(duplicate != node_errc::insufficient_fee);
}

TEST_CASE("rpc/api: requests are written as nodes take them")
{
    CHECK(database::get_chain_id().text() == R"("database","get_chain_id",[])");
    CHECK(database::get_objects({any_object_id(2, 1, 0)}).params_json() == R"([["2.1.0"]])");
    CHECK(database::get_objects({any_object_id(2, 1, 0)}, false).params_json() == R"([["2.1.0"],false])");
    CHECK(database::get_account_balances("alice", {asset_id(1), asset_id(0)}).params_json() ==
          R"(["alice",["1.3.0","1.3.1"]])");
    CHECK(database::get_account_balances("alice", {}).params_json() == R"(["alice",[]])");
    CHECK(database::get_assets({"1.3.0", "USD"}).params_json() == R"([["1.3.0","USD"]])");
    CHECK(history::get_account_history("1.2.18", operation_history_id(0), 100, operation_history_id(497)).text() ==
          R"("history","get_account_history",["1.2.18","1.11.0",100,"1.11.497"])");
    CHECK(history::get_account_history_by_time("alice", 10, time_point_sec::from_string("2026-11-21T03:38:46").value())
              .params_json() == R"(["alice",10,"2026-11-21T03:38:46"])");
    CHECK(history::get_account_history_by_operations("alice", {5, 0}, 0, 100).params_json() ==
          R"(["alice",[0,5],0,100])");
    CHECK(history::get_block_operation_history(35).params_json() == "[35]");
    CHECK(history::get_block_operation_history(35, 2).params_json() == "[35,2]");
    CHECK(login::get_config().text() == R"("login","get_config",[])");
    CHECK(block::get_blocks(1, 2).text() == R"("block","get_blocks",[1,2])");
}

TEST_CASE("rpc/api: members that an older node does not have are absent")
{
    auto const options =
        from_json<application_options>(R"({"api_limit_get_account_history":77,"future_limit":5})").value();
    CHECK(options.api_limit_get_account_history == 77u);
    CHECK(!options.api_limit_get_assets);
    CHECK(!options.enable_subscribe_to_all);
    auto const row = from_json<operation_history_object>(
        R"({"id":"1.11.5","op":[99,{"new":"thing"}],"result":[0,{}],"block_num":3,"trx_in_block":0,"op_in_trx":0,"virtual_op":0})");
    REQUIRE(row.has_value());
    CHECK(!row->is_virtual);
    CHECK(row->id.instance == 5);
}

namespace {

class any_call final : public pending_call
{
public:
    result<void> decode(std::string_view json) override
    {
        auto value = from_json<raw_json>(json);
        if (!value)
            return value.error();
        text = value->text;
        return {};
    }
    std::string text;
};

struct last_end final : session::events
{
    void on_end(std::unique_ptr<pending_call> call, call_end e) override
    {
        ++ended;
        end = std::move(e);
        text = static_cast<any_call&>(*call).text;
    }
    void on_notice(std::uint64_t, std::string_view) override {}
    void on_stray(std::string_view) override {}
    int ended = 0;
    call_end end;
    std::string text;
};

} // namespace

TEST_CASE("rpc/session: every recorded answer of a real node ends its call as what it is")
{
    int results = 0;
    int errors = 0;
    for (auto const& e : recorded().calls)
    {
        if (e.response.empty() || e.http)
            continue;
        detail::envelope_json reply;
        REQUIRE(detail::split_envelope(e.response, reply));
        if (reply.id.empty() || reply.id == "null" || !detail::read_id(reply.id))
            continue;
        last_end events;
        session s(events);
        s.submit(request<raw_json>("database", "x", "[]"), std::make_unique<any_call>(), {});
        REQUIRE(s.next_frame());
        // The call's own id in place of the recorded one
        std::string const frame =
            e.response.substr(0, static_cast<std::size_t>(reply.id.data() - e.response.data())) + "1" +
            e.response.substr(static_cast<std::size_t>(reply.id.data() + reply.id.size() - e.response.data()));
        CAPTURE(frame.substr(0, 300));
        CHECK(s.received(frame));
        REQUIRE(events.ended == 1);
        CHECK(!events.end.ec);
        if (events.end.refusal)
        {
            ++errors;
            CHECK(reply.result.empty());
            CHECK(!events.end.refusal->message().empty());
            CHECK(!events.end.refusal->name().empty());
            CHECK(events.end.refusal->stack_json().starts_with('['));
        }
        else
        {
            ++results;
            CHECK(events.text == reply.result);
        }
    }
    CHECK(results > 500);
    CHECK(errors > 100);
}
