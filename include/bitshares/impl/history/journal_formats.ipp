#pragma once

#include <bitshares/base/utf8.hpp>
#include <bitshares/detail/wide.hpp>
#include <bitshares/history/journal_formats.hpp>
#include <bitshares/impl/history/formats.ipp>

#include <algorithm>
#include <array>
#include <utility>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail::journal {

inline bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

inline bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

inline void append_date(std::string& out, time_point_sec time)
{
    char text[time_text_size];
    write_time(time, text);
    out.append(text, 10);
}

inline void append_clock(std::string& out, time_point_sec time)
{
    char text[time_text_size];
    write_time(time, text);
    out.append(text + 11, 8);
}

inline time_point_sec day_after(time_point_sec time)
{
    std::uint32_t const day = time.seconds / 86'400 + 1;
    return day > 0xffffffff / 86'400 ? time_point_sec::maximum() : time_point_sec{day * 86'400};
}

// Strangers' words in one line.
inline void append_line(std::string& out, std::string_view text, std::string_view escaped, std::string_view replaced)
{
    for (char c : valid_utf8(text))
    {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f || replaced.find(c) != replaced.npos)
            c = ' ';
        if (escaped.find(c) != escaped.npos)
            out += '\\';
        out += c;
    }
}

// Beancount: a capital letter, then capitals, digits and '._- up to 24 in all, at the end a capital or a digit.
inline void append_beancount_symbol(std::string& out, asset_id asset, history_labels const& labels)
{
    std::string_view const symbol = labels.label(asset).symbol;
    auto const capital = [](char c) { return c >= 'A' && c <= 'Z'; };
    bool const fits = symbol.size() >= 2 && symbol.size() <= 24 && capital(symbol.front()) &&
                      (capital(symbol.back()) || is_digit(symbol.back())) && symbol != "TRUE" && symbol != "FALSE" &&
                      symbol != "NULL" && std::all_of(symbol.begin(), symbol.end(), [&capital](char c) {
                          return capital(c) || is_digit(c) || c == '.' || c == '_' || c == '-';
                      });
    if (fits)
        out += symbol;
    else // no symbol of a chain has this apostrophe
        out.append("ASSET'").append(asset.to_string());
}

inline void append_ledger_symbol(std::string& out, asset_id asset, history_labels const& labels)
{
    std::string_view const symbol = labels.label(asset).symbol;
    if (!symbol.empty() && std::all_of(symbol.begin(), symbol.end(), is_letter))
        out += symbol;
    else
    {
        out += '"';
        append_line(out, symbol.empty() ? std::string_view("?") : symbol, {}, "\"\\;@");
        out += '"';
    }
}

inline void beancount_amount(std::string& out, asset const& a, history_labels const& labels)
{
    cells::append_amount(out, a, labels);
    out += ' ';
    append_beancount_symbol(out, a.asset_id, labels);
}

inline void ledger_amount(std::string& out, asset const& a, history_labels const& labels)
{
    cells::append_amount(out, a, labels);
    out += ' ';
    append_ledger_symbol(out, a.asset_id, labels);
}

BITSHARES_DECL void beancount_begin(std::string& out)
{
    // A price for a whole amount is divided by it: without this, amounts of assets without decimals would have to agree to
    // the last of 28 digits.
    out += "option \"title\" \"BitShares\"\noption \"inferred_tolerance_default\" \"*:0.000000000001\"\n\n";
}

BITSHARES_DECL void beancount_open(std::string& out, std::string_view account, time_point_sec time)
{
    append_date(out, time);
    out.append(" open ").append(account) += '\n';
}

BITSHARES_DECL void beancount_commodity(std::string&, asset_id, history_labels const&, time_point_sec) {}

