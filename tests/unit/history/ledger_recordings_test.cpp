#include <bitshares/history/ledger.hpp>
#include <bitshares/history/reconciliation.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/protocol/objects.hpp>
#include <bitshares/protocol/reserved_accounts.hpp>
#include <bitshares/testing/json_text.hpp>
#include <support/ledger_proofs.hpp>
#include <support/recordings.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

using namespace bitshares;
using testing::array_items;
using testing::member;
using testing::object_members;

namespace {

using balance_map = std::map<asset_id, std::int64_t>;

template <class T>
T parsed(std::string_view json)
{
    auto value = from_json<T>(json);
    if (!value)
        throw exception(value.error());
    return std::move(*value);
}

asset_id asset_of(std::string_view text)
{
    return asset_id::from_string(text).value();
}

/// What the chain says of one account after one block.
struct step
{
    std::uint32_t block = 0;
    account_id account;
    balance_map balances;
};

/// All that a recording has for ledgers: operations, parameters through time, balances.
struct chain
{
    testing::recording const& recording;
    std::vector<history_record> records; // of all accounts
    ledger_parameters parameters;        // with the times of all blocks
    ledger_parameters without_times;
    std::map<std::uint32_t, time_point_sec> times;
    std::vector<step> steps;
    std::map<account_id, balance_map> final; // of all accounts, as the following
    std::map<account_id, std::map<ledger_holding, std::int64_t>> locked;
    std::map<ticket_id, ticket_object> tickets;

    explicit chain(testing::recording const& r) : recording(r)
    {
        auto const genesis = testing::read_recording_file(recording.directory / "genesis.json").value();
        auto const initial = parsed<chain_parameters>(member(genesis, "initial_parameters"));
        parameters.block_interval = initial.block_interval;
        parameters.set({}, order_fee_parameters::of(initial));
        for (auto const& op : recording.operations)
        {
            auto record = parsed<history_record_json>(op.json);
            if (auto const* const update = record.op.get_if<committee_member_update_global_parameters>())
                parameters.set(ledger_parameters::next_maintenance(record.block_time, initial.maintenance_interval),
                               order_fee_parameters::of(update->new_parameters));
            records.push_back(with_sequence(std::move(record), 0));
        }
        without_times = parameters;
        for (auto const& [number, block] : recording.blocks)
            if (!block.header.empty())
            {
                auto const time = parsed<time_point_sec>(member(block.header, "timestamp"));
                parameters.set_block_time(number, time);
                times[number] = time;
            }
        read_objects();
        read_steps();
    }

    using history_record_json = operation_history_object;

    static history_record with_sequence(operation_history_object object, std::uint64_t sequence)
    {
        history_record record;
        static_cast<operation_history_object&>(record) = std::move(object);
        record.sequence = sequence;
        return record;
    }

    std::vector<history_record> history_of(testing::recorded_account const& account) const
    {
        std::vector<history_record> history;
        for (auto const& op : account.operations)
            history.push_back(with_sequence(parsed<history_record_json>(op.json), history.size() + 1));
        return history;
    }

private:
    template <class Object, class Read>
    void each(std::string const& prefix, Read read)
    {
        for (auto const& [id, json] : recording.objects)
            if (id.starts_with(prefix))
                read(parsed<Object>(json));
    }

    void lock(account_id owner, ledger_bucket bucket, any_object_id object, asset const& amount)
    {
        if (amount.amount != 0)
            locked[owner][{bucket, object, amount.asset_id}] = amount.amount;
    }

