#pragma once

#include <bitshares/history/csv.hpp>
#include <bitshares/history/formats.hpp>
#include <bitshares/protocol/json.hpp>

#include <charconv>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail::cells {

inline void append_number(std::string& out, std::uint64_t value)
{
    char text[20];
    out.append(text, std::to_chars(text, text + sizeof text, value).ptr);
}

inline void append_id(std::string& out, any_object_id id)
{
    char text[max_object_id_text];
    out.append(text, write_object_id(id, text));
}

inline void append_amount(std::string& out, asset const& a, history_labels const& labels)
{
    char text[max_amount_text];
    out.append(text, write_amount(a.amount, labels.label(a.asset_id).precision, text));
}

inline void append_amounts(std::string& out, std::vector<asset> const& amounts, history_labels const& labels)
{
    bool first = true;
    for (asset const& a : amounts)
    {
        if (!std::exchange(first, false))
            out += " + ";
        append_amount(out, a, labels);
    }
}

inline void append_symbols(std::string& out, std::vector<asset> const& amounts, history_labels const& labels)
{
    bool first = true;
    for (asset const& a : amounts)
    {
        if (!std::exchange(first, false))
            out += " + ";
        out += labels.label(a.asset_id).symbol;
    }
}

inline void append_asset_json(std::string& out, asset const& a, history_labels const& labels)
{
    out += "{\"amount\":\"";
    append_amount(out, a, labels);
    out += "\",\"asset\":";
    out += json_quote(labels.label(a.asset_id).symbol);
    out += ",\"asset_id\":\"";
    append_id(out, a.asset_id);
    out += "\"}";
}

inline void append_assets_json(std::string& out, std::vector<asset> const& amounts, history_labels const& labels)
{
    out += '[';
    for (bool first = true; asset const& a : amounts)
    {
        if (!std::exchange(first, false))
            out += ',';
        append_asset_json(out, a, labels);
    }
    out += ']';
}

/* An operation's result in words: ids, amounts with their symbols, names; members with their names. It walks the types'
   tables, so that new results need nothing here. */
inline void append_words(std::string& out, type_info const& type, void const* value, row_source const& source)
{
    history_labels const& labels = source.labels;
    auto const at = [value](field_info const& field) -> void const* {
        return static_cast<std::byte const*>(value) + field.offset;
    };
    switch (type.kind)
    {
    case type_kind::object_id:
    {
        std::uint64_t instance = 0;
        std::memcpy(&instance, value, sizeof instance);
        if (&type == &type_of<account_id>)
            out += labels.name(account_id(instance));
        else
            append_id(out, {static_cast<std::uint8_t>(type.parameter >> 8), static_cast<std::uint8_t>(type.parameter),
                            instance});
        return;
    }
    case type_kind::any_object_id: return append_id(out, *static_cast<any_object_id const*>(value));
    case type_kind::optional:
        if (void const* const inner = type.optional->get(value))
            append_words(out, *type.element, inner, source);
        return;
    case type_kind::sequence:
    {
        std::size_t const count = type.sequence->size(value);
        auto const* element = static_cast<std::byte const*>(count ? type.sequence->data(value) : nullptr);
        for (std::size_t i = 0; i < count; ++i, element += type.element->size)
        {
            if (i != 0)
                out += " + ";
            append_words(out, *type.element, element, source);
        }
        return;
    }
    case type_kind::structure:
    case type_kind::extension:
    {
        if (&type == &type_of<asset>)
        {
            auto const& amount = *static_cast<asset const*>(value);
            append_amount(out, amount, labels);
            out += ' ';
            out += labels.label(amount.asset_id).symbol;
            return;
        }
        std::size_t const begin = out.size();
        for (std::size_t i = 0; i < type.field_count; ++i)
        {
            std::size_t const before = out.size();
            if (before != begin)
                out += "; ";
            for (char c : type.fields[i].name)
                out += c == '_' ? ' ' : c;
            out += ' ';
            std::size_t const named = out.size();
            append_words(out, *type.fields[i].type, at(type.fields[i]), source);
            if (out.size() == named)
                out.resize(before);
        }
        return;
    }
    case type_kind::variant:
    {
        variant_operations const& variant = *type.variant;
        std::size_t const index = variant.index(value);
        if (index < variant.count)
            append_words(out, *variant.alternatives[index], variant.get(value), source);
        else
            out += variant.unknown(value)->raw_json;
        return;
    }
    default: detail::write_json(out, type, value, source.key_prefix); return;
    }
}

