#include <bitshares/protocol/json.hpp>
#include <bitshares/rpc/api/block.hpp>
#include <bitshares/rpc/api/database.hpp>
#include <bitshares/rpc/api/history.hpp>
#include <bitshares/rpc/api/login.hpp>
#include <bitshares/rpc/api/network_broadcast.hpp>
#include <bitshares/rpc/session.hpp>
#include <bitshares/testing/recording.hpp>

#include <doctest/doctest.h>

#include <functional>
#include <map>

using namespace bitshares;

namespace {

testing::recording const& recorded(std::string const& chain = "")
{
    static std::map<std::string, testing::recording> all;
    auto const at = all.find(chain);
    if (at != all.end())
        return at->second;
    return all.emplace(chain, testing::recording::load(std::string(BITSHARES_TESTS_DIR "/recordings") + chain).value())
        .first->second;
}

// Reads the value and prints it again; the two texts must be one.
using reader = std::function<result<std::string>(std::string_view)>;

template <class T>
reader reads()
{
    return [](std::string_view json) -> result<std::string> {
        auto const value = from_json<T>(json);
        if (!value)
            return value.error();
        return to_json(*value);
    };
}

template <class R, class... Args>
std::pair<std::string, reader> of(method<R(Args...)> const& m)
{
    return {std::string(m.api()) + '.' + std::string(m.name()), reads<R>()};
}

std::map<std::string, reader> const readers{of(database::get_chain_id),
                                            of(database::get_dynamic_global_properties),
                                            of(database::get_account_by_name),
                                            of(database::get_accounts),
                                            of(database::get_account_count),
                                            of(database::get_account_balances),
                                            of(database::get_assets),
                                            of(database::lookup_asset_symbols),
                                            of(database::list_assets),
                                            of(database::get_block_header),
                                            of(database::get_block_header_batch),
                                            of(database::get_block),
                                            of(database::get_transaction),
                                            of(history::get_account_history),
                                            of(history::get_account_history_by_time),
                                            of(history::get_account_history_by_operations),
                                            of(history::get_account_history_operations),
                                            of(history::get_relative_account_history),
                                            of(history::get_block_operation_history),
                                            of(login::get_config),
                                            of(login::get_info),
                                            of(login::get_available_api_sets),
                                            of(block::get_blocks),
                                            of(network_broadcast::broadcast_transaction_synchronous)};

std::string api_method_of(std::string_view request)
{
    detail::envelope_json envelope;
    if (!from_json<raw_json>(request).has_value()) // the recorder sent nonsense, too
        return "";
    if (!detail::split_envelope(request, envelope) || envelope.method != "\"call\"")
        return "";
    auto const text = [](std::string_view json) {
        auto const value = from_json<std::string>(json);
        return value ? *value : "";
    };
    auto const parts = from_json<std::vector<raw_json>>(envelope.params);
    if (!parts || parts->size() < 2)
        return "";
    std::string const& number = (*parts)[0].text; // the fixed ones
    std::string const api = number == "0" ? "database" : number == "1" ? "login" : text(number);
    return api + '.' + text((*parts)[1].text);
}

} // namespace

TEST_CASE("rpc/api: every recorded reply is read whole and printed as the node did")
{
    std::map<std::string, int> read;
    auto const check = [&](testing::exchange const& e) {
        if (e.kind != "ok")
            return;
        std::string const name = api_method_of(e.request);
        auto const at = readers.find(name);
        if (at == readers.end())
            return;
        detail::envelope_json reply;
        REQUIRE(detail::split_envelope(e.response, reply));
        auto const printed = at->second(reply.result);
        CAPTURE(name);
        CAPTURE(e.request.substr(0, 200));
        if (!printed)
            FAIL_CHECK(printed.error().message());
        else if (*printed != reply.result)
            FAIL_CHECK(printed->substr(0, 3000) << "\n" << reply.result.substr(0, 3000));
        ++read[name];
    };
    for (auto const* r : {&recorded(), &recorded("/chain_c")})
    {
        for (auto const& e : r->calls)
            check(e);
        for (auto const& e : r->exchanges)
            check(e);
        for (auto const& account : r->accounts)
        {
            for (auto const& e : account.final_state)
                check(e);
            for (auto const& [file, pages] : account.pages)
                for (auto const& e : pages)
                    check(e);
        }
    }
    for (auto const& [name, r] : readers)
    {
        CAPTURE(name);
        CHECK((read[name] > 0 || name == "block.get_blocks"));
    }
}

TEST_CASE("protocol/objects: every recorded object is read whole and printed as the node did")
{
    std::map<std::string, reader> const types{{"1.2.", reads<account_object>()},
                                              {"1.3.", reads<asset_object>()},
                                              {"1.11.", reads<operation_history_object>()},
                                              {"2.1.", reads<dynamic_global_property_object>()},
                                              {"2.3.", reads<asset_dynamic_data_object>()},
                                              {"2.4.", reads<asset_bitasset_data_object>()},
                                              {"2.5.", reads<account_balance_object>()},
                                              {"2.6.", reads<account_statistics_object>()},
                                              {"2.9.", reads<account_history_object>()}};
    std::map<std::string, int> read;
    for (auto const* r : {&recorded(), &recorded("/chain_c")})
        for (auto const& [id, json] : r->objects)
        {
            std::string const type = id.substr(0, id.rfind('.') + 1);
            auto const at = types.find(type);
            if (at == types.end())
                continue;
            CAPTURE(id);
            auto const printed = at->second(json);
            if (!printed)
                FAIL_CHECK(printed.error().message());
            else
                CHECK(*printed == json);
            ++read[type];
        }
    for (auto const& [type, r] : types)
    {
        CAPTURE(type);
        CHECK(read[type] > 0);
    }
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
