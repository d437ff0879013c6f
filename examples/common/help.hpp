#pragma once

#include <CLI/CLI.hpp>

#include <string>

namespace program {

/// CLI11's help with options' descriptions in lines that end before column 120.
class help_formatter : public CLI::Formatter
{
public:
    help_formatter() { column_width(column); }

    std::string make_option_desc(CLI::Option const* option) const override
    {
        std::string text = CLI::Formatter::make_option_desc(option);
        std::size_t begin = 0; // of the line
        for (std::size_t i = 0, blank = 0; i < text.size(); ++i)
        {
            if (text[i] == '\n')
                begin = i + 1;
            else if (text[i] == ' ')
                blank = i;
            if (i - begin >= 118 - column && blank > begin)
            {
                text[blank] = '\n';
                begin = blank + 1;
            }
        }
        return text;
    }

private:
    static constexpr std::size_t column = 30; // of the descriptions
};

} // namespace program