    /// What the chain's objects say is where at the end.
    void read_objects()
    {
        using bucket = ledger_bucket;
        each<account_balance_object>("2.5.", [this](auto const& o) { final[o.owner][o.asset_type] = o.balance; });
        each<limit_order_object>("1.7.", [this](auto const& o) {
            if (o.is_settled_debt)
                return;
            lock(o.seller, bucket::order, o.id, {o.for_sale, o.sell_price.base.asset_id});
            lock(o.seller, bucket::order_fee, o.id,
                 o.deferred_paid_fee.amount != 0 ? o.deferred_paid_fee : asset{o.deferred_fee, core_asset});
        });
        each<call_order_object>("1.8.", [this](auto const& o) {
            any_object_id const id = o.call_price.quote.asset_id;
            lock(o.borrower, bucket::collateral, id, {o.collateral, o.call_price.base.asset_id});
            lock(o.borrower, bucket::debt, id, {-o.debt, o.call_price.quote.asset_id});
        });
        each<force_settlement_object>("1.4.",
                                      [this](auto const& o) { lock(o.owner, bucket::settlement, o.id, o.balance); });
        each<htlc_object>("1.16.", [this](auto const& o) {
            lock(o.transfer.from, bucket::htlc, o.id, {o.transfer.amount, o.transfer.asset_id});
        });
        each<ticket_object>("1.18.", [this](auto const& o) {
            lock(o.account, bucket::ticket, o.id, o.amount);
            tickets.emplace(o.id, o);
        });
        each<samet_fund_object>("1.20.", [this](auto const& o) {
            lock(o.owner_account, bucket::samet_fund, o.id, {o.balance, o.asset_type});
        });
        each<credit_offer_object>("1.21.", [this](auto const& o) {
            lock(o.owner_account, bucket::credit_offer, o.id, {o.current_balance, o.asset_type});
        });
        each<credit_deal_object>("1.22.", [this](auto const& o) {
            lock(o.borrower, bucket::credit_collateral, o.id, {o.collateral_amount, o.collateral_asset});
            lock(o.borrower, bucket::credit_debt, o.id, {-o.debt_amount, o.debt_asset});
            lock(o.offer_owner, bucket::credit_lent, o.id, {o.debt_amount, o.debt_asset});
        });
        std::set<any_object_id> made; // other vesting balances the chain fills itself
        for (auto const& r : records)
            if (r.op.get_if<vesting_balance_create>())
                made.insert(std::get<any_object_id>(r.result));
        each<vesting_balance_object>("1.13.", [&](auto const& o) {
            if (made.contains(o.id))
                lock(o.owner, bucket::vesting, o.id, o.balance);
        });
    }

    void read_steps()
    {
        auto const file = testing::read_recording_file(recording.directory / "history" / "balances_by_block.jsonl");
        if (!file)
            return;
        for (std::size_t at = 0, end = 0; (end = file->find('\n', at)) != std::string::npos; at = end + 1)
        {
            std::string_view const line = std::string_view(*file).substr(at, end - at);
            step s;
            s.block = static_cast<std::uint32_t>(testing::unsigned_value(member(line, "block")).value());
            s.account = parsed<account_id>(member(line, "id"));
            auto const amounts = object_members(member(line, "balances")).value();
            for (auto const& [name, amount] : amounts)
                s.balances[asset_of(name)] = parsed<std::int64_t>(amount);
            steps.push_back(std::move(s));
        }
    }
};

chain const& main_chain()
{
    static chain const c(recordings::main_chain());
    return c;
}

chain const& chain_c()
{
    static chain const c(recordings::chain_c());
    return c;
}

balance_map balances_in(std::vector<testing::exchange> const& answers)
{
    for (auto const& answer : answers)
        if (answer.request.find("\"get_account_balances\"") != std::string::npos)
        {
            balance_map all;
            for (auto const& a : parsed<std::vector<asset>>(member(answer.response, "result")))
                all[a.asset_id] = a.amount;
            return all;
        }
    FAIL("no balances in the final state");
    return {};
}

std::string describe(balance_difference const& d)
{
    std::string text = d.asset_id.to_string() + ": expected " + std::to_string(d.expected) + ", got " +
                       std::to_string(d.got) + " (" + std::to_string(d.expected - d.got) + ")";
    if (d.first)
        text += ", from " + d.first->id.to_string() + " in block " + std::to_string(d.first->block_num) +
                (d.first->tag ? " " + std::string(operation_traits(*d.first->tag).name) : std::string()) + ": " +
                std::string(d.reason);
    return text;
}

/// Feeds a ledger block by block and compares wherever the recording knows the balances.
struct run
{
    run(chain const& c, account_id a, ledger_parameters const& parameters) : on(c), books(a, parameters) {}

