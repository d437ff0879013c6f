#include <bitshares/protocol/raw_json.hpp>
#include <bitshares/rpc/request.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <type_traits>
#include <utility>

using namespace bitshares;
using namespace std::chrono_literals;

TEST_CASE("rpc/request: API, method and parameters are read back from one text")
{
    request<raw_json> const r("custom_operations", "get_storage_info", R"(["alice"])");
    CHECK(r.api() == "custom_operations");
    CHECK(r.method() == "get_storage_info");
    CHECK(r.params_json() == R"(["alice"])");
    CHECK(r.text() == R"("custom_operations","get_storage_info",["alice"])");
    static_assert(std::is_same_v<request<raw_json>::result_type, raw_json>);
    static_assert(std::is_void_v<request<void>::result_type>);
}

TEST_CASE("rpc/request: the parts are told apart by their lengths, whatever stands in them")
{
    any_request const quotes("a", "b", R"(["\",\"",[],"\"]"])");
    CHECK(quotes.api() == "a");
    CHECK(quotes.method() == "b");
    CHECK(quotes.params_json() == R"(["\",\"",[],"\"]"])");
    any_request const empty("", "", "[]");
    CHECK(empty.api().empty());
    CHECK(empty.method().empty());
    CHECK(empty.params_json() == "[]");
    CHECK(empty.text() == R"("","",[])");
}

TEST_CASE("rpc/request: a value that can be kept, moved and compared")
{
    request<void> const first("login", "logout", "[]");
    request<void> copy = first;
    CHECK(copy == first);
    request<void> moved = std::move(copy);
    CHECK(moved == first);
    CHECK(moved.method() == "logout"); // its own text, not the moved one's
    CHECK(request<void>("login", "logout", "[1]") != first);
    CHECK(request<void>("logi", "nlogout", "[]") != first);
    copy = moved;
    CHECK(copy.params_json() == "[]");
}

TEST_CASE("rpc/request: a time limit of its own, part of the value")
{
    request<void> const first("login", "logout", "[]");
    CHECK_FALSE(first.deadline());
    auto const limited = request<void>(first).deadline(30s);
    CHECK(limited.deadline() == 30s);
    CHECK(limited != first);
    CHECK(limited.text() == first.text()); // nodes never see it
    request<void> changed = limited;
    CHECK(&changed.deadline(250ms) == &changed);
    CHECK(changed.deadline() == 250ms);
    any_request const& erased = changed;
    CHECK(erased.deadline() == 250ms);
}
