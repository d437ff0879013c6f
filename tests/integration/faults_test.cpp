// What the library's clients say of a node that misbehaves: each fault is seen, and without it the same call is answered.

#include <bitshares/net/blocking_client.hpp>
#include <bitshares/net/client.hpp>
#include <bitshares/net/websocket.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/rpc/api/database.hpp>
#include <bitshares/rpc/api/history.hpp>
#include <bitshares/testing/certificate.hpp>
#include <bitshares/testing/chain.hpp>
#include <bitshares/testing/faults.hpp>
#include <bitshares/testing/fork.hpp>
#include <bitshares/testing/node.hpp>
#include <support/certificates.hpp>

#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace bitshares;
using clock_type = std::chrono::steady_clock;
using std::chrono::milliseconds;
namespace db = bitshares::database;

namespace {

std::shared_ptr<testing::chain> make_chain()
{
    auto const c = std::make_shared<testing::chain>();
    c->create_account("alice", 100);
    c->produce_blocks(20);
    return c;
}

testing::faults faults_of(std::string const& json)
{
    json_options options;
    options.mode = json_mode::strict;
    return from_json<testing::faults>(json, options).value();
}

client_options quick(int ms = 5'000)
{
    return client_options().deadline(milliseconds(ms));
}

error_code code_of(blocking_client& client)
{
    try
    {
        client.call(db::get_chain_id());
        return {};
    }
    catch (exception const& e)
    {
        return e.code();
    }
}

error_code code_of(testing::node const& node, int deadline = 5'000)
{
    blocking_client client(node.url(), websocket(), quick(deadline));
    return code_of(client);
}

// What a client meets with these faults; without them it meets nothing.
error_code seen_of(testing::node& node, char const* json, int deadline)
{
    CHECK(code_of(node) == error_code());
    node.set_faults(faults_of(json));
    error_code const code = code_of(node, deadline);
    node.clear_faults();
    return code;
}

} // namespace

TEST_CASE("integration/faults: connections that are never made")
{
    testing::node node(make_chain());
    auto const seen = [&](char const* json, int deadline = 5'000) { return seen_of(node, json, deadline); };
    CHECK(seen(R"({"refuse":{}})") == boost::system::errc::connection_refused);
    CHECK(seen(R"({"tarpit":{}})", 60) == errc::timed_out);
    for (int const status : {429, 502, 503})
        CHECK(seen(("{\"http_status\":{\"status\":" + std::to_string(status) + "}}").c_str()) ==
              errc::handshake_refused);
    CHECK(seen("{}") == error_code());
}

TEST_CASE("integration/faults: certificates that are no good, though the authority is trusted")
{
    auto const authority = testing::make_certificate();
    testing::node_options options;
    options.tls = authority;
    testing::node node(make_chain(), options);
    bitshares_test::temporary_file const trusted(authority.certificate_pem);
    auto const transports =
        websocket(websocket_options().tls(tls_options().add_ca_file(trusted.path()).without_system_authorities()));
    auto const words = [&](char const* json) -> std::string {
        node.set_faults(faults_of(json));
        blocking_client client(node.url(), transports, quick());
        try
        {
            client.call(db::get_chain_id());
            return "ok";
        }
        catch (exception const& e)
        {
            CHECK(e.code() == errc::certificate_rejected);
            return e.what();
        }
    };
    CHECK(words("{}") == "ok");
    auto const says = [&](char const* kind, std::string const& why) {
        std::string const said = words((std::string("{\"tls\":{\"kind\":\"") + kind + "\"}}").c_str());
        CHECK_MESSAGE(said.find(why) != std::string::npos, said);
    };
    says("expired", "expired");
    says("wrong_host", "host");
    says("self_signed", "self");
    says("unknown_authority", "issuer");
    CHECK(words("{}") == "ok");
    // a share: some connections are shown the good one
    node.set_faults(faults_of(R"({"tls":{"kind":"expired","permille":500}})"));
    int good = 0;
    for (int i = 0; i < 12; ++i)
    {
        blocking_client client(node.url(), transports, quick());
        good += !code_of(client);
    }
    CHECK(good > 0);
    CHECK(good < 12);
}

TEST_CASE("integration/faults: connections that end")
{
    testing::node node(make_chain());
    blocking_client client(node.url(), websocket(), quick(1'500));
    CHECK(code_of(client) == error_code());
    node.set_faults(faults_of(R"({"drop":{"after_replies":2}})"));
    CHECK(code_of(client) == error_code());
    CHECK(is_transient(code_of(client)));
    node.clear_faults();
    CHECK(code_of(client) == error_code());

    node.set_faults(faults_of(R"({"drop":{}})"));
    CHECK(is_transient(code_of(client)));
    node.clear_faults();
    CHECK(code_of(client) == error_code());

    node.set_faults(faults_of(R"({"half_open":{}})"));
    auto const before = node.connections();
    CHECK(code_of(client) == errc::timed_out);
    node.clear_faults();
    CHECK(node.connections() == before); // it hangs on to the connection that nobody reads from
    CHECK(code_of(node) == error_code());
    node.set_faults(faults_of(R"({"half_open":{}})"));
    CHECK(code_of(node, 60) == errc::timed_out); // a new one
    node.set_faults(faults_of(R"({"half_open":{"after_replies":1}})"));
    blocking_client another(node.url(), websocket(), quick(1'500));
    CHECK(code_of(another) == error_code());
    CHECK(code_of(another) == errc::timed_out);
}

TEST_CASE("integration/faults: a frozen node is silent, and goes on with the same connection")
{
    testing::node node(make_chain());
    CHECK(code_of(node) == error_code());
    node.set_faults(faults_of(R"({"freeze":{}})"));
    CHECK(code_of(node, 60) == errc::timed_out);
    node.clear_faults();

    blocking_client client(node.url(), websocket(), quick());
    CHECK(code_of(client) == error_code());
    auto const connections = node.connections();
    auto const requests = node.requests();
    node.set_faults(faults_of(R"({"freeze":{}})"));
    std::atomic<bool> answered{false};
    std::thread caller([&] {
        CHECK(code_of(client) == error_code());
        answered = true;
    });
    while (node.requests() == requests)
        std::this_thread::sleep_for(milliseconds(1));
    CHECK_FALSE(answered);
    node.clear_faults();
    caller.join();
    CHECK(node.connections() == connections);
}

TEST_CASE("integration/faults: replies late, lost, doubled, for nobody, garbled, broken")
{
    testing::node node(make_chain());
    auto const seen = [&](char const* json, int deadline = 5'000) { return seen_of(node, json, deadline); };
    CHECK(seen(R"({"delay":{"ms":500}})", 60) == errc::timed_out);
    CHECK(seen(R"({"delay":{"ms":5,"jitter_ms":5}})") == error_code());
    CHECK(seen(R"({"lose":{}})", 60) == errc::timed_out);
    CHECK(seen(R"({"lose":{"calls":["history"]}})") == error_code());
    CHECK(seen(R"({"unknown_id":{}})", 60) == errc::timed_out);
    CHECK(seen(R"({"garbage":{}})") == errc::invalid_reply);
    CHECK(is_transient(seen(R"({"close_mid_frame":{}})")));
    CHECK(seen(R"({"truncated_frame":{}})", 60) == errc::timed_out);
    CHECK(seen(R"({"oversized_frame":{}})") == errc::message_too_large);

    node.set_faults(faults_of(R"({"duplicate":{}})")); // the second ones are nobody's, and taken for no other call's
    blocking_client client(node.url(), websocket(), quick());
    for (std::uint32_t n = 1; n < 10; ++n)
        CHECK(client.call(db::get_block_header(n + 1))->previous == client.call(db::get_block(n + 1))->previous);
}

TEST_CASE("integration/faults: replies out of order reach their calls")
{
    testing::node node(make_chain());
    auto const order = [&](char const* json) {
        node.set_faults(faults_of(json));
        asio::io_context io;
        client one(io.get_executor(), node.url(), websocket(), quick());
        std::string ended;
        for (std::uint32_t const n : {5u, 6u, 7u})
            one.async_call(db::get_block_header(n), [&, n](error_code ec, auto const& r) {
                CHECK_FALSE(ec);
                CHECK((r->value().previous.data[3]) == n - 1); // the number of the block before it
                ended += std::to_string(n);
            });
        while (ended.size() < 3)
            io.run_one();
        return ended;
    };
    CHECK(order("{}") == "567");
    CHECK(order(R"({"reorder":{"window":3}})") == "765");
}

TEST_CASE("integration/faults: another chain, an earlier head, one that goes back, a fork")
{
    auto const chain = make_chain();
    testing::node node(chain);
    auto const checked = [&] {
        blocking_client client(node.url(), websocket(), quick().chain_id(chain->network().chain_id));
        return code_of(client);
    };
    CHECK(checked() == error_code());
    node.set_faults(faults_of(R"({"wrong_chain":{}})"));
    CHECK(checked() == errc::wrong_chain);
    node.clear_faults();

    blocking_client client(node.url(), websocket(), quick());
    auto const head = [&](char const* json) {
        node.set_faults(faults_of(json));
        return client.call(db::get_dynamic_global_properties());
    };
    auto const real = head("{}");
    CHECK(real.head_block_number == chain->head_block_num());
    auto const stale = head(R"({"stale_head":{"blocks":4}})");
    CHECK(stale.head_block_number == real.head_block_number - 4);
    CHECK(stale.time == chain->block(stale.head_block_number)->timestamp);
    CHECK(stale.head_block_id == chain->block(stale.head_block_number + 1)->previous);
    CHECK_FALSE(client.call(db::get_block(stale.head_block_number + 1)));
    CHECK(head("{}") == real);

    CHECK(head(R"({"head_backwards":{"blocks":2}})") == real);
    CHECK(client.call(db::get_dynamic_global_properties()).head_block_number == real.head_block_number - 2);
    CHECK(head("{}") == real);

    std::uint32_t const last = real.head_block_number;
    auto const forked = head(R"({"fork":{"after":10}})");
    CHECK(forked.head_block_number == last);
    CHECK(forked.head_block_id != real.head_block_id);
    CHECK(client.call(db::get_block_header(11))->previous == chain->block(11)->previous);
    CHECK(client.call(db::get_block_header(12))->previous != chain->block(12)->previous);

    // and a true one
    auto const other = testing::fork_of(*chain, {}, 10);
    other->produce_blocks(5);
    testing::node const fork(other);
    blocking_client there(fork.url(), websocket(), quick());
    node.clear_faults();
    CHECK(there.call(db::get_block_header(11))->previous == client.call(db::get_block_header(11))->previous);
    CHECK(there.call(db::get_block_header(12))->previous != client.call(db::get_block_header(12))->previous);
}

TEST_CASE("integration/faults: lies, holes, missing APIs and tiny limits")
{
    auto const chain = make_chain();
    testing::node node(chain);
    blocking_client client(node.url(), websocket(), quick());
    auto const balance = [&] { return client.call(db::get_account_balances("alice", {})).at(0).amount; };
    CHECK(balance() == 100);
    node.set_faults(faults_of(R"({"lie":{"calls":["database.get_account_balances"]}})"));
    CHECK(balance() == 101);
    node.clear_faults();
    CHECK(balance() == 100);

    auto const rows = [&](std::uint32_t limit) {
        return client.try_call(history::get_account_history("alice", {}, limit, {}));
    };
    auto const all = rows(100).value();
    REQUIRE(all.size() == 2); // created, funded
    std::string const block = std::to_string(all[0].block_num);
    node.set_faults(faults_of("{\"history_hole\":{\"first_block\":" + block + ",\"last_block\":" + block + "}}"));
    CHECK(rows(100).value().empty());
    node.set_faults(faults_of(R"({"history_hole":{"first_block":1000,"last_block":2000}})"));
    CHECK(rows(100).value() == all);

    node.set_faults(faults_of(R"({"missing_apis":["history"]})"));
    CHECK(rows(100).error() == node_errc::unknown_method);
    CHECK(balance() == 100);
    node.set_faults(faults_of(R"({"limits":{"limit":1}})"));
    CHECK(rows(2).error().code() == 10);
    CHECK(rows(2).error().message().find("can not be greater than 1") != std::string::npos);
    CHECK(rows(1).value().size() == 1);
    node.clear_faults();
    CHECK(rows(2).value().size() == 2);
}

TEST_CASE("integration/faults: notices of blocks lost and doubled")
{
    auto const chain = make_chain();
    testing::node node(chain);
    auto const heard = [&](char const* json) {
        node.set_faults(faults_of(json));
        std::atomic<int> count{0};
        blocking_client client(node.url(), websocket(),
                               quick().notices([&](std::uint64_t, std::string_view) { ++count; }));
        client.call(db::set_block_applied_callback(1));
        chain->produce_blocks(3);
        client.call(db::get_chain_id()); // behind the notices
        client.close();
        return count.load();
    };
    CHECK(heard("{}") == 3);
    CHECK(heard(R"({"lose_notices":{}})") == 0);
    CHECK(heard(R"({"duplicate_notices":{}})") == 6);
    CHECK(heard(R"({"stale_head":{"at":5}})") == 0);
}
