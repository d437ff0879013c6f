#include "screen.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <sys/ioctl.h>
#include <unistd.h>

namespace program {

namespace {

// Takes the first character away, and says how many columns it has. What is no UTF-8 counts as one column a byte.
std::size_t take_character(std::string_view& text)
{
    auto const lead = static_cast<unsigned char>(text.front());
    std::size_t size = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    std::uint32_t code = size == 1 ? lead : lead & (0xffu >> (size + 1));
    for (std::size_t i = 1; i < size; ++i)
    {
        if (i == text.size() || (static_cast<unsigned char>(text[i]) & 0xc0) != 0x80)
        {
            text.remove_prefix(1);
            return 1;
        }
        code = code << 6 | (static_cast<unsigned char>(text[i]) & 0x3fu);
    }
    text.remove_prefix(size);
    auto const in = [code](std::uint32_t first, std::uint32_t last) { return code >= first && code <= last; };
    if (in(0x300, 0x36f)) // accents of the character before
        return 0;
    // East Asian letters and pictures take two.
    bool const wide = in(0x1100, 0x115f) || in(0x2e80, 0x303e) || in(0x3041, 0xa4cf) || in(0xac00, 0xd7a3) ||
                      in(0xf900, 0xfaff) || in(0xfe30, 0xfe6f) || in(0xff00, 0xff60) || in(0xffe0, 0xffe6) ||
                      in(0x1f300, 0x1faff) || in(0x20000, 0x3fffd);
    return wide ? 2 : 1;
}

} // namespace

bool on_a_terminal()
{
    char const* const term = std::getenv("TERM");
    return ::isatty(STDOUT_FILENO) == 1 && term != nullptr && *term != '\0' && std::string_view(term) != "dumb";
}

// Without wrapping: a line that is wider than it was counted must not push the others down.
screen::screen()
{
    write("\033[?1049h\033[?25l\033[?7l");
}

screen::~screen()
{
    write("\033[?7h\033[?25h\033[?1049l");
}

screen::extent screen::size()
{
    winsize w = {};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) != 0 || w.ws_col == 0 || w.ws_row == 0)
        return {};
    return {w.ws_col, w.ws_row};
}

bool screen::write(std::string_view text)
{
    while (!text.empty())
    {
        ::ssize_t const put = ::write(STDOUT_FILENO, text.data(), text.size());
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        text.remove_prefix(static_cast<std::size_t>(put));
    }
    return true;
}

std::string screen::frame(std::vector<line> const& lines, extent size)
{
    bool const colours = std::getenv("NO_COLOR") == nullptr;
    std::string out = "\033[H";
    std::size_t const count = std::min(lines.size(), size.rows);
    for (std::size_t i = 0; i < count; ++i)
    {
        auto const& [style, text] = lines[i];
        bool const styled = *style != '\0' && (colours || std::string_view(style) == "\033[7m");
        out.append(styled ? style : "").append(fit(text, size.columns)).append(styled ? "\033[0m" : "");
        out += "\033[K";
        if (i + 1 < count)
            out += "\r\n";
    }
    return out + "\033[J";
}

std::size_t columns_of(std::string_view utf8)
{
    std::size_t columns = 0;
    while (!utf8.empty())
        columns += take_character(utf8);
    return columns;
}

std::string right(std::string const& text, std::size_t width)
{
    std::size_t const used = columns_of(text);
    return std::string(width > used ? width - used : 0, ' ') + text;
}

std::string left(std::string const& text, std::size_t width)
{
    std::size_t const used = columns_of(text);
    return text + std::string(width > used ? width - used : 0, ' ');
}

std::string_view fit(std::string_view utf8, std::size_t width)
{
    std::string_view rest = utf8;
    while (!rest.empty())
    {
        std::string_view const before = rest;
        std::size_t const columns = take_character(rest);
        if (columns > width)
            return utf8.substr(0, utf8.size() - before.size());
        width -= columns;
    }
    return utf8;
}

std::string span_text(long long seconds)
{
    if (seconds < 120)
        return std::to_string(seconds) + " s";
    if (seconds < 7200)
        return std::to_string(seconds / 60) + " min";
    return seconds < 172'800 ? std::to_string(seconds / 3600) + " h" : std::to_string(seconds / 86'400) + " days";
}

} // namespace program
