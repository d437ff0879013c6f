#pragma once

#include <bitshares/history/csv.hpp>

#include <algorithm>

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
    auto const unreadable = [](char c) {
        return (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\r' && c != '\n') || c == 0x7f;
    };
    if (std::any_of(text.begin(), text.end(), unreadable))
    {
        std::string readable;
        for (char c : text)
            unreadable(c) ? readable.append("\xEF\xBF\xBD") : readable.append(1, c);
        return append_csv_text(line, readable);
    }
    if (text.empty() || std::string_view("=+-@\t\r\n").find(text.front()) == std::string_view::npos)
        return append_csv_plain(line, text);
    std::string guarded(1, '\'');
    append_csv_plain(line, guarded.append(text));
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