BITSHARES_DECL void time_utc(std::string& out, row_source const& source)
{
    char text[time_text_size];
    write_time(source.row.record->block_time, text);
    text[10] = ' '; // as spreadsheets like it
    out.append(text, sizeof text);
}

BITSHARES_DECL void time_iso(std::string& out, row_source const& source)
{
    char text[time_text_size];
    write_time(source.row.record->block_time, text);
    out.append(text, sizeof text) += 'Z';
}

BITSHARES_DECL void block(std::string& out, row_source const& source)
{
    append_number(out, source.row.record->block_num);
}

BITSHARES_DECL void operation_id(std::string& out, row_source const& source)
{
    append_id(out, source.row.record->id);
}

BITSHARES_DECL void sequence(std::string& out, row_source const& source)
{
    append_number(out, source.row.record->sequence);
}

BITSHARES_DECL void type(std::string& out, row_source const& source)
{
    append_type_name(out, source.row.record->op);
}

BITSHARES_DECL void is_virtual(std::string& out, row_source const& source)
{
    // Older nodes do not tell; then the type and the position tell most of it.
    history_record const& record = *source.row.record;
    out += record.is_virtual || record.virtual_op != 0 || record.op.is_virtual() ? "true" : "false";
}

BITSHARES_DECL void role(std::string& out, row_source const& source)
{
    out += source.row.role;
}

BITSHARES_DECL void sent_amount(std::string& out, row_source const& source)
{
    append_amounts(out, source.row.sent, source.labels);
}

BITSHARES_DECL void sent_asset(std::string& out, row_source const& source)
{
    append_symbols(out, source.row.sent, source.labels);
}

BITSHARES_DECL void received_amount(std::string& out, row_source const& source)
{
    append_amounts(out, source.row.received, source.labels);
}

BITSHARES_DECL void received_asset(std::string& out, row_source const& source)
{
    append_symbols(out, source.row.received, source.labels);
}

BITSHARES_DECL void fee_amount(std::string& out, row_source const& source)
{
    if (source.row.fee)
        append_amount(out, *source.row.fee, source.labels);
}

BITSHARES_DECL void fee_asset(std::string& out, row_source const& source)
{
    if (source.row.fee)
        out += source.labels.label(source.row.fee->asset_id).symbol;
}

BITSHARES_DECL void counterparties(std::string& out, row_source const& source)
{
    for (bool first = true; account_id id : source.row.counterparties)
    {
        if (!std::exchange(first, false))
            out += ' ';
        out += source.labels.name(id);
    }
}

BITSHARES_DECL void memo(std::string& out, row_source const& source)
{
    out += source.row.memo;
}

BITSHARES_DECL void result(std::string& out, row_source const& source)
{
    append_words(out, type_of<operation_result>, &source.row.record->result, source);
}

BITSHARES_DECL void details(std::string& out, row_source const& source)
{
    if (auto const* const unknown = source.row.record->op.value.get_if<unknown_operation>())
        out += unknown->raw_json;
}

BITSHARES_DECL void transaction_id(std::string& out, row_source const& source)
{
    out += source.row.transaction_id;
}

BITSHARES_DECL void sent_json(std::string& out, row_source const& source)
{
    append_assets_json(out, source.row.sent, source.labels);
}

