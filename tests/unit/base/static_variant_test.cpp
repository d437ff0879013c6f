#include <bitshares/base/static_variant.hpp>

#include <doctest/doctest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

using namespace bitshares;

namespace {

/// Counts those that live, and cannot be copied where the text says so.
struct counted
{
    static inline int living = 0;
    std::string text = "made";

    counted() noexcept { ++living; }
    explicit counted(std::string t) : text(std::move(t)) { ++living; }
    counted(counted const& other) : text(other.text)
    {
        if (text == "single")
            throw std::runtime_error("no copies");
        ++living;
    }
    counted(counted&& other) noexcept : text(std::move(other.text)) { ++living; }
    ~counted() { --living; }

    friend bool operator==(counted const& a, counted const& b) { return a.text == b.text; }
};

using variant = static_variant<int, counted, std::vector<std::string>>;

} // namespace

TEST_CASE("base/static_variant: holds the first alternative at first, and then what it is given")
{
    variant v;
    CHECK(variant::count == 3);
    CHECK(v.index() == 0);
    REQUIRE(v.get_if<int>() != nullptr);
    CHECK(*v.get_if<int>() == 0);
    CHECK(v.get_if<counted>() == nullptr);
    CHECK(v.data() == v.get_if<0>());

    v.emplace<2>().push_back("one");
    CHECK(v.index() == 2);
    CHECK(v.get_if<0>() == nullptr);
    CHECK(v.get_if<std::vector<std::string>>()->at(0) == "one");
    static_cast<counted*>(v.emplace(1))->text = "another";
    CHECK(v.get_if<counted>()->text == "another");
    v.emplace(1);
    CHECK(v.get_if<counted>()->text == "made");

    CHECK(*variant(std::in_place_index<0>, 7).get_if<int>() == 7);
    std::vector<std::string> words{"a", "b"};
    variant const taken(2, &words);
    CHECK(taken.get_if<2>()->size() == 2);
    CHECK(words.empty());
}

TEST_CASE("base/static_variant: copies, moves and compares what it holds, and ends it once")
{
    REQUIRE(counted::living == 0);
    {
        variant a(std::in_place_index<1>, counted("text"));
        variant b = a;
        CHECK(counted::living == 2);
        CHECK(a == b);
        b.get_if<counted>()->text = "other";
        CHECK(a != b);
        a = b;
        CHECK(a == b);
        CHECK(counted::living == 2);
        variant c = std::move(b);
        CHECK(c.get_if<counted>()->text == "other");
        c = variant(std::in_place_index<0>, 1);
        CHECK(c != a);
        CHECK(c != variant());
        CHECK(c == variant(std::in_place_index<0>, 1));
        auto& self = a;
        a = self;
        a = std::move(self);
        CHECK(a.get_if<counted>()->text == "other");
    }
    CHECK(counted::living == 0);
}

TEST_CASE("base/static_variant: is moved what stands within it")
{
    struct box;
    using nested = static_variant<std::string, std::vector<box>>;
    struct box
    {
        nested inner;
    };
    nested v(std::in_place_index<1>, std::vector<box>(1));
    v.get_if<1>()->front().inner.emplace<0>() = "longer than what a string holds in itself";
    v = std::move(v.get_if<1>()->front().inner);
    REQUIRE(v.index() == 0);
    CHECK(*v.get_if<0>() == "longer than what a string holds in itself");
}

TEST_CASE("base/static_variant: has its value still where a copy throws")
{
    variant const single(std::in_place_index<1>, counted("single"));
    variant other(std::in_place_index<2>, {"kept"});
    CHECK_THROWS_AS(other = single, std::runtime_error);
    CHECK(other.get_if<2>()->at(0) == "kept");
    CHECK_THROWS_AS((void)variant(single), std::runtime_error);
    CHECK(counted::living == 1);
}

TEST_CASE("base/static_variant: a visitor is called with what it holds")
{
    struct sizes
    {
        std::size_t operator()(int n) const { return static_cast<std::size_t>(n); }
        std::size_t operator()(counted const& c) const { return c.text.size(); }
        std::size_t operator()(std::vector<std::string> const& words) const { return words.size(); }
    };
    variant v(std::in_place_index<0>, 3);
    CHECK(std::as_const(v).visit(sizes()) == 3);
    v.emplace<1>();
    CHECK(v.visit(sizes()) == 4);
    v.emplace<2>();
    v.visit([]<class T>(T& value) {
        if constexpr (std::is_same_v<T, std::vector<std::string>>)
            value.assign(5, "word");
    });
    CHECK(v.visit(sizes()) == 5);
}
