#include "json_tree.hpp"
#include "online_commands.hpp"

#include <bitshares/protocol/json.hpp>
#include <common/exit_code.hpp>
#include <common/terminal_text.hpp>

#include <algorithm>
#include <charconv>
#include <iostream>
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

// N or N,K; without K more than half.
quorum_options read_quorum(std::string const& text)
{
    quorum_options o;
    char const* const end = text.data() + text.size();
    auto read = std::from_chars(text.data(), end, o.nodes);
    o.agree = o.nodes / 2 + 1;
    if (read.ec == std::errc() && read.ptr != end && *read.ptr == ',')
        read = std::from_chars(read.ptr + 1, end, o.agree);
    if (read.ec != std::errc() || read.ptr != end || o.nodes < 2 || o.nodes > 100)
        throw program::usage_error("--quorum: \"" + text + "\" is no number of nodes, such as 3 or 5,4");
    if (o.agree > o.nodes || o.agree <= o.nodes / 2)
        throw program::usage_error(
            "--quorum: a quorum is more than half of the nodes that are asked, and not more than all");
    return o;
}

// What they agree on; who deviates is named.
reply<raw_json> ask_quorum(program::connection& node, request<raw_json> const& request, quorum_options const& options)
{
    std::optional<reply<quorum_answer<raw_json>>> answer;
    node.lend([&](blocking_client& client) { answer.emplace(client.try_quorum(request, options)); });
    if (!*answer)
        return answer->error();
    quorum_answer<raw_json>& a = **answer;
    std::string text =
        "bts: " + std::to_string(a.agreed.size()) + " nodes agree at block " + std::to_string(a.block_num);
    for (node_url const& url : a.deviated)
        text += "; " + program::printable(url.to_string()) + " deviates";
    std::cerr << text << '\n';
    return std::move(a.value);
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

        std::optional<quorum_options> quorum;
        if (!o.quorum.empty())
            quorum = read_quorum(o.quorum);
        if (quorum && !only_answers(o.api))
            throw program::usage_error("--quorum: what is to be done once is not asked of several nodes");
        if (quorum && program::read_nodes(o.online.nodes).size() < quorum->nodes)
            throw program::usage_error("--quorum: name " + std::to_string(quorum->nodes) + " nodes, with --node each");

        program::interrupt ctrl_c;
        program::connection node(o.online, ctrl_c);
        // What changes something may have been carried out though its reply was lost: only questions are asked again.
        auto const answer = quorum                ? ask_quorum(node, request, *quorum)
                            : only_answers(o.api) ? node.ask(request)
                                                  : node.ask_once(request);
        std::string out = format_json(answer ? answer->text : refusal_json(answer.error()), o.pretty ? 2 : 0);
        if (::isatty(STDOUT_FILENO) == 1)
            out = program::printable_json(out);
        int const written = put(out.empty() ? "null" : out);
        return written != exit_code::ok || answer ? written : exit_code::bad_data;
    });
}

} // namespace bts_program
