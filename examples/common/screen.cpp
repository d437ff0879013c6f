#include "screen.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <sys/ioctl.h>
#include <unistd.h>

namespace program {

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
    return static_cast<std::size_t>(
        std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
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
    std::size_t i = 0;
    for (; i < utf8.size(); ++i)
        if ((static_cast<unsigned char>(utf8[i]) & 0xc0) != 0x80 && width-- == 0)
            break;
    return utf8.substr(0, i);
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
