#include "online_commands.hpp"

#include "line_io.hpp"

#include <bitshares/protocol/json.hpp>
#include <common/exit_code.hpp>
#include <common/output_file.hpp>
#include <common/terminal_text.hpp>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <iostream>
#include <unistd.h>

namespace bts_program {

using namespace bitshares;

namespace {

int fail(bool json, int exit, std::string const& code, std::string const& message)
{
    std::cerr << "bts: " << program::printable(program::shortened(message)) << '\n';
    if (json)
        put("{\"error\":{\"code\":" + json_quote(code) +
            ",\"message\":" + program::printable_json(json_quote(message)) + "}}");
    return exit;
}

} // namespace

std::string refusal_json(node_error const& e)
{
    std::string out = "{\"error\":{\"code\":" + std::to_string(e.code()) + ",\"name\":" + json_quote(e.name()) +
                      ",\"message\":" + json_quote(e.message());
    if (!e.stack_json().empty())
        out.append(",\"stack\":").append(e.stack_json());
    return out + "}}";
}

int put(std::string_view text)
{
    line_writer out(STDOUT_FILENO);
    out.write(text);
    out.flush();
    if (!out.failed())
        return exit_code::ok;
    if (out.error() == EPIPE)
        return exit_code::interrupted;
    std::cerr << "bts: cannot write the standard output: " << std::strerror(out.error()) << '\n';
    return exit_code::incomplete;
}

int guarded(bool json, std::function<int()> const& command)
{
    std::signal(SIGPIPE, SIG_IGN);
    try
    {
        return command();
    }
    catch (program::usage_error const& e)
    {
        return fail(json, exit_code::usage, "usage", e.what());
    }
    catch (program::interrupted const& e)
    {
        return fail(json, exit_code::interrupted, "interrupted", e.what());
    }
    catch (bad_input const& e)
    {
        return fail(json, exit_code::bad_data, e.code, e.what());
    }
    catch (program::file_failure const& e)
    {
        return fail(json, exit_code::incomplete, name(errc::file_error), e.what());
    }
    catch (node_refused const& e)
    {
        return fail(json, exit_code::bad_data, "refused", std::string("the node refuses: ") + e.what());
    }
    catch (exception const& e)
    {
        bool const ours = e.code().category() == client_category();
        return fail(json, exit_code::network, ours ? name(static_cast<errc>(e.code().value())) : "system", e.what());
    }
    catch (std::exception const& e)
    {
        return fail(json, exit_code::bad_data, "unexpected",
                    std::string("this should not happen, please report it: ") + e.what());
    }
}

} // namespace bts_program
