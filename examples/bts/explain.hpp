#pragma once

#include "json_tree.hpp"
#include "names.hpp"

#include <bitshares/protocol/network.hpp>
#include <bitshares/protocol/operation.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bts_program {

/** Says in words what JSON of the chain means: operations, transactions, blocks, objects, and lists of these.

    Nothing is told of an operation that its own description in the library does not tell: there is no list of operations
    here. Every text that it makes is fit for a terminal.
*/
class explainer
{
public:
    /// @param key_prefix Of keys in the JSON; where they have another known one, that is taken.
    /// @param chain Of transactions' digests.
    explainer(names& known, std::string key_prefix, std::optional<bitshares::chain_id_type> chain)
        : names_(known), key_prefix_(std::move(key_prefix)), chain_(chain)
    {}

    /// Notes the accounts and assets in it.
    void need(json_tree const& tree);

    /// @param full Of blocks, too, every member.
    std::string text(json_tree const& tree, bool full);

    /// `{"kind", "id", ...}`
    json_tree json(json_tree const& tree);

    /// The value with names and decimals, whatever it is.
    json_tree json_of_value(json_tree const& tree) { return explain({}, tree, nullptr); }

    /// One line: who pays the fee, who gives and gets what.
    std::string sentence(bitshares::operation const& op) const;

    /// What was wrong with what was explained; a known operation that cannot be read as such.
    std::vector<std::string> const& problems() const noexcept { return problems_; }

private:
    /// A value that is said in one line.
    struct phrase
    {
        std::string text;
        json_tree json;
    };

    struct move
    {
        bitshares::account_id account;
        std::vector<bitshares::asset> gives, gets;
    };

    struct operation_facts
    {
        std::uint64_t tag = 0;
        std::string name; // empty: unknown
        std::optional<bitshares::operation> op;
        std::string problem;
        bool bad = false;
    };

    struct transaction_facts
    {
        std::string id, digest;
        std::string problem; // why there is no id
    };

    operation_facts read_operation(json_tree const& tree);
    transaction_facts read_transaction(json_tree const& tree);
    static std::vector<move> moves(bitshares::operation const& op);
    std::string give_and_get(bitshares::operation const& op) const;

    std::optional<phrase> say(std::string_view name, json_tree const& value, json_tree const* parent) const;
    std::optional<phrase> say_price(json_tree const& value) const;
    std::optional<phrase> say_memo(json_tree const& value) const;
    phrase say_amount(bitshares::asset const& a) const;

    void print(std::string& out, std::size_t level, std::string_view name, json_tree const& value,
               json_tree const* parent);
    void print_members(std::string& out, std::size_t level, json_tree const& value);
    void print_operation(std::string& out, std::size_t level, std::string_view label, json_tree const& tree, bool full);
    void print_transaction(std::string& out, std::size_t level, std::string_view label, json_tree const& tree,
                           bool full);
    void print_block(std::string& out, json_tree const& tree, bool full);

    json_tree explain(std::string_view name, json_tree const& value, json_tree const* parent);
    json_tree operation_json(json_tree const& tree);
    json_tree transaction_json(json_tree const& tree);
    json_tree block_json(json_tree const& tree);

    names& names_;
    std::string key_prefix_;
    std::optional<bitshares::chain_id_type> chain_;
    std::vector<std::string> problems_;
};

/** The JSON of a packed transaction (with or without signatures), operation or block.

    @par Errors
    @li The error of what came nearest.
*/
bitshares::result<std::string> json_of_bytes(bitshares::bytes const& packed, std::string_view key_prefix);

} // namespace bts_program
