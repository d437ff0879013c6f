#include <bitshares/history/paging.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <random>
#include <string>
#include <vector>

using namespace bitshares;

namespace {

using kind = history_query::kind;
using rows = std::vector<operation_history_object>;

std::uint32_t time_of(std::uint32_t block)
{
    return 1'700'000'000 + block * 3;
}

// An account's history in a node, with the node's own rules for start, stop and limit; and with faults on request.
struct fake_node
{
    rows all; // oldest first; sequence number = removed + index + 1
    std::uint64_t removed = 0;
    std::uint32_t limit = 100;
    history_limits told{100, 100};
    bool knows_limits = true;
    bool elasticsearch = false;
    bool tells_times = true;
    std::uint32_t silent_cap = 1'000'000;
    std::function<void(history_query const&, rows&)> tamper;
    std::function<void(history_query const&)> before;

    static fake_node with(std::size_t count, std::uint64_t first_id = 7, std::uint64_t step = 3)
    {
        fake_node node;
        for (std::size_t i = 0; i < count; ++i)
            node.append(first_id + i * step);
        return node;
    }

    void append(std::uint64_t id)
    {
        operation_history_object row;
        row.id = operation_history_id(id);
        row.block_num = static_cast<std::uint32_t>(10 + all.size() / 3);
        row.block_time = time_point_sec{time_of(row.block_num)};
        if (all.size() % 5 == 4)
            row.op = limit_order_create{};
        else
            row.op = transfer{};
        all.push_back(row);
    }

    history_count count() const { return {removed + all.size(), removed}; }

    rows relative(std::uint64_t start, std::uint64_t stop, std::uint32_t wanted) const
    {
        rows result;
        std::uint64_t const total = removed + all.size();
        start = start == 0 ? total : std::min(start, total);
        if (elasticsearch)
        {
            if (wanted > 0 && start >= stop && !all.empty())
                result.push_back(all.back());
            return result;
        }
        for (std::uint64_t s = start; s >= stop && s > removed && result.size() < wanted; --s)
            result.push_back(all[s - removed - 1]);
        return result;
    }

    rows descending(std::uint64_t start, std::uint64_t stop, std::uint32_t wanted) const
    {
        rows result;
        for (auto at = all.rbegin(); at != all.rend() && result.size() < wanted; ++at)
        {
            std::uint64_t const id = at->id.instance;
            if (start != 0 && id > start)
                continue;
            if (id > stop || (stop == 0 && id == 0))
                result.push_back(*at);
        }
        return result;
    }

