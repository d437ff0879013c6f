#include <bitshares/base/utf8.hpp>

#include <doctest/doctest.h>

#include <cstdint>

using namespace bitshares;

namespace {

// The same by arithmetic: what stands there is a character if its shortest form is what stands there.
std::size_t slowly(std::string const& text)
{
    auto const byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    for (std::size_t i = 0; i < text.size();)
    {
        unsigned const lead = byte(i);
        std::size_t const size = lead < 0x80             ? 1
                                 : (lead & 0xe0) == 0xc0 ? 2
                                 : (lead & 0xf0) == 0xe0 ? 3
                                 : (lead & 0xf8) == 0xf0 ? 4
                                                         : 0;
        if (size == 0 || text.size() - i < size)
            return i;
        std::uint32_t point = size == 1 ? lead : lead & (0x7fU >> size);
        for (std::size_t k = 1; k < size; ++k)
        {
            if ((byte(i + k) & 0xc0) != 0x80)
                return i;
            point = point << 6 | (byte(i + k) & 0x3f);
        }
        std::uint32_t const least[] = {0, 0, 0x80, 0x800, 0x10000};
        if (point < least[size] || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
            return i;
        i += size;
    }
    return text.size();
}

} // namespace

TEST_CASE("base/utf8: every sequence of up to three bytes that matter, and the edges of four")
{
    std::size_t checked = 0;
    auto const check = [&](std::string const& text) {
        if (std::string const padded = "eight by" + text + "tes eight"; // the quick step and the slow one
            find_invalid_utf8(text) != slowly(text) || find_invalid_utf8(padded) != slowly(padded))
            FAIL(text);
        ++checked;
    };
    auto const c = [](int value) { return static_cast<char>(static_cast<unsigned char>(value)); };
    constexpr int edges[] = {0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff};
    for (int a = 0; a < 256; ++a)
    {
        check({c(a)});
        for (int b = 0; b < 256; ++b)
        {
            check({c(a), c(b)});
            for (int d : edges)
            {
                check({c(a), c(b), c(d)});
                if (a >= 0xe0)
                    for (int e : edges)
                        check({c(a), c(b), c(d), c(e)});
            }
        }
    }
    CHECK(checked > 1'000'000);
    CHECK(find_invalid_utf8("") == 0);
    CHECK(find_invalid_utf8("plain \xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80") == 17);
}

TEST_CASE("base/utf8: each byte that is not UTF-8 becomes one mark, and what is there is kept")
{
    CHECK(valid_utf8("h\xc3\xa9") == "h\xc3\xa9");
    CHECK(valid_utf8("a\xff"
                     "b\xc3") == "a\xef\xbf\xbd"
                                 "b\xef\xbf\xbd");
    CHECK(valid_utf8("\xed\xa0\x80") == "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"); // half of a surrogate pair
    CHECK(valid_utf8("").empty());
    std::string out = "kept ";
    append_valid_utf8(out, "\xfe");
    CHECK(out == "kept \xef\xbf\xbd");
}

TEST_CASE("base/utf8: a text is cut between characters")
{
    std::string const text = "ab\xe2\x82\xac\xf0\x9f\x98\x80z"; // at 2 and 5
    std::size_t const ends[] = {0, 1, 2, 2, 2, 5, 5, 5, 5, 9, 10};
    for (std::size_t max = 0; max <= text.size(); ++max)
    {
        CAPTURE(max);
        CHECK(valid_utf8(text, max) == text.substr(0, ends[max]));
    }
    CHECK(valid_utf8(text, 1000) == text);
    // What has no characters is cut near the limit all the same.
    CHECK(valid_utf8(std::string(100, '\x80'), 10).size() == 3 * 7);
}
