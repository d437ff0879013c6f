#include <bitshares/base/result.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace bts = bitshares;
using bts::errc;

namespace {

bts::result<int> half(int number)
{
    if (number % 2 != 0)
        return bts::error(errc::value_out_of_range, "an odd number", "/number");
    return number / 2;
}

bts::result<std::uint32_t> only_a_code()
{
    return errc::unexpected_end;
}

} // namespace

TEST_CASE("base/result: holds a value or the error that took its place")
{
    auto const good = half(6);
    CHECK(!!good);
    CHECK(*good == 3);
    CHECK(good.value() == 3);
    CHECK_FALSE(good.error().code().failed()); // nothing, where there is a value

    auto const failed = half(3);
    CHECK(!failed);
    CHECK(failed.error().code() == errc::value_out_of_range);
    CHECK(failed.error().detail() == "an odd number");
    CHECK(failed.error().path() == "/number");
}

TEST_CASE("base/result: value() throws an exception that carries the error")
{
    CHECK(half(4).value() == 2);
    auto const failed = half(3);
    try
    {
        failed.value();
        FAIL("no exception");
    }
    catch (bts::exception const& e)
    {
        CHECK(e.code() == errc::value_out_of_range);
        CHECK(e.error().path() == "/number");
        CHECK(e.what() == failed.error().message());
    }
    CHECK_THROWS_AS(bts::result<void>(bts::error(errc::file_error)).value(), bts::exception);
    CHECK_THROWS_AS(only_a_code().value(), std::runtime_error); // whoever knows no bitshares::exception
}

TEST_CASE("base/result: an enumerator alone is an error, also where the value is an integer")
{
    auto const r = only_a_code();
    REQUIRE_FALSE(r.has_value());
    CHECK(r.error().code() == errc::unexpected_end);
    CHECK(r.error().detail().empty());
    bts::result<std::uint32_t> const number = 1u;
    CHECK(number.has_value());
}

TEST_CASE("base/result: a result of nothing is good until it holds an error")
{
    bts::result<void> r;
    CHECK(!!r);
    CHECK_NOTHROW(r.value());
    r = bts::error(errc::cancelled);
    CHECK(!r);
}

TEST_CASE("base/result: values that can only be moved go in and out")
{
    bts::result<std::unique_ptr<int>> r = std::make_unique<int>(7);
    std::unique_ptr<int> const out = std::move(r).value();
    CHECK(*out == 7);
    static_assert(!std::is_copy_constructible_v<bts::result<std::unique_ptr<int>>>);
}

TEST_CASE("base/result: copies and assignments end what was there and begin what comes, once each")
{
    auto const counted = std::make_shared<int>();
    using counter = std::shared_ptr<int>;
    {
        bts::result<counter> const value = counted;
        bts::result<counter> const failed = errc::file_error;
        bts::result<counter> copy = value;
        CHECK(counted.use_count() == 3);
        copy = failed;
        CHECK(counted.use_count() == 2);
        CHECK(copy.error().code() == errc::file_error);
        copy = value;
        CHECK(counted.use_count() == 3);
        copy = *&copy; // itself
        REQUIRE(copy.has_value());
        CHECK(counted.use_count() == 3);
        auto moved = std::move(copy);
        CHECK(counted.use_count() == 3);
        moved = bts::result<counter>(errc::cancelled);
        CHECK(counted.use_count() == 2);
    }
    CHECK(counted.use_count() == 1);
}

TEST_CASE("base/result: what converts to a value is one, also nothing at all")
{
    bts::result<std::string> const text = "text";
    CHECK(*text == "text");
    CHECK(text->size() == 4);
    bts::result<std::optional<int>> const none = std::nullopt;
    REQUIRE(none.has_value());
    CHECK_FALSE(none->has_value());
    bts::result<std::string> const empty;
    CHECK(empty.value().empty());
}

TEST_CASE("base/result: the value of a result that nobody keeps lives as long as whoever walks it")
{
    auto const words = [] {
        return bts::result<std::vector<std::string>>({std::string(40, 'a'), std::string(40, 'b')});
    };
    static_assert(!std::is_reference_v<decltype(words().value())> && !std::is_reference_v<decltype(*words())>);
    std::string all;
    for (std::string const& word : words().value())
        all += word;
    for (std::string const& word : *words())
        all += word;
    CHECK(all == std::string(40, 'a') + std::string(40, 'b') + std::string(40, 'a') + std::string(40, 'b'));
}
