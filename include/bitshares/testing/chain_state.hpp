#pragma once

#include <bitshares/crypto/private_key.hpp>
#include <bitshares/protocol/block.hpp>
#include <bitshares/protocol/objects.hpp>
#include <bitshares/rpc/node_error.hpp>
#include <bitshares/testing/chain_options.hpp>
#include <bitshares/testing/chain_store.hpp>
#include <bitshares/tx/authority_check.hpp>

#include <cstdint>
#include <exception>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {
namespace testing {

namespace detail {

/// Why a node refuses something, in its words: thrown by @ref chain_state.
class chain_refusal : public std::exception
{
public:
    /// @param message What a node says behind the title. @param data JSON object: the values in it.
    BITSHARES_DECL chain_refusal(node_errc code, std::string message, char const* file = "db_block.cpp",
                                 char const* method = "_apply_transaction", std::string data = "{}");

    char const* what() const noexcept override { return message_.c_str(); }

    /// The text behind `"error":`. @param now For the time that it states.
    BITSHARES_DECL std::string json(time_point_sec now) const;

    /// As a client reads it.
    BITSHARES_DECL node_error error(time_point_sec now) const;

private:
    node_errc code_;
    std::string message_;
    char const* file_;
    char const* method_;
    std::string data_;
};

/// What a block changed, for those who are told.
struct block_report
{
    struct change
    {
        any_object_id id;
        stored_object before; ///< Null: it is new.
        stored_object after;  ///< Null: it is gone.
    };
    std::uint32_t number = 0;
    bitshares::block_id id;
    std::vector<change> changes;                        ///< In the order of ids.
    std::vector<operation_history_object> operations;   ///< Of the block, virtual ones included.
    std::vector<std::vector<operation_result>> results; ///< Of each transaction.
};

/** The rules of a chain: what transactions and blocks do to its objects. No threads, no sockets, no JSON-RPC.

    Every function that changes something changes nothing where it throws.
*/
class chain_state final : private account_source
{
public:
    BITSHARES_DECL explicit chain_state(chain_options options);
    chain_state(chain_state const&) = delete;
    chain_state& operator=(chain_state const&) = delete;

    chain_options const& options() const { return options_; }
    chain_id_type const& chain_id() const { return chain_id_; }
    object_store const& objects() const { return store_; }
    account_source const& accounts() const { return *this; }
    global_property_object const& global() const { return store_.get<global_property_object>(global_property_id(0)); }
    dynamic_global_property_object const& dynamic() const
    {
        return store_.get<dynamic_global_property_object>(dynamic_global_property_id(0));
    }
    time_point_sec now() const { return dynamic().time; }

    /// The key of a role of an account, as the seed gives it.
    BITSHARES_DECL private_key key(std::string_view account, std::string_view role) const;

    BITSHARES_DECL account_object const* account(std::string_view name) const; ///< Null where there is none.
    BITSHARES_DECL asset_object const* asset(std::string_view symbol) const;   ///< Null where there is none.
    BITSHARES_DECL std::int64_t balance(account_id owner, asset_id type) const;
    std::map<std::string, account_id, std::less<>> const& account_names() const { return names_; }
    std::map<std::string, asset_id, std::less<>> const& symbols() const { return symbols_; }

    /// What `account` has, in the order of assets.
    BITSHARES_DECL std::vector<bitshares::asset> balances(account_id owner) const;

    /// The orders that sell one asset for the other, the best first.
    BITSHARES_DECL std::vector<limit_order_id> orders(asset_id sold, asset_id wanted) const;

    /// The operations of an account, oldest first: instances of 1.11.
    BITSHARES_DECL std::vector<std::uint64_t> const& history(account_id account) const;

    /// The fills between two assets, oldest first, as the market_history plugin keeps them: instances of 5.0.
    BITSHARES_DECL std::vector<std::uint64_t> const& fills(asset_id a, asset_id b) const;

    /// The operations of a block: instances of 1.11, from the first to the last, exclusive.
    BITSHARES_DECL std::pair<std::uint64_t, std::uint64_t> operations_of(std::uint32_t block_num) const;

    BITSHARES_DECL signed_block const* block(std::uint32_t number) const; ///< Null where there is none.
    BITSHARES_DECL std::optional<transaction_place> find(transaction_id const& id) const;

    /// The transaction while it can be found by its id: pending, or in a block and not expired.
    BITSHARES_DECL signed_transaction const* recent(transaction_id const& id) const;

    std::vector<signed_transaction> const& pending() const { return pending_; }

    /// Checks and applies a transaction, which then waits for a block. @throws chain_refusal
    BITSHARES_DECL processed_transaction push(signed_transaction const& tx);

    /// As @ref push, but nothing is kept. @throws chain_refusal
    BITSHARES_DECL processed_transaction validate(signed_transaction const& tx);

    BITSHARES_DECL void drop_pending();

    /// Makes a block of what is pending. What cannot be applied any more is forgotten.
    BITSHARES_DECL block_report produce();

    /// Applies a block that somebody made; what is pending stays so. @throws chain_refusal
    BITSHARES_DECL block_report apply(signed_block const& block);

    /// Takes back the newest blocks, at most all that there are; oldest first.
    BITSHARES_DECL std::vector<signed_block> undo_blocks(std::uint32_t count, bool keep_transactions);

