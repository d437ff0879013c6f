#pragma once

#include <bitshares/base/utf8.hpp>
#include <bitshares/history/row.hpp>
#include <bitshares/protocol/memo_data.hpp>

#include <algorithm>
#include <cstring>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

BITSHARES_DECL void append_type_name(std::string& out, operation const& op)
{
    if (op.known())
        out += op.name();
    else
        out.append("unknown_").append(std::to_string(op.tag()));
}

BITSHARES_DECL void id_walker::walk(type_info const& type, void const* value)
{
    switch (type.kind)
    {
    case type_kind::object_id:
    {
        std::uint64_t instance = 0;
        std::memcpy(&instance, value, sizeof instance);
        if (&type == &type_of<account_id>)
            on_account(account_id(instance), path_);
        else if (&type == &type_of<asset_id>)
            on_asset(asset_id(instance));
        return;
    }
    case type_kind::any_object_id:
        if (auto const id = *static_cast<any_object_id const*>(value); id.space() == 1 && id.type() == 2)
            on_account(account_id(id.instance()), path_);
        return;
    case type_kind::optional:
        if (void const* const inner = type.optional->get(value))
            walk(*type.element, inner);
        return;
    case type_kind::sequence:
    {
        std::size_t const count = type.sequence->size(value);
        auto const* element = static_cast<std::byte const*>(count ? type.sequence->data(value) : nullptr);
        for (std::size_t i = 0; i < count; ++i, element += type.element->size)
            walk(*type.element, element);
        return;
    }
    case type_kind::pair:
    case type_kind::structure:
    case type_kind::extension:
        for (std::size_t i = 0; i < type.field_count; ++i)
        {
            field_info const& field = type.fields[i];
            if (type.kind != type_kind::pair)
                path_.push_back(field.name);
            walk(*field.type, static_cast<std::byte const*>(value) + field.offset);
            if (type.kind != type_kind::pair)
                path_.pop_back();
        }
        return;
    case type_kind::variant:
    {
        variant_operations const& variant = *type.variant;
        if (std::size_t const index = variant.index(value); index < variant.count)
            walk(*variant.alternatives[index], variant.get(value));
        return;
    }
    default: return;
    }
}

class row_walker final : public id_walker
{
public:
    row_walker(history_row& row, account_id account) : row_(row), account_(account) {}

    void in_result(operation_result const& result)
    {
        path_.push_back("result");
        in_result_ = true;
        walk(type_of<operation_result>, &result);
        path_.pop_back();
    }

    void on_account(account_id id, std::vector<std::string_view> const& path) override
    {
        if (id != account_)
        {
            if (std::find(row_.counterparties.begin(), row_.counterparties.end(), id) == row_.counterparties.end())
                row_.counterparties.push_back(id);
            return;
        }
        role_.clear();
        for (std::string_view part : path)
            (role_.empty() ? role_ : role_ += '.') += part;
        // As often as it stands in a list, once.
        if (std::string_view const known = row_.role; !contains_word(known, role_))
            (row_.role.empty() ? row_.role : row_.role += ' ') += role_;
    }

    void on_asset(asset_id id) override
    {
        if (in_result_)
            need_asset(id);
    }

    void need_asset(asset_id id)
    {
        if (std::find(row_.assets.begin(), row_.assets.end(), id) == row_.assets.end())
            row_.assets.push_back(id);
    }

private:
    static bool contains_word(std::string_view text, std::string_view word)
    {
        for (std::size_t at = text.find(word); at != text.npos; at = text.find(word, at + 1))
        {
            std::size_t const end = at + word.size();
            if ((at == 0 || text[at - 1] == ' ') && (end == text.size() || text[end] == ' '))
                return true;
        }
        return false;
    }

    history_row& row_;
    account_id account_;
    bool in_result_ = false;
    std::string role_;
};

// A move of an account's own; negative amounts are moves in the other direction, zeros are none.
struct move_collector
{
    history_row& row;
    account_id account;

