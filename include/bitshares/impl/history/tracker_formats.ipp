#pragma once

#include <bitshares/history/tracker_formats.hpp>
#include <bitshares/impl/history/formats.ipp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail::cells {

inline void append_some(std::string& out, std::optional<asset> const& a, history_labels const& labels)
{
    if (a)
        append_amount(out, *a, labels);
}

inline void append_some_symbol(std::string& out, std::optional<asset> const& a, history_labels const& labels)
{
    if (a)
        out += labels.label(a->asset_id).symbol;
}

// "YYYY-MM-DDThh:mm:ss", of which formats take pieces.
struct time_text
{
    explicit time_text(movement_source const& source) { write_time(source.movement.place.time, text); }

    std::string_view year() const { return {text, 4}; }
    std::string_view month() const { return {text + 5, 2}; }
    std::string_view day() const { return {text + 8, 2}; }
    std::string_view clock() const { return {text + 11, 8}; }

    char text[time_text_size];
};

BITSHARES_DECL void moved_time_iso(std::string& out, movement_source const& source)
{
    time_text const t(source);
    out.append(t.text, sizeof t.text) += 'Z';
}

BITSHARES_DECL void moved_time_dotted(std::string& out, movement_source const& source)
{
    time_text const t(source);
    out.append(t.day()).append(1, '.').append(t.month()).append(1, '.').append(t.year());
    out.append(1, ' ').append(t.clock()).append(" GMT+0000");
}

BITSHARES_DECL void moved_time_minutes(std::string& out, movement_source const& source)
{
    time_text const t(source);
    out.append(t.text, 10).append(1, ' ').append(t.clock().substr(0, 5)).append(" UTC");
}

BITSHARES_DECL void moved_time_american(std::string& out, movement_source const& source)
{
    time_text const t(source);
    out.append(t.month()).append(1, '/').append(t.day()).append(1, '/').append(t.year());
    out.append(1, ' ').append(t.clock());
}

BITSHARES_DECL void moved_received_amount(std::string& out, movement_source const& source)
{
    append_some(out, source.movement.received, source.labels);
}

BITSHARES_DECL void moved_received_asset(std::string& out, movement_source const& source)
{
    append_some_symbol(out, source.movement.received, source.labels);
}

BITSHARES_DECL void moved_sent_amount(std::string& out, movement_source const& source)
{
    append_some(out, source.movement.sent, source.labels);
}

BITSHARES_DECL void moved_sent_asset(std::string& out, movement_source const& source)
{
    append_some_symbol(out, source.movement.sent, source.labels);
}

BITSHARES_DECL void moved_fee_amount(std::string& out, movement_source const& source)
{
    append_some(out, source.movement.fee, source.labels);
}

BITSHARES_DECL void moved_fee_asset(std::string& out, movement_source const& source)
{
    append_some_symbol(out, source.movement.fee, source.labels);
}

// A fee that stands alone is what was sent, and must not be counted twice.
BITSHARES_DECL void moved_fee_beside_amount(std::string& out, movement_source const& source)
{
    if (source.movement.kind != movement_kind::fee)
        moved_fee_amount(out, source);
}

BITSHARES_DECL void moved_fee_beside_asset(std::string& out, movement_source const& source)
{
    if (source.movement.kind != movement_kind::fee)
        moved_fee_asset(out, source);
}

BITSHARES_DECL void moved_operations(std::string& out, movement_source const& source)
{
    for (bool first = true; operation_history_id id : source.movement.operations)
    {
        if (!std::exchange(first, false))
            out += ' ';
        append_id(out, id);
    }
}

BITSHARES_DECL void moved_comment(std::string& out, movement_source const& source)
{
    movement const& m = source.movement;
    out += m.what;
    if (!m.counterparties.empty() && m.kind != movement_kind::fee)
    {
        out += m.received && !m.sent ? " from" : m.sent && !m.received ? " to" : " with";
        for (account_id who : m.counterparties)
            out.append(1, ' ').append(source.labels.name(who));
    }
    if (!m.operations.empty())
        out += ", ";
    moved_operations(out, source);
}

BITSHARES_DECL void moved_transaction_id(std::string& out, movement_source const& source)
{
    out += source.movement.transaction_id;
}

BITSHARES_DECL void cointracking_type(std::string& out, movement_source const& source)
{
    switch (source.movement.kind)
    {
    case movement_kind::deposit: out += "Deposit"; break;
    case movement_kind::withdrawal: out += "Withdrawal"; break;
    case movement_kind::trade: out += "Trade"; break;
    case movement_kind::fee: out += "Other Fee"; break;
    case movement_kind::income: out += "Income"; break;
    }
}

BITSHARES_DECL void koinly_label(std::string& out, movement_source const& source)
{
    switch (source.movement.kind)
    {
    case movement_kind::deposit:
    case movement_kind::withdrawal:
    case movement_kind::trade: break;
    case movement_kind::fee: out += "cost"; break;
    case movement_kind::income: out += "income"; break;
    }
}

BITSHARES_DECL void ccgains_kind(std::string& out, movement_source const& source)
{
    switch (source.movement.kind)
    {
    case movement_kind::deposit:
    case movement_kind::income: out += "Deposit"; break;
    case movement_kind::withdrawal:
    case movement_kind::fee: out += "Withdrawal"; break;
    case movement_kind::trade: out += "Trade"; break;
    }
}

} // namespace detail::cells

#ifdef BITSHARES_SEPARATE_COMPILATION
template void append_header(std::string&, basic_export_format<movement_source> const&, bool);
template void append_row(std::string&, basic_export_format<movement_source> const&, movement_source const&, bool,
                         std::string&);
#endif

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
