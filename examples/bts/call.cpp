#include "json_tree.hpp"
#include "online_commands.hpp"

#include <bitshares/protocol/json.hpp>
#include <common/exit_code.hpp>
#include <common/terminal_text.hpp>

#include <algorithm>
#include <unistd.h>

namespace bts_program {

using namespace bitshares;

namespace {

// Nodes take any escape but those of blanks, quotes and backslashes literally: what they would misread is not sent.
void check_strings(json_tree const& value, std::size_t number)
{
    auto const check = [number](std::string const& text) {
        for (char c : text)
            if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t')
                throw bad_input(name(errc::control_character),
                                "argument " + std::to_string(number) + ": a node would misread a control character");
    };
    check(value.text);
    for (json_tree const& element : value.elements)
        check_strings(element, number);
    for (auto const& [key, member] : value.members)
    {
        check(key);
        check_strings(member, number);
    }
}

std::string argument_json(std::string const& text, std::size_t number)
{
    auto value = json_tree::parse(text);
    if (!value)
    {
        // A name needs no quotes; what begins as JSON and is none was meant as such.
        if (std::size_t const first = text.find_first_not_of(" \t\r\n");
            first != text.npos && (text[first] == '{' || text[first] == '[' || text[first] == '"'))
            throw bad_input(name(errc::invalid_json),
                            "argument " + std::to_string(number) + ": " + value.error().message());
        if (!from_json<std::string>(json_quote(text)))
            throw bad_input(name(errc::invalid_json), "argument " + std::to_string(number) + " is not valid UTF-8");
        value = json_tree(text);
    }
    check_strings(*value, number);
    return value->to_json();
}

void check_word(char const* what, std::string const& word)
{
    bool const good = !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    });
    if (!good)
        throw program::usage_error(std::string(what) + ": \"" + word + "\" is no name");
}

bool only_answers(std::string_view api)
{
    constexpr std::string_view apis[] = {"database", "history",           "asset", "orders", "block",
                                         "crypto",   "custom_operations", "login"};
    return std::find(std::begin(apis), std::end(apis), api) != std::end(apis);
}

} // namespace

int call(call_options const& o)
{
    return guarded(true, [&o] {
        check_word("API", o.api);
        check_word("METHOD", o.method);
        std::string params = "[";
        for (std::size_t i = 0; i < o.arguments.size(); ++i)
            params.append(i == 0 ? "" : ",").append(argument_json(o.arguments[i], i + 1));
        request<raw_json> const request(o.api, o.method, params + "]");

        program::interrupt ctrl_c;
        program::connection node(o.online, ctrl_c);
        // What changes something may have been carried out though its reply was lost: only questions are asked again.
        auto const answer = only_answers(o.api) ? node.ask(request) : node.ask_once(request);
        std::string out = format_json(answer ? answer->text : refusal_json(answer.error()), o.pretty ? 2 : 0);
        if (::isatty(STDOUT_FILENO) == 1)
            out = program::printable_json(out);
        int const written = put(out.empty() ? "null" : out);
        return written != exit_code::ok || answer ? written : exit_code::bad_data;
    });
}

} // namespace bts_program