BITSHARES_DECL void received_json(std::string& out, row_source const& source)
{
    append_assets_json(out, source.row.received, source.labels);
}

BITSHARES_DECL void fee_json(std::string& out, row_source const& source)
{
    if (source.row.fee)
        append_asset_json(out, *source.row.fee, source.labels);
    else
        out += "null";
}

BITSHARES_DECL void counterparties_json(std::string& out, row_source const& source)
{
    out += '[';
    for (bool first = true; account_id id : source.row.counterparties)
    {
        if (!std::exchange(first, false))
            out += ',';
        out += json_quote(source.labels.name(id));
    }
    out += ']';
}

BITSHARES_DECL void trx_in_block(std::string& out, row_source const& source)
{
    append_number(out, source.row.record->trx_in_block);
}

BITSHARES_DECL void op_in_trx(std::string& out, row_source const& source)
{
    append_number(out, source.row.record->op_in_trx);
}

BITSHARES_DECL void virtual_op(std::string& out, row_source const& source)
{
    append_number(out, source.row.record->virtual_op);
}

BITSHARES_DECL void op_json(std::string& out, row_source const& source)
{
    detail::write_json(out, *source.row.operation_type, &source.row.record->op, source.key_prefix);
}

BITSHARES_DECL void result_json(std::string& out, row_source const& source)
{
    bitshares::write_json(out, source.row.record->result, source.key_prefix);
}

BITSHARES_DECL void time_milliseconds(std::string& out, row_source const& source)
{
    char text[time_text_size];
    write_time(source.row.record->block_time, text);
    out.append(text, sizeof text).append(".000Z"); // as JavaScript writes dates
}

// Of `[0,{...}]` the second.
BITSHARES_DECL void body_json(std::string& out, row_source const& source)
{
    std::size_t const begin = out.size();
    op_json(out, source);
    std::size_t const comma = out.find(',', begin), end = out.rfind(']');
    if (comma == out.npos || end == out.npos || end < comma) // an unknown one may be of any form
        return;
    out.erase(end);
    out.erase(begin, comma + 1 - begin);
}

} // namespace detail::cells

template <class Source>
void append_header(std::string& out, basic_export_format<Source> const& format, bool transaction_ids)
{
    if (format.style != format_style::csv)
        return;
    for (bool first = true; auto const& column : format.columns)
    {
        if (column.transaction_id && !transaction_ids)
            continue;
        if (!std::exchange(first, false))
            out += ',';
        append_csv_plain(out, column.name);
    }
    out += "\r\n";
}

template <class Source>
void append_row(std::string& out, basic_export_format<Source> const& format, std::type_identity_t<Source> const& source,
                bool transaction_ids, std::string& scratch)
{
    bool const json = format.style != format_style::csv;
    bool key = format.style == format_style::keyed_json_lines;
    if (json)
        out += key ? '[' : '{';
    for (bool first = true; auto const& column : format.columns)
    {
        if (column.transaction_id && !transaction_ids)
            continue;
        if (!std::exchange(first, false))
            out += ',';
        if (json && !key)
            out.append(1, '"').append(column.name).append("\":");
        scratch.clear();
        column.write(scratch, source);
        switch (column.kind)
        {
        case cell_kind::text: json ? void(out += json_quote(scratch)) : append_csv_text(out, scratch); break;
        case cell_kind::plain:
            json ? void(out.append(1, '"').append(scratch) += '"') : append_csv_plain(out, scratch);
            break;
        case cell_kind::json: json ? void(out += scratch) : append_csv_text(out, scratch); break;
        }
        if (std::exchange(key, false))
        {
            out += ",{";
            first = true;
        }
    }
    out += !json ? "\r\n" : format.style == format_style::keyed_json_lines ? "}]\n" : "}\n";
}

#ifdef BITSHARES_SEPARATE_COMPILATION
template void append_header(std::string&, export_format const&, bool);
template void append_row(std::string&, export_format const&, row_source const&, bool, std::string&);
#endif

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