BITSHARES_DECL void beancount_entry(std::string& out, journal_entry const& entry)
{
    constexpr std::string_view special = "\"\\";
    append_date(out, entry.time);
    out += " * ";
    if (!entry.counterparties.empty())
    {
        out += '"';
        append_line(out, entry.counterparties, special, {});
        out += "\" ";
    }
    out.append(1, '"').append(entry.what).append("\"\n  time: \"");
    append_clock(out, entry.time);
    out += "\"\n";
    if (!entry.event)
        return;
    history_record const& record = *entry.event->record;
    out += "  operation: \"";
    cells::append_id(out, record.id);
    out += "\"\n  type: \"";
    append_type_name(out, record.op);
    out += "\"\n";
    if (!entry.event->memo.empty())
    {
        out += "  memo: \"";
        append_line(out, entry.event->memo, special, {});
        out += "\"\n";
    }
    if (!entry.event->transaction_id.empty())
        out.append("  transaction: \"").append(entry.event->transaction_id).append("\"\n");
}

BITSHARES_DECL void beancount_posting(std::string& out, journal_posting const& posting, history_labels const& labels)
{
    out.append("  ").append(posting.account).append("  ");
    beancount_amount(out, posting.amount, labels);
    if (posting.price)
    {
        out += " @@ ";
        beancount_amount(out, *posting.price, labels);
    }
    out += '\n';
}

BITSHARES_DECL void end_entry(std::string& out)
{
    out += '\n';
}

BITSHARES_DECL void beancount_begin_balances(std::string&, time_point_sec) {}

BITSHARES_DECL void beancount_balance(std::string& out, std::string_view account, asset const& amount,
                                      history_labels const& labels, time_point_sec time)
{
    append_date(out, day_after(time)); // it is about a day's beginning
    out.append(" balance ").append(account).append("  ");
    cells::append_amount(out, amount, labels);
    out += " ~ 0 "; // otherwise a unit more or less would do
    append_beancount_symbol(out, amount.asset_id, labels);
    out += '\n';
}

BITSHARES_DECL void ledger_begin(std::string& out)
{
    out += "tag Time\ntag Type\ntag With\ntag Memo\ntag Transaction\n\n";
}

BITSHARES_DECL void ledger_open(std::string& out, std::string_view account, time_point_sec)
{
    out.append("account ").append(account) += '\n';
}

BITSHARES_DECL void ledger_commodity(std::string& out, asset_id asset, history_labels const& labels, time_point_sec)
{
    out += "commodity ";
    append_ledger_symbol(out, asset, labels);
    out += '\n';
}

BITSHARES_DECL void ledger_entry(std::string& out, journal_entry const& entry)
{
    constexpr std::string_view special = ";[]:"; // a comment's end, a date, a tag
    append_date(out, entry.time);
    out += " * ";
    if (entry.event)
    {
        out += '(';
        cells::append_id(out, entry.event->record->id);
        out += ") ";
    }
    out.append(entry.what).append("\n    ; Time: ");
    append_clock(out, entry.time);
    out += '\n';
    if (!entry.event)
        return;
    out += "    ; Type: ";
    append_type_name(out, entry.event->record->op);
    out += '\n';
    if (!entry.counterparties.empty())
    {
        out += "    ; With: ";
        append_line(out, entry.counterparties, {}, special);
        out += '\n';
    }
    if (!entry.event->memo.empty())
    {
        out += "    ; Memo: ";
        append_line(out, entry.event->memo, {}, special);
        out += '\n';
    }
    if (!entry.event->transaction_id.empty())
        out.append("    ; Transaction: ").append(entry.event->transaction_id) += '\n';
}

BITSHARES_DECL void ledger_posting(std::string& out, journal_posting const& posting, history_labels const& labels)
{
    out.append("    ").append(posting.account).append("  ");
    ledger_amount(out, posting.amount, labels);
    if (posting.price)
    {
        out += " @@ ";
        ledger_amount(out, *posting.price, labels);
    }
    out += '\n';
}

BITSHARES_DECL void ledger_begin_balances(std::string& out, time_point_sec time)
{
    append_date(out, time);
    out += " * balances\n";
}

BITSHARES_DECL void ledger_balance(std::string& out, std::string_view account, asset const& amount,
                                   history_labels const& labels, time_point_sec)
{
    out.append("    ").append(account).append("  ");
    ledger_amount(out, {0, amount.asset_id}, labels);
    out += " = ";
    ledger_amount(out, amount, labels);
    out += '\n';
}