    void sent(account_id who, asset const& what) { add(who, what, row.sent, row.received); }
    void received(account_id who, asset const& what) { add(who, what, row.received, row.sent); }

private:
    void add(account_id who, asset const& what, std::vector<asset>& forward, std::vector<asset>& backward) const
    {
        if (who != account || what.amount == 0)
            return;
        if (what.amount > 0)
            forward.push_back(what);
        else if (what.amount != INT64_MIN)
            backward.push_back({-what.amount, what.asset_id});
    }
};

inline void keep_amounts(std::vector<asset>& amounts, std::vector<asset> const& told)
{
    amounts.clear();
    for (asset const& a : told)
        if (a.amount != 0)
            amounts.push_back(a);
}

// What the operation could not know when it was signed.
inline void take_result(history_row& row, operation_result const& result)
{
    if (auto const* const returned = std::get_if<asset>(&result))
        keep_amounts(row.received, {*returned});
    else if (auto const* const exchange = std::get_if<generic_exchange_operation_result>(&result))
    {
        keep_amounts(row.sent, exchange->paid);
        keep_amounts(row.received, exchange->received);
    }
    else if (auto const* const extended = std::get_if<extendable_operation_result>(&result))
    {
        // Where something new was made, the rest of what the operation offers is locked in it.
        if (extended->paid && !extended->new_objects)
            keep_amounts(row.sent, *extended->paid);
        if (extended->received)
            keep_amounts(row.received, *extended->received);
    }
}

inline void describe_memo(std::string& out, memo_data const& memo)
{
    if (memo.from != public_key() || memo.to != public_key())
    {
        out += "encrypted";
        return;
    }
    // In clear: four bytes that would be the checksum, then the text.
    if (memo.message.size() > 4)
        append_valid_utf8(out,
                          {reinterpret_cast<char const*>(memo.message.data()) + 4, memo.message.size() - 4}); // NOLINT
}

// The memo of an operation is a member of its own or of its extensions; those inside proposed operations are others'.
inline void find_memo(std::string& out, type_info const& type, void const* value)
{
    if (&type == &type_of<memo_data>)
        return describe_memo(out, *static_cast<memo_data const*>(value));
    switch (type.kind)
    {
    case type_kind::optional:
        if (void const* const inner = type.optional->get(value))
            find_memo(out, *type.element, inner);
        return;
    case type_kind::structure:
    case type_kind::extension:
        for (std::size_t i = 0; i < type.field_count; ++i)
            find_memo(out, *type.fields[i].type, static_cast<std::byte const*>(value) + type.fields[i].offset);
        return;
    case type_kind::variant:
        if (std::size_t const index = type.variant->index(value); index < type.variant->count)
            find_memo(out, *type.variant->alternatives[index], type.variant->get(value));
        return;
    default: return;
    }
}

// As a call: clang makes a table where it is named, even in a template that nobody uses.
template <class T>
type_info const& table_of(T const&)
{
    return type_of<T>;
}

} // namespace detail

BITSHARES_LAZY void classify(history_record const& record, account_id account, history_row& row)
{
    row.record = &record;
    row.account = account;
    row.role.clear();
    row.sent.clear();
    row.received.clear();
    row.fee.reset();
    row.counterparties.clear();
    row.assets.clear();
    row.memo.clear();
    row.transaction_id = {};

    operation const& op = record.op;
    row.operation_type = &detail::table_of(op);
    op.balance_moves(detail::move_collector{row, account});
    detail::find_memo(row.memo, *row.operation_type, &op);
    if (op.known() && op.fee_payer() == account)
    {
        detail::take_result(row, record.result);
        if (asset const fee = op.fee(); fee.amount != 0)
        {
            row.fee = fee;
            // A margin call's fee is part of what the position pays, unlike an order's, which comes out of what it gets.
            if (auto const* const fill = op.get_if<fill_order>(); fill && fee.asset_id == fill->pays.asset_id &&
                                                                  !row.sent.empty() && fee.amount > 0 &&
                                                                  fee.amount <= row.sent[0].amount)
                row.sent[0].amount -= fee.amount;
        }
    }
    detail::row_walker walker(row, account);
    walker.walk(*row.operation_type, &op);
    walker.in_result(record.result);
    for (auto const* amounts : {&row.sent, &row.received})
        for (asset const& a : *amounts)
            walker.need_asset(a.asset_id);
    if (row.fee)
        walker.need_asset(row.fee->asset_id);
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
