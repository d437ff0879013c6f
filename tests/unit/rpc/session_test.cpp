#include <bitshares/protocol/json.hpp>
#include <bitshares/rpc/session.hpp>

#include <doctest/doctest.h>

#include <functional>
#include <map>

using namespace bitshares;
using namespace std::chrono_literals;

namespace {

// Counts and remembers how each call ended.
struct ended
{
    int times = 0;
    error_code ec;
    std::optional<node_error> refusal;
    std::string detail;
    std::string value;
};

class text_call final : public pending_call
{
public:
    text_call(std::string called, int& alive) : name(std::move(called)), alive_(alive) { ++alive_; }
    ~text_call() override { --alive_; }

    result<void> decode(std::string_view json) override
    {
        return detail::read_json(json, detail::type_of<std::string>, &value, {});
    }

    std::string name;
    std::string value;

private:
    int& alive_;
};

class recorder : public session::events
{
public:
    void on_end(std::unique_ptr<pending_call> call, call_end end) override
    {
        auto& text = static_cast<text_call&>(*call);
        ended& e = calls[text.name];
        ++e.times;
        e.ec = end.ec;
        e.refusal = end.refusal;
        e.detail = end.detail;
        e.value = text.value;
        call.reset();
        if (then)
            std::exchange(then, nullptr)();
    }
    void on_notice(std::uint64_t callback, std::string_view payload) override
    {
        notices.emplace_back(callback, payload);
    }
    void on_stray(std::string_view frame) override { strays.emplace_back(frame); }

    std::map<std::string, ended> calls;
    std::vector<std::pair<std::uint64_t, std::string>> notices;
    std::vector<std::string> strays;
    std::function<void()> then; // what the handler of the next call does
};

session::time_point const start{};

struct fixture
{
    recorder events;
    int alive = 0;
    session s{events};

    session::call_id submit(std::string const& name, session::time_point deadline = start + 10s, bool urgent = false)
    {
        return s.submit(request<std::string>("database", name, "[]"), std::make_unique<text_call>(name, alive),
                        deadline, urgent);
    }
    void send_all()
    {
        while (s.next_frame())
            ;
    }
    // A call, sent, whose id is 1.
    void one()
    {
        submit("a");
        send_all();
    }
    ended& operator[](std::string const& name) { return events.calls[name]; }
};

/* A conversation step by step. Failing a step means that the connection breaks in its place; whatever the step, every call
   must have ended exactly once when the session is given up, and nothing may be left over. */
class session_script
{
public:
    session_script& submit(std::string name)
    {
        return step([name](fixture& f) { f.submit(name); });
    }
    session_script& expect_send(std::string frame)
    {
        return step([frame](fixture& f) {
            auto const sent = f.s.next_frame();
            REQUIRE(sent);
            CHECK(*sent == frame);
        });
    }
    session_script& expect_nothing_to_send()
    {
        return step([](fixture& f) { CHECK(!f.s.next_frame()); });
    }
    session_script& reply(std::string frame)
    {
        return step([frame](fixture& f) { CHECK(f.s.received(frame)); });
    }
    session_script& garbage(std::string frame)
    {
        return step([frame](fixture& f) {
            CHECK(!f.s.received(frame));
            f.s.lost(errc::invalid_reply);
        });
    }
    session_script& cancel(session::call_id id)
    {
        return step([id](fixture& f) { f.s.cancel(id); });
    }
    session_script& time(session::time_point::duration passed)
    {
        return step([passed](fixture& f) { f.s.expire(start + passed); });
    }
    session_script& expect_value(std::string name, std::string value)
    {
        return step([=](fixture& f) {
            CHECK(f[name].times == 1);
            CHECK(!f[name].ec);
            CHECK(f[name].value == value);
        });
    }
    session_script& expect_error(std::string name, errc code)
    {
        return step([=](fixture& f) {
            CHECK(f[name].times == 1);
            CHECK(f[name].ec == code);
        });
    }

    void run() { run_to(steps_.size(), nullptr); }

