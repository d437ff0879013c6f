// The library's client against the test node: two implementations of WebSocket and TLS that were not made for each other.

#include <bitshares/net/blocking_client.hpp>
#include <bitshares/net/websocket.hpp>
#include <bitshares/protocol/raw_json.hpp>
#include <bitshares/rpc/api/network_node.hpp>
#include <bitshares/rpc/method.hpp>
#include <bitshares/testing/json_text.hpp>
#include <bitshares/testing/node.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace bitshares;
namespace fs = std::filesystem;

namespace {

constexpr method<std::string()> chain_id_of_node{"database", "get_chain_id"};
constexpr method<raw_json(std::string_view account, std::uint64_t stop, std::uint32_t limit, std::uint64_t start)> page{
    "history", "get_relative_account_history"};

std::shared_ptr<testing::data_set const> chain()
{
    auto const data = std::make_shared<testing::data_set>();
    data->chain_id = "ab";
    data->add_synthetic_account("big", 100'000);
    return data;
}

/* A certificate in a file, as clients want their authorities. */
class ca_file
{
public:
    explicit ca_file(testing::certificate const& certificate)
        : path_((fs::temp_directory_path() / ("bitshares-ca-" + std::to_string(::getpid()) + ".pem")).string())
    {
        std::ofstream(path_) << certificate.certificate_pem;
    }
    ca_file(ca_file const&) = delete;
    ca_file& operator=(ca_file const&) = delete;
    ~ca_file() { fs::remove(path_); }

    transport_factory transports() const
    {
        return websocket(websocket_options().tls(tls_options().add_ca_file(path_).without_system_authorities()));
    }

private:
    std::string path_;
};

/* What a client says of a node with this certificate, when it trusts `trusted`. */
error_code connect(testing::certificate const& presented, testing::certificate const& trusted)
{
    testing::node_options options;
    options.tls = presented;
    testing::node const node(chain(), options);
    ca_file const authorities(trusted);
    blocking_client client(node.url(), authorities.transports());
    try
    {
        std::string const id = client.call(chain_id_of_node());
        CHECK(id == "ab");
        return {};
    }
    catch (exception const& e)
    {
        return e.code();
    }
}

} // namespace

TEST_CASE("integration/node_client: many threads read pages over ws")
{
    testing::node const node(chain());
    blocking_client client(node.url(), websocket());
    std::vector<std::size_t> rows(4);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < rows.size(); ++i)
        threads.emplace_back([&, i] {
            for (std::uint64_t start = 100; start <= 5'000; start += 100)
            {
                std::string const text = client.call(page("big", start - 99, 100, start)).text;
                rows[i] += testing::array_items(text).value().size();
            }
        });
    for (auto& thread : threads)
        thread.join();
    CHECK(rows == std::vector<std::size_t>(4, 5'000));
    CHECK(node.connections() == 1);
    CHECK(node.requests() == 200);
}

TEST_CASE("integration/node_client: over wss, trusted, from another authority, for another host, expired")
{
    auto const good = testing::make_certificate();
    CHECK(connect(good, good) == error_code());
    CHECK(connect(good, testing::make_certificate()) == errc::certificate_rejected);

    testing::certificate_options other_host;
    other_host.names = {"elsewhere.example"};
    auto const elsewhere = testing::make_certificate(other_host);
    CHECK(connect(elsewhere, elsewhere) == errc::certificate_rejected);

    testing::certificate_options past;
    past.valid_from_days = -10;
    past.valid_to_days = -1;
    auto const expired = testing::make_certificate(past);
    CHECK(connect(expired, expired) == errc::certificate_rejected);
}

TEST_CASE("integration/node_client: large pages over wss arrive whole")
{
    auto const certificate = testing::make_certificate();
    auto const data = std::make_shared<testing::data_set>(*chain());
    data->set_limit("api_limit_get_relative_account_history", 20'000);
    testing::node_options options;
    options.tls = certificate;
    testing::node const node(data, options);
    ca_file const authorities(certificate);
    blocking_client client(node.url(), authorities.transports());
    for (int i = 0; i < 3; ++i)
    {
        std::string const text = client.call(page("big", 1, 20'000, 100'000)).text; // 7.6 MB
        CHECK(testing::array_items(text).value().size() == 20'000);
    }
}

TEST_CASE("integration/node_client: an API that a node keeps behind a login, on each of its connections")
{
    std::atomic<int> logins = 0;
    std::atomic<bool> known = false;
    testing::node_options options;
    options.on_request = [&](std::string_view frame) -> std::optional<testing::node_reply> {
        std::string const id(frame.substr(6, frame.find(',') - 6));
        testing::node_reply reply;
        auto const answer = [&](std::string const& result) {
            reply.frames = {"{\"id\":" + id + ",\"result\":" + result + "}"};
            return reply;
        };
        if (frame.find(R"("login","login",["operator","hunter2"])") != std::string_view::npos)
        {
            known = true;
            ++logins;
            return answer("true");
        }
        if (frame.find(R"("login","login")") != std::string_view::npos)
            return answer("false");
        if (frame.find(R"("network_node")") == std::string_view::npos)
            return std::nullopt;
        if (known)
            return answer(R"([{"version":106,"host":"10.0.0.1:1776","info":{"addr":"x"}}])");
        reply.frames = {testing::assert_error(id, "Access denied")};
        return reply;
    };
    testing::node node(chain(), std::move(options));
    {
        blocking_client stranger(node_url(node.url()), websocket());
        auto const refused = stranger.try_call(network_node::get_connected_peers());
        REQUIRE(refused.has_error());
        CHECK(refused.error() == node_errc::assert_exception);
    }
    {
        blocking_client wrong(node_url(node.url()), websocket(), client_options().login("operator", "hunter3"));
        try
        {
            wrong.call(network_node::get_connected_peers());
            FAIL_CHECK("refused");
        }
        catch (exception const& e)
        {
            CHECK(e.code() == errc::login_refused);
            CHECK(std::string(e.what()).find("hunter") == std::string::npos);
        }
        CHECK(logins == 0);
    }
    blocking_client client(node_url(node.url()), websocket(), client_options().login("operator", "hunter2"));
    auto const peers_of = [&] {
        for (int attempt = 1;; ++attempt)
            try
            {
                return client.call(network_node::get_connected_peers());
            }
            catch (exception const& e)
            {
                if (attempt == 3 || !is_transient(e.code())) // it may not have seen yet that the connection is gone
                    throw;
            }
    };
    for (int connection = 1; connection <= 2; ++connection)
    {
        auto const peers = peers_of();
        REQUIRE(peers.size() == 1);
        CHECK(peers[0].host == "10.0.0.1:1776");
        CHECK(peers[0].info.text == R"({"addr":"x"})");
        CHECK(client.call(chain_id_of_node()) == "ab");
        CHECK(logins == connection);
        known = false;
        node.drop_connections();
    }
}
