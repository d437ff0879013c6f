#include <bitshares/protocol/objects/account.hpp>
#include <bitshares/testing/chain_store.hpp>

#include <doctest/doctest.h>

#include <random>

using namespace bitshares;
using testing::detail::object_store;

namespace {

account_balance_object balance(std::int64_t amount)
{
    account_balance_object b;
    b.balance = amount;
    return b;
}

/* What is there, by instance. */
std::map<std::uint64_t, std::int64_t> all(object_store const& store)
{
    std::map<std::uint64_t, std::int64_t> found;
    store.each<account_balance_object>([&](account_balance_object const& b) { found[b.id.instance] = b.balance; });
    return found;
}

} // namespace

TEST_CASE("testing/chain_store: objects are made, found, changed and removed")
{
    object_store store;
    auto const id = store.create(balance(5)).id;
    CHECK(id == account_balance_id(0));
    CHECK(store.next_id(id) == any_object_id(2, 5, 1));
    CHECK(store.get<account_balance_object>(id).balance == 5);
    CHECK(store.modify<account_balance_object>(id, [](auto& b) { b.balance = 6; }).balance == 6);
    CHECK(store.count<account_balance_object>() == 1);
    CHECK(store.count<account_object>() == 0);
    store.remove(id);
    CHECK(store.find<account_balance_object>(id) == nullptr);
    CHECK(store.create(balance(1)).id == account_balance_id(1)); // ids are not used again
    CHECK_THROWS_AS(store.get<account_balance_object>(id), testing::detail::object_not_found);
    CHECK_THROWS_AS(store.modify<account_balance_object>(id, [](auto&) {}), testing::detail::object_not_found);
}

TEST_CASE("testing/chain_store: a listener is told of every change, of undoing, too")
{
    std::vector<std::pair<bool, bool>> told;
    object_store store(
        [&](any_object_id, testing::detail::stored_object const& before, testing::detail::stored_object const& after) {
            told.emplace_back(before.value != nullptr, after.value != nullptr);
        });
    store.begin();
    auto const id = store.create(balance(1)).id;
    store.modify<account_balance_object>(id, [](auto& b) { ++b.balance; });
    store.undo();
    CHECK(told == std::vector<std::pair<bool, bool>>{{false, true}, {true, true}, {true, false}});
}

TEST_CASE("testing/chain_store: any sessions within sessions end as if only the merged ones had been")
{
    for (unsigned seed = 1; seed <= 50; ++seed)
    {
        CAPTURE(seed);
        std::mt19937 random(seed);
        object_store store;
        std::vector<std::pair<std::map<std::uint64_t, std::int64_t>, any_object_id>> beginnings;
        any_object_id const type = account_balance_id(0);
        for (int step = 0; step < 400; ++step)
        {
            auto const there = all(store);
            switch (random() % 6)
            {
            case 0:
                beginnings.emplace_back(there, store.next_id(type));
                store.begin();
                break;
            case 1:
                if (beginnings.empty())
                    break;
                if (random() % 2 == 0)
                    store.merge();
                else
                {
                    store.undo();
                    REQUIRE(all(store) == beginnings.back().first);
                    REQUIRE(store.next_id(type) == beginnings.back().second);
                }
                beginnings.pop_back();
                break;
            case 2: store.create(balance(step)); break;
            default:
                if (there.empty())
                    break;
                account_balance_id const id(
                    std::next(there.begin(), static_cast<std::ptrdiff_t>(random() % there.size()))->first);
                if (random() % 4 == 0)
                    store.remove(id);
                else
                    store.modify<account_balance_object>(id, [&](auto& b) { b.balance = step; });
                break;
            }
        }
        for (; !beginnings.empty(); beginnings.pop_back())
        {
            store.undo();
            REQUIRE(all(store) == beginnings.back().first);
        }
    }
}

TEST_CASE("testing/chain_store: a session knows what it changed")
{
    object_store store;
    auto const old = store.create(balance(1)).id;
    auto const kept = store.create(balance(2)).id;
    store.begin();
    store.begin();
    store.modify<account_balance_object>(old, [](auto& b) { b.balance = 7; });
    auto const made = store.create(balance(3)).id;
    store.merge();
    store.remove(kept);
    auto const& changed = store.changed();
    REQUIRE(changed.size() == 3);
    CHECK(static_cast<account_balance_object const*>(changed.at(old).value.get())->balance == 1);
    CHECK(changed.at(kept).value != nullptr);
    CHECK(changed.at(made).value == nullptr);
}
