#include <bitshares/base/flat_set.hpp>

#include <doctest/doctest.h>

#include <random>
#include <set>
#include <string>
#include <variant>

namespace bts = bitshares;

namespace {

// Orders by the tens alone, so that equal elements can be told apart.
struct by_tens
{
    int number = 0;
    friend bool operator<(by_tens a, by_tens b) { return a.number / 10 < b.number / 10; }
};

// As keys, whose order is that of their hashes.
struct hashed
{
    int number = 0;
};
int hashings = 0;

} // namespace

template <>
struct bitshares::detail::chain_less<hashed>
{
    static int key(hashed h)
    {
        ++hashings;
        return -h.number;
    }
    bool operator()(hashed a, hashed b) const { return key(a) < key(b); }
};

TEST_CASE("base/flat_set: what is costly to compare by is found once an element, in sets and in maps")
{
    std::vector<hashed> elements;
    std::vector<std::pair<hashed, int>> pairs;
    for (int i = 0; i < 1'000; ++i)
    {
        elements.push_back({i * 7 % 500});
        pairs.emplace_back(elements.back(), i);
    }
    bts::flat_set<hashed> const set(elements);
    CHECK(hashings == 1'000);
    CHECK(set.size() == 500);
    CHECK(set.begin()->number == 499);
    bts::flat_map<hashed, int> const map(pairs);
    CHECK(hashings == 2'000);
    CHECK(map.size() == 500);
    CHECK(*map.find({7}) == 1); // not 501, which came later
}

TEST_CASE("base/flat_set: takes elements in any order, and of equal ones the first stays")
{
    bts::flat_set<by_tens> const set({{21}, {13}, {25}, {4}, {11}});
    std::vector<int> numbers;
    for (auto const& e : set)
        numbers.push_back(e.number);
    CHECK(numbers == std::vector{4, 13, 21});
    CHECK(set.contains({19}));
    CHECK_FALSE(set.contains({30}));
}

TEST_CASE("base/flat_set: behaves like std::set for random elements")
{
    std::mt19937 random(1);
    for (int round = 0; round < 50; ++round)
    {
        std::vector<int> elements(random() % 40);
        for (int& e : elements)
            e = static_cast<int>(random() % 30);
        std::set<int> const expected(elements.begin(), elements.end());
        bts::flat_set<int> const at_once(elements);
        bts::flat_set<int> one_by_one;
        for (int e : elements)
            one_by_one.insert(e);
        CHECK(std::equal(at_once.begin(), at_once.end(), expected.begin(), expected.end()));
        CHECK(at_once == one_by_one);
    }
}

TEST_CASE("base/flat_set: insert tells whether the element is new")
{
    bts::flat_set<by_tens> set;
    CHECK(set.empty());
    CHECK(set.insert({15}));
    CHECK_FALSE(set.insert({12}));
    CHECK(set.begin()->number == 15);
    CHECK(set.size() == 1);
    set.clear();
    CHECK(set.empty());
}

TEST_CASE("base/flat_set: static variants are ordered and told apart by their tag alone")
{
    using alternative = std::variant<int, std::string>;
    bts::flat_set<alternative> const set({alternative("b"), alternative(7), alternative("a"), alternative(3)});
    REQUIRE(set.size() == 2);
    CHECK(*set.begin() == alternative(7));
    CHECK(*(set.begin() + 1) == alternative("b"));
}

TEST_CASE("base/flat_set: booleans are elements that can be pointed at")
{
    bts::flat_set<bool> const set({true, false, true});
    CHECK(set.size() == 2);
    CHECK(set.contains(true));
    CHECK(set.contains(false));
    CHECK_FALSE(bts::flat_set<bool>({true}).contains(false));
}

TEST_CASE("base/flat_set: a map keeps the first of equal keys and finds by key")
{
    bts::flat_map<int, std::string> map({{3, "c"}, {1, "a"}, {3, "again"}});
    REQUIRE(map.size() == 2);
    CHECK(*map.find(3) == "c");
    CHECK(*map.find(1) == "a");
    CHECK(map.find(2) == nullptr);
    CHECK_FALSE(map.insert({1, "other"}));
    CHECK(map.insert({2, "b"}));
    CHECK((map.begin() + 1)->second == "b");
}
