#pragma once

#include <bitshares/base/result.hpp>
#include <bitshares/history/ledger_parameters.hpp>
#include <bitshares/history/record.hpp>
#include <bitshares/history/ticket_clock.hpp>

#include <compare>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// Where an amount of an account is. What the account owes is negative.
enum class ledger_bucket : std::uint8_t
{
    liquid,       ///< What can be spent, and a node calls the account's balances; shares of pools are in it.
    order,        ///< For sale in a limit order.
    order_fee,    ///< Deferred fee of a limit order: it comes back if the order is cancelled before its first fill.
    collateral,   ///< Of a debt position; its object is the debt's asset.
    debt,         ///< Owed by a debt position, negative; its object is the debt's asset.
    settlement,   ///< Waits to be settled.
    bid,          ///< Collateral bid for the debt of a globally settled asset; its object is that asset.
    htlc,         ///< Locked by its sender.
    vesting,      ///< Put into a vesting balance by an operation; the chain's own credits are not in it.
    ticket,       ///< Locked for votes.
    samet_fund,   ///< In a fund that lends inside a transaction, what is lent included.
    credit_offer, ///< Offered to borrowers.
    credit_lent,  ///< Lent in a deal of an own offer.
    credit_collateral, ///< Given for a loan.
    credit_debt        ///< Owed by a deal, negative.
};

/// What kind of movement a row is. Rows are split so that each is of one kind; @ref ledger tells the rule.
enum class ledger_kind : std::uint8_t
{
    deposit,    ///< From other accounts: transfers, assets issued to the account, genesis balances.
    withdrawal, ///< To other accounts, or out of existence.
    trade,      ///< One asset for another: fills, settlements, pools.
    fee,        ///< To the chain, an asset or a lender.
    income,     ///< From the chain or from own assets: pay, claims, lenders' fees.
    lock,       ///< Out of the balance into something of one's own.
    unlock,     ///< Back into the balance.
    other       ///< Borrowed, repaid, moved between things of one's own.
};

/// The enumerator's own name, meant for files.
BITSHARES_DECL std::string_view name(ledger_bucket bucket) noexcept;
BITSHARES_DECL std::string_view name(ledger_kind kind) noexcept;

/// Where in the chain a row or an uncertainty arises; copied, so that records need not be kept.
struct ledger_place
{
    std::uint64_t sequence = 0; ///< Of the record; 0 where there is no operation.
    operation_history_id id;
    std::optional<std::uint8_t> tag; ///< Of the operation, where it is known.
    std::uint32_t block_num = 0;     ///< 0 where there is no operation.
    std::uint16_t trx_in_block = 0;
    std::uint16_t op_in_trx = 0;
    std::uint32_t virtual_op = 0;
    time_point_sec time;

    friend bool operator==(ledger_place const&, ledger_place const&) = default;
};

/// A change of one balance.
struct ledger_posting
{
    ledger_bucket bucket = ledger_bucket::liquid;
    any_object_id object;     ///< 0.0.0 for the liquid balance, and where the id is not known.
    asset amount;             ///< What is added; negative: taken away.
    std::int64_t balance = 0; ///< What is there afterwards.

    friend bool operator==(ledger_posting const&, ledger_posting const&) = default;
};

/// A movement of one kind, of one operation or of none.
struct ledger_row
{
    history_record const* record = nullptr; ///< The caller's; null for what happens without an operation.
    ledger_place place;
    ledger_kind kind = ledger_kind::other;
    std::string_view what; ///< A few words; static.
    std::vector<ledger_posting> postings;
};

/** A movement of the liquid balance that the history does not tell to the unit.

    The balance is really what the ledger says plus an amount from `lower` to `upper`. Both 0: the amount is right, but what
    stood before in a bucket contradicts it, as after a part of the history that is not there.
*/
struct ledger_uncertainty
{
    std::optional<bitshares::asset_id> asset_id; ///< Absent: of any asset.
    std::optional<std::int64_t> lower;           ///< Absent: no bound is known.
    std::optional<std::int64_t> upper;           ///< As above.
    std::string_view reason;                     ///< Static.
    ledger_place place;
};

/// What is in one bucket of one object.
struct ledger_holding
{
    ledger_bucket bucket = ledger_bucket::liquid;
    any_object_id object;
    bitshares::asset_id asset_id;

