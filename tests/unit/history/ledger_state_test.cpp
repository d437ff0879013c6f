#include <bitshares/history/ledger_state.hpp>
#include <bitshares/protocol/json.hpp>
#include <support/recordings.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace bitshares;

namespace {

struct written
{
    std::string text;

    void add(std::vector<ledger_row> const& rows)
    {
        for (ledger_row const& row : rows)
            for (ledger_posting const& p : row.postings)
                text += row.place.id.to_string() + ' ' + row.place.time.to_string() + ' ' + std::string(row.what) +
                        ' ' + std::string(name(p.bucket)) + ' ' + p.object.to_string() + ' ' + to_json(p.amount) + ' ' +
                        std::to_string(p.balance) + '\n';
    }
};

std::string told(ledger const& books)
{
    std::string text = save_ledger(books);
    for (auto const& u : books.uncertainties())
        text += std::string(u.reason);
    return text;
}

} // namespace

TEST_CASE(
    "history/ledger_state: broken off behind any operation of a recorded account, the books go on as if nothing was")
{
    std::size_t cuts = 0, uncertain = 0, tickets = 0;
    for (auto const* recording : {&recordings::main_chain(), &recordings::chain_c()})
        for (auto const& account : recording->accounts)
        {
            CAPTURE(account.name);
            account_id const id = account_id::from_string(account.id).value();
            std::vector<history_record> records;
            for (auto const& op : account.operations)
            {
                history_record record;
                static_cast<operation_history_object&>(record) = from_json<operation_history_object>(op.json).value();
                record.sequence = records.size() + 1;
                records.push_back(std::move(record));
            }
            // One ledger without an end, and one that is saved and loaded behind each operation.
            ledger whole(id);
            auto broken = std::make_unique<ledger>(id);
            written a, b;
            for (history_record const& record : records)
            {
                std::vector<ledger_row> rows;
                REQUIRE(whole.apply(record, rows).has_value());
                a.add(rows);
                rows.clear();
                REQUIRE(broken->apply(record, rows).has_value());
                b.add(rows);
                std::string const state = save_ledger(*broken);
                broken = std::make_unique<ledger>(id);
                REQUIRE(load_ledger(*broken, state).has_value());
                REQUIRE(told(*broken) == told(whole));
                ++cuts;
                tickets += !whole.tickets().empty();
            }
            uncertain += whole.uncertainties().size();
            std::vector<ledger_row> rows;
            REQUIRE(whole.advance(time_point_sec::maximum(), rows).has_value());
            a.add(rows);
            rows.clear();
            REQUIRE(broken->advance(time_point_sec::maximum(), rows).has_value());
            b.add(rows);
            CHECK(!a.text.empty());
            bool const equal = a.text == b.text;
            CHECK(equal);
            CHECK(told(whole) == told(*broken));
        }
    CHECK(cuts > 500);
    CHECK(uncertain > 0);
    CHECK(tickets > 0);
}

TEST_CASE("history/ledger_state: what is no state of the account's leaves the books empty")
{
    ledger books(account_id(18));
    std::string const good = save_ledger(ledger(account_id(18)));
    for (std::string const& bad : {std::string(), std::string("{}"), good.substr(0, good.size() - 1),
                                   save_ledger(ledger(account_id(19))), "{\"more\":1," + good.substr(1)})
    {
        CAPTURE(bad);
        CHECK(!load_ledger(books, bad));
        CHECK(books.balances().empty());
    }
    std::string newer = good;
    newer.replace(newer.find("\"version\":1"), 11, "\"version\":2");
    CHECK(!load_ledger(books, newer));
    CHECK(load_ledger(books, good).has_value());
}
