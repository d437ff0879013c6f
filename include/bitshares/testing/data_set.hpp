#pragma once

#include <bitshares/testing/recording.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {
namespace testing {

/** The operations of one account, oldest first; @ref node_session pages through them as a node does.

    Ids and times ascend. All functions are called from the node's thread while others may call them too: they must not
    change anything.
*/
class account_history
{
public:
    account_history() = default;
    account_history(account_history const&) = delete;
    account_history& operator=(account_history const&) = delete;
    virtual ~account_history() = default;

    virtual std::uint64_t size() const = 0;
    virtual std::uint64_t id(std::uint64_t index) const = 0;   ///< Instance of the 1.11 object.
    virtual std::uint32_t time(std::uint64_t index) const = 0; ///< Of the block, seconds since 1970.
    virtual std::uint32_t tag(std::uint64_t index) const = 0;  ///< Of the operation.

    /// Appends the entry as a node prints it.
    virtual void append(std::string& out, std::uint64_t index) const = 0;

    /// How many older operations the node forgot; they count in `total_ops`.
    virtual std::uint64_t removed() const { return 0; }

    /// What the account has in the end, by the asset's instance; nothing where no arithmetic tells it.
    virtual std::optional<std::map<std::uint64_t, std::int64_t>> balances() const { return std::nullopt; }
};

/// A history that is held in memory.
class stored_history : public account_history
{
public:
    explicit stored_history(std::vector<recorded_operation> operations) : operations_(std::move(operations)) {}

    std::uint64_t size() const override { return operations_.size(); }
    std::uint64_t id(std::uint64_t index) const override { return at(index).id; }
    std::uint32_t time(std::uint64_t index) const override { return at(index).time; }
    std::uint32_t tag(std::uint64_t index) const override { return at(index).tag; }
    void append(std::string& out, std::uint64_t index) const override { out += at(index).json; }

private:
    recorded_operation const& at(std::uint64_t index) const { return operations_[static_cast<std::size_t>(index)]; }

    std::vector<recorded_operation> operations_;
};

/** Operations made by arithmetic when somebody asks for them: the same ones every time, and nothing is stored.

    Of 20 operations 16 are transfers, in and out, 3 of these with a memo, and 4 are fills of orders (virtual operations).
    Three operations share a block, blocks are three seconds apart, and the ids have holes, as on a chain with others on it.
*/
class synthetic_history : public account_history
{
public:
    synthetic_history(std::string account, std::uint64_t size) : account_(std::move(account)), size_(size) {}

    std::uint64_t size() const override { return size_; }
    std::uint64_t id(std::uint64_t index) const override { return 1'000'000 + index * 7 + index % 3; }
    std::uint32_t time(std::uint64_t index) const override
    {
        return first_time + 3 * static_cast<std::uint32_t>(index / 3);
    }
    std::uint32_t tag(std::uint64_t index) const override { return index % 5 == 3 ? 4 : 0; }
    BITSHARES_DECL void append(std::string& out, std::uint64_t index) const override;
    BITSHARES_DECL std::optional<std::map<std::uint64_t, std::int64_t>> balances() const override;

    static constexpr std::uint32_t first_time = 1'500'000'000; ///< 2017-07-14T02:40:00

private:
    std::string account_;
    std::uint64_t size_;
};

/// The `result` or the `error` of a reply, as JSON.
struct stored_answer
{
    std::string json;
    bool is_error = false;
};

/** All that a test node knows. Made by one thread, then shared as const.

    What is not of a form of its own (objects, accounts, assets, blocks, histories) is an answer to an API, a method and
    arguments.
*/
class data_set
{
public:
    /// An empty chain with the limits that nodes have by default.
    BITSHARES_DECL data_set();

    /** What a real node said. The final state wins over what was recorded earlier.

        @param last_operation The histories end with 1.11.`last_operation`; everything else is as at the recording's end.
    */
    BITSHARES_DECL explicit data_set(recording const& from, std::uint64_t last_operation = ~std::uint64_t{0});

    std::string chain_id;                           ///< 64 hexadecimal digits.
    std::string now = "2026-11-21T03:54:34";        ///< The time that errors have.
    std::map<std::uint32_t, recorded_block> blocks; ///< By number.
    std::vector<recorded_operation> operations;     ///< Of the whole chain, oldest first.

