#pragma once

#include <bitshares/crypto/private_key.hpp>
#include <bitshares/protocol/block.hpp>
#include <bitshares/protocol/chain_parameters.hpp>
#include <bitshares/protocol/network.hpp>
#include <bitshares/protocol/objects/account.hpp>
#include <bitshares/protocol/operation.hpp>
#include <bitshares/protocol/transaction.hpp>
#include <bitshares/rpc/node_error.hpp>
#include <bitshares/testing/chain_options.hpp>
#include <bitshares/testing/node_service.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace testing {
namespace detail {
class chain_producer;
class chain_service;
} // namespace detail

/// When a @ref chain makes blocks by itself.
enum class block_production : std::uint8_t
{
    always,
    /// As long as a transaction that was broadcast waits, is in a block that can still be undone, or was refused or lost and is
    /// not yet proven absent. Otherwise the chain's time stands still, and nothing expires before it is sent.
    when_needed
};

/// What becomes of a transaction that a client broadcasts, when it passed all checks.
enum class broadcast_effect : std::uint8_t
{
    take, ///< As on a node: it waits for the next block.
    lose, ///< It is forgotten, although the client is told that it was accepted.
    hold  ///< As `lose`, until @ref chain::release_held.
};

/// What the client is told of a broadcast.
enum class broadcast_answer : std::uint8_t
{
    send,     ///< As on a node.
    withhold, ///< Nothing, for ever.
    close     ///< The connection is dropped instead.
};

/// A fault for one broadcast; the defaults: none.
struct broadcast_fault
{
    broadcast_effect effect = broadcast_effect::take;
    broadcast_answer answer = broadcast_answer::send;
    std::chrono::milliseconds delay{0}; ///< Before the answer; by the wall clock.
    std::optional<node_error> refuse;   ///< In place of all that.
};

/** A BitShares chain in memory, with the node that serves it: for tests of what builds, signs and follows transactions.

    Real signatures, authorities, fees, reference blocks, expirations and duplicates, refused with a node's codes and
    words; real blocks, signed by several witnesses in turn; a clock of its own, which moves only with blocks. Give it to
    @ref node to serve it on the loopback, or @ref connect to it in this process.

    Operations that it knows: transfer, limit_order_create (without actions on fill), limit_order_cancel, account_create,
    account_update, account_upgrade, asset_create (without collateral), asset_issue, asset_reserve, proposal_create,
    proposal_update, proposal_delete, vesting_balance_create, vesting_balance_withdraw, htlc_create, htlc_redeem,
    htlc_extend. All others are refused by their name.

    Deterministic: the same calls in the same order make the same blocks, byte for byte.

    Fills are kept, all of them, as the market_history plugin keeps the newest; candles and tickers are not.

    Left out: who gets a part of the fees (they become the chain's own at maintenance), pay of witnesses, votes, elections,
    custom authorities. Calls that it does not know are refused as a node refuses unknown methods.

    @par Thread safety
    All functions may be called from any thread. What it calls itself (@ref on_broadcast, the sinks of @ref connect) must
    not call it, and must not end a connection.
    @par Source
    bitshares-core: libraries/chain (db_block.cpp, db_market.cpp, the evaluators) and libraries/app (database_api.cpp).
*/
class chain : public node_service
{
public:
    BITSHARES_DECL explicit chain(chain_options options = {});
    BITSHARES_DECL ~chain() override; ///< Ends @ref start_producing. Connections may outlive it.

    /// @name The chain's clock and blocks
    /// @{

    /// Id, key prefix and core symbol: what clients need to know of a chain.
    BITSHARES_DECL bitshares::network network() const;

    /// The timestamp of the newest block: the clock by which everything expires.
    BITSHARES_DECL time_point_sec head_time() const;
    BITSHARES_DECL std::uint32_t head_block_num() const;
    BITSHARES_DECL std::uint32_t last_irreversible_block_num() const;
    BITSHARES_DECL std::optional<signed_block> block(std::uint32_t number) const;

    /// Makes the next block, of what is pending, and returns it.
    BITSHARES_DECL signed_block produce_block();
    BITSHARES_DECL void produce_blocks(std::uint32_t count);

    /// Blocks until the one that is irreversible is at least `number`.
    BITSHARES_DECL void produce_until_irreversible(std::uint32_t number);