    void feed(std::vector<history_record> const& records, std::vector<step> const& all_steps)
    {
        auto next = records.begin();
        for (step const& s : all_steps)
        {
            if (s.account != books.account())
                continue;
            until(next, records.end(), s.block, on.times.at(s.block));
            check_step(next, records.end(), s);
        }
        until(next, records.end(), UINT32_MAX, on.times.rbegin()->second);
    }

    /// A node adds the transactions that wait for its next block to the balances that it tells.
    template <class Position>
    void check_step(Position& next, Position end, step const& s)
    {
        ++steps;
        auto const differences = compare.check(books, s.balances);
        if (differences.empty())
            return;
        ++with_pending;
        for (; next != end && next->block_num == s.block + 1 && !(next->is_virtual && next->virtual_op == 0);)
        {
            apply(*next++);
            ++ahead;
            if (compare.check(books, s.balances).empty())
                return;
        }
        for (auto const& d : differences)
            FAIL_CHECK(books.account().to_string() << " block " << s.block << ", " << describe(d));
    }

    void check(balance_map const& balances, std::string const& where)
    {
        for (auto const& d : compare.check(books, balances))
            FAIL_CHECK(books.account().to_string() << " " << where << ", " << describe(d));
    }

    chain const& on;
    ledger books;
    reconciliation compare;
    std::size_t steps = 0;
    std::size_t with_pending = 0; // comparisons
    std::size_t ahead = 0;        // operations of the next block that they took
    std::size_t rows = 0;
    ledger_proofs::rules proven;
    std::map<ledger_kind, std::size_t> kinds;

private:
    using position = std::vector<history_record>::const_iterator;

    void until(position& next, position end, std::uint32_t block, time_point_sec time)
    {
        for (; next != end && next->block_num <= block; ++next)
            apply(*next);
        auto const tickets = books.tickets();
        std::vector<ledger_row> written;
        REQUIRE(books.advance(time, written).has_value());
        proven.note(tickets, books.tickets());
        take(nullptr, written, books.uncertainties().size());
    }

    void apply(history_record const& record)
    {
        auto const tickets = books.tickets();
        std::size_t const doubts = books.uncertainties().size();
        std::vector<ledger_row> written;
        REQUIRE(books.apply(record, written).has_value());
        proven.note(tickets, books.tickets());
        take(&record, written, doubts);
    }

    void take(history_record const* record, std::vector<ledger_row> const& written, std::size_t doubts)
    {
        compare.note(written);
        proven.note(record, written, std::span(books.uncertainties()).subspan(doubts));
        for (auto const& row : written)
        {
            ++rows;
            ++kinds[row.kind];
            balance_map sums;
            for (auto const& p : row.postings)
                sums[p.amount.asset_id] += p.amount.amount;
            if (row.kind == ledger_kind::lock || row.kind == ledger_kind::unlock)
                for (auto const& [asset, sum] : sums)
                    CHECK_MESSAGE(sum == 0, row.what);
        }
    }
};

std::string names(std::set<std::uint8_t> const& tags)
{
    std::string text;
    for (auto const tag : tags)
        text += (text.empty() ? "" : " ") + std::string(operation_traits(tag).name);
    return text;
}

} // namespace

