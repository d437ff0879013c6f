#pragma once

#include <bitshares/detail/config.hpp>

#include <string>
#include <string_view>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** Appends a cell of text to a line of CSV (RFC 4180): in quotes where it holds a comma, a quote, or a line's end.

    A spreadsheet takes a cell that begins with `=`, `+`, `-`, `@`, a tab, or a line's end for a formula, or runs what stands
    there; strangers choose such text (memos, names of their own). So an apostrophe goes before it. Control characters other
    than tab and line ends, at which readers stop or which terminals obey, become U+FFFD.
*/
BITSHARES_DECL void append_csv_text(std::string& line, std::string_view text);

/// As @ref append_csv_text, for what the program itself made of digits: a minus sign stays a minus sign.
BITSHARES_DECL void append_csv_plain(std::string& line, std::string_view text);

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/history/csv.ipp>
#endif
