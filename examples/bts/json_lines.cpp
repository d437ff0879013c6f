#include "json_lines.hpp"

#include "line_io.hpp"

#include <bitshares/base/utf8.hpp>
#include <common/exit_code.hpp>

#include <cerrno>
#include <cstring>
#include <iostream>
#include <unistd.h>

namespace bts_program {

using bitshares::errc;

std::string error_line(bitshares::error const& error)
{
    auto const code = static_cast<errc>(error.code().value());
    std::string message = error.code().message();
    if (!error.detail().empty())
        message.append(": ").append(bitshares::valid_utf8(error.detail()));
    return "{\"error\":{\"code\":" + bitshares::json_quote(bitshares::name(code)) +
           ",\"message\":" + bitshares::json_quote(message) +
           ",\"path\":" + bitshares::json_quote(bitshares::valid_utf8(error.path())) + "}}";
}

int run_lines(line_command const& command)
{
    handle_signals();
    line_reader reader(STDIN_FILENO, max_line_bytes);
    line_writer writer(STDOUT_FILENO);
    // Lines hold private keys and passwords. With room for any of these, what is overwritten has no copies elsewhere.
    std::string line, answer;
    line.reserve(line_writer::full);
    answer.reserve(line_writer::full);
    bool all_good = true;
    for (;;)
    {
        wipe(line);
        wipe(answer);
        auto const status = reader.next(line, [&writer] { writer.flush(); });
        if (writer.failed())
            break;
        if (status == line_reader::status::end)
            return all_good ? exit_code::ok : exit_code::bad_data;
        if (status == line_reader::status::interrupted)
            return exit_code::interrupted;
        if (status == line_reader::status::failed)
        {
            std::cerr << "bts: cannot read the standard input: " << std::strerror(errno) << '\n';
            return exit_code::incomplete;
        }
        auto const done =
            status == line_reader::status::too_long
                ? bitshares::result<void>(bitshares::error(
                      errc::size_limit, "a line of more than " + std::to_string(max_line_bytes) + " bytes"))
                : command(line, answer);
        if (!done)
        {
            all_good = false;
            answer = error_line(done.error());
        }
        writer.write(answer);
    }
    if (writer.error() == EPIPE) // whoever read has seen enough, as `head` has
        return exit_code::interrupted;
    if (interrupted())
        return exit_code::interrupted;
    std::cerr << "bts: cannot write the standard output: " << std::strerror(writer.error()) << '\n';
    return exit_code::incomplete;
}

} // namespace bts_program
