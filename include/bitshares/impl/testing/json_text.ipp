#pragma once

#include <bitshares/protocol/json.hpp>
#include <bitshares/testing/json_text.hpp>

#include <algorithm>
#include <charconv>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {
namespace testing {
namespace detail {

inline constexpr std::size_t max_json_depth = 256; // between what was recorded: nodes take 240 and refuse 300

inline bool json_space(char c) noexcept
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

inline std::size_t skip_space(std::string_view text, std::size_t at) noexcept
{
    while (at < text.size() && json_space(text[at]))
        ++at;
    return at;
}

/* The position behind the string that starts at `at`; npos where it does not end. */
inline std::size_t skip_string(std::string_view text, std::size_t at) noexcept
{
    for (++at; at < text.size(); ++at)
        if (text[at] == '\\')
            ++at;
        else if (text[at] == '"')
            return at + 1;
    return std::string_view::npos;
}

/* The position behind the value that starts at `at`; npos where none starts or it does not end. Brackets are matched by
   number only: what stands between them is looked at when somebody asks for it. */
inline std::size_t skip_value(std::string_view text, std::size_t at) noexcept
{
    constexpr auto npos = std::string_view::npos;
    switch (kind_of(text.substr(std::min(at, text.size()))))
    {
    case json_kind::invalid: return npos;
    case json_kind::string: return skip_string(text, at);
    case json_kind::array:
    case json_kind::object:
    {
        std::size_t depth = 0;
        while (at < text.size())
        {
            char const c = text[at];
            if (c == '"')
            {
                at = skip_string(text, at);
                if (at == npos)
                    return npos;
                continue;
            }
            ++at;
            if (c == '[' || c == '{')
            {
                if (++depth > max_json_depth)
                    return npos;
            }
            else if ((c == ']' || c == '}') && --depth == 0)
                return at;
        }
        return npos;
    }
    default:
        while (at < text.size() && !json_space(text[at]) && std::string_view(",:]}[{\"").find(text[at]) == npos)
            ++at;
        return at;
    }
}

inline std::optional<std::uint32_t> hex4(std::string_view text) noexcept
{
    std::uint32_t value = 0;
    if (text.size() < 4)
        return {};
    auto const [end, ec] = std::from_chars(text.data(), text.data() + 4, value, 16);
    if (ec != std::errc() || end != text.data() + 4)
        return {};
    return value;
}

inline void append_utf8(std::string& out, std::uint32_t point)
{
    auto const put = [&](std::uint32_t byte) { out.push_back(static_cast<char>(static_cast<unsigned char>(byte))); };
    if (point < 0x80)
        put(point);
    else if (point < 0x800)
    {
        put(0xc0 | point >> 6);
        put(0x80 | (point & 0x3f));
    }
    else if (point < 0x10000)
    {
        put(0xe0 | point >> 12);
        put(0x80 | (point >> 6 & 0x3f));
        put(0x80 | (point & 0x3f));
    }
    else
    {
        put(0xf0 | point >> 18);
        put(0x80 | (point >> 12 & 0x3f));
        put(0x80 | (point >> 6 & 0x3f));
        put(0x80 | (point & 0x3f));
    }
}

inline void append_canonical(std::string& out, std::string_view json, std::size_t depth)
{
    if (depth > max_json_depth)
        return;
    switch (kind_of(json))
    {
    case json_kind::string: out += json_quote(string_value(json).value_or(std::string())); break;
    case json_kind::array:
    {
        out += '[';
        bool first = true;
        for (auto const item : array_items(json).value_or(std::vector<std::string_view>()))
        {
            if (!std::exchange(first, false))
                out += ',';
            append_canonical(out, item, depth + 1);
        }
        out += ']';
        break;
    }
    case json_kind::object:
    {
        auto members = object_members(json).value_or(std::vector<std::pair<std::string, std::string_view>>());
        // By name; members of one name by their place in the text.
        std::sort(members.begin(), members.end(), [](auto const& a, auto const& b) {
            return a.first != b.first ? a.first < b.first : a.second.data() < b.second.data();
        });
        out += '{';
        bool first = true;
        for (auto const& [name, value] : members)
        {
            if (!std::exchange(first, false))
                out += ',';
            out += json_quote(name);
            out += ':';
            append_canonical(out, value, depth + 1);
        }
        out += '}';
        break;
    }
    default: out += json;
    }
}

} // namespace detail

BITSHARES_DECL json_kind kind_of(std::string_view json) noexcept
{
    if (json.empty())
        return json_kind::invalid;
    switch (json.front())
    {
    case '{': return json_kind::object;
    case '[': return json_kind::array;
    case '"': return json_kind::string;
    case 't':
    case 'f': return json_kind::boolean;
    case 'n': return json_kind::null;
    default:
        return json.front() == '-' || (json.front() >= '0' && json.front() <= '9') ? json_kind::number
                                                                                   : json_kind::invalid;
    }
}

BITSHARES_DECL std::string_view first_value(std::string_view text) noexcept
{
    std::size_t const begin = detail::skip_space(text, 0);
    std::size_t const end = detail::skip_value(text, begin);
    if (end == std::string_view::npos)
        return {};
    std::string_view const value = text.substr(begin, end - begin);
    switch (kind_of(value))
    {
    case json_kind::boolean: return value == "true" || value == "false" ? value : std::string_view();
    case json_kind::null: return value == "null" ? value : std::string_view();
    default: return value;
    }
}

BITSHARES_DECL std::optional<std::vector<std::string_view>> array_items(std::string_view json)
{
    if (kind_of(json) != json_kind::array)
        return {};
    std::vector<std::string_view> items;
    for (std::size_t at = 1;;)
    {
        at = detail::skip_space(json, at);
        if (at >= json.size())
            return {};
        if (json[at] == ']')
            return items;
        if (json[at] == ',')
        {
            ++at;
            continue;
        }
        std::size_t const end = detail::skip_value(json, at);
        if (end == std::string_view::npos)
            return {};
        items.push_back(json.substr(at, end - at));
        at = end;
    }
}

BITSHARES_DECL std::optional<std::vector<std::pair<std::string, std::string_view>>>
object_members(std::string_view json)
{
    if (kind_of(json) != json_kind::object)
        return {};
    std::vector<std::pair<std::string, std::string_view>> members;
    for (std::size_t at = 1;;)
    {
        at = detail::skip_space(json, at);
        if (at >= json.size())
            return {};
        if (json[at] == '}')
            return members;
        if (json[at] == ',')
        {
            ++at;
            continue;
        }
        if (json[at] != '"')
            return {};
        std::size_t end = detail::skip_string(json, at);
        if (end == std::string_view::npos)
            return {};
        auto name = string_value(json.substr(at, end - at));
        at = detail::skip_space(json, end);
        if (!name || at >= json.size() || json[at] != ':')
            return {};
        at = detail::skip_space(json, at + 1);
        end = detail::skip_value(json, at);
        if (end == std::string_view::npos)
            return {};
        members.emplace_back(std::move(*name), json.substr(at, end - at));
        at = end;
    }
}

BITSHARES_DECL std::string_view member(std::string_view json, std::string_view name)
{
    if (auto const members = object_members(json))
        for (auto const& [key, value] : *members)
            if (key == name)
                return value;
    return {};
}

BITSHARES_DECL std::optional<std::string> string_value(std::string_view json, string_reader reader)
{
    if (json.size() < 2 || json.front() != '"' || json.back() != '"')
        return {};
    json = json.substr(1, json.size() - 2);
    std::string text;
    text.reserve(json.size());
    for (std::size_t at = 0; at < json.size();)
    {
        std::size_t const escape = std::min(json.find('\\', at), json.size());
        text += json.substr(at, escape - at);
        at = escape + 2;
        if (escape == json.size())
            break;
        if (at > json.size())
            return {};
        switch (json[at - 1])
        {
        case 'b': text += '\b'; break;
        case 'f': text += '\f'; break;
        case 'n': text += '\n'; break;
        case 'r': text += '\r'; break;
        case 't': text += '\t'; break;
        case 'u':
        {
            if (reader == string_reader::node)
            {
                text += 'u';
                break;
            }
            auto point = detail::hex4(json.substr(at));
            if (!point)
                return {};
            at += 4;
            if (*point >= 0xd800 && *point < 0xdc00 && json.substr(at, 2) == "\\u")
                if (auto const low = detail::hex4(json.substr(at + 2)); low && *low >= 0xdc00 && *low < 0xe000)
                {
                    point = 0x10000 + ((*point - 0xd800) << 10) + (*low - 0xdc00);
                    at += 6;
                }
            detail::append_utf8(text, *point);
            break;
        }
        default: text += json[at - 1];
        }
    }
    return text;
}

BITSHARES_DECL std::optional<std::uint64_t> unsigned_value(std::string_view json)
{
    std::string text(json);
    if (kind_of(json) == json_kind::string)
        text = string_value(json).value_or(std::string());
    std::uint64_t value = 0;
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || ec != std::errc() || end != text.data() + text.size())
        return {};
    return value;
}

BITSHARES_DECL std::string canonical_json(std::string_view json)
{
    std::string out;
    detail::append_canonical(out, json, 0);
    return out;
}

} // namespace testing
} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
