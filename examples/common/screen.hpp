#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace program {

/// Whether standard output is a terminal that can be drawn on.
bool on_a_terminal();

/// The other screen of the terminal, while it lives: what stood there before comes back.
class screen
{
public:
    screen();
    ~screen();
    screen(screen const&) = delete;
    screen& operator=(screen const&) = delete;

    struct extent
    {
        std::size_t columns = 80, rows = 24;

        friend bool operator==(extent const&, extent const&) = default;
    };

    static extent size();

    /// Writes all of it; false where nobody reads.
    static bool write(std::string_view text);

    struct line
    {
        char const* style; ///< Such as `"\033[1m"`; empty: none.
        std::string text;  ///< Harmless, see printable().
    };

    /// What @ref write draws these lines with, in place of what is there; what does not fit is left out. Colours as
    /// NO_COLOR says, reverse video always.
    static std::string frame(std::vector<line> const& lines, extent size);
};

/// The columns that it takes on a terminal.
std::size_t columns_of(std::string_view utf8);

/// Blanks to the left, or to the right, up to a width.
std::string right(std::string const& text, std::size_t width);
std::string left(std::string const& text, std::size_t width);

/// As much of it as fits into so many columns.
std::string_view fit(std::string_view utf8, std::size_t width);

/// `"90 s"`, `"5 min"`, `"3 h"`, `"2 days"`.
std::string span_text(long long seconds);

} // namespace program