    /// Keeps an object; an account (1.2.x) is found by its `name`, an asset (1.3.x) by its `symbol`, too.
    BITSHARES_DECL void add_object(std::string json);

    /// An asset as `get_assets` prints it, which has more members than the object.
    BITSHARES_DECL void add_extended_asset(std::string json);

    /// What `get_full_accounts` says of an account.
    BITSHARES_DECL void add_full_account(std::string const& id, std::string json);

    /// The account's object must be there already.
    BITSHARES_DECL void add_history(std::string const& account_id, std::shared_ptr<account_history const> history);

    /** A new account with `size` operations of a @ref synthetic_history, its statistics, and the accounts and assets that
        occur in it.
        @return The account's id.
    */
    BITSHARES_DECL std::string add_synthetic_account(std::string const& name, std::uint64_t size);

    /// @param arguments A JSON array; any spelling of it finds the answer.
    BITSHARES_DECL void add_answer(std::string_view api, std::string_view method, std::string_view arguments,
                                   stored_answer answer);

    /// What is said to a frame that is no request, found by its exact text.
    BITSHARES_DECL void add_malformed(std::string frame, std::string reply);

    /// The methods of an API as the error "Method not found" lists them: `[["name",0],...]`.
    BITSHARES_DECL void set_methods(std::string_view api, std::string json);

    /// A member of `login.get_config`, such as `api_limit_get_account_history`; appended where it is new.
    BITSHARES_DECL void set_config(std::string const& name, std::string json);
    void set_limit(std::string const& name, std::uint32_t limit) { set_config(name, std::to_string(limit)); }

    /// `login.get_config` is then unknown, as on nodes before version 6.
    void remove_config() { config_.clear(); }

    BITSHARES_DECL std::uint32_t limit(std::string_view name) const; ///< 100 where the configuration lacks it.
    BITSHARES_DECL std::string config() const;                       ///< JSON; empty after @ref remove_config.

    BITSHARES_DECL std::string const* object(std::string const& id) const;
    BITSHARES_DECL std::string const*
    extended_asset(std::string const& id) const; ///< The plain object where there is no other.
    BITSHARES_DECL std::string const* full_account(std::string const& id) const;
    BITSHARES_DECL std::string const* account_id(std::string const& name) const;
    BITSHARES_DECL std::string const* asset_id(std::string const& symbol) const;
    BITSHARES_DECL account_history const* history(std::string const& account_id) const;
    BITSHARES_DECL stored_answer const* answer(std::string_view api, std::string_view method,
                                               std::string_view arguments) const;
    BITSHARES_DECL std::string const* malformed(std::string const& frame) const;
    BITSHARES_DECL std::string const* methods(std::string_view api) const;

    /// True where the API has such a method, as far as anybody knows here.
    BITSHARES_DECL bool has_method(std::string_view api, std::string_view method) const;

    std::map<std::string, std::string> const& account_ids() const noexcept { return account_ids_; } ///< By name.

private:
    BITSHARES_DECL void add_call(exchange const& call, std::vector<std::string>& apis);
    BITSHARES_DECL void harvest(std::string_view api, std::string_view method, stored_answer const& answer);

    std::unordered_map<std::string, std::string> objects_;
    std::unordered_map<std::string, std::string> extended_assets_;
    std::unordered_map<std::string, std::string> full_accounts_;
    std::unordered_map<std::string, std::shared_ptr<account_history const>> histories_;
    std::unordered_map<std::string, stored_answer> answers_;
    std::unordered_map<std::string, std::string> malformed_;
    std::map<std::string, std::string> account_ids_;
    std::map<std::string, std::string> asset_ids_;
    std::map<std::string, std::string, std::less<>> methods_;
    std::vector<std::pair<std::string, std::string>> config_;
    std::map<std::string, bool> known_;
    std::uint64_t synthetic_accounts_ = 0;
};

/// The APIs as `login` names them; `database` is number 0 of a connection, `login` number 1.
BITSHARES_DECL std::vector<std::string> const& api_names();

} // namespace testing
} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/testing/data_set.ipp>
#endif