    void answer(history_paging& paging, history_query const& query)
    {
        if (before)
            before(query);
        switch (query.what)
        {
        case kind::limits:
            if (knows_limits)
                paging.on_limits(told);
            else
                paging.on_refused(query.ticket, "Method not found");
            return;
        case kind::statistics: paging.on_statistics(count()); return;
        case kind::header: paging.on_header(query.ticket, time_point_sec{time_of(query.block)}); return;
        case kind::relative:
        case kind::descending: break;
        }
        if (query.limit > limit)
            return paging.on_refused(query.ticket,
                                     "Assert Exception: limit <= configured_limit: limit can not be greater than");
        std::uint32_t const wanted = std::min(query.limit, silent_cap);
        rows result = query.what == kind::relative ? relative(query.start, query.stop, wanted)
                                                   : descending(query.start, query.stop, wanted);
        if (!tells_times)
            for (auto& row : result)
                row.block_time = {};
        if (tamper)
            tamper(query, result);
        paging.on_page(query.ticket, std::move(result));
    }
};

struct outcome
{
    std::vector<std::uint64_t> ids;
    std::vector<std::uint64_t> sequences;
    std::vector<std::uint32_t> times;
    bool done = false;
    std::string failure;
    std::vector<history_query> queries;
    std::size_t most_in_flight = 0;
    std::uint64_t first = 0, last = 0; // of the range, as the paging says
    std::size_t count(kind what) const
    {
        return static_cast<std::size_t>(
            std::count_if(queries.begin(), queries.end(), [what](history_query const& q) { return q.what == what; }));
    }
};

// Answers come in random order; pages are taken as they are ready.
outcome run(fake_node& node, history_options const& options = {}, unsigned seed = 1)
{
    outcome o;
    history_paging paging(options);
    std::mt19937 random(seed); // NOLINT(cert-msc32-c,cert-msc51-cpp): repeatable
    std::vector<history_query> waiting;
    std::vector<history_record> page;
    std::uint64_t before = 0;
    for (int step = 0; step < 200'000; ++step)
    {
        while (auto query = paging.next())
        {
            waiting.push_back(*query);
            o.queries.push_back(*query);
        }
        o.most_in_flight = std::max(o.most_in_flight, waiting.size());
        while (paging.pop(page))
            for (auto const& record : page)
            {
                o.ids.push_back(record.id.instance);
                o.sequences.push_back(record.sequence);
                o.times.push_back(record.block_time.seconds);
            }
        CHECK(paging.checked() >= before);
        before = paging.checked();
        if (paging.done() || paging.failure())
            break;
        if (waiting.empty())
        {
            if (auto query = paging.next())
            {
                waiting.push_back(*query);
                o.queries.push_back(*query);
            }
            else
                continue; // pop() or next() ends it
        }
        auto const at = static_cast<std::ptrdiff_t>(random() % waiting.size());
        history_query const query = waiting[static_cast<std::size_t>(at)];
        waiting.erase(waiting.begin() + at);
        node.answer(paging, query);
    }
    o.done = paging.done();
    o.first = paging.first();
    o.last = paging.last();
    if (paging.failure())
    {
        CHECK(paging.failure()->code() == errc::history_incomplete);
        o.failure = paging.failure()->detail();
    }
    return o;
}

void check_whole(fake_node const& node, outcome const& o, history_order order)
{
    REQUIRE_MESSAGE(o.failure.empty(), o.failure);
    REQUIRE(o.done);
    REQUIRE(o.ids.size() == node.all.size());
    for (std::size_t i = 0; i < o.ids.size(); ++i)
    {
        std::size_t const at = order == history_order::oldest_first ? i : o.ids.size() - 1 - i;
        REQUIRE(o.ids[i] == node.all[at].id.instance);
        REQUIRE(o.sequences[i] == node.removed + at + 1);
        REQUIRE(o.times[i] == time_of(node.all[at].block_num));
    }
}

constexpr history_order both_orders[] = {history_order::oldest_first, history_order::newest_first};

bool has(std::string const& text, char const* part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("history/paging: every operation once, in both orders, for sizes around the page's")
{
    for (history_order order : both_orders)
        for (std::size_t size : {0U, 1U, 2U, 3U, 99U, 100U, 101U, 199U, 200U, 201U, 1003U})
            for (bool elasticsearch : {false, true})
            {
                CAPTURE(size);
                CAPTURE(elasticsearch);
                fake_node node = fake_node::with(size);
                node.elasticsearch = elasticsearch;
                outcome const o = run(node, {.order = order}, static_cast<unsigned>(size));
                check_whole(node, o, order);
            }
}

TEST_CASE("history/paging: several pages are in flight, no more than asked for")
{
    fake_node node = fake_node::with(2000);
    CHECK(run(node, {.requests_in_flight = 4}).most_in_flight == 4);
    CHECK(run(node, {.requests_in_flight = 1}).most_in_flight <= 2); // limits and statistics
}

TEST_CASE("history/paging: the node's own limits, the defaults of an older node, and a smaller page on request")
{
    fake_node node = fake_node::with(500);
    node.told = {.relative = 50, .descending = 60};
    node.limit = 50;
    outcome o = run(node);
    check_whole(node, o, history_order::oldest_first);
    CHECK(o.count(kind::relative) == 1 + 10);

    node.knows_limits = false;
    node.limit = 100;
    o = run(node);
    check_whole(node, o, history_order::oldest_first);
    CHECK(o.count(kind::relative) == 1 + 5);

    o = run(node, {.page_size = 7});
    check_whole(node, o, history_order::oldest_first);
    CHECK(o.count(kind::relative) == 1 + 72);

    node.knows_limits = true;
    node.told = {.relative = 100'000, .descending = 100'000};
    node.limit = 100'000;
    o = run(node);
    for (auto const& query : o.queries)
        CHECK(query.limit <= 1000);
}

TEST_CASE("history/paging: a limit that the node lowers meanwhile makes the pages smaller")
{
    for (bool elasticsearch : {false, true})
        for (history_order order : both_orders)
        {
            fake_node node = fake_node::with(700);
            node.elasticsearch = elasticsearch;
            int answers = 0;
            node.before = [&](history_query const&) {
                if (++answers == 6)
                    node.limit = 30;
            };
            check_whole(node, run(node, {.order = order}), order);
        }
}

TEST_CASE("history/paging: a node that silently gives less is asked for the rest")
{
    for (bool elasticsearch : {false, true})
        for (history_order order : both_orders)
        {
            fake_node node = fake_node::with(333);
            node.elasticsearch = elasticsearch;
            node.silent_cap = 40;
            check_whole(node, run(node, {.order = order}), order);
        }
}

TEST_CASE("history/paging: one short page does not make the others short")
{
    for (history_order order : both_orders)
    {
        fake_node node = fake_node::with(2000);
        bool once = true;
        node.tamper = [&once](history_query const& query, rows& r) {
            if (query.limit > 2 && std::exchange(once, false))
                r.resize(1);
        };
        outcome const o = run(node, {.order = order});
        check_whole(node, o, order);
        CHECK(o.count(kind::relative) == 1 + 20 + 1);
    }
}

TEST_CASE("history/paging: a node that refuses every page because of its limit ends the reading")
{
    for (bool elasticsearch : {false, true})
        for (std::size_t size : {1U, 2U, 300U})
        {
            fake_node node = fake_node::with(size, 0, 1);
            node.elasticsearch = elasticsearch;
            node.limit = 0;
            outcome const o = run(node);
            CHECK(!o.done);
            CHECK(has(o.failure, "limit can not be greater"));
            CHECK(o.queries.size() < 30);
        }
}

TEST_CASE("history/paging: a refusal for another reason ends the reading with the node's words")
{
    fake_node node = fake_node::with(10);
    history_paging paging{{}};
    while (auto query = paging.next())
        node.answer(paging, query->what == kind::relative ? history_query{} : *query);
    history_paging other{{}};
    std::string words;
    for (int i = 0; i < 10 && !other.failure(); ++i)
        if (auto query = other.next())
        {
            if (query->what == kind::limits || query->what == kind::statistics)
                node.answer(other, *query);
            else
                other.on_refused(query->ticket, "the plugin is off");
        }
    REQUIRE(other.failure());
    CHECK(has(other.failure()->detail(), "the plugin is off"));
    CHECK(other.uses_fallback());
}

TEST_CASE("history/paging: operations that the node has forgotten are not asked for, and numbers go on behind them")
{
    for (history_order order : both_orders)
    {
        fake_node node = fake_node::with(250);
        node.removed = 1000;
        outcome const o = run(node, {.order = order});
        check_whole(node, o, order);
        for (auto const& query : o.queries)
            if (query.what == kind::relative)
                CHECK(query.stop > 1000);
    }
}

TEST_CASE("history/paging: operations that arrive while it reads do not matter")
{
    for (bool elasticsearch : {false, true})
        for (history_order order : both_orders)
        {
            fake_node node = fake_node::with(420);
            node.elasticsearch = elasticsearch;
            fake_node const start = node;
            int answers = 0;
            std::uint64_t next_id = 100'000;
            node.before = [&](history_query const& query) {
                // With get_account_history the newest page counts only if nothing came in between.
                if (query.what == kind::statistics && answers < 6)
                    ++answers;
                else if (!elasticsearch && query.what == kind::relative)
                    node.append(next_id++);
                else if (elasticsearch && query.what == kind::descending && query.start != 0)
                    node.append(next_id++);
            };
            check_whole(start, run(node, {.order = order}), order);
        }
}

TEST_CASE("history/paging: get_account_history's newest page is read again when operations arrived around it")
{
    fake_node node = fake_node::with(150);
    node.elasticsearch = true;
    int arrivals = 0;
    node.before = [&](history_query const& query) {
        if (query.what == kind::descending && query.start == 0 && arrivals < 3)
        {
            ++arrivals;
            node.append(50'000 + static_cast<std::uint64_t>(arrivals));
        }
    };
    outcome const o = run(node, {.order = history_order::newest_first});
    CHECK(arrivals == 3);
    check_whole(node, o, history_order::newest_first);

    node.before = [&](history_query const& query) {
        if (query.what == kind::descending && query.start == 0)
            node.append(60'000 + static_cast<std::uint64_t>(++arrivals));
    };
    CHECK(has(run(node).failure, "faster than"));
}

TEST_CASE("history/paging: start 1.11.0 means newest, so operations 0 and 1 are read without a loop")
{
    for (history_order order : both_orders)
        for (std::uint64_t first_id : {0U, 1U, 2U})
            for (std::size_t size = 1; size < 13; ++size)
            {
                CAPTURE(first_id);
                CAPTURE(size);
                for (std::uint32_t page_size : {1U, 2U, 3U})
                {
                    CAPTURE(page_size);
                    fake_node node = fake_node::with(size, first_id, 1);
                    node.elasticsearch = true;
                    outcome const o = run(node, {.order = order, .page_size = page_size});
                    check_whole(node, o, order);
                    CHECK(o.queries.size() < 30);
                    std::size_t newest = 0;
                    for (auto const& query : o.queries)
                        newest += query.what == kind::descending && query.start == 0 ? 1 : 0;
                    CHECK(newest <= 1);
                }
            }
}

TEST_CASE("history/paging: an operation that the node leaves out is a gap with a name")
{
    for (history_order order : both_orders)
        for (std::size_t lost : {0U, 57U, 99U, 100U, 250U, 331U})
        {
            CAPTURE(lost);
            fake_node node = fake_node::with(333);
            // The sequence numbers behind the hole shift, as they do in a node's index.
            auto const id = node.all[lost].id;
            node.tamper = [id](history_query const&, rows& r) {
                std::erase_if(r, [id](auto const& row) { return row.id == id; });
            };
            outcome const o = run(node, {.order = order});
            CHECK(!o.done);
            CHECK(has(o.failure, "number"));
            CHECK(std::find(o.ids.begin(), o.ids.end(), id.instance) == o.ids.end());
            if (order == history_order::oldest_first)
                CHECK(o.ids.size() <= lost);
        }
}

TEST_CASE("history/paging: get_account_history that ends too early is a gap with a name")
{
    for (history_order order : both_orders)
    {
        fake_node node = fake_node::with(333);
        node.elasticsearch = true;
        node.tamper = [](history_query const&, rows& r) {
            std::erase_if(r, [](auto const& row) { return row.id.instance < 300; });
        };
        outcome const o = run(node, {.order = order});
        CHECK(!o.done);
        CHECK(has(o.failure, "the node does not give operations number 1 to 98, older than 1.11.301"));
    }
    // The newest operation only, from both methods: a node that has given its history away.
    fake_node node = fake_node::with(333);
    node.elasticsearch = true;
    node.tamper = [](history_query const& query, rows& r) {
        if (query.what == kind::descending && query.start != 0)
            r.clear();
        else if (r.size() > 1)
            r.resize(1);
    };
    CHECK(has(run(node).failure, "operations number 1 to 332"));
}

TEST_CASE("history/paging: a row that comes twice, rows out of order, and more rows than asked for")
{
    for (history_order order : both_orders)
    {
        fake_node node = fake_node::with(333);
        node.tamper = [](history_query const& query, rows& r) {
            if (query.limit > 2 && r.size() > 50)
                r[40] = r[39];
        };
        CHECK(has(run(node, {.order = order}).failure, "comes twice"));

        node.tamper = [](history_query const& query, rows& r) {
            if (query.limit > 2 && r.size() > 50)
                std::swap(r[40], r[39]);
        };
        CHECK(has(run(node, {.order = order}).failure, "is in the place of an older one"));

        node.tamper = [&node](history_query const& query, rows& r) {
            if (query.limit > 2)
                r.push_back(node.all.front());
        };
        CHECK(has(run(node, {.order = order}).failure, "were asked for"));

        // The same page for another range: right in itself, wrong beside the one before.
        rows first;
        node.tamper = [&first](history_query const& query, rows& r) {
            if (query.limit <= 2)
                return;
            if (first.empty())
                first = r;
            else
                r = first;
        };
        outcome const o = run(node, {.order = order, .page_size = 111, .requests_in_flight = 1});
        CHECK(!o.done);
        CHECK(has(o.failure, "wrong side"));
    }
}

TEST_CASE("history/paging: a hole that lies between two pages is seen")
{
    // Rows 101..200 shifted by one: each page is in order, the numbers are full, one row comes twice.
    fake_node node = fake_node::with(300);
    node.tamper = [&node](history_query const& query, rows& r) {
        if (query.limit == 100 && query.start == 200)
            r = rows(node.all.rend() - 199, node.all.rend() - 99);
    };
    outcome const o = run(node);
    CHECK(!o.done);
    CHECK(has(o.failure, "comes twice"));
}

TEST_CASE("history/paging: a time range is found by bisection and read alone")
{
    fake_node node = fake_node::with(10'000);
    history_options options;
    options.from = time_point_sec{time_of(1010)};
    options.to = time_point_sec{time_of(1020)};
    for (history_order order : both_orders)
        for (bool tells_times : {true, false})
        {
            node.tells_times = tells_times;
            options.order = order;
            outcome o = run(node, options);
            CHECK(o.done);
            REQUIRE(o.ids.size() == 30);
            std::sort(o.ids.begin(), o.ids.end());
            CHECK(o.ids.front() == node.all[3000].id.instance);
            CHECK(o.ids.back() == node.all[3029].id.instance);
            CHECK(o.count(kind::relative) < 40);
        }
}

TEST_CASE("history/paging: ranges of times and ids at and beyond the ends, alone and together")
{
    fake_node const model = fake_node::with(120);
    for (bool elasticsearch : {false, true})
        for (std::uint32_t from : {0U, 5U, 10U, 11U, 49U, 50U, 90U})
            for (std::uint32_t to : {5U, 10U, 11U, 30U, 49U, 50U, 90U})
                for (std::uint64_t first : {0U, 7U, 8U, 100U, 364U, 365U, 9999U})
                {
                    history_options options;
                    if (from != 0)
                        options.from = time_point_sec{time_of(from)};
                    options.to = time_point_sec{time_of(to)};
                    if (first != 0)
                        options.first = operation_history_id(first);
                    options.last = operation_history_id(300);
                    std::vector<std::uint64_t> expected;
                    for (auto const& row : model.all)
                        if ((from == 0 || row.block_num >= from) && row.block_num < to && row.id.instance >= first &&
                            row.id.instance <= 300)
                            expected.push_back(row.id.instance);
                    fake_node node = model;
                    node.elasticsearch = elasticsearch;
                    outcome const o = run(node, options);
                    REQUIRE_MESSAGE(o.failure.empty(), o.failure);
                    REQUIRE(o.done);
                    REQUIRE(o.ids == expected);
                    if (elasticsearch) // all of it is read
                        continue;
                    REQUIRE(o.last + 1 - o.first == expected.size());
                    if (!expected.empty())
                        REQUIRE(model.all[o.first - 1].id.instance == expected.front());
                }
}

TEST_CASE("history/paging: operations of the types asked for; the others are read and checked all the same")
{
    fake_node node = fake_node::with(333);
    history_options options;
    options.types = {limit_order_create::traits.tag};
    outcome o = run(node, options);
    CHECK(o.done);
    CHECK(o.ids.size() == 66);
    CHECK(o.sequences.front() == 5);
    auto const id = node.all[100].id; // a transfer
    node.tamper = [id](history_query const&, rows& r) {
        std::erase_if(r, [id](auto const& row) { return row.id == id; });
    };
    CHECK(!run(node, options).done);
}

TEST_CASE("history/paging: times that an older node does not tell come from block headers, each asked for once")
{
    for (history_order order : both_orders)
        for (bool elasticsearch : {false, true})
        {
            fake_node node = fake_node::with(400);
            node.tells_times = false;
            node.elasticsearch = elasticsearch;
            outcome const o = run(node, {.order = order});
            check_whole(node, o, order);
            CHECK(o.count(kind::header) >= 134);
            CHECK(o.count(kind::header) <= 134 * 2);
        }
}

TEST_CASE("history/paging: statistics that contradict themselves are told")
{
    history_paging paging{{}};
    while (auto query = paging.next())
    {
        if (query->what == kind::limits)
            paging.on_limits({});
        else
            paging.on_statistics({.total = 5, .removed = 6});
    }
    REQUIRE(paging.failure());
    CHECK(has(paging.failure()->detail(), "6 removed"));
}

TEST_CASE("history/paging: answers to nothing are ignored")
{
    history_paging paging{{}};
    paging.on_page(0, rows(3));
    paging.on_page(77, rows(3));
    paging.on_header(0, {});
    paging.on_refused(99, "no");
    std::vector<history_record> page;
    CHECK(!paging.pop(page));
    CHECK(!paging.done());
    CHECK(!paging.failure());
}
