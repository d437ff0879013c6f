#pragma once

#include <bitshares/history/csv.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

BITSHARES_DECL void append_csv_plain(std::string& line, std::string_view text)
{
    if (text.find_first_of(",\"\r\n") == text.npos)
    {
        line.append(text);
        return;
    }
    line += '"';
    for (std::size_t quote; (quote = text.find('"')) != text.npos; text.remove_prefix(quote + 1))
        line.append(text.substr(0, quote)).append("\"\"");
    line.append(text) += '"';
}

BITSHARES_DECL void append_csv_text(std::string& line, std::string_view text)
{
    if (text.empty() || std::string_view("=+-@\t\r\n").find(text.front()) == std::string_view::npos)
        return append_csv_plain(line, text);
    std::string guarded(1, '\'');
    append_csv_plain(line, guarded.append(text));
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
