#include <bitshares/history/ledger_formats.hpp>
#include <bitshares/history/movements.hpp>
#include <bitshares/protocol/json.hpp>
#include <support/recordings.hpp>

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

using namespace bitshares;

namespace {

using kind = ledger_kind;
using bucket = ledger_bucket;

constexpr asset_id usd{1}, share{2};

ledger_row row(kind k, std::string_view what, std::vector<ledger_posting> postings, std::uint8_t tag = 0)
{
    static history_record const record;
    ledger_row r;
    r.record = &record;
    r.place.id = operation_history_id(7);
    r.place.tag = tag;
    r.place.time = {1'767'225'600};
    r.kind = k;
    r.what = what;
    r.postings = std::move(postings);
    return r;
}

ledger_posting posting(bucket b, std::int64_t amount, asset_id id = core_asset)
{
    return {b, {}, {amount, id}, 0};
}

std::vector<movement> movements(std::vector<ledger_row> const& rows, fee_rule rule = fee_rule::beside)
{
    std::vector<movement> all;
    REQUIRE(append_movements(rows, nullptr, rule, all).has_value());
    return all;
}

std::string text(std::optional<asset> const& a)
{
    return a ? std::to_string(a->amount) + "@" + std::to_string(a->asset_id.instance) : "-";
}

std::string text(movement const& m)
{
    static constexpr char const* kinds[] = {"deposit", "withdrawal", "trade", "fee", "income"};
    return std::string(kinds[static_cast<int>(m.kind)]) + " +" + text(m.received) + " -" + text(m.sent) + " fee " +
           text(m.fee);
}

std::string text(std::vector<movement> const& all)
{
    std::string out;
    for (movement const& m : all)
        out += (out.empty() ? "" : "; ") + text(m);
    return out;
}

std::vector<ledger_row> fill()
{
    return {row(kind::trade, "order filled, as taker",
                {posting(bucket::order, -1000), posting(bucket::liquid, 70, usd)}, fill_order::traits.tag),
            row(kind::fee, "market fee", {posting(bucket::liquid, -2, usd)}, fill_order::traits.tag),
            row(kind::fee, "order's fee", {posting(bucket::order_fee, -5, share)}, fill_order::traits.tag)};
}

} // namespace

TEST_CASE("history/movements: what was sent has its fee beside it, or in it where the fee's asset is the same")
{
    std::vector const core{row(kind::withdrawal, "sent", {posting(bucket::liquid, -100)}),
                           row(kind::fee, "fee", {posting(bucket::liquid, -3)})};
    CHECK(text(movements(core)) == "withdrawal +- -100@0 fee 3@0");
    CHECK(text(movements(core, fee_rule::included)) == "withdrawal +- -103@0 fee 3@0");
    std::vector const other{row(kind::withdrawal, "sent", {posting(bucket::liquid, -100, usd)}),
                            row(kind::fee, "fee", {posting(bucket::liquid, -3)})};
    CHECK(text(movements(other)) == "withdrawal +- -100@1 fee 3@0");
    CHECK(text(movements(other, fee_rule::included)) == "withdrawal +- -100@1 fee -; fee +- -3@0 fee 3@0");
}

TEST_CASE("history/movements: a fill is a trade with the market's fee; the order's fee of a third asset stands alone")
{
    CHECK(text(movements(fill())) == "trade +70@1 -1000@0 fee 2@1; fee +- -5@2 fee 5@2");
    CHECK(text(movements(fill(), fee_rule::included)) == "trade +68@1 -1000@0 fee 2@1; fee +- -5@2 fee 5@2");
    auto rows = fill();
    rows[1].postings[0].amount.amount = -70; // all that was bought: a trade for nothing is none
    CHECK(text(movements(rows, fee_rule::included)) == "trade +70@1 -1000@0 fee -; fee +- -70@1 fee 70@1; "
                                                       "fee +- -5@2 fee 5@2");
    rows = fill();
    rows[2].postings[0].amount = {-5, core_asset}; // what was sold
    rows.erase(rows.begin() + 1);
    CHECK(text(movements(rows, fee_rule::included)) == "trade +70@1 -1005@0 fee 5@0");
}

TEST_CASE("history/movements: more than two amounts are each a movement; fees do not go to what was received")
{
    CHECK(text(movements({row(kind::trade, "pool deposit",
                              {posting(bucket::liquid, -10), posting(bucket::liquid, -20, usd),
                               posting(bucket::liquid, 5, share)}),
                          row(kind::fee, "fee", {posting(bucket::liquid, -1, usd)})})) ==
          "withdrawal +- -10@0 fee -; withdrawal +- -20@1 fee 1@1; deposit +5@2 -- fee -");
    CHECK(text(movements({row(kind::income, "vested", {posting(bucket::liquid, 10)}),
                          row(kind::fee, "fee", {posting(bucket::liquid, -1)})})) ==
          "income +10@0 -- fee -; fee +- -1@0 fee 1@0");
}

TEST_CASE("history/movements: what is locked is still there; what is borrowed came in, and what is owed is not counted")
{
    CHECK(movements({row(kind::lock, "order placed", {posting(bucket::liquid, -9), posting(bucket::order, 9)}),
                     row(kind::lock, "order's fee", {posting(bucket::liquid, -1), posting(bucket::order_fee, 1)})})
              .empty());
    CHECK(
        text(movements(
            {row(kind::other, "borrowed", {posting(bucket::liquid, 9, usd), posting(bucket::debt, -9, usd)}),
             row(kind::other, "repaid", {posting(bucket::liquid, -4, usd), posting(bucket::credit_debt, 4, usd)})})) ==
        "deposit +9@1 -- fee -; withdrawal +- -4@1 fee -");
}

TEST_CASE("history/movements: amounts that do not fit are an error")
{
    std::vector<movement> all;
    std::vector const rows{
        row(kind::deposit, "received", {posting(bucket::liquid, INT64_MAX), posting(bucket::order, INT64_MAX)})};
    auto const done = append_movements(rows, nullptr, fee_rule::beside, all);
    REQUIRE(!done);
    CHECK(done.error().code() == errc::amount_overflow);
}

TEST_CASE("history/movements: fills of a day become one, in the place of the first; the rest is passed on")
{
    daily_fills days;
    std::vector<movement> out;
    auto const add = [&](std::vector<ledger_row> rows, std::uint64_t id, std::uint32_t seconds) {
        for (ledger_row& r : rows)
        {
            r.place.id = operation_history_id(id);
            r.place.time.seconds += seconds;
        }
        for (movement& m : movements(rows))
            days.add(std::move(m), out);
    };
    auto back = fill();
    std::swap(back[0].postings[0].amount.asset_id, back[0].postings[1].amount.asset_id);
    back.resize(1);
    add(fill(), 1, 0);
    add({row(kind::deposit, "received", {posting(bucket::liquid, 8)})}, 2, 1);
    add(back, 3, 2); // the market's other direction
    add(fill(), 4, 86'399);
    CHECK(out.empty());
    add(fill(), 5, 86'400);
    CHECK(text(out) == "trade +140@1 -2000@0 fee 4@1; fee +- -10@2 fee 10@2; deposit +8@0 -- fee -; "
                       "trade +70@0 -1000@1 fee -");
    CHECK(out[0].operations == std::vector{operation_history_id(1), operation_history_id(4)});
    CHECK(out[0].place.time == time_point_sec{1'767'225'600});
    out.clear();
    days.finish(out);
    CHECK(text(out) == text(movements(fill())));
}

TEST_CASE("history/movements: of every recorded account they add up to what is in its buckets")
{
    std::size_t trades = 0, checked = 0;
    for (auto const* recording : {&recordings::main_chain(), &recordings::chain_c()})
        for (auto const& account : recording->accounts)
        {
            CAPTURE(account.name);
            account_id const id = account_id::from_string(account.id).value();
            ledger books(id);
            std::map<asset_id, std::int64_t> sums[4]; // by rule, and summed up by days or not
            daily_fills days[2];
            auto const count = [&](std::vector<movement> const& all, int which) {
                for (movement const& m : all)
                {
                    trades += m.kind == movement_kind::trade;
                    if (m.received)
                        sums[which][m.received->asset_id] += m.received->amount;
                    if (m.sent)
                        sums[which][m.sent->asset_id] -= m.sent->amount;
                    if (m.fee && which % 2 == 0 && m.kind != movement_kind::fee)
                        sums[which][m.fee->asset_id] -= m.fee->amount;
                }
            };
            std::uint64_t sequence = 0;
            std::vector<movement> all, daily;
            for (auto const& op : account.operations)
            {
                history_record record;
                static_cast<operation_history_object&>(record) = from_json<operation_history_object>(op.json).value();
                record.sequence = ++sequence;
                std::vector<ledger_row> rows;
                REQUIRE(books.apply(record, rows).has_value());
                for (int rule = 0; rule < 2; ++rule)
                {
                    all.clear();
                    daily.clear();
                    REQUIRE(append_movements(rows, nullptr, static_cast<fee_rule>(rule), all).has_value());
                    count(all, rule);
                    for (movement& m : all)
                        days[rule].add(std::move(m), daily);
                    count(daily, 2 + rule);
                }
            }
            for (int rule = 0; rule < 2; ++rule)
            {
                daily.clear();
                days[rule].finish(daily);
                count(daily, 2 + rule);
            }
            for (statement_line const& line : make_statement(books))
            {
                std::int64_t wallet = 0;
                for (std::size_t b = 0; b < line.amounts.size(); ++b)
                    if (b != static_cast<std::size_t>(bucket::debt) &&
                        b != static_cast<std::size_t>(bucket::credit_debt))
                        wallet += line.amounts[b];
                for (auto& sum : sums)
                {
                    CAPTURE(line.asset_id);
                    CHECK(sum[line.asset_id] == wallet);
                    ++checked;
                }
            }
        }
    CHECK(trades > 100);
    CHECK(checked > 100);
}