    /// Leaves out so many slots before the next block.
    void skip_slots(std::uint64_t count) { skipped_ += count; }

    /// The keys that signed. @throws chain_refusal
    BITSHARES_DECL std::vector<public_key> signers(signed_transaction const& tx) const;

    /// Whether this chain can apply operations of this type.
    BITSHARES_DECL static bool has_rule(operation const& op);

    /// Whether the keys may do what the transaction does. @throws chain_refusal
    BITSHARES_DECL void check_authority(signed_transaction const& tx, std::vector<public_key> const& keys) const;

    /// Accounts that an operation concerns, in whose histories it stands.
    BITSHARES_DECL static flat_set<account_id> impacted(operation const& op, operation_result const& result);

    /// How much of a vesting balance can be taken out at a time.
    BITSHARES_DECL static std::int64_t vested(vesting_balance_object const& balance, time_point_sec at);

    /// An amount as nodes write it for people: `4083447.66180 BTS`.
    BITSHARES_DECL std::string pretty(bitshares::asset const& amount) const;

    /// Whether the lists of the asset allow the account to hold it.
    BITSHARES_DECL bool authorized(account_object const& account, asset_object const& asset) const;

private:
    struct order_place
    {
        price sell_price;
        limit_order_id id;
        BITSHARES_DECL bool operator<(order_place const& other) const;
    };
    struct block_record
    {
        signed_block block;
        bitshares::block_id id;
        std::vector<transaction_id> transactions;
        std::uint64_t first_operation = 0; ///< Instance of 1.11.
        std::uint64_t end_operation = 0;
    };
    friend class operation_rules;

    BITSHARES_DECL std::optional<account_authorities> find(account_id account) const override;
    BITSHARES_DECL void index(any_object_id id, stored_object const& before, stored_object const& after);
    BITSHARES_DECL void genesis();
    BITSHARES_DECL account_id add_account(std::string name, authority owner, authority active, public_key const& memo);

    BITSHARES_DECL processed_transaction apply_transaction(signed_transaction const& tx, bool check_signatures);
    BITSHARES_DECL operation_result apply_operation(operation const& op, bool is_virtual);
    BITSHARES_DECL std::size_t record(operation op, bool is_virtual);
    BITSHARES_DECL void check_form(signed_transaction const& tx) const;
    BITSHARES_DECL void push_pending_again(std::vector<signed_transaction> transactions);
    BITSHARES_DECL block_report apply_in_session(signed_block const& block, bool with_signatures);
    BITSHARES_DECL block_report finish_block(signed_block block, std::vector<std::vector<operation_result>> results);
    BITSHARES_DECL void write_histories();
    BITSHARES_DECL void write_fill(fill_order const& op);
    BITSHARES_DECL void update_irreversible();
    BITSHARES_DECL void shuffle_witnesses();
    BITSHARES_DECL void maintain();
    BITSHARES_DECL void clear_expired();

    BITSHARES_DECL std::uint64_t slot_at(time_point_sec time) const;
    BITSHARES_DECL time_point_sec slot_time(std::uint64_t slot) const;
    BITSHARES_DECL witness_id scheduled(std::uint64_t slot) const;

    BITSHARES_DECL void adjust_balance(account_id owner, bitshares::asset const& delta);
    BITSHARES_DECL void pay_fee(account_id payer, std::int64_t core);
    BITSHARES_DECL void scale_account_fee(int bits); // to the left, times 2^bits
    BITSHARES_DECL void execute_proposal(proposal_object const& proposal);
    BITSHARES_DECL bool proposal_authorized(proposal_object const& proposal) const;
    BITSHARES_DECL void cancel_order(limit_order_id id, bool virtual_operation, bool free_of_charge = false);
    BITSHARES_DECL bool cull_small(limit_order_id id);
    BITSHARES_DECL bool match_order(limit_order_id id);
    BITSHARES_DECL bool fill(limit_order_id id, bitshares::asset const& pays, bitshares::asset const& receives,
                             bool cull, price const& at, bool is_maker);

    chain_options options_;
    chain_id_type chain_id_;
    object_store store_;
    std::vector<block_record> blocks_;
    std::vector<signed_transaction> pending_;
    bool pending_session_ = false;
    std::uint64_t skipped_ = 0;
    std::size_t reversible_ = 0; // sessions of blocks that can be undone

    std::vector<operation_history_object> applied_; // of the block or transaction in hand
    std::uint32_t transaction_in_block_ = 0;
    std::uint16_t operation_in_transaction_ = 0;
    std::uint32_t virtual_operation_ = 0;

    std::map<std::string, account_id, std::less<>> names_;
    std::map<std::string, asset_id, std::less<>> symbols_;
    std::map<std::pair<account_id, asset_id>, account_balance_id> balances_;
    std::map<std::pair<asset_id, asset_id>, std::set<order_place>> books_;
    std::set<std::pair<time_point_sec, any_object_id>> expirations_;
    std::map<transaction_id, transaction_history_id> recent_;
    std::map<transaction_id, transaction_place> places_;
    std::map<account_id, std::vector<std::uint64_t>> histories_;
    std::map<std::pair<asset_id, asset_id>, std::vector<std::uint64_t>> fills_; // the smaller asset first
};

} // namespace detail
} // namespace testing
} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/testing/chain_state.ipp>
#endif
