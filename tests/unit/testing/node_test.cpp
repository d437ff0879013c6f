#include <bitshares/testing/json_text.hpp>
#include <bitshares/testing/node.hpp>
#include <support/raw_websocket.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace bitshares::testing;
using clock_type = std::chrono::steady_clock;
using std::chrono::milliseconds;

namespace {

std::shared_ptr<data_set const> chain()
{
    auto const data = std::make_shared<data_set>();
    data->chain_id = "ab";
    data->add_synthetic_account("big", 1'000);
    return data;
}

constexpr char const* question = R"({"id":1,"method":"get_chain_id","params":[]})";
constexpr char const* answer = R"({"id":1,"result":"ab"})";

milliseconds since(clock_type::time_point start)
{
    return std::chrono::duration_cast<milliseconds>(clock_type::now() - start);
}

} // namespace

TEST_CASE("testing/node: answers over a WebSocket, many requests in one go in order")
{
    node server(chain());
    CHECK(server.url() == "ws://127.0.0.1:" + std::to_string(server.port()));
    raw_websocket client(server.port());
    CHECK(client.ask(question) == answer);

    std::string frames;
    for (int i = 0; i < 200; ++i)
        frames +=
            masked_frame(R"({"id":)" + std::to_string(i) +
                         R"(,"method":"call","params":["history","get_relative_account_history",["big",1,100,500]]})");
    client.socket().send(frames);
    for (int i = 0; i < 200; ++i)
    {
        auto const f = client.read();
        REQUIRE(f);
        CHECK(member(f->payload, "id") == std::to_string(i));
        CHECK(array_items(member(f->payload, "result"))->size() == 100);
    }
    CHECK(server.requests() == 201);
    CHECK(server.connections() == 1);
}

TEST_CASE("testing/node: what a node does with frames of other kinds, as recorded")
{
    node server(chain());
    raw_websocket client(server.port());
    client.send("\x01\x02garbage", 2); // binary garbage: no answer
    client.send(question, 2);          // a request in a binary frame is answered
    CHECK(client.read()->payload == answer);
    client.send("still there?", 9);
    auto const pong = client.read();
    CHECK(pong->opcode == 10);
    CHECK(pong->payload == "still there?");
    client.send(R"({"method":"get_chain_id","params":[]})"); // no id: no answer
    CHECK(client.ask(question) == answer);

    client.send("\xff");
    auto const closed = client.read();
    CHECK(raw_websocket::close_code(closed) == 1007);
    CHECK(closed->payload.substr(2) == "Invalid UTF8 encoding");
    CHECK_FALSE(client.read());
}

TEST_CASE("testing/node: a message of 31 MB is answered, one of more than 32,000,000 bytes closes with 1009")
{
    node server(chain());
    raw_websocket client(server.port());
    std::string text = question;
    text += std::string(31'000'000, ' ');
    CHECK(client.ask(text) == answer);
    text += std::string(1'000'001, ' ');
    client.send(text);
    auto const closed = client.read();
    CHECK(raw_websocket::close_code(closed) == 1009);
    CHECK(closed->payload.substr(2) == "A message was too large");
    CHECK_FALSE(client.read());
}

TEST_CASE("testing/node: a client that closes gets its close frame back")
{
    node server(chain());
    raw_websocket client(server.port());
    client.send(std::string("\x03\xe8"), 8);
    CHECK(raw_websocket::close_code(client.read()) == 1000);
    CHECK_FALSE(client.read());
}

TEST_CASE("testing/node: HTTP on the same port, with a node's status codes")
{
    node server(chain());
    auto const post = [&](std::string const& body) {
        raw_socket socket(server.port());
        socket.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(body.size()) +
                    "\r\n\r\n" + body);
        return socket.read_to_end();
    };
    std::string const good = post(question);
    CHECK(good.starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(good.ends_with(std::string("\r\n\r\n") + answer));
    CHECK(post("[]").starts_with("HTTP/1.1 400 "));
    CHECK(post(R"({"id":1,"method":"nosuch","params":[]})").starts_with("HTTP/1.1 400 "));
    CHECK(post(R"({"method":"get_chain_id","params":[]})").starts_with("HTTP/1.1 204 "));
    CHECK(post(R"({"id":1,"method":"call","params":[0]})").starts_with("HTTP/1.1 200 "));

    raw_socket endless(server.port());
    endless.send(std::string(20'000, 'x')); // no request at all
    CHECK(endless.read_to_end().empty());
}

TEST_CASE("testing/node: stops at once and starts again on its port")
{
    node server(chain());
    auto const port = server.port();
    raw_websocket client(port);
    CHECK(client.ask(question) == answer);
    auto const before = clock_type::now();
    server.stop();
    server.stop();
    CHECK(since(before) < milliseconds(5'000));
    CHECK_FALSE(client.read());
    CHECK_THROWS(raw_websocket(port));

    server.start();
    server.start();
    CHECK(server.port() == port);
    CHECK(raw_websocket(port).ask(question) == answer);
    CHECK(server.requests() == 2);
    CHECK(server.connections() == 2);
}

TEST_CASE("testing/node: a taken port and a damaged certificate are said")
{
    node server(chain());
    node_options options;
    options.port = server.port();
    CHECK_THROWS_AS(node(chain(), options), bitshares::exception);
    options.port = 0;
    options.tls = certificate{"no certificate", "no key"};
    CHECK_THROWS_AS(node(chain(), options), bitshares::exception);
}

TEST_CASE("testing/node: a test can take a request over, drop connections and send frames of its own")
{
    node_options options;
    options.on_request = [](std::string_view frame) -> std::optional<node_reply> {
        node_reply reply;
        if (frame == "two")
            reply.frames = {"first", "second"};
        else if (frame == "silence")
            reply.frames = {};
        else if (frame == "close")
            reply.close_code = 1001;
        else if (frame == "say and drop")
        {
            reply.frames = {"last words"};
            reply.drop = true;
        }
        else if (frame == "late")
        {
            reply.frames = {"late"};
            reply.delay = milliseconds(50);
        }
        else
            return {};
        return reply;
    };
    node server(chain(), options);
    raw_websocket client(server.port());
    CHECK(client.ask("two") == "first");
    CHECK(client.read()->payload == "second");
    client.send("silence");
    CHECK(client.ask(question) == answer);
    client.send("late");
    CHECK(client.ask(question) == answer); // not held up
    CHECK(client.read()->payload == "late");

    server.send("a notice");
    CHECK(client.read()->payload == "a notice");

    raw_websocket other(server.port());
    CHECK(other.ask("say and drop") == "last words");
    CHECK_FALSE(other.read());
    CHECK(client.ask(question) == answer);
    client.send("close");
    CHECK(raw_websocket::close_code(client.read()) == 1001);

    raw_websocket third(server.port());
    CHECK(third.ask(question) == answer);
    server.drop_connections();
    CHECK_FALSE(third.read());
    CHECK(raw_websocket(server.port()).ask(question) == answer);
}

TEST_CASE("testing/node: drops a connection behind so many requests, answers late when told to")
{
    node_options options;
    options.drop_after = 2;
    options.delay = milliseconds(30);
    node server(chain(), options);
    raw_websocket client(server.port());
    auto const before = clock_type::now();
    CHECK(client.ask(question) == answer);
    CHECK(since(before) >= milliseconds(30));
    CHECK(client.ask(question) == answer);
    client.send(question);
    CHECK_FALSE(client.read());
    CHECK(raw_websocket(server.port()).ask(question) == answer); // counted for each connection
}

TEST_CASE("testing/node: many clients at once while it is stopped and started")
{
    node server(chain());
    std::atomic<bool> done{false};
    std::atomic<int> answered{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            while (!done)
                try
                {
                    raw_websocket client(server.port());
                    while (!done && client.ask(question) == answer)
                        ++answered;
                }
                catch (std::runtime_error const&)
                {
                    std::this_thread::yield(); // stopped just now
                }
        });
    for (int i = 0; i < 5; ++i)
    {
        std::this_thread::sleep_for(milliseconds(20));
        server.send("");
        server.drop_connections();
        server.stop();
        server.start();
    }
    // The clients end when the connections do.
    done = true;
    server.stop();
    for (auto& thread : threads)
        thread.join();
    CHECK(answered > 0);
}