    void run_failing_each_step()
    {
        for (std::size_t failing = 0; failing < steps_.size(); ++failing)
        {
            CAPTURE(failing);
            // The connection breaks; or the driver gives up everything, as a client that is destroyed.
            run_to(failing, [](fixture& f) { f.s.lost(errc::connection_closed); });
            run_to(failing, [](fixture& f) { f.s.end_all(errc::cancelled); });
            run_to(failing, [](fixture& f) { f.s.expire(start + 1h); });
        }
    }

private:
    session_script& step(std::function<void(fixture&)> f)
    {
        steps_.push_back(std::move(f));
        return *this;
    }
    void run_to(std::size_t end, std::function<void(fixture&)> const& failure)
    {
        fixture f;
        for (std::size_t i = 0; i < end; ++i)
            steps_[i](f);
        if (failure)
        {
            failure(f);
            f.s.end_all(errc::cancelled);
            for (auto const& [name, e] : f.events.calls)
            {
                CAPTURE(name);
                CHECK(e.times == 1);
            }
            CHECK(f.alive == 0);
            CHECK(f.s.empty());
            CHECK(!f.s.next_frame());
            CHECK(!f.s.next_deadline());
        }
    }

    std::vector<std::function<void(fixture&)>> steps_;
};

} // namespace

TEST_CASE("rpc/session: a conversation, and the same with each step failing")
{
    session_script s;
    s.submit("a").submit("b");
    s.expect_send(R"({"id":1,"method":"call","params":["database","a",[]]})");
    s.expect_send(R"({"id":2,"method":"call","params":["database","b",[]]})");
    s.expect_nothing_to_send();
    s.reply(R"({"id":2,"result":"second"})").expect_value("b", "second");
    s.submit("c").submit("d");
    s.cancel(4).expect_error("d", errc::cancelled);
    s.expect_send(R"({"id":3,"method":"call","params":["database","c",[]]})").expect_nothing_to_send();
    s.reply(R"({"method":"notice","params":[5,["x"]]})");
    s.reply(R"({"id":1,"result":"first"})").expect_value("a", "first");
    s.time(11s).expect_error("c", errc::timed_out);
    s.reply(R"({"id":3,"result":"late"})");
    s.submit("e").expect_send(R"({"id":5,"method":"call","params":["database","e",[]]})");
    s.garbage("{").expect_error("e", errc::invalid_reply);
    s.run();
    s.run_failing_each_step();
}

TEST_CASE("rpc/session: replies are matched in any order, ids as numbers or strings")
{
    fixture f;
    f.submit("a");
    f.submit("b");
    f.submit("c");
    f.send_all();
    CHECK(f.s.received(R"({"id":"3","result":"three"})"));
    CHECK(f.s.received(R"({"id":1,"result":"one"})"));
    CHECK(f.s.received(R"( { "result" : "two" , "jsonrpc" : "2.0", "id" : 2 } )"));
    CHECK(f["a"].value == "one");
    CHECK(f["b"].value == "two");
    CHECK(f["c"].value == "three");
    CHECK(f.s.empty());
    CHECK(f.s.stray_frames() == 0);
}

TEST_CASE("rpc/session: the quick way and the general one read the same")
{
    for (std::string const frame :
         {R"({"id":1,"result":"x"})", R"({"id":1,"result":"x"} )", R"({"id":1,"result": "x" })",
          R"({"id":1,"result":"x","jsonrpc":"2.0"})", R"({"id":1,"jsonrpc":"2.0","result":"x"})",
          R"({"jsonrpc":"2.0","result":"x","id":"1"})", R"({"id":1,"error":null,"result":"x"})",
          R"({"id":1,"result":"x","other":{"result":"y","deep":[{"id":2},"}],"]}})",
          "\n{\t\"id\"\r:1 ,\"result\":\"x\"}"})
    {
        CAPTURE(frame);
        fixture f;
        f.one();
        CHECK(f.s.received(frame));
        CHECK(f["a"].times == 1);
        CHECK(!f["a"].ec);
        CHECK(f["a"].value == "x");
    }
}

