#pragma once

#include <bitshares/history/ledger_formats.hpp>
#include <bitshares/impl/history/formats.ipp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

BITSHARES_LAZY std::vector<statement_line> make_statement(ledger const& books,
                                                          std::map<asset_id, std::int64_t> const* node,
                                                          std::map<asset_id, std::int64_t> const* vesting_node)
{
    std::map<asset_id, statement_line> lines;
    auto const add = [&lines](asset_id asset, ledger_bucket bucket, std::int64_t amount) {
        statement_line& line = lines[asset];
        std::int64_t& sum = line.amounts[static_cast<std::size_t>(bucket)];
        // One asset's supply is less than 2^63, and so is every sum of what is there at once.
        sum = static_cast<std::int64_t>(static_cast<std::uint64_t>(sum) + static_cast<std::uint64_t>(amount));
    };
    for (auto const& [asset, amount] : books.balances())
        add(asset, ledger_bucket::liquid, amount);
    for (auto const& [holding, amount] : books.holdings())
        add(holding.asset_id, holding.bucket, amount);
    for (auto const* told : {node, vesting_node})
        if (told)
            for (auto const& [asset, amount] : *told)
                lines[asset];
    auto const told_of = [](std::map<asset_id, std::int64_t> const* told, asset_id asset) {
        if (!told)
            return std::optional<std::int64_t>();
        auto const at = told->find(asset);
        return std::optional(at == told->end() ? 0 : at->second);
    };
    std::vector<statement_line> all;
    for (auto& [asset, line] : lines)
    {
        line.asset_id = asset;
        line.node = told_of(node, asset);
        line.vesting_node = told_of(vesting_node, asset);
        all.push_back(line);
    }
    return all;
}

namespace detail::cells {

BITSHARES_DECL void line_time(std::string& out, ledger_source const& source)
{
    char text[time_text_size];
    write_time(source.row.place.time, text);
    text[10] = ' '; // as spreadsheets like it
    out.append(text, sizeof text);
}

BITSHARES_DECL void line_block(std::string& out, ledger_source const& source)
{
    if (source.event)
        append_number(out, source.row.place.block_num);
}

BITSHARES_DECL void line_operation_id(std::string& out, ledger_source const& source)
{
    if (source.event)
        append_id(out, source.row.place.id);
}

BITSHARES_DECL void line_sequence(std::string& out, ledger_source const& source)
{
    if (source.event)
        append_number(out, source.row.place.sequence);
}

BITSHARES_DECL void line_type(std::string& out, ledger_source const& source)
{
    if (source.event)
        type(out, {*source.event, source.labels});
}

BITSHARES_DECL void line_virtual(std::string& out, ledger_source const& source)
{
    if (source.event)
        is_virtual(out, {*source.event, source.labels});
    else
        out += "true";
}

BITSHARES_DECL void line_row(std::string& out, ledger_source const& source)
{
    append_number(out, source.number);
}

BITSHARES_DECL void line_kind(std::string& out, ledger_source const& source)
{
    out += name(source.row.kind);
}

BITSHARES_DECL void line_what(std::string& out, ledger_source const& source)
{
    out += source.row.what;
}

BITSHARES_DECL void line_bucket(std::string& out, ledger_source const& source)
{
    out += name(source.posting.bucket);
}

BITSHARES_DECL void line_object(std::string& out, ledger_source const& source)
{
    if (source.posting.object != any_object_id())
        append_id(out, source.posting.object);
}

BITSHARES_DECL void line_amount(std::string& out, ledger_source const& source)
{
    append_amount(out, source.posting.amount, source.labels);
}

BITSHARES_DECL void line_asset(std::string& out, ledger_source const& source)
{
    out += source.labels.label(source.posting.amount.asset_id).symbol;
}

BITSHARES_DECL void line_balance(std::string& out, ledger_source const& source)
{
    append_amount(out, {source.posting.balance, source.posting.amount.asset_id}, source.labels);
}

BITSHARES_DECL void line_counterparties(std::string& out, ledger_source const& source)
{
    if (source.event)
        counterparties(out, {*source.event, source.labels});
}

BITSHARES_DECL void line_memo(std::string& out, ledger_source const& source)
{
    if (source.event)
        memo(out, {*source.event, source.labels});
}

BITSHARES_DECL void line_transaction_id(std::string& out, ledger_source const& source)
{
    if (source.event)
        transaction_id(out, {*source.event, source.labels});
}

BITSHARES_DECL void statement_time(std::string& out, statement_source const& source)
{
    char text[time_text_size];
    write_time(source.time, text);
    text[10] = ' ';
    out.append(text, sizeof text);
}

BITSHARES_DECL void statement_asset(std::string& out, statement_source const& source)
{
    out += source.labels.label(source.line.asset_id).symbol;
}

BITSHARES_DECL void statement_asset_id(std::string& out, statement_source const& source)
{
    append_id(out, source.line.asset_id);
}

BITSHARES_DECL void append_bucket(std::string& out, statement_source const& source, ledger_bucket bucket)
{
    append_amount(out, {source.line.amount(bucket), source.line.asset_id}, source.labels);
}

BITSHARES_DECL void statement_total(std::string& out, statement_source const& source)
{
    std::uint64_t sum = 0;
    for (std::int64_t amount : source.line.amounts)
        sum += static_cast<std::uint64_t>(amount);
    append_amount(out, {static_cast<std::int64_t>(sum), source.line.asset_id}, source.labels);
}

BITSHARES_DECL void statement_node(std::string& out, statement_source const& source)
{
    if (source.line.node)
        append_amount(out, {*source.line.node, source.line.asset_id}, source.labels);
}

BITSHARES_DECL void statement_vesting_node(std::string& out, statement_source const& source)
{
    if (source.line.vesting_node)
        append_amount(out, {*source.line.vesting_node, source.line.asset_id}, source.labels);
}

} // namespace detail::cells

#ifdef BITSHARES_SEPARATE_COMPILATION
template void append_header(std::string&, basic_export_format<ledger_source> const&, bool);
template void append_row(std::string&, basic_export_format<ledger_source> const&, ledger_source const&, bool,
                         std::string&);
template void append_header(std::string&, basic_export_format<statement_source> const&, bool);
template void append_row(std::string&, basic_export_format<statement_source> const&, statement_source const&, bool,
                         std::string&);
#endif

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