    friend auto operator<=>(ledger_holding const&, ledger_holding const&) = default;
};

namespace detail {

template <class Dependent>
class ledger_entry;
template <class Dependent>
struct ledger_state;

} // namespace detail

/** The books of one account: what each operation moved, and what is where.

    Fed with the account's whole history, oldest first. Operations that do not concern the account move nothing, so that a
    whole chain's may be fed as well.

    An operation becomes a row of one kind for each of its movements: what goes between the balance and a bucket of the
    account's own is a `lock` or `unlock`, whose postings sum up to zero; what is exchanged is a `trade`; what the chain, an
    asset or a lender keeps is a `fee`, which for an order's deferred fee is not its creation (`lock`) but its first fill;
    what comes from the chain or of the account's own assets is `income`, and so is what is taken out of a vesting balance
    that the chain filled; between accounts it is `deposit` or `withdrawal`; loans are `other`. Fees that are inside a
    result's amounts (pools, instant settlement) are no rows of their own.

    Releases of tickets have no operation: they are rows as soon as the time that is known has passed them.

    Where a row's amount rests on parameters that nobody told (@ref order_fee_parameters::assumed, or none at all), its words end
    with `, assumed`, and there is an @ref uncertainties entry with the bounds.

    @par Errors
    @li `errc::amount_overflow`: the ledger is of no use any more.
    @par Source
    bitshares-core 7.0.2: the evaluators for what operations do, db_market.cpp, db_balance.cpp, db_maint.cpp and db_update.cpp
    for what happens without one.
*/
class ledger
{
public:
    BITSHARES_LAZY_DECL explicit ledger(account_id account, ledger_parameters parameters = {});

    account_id account() const noexcept { return account_; }

    /// May be filled as operations that set parameters are met; what was applied is not changed by it.
    ledger_parameters& parameters() noexcept { return parameters_; }

    /// Books an operation; appends its rows, and those of what happened before it without one.
    BITSHARES_LAZY_DECL result<void> apply(history_record const& record, std::vector<ledger_row>& rows);

    /// To the end of the last block at or before `time`: appends what happened until then without an operation.
    BITSHARES_LAZY_DECL result<void> advance(time_point_sec time, std::vector<ledger_row>& rows);

    /// What can be spent; assets that were ever held stay in it, as with nodes.
    std::map<asset_id, std::int64_t> const& balances() const noexcept { return liquid_; }
    /// Of one asset; 0 where it was never held.
    BITSHARES_LAZY_DECL std::int64_t balance(asset_id asset) const;

    /// What is in the other buckets, without zeros.
    std::map<ledger_holding, std::int64_t> const& holdings() const noexcept { return held_; }

    /// A bot's history has millions of fills.
    static constexpr std::size_t max_uncertainties = 10'000;

    /// In the order in which they arose; beyond @ref max_uncertainties, those of one asset and reason are added up.
    std::vector<ledger_uncertainty> const& uncertainties() const noexcept { return uncertainties_; }

    /// The tickets that are not free yet, and how far they are.
    std::map<ticket_id, ticket_clock> const& tickets() const noexcept { return tickets_; }

private:
    template <class Dependent>
    friend class detail::ledger_entry;
    template <class Dependent>
    friend struct detail::ledger_state; // which is to know all of the following

    account_id account_;
    ledger_parameters parameters_;
    std::map<asset_id, std::int64_t> liquid_;
    std::map<ledger_holding, std::int64_t> held_;
    std::map<ticket_id, ticket_clock> tickets_;
    std::map<credit_deal_id, credit_offer_id> deals_; // of own offers
    std::set<limit_order_id> core_refunds_; // orders whose fee would come back in core; how much, no field tells
    std::map<limit_order_id, std::uint64_t> core_fees_; // what an order's fee in another asset is worth at least
    std::vector<ledger_uncertainty> uncertainties_;
    std::map<std::pair<std::optional<asset_id>, std::string_view>, std::size_t> merged_; // where further ones are added
    // Block and place behind its transactions, of the newest operation that is known to stand there.
    std::optional<std::pair<std::uint32_t, std::uint16_t>> block_end_;
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/history/ledger.ipp>
#endif