TEST_CASE("history/ledger: recorded histories reconcile with every recorded balance, to the unit")
{
    std::size_t steps = 0, pending = 0, ahead = 0, accounts = 0;
    for (chain const* c : {&main_chain(), &chain_c()})
        for (auto const& account : c->recording.accounts)
        {
            account_id const id = account_id::from_string(account.id).value();
            run r(*c, id, c->parameters);
            auto const history = c->history_of(account);
            REQUIRE(history.size() == account.total_ops);
            r.feed(history, c->steps);
            r.check(balances_in(account.final_state), account.name + ", at the end");
            CHECK(r.books.balances() == balances_in(account.final_state)); // zeros included
            CHECK(r.books.uncertainties().empty());
            CHECK(r.rows > 0);
            steps += r.steps + 1;
            pending += r.with_pending;
            ahead += r.ahead;
            ++accounts;
            // The same without knowing other blocks' times: dates of tickets may be seconds off, balances now are not.
            run blind(*c, id, c->without_times);
            blind.feed(history, {});
            blind.check(balances_in(account.final_state), account.name + ", without the times of blocks");
        }
    MESSAGE("histories: " << accounts << " accounts, " << steps << " comparisons, " << pending
                          << " of them with transactions of the next block");
    CHECK(accounts == 8);
    CHECK(steps == 310); // also: the balances block by block are there
    // Exactly so many: what is booked a block late would be found by taking more of the next block.
    CHECK(pending == 228);
    CHECK(ahead == 342);
}

namespace {

struct found_difference
{
    std::uint32_t block = 0;
    balance_difference difference;
};

/// The first recorded step whose balances are not the ledger's, also when what waits for the next block is taken in.
std::optional<found_difference> first_difference(chain const& c, account_id account,
                                                 std::vector<history_record> const& records)
{
    ledger books(account, c.parameters);
    reconciliation compare;
    std::vector<ledger_row> rows;
    auto next = records.begin();
    auto const apply = [&] {
        rows.clear();
        REQUIRE(books.apply(*next++, rows).has_value());
        compare.note(rows);
    };
    for (step const& s : c.steps)
    {
        if (s.account != account)
            continue;
        while (next != records.end() && next->block_num <= s.block)
            apply();
        rows.clear();
        REQUIRE(books.advance(c.times.at(s.block), rows).has_value());
        compare.note(rows);
        auto differences = compare.check(books, s.balances);
        if (differences.empty())
            continue;
        found_difference found{s.block, differences.front()};
        auto const size = [](balance_difference const& d) {
            return d.got < d.expected ? d.expected - d.got : d.got - d.expected;
        };
        bool agreed = false;
        while (!agreed && next != records.end() && next->block_num == s.block + 1 &&
               !(next->is_virtual && next->virtual_op == 0))
        {
            apply();
            auto const now = compare.check(books, s.balances);
            agreed = now.empty();
            if (!agreed && now.size() == 1 && size(now.front()) < size(found.difference)) // the rest was waiting
                found.difference = now.front();
        }
        if (!agreed)
            return found;
    }
    return std::nullopt;
}

} // namespace

TEST_CASE("history/reconciliation: of recorded balances, the first that differs is the one behind the damage")
{
    chain const& c = main_chain();
    auto const& account = *c.recording.account("exporter-alice");
    account_id const id = account_id::from_string(account.id).value();
    auto const history = c.history_of(account);
    std::uint32_t const last_step = [&] {
        std::uint32_t last = 0;
        for (step const& s : c.steps)
            if (s.account == id)
                last = std::max(last, s.block);
        return last;
    }();
    std::size_t dropped = 0, altered = 0, named = 0;
    // Each transfer in turn is not there, or is of another amount.
    for (std::size_t i = 0; i < history.size(); ++i)
    {
        auto const* const sent = history[i].op.get_if<transfer>();
        if (!sent || history[i].block_num >= last_step)
            continue;
        CAPTURE(history[i].id.to_string());
        auto damaged = history;
        damaged.erase(damaged.begin() + static_cast<std::ptrdiff_t>(i));
        auto const without = first_difference(c, id, damaged);
        REQUIRE(without);
        ++dropped;
        // Behind the step before, and never later than at the next.
        CHECK(without->block + 1 >= history[i].block_num);
        CHECK((!without->difference.agreed || without->difference.agreed->id < history[i].id));
        for (step const& s : c.steps)
            if (s.account == id && s.block >= history[i].block_num)
            {
                CHECK(without->block <= s.block);
                break;
            }

        damaged = history;
        transfer other = *sent;
        other.amount.amount += 7;
        damaged[i].op = other;
        auto const with = first_difference(c, id, damaged);
        REQUIRE(with);
        ++altered;
        balance_difference const& d = with->difference;
        CHECK(d.asset_id == other.amount.asset_id);
        CHECK(d.got - d.expected == (sent->from == id ? -7 : 7));
        REQUIRE(d.first);
        CHECK(d.first->id <= history[i].id);
        CHECK((!d.agreed || d.agreed->id < history[i].id));
        named += d.first->id == history[i].id;
    }
    MESSAGE("transfers: " << dropped << " left out, " << altered << " altered, " << named
                          << " of these named to the operation, the others to the steps around them");
    CHECK(dropped == 218);
    CHECK(named == 40); // where nothing else moved the asset between two recorded steps
}

