#include <bitshares/history/completeness.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/testing/json_text.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace bitshares;
using testing::member;

namespace {

history_record record(std::uint64_t sequence)
{
    transfer op;
    op.from = account_id(18);
    op.to = account_id(sequence % 5);
    op.amount.amount = static_cast<std::int64_t>(sequence);
    history_record r;
    r.op = op;
    r.sequence = sequence;
    r.id = operation_history_id(100 + 3 * sequence);
    r.block_num = static_cast<std::uint32_t>(1000 + sequence / 2);
    r.block_time = {1'767'225'600 + static_cast<std::uint32_t>(sequence / 2)};
    r.is_virtual = sequence % 10 == 0;
    return r;
}

completeness fed(std::vector<std::uint64_t> const& numbers, history_count count = {20, 0},
                 history_order order = history_order::oldest_first)
{
    completeness c(order);
    for (std::uint64_t n : numbers)
        c.add(record(n));
    c.expect(count);
    c.finish();
    return c;
}

std::vector<std::uint64_t> numbers(std::uint64_t from, std::uint64_t to)
{
    std::vector<std::uint64_t> all;
    for (; from <= to; ++from)
        all.push_back(from);
    return all;
}

std::vector<std::uint64_t> without(std::vector<std::uint64_t> all, std::uint64_t from, std::uint64_t to)
{
    std::erase_if(all, [=](std::uint64_t n) { return n >= from && n <= to; });
    return all;
}

history_neighbour neighbour(std::uint64_t sequence)
{
    auto const r = record(sequence);
    return {r.sequence, r.id, r.block_num};
}

std::vector<std::uint64_t> reversed(std::vector<std::uint64_t> all)
{
    std::reverse(all.begin(), all.end());
    return all;
}

} // namespace

TEST_CASE("history/completeness: all operations, in both orders, and what a source has forgotten is not looked for")
{
    auto const c = fed(numbers(1, 20));
    CHECK(c.complete());
    CHECK(c.operations() == 20);
    CHECK(c.virtual_operations() == 2);
    CHECK(c.first_problem().empty());
    CHECK(fed(reversed(numbers(1, 20)), {20, 0}, history_order::newest_first).complete());
    CHECK(fed(numbers(6, 20), {20, 5}).complete());
    CHECK(!fed(numbers(6, 20), {20, 4}).complete());
    CHECK(fed({}, {0, 0}).complete());
    completeness ledger;
    for (std::uint64_t n : numbers(6, 20))
        ledger.add(record(n));
    ledger.expect({20, 5}, std::nullopt, true); // a ledger begins with the first
    ledger.finish();
    CHECK(ledger.gaps() == std::vector{history_gap{1, 5, std::nullopt, neighbour(6), {}}});
    CHECK(!fed({}, {3, 0}).complete());
}

TEST_CASE("history/completeness: each hole is a gap with its neighbours, at the beginning, inside and at the end")
{
    for (bool newest : {false, true})
    {
        CAPTURE(newest);
        auto const order = newest ? history_order::newest_first : history_order::oldest_first;
        auto const of = [&](std::vector<std::uint64_t> all) {
            return fed(newest ? reversed(std::move(all)) : std::move(all), {20, 0}, order);
        };
        auto c = of(without(numbers(1, 20), 7, 9));
        CHECK(!c.complete());
        CHECK(c.gaps() == std::vector{history_gap{7, 9, neighbour(6), neighbour(10), {}}});
        CHECK(c.missing() == 3);
        CHECK(c.first_problem() ==
              "operations number 7 to 9 are missing, behind 1.11.118 in block 1003, before 1.11.130 in "
              "block 1005");
        c = of(numbers(2, 20));
        CHECK(c.gaps() == std::vector{history_gap{1, 1, std::nullopt, neighbour(2), {}}});
        CHECK(c.first_problem() == "operation number 1 is missing, before 1.11.106 in block 1001");
        c = of(numbers(1, 15));
        CHECK(c.gaps() == std::vector{history_gap{16, 20, neighbour(15), std::nullopt, {}}});
        c = of(without(without(numbers(2, 20), 5, 5), 12, 13));
        CHECK(c.gaps().size() == 3);
        CHECK(c.missing() == 4);
        CHECK(c.first_problem().ends_with("; and 2 more gaps"));
    }
    auto const none = fed({});
    CHECK(none.gaps() == std::vector{history_gap{1, 20, std::nullopt, std::nullopt, {}}});
}

TEST_CASE("history/completeness: a source without virtual operations is told by what it leaves out")
{
    auto all = numbers(1, 20);
    std::erase(all, 10u);
    std::erase(all, 20u);
    auto const c = fed(all);
    CHECK(c.virtual_missing());
    CHECK(c.first_problem().find("no virtual operation is there") != std::string::npos);
    CHECK(!fed(numbers(1, 19)).virtual_missing());
}

TEST_CASE("history/completeness: what comes twice or goes back is a fault")
{
    auto c = fed({1, 2, 3, 3, 4, 5}, {5, 0});
    CHECK(c.faults() == std::vector{history_fault{"duplicate", neighbour(3), neighbour(3)}});
    CHECK(!c.complete());
    CHECK(c.gaps().empty());
    CHECK(c.first_problem() == "operation 1.11.109, number 3, does not fit behind 1.11.109, number 3 (duplicate)");
    c = fed({1, 2, 4, 3, 5}, {5, 0});
    CHECK(!c.complete());
    CHECK(c.faults().at(0).what == "order");

    auto const spoilt = [](void (*spoil)(history_record&)) {
        completeness all;
        for (std::uint64_t n = 1; n <= 9; ++n)
        {
            history_record r = record(n);
            if (n == 5)
                spoil(r);
            bool const fits = all.add(r);
            if (n <= 5) // behind what came twice one is missing
                CHECK(fits == (n != 5));
        }
        all.expect({9, 0});
        all.finish();
        return all.faults().at(0).what;
    };
    CHECK(spoilt([](history_record& r) { r.id = operation_history_id(103); }) == "id_order");
    CHECK(spoilt([](history_record& r) { r.id = record(4).id; }) == "duplicate");
    CHECK(spoilt([](history_record& r) { r.block_num = 1; }) == "block_order");
    CHECK(spoilt([](history_record& r) { r.block_time = {1}; }) == "time_order");
}

TEST_CASE("history/completeness: what a source that gives up did not give is a gap with its words")
{
    completeness c;
    for (std::uint64_t n : numbers(1, 8))
        c.add(record(n));
    c.expect({20, 0});
    c.give_up("the disk is full");
    c.finish();
    CHECK(c.gaps() == std::vector{history_gap{9, 20, neighbour(8), std::nullopt, "the disk is full"}});
}

TEST_CASE("history/completeness: of a range, what is missing at its ends is a gap; also what only may be in it")
{
    auto const read = [](std::vector<std::uint64_t> there, history_bounds bounds, history_order order = {}) {
        completeness c(order);
        for (std::uint64_t n : order == history_order::newest_first ? reversed(there) : there)
            c.add(record(n));
        bounds.unknown = "who knows";
        c.expect({20, 0}, bounds);
        c.finish();
        CHECK(c.complete() == c.gaps().empty());
        return c.gaps();
    };
    for (auto const order : {history_order::oldest_first, history_order::newest_first})
    {
        CHECK(read(numbers(5, 8), {5, 8, {}}, order).empty());
        CHECK(read(numbers(5, 8), {3, 10, {}}, order) ==
              std::vector{history_gap{3, 4, std::nullopt, neighbour(5), {}},
                          history_gap{9, 10, neighbour(8), std::nullopt, {}}});
        CHECK(read(numbers(5, 8), {}, order) ==
              std::vector{history_gap{1, 4, std::nullopt, neighbour(5), "who knows"},
                          history_gap{9, 20, neighbour(8), std::nullopt, "who knows"}});
        CHECK(read(numbers(5, 8), {5, std::nullopt, {}}, order) ==
              std::vector{history_gap{9, 20, neighbour(8), std::nullopt, "who knows"}});
        // The account's first and newest need no proof, and later ones than were counted are none too many.
        CHECK(read(numbers(1, 20), {}, order).empty());
        CHECK(read(numbers(5, 20), {5, 25, {}}, order).empty());
        // An empty range: the last before it and the first behind it are neighbours.
        CHECK(read({}, {9, 8, {}}, order).empty());
        CHECK(read({}, {9, 9, {}}, order) == std::vector{history_gap{9, 9, std::nullopt, std::nullopt, {}}});
        CHECK(read({}, {9, std::nullopt, {}}, order) ==
              std::vector{history_gap{9, 20, std::nullopt, std::nullopt, "who knows"}});
    }
}

TEST_CASE("history/completeness: a sample of at most 16, the same in every run, is compared with another source")
{
    auto const c = fed(numbers(1, 2'000), {2'000, 0});
    REQUIRE(c.samples().size() == completeness::sample_size);
    auto again = fed(numbers(1, 2'000), {2'000, 0});
    for (std::size_t i = 0; i < c.samples().size(); ++i)
        CHECK(c.samples()[i].at == again.samples()[i].at);
    again.compare("another");
    for (auto const& s : again.samples())
    {
        history_record const r = record(s.at.sequence);
        again.compare(s, &r);
    }
    CHECK(again.complete());
    CHECK(again.comparison()->compared == completeness::sample_size);
    again.compare("a third");
    history_record r = record(again.samples()[0].at.sequence);
    r.op.get_if<transfer>()->amount.amount += 1;
    again.compare(again.samples()[0], &r);
    again.compare(again.samples()[1], nullptr);
    again.comparison_failed("it hung up");
    CHECK(!again.complete());
    CHECK(again.comparison()->compared == 1);
    CHECK(again.comparison()->different == std::vector{again.samples()[0].at});
    CHECK(again.comparison()->lacking == std::vector{again.samples()[1].at});
    CHECK(again.first_problem().starts_with("a third says something else of operation "));
    r = record(again.samples()[0].at.sequence);
    r.is_virtual = !r.is_virtual; // old sources do not tell it
    again.compare("a fourth");
    again.compare(again.samples()[0], &r);
    CHECK(again.complete());
    CHECK(fed(numbers(1, 5), {5, 0}).samples().size() == 5);
}

TEST_CASE("history/completeness: the report is JSON with bounds, counts, hash, gaps and their neighbours")
{
    auto c = fed(without(numbers(1, 20), 7, 9));
    c.compare("es+http://127.0.0.1");
    c.comparison_failed("Connection refused");
    completeness_subject s;
    s.source = "ws://127.0.0.1\"";
    s.chain_id = "40";
    s.account = "alice";
    s.account_id = "1.2.18";
    s.format = "native";
    s.file = "alice.csv";
    s.bytes = 5'000'000'000;
    s.rows = 17;
    s.sha256 = "00ff";
    s.from = time_point_sec{1'767'225'600};
    s.types = {"transfer"};
    s.last_block = 1010;
    s.assets = {"1.3.0", "1.3.5"};
    s.reconciled = true;
    std::string const text = c.report(s);
    CHECK(
        text ==
        R"({"complete":false,"source":"ws://127.0.0.1\"","chain_id":"40","account":"alice","account_id":"1.2.18",)"
        R"("format":"native","file":"alice.csv","bytes":5000000000,"rows":17,"sha256":"00ff","total_ops":20,)"
        R"("removed_ops":0,"operations":17,"virtual_operations":2,"missing":3,"from":"2026-01-01T00:00:00","to":null,)"
        R"("types":["transfer"],"first_block":null,"last_block":1010,"assets":["1.3.0","1.3.5"],"counterparties":[],)"
        R"("first":{"sequence":1,"operation_id":"1.11.103","block":1000},)"
        R"("last":{"sequence":20,"operation_id":"1.11.160","block":1010},"gap_count":1,"gaps":[{"first":7,"last":9,)"
        R"("before":{"sequence":6,"operation_id":"1.11.118","block":1003},)"
        R"("after":{"sequence":10,"operation_id":"1.11.130","block":1005},"reason":null}],"virtual_missing":false,)"
        R"("fault_count":0,"faults":[],"reconciled":true,"difference":null,)"
        R"("comparison":{"source":"es+http://127.0.0.1","compared":0,"different":[],"lacking":[],"error":"Connection refused"}})"
        "\n");
    CHECK(from_json<raw_json>(std::string_view(text).substr(0, text.size() - 1)).has_value());
    s = {};
    std::string const empty = fed({1, 1}, {1, 0}).report(s);
    CHECK(member(empty, "complete") == "false");
    CHECK(member(empty, "fault_count") == "1");
    CHECK(member(empty, "comparison") == "null");
    s.reconciled = false;
    CHECK(member(fed(numbers(1, 20)).report(s), "complete") == "false");
    s.reconciled = true;
    CHECK(member(fed(numbers(1, 20)).report(s), "complete") == "true");
}

TEST_CASE("history/completeness: broken off anywhere, its state is enough to go on")
{
    auto const all = without(numbers(1, 40), 7, 9);
    auto const whole = fed(all, {40, 0}).report({});
    for (std::size_t cut = 0; cut <= all.size(); ++cut)
    {
        completeness first;
        for (std::size_t i = 0; i < cut; ++i)
            first.add(record(all[i]));
        completeness second;
        REQUIRE(second.set_state(first.state()));
        for (std::size_t i = cut; i < all.size(); ++i)
            second.add(record(all[i]));
        second.expect({40, 0});
        second.finish();
        CHECK(second.report({}) == whole);
        CHECK(second.samples().size() == completeness::sample_size);
    }
    completeness other(history_order::newest_first);
    CHECK(!other.set_state(completeness().state()));
    CHECK(!other.set_state("{}"));
    CHECK(!other.set_state(""));
}

TEST_CASE("history/completeness: very many gaps are counted, and the first thousand listed")
{
    completeness c;
    for (std::uint64_t n = 1; n <= 4'000; n += 2)
        c.add(record(n));
    c.expect({3'999, 0});
    c.finish();
    CHECK(c.gaps().size() == completeness::max_listed);
    CHECK(c.missing() == 1'999);
    CHECK(member(c.report({}), "gap_count") == "1999");
}
