// A page of history as JSON, booked: no overflow is missed, and balances are what the rows say.

#include "support.hpp"

#include <bitshares/history/ledger.hpp>
#include <bitshares/history/reconciliation.hpp>
#include <bitshares/protocol/json.hpp>

#include <map>
#include <vector>

using namespace bitshares;

namespace {

struct sums
{
    std::map<ledger_holding, std::uint64_t> all; // wraps where the ledger would not

    void add(std::vector<ledger_row> const& rows)
    {
        for (ledger_row const& row : rows)
        {
            fuzz::require(!row.postings.empty(), "a row moves something");
            fuzz::require(!row.what.empty(), "a row says what it is");
            for (ledger_posting const& p : row.postings)
            {
                fuzz::require(p.amount.amount != 0, "a posting is an amount");
                std::uint64_t& sum = all[{p.bucket, p.object, p.amount.asset_id}];
                sum += static_cast<std::uint64_t>(p.amount.amount);
                fuzz::require(sum == static_cast<std::uint64_t>(p.balance), "a posting tells what is there then");
            }
        }
    }

    void compare(ledger const& books) const
    {
        for (auto const& [holding, sum] : all)
        {
            auto const at = books.holdings().find(holding);
            std::int64_t const there = holding.bucket == ledger_bucket::liquid ? books.balance(holding.asset_id)
                                       : at == books.holdings().end()          ? 0
                                                                               : at->second;
            fuzz::require(sum == static_cast<std::uint64_t>(there), "what is there is the sum of what moved");
        }
        for (auto const& [holding, amount] : books.holdings())
            fuzz::require(amount != 0 && all.contains(holding), "what is there was moved");
    }
};

void book(std::vector<operation_history_object> const& page, account_id account, ledger_parameters const& parameters)
{
    ledger books(account, parameters);
    reconciliation compare;
    sums told;
    std::uint64_t sequence = 0;
    for (operation_history_object const& object : page)
    {
        history_record record;
        static_cast<operation_history_object&>(record) = object;
        record.sequence = ++sequence;
        std::vector<ledger_row> rows;
        if (!books.apply(record, rows))
            return; // past 64 bits
        told.add(rows);
        compare.note(rows);
    }
    std::vector<ledger_row> rows;
    if (!books.advance(time_point_sec::maximum(), rows))
        return;
    told.add(rows);
    compare.note(rows);
    told.compare(books);
    fuzz::require(compare.check(books, books.balances()).empty(), "a ledger agrees with itself");
    for (ledger_uncertainty const& u : books.uncertainties())
        fuzz::require(!u.reason.empty() && (!u.lower || !u.upper || *u.lower <= *u.upper), "bounds are in order");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    auto const page = from_json<std::vector<operation_history_object>>(fuzz::text_of(data, size));
    if (!page)
        return 0;
    ledger_parameters known;
    order_fee_parameters p;
    p.maker_fee_discount_percent = std::uint16_t{5'000};
    p.create_fee = 500'000;
    p.update_fee = 37'500;
    p.cancel_fee = 100'000;
    known.set({}, p);
    for (std::uint64_t const instance : {18u, 19u, 3u})
    {
        book(*page, account_id(instance), known);
        book(*page, account_id(instance), {});
    }
    return 0;
}
