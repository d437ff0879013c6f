#include <bitshares/protocol/json.hpp>
#include <bitshares/rpc/listing.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace bitshares;

namespace {

// A list of tickets on a node, asked as `get_tickets_by_account(account, limit, start_id)`.
struct tickets_node
{
    std::vector<std::uint64_t> ids;
    std::vector<std::string> asked;

    std::vector<ticket_object> answer(any_request const& request)
    {
        asked.push_back(request.method() == "get_tickets_by_account" ? std::string(request.params_json())
                                                                     : std::string(request.text()));
        auto const args = from_json<std::vector<raw_json>>(request.params_json()).value();
        auto const limit = from_json<std::uint32_t>(args.at(1).text).value();
        auto const start = args.size() > 2 ? from_json<ticket_id>(args[2].text).value() : ticket_id(0);
        std::vector<ticket_object> page;
        for (std::uint64_t const id : ids)
            if (id >= start.instance && page.size() < limit)
            {
                page.emplace_back();
                page.back().id = ticket_id(id);
            }
        return page;
    }
};

template <class Item>
std::vector<std::uint64_t> instances(std::vector<Item> const& items)
{
    std::vector<std::uint64_t> ids;
    for (Item const& item : items)
        ids.push_back(item.id.instance);
    return ids;
}

std::vector<ticket_object> tickets(std::vector<std::uint64_t> const& ids)
{
    std::vector<ticket_object> page;
    for (std::uint64_t const id : ids)
    {
        page.emplace_back();
        page.back().id = ticket_id(id);
    }
    return page;
}

application_options limited(std::uint32_t limit)
{
    application_options options;
    options.api_limit_get_tickets = limit;
    options.api_limit_lookup_accounts = limit;
    options.api_limit_get_asset_holders = limit;
    options.api_limit_get_grouped_limit_orders = limit;
    options.api_limit_get_liquidity_pool_history = limit;
    return options;
}

template <class Pager, class Page>
std::string refused(Pager& pager, Page&& page)
{
    auto const r = pager.take(std::forward<Page>(page));
    REQUIRE(!r.has_value());
    CHECK(r.error().code() == errc::invalid_reply);
    return r.error().detail();
}

} // namespace

TEST_CASE("rpc/listing: every item comes once, in order, whatever the list's and the pages' sizes")
{
    for (std::uint32_t limit = 2; limit <= 7; ++limit)
        for (std::uint64_t count = 0; count <= 20; ++count)
        {
            CAPTURE(limit);
            CAPTURE(count);
            tickets_node node;
            for (std::uint64_t i = 0; i < count; ++i)
                node.ids.push_back(3 * i + 1);
            listing_pager pager(listings::tickets_by_account("alice"), limited(limit));
            std::vector<std::uint64_t> found;
            while (!pager.done())
            {
                auto const page = pager.take(node.answer(pager.next()));
                REQUIRE(page.has_value());
                for (std::uint64_t const id : instances(*page))
                    found.push_back(id);
                REQUIRE(node.asked.size() < 50);
            }
            CHECK(found == node.ids);
        }
}

TEST_CASE("rpc/listing: asks for as many as the node allows, and begins with the last item")
{
    tickets_node node{{1, 2, 3, 4, 5}, {}};
    listing_pager pager(listings::tickets_by_account("alice"), limited(3));
    while (!pager.done())
        REQUIRE(pager.take(node.answer(pager.next())).has_value());
    CHECK(node.asked ==
          std::vector<std::string>{R"(["alice",3])", R"(["alice",3,"1.18.3"])", R"(["alice",3,"1.18.5"])"});

    CHECK(listing_pager(listings::tickets_by_account("alice")).next().params_json() == R"(["alice",100])");
    CHECK(listing_pager(listings::tickets().page_size(7)).next().params_json() == "[7]");
    CHECK(listing_pager(listings::tickets().page_size(7), limited(5)).next().params_json() == "[5]");
    CHECK(listing_pager(listings::tickets().from(ticket_id(9))).next().params_json() == R"([100,"1.18.9"])");
}

TEST_CASE("rpc/listing: the same request until its page was taken")
{
    tickets_node node{{1, 2, 3, 4, 5}, {}};
    listing_pager pager(listings::tickets_by_account("alice"), limited(2));
    REQUIRE(pager.take(node.answer(pager.next())).has_value());
    auto const second = pager.next();
    CHECK(pager.next() == second);
    refused(pager, tickets({1, 2}));
    CHECK(pager.next() == second);
    CHECK(instances(pager.take(tickets({2, 3})).value()) == std::vector<std::uint64_t>{3});
}

TEST_CASE("rpc/listing: an item that is gone is not dropped from the page in its place")
{
    listing_pager pager(listings::tickets_by_account("alice"), limited(3));
    CHECK(instances(pager.take(tickets({1, 2, 3})).value()) == std::vector<std::uint64_t>{1, 2, 3});
    CHECK(instances(pager.take(tickets({4, 5, 6})).value()) == std::vector<std::uint64_t>{4, 5, 6}); // 3 is gone
    CHECK(!pager.done());
    CHECK(instances(pager.take(tickets({6})).value()).empty());
    CHECK(pager.done());
}

