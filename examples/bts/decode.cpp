#include "explain.hpp"
#include "line_io.hpp"
#include "online_commands.hpp"

#include <bitshares/base/hex.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/rpc/api/database.hpp>
#include <common/exit_code.hpp>
#include <common/terminal_text.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iostream>
#include <optional>
#include <unistd.h>

namespace bts_program {

using namespace bitshares;

namespace {

constexpr std::size_t max_input = std::size_t{32} << 20;

std::string read_input()
{
    if (::isatty(STDIN_FILENO) == 1)
        std::cerr << "Paste an operation, transaction, block or object, then press Ctrl-D on a line of its own.\n";
    handle_signals();
    std::string text, part(1 << 16, '\0');
    while (true)
    {
        if (!wait_for_input(STDIN_FILENO))
            throw program::interrupted();
        ::ssize_t const got = ::read(STDIN_FILENO, part.data(), part.size());
        if (got == 0)
            return text;
        if (got < 0 && errno != EINTR)
            throw bad_input(name(errc::file_error),
                            std::string("cannot read the standard input: ") + std::strerror(errno));
        if (got > 0)
            text.append(part, 0, static_cast<std::size_t>(got));
        if (text.size() > max_input)
            throw bad_input(name(errc::size_limit), "more than " + std::to_string(max_input) + " bytes");
    }
}

std::string_view trim(std::string_view text)
{
    std::size_t const begin = text.find_first_not_of(" \t\r\n");
    if (begin == text.npos)
        return {};
    return text.substr(begin, text.find_last_not_of(" \t\r\n") + 1 - begin);
}

bool is_hex(std::string_view text)
{
    return text.size() >= 16 && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
           });
}

} // namespace

int decode(decode_options const& o)
{
    return guarded(o.json, [&o] {
        std::string const pasted = o.input.empty() ? read_input() : o.input;
        std::string text(trim(pasted));
        if (text.empty())
            throw bad_input("no_input", "there is nothing to explain");

        program::interrupt ctrl_c;
        std::optional<program::connection> node;
        std::optional<chain_id_type> chain;
        if (!o.online.chain_id.empty())
            chain = program::read_chain_id(o.online.chain_id);
        if (!o.online.nodes.empty())
        {
            node.emplace(o.online, ctrl_c);
            chain = node->learn_chain();
        }
        names known;
        if (chain)
            known.set_chain(*chain);
        std::string const prefix = !o.prefix.empty() ? o.prefix : chain ? std::string(key_prefix_of(*chain)) : "BTS";

        auto const hex_json = [&prefix](std::string_view hex) {
            auto const packed = from_hex(hex);
            if (!packed)
                throw bad_input(name(errc::invalid_hex), packed.error().message());
            auto json = json_of_bytes(*packed, prefix);
            if (!json)
                throw bad_input(name(static_cast<errc>(json.error().code().value())), json.error().message());
            return std::move(*json);
        };
        auto const object_json = [&node](any_object_id id) {
            if (!node)
                throw bad_input("no_node", "an object's id alone: name a --node to ask for " + id.to_string());
            auto objects = node->ask(database::get_objects({id}, false)).value();
            if (objects.size() != 1 || objects[0].text.empty() || objects[0].text == "null")
                throw bad_input("not_found", "the node has no object " + id.to_string());
            return std::move(objects[0].text);
        };
        auto const parse = [](std::string_view json) {
            auto parsed = json_tree::parse(json);
            if (!parsed)
                throw bad_input(name(static_cast<errc>(parsed.error().code().value())), parsed.error().message());
            return std::move(*parsed);
        };

        auto const parse_text = [&](std::string_view pasted_text) {
            if (is_hex(pasted_text))
                return parse(hex_json(pasted_text));
            if (auto const id = read_id(pasted_text))
                return parse(object_json(*id));
            return parse(pasted_text);
        };
        json_tree tree = parse_text(text);
        if (tree.is_string()) // "hex" or "1.2.3" in quotes
            if (std::string const inner(trim(tree.text)); is_hex(inner) || read_id(inner))
                tree = parse_text(inner);
        if (tree.members.size() == 1 && tree.members[0].first == "hex" && tree.members[0].second.is_string())
            tree = parse(hex_json(tree.members[0].second.text));

        explainer explain(known, prefix, chain);
        if (node)
        {
            explain.need(tree);
            known.fetch(*node);
        }
        std::string out;
        if (o.json)
            out = program::printable_json(explain.json(tree).to_json());
        else
        {
            out = explain.text(tree, o.full);
            out.erase(out.find_last_not_of('\n') + 1);
        }
        int const written = put(out);
        if (written != exit_code::ok || explain.problems().empty())
            return written;
        for (std::string const& problem : explain.problems())
            std::cerr << "bts: " << program::printable(program::shortened(problem)) << '\n';
        return exit_code::bad_data;
    });
}

} // namespace bts_program