TEST_CASE("rpc/session: what is no JSON-RPC message says so and ends no call")
{
    for (std::string_view const frame :
         {std::string_view(""), std::string_view("hello"), std::string_view("[]"),
          std::string_view(R"([{"id":1,"result":"x"}])"), std::string_view(R"({"id":1,"result":"x")"),
          std::string_view(R"({"id":1,"result":"x"}})"), std::string_view(R"({"id":1,"result":"x"}{})"),
          std::string_view(R"({"id":1,"result":})"), std::string_view(R"({"id":1,"result":"x",})"),
          std::string_view("{\"id\":1,\"result\":\"\xff\"}"), std::string_view("{\"id\":1,\"result\":\"x\"}\0", 22),
          std::string_view(R"({"result":"x"})"), std::string_view("{}"), std::string_view("5"),
          std::string_view("null"), std::string_view(R"({"method":"notice","params":{}})"),
          std::string_view(R"({"method":"notice"})")})
    {
        CAPTURE(frame);
        fixture f;
        f.one();
        CHECK(!f.s.received(frame));
        CHECK(f["a"].times == 0);
        CHECK(f.s.size() == 1);
    }
    fixture f;
    f.one();
    CHECK(!f.s.received("{\"id\":1,\"result\":" + std::string(100'000, '[')));
    CHECK(!f.s.received(std::string(300, '[') + std::string(300, ']')));
}

TEST_CASE("rpc/session: what is nested deep ends its call, not the connection")
{
    auto const nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
    fixture f;
    f.submit("a");
    f.submit("b");
    f.send_all();
    CHECK(f.s.received(R"({"id":1,"result":)" + nested(300) + "}"));
    CHECK(f["a"].ec == errc::invalid_reply);
    CHECK(f.s.received(R"({"id":2,"error":{"code":7,"message":"m","data":{"code":7,"name":"n","stack":)" + nested(300) +
                       "}}}"));
    REQUIRE(f["b"].refusal);
    CHECK(f["b"].refusal->stack_json() == nested(300));
    CHECK(!f.s.received(R"({"id":1,"result":)" + nested(2000) + "}"));
}

TEST_CASE("rpc/session: every prefix of a reply is refused")
{
    std::string const frame =
        R"({"id":1,"jsonrpc":"2.0","error":{"code":10,"message":"m","data":{"code":10,"name":"n","stack":[{"a":"}"}]}}})";
    for (std::size_t n = 0; n < frame.size(); ++n)
    {
        fixture f;
        f.one();
        CHECK(!f.s.received(frame.substr(0, n)));
        CHECK(f["a"].times == 0);
    }
}

TEST_CASE("rpc/session: a result of the wrong type ends its call alone, with the place")
{
    fixture f;
    f.submit("a");
    f.submit("b");
    f.send_all();
    CHECK(f.s.received(R"({"id":1,"result":[1]})"));
    CHECK(f["a"].ec == errc::invalid_reply);
    CHECK(f["a"].detail.find("wrong JSON type") != std::string::npos);
    CHECK(f.s.received(R"({"id":2})"));
    CHECK(f["b"].ec == errc::invalid_reply);
}

TEST_CASE("rpc/session: a refusal keeps the node's words")
{
    fixture f;
    f.one();
    CHECK(f.s.received(
        R"({"id":1,"error":{"code":10,"message":"Execution error: Assert Exception: is_allowed: Access denied","data":{"code":10,)"
        R"("name":"assert_exception","message":"Assert Exception","stack":[{"context":{"level":"error"},"format":"x","data":{}}]}}})"));
    REQUIRE(f["a"].refusal);
    CHECK(!f["a"].ec);
    CHECK(f["a"].refusal->code() == 10);
    CHECK(f["a"].refusal->name() == "assert_exception");
    CHECK(f["a"].refusal->message() == "Execution error: Assert Exception: is_allowed: Access denied");
    CHECK(f["a"].refusal->stack_json() == R"([{"context":{"level":"error"},"format":"x","data":{}}])");

    for (std::string const code : {"-32601", "-32603"})
    {
        fixture g;
        g.one();
        CHECK(g.s.received(R"({"id":1,"error":{"code":)" + code + R"(,"message":"m"}})"));
        REQUIRE(g["a"].refusal);
        CHECK(std::to_string(g["a"].refusal->code()) == code);
        CHECK(g["a"].refusal->message() == "m");
    }
    fixture g;
    g.one();
    CHECK(g.s.received(R"({"id":1,"error":"just a text"})"));
    REQUIRE(g["a"].refusal);
    CHECK(g["a"].refusal->message() == "\"just a text\"");
}

TEST_CASE("rpc/session: an error without id is the only waiting call's, otherwise nobody's")
{
    std::string const error = R"({"id":null,"jsonrpc":"2.0","error":{"code":-32600,"message":"Invalid id"}})";
    {
        fixture f;
        f.one();
        f.submit("unsent");
        CHECK(f.s.received(error));
        REQUIRE(f["a"].refusal);
        CHECK(f["a"].refusal->code() == -32600);
        CHECK(f["unsent"].times == 0);
    }
    fixture f;
    f.submit("a");
    f.submit("b");
    f.send_all();
    CHECK(f.s.received(error));
    CHECK(f.events.strays.size() == 1);
    CHECK(f.s.size() == 2);
}

TEST_CASE("rpc/session: replies to nobody are stray")
{
    fixture f;
    f.one();
    f.submit("unsent"); // id 2: nobody can know the answer yet
    for (std::string const frame :
         {R"({"id":7,"result":"x"})", R"({"id":2,"result":"x"})", R"({"id":"abc","result":"x"})",
          R"({"id":-1,"result":"x"})", R"({"id":18446744073709551617,"result":"x"})", R"({"id":null,"result":"x"})",
          R"({"id":7,"error":{"code":1,"message":"m"}})", R"({"id":{},"result":"x"})"})
    {
        CAPTURE(frame);
        CHECK(f.s.received(frame));
    }
    CHECK(f.s.size() == 2);
    CHECK(f.events.calls.empty());
    CHECK(f.s.stray_frames() == 8);
    // Twice the same reply: the second is stray.
    CHECK(f.s.received(R"({"id":1,"result":"x"})"));
    auto const before = f.s.stray_frames();
    CHECK(f.s.received(R"({"id":1,"result":"x"})"));
    CHECK(f.s.stray_frames() == before + 1);
    CHECK(f["a"].times == 1);
}

TEST_CASE("rpc/session: notices go to their hook and end no call")
{
    fixture f;
    f.one();
    CHECK(f.s.received(R"({"method":"notice","params":[18446744073709551615,[["1.2.3",{"id":"2.1.0"}]]]})"));
    CHECK(f.s.received(R"({"method":"notice","params":["7",["0000"]]})"));
    REQUIRE(f.events.notices.size() == 2);
    CHECK(f.events.notices[0].first == 18446744073709551615u);
    CHECK(f.events.notices[0].second == R"([["1.2.3",{"id":"2.1.0"}]])");
    CHECK(f.events.notices[1].first == 7);
    CHECK(f.s.size() == 1);
}

TEST_CASE("rpc/session: deadlines end calls in their order, each once")
{
    fixture f;
    f.submit("late", start + 3s);
    f.submit("early", start + 1s);
    f.send_all();
    f.submit("unsent", start + 2s);
    CHECK(f.s.next_deadline() == start + 1s);
    f.s.expire(start + 1s - 1ns);
    CHECK(f.s.size() == 3);
    f.s.expire(start + 2s, "connecting");
    CHECK(f["early"].ec == errc::timed_out);
    CHECK(f["early"].detail == "waiting for the reply");
    CHECK(f["unsent"].ec == errc::timed_out);
    CHECK(f["unsent"].detail == "connecting");
    CHECK(!f.s.next_frame()); // the frame of a call that ended is never sent
    CHECK(f.s.next_deadline() == start + 3s);
    CHECK(f.s.received(R"({"id":1,"result":"x"})"));
    CHECK(!f.s.next_deadline());
}

TEST_CASE("rpc/session: a lost connection ends the calls that were sent and keeps the others for the next")
{
    fixture f;
    f.one();
    f.submit("unsent");
    CHECK(f.s.unsent() == 1);
    f.s.lost(errc::connection_closed, "close code 1001");
    CHECK(f["a"].ec == errc::connection_closed);
    CHECK(f["a"].detail == "close code 1001");
    CHECK(f["unsent"].times == 0);
    auto const frame = f.s.next_frame();
    REQUIRE(frame);
    CHECK(*frame == R"({"id":2,"method":"call","params":["database","unsent",[]]})");
    CHECK(f.s.unsent() == 0);
    // The old connection's id cannot be mistaken for the new one's.
    CHECK(f.s.received(R"({"id":1,"result":"x"})"));
    CHECK(f["a"].times == 1);
}

TEST_CASE(
    "rpc/session: the frame of a call that ended unsent is gone with it: a connection that does not write holds none")
{
    fixture f;
    for (int i = 0; i < 100; ++i)
        f.submit("late" + std::to_string(i), start + 1s);
    auto const cancelled = f.submit("cancelled");
    f.submit("kept");
    CHECK(f.s.unsent() == 102);
    f.s.expire(start + 1s);
    CHECK(f.s.unsent() == 2);
    CHECK(f.s.cancel(cancelled));
    CHECK(f.s.unsent() == 1);
    auto const frame = f.s.next_frame();
    REQUIRE(frame);
    CHECK(frame->find("\"kept\"") != std::string::npos);
    CHECK(!f.s.next_frame());
    f.submit("given up");
    f.s.end_all(errc::connection_closed);
    CHECK(f.s.unsent() == 0);
    CHECK(!f.s.next_frame());
}

TEST_CASE("rpc/session: while held, only urgent frames go out, and before the others")
{
    fixture f;
    f.submit("a");
    f.s.hold(true);
    CHECK(!f.s.next_frame());
    f.submit("check", start + 10s, true);
    CHECK(*f.s.next_frame() == R"({"id":2,"method":"call","params":["database","check",[]]})");
    CHECK(!f.s.next_frame());
    f.s.hold(false);
    CHECK(*f.s.next_frame() == R"({"id":1,"method":"call","params":["database","a",[]]})");
}

TEST_CASE("rpc/session: a handler may do anything to the session")
{
    SUBCASE("submit")
    {
        fixture f;
        f.one();
        f.events.then = [&] { f.submit("again"); };
        CHECK(f.s.received(R"({"id":1,"result":"x"})"));
        CHECK(f.s.next_frame().has_value());
    }
    SUBCASE("cancel the others, while all end")
    {
        fixture f;
        f.submit("a");
        f.submit("b");
        f.send_all();
        f.events.then = [&] {
            f.s.cancel(2);
            f.s.end_all(errc::cancelled);
            f.submit("new");
        };
        f.s.lost(errc::connection_closed);
        CHECK(f["a"].times == 1);
        CHECK(f["b"].times == 1);
        CHECK(f["new"].times == 0);
        CHECK(f.s.size() == 1);
    }
    SUBCASE("expire within expire")
    {
        fixture f;
        f.submit("a");
        f.submit("b");
        f.events.then = [&] { f.s.expire(start + 1h); };
        f.s.expire(start + 1h);
        CHECK(f["a"].times == 1);
        CHECK(f["b"].times == 1);
    }
}

TEST_CASE("rpc/session: requests carry raw UTF-8")
{
    fixture f;
    f.s.submit(request<std::string>("database", "get_account_by_name", R"(["äé€😀"])"),
               std::make_unique<text_call>("a", f.alive), start + 1s);
    CHECK(*f.s.next_frame() == R"({"id":1,"method":"call","params":["database","get_account_by_name",["äé€😀"]]})");
}
