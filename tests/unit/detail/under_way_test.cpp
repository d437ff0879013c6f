#include <bitshares/detail/under_way.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <utility>
#include <vector>

using namespace bitshares;

TEST_CASE("detail/under_way: a number_map holds what a std::map holds")
{
    std::mt19937 random(1);
    detail::number_map<std::unique_ptr<std::uint64_t>> numbers;
    std::map<std::uint64_t, std::uint64_t> model;
    std::uint64_t last = 0;
    for (int i = 0; i < 20'000; ++i)
    {
        // It fills, and empties, over and over.
        if (model.empty() || random() % 100 < (i / 1000 % 2 == 0 ? 70u : 30u))
        {
            last += random() % 3 == 0 ? 1024u : 1u; // some of them meet in one place
            auto& there = numbers.insert(last, std::make_unique<std::uint64_t>(last * 7));
            REQUIRE(*there == last * 7);
            model.emplace(last, last * 7);
        }
        else
        {
            auto at = random() % 4 != 0 ? model.begin() : model.lower_bound(model.begin()->first + random() % last);
            if (at == model.end())
                at = model.begin();
            numbers.erase(at->first);
            REQUIRE(numbers.find(at->first) == nullptr);
            model.erase(at);
        }
        REQUIRE(numbers.size() == model.size());
        REQUIRE(numbers.empty() == model.empty());
        std::uint64_t const any = random() % (last + 2);
        auto const* const found = numbers.find(any);
        REQUIRE((found != nullptr) == model.contains(any));
        if (found != nullptr)
            REQUIRE(**found == model[any]);
    }
    std::vector<std::uint64_t> left;
    for (auto const& [number, value] : model)
    {
        left.push_back(number);
        REQUIRE(**numbers.find(number) == value);
    }
    CHECK(numbers.numbers() == left);
}

TEST_CASE("detail/under_way: an agenda is in the order of time")
{
    using namespace std::chrono_literals;
    std::mt19937 random(2);
    detail::agenda agenda;
    std::set<detail::agenda::entry> model;
    detail::agenda::time_point now{};
    for (std::uint64_t i = 1; i < 5'000; ++i)
    {
        now += 1ms * (random() % 3);
        auto const at = now + 10ms * (random() % 2 == 0 ? 0 : random() % 50);
        agenda.insert(at, i);
        model.emplace(at, i);
        while (!model.empty() && random() % 100 < 49)
        {
            auto gone = random() % 2 == 0 ? model.begin() : model.lower_bound({now, 0});
            if (gone == model.end())
                gone = model.begin();
            agenda.erase(gone->first, gone->second);
            model.erase(gone);
        }
        REQUIRE(agenda.empty() == model.empty());
        if (!model.empty())
            REQUIRE(agenda.front() == *model.begin());
    }
    CHECK(std::equal(agenda.begin(), agenda.end(), model.begin(), model.end()));
}
