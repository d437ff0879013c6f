#include <bitshares/history/labels.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace bitshares;

namespace {

history_row row(std::uint64_t account, std::vector<account_id> counterparties, std::vector<asset_id> assets)
{
    history_row r;
    r.account = account_id(account);
    r.counterparties = std::move(counterparties);
    r.assets = std::move(assets);
    return r;
}

} // namespace

TEST_CASE("history/labels: asks for what a row has, once, in the order of appearance")
{
    history_labels l;
    CHECK(l.complete());
    auto const r = row(18, {account_id(19), account_id(18), account_id(19)}, {asset_id(1), asset_id(0), asset_id(1)});
    l.need(r);
    l.need(r);
    CHECK(l.accounts_missing() == std::vector{account_id(18), account_id(19)});
    CHECK(l.assets_missing() == std::vector{asset_id(1), asset_id(0)});
    CHECK_FALSE(l.complete());
}

TEST_CASE("history/labels: an account and an asset of one number are two things")
{
    history_labels l;
    l.need(row(7, {}, {asset_id(7)}));
    l.put(account_id(7), "seven");
    CHECK(l.accounts_missing().empty());
    CHECK(l.assets_missing() == std::vector{asset_id(7)});
    l.put(asset_id(7), {"SEVEN", 3});
    CHECK(l.complete());
    CHECK(l.name(account_id(7)) == "seven");
    CHECK(l.label(asset_id(7)).symbol == "SEVEN");
    CHECK(l.label(asset_id(7)).precision == 3);
    CHECK(l.label(asset_id(7)).known);
}

TEST_CASE("history/labels: what was put in is not asked for again, and can be put in before it is needed")
{
    history_labels l;
    l.put(account_id(1), "early");
    l.put(account_id(1), "renamed");
    l.need(row(1, {}, {}));
    CHECK(l.complete());
    CHECK(l.name(account_id(1)) == "renamed");
}

TEST_CASE("history/labels: what the node does not know is called by its id, its amounts are in the smallest unit")
{
    history_labels l;
    l.need(row(1, {account_id(2), account_id(3)}, {asset_id(4)}));
    l.put(account_id(2), "");
    CHECK(l.name(account_id(2)) == "1.2.2");
    l.put(account_id(3), "known");
    l.give_up();
    CHECK(l.complete());
    CHECK(l.name(account_id(1)) == "1.2.1");
    CHECK(l.name(account_id(3)) == "known");
    CHECK(l.label(asset_id(4)).symbol == "1.3.4");
    CHECK(l.label(asset_id(4)).precision == 0);
    CHECK_FALSE(l.label(asset_id(4)).known);
    l.give_up(); // nothing is missing: nothing changes
    CHECK(l.name(account_id(3)) == "known");
}

TEST_CASE("history/labels: what was never asked for has a mark for a name")
{
    history_labels const l;
    CHECK(l.name(account_id(1)) == "?");
    CHECK(l.label(asset_id(1)).symbol == "?");
    CHECK_FALSE(l.label(asset_id(1)).known);
}

TEST_CASE("history/labels: beyond the limit accounts are forgotten and asked for again; assets stay")
{
    history_labels l(2);
    l.put(account_id(1), "a");
    l.put(account_id(2), "b");
    l.put(asset_id(1), {"GOLD", 4});
    l.trim();
    CHECK(l.name(account_id(1)) == "a"); // two are not too many
    l.put(account_id(3), "c");
    CHECK(l.name(account_id(1)) == "a"); // nothing is lost in the middle of a page
    l.trim();
    CHECK(l.name(account_id(1)) == "?");
    CHECK(l.label(asset_id(1)).symbol == "GOLD");
    l.need(row(1, {account_id(3)}, {asset_id(1)}));
    CHECK(l.accounts_missing() == std::vector{account_id(1), account_id(3)});
    CHECK(l.assets_missing().empty());
}
