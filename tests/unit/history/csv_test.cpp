#include <bitshares/history/csv.hpp>

#include <doctest/doctest.h>

#include <random>
#include <string>

using namespace bitshares;

namespace {

std::string text_cell(std::string_view text)
{
    std::string line;
    append_csv_text(line, text);
    return line;
}

std::string plain_cell(std::string_view text)
{
    std::string line;
    append_csv_plain(line, text);
    return line;
}

// RFC 4180 read back, for one cell.
std::string read_cell(std::string const& cell)
{
    if (cell.empty() || cell.front() != '"')
        return cell;
    std::string text;
    for (std::size_t i = 1; i + 1 < cell.size(); ++i)
    {
        if (cell[i] == '"')
            REQUIRE(cell[++i] == '"');
        text += cell[i];
    }
    return text;
}

} // namespace

TEST_CASE("history/csv: plain text stays as it is")
{
    for (char const* text : {"", "a", "exporter-alice", "1.11.5", "12.00000", "a b", "a;b", "a'b", " lead", "\xc3\xa9"})
        CHECK(text_cell(text) == text);
}

TEST_CASE("history/csv: commas, quotes and line ends are quoted")
{
    CHECK(text_cell("a,b") == "\"a,b\"");
    CHECK(text_cell("say \"hi\"") == "\"say \"\"hi\"\"\"");
    CHECK(text_cell("\"") == "\"\"\"\"");
    CHECK(text_cell("\"\"") == "\"\"\"\"\"\"");
    CHECK(text_cell("two\nlines") == "\"two\nlines\"");
    CHECK(text_cell("two\r\nlines") == "\"two\r\nlines\"");
}

TEST_CASE("history/csv: what a spreadsheet would take for a formula is escaped")
{
    CHECK(text_cell("=1+1") == "'=1+1");
    CHECK(text_cell("+1") == "'+1");
    CHECK(text_cell("-1") == "'-1");
    CHECK(text_cell("@SUM(A1)") == "'@SUM(A1)");
    CHECK(text_cell("\tx") == "'\tx");
    CHECK(text_cell("\rx") == "\"'\rx\"");
    CHECK(text_cell("\n=x") == "\"'\n=x\"");
    CHECK(text_cell("=HYPERLINK(\"http://x\",\"y\")") == "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"");
    CHECK(plain_cell("-0.00001") == "-0.00001");
}

TEST_CASE("history/csv: control characters that readers stop at or terminals obey are replaced")
{
    CHECK(text_cell(std::string_view("a\0b", 3)) == "a\xEF\xBF\xBD"
                                                    "b");
    CHECK(text_cell("\x1b[2J\x7f") == "\xEF\xBF\xBD[2J\xEF\xBF\xBD");
    CHECK(text_cell("a\tb\r\n") == "\"a\tb\r\n\"");
}

TEST_CASE("history/csv: every text is read back as it was")
{
    std::mt19937 random(4180); // NOLINT(cert-msc32-c,cert-msc51-cpp): repeatable
    std::string const alphabet = "ab,\"\r\n =";
    for (int i = 0; i < 5'000; ++i)
    {
        std::string text(random() % 12, ' ');
        for (char& c : text)
            c = alphabet[random() % alphabet.size()];
        REQUIRE(read_cell(plain_cell(text)) == text);
    }
}
