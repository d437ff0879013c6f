#pragma once

#include <bitshares/history/formats.hpp>
#include <bitshares/history/movements.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// What a line for a program that counts a wallet's coins is made of.
struct movement_source
{
    bitshares::movement const& movement;
    history_labels const& labels;
};

/// A format of such a program: its columns, and its rule for fees.
struct tracker_format : basic_export_format<movement_source>
{
    fee_rule fees;
};

namespace detail::cells {

BITSHARES_DECL void moved_time_iso(std::string& out, movement_source const& source);
BITSHARES_DECL void moved_time_dotted(std::string& out, movement_source const& source);
BITSHARES_DECL void moved_time_minutes(std::string& out, movement_source const& source);
BITSHARES_DECL void moved_time_american(std::string& out, movement_source const& source);
BITSHARES_DECL void moved_received_amount(std::string& out, movement_source const& source);
BITSHARES_DECL void moved_received_asset(std::string& out, movement_source const& source);
BITSHARES_DECL void moved_sent_amount(std::string& out, movement_source const& source);
BITSHARES_DECL void moved_sent_asset(std::string& out, movement_source const& source);
BITSHARES_DECL void moved_fee_amount(std::string& out, movement_source const& source);
BITSHARES_DECL void moved_fee_asset(std::string& out, movement_source const& source);
BITSHARES_DECL void moved_fee_beside_amount(std::string& out, movement_source const& source);
BITSHARES_DECL void moved_fee_beside_asset(std::string& out, movement_source const& source);
BITSHARES_DECL void moved_comment(std::string& out, movement_source const& source);
BITSHARES_DECL void moved_operations(std::string& out, movement_source const& source);
BITSHARES_DECL void moved_transaction_id(std::string& out, movement_source const& source);
BITSHARES_DECL void cointracking_type(std::string& out, movement_source const& source);
BITSHARES_DECL void koinly_label(std::string& out, movement_source const& source);
BITSHARES_DECL void ccgains_kind(std::string& out, movement_source const& source);

template <void (*Write)(std::string&, movement_source const&)>
void or_zero(std::string& out, movement_source const& source)
{
    Write(out, source);
    if (out.empty())
        out += '0';
}

inline void nothing(std::string&, movement_source const&) {}

template <char const* Text>
void constant(std::string& out, movement_source const&)
{
    out += Text;
}

inline constexpr char bts_dex[] = "BTS-DEX";
inline constexpr char bitshares_name[] = "Bitshares";
inline constexpr char no_mark[] = "-1";

} // namespace detail::cells

/** @name Programs that count a wallet's coins
    To add one: its columns, and a line in @ref tracker_formats.
    @{
*/

/// CoinTracking's 11 columns, as its own users have them from the reference wallet, but with times in UTC.
inline constexpr basic_format_column<movement_source> cointracking_columns[] = {
    {"Type", cell_kind::plain, detail::cells::cointracking_type},
    {"Buy Amount", cell_kind::plain, detail::cells::moved_received_amount},
    {"Buy Currency", cell_kind::text, detail::cells::moved_received_asset},
    {"Sell Amount", cell_kind::plain, detail::cells::moved_sent_amount},
    {"Sell Currency", cell_kind::text, detail::cells::moved_sent_asset},
    {"Fee Amount", cell_kind::plain, detail::cells::moved_fee_amount},
    {"Fee Currency", cell_kind::text, detail::cells::moved_fee_asset},
    {"Exchange", cell_kind::plain, detail::cells::constant<detail::cells::bts_dex>},
    {"Trade Group", cell_kind::plain, detail::cells::nothing},
    {"Comment", cell_kind::text, detail::cells::moved_comment},
    {"Date", cell_kind::plain, detail::cells::moved_time_dotted},
};

/// Koinly's universal template.
inline constexpr basic_format_column<movement_source> koinly_columns[] = {
    {"Date", cell_kind::plain, detail::cells::moved_time_minutes},
    {"Sent Amount", cell_kind::plain, detail::cells::moved_sent_amount},
    {"Sent Currency", cell_kind::text, detail::cells::moved_sent_asset},
    {"Received Amount", cell_kind::plain, detail::cells::moved_received_amount},
    {"Received Currency", cell_kind::text, detail::cells::moved_received_asset},
    {"Fee Amount", cell_kind::plain, detail::cells::moved_fee_beside_amount},
    {"Fee Currency", cell_kind::text, detail::cells::moved_fee_beside_asset},
    {"Net Worth Amount", cell_kind::plain, detail::cells::nothing},
    {"Net Worth Currency", cell_kind::plain, detail::cells::nothing},
    {"Label", cell_kind::plain, detail::cells::koinly_label},
    {"Description", cell_kind::text, detail::cells::moved_comment},
    {"TxHash", cell_kind::plain, detail::cells::moved_transaction_id},
};

inline constexpr basic_format_column<movement_source> cointracker_columns[] = {
    {"Date", cell_kind::plain, detail::cells::moved_time_american},
    {"Received Quantity", cell_kind::plain, detail::cells::moved_received_amount},
    {"Received Currency", cell_kind::text, detail::cells::moved_received_asset},
    {"Sent Quantity", cell_kind::plain, detail::cells::moved_sent_amount},
    {"Sent Currency", cell_kind::text, detail::cells::moved_sent_asset},
    {"Fee Amount", cell_kind::plain, detail::cells::moved_fee_beside_amount},
    {"Fee Currency", cell_kind::text, detail::cells::moved_fee_beside_asset},
    {"Tag", cell_kind::plain, detail::cells::nothing},
};

/// ccGains' generic form, with 0 for what there is none of, as its users have it.
inline constexpr basic_format_column<movement_source> ccgains_columns[] = {
    {"Kind", cell_kind::plain, detail::cells::ccgains_kind},
    {"Date", cell_kind::plain, detail::cells::moved_time_iso},
    {"Buy currency", cell_kind::text, detail::cells::moved_received_asset},
    {"Buy amount", cell_kind::plain, detail::cells::or_zero<detail::cells::moved_received_amount>},
    {"Sell currency", cell_kind::text, detail::cells::moved_sent_asset},
    {"Sell amount", cell_kind::plain, detail::cells::or_zero<detail::cells::moved_sent_amount>},
    {"Fee currency", cell_kind::text, detail::cells::moved_fee_asset},
    {"Fee amount", cell_kind::plain, detail::cells::or_zero<detail::cells::moved_fee_amount>},
    {"Exchange", cell_kind::plain, detail::cells::constant<detail::cells::bitshares_name>},
    {"Mark", cell_kind::plain, detail::cells::constant<detail::cells::no_mark>},
    {"Comment", cell_kind::text, detail::cells::moved_operations},
};

inline constexpr tracker_format tracker_formats[] = {
    {{"cointracking", "CSV for CoinTracking, its 11 columns", format_style::csv, cointracking_columns},
     fee_rule::included},
    {{"koinly", "CSV for Koinly, its universal template", format_style::csv, koinly_columns}, fee_rule::beside},
    {{"cointracker", "CSV for CoinTracker", format_style::csv, cointracker_columns}, fee_rule::beside},
    {{"ccgains", "CSV for ccGains, its generic form", format_style::csv, ccgains_columns}, fee_rule::included},
};
/// @}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/history/tracker_formats.ipp>
#endif