inline std::string_view title(ledger_bucket bucket)
{
    switch (bucket)
    {
    case ledger_bucket::liquid: return "Assets:BitShares:?:Liquid";
    case ledger_bucket::order: return "Assets:BitShares:?:Order";
    case ledger_bucket::order_fee: return "Assets:BitShares:?:Order-Fee";
    case ledger_bucket::collateral: return "Assets:BitShares:?:Collateral";
    case ledger_bucket::debt: return "Liabilities:BitShares:?:Debt";
    case ledger_bucket::settlement: return "Assets:BitShares:?:Settlement";
    case ledger_bucket::bid: return "Assets:BitShares:?:Bid";
    case ledger_bucket::htlc: return "Assets:BitShares:?:HTLC";
    case ledger_bucket::vesting: return "Assets:BitShares:?:Vesting";
    case ledger_bucket::ticket: return "Assets:BitShares:?:Ticket";
    case ledger_bucket::samet_fund: return "Assets:BitShares:?:SameT-Fund";
    case ledger_bucket::credit_offer: return "Assets:BitShares:?:Credit-Offer";
    case ledger_bucket::credit_lent: return "Assets:BitShares:?:Credit-Lent";
    case ledger_bucket::credit_collateral: return "Assets:BitShares:?:Credit-Collateral";
    case ledger_bucket::credit_debt: return "Liabilities:BitShares:?:Credit-Debt";
    }
    return "Assets:BitShares:?:Other";
}

} // namespace detail::journal

BITSHARES_DECL journal_writer::journal_writer(journal_format const& format, std::string_view account) : format_(&format)
{
    // Beancount's words begin with a capital and consist of letters, digits and hyphens.
    std::string name;
    bool changed = account.empty();
    for (char c : account)
    {
        bool const fits = detail::journal::is_letter(c) || detail::journal::is_digit(c) || c == '-';
        changed |= !fits;
        name += fits ? c : '-';
    }
    if (!name.empty() && name[0] >= 'a' && name[0] <= 'z')
        name[0] = static_cast<char>(name[0] - 'a' + 'A');
    else if (name.empty() || name[0] < 'A' || name[0] > 'Z')
        name.insert(0, "A-");
    if (changed) // "a.b" is not "a-b"
        name += "-x";
    for (std::size_t b = 0; b < buckets_.size(); ++b)
    {
        buckets_[b] = detail::journal::title(static_cast<ledger_bucket>(b));
        buckets_[b].replace(buckets_[b].find('?'), 1, name);
    }
    transfers_ = "Equity:BitShares:" + name + ":Transfers";
    trading_ = "Equity:BitShares:" + name + ":Trading";
    fees_ = "Expenses:BitShares:" + name + ":Fees";
    income_ = "Income:BitShares:" + name;
    other_ = "Equity:BitShares:" + name + ":Other";
    opening_ = "Equity:BitShares:" + name + ":Opening-Balances";
}

BITSHARES_DECL std::string const& journal_writer::counter_account(ledger_kind kind) const
{
    switch (kind)
    {
    case ledger_kind::deposit:
    case ledger_kind::withdrawal: return transfers_;
    case ledger_kind::trade: return trading_;
    case ledger_kind::fee: return fees_;
    case ledger_kind::income: return income_;
    case ledger_kind::lock:
    case ledger_kind::unlock:
    case ledger_kind::other: break;
    }
    return other_;
}

BITSHARES_DECL void journal_writer::set_used(std::set<use> used)
{
    used_ = std::move(used);
    assets_.clear();
    for (use const& u : used_)
        assets_.insert(u.asset_id);
}

BITSHARES_DECL void journal_writer::note(std::string& out, std::string const& account, asset_id asset,
                                         history_labels const& labels, time_point_sec time)
{
    if (used_.contains(use{account, asset}))
        return;
    auto const at = used_.lower_bound(use{account, asset_id()});
    bool const opened = at != used_.end() && at->account == account;
    if (assets_.insert(asset).second)
        format_->commodity(out, asset, labels, time);
    if (!opened)
        format_->open(out, account, time);
    used_.insert(use{account, asset});
}

