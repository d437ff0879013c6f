#pragma once

#include <bitshares/base/result.hpp>
#include <bitshares/history/ledger.hpp>
#include <bitshares/history/row.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// What kind of movement it is for those who count a wallet's coins, as programs for taxes do.
enum class movement_kind : std::uint8_t
{
    deposit,    ///< From others, or borrowed.
    withdrawal, ///< To others, or repaid.
    trade,      ///< One asset for another.
    fee,        ///< A fee that stands alone.
    income      ///< From the chain or from own assets.
};

/// How a fee and the amounts beside it are told.
enum class fee_rule : std::uint8_t
{
    /// `sent` and `received` are without the fee: who counts coins takes it away as well.
    beside,
    /** `sent` is with the fee, `received` without it: what left and what came. The fee is there for information only. One of
        a third asset, which would be lost, is a movement of its own. */
    included
};

/** One line for a program that knows wallets, but no orders: what came in, what went out, what it cost.

    The wallet is all that the account has: what waits in an order or is locked somewhere is still in it; what is borrowed is
    in it, too, and what is owed is not counted.
*/
struct movement
{
    movement_kind kind = movement_kind::deposit;
    ledger_place place;            ///< Of the first operation.
    std::optional<asset> received; ///< Above 0.
    std::optional<asset> sent;     ///< Above 0.
    std::optional<asset> fee;      ///< Above 0. Of `movement_kind::fee`, the same as `sent`.
    std::string_view what;         ///< As of the ledger's row; static.
    std::vector<operation_history_id>
        operations;                         ///< None where there is no operation; several where fills were added up.
    std::vector<account_id> counterparties; ///< Of the first operation.
    std::string transaction_id;             ///< As above.
};

/** What the rows of one operation are for a wallet; appended.

    An amount against another is a trade. Where there are more than two (a pool's share for two assets), each is a movement of
    its own. Fees go to the trade, or else to what was sent; none to what was received, which some importers refuse.

    For each asset, what was received less what was sent (and, with `fee_rule::beside`, less the fees that are no movement of
    their own) is what the account's buckets, but for debts, changed by.

    @param rows As @ref ledger::apply appended them, of one operation; or one without an operation.
    @param event The operation; null where there is none.
    @par Errors
    @li `errc::amount_overflow`.
*/
BITSHARES_DECL result<void> append_movements(std::span<ledger_row const> rows, history_row const* event, fee_rule rule,
                                             std::vector<movement>& out);

/** Adds up the fills of a day (UTC): those of the same two assets, and fee's asset, become one trade, and fees of theirs that
    stand alone one fee, each in the place of the first. Other movements are passed on. Holds one day. */
class daily_fills
{
public:
    /// Takes a movement, in the history's order; those of the day before come out of it when their day is over.
    BITSHARES_DECL void add(movement next, std::vector<movement>& out);
    /// What is left.
    BITSHARES_DECL void finish(std::vector<movement>& out);

private:
    std::vector<movement> day_;
    std::vector<std::size_t> sums_; // those of fills
    std::uint32_t number_ = 0;      // of the day
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/history/movements.ipp>
#endif