TEST_CASE("history/ledger: every account of both chains reconciles when it is fed the whole chain")
{
    std::size_t steps = 0, pending = 0, ahead = 0, accounts = 0, rows = 0, holdings = 0, tickets = 0;
    ledger_proofs::rules proven;
    std::map<ledger_kind, std::size_t> kinds;
    for (chain const* c : {&main_chain(), &chain_c()})
    {
        REQUIRE(c->final.size() > 10);
        for (auto const& [id, balances] : c->final)
        {
            run r(*c, id, c->parameters);
            r.feed(c->records, c->steps);
            if (id == reserved_accounts::null) // burn workers' pay: no operation tells it, and no query
            {
                auto const differences = r.compare.check(r.books, balances);
                REQUIRE(differences.size() == 1);
                CHECK(differences[0].asset_id == core_asset);
                CHECK(differences[0].within_bounds);
                continue;
            }
            r.check(balances, "at the end");
            auto const locked = c->locked.find(id);
            CHECK_MESSAGE(r.books.holdings() ==
                              (locked == c->locked.end() ? decltype(locked->second)() : locked->second),
                          id.to_string());
            holdings += r.books.holdings().size();
            for (auto const& [ticket, clock] : r.books.tickets())
            {
                ticket_object const& told = c->tickets.at(ticket);
                CHECK(clock.current == told.current_type);
                CHECK(clock.target == told.target_type);
                if (clock.current == ticket_type::lock_forever)
                    continue; // its votes go on falling
                CHECK(clock.status == told.status);
                CHECK(clock.next_step == told.next_auto_update_time);
                CHECK(clock.next_downgrade == told.next_type_downgrade_time);
                ++tickets;
            }
            steps += r.steps + 1;
            pending += r.with_pending;
            ahead += r.ahead;
            rows += r.rows;
            ++accounts;
            for (auto const& u : r.books.uncertainties())
                MESSAGE(id.to_string() << ": " << u.reason << " at " << u.place.id.to_string());
            proven.merge(r.proven);
            for (auto const& [kind, count] : r.kinds)
                kinds[kind] += count;
        }
    }
    MESSAGE("whole chains: " << accounts << " accounts, " << steps << " comparisons, " << pending
                             << " of them with transactions of the next block, " << rows << " rows, " << holdings
                             << " amounts locked at the end as the chain's objects say, " << tickets << " tickets");
    // README.md says these numbers.
    CHECK(accounts == 61);
    CHECK(steps == 611);
    CHECK(pending == 408); // as above
    CHECK(ahead == 1'442);
    CHECK(rows == 2324);
    CHECK(holdings == 70);
    CHECK(tickets == 9);
    for (auto const& [kind, count] : kinds)
        MESSAGE(name(kind) << ": " << count);
    CHECK(kinds.size() == 8);
    CHECK(proven.moves.size() == 42);
    CHECK(proven.fees.size() == 60);
    ledger_proofs::recorded() = proven;
    MESSAGE("movements proven by recordings (" << proven.moves.size() << "): " << names(proven.moves));
    MESSAGE("fees proven by recordings (" << proven.fees.size() << "): " << names(proven.fees));
}