BITSHARES_DECL void journal_writer::begin(std::string& out) const
{
    format_->begin(out);
}

BITSHARES_DECL void journal_writer::opening(std::string& out, std::span<statement_line const> lines,
                                            history_labels const& labels, time_point_sec time)
{
    std::string const& equity = opening_;
    struct holding
    {
        std::string account;
        asset amount;
    };
    std::vector<holding> all;
    for (statement_line const& line : lines)
        for (std::size_t b = 0; b < buckets_.size(); ++b)
            if (std::int64_t const amount = line.amounts[b]; amount != 0)
                all.push_back({account_of(b), {amount, line.asset_id}});
    if (all.empty())
        return;
    for (holding const& h : all)
    {
        note(out, h.account, h.amount.asset_id, labels, time);
        note(out, equity, h.amount.asset_id, labels, time);
    }
    format_->entry(out, {time, "opening balances", {}, nullptr});
    for (holding const& h : all)
    {
        format_->posting(out, {h.account, h.amount, std::nullopt}, labels);
        format_->posting(out, {equity, {-h.amount.amount, h.amount.asset_id}, std::nullopt}, labels);
    }
    format_->end_entry(out);
}

BITSHARES_DECL void journal_writer::add(std::string& out, ledger_row const& row, history_row const* event,
                                        history_labels const& labels)
{
    struct line
    {
        std::string account;
        asset amount;
        std::optional<asset> price;
    };
    std::vector<line> lines;
    std::vector<std::pair<asset_id, detail::signed_wide>> nets;
    for (ledger_posting const& p : row.postings)
    {
        if (p.amount.amount == 0)
            continue;
        lines.push_back({account_of(static_cast<std::size_t>(p.bucket)), p.amount, std::nullopt});
        auto const same =
            std::find_if(nets.begin(), nets.end(), [&p](auto const& n) { return n.first == p.amount.asset_id; });
        (same != nets.end() ? *same : nets.emplace_back(p.amount.asset_id, 0)).second += p.amount.amount;
    }
    if (lines.empty())
        return;
    bool const simple_trade = row.kind == ledger_kind::trade && lines.size() == 2 && nets.size() == 2 &&
                              (lines[0].amount.amount < 0) != (lines[1].amount.amount < 0);
    if (simple_trade)
    {
        std::size_t const sold = lines[0].amount.amount < 0 ? 0 : 1;
        lines[sold].price = lines[1 - sold].amount;
    }
    else
    {
        for (auto [asset, net] : nets)
            while (net != 0) // a sum may be more than one amount holds
            {
                constexpr detail::signed_wide most = INT64_MAX;
                auto const part = static_cast<std::int64_t>(net > most ? most : net < -most ? -most : net);
                lines.push_back({counter_account(row.kind), {-part, asset}, std::nullopt});
                net -= part;
            }
    }
    for (line const& l : lines)
        note(out, l.account, l.amount.asset_id, labels, row.place.time);
    journal_entry entry{row.place.time, row.what, {}, event};
    if (event)
        detail::cells::counterparties(entry.counterparties, {*event, labels});
    format_->entry(out, entry);
    for (line const& l : lines)
        format_->posting(out, {l.account, l.amount, l.price}, labels);
    format_->end_entry(out);
}

BITSHARES_DECL void journal_writer::closing(std::string& out, std::span<statement_line const> lines,
                                            history_labels const& labels, time_point_sec time)
{
    struct holding
    {
        std::string account;
        asset amount;
    };
    std::vector<holding> all;
    for (statement_line const& line : lines)
        for (std::size_t b = 0; b < buckets_.size(); ++b)
        {
            holding h{account_of(b), {line.amounts[b], line.asset_id}};
            bool const used = used_.contains(use{h.account, h.amount.asset_id});
            if (!used && h.amount.amount == 0)
                continue;
            if (!used)
                note(out, h.account, h.amount.asset_id, labels, time);
            all.push_back(std::move(h));
        }
    if (all.empty())
        return;
    format_->begin_balances(out, time);
    for (holding const& h : all)
        format_->balance(out, h.account, h.amount, labels, time);
    format_->end_entry(out);
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