TEST_CASE("rpc/listing: a page that does not advance is an error, and is not taken")
{
    listing_pager pager(listings::tickets_by_account("alice"), limited(3));
    REQUIRE(pager.take(tickets({4, 5, 6})).has_value());
    CHECK(refused(pager, tickets({4, 5, 6})) == "item 0 of a page is not behind the one before");
    CHECK(refused(pager, tickets({6, 8, 7})) == "item 2 of a page is not behind the one before");
    CHECK(refused(pager, tickets({6, 6, 7})) == "item 1 of a page is not behind the one before");
    CHECK(refused(pager, tickets({5})) == "item 0 of a page is not behind the one before");
    CHECK(refused(pager, tickets({6, 7, 8, 9})) == "4 items where 3 were asked for");
    CHECK(!pager.done());

    listing_pager narrow(listings::tickets_by_account("alice"), limited(1)); // a limit of 1 never comes to the second
    REQUIRE(narrow.take(tickets({4})).has_value());
    CHECK(refused(narrow, tickets({4})) == "a page that brings nothing new, although there is more");
}

TEST_CASE("rpc/listing: maps by name, counted lists, falling prices and numbers")
{
    listing_pager accounts(listings::accounts(), limited(2));
    CHECK(accounts.next().params_json() == R"(["",2])");
    auto const page = accounts.take({{"alice", account_id(5)}, {"bob", account_id(3)}});
    REQUIRE(page.has_value());
    CHECK(page->at(1) == std::pair<std::string, account_id>("bob", account_id(3)));
    CHECK(accounts.next().params_json() == R"(["bob",2])");
    CHECK(accounts.take({{"bob", account_id(3)}, {"carol", account_id(9)}})->size() == 1);
    CHECK(accounts.next().params_json() == R"(["carol",2])");

    listing_pager holders(listings::holders("USD"), limited(2));
    std::vector<account_asset_balance> two(2);
    CHECK(holders.next().params_json() == R"(["USD",0,2])");
    CHECK(holders.take(std::vector(two))->size() == 2);
    CHECK(holders.next().params_json() == R"(["USD",2,2])");
    CHECK(refused(holders, std::vector(two)) == "a page that is the one before"); // and would be for ever
    two[1].name = "bob";
    CHECK(holders.take(std::vector(two))->size() == 2);
    CHECK(holders.next().params_json() == R"(["USD",4,2])");
    CHECK(holders.take({})->empty());
    CHECK(holders.done());

    auto const at = [](std::int64_t base, std::int64_t quote) {
        limit_order_group group;
        group.min_price = {{base, asset_id(0)}, {quote, asset_id(1)}};
        return group;
    };
    listing_pager groups(listings::order_groups("BTS", "USD", std::uint16_t{100}), limited(2));
    CHECK(groups.next().params_json() == R"(["BTS","USD",100,null,2])");
    REQUIRE(groups.take({at(30, 1), at(59, 2)}).has_value());
    CHECK(groups.next().params_json() ==
          R"(["BTS","USD",100,{"base":{"amount":59,"asset_id":"1.3.0"},"quote":{"amount":2,"asset_id":"1.3.1"}},2])");
    CHECK(groups.take({at(59, 2), at(20, 1)})->size() == 1);
    refused(groups, std::vector{at(21, 1)});

    liquidity_pool_history_object entry;
    std::vector<liquidity_pool_history_object> entries(2, entry);
    entries[0].sequence = 13;
    entries[1].sequence = 12;
    listing_pager history(listings::pool_history(liquidity_pool_id(4)), limited(2));
    CHECK(history.next().params_json() == R"(["1.19.4",null,null,2])");
    REQUIRE(history.take(std::vector(entries)).has_value());
    CHECK(history.next().params_json() == R"(["1.19.4",12,null,2])");
}

TEST_CASE("rpc/listing: every list's call has its parameters in the method's order")
{
    auto const first = [](auto const& list) { return listing_pager(list).next().text(); };
    CHECK(first(listings::witnesses()) == R"("database","lookup_witness_accounts",["",100])");
    CHECK(first(listings::committee_members()) == R"("database","lookup_committee_member_accounts",["",100])");
    CHECK(first(listings::assets()) == R"("database","list_assets",["",100])");
    CHECK(first(listings::assets_by_issuer("a")) == R"("database","get_assets_by_issuer",["a","1.3.0",100])");
    CHECK(first(listings::orders_by_account("a")) == R"("database","get_limit_orders_by_account",["a",100])");
    CHECK(first(listings::positions_by_account("a")) == R"("database","get_call_orders_by_account",["a","1.3.0",100])");
    CHECK(first(listings::settlements_by_account("a")) ==
          R"("database","get_settle_orders_by_account",["a","1.4.0",100])");
    CHECK(first(listings::collateral_bids("A")) == R"("database","get_collateral_bids",["A",100,0])");
    CHECK(first(listings::pools()) == R"("database","list_liquidity_pools",[100])");
    CHECK(first(listings::pools_by_both_assets("A", "B")) ==
          R"("database","get_liquidity_pools_by_both_assets",["A","B",100])");
    CHECK(first(listings::pools_by_owner("a").from(asset_id(7))) ==
          R"("database","get_liquidity_pools_by_owner",["a",100,"1.3.7"])");
    CHECK(first(listings::samet_funds_by_asset("A")) == R"("database","get_samet_funds_by_asset",["A",100])");
    CHECK(first(listings::credit_deals_by_offer_id(credit_offer_id(2))) ==
          R"("database","get_credit_deals_by_offer_id",["1.21.2",100])");
    CHECK(first(listings::withdraw_permissions_by_giver("a")) ==
          R"("database","get_withdraw_permissions_by_giver",["a","1.12.0",100])");
    CHECK(first(listings::htlcs()) == R"("database","list_htlcs",["1.16.0",100])");
    CHECK(first(listings::htlcs_by_to("a")) == R"("database","get_htlc_by_to",["a","1.16.0",100])");
    CHECK(first(listings::storage("a", std::nullopt, std::nullopt)) ==
          R"("custom_operations","get_storage_info",["a",null,null,100])");
}
