#include "support/certificates.hpp"

#include <bitshares/history/es_writer.hpp>
#include <bitshares/history/formats.hpp>
#include <bitshares/history/source.hpp>

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

using namespace bitshares;
using bitshares_test::temporary_file;

namespace {

history_record made(std::uint64_t sequence)
{
    history_record r;
    r.sequence = sequence;
    r.id = operation_history_id(10 + 3 * sequence);
    r.block_num = static_cast<std::uint32_t>(100 + sequence);
    r.block_time = time_point_sec{1'700'000'000 + static_cast<std::uint32_t>(sequence)};
    r.trx_in_block = 2;
    r.op_in_trx = 1;
    r.virtual_op = sequence % 2 == 0 ? 7 : 0;
    r.is_virtual = sequence % 2 == 0;
    transfer op;
    op.from = account_id(18);
    op.to = account_id(19 + sequence % 3);
    op.amount = {static_cast<std::int64_t>(sequence) << 40, asset_id(sequence % 2)};
    r.op = op;
    return r;
}

// Has some of an account's operations, in pages of three; and may break.
class fake_source final : public history_source
{
public:
    fake_source(std::string name, std::set<std::uint64_t> has) : name_(std::move(name)), has_(std::move(has)) {}

    std::uint64_t breaks_at = ~0ull; // this operation it cannot give
    errc with = errc::timed_out;
    std::uint64_t removed = 0;
    unsigned readings = 0;

    std::string const& name() const override { return name_; }
    void close() override {}
    std::unique_ptr<history_reader> read(account_id, source_range range) override
    {
        ++readings;
        return std::make_unique<reader>(*this, std::move(range));
    }

private:
    class reader final : public history_reader
    {
    public:
        reader(fake_source& s, source_range range) : s_(s), range_(std::move(range))
        {
            for (std::uint64_t const n : s.has_)
                if (range_.filter.in_range(made(n)))
                    left_.push_back(n);
        }
        bool next(std::vector<history_record>& page) override
        {
            page.clear();
            if (at_ == left_.size())
                return false;
            for (int i = 0; i < 3 && at_ < left_.size(); ++i, ++at_)
            {
                if (left_[at_] >= s_.breaks_at && page.empty())
                    throw exception(error(s_.with, "broken"));
                if (left_[at_] >= s_.breaks_at)
                    break;
                page.push_back(made(left_[at_]));
            }
            return true;
        }
        history_count count() const override { return {s_.has_.empty() ? 0 : *s_.has_.rbegin(), s_.removed}; }
        std::optional<std::uint64_t> expected() const override { return left_.size(); }
        std::uint64_t checked() const override { return at_; }

    private:
        fake_source& s_;
        source_range range_;
        std::vector<std::uint64_t> left_;
        std::size_t at_ = 0;
    };

    std::string name_;
    std::set<std::uint64_t> has_;
};

std::set<std::uint64_t> numbers(std::uint64_t first, std::uint64_t last)
{
    std::set<std::uint64_t> all;
    for (; first <= last; ++first)
        all.insert(first);
    return all;
}

std::set<std::uint64_t> without(std::set<std::uint64_t> all, std::set<std::uint64_t> const& gone)
{
    for (std::uint64_t const n : gone)
        all.erase(n);
    return all;
}

std::vector<std::uint64_t> read_all(history_reader& reader)
{
    std::vector<std::uint64_t> read;
    for (std::vector<history_record> page; reader.next(page);)
        for (auto const& r : page)
            read.push_back(r.sequence);
    return read;
}

std::vector<std::uint64_t> as_list(std::set<std::uint64_t> const& all)
{
    return {all.begin(), all.end()};
}

std::vector<history_record> records(history_source& source, source_range range = {})
{
    std::vector<history_record> all;
    auto const reader = source.read(account_id(18), std::move(range));
    for (std::vector<history_record> page; reader->next(page);)
        all.insert(all.end(), page.begin(), page.end());
    return all;
}

std::string exported(history_record const& record)
{
    history_labels labels;
    history_row row;
    classify(record, account_id(18), row);
    labels.need(row);
    labels.give_up();
    std::string out, scratch;
    append_row(out, *find_export_format("jsonl"), {row, labels, "BTS"}, false, scratch);
    return out;
}

error failure(history_source& source)
{
    try
    {
        records(source);
        return {};
    }
    catch (exception const& e)
    {
        return e.error();
    }
}

} // namespace

TEST_CASE("history/source: URLs name a node, a cluster, a wrapper or a file")
{
    source_url const node("wss://node.example/ws");
    CHECK(node.kind() == source_url::kind_type::node);
    CHECK(node.node()->host() == "node.example");
    CHECK(node.to_string() == "wss://node.example/ws");

    source_url const es("es+https://me:p%2Cw,x@a:9200/es,https://b:9200,es+http://c?index=main-*,old");
    CHECK(es.kind() == source_url::kind_type::elasticsearch);
    REQUIRE(es.servers().size() == 3);
    CHECK(es.servers()[0].password() == "p,w,x");
    CHECK(es.servers()[0].path() == "/es");
    CHECK(es.servers()[1].host() == "b");
    CHECK(es.servers()[2].to_string() == "http://c");
    CHECK(es.index() == "main-*,old");
    CHECK(es.to_string() == "es+https://a:9200/es,https://b:9200,http://c?index=main-*,old");
    CHECK(source_url("ES+http://a").to_string() == "es+http://a");
    CHECK(source_url("es+http://a").index() == "bitshares-*");

    source_url const wrapper("wrapper+https://w.example/api");
    CHECK(wrapper.kind() == source_url::kind_type::wrapper);
    CHECK(wrapper.servers()[0].path() == "/api");

    CHECK(source_url("file:a b.jsonl").path() == "a b.jsonl");
    CHECK(source_url("file:///home/x").path() == "/home/x");
    CHECK(source_url("file:/x").to_string() == "file:/x");

    for (std::string const bad : {"", "http://a", "es+ws://a", "es+http://", "es+http://a?x=1",
                                  "es+http://a?index=", "es+http://a?index=a/b", "es+http://me:secret@b@a",
                                  "wrapper+http://a?index=x", "file:", "file://host/x", "ws://", "es+http://a,http://"})
    {
        auto const url = source_url::from_string(bad);
        REQUIRE_MESSAGE(!url, bad);
        CHECK(url.error().code() == errc::invalid_url);
        CHECK(url.error().message().find("secret") == std::string::npos);
    }
}

TEST_CASE("history/source: what a source cannot be is told before it is asked")
{
    CHECK_THROWS_AS(open_source("ws://a", {}), std::invalid_argument);
    CHECK_THROWS_AS(open_source("es+http://a", {}), std::invalid_argument);
    auto const nowhere = open_source("file:/nowhere/x", {});
    CHECK(failure(*nowhere).code() == errc::file_error);
    CHECK_THROWS_AS(nowhere->read(account_id(18), {.order = history_order::newest_first}), std::invalid_argument);
}

TEST_CASE("history/source: a gap is filled by the sources behind, wherever it is")
{
    auto const whole = numbers(1, 40);
    auto const joined = [&](std::vector<std::set<std::uint64_t>> const& has) {
        std::vector<std::unique_ptr<fake_source>> sources;
        std::vector<history_source*> pointers;
        for (auto const& h : has)
            pointers.push_back(sources.emplace_back(std::make_unique<fake_source>("s", h)).get());
        joined_history history(pointers, account_id(18), {});
        auto read = read_all(history);
        std::uint64_t sum = 0;
        for (auto const& part : history.parts())
            sum += part.operations;
        CHECK(sum == read.size());
        CHECK(history.checked() == read.size());
        return read;
    };
    CHECK(joined({whole}) == as_list(whole));
    CHECK(joined({numbers(11, 40), whole}) == as_list(whole));
    CHECK(joined({numbers(1, 20), whole}) == as_list(whole));
    CHECK(joined({{}, whole}) == as_list(whole));
    CHECK(joined({whole, {}}) == as_list(whole));
    CHECK(joined({without(whole, {1, 7, 8, 9, 20, 39, 40}), whole}) == as_list(whole));
    CHECK(joined({without(whole, numbers(5, 30)), numbers(5, 12), numbers(10, 30)}) == as_list(whole));
    CHECK(joined({without(whole, numbers(5, 30)), without(numbers(1, 40), {10, 20}), {10}, {20}}) == as_list(whole));
    // Each second operation is in one, the others in the other.
    std::set<std::uint64_t> odd, even;
    for (std::uint64_t const n : whole)
        (n % 2 == 0 ? even : odd).insert(n);
    CHECK(joined({odd, even}) == as_list(whole));
    CHECK(joined({even, odd}) == as_list(whole));
    // What nobody has is left out.
    CHECK(joined({without(whole, {7, 8}), without(whole, {7})}) == as_list(without(whole, {7})));
    CHECK(joined({numbers(3, 10), numbers(2, 12)}) == as_list(numbers(2, 12)));
    CHECK(joined({{}, {}}).empty());
}

TEST_CASE("history/source: a source that breaks is left to the next, and is not asked again")
{
    auto const whole = numbers(1, 40);
    for (std::uint64_t at = 1; at <= 41; ++at)
    {
        fake_source first("first", without(whole, {5, 33})), second("second", whole);
        first.breaks_at = at;
        joined_history history({&first, &second}, account_id(18), {});
        CHECK(read_all(history) == as_list(whole));
        CHECK(history.parts()[0].error.empty() == (at == 41));
        CHECK(history.parts()[0].operations + history.parts()[1].operations == 40);
        CHECK(history.count().total == 40);
        CHECK(first.readings == 1);
    }
    // The next one breaks where it should fill: the rest goes on without it.
    fake_source first("first", without(whole, {5, 6, 33})), second("second", whole);
    second.breaks_at = 6;
    joined_history history({&first, &second}, account_id(18), {});
    CHECK(read_all(history) == as_list(without(whole, {6, 33})));
    CHECK(!history.parts()[1].error.empty());
    CHECK(second.readings == 1);
    // All of them.
    fake_source a("a", whole), b("b", whole);
    a.breaks_at = 10;
    b.breaks_at = 20;
    joined_history lost({&a, &b}, account_id(18), {});
    std::vector<history_record> page;
    std::uint64_t read = 0;
    try
    {
        while (lost.next(page))
            read += page.size();
        CHECK(false);
    }
    catch (exception const& e)
    {
        CHECK(e.code() == errc::timed_out);
        CHECK(e.error().detail().find("a: ") != std::string::npos);
        CHECK(e.error().detail().find("; b: ") != std::string::npos);
    }
    CHECK(read == 19);
    // But the user's own end is one.
    a.with = errc::cancelled;
    joined_history ended({&a, &b}, account_id(18), {});
    CHECK_THROWS_AS(read_all(ended), exception);
}

TEST_CASE("history/source: ranges are kept, and what a filter leaves out is no gap")
{
    auto const whole = numbers(1, 40);
    fake_source first("first", without(whole, {12, 20})), second("second", whole);
    source_range range;
    range.filter.first = made(10).id;
    range.filter.last = made(15).id;
    joined_history history({&first, &second}, account_id(18), range);
    CHECK(read_all(history) == as_list(numbers(10, 15)));
    range.filter.types = {5};
    joined_history none({&first, &second}, account_id(18), range);
    CHECK(read_all(none).empty());
    range.order = history_order::newest_first;
    CHECK_THROWS_AS(joined_history({&first, &second}, account_id(18), range), std::invalid_argument);
    // Of a range of times, the beginning is filled as the middle and the end are.
    fake_source middle("middle", without(numbers(14, 30), {20})), end("end", numbers(25, 40));
    source_range times;
    times.filter.from = made(10).block_time;
    times.filter.to = made(36).block_time;
    joined_history filled({&middle, &second}, account_id(18), times);
    CHECK(read_all(filled) == as_list(numbers(10, 35)));
    CHECK(filled.parts()[0].operations == 16);
    joined_history last_one({&end, &middle, &second}, account_id(18), times);
    CHECK(read_all(last_one) == as_list(numbers(10, 35)));
}

TEST_CASE("history/source: what a source has forgotten is no gap only where no other has it")
{
    fake_source first("first", numbers(11, 40)), second("second", numbers(6, 40));
    first.removed = 10;
    second.removed = 5;
    joined_history history({&first, &second}, account_id(18), {});
    CHECK(read_all(history) == as_list(numbers(6, 40)));
    CHECK(history.count().removed == 5);
}

TEST_CASE("history/source: an export in the format jsonl gives every operation back")
{
    std::string text;
    std::vector<history_record> expected;
    for (std::uint64_t n = 1; n <= 2500; ++n)
    {
        expected.push_back(made(n));
        text += exported(expected.back());
    }
    temporary_file const file(text);
    auto const source = make_file_source(file.path());
    CHECK((records(*source) == expected));
    source_range range;
    range.filter.first = made(100).id;
    range.filter.last = made(105).id;
    CHECK((records(*source, range) == std::vector(expected.begin() + 99, expected.begin() + 105)));
    // Without the last line's end, and with another system's.
    temporary_file const other(exported(made(1)) + exported(made(2)).substr(0, exported(made(2)).size() - 1));
    CHECK(records(*make_file_source(other.path())).size() == 2);
    // Its report says whose it is.
    auto const anonymous = [&] {
        joined_history history({source.get()}, account_id(18), {});
        CHECK(read_all(history).size() == 2500);
        return history.anonymous();
    };
    CHECK(anonymous());
    std::string const report = file.path() + ".report.json";
    std::ofstream(report) << R"({"account_id":"1.2.18"})";
    CHECK(!anonymous());
    std::ofstream(report) << R"({"account_id":"1.2.19"})";
    auto const why = failure(*source);
    CHECK(why.code() == errc::file_error);
    CHECK(why.detail().find("1.2.19") != std::string::npos);
    std::filesystem::remove(report);
}

TEST_CASE("history/source: documents of the plugin give every operation back, in each form of a dump")
{
    std::string bare, hits, bulk;
    std::vector<history_record> expected;
    for (std::uint64_t n = 1; n <= 20; ++n)
    {
        es_document document;
        document.record = made(n);
        document.account = account_id(18);
        document.id = account_history_id(1000 + n);
        for (std::uint64_t const account : {18u, 19u})
        {
            document.account = account_id(account);
            std::string json;
            write_es_document(json, document);
            bare += json + "\n";
            hits += R"({"_index":"bitshares-2023-11","_id":"2.9.1","_source":)" + json + "}\n";
            write_es_bulk(bulk, document, es_version{7, 17, 0, false});
        }
        expected.push_back(document.record);
    }
    for (std::string const& text : {bare, hits, bulk})
    {
        temporary_file const file(text);
        CHECK((records(*make_file_source(file.path())) == expected));
    }
}

TEST_CASE("history/source: what is no history is told with its line")
{
    auto const why = [](std::string const& text) {
        temporary_file const file(text);
        auto const e = failure(*make_file_source(file.path()));
        CHECK(e.code() == errc::invalid_recording);
        return e.detail();
    };
    std::string const good = exported(made(5));
    CHECK(why(good + "time,block\n").find("line 2") != std::string::npos);
    CHECK(why(good + "{}\n").find("neither") != std::string::npos);
    CHECK(why(good + exported(made(4))).find("oldest first") != std::string::npos);
    CHECK(why(good + good).find("oldest first") != std::string::npos);
    CHECK(why(good.substr(0, good.size() / 2)).find("line 1") != std::string::npos);
    CHECK(why(good + R"({"account_history":{}})").find("line 2") != std::string::npos);
    CHECK(why(std::string(17 << 20, ' ')).find("too long") != std::string::npos);
    temporary_file const nothing("");
    CHECK(records(*make_file_source(nothing.path())).empty());
}
