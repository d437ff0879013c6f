#pragma once

#include <bitshares/net/quorum.hpp>
#include <bitshares/protocol/json.hpp>

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

// Of text that is valid JSON; not deeper than the limits under which it was read.
class json_canonicalizer
{
public:
    explicit json_canonicalizer(std::string_view text) : text_(text) {}

    void value(std::string& out)
    {
        skip_space();
        switch (text_[at_])
        {
        case '{': return object(out);
        case '[': return array(out);
        case '"': return string(out);
        default: return scalar(out);
        }
    }

private:
    void skip_space() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size() - 1); }

    // The next character that is no white space, which is taken where it is `c`.
    bool take(char c)
    {
        skip_space();
        if (text_[at_] != c)
            return false;
        ++at_;
        return true;
    }

    void object(std::string& out)
    {
        std::vector<std::pair<std::string, std::string>> members;
        ++at_;
        while (!take('}'))
        {
            take(',');
            auto& [name, member] = members.emplace_back();
            skip_space();
            string(name);
            take(':');
            value(member);
        }
        std::sort(members.begin(), members.end());
        out += '{';
        for (bool first = true; auto const& [name, member] : members)
            out.append(std::exchange(first, false) ? "" : ",").append(name).append(":").append(member);
        out += '}';
    }

    void array(std::string& out)
    {
        out += '[';
        bool first = true;
        ++at_;
        while (!take(']'))
        {
            take(',');
            if (!std::exchange(first, false))
                out += ',';
            value(out);
        }
        out += ']';
    }

    void string(std::string& out)
    {
        std::size_t const begin = at_++;
        bool escapes = false;
        for (; text_[at_] != '"'; ++at_)
            if (text_[at_] == '\\')
            {
                escapes = true;
                ++at_;
            }
        std::string_view const token = text_.substr(begin, ++at_ - begin);
        if (!escapes)
            out += token;
        else if (auto const plain = from_json<std::string>(token))
            out += json_quote(*plain);
        else
            out += token;
    }

    void scalar(std::string& out)
    {
        std::size_t const end = std::min(text_.find_first_of(" \t\r\n,:]}", at_), text_.size());
        std::string_view const token = text_.substr(at_, end - at_);
        at_ = end;
        std::string_view digits = token;
        if (digits.front() == '-')
            digits.remove_prefix(1);
        bool const integer = digits.find_first_not_of("0123456789") == digits.npos;
        std::uint64_t number = 0;
        if (integer && std::from_chars(digits.data(), digits.data() + digits.size(), number).ec != std::errc())
            number = ~number; // beyond 64 bits
        if (number > 0xffffffff)
            out.append("\"").append(token).append("\"");
        else
            out += token;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

BITSHARES_DECL std::string canonical_json(std::string_view json)
{
    std::string out;
    out.reserve(json.size());
    json_canonicalizer(json).value(out);
    return out;
}

} // namespace detail

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