    /// Lets so much time pass without blocks: the next block comes that much later. Whole slots, rounded up.
    BITSHARES_DECL void advance(std::chrono::seconds time);

    /** Makes a block every `interval` of the wall clock, in a thread of its own, until @ref stop_producing.

        Its clock runs faster then than anybody's, and a client that a busy machine holds up finds its transactions expired:
        see @ref block_production::when_needed.
    */
    BITSHARES_DECL void start_producing(std::chrono::milliseconds interval,
                                        block_production when = block_production::always);
    BITSHARES_DECL void stop_producing();

    /** Takes back the newest blocks, down to block 0 at most, and returns them, oldest first.

        Other blocks can then be made: a fork. @param keep_transactions They are pending again, as on a node that switches
        to another fork; otherwise they are forgotten.
    */
    BITSHARES_DECL std::vector<signed_block> undo_blocks(std::uint32_t count, bool keep_transactions = true);

    /// Applies a block that another chain of the same options made, or that was undone. Pending transactions stay.
    BITSHARES_DECL reply<void> push_block(signed_block const& block);
    /// @}

    /// @name Accounts and what they have
    /// @{

    /** The key of an account that @ref create_account made, or of one of the first: `bank`, `init0`, `init1` and so on.

        @param role `"owner"`, `"active"`, `"memo"`, or `"signing"` for the witnesses `init0` ...
    */
    BITSHARES_DECL private_key key(std::string_view account, std::string_view role = "active") const;

    /** Lets `bank` register the account with the keys that @ref key gives, and send it some of the core asset: pending at
        once, included in the next block.
        @param core In the smallest unit; 0: none. @param lifetime_member Upgrades it, too.
        @throws node_refused The name is taken or invalid, or `bank` is out of money.
    */
    BITSHARES_DECL account_id create_account(std::string_view name, std::int64_t core = 0,
                                             bool lifetime_member = false);

    /// Lets `bank` make an asset, of which it is the issuer. As @ref create_account.
    BITSHARES_DECL asset_id create_asset(std::string_view symbol, std::uint8_t precision,
                                         asset_options const& options = {});

    /// Lets `bank` send or, of an asset that it made, issue an amount. As @ref create_account.
    BITSHARES_DECL void fund(account_id account, asset const& amount);

    BITSHARES_DECL std::optional<account_object> account(std::string_view name_or_id) const;
    BITSHARES_DECL std::int64_t balance(account_id account, asset_id asset = core_asset) const;

    /// Any object as the node prints it; empty where there is none.
    BITSHARES_DECL std::string object(any_object_id id) const;
    /// @}

    /// @name Transactions
    /// @{

    /// A transaction of these operations with fees (not those of proposed operations), reference block (the last
    /// irreversible one) and expiration, signed by the keys. What is wrong with it is left to the chain.
    BITSHARES_DECL signed_transaction sign(std::vector<operation> operations,
                                           std::vector<private_key const*> const& keys,
                                           std::chrono::seconds lifetime = std::chrono::seconds(60)) const;

    /// As a node takes a broadcast; @ref on_broadcast is not asked. The results of the operations, or why it is refused.
    BITSHARES_DECL reply<processed_transaction> push(signed_transaction const& tx);

    /// Where the transaction is; nothing where no block has it.
    BITSHARES_DECL std::optional<transaction_place> find(transaction_id const& id) const;

    /// The transactions that wait for a block, in order.
    BITSHARES_DECL std::vector<transaction_id> pending() const;

    /// Forgets what is pending.
    BITSHARES_DECL void drop_pending();

    /// Called with each transaction that a client broadcasts; must not call the chain. Empty: no faults.
    BITSHARES_DECL void on_broadcast(std::function<broadcast_fault(signed_transaction const&)> decide);

    /// Makes pending what was held, and still can be applied. Returns how many.
    BITSHARES_DECL std::size_t release_held();
    /// @}

    /// A client's connection, without sockets.
    BITSHARES_DECL std::unique_ptr<connection> connect(sink send) override;

    /// The reply to one frame on a connection of its own; empty where there is none at once.
    BITSHARES_DECL std::string answer(std::string_view frame);

private:
    std::shared_ptr<detail::chain_service> service_;
    std::mutex producer_mutex_;
    std::unique_ptr<detail::chain_producer> producer_;
};

} // namespace testing
} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/testing/chain.ipp>
#endif
