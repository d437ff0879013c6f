#pragma once

#include <bitshares/base/utf8.hpp>
#include <bitshares/history/http_query.hpp>
#include <bitshares/protocol/json.hpp>

#include <optional>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

BITSHARES_DECL std::string percent_encode(std::string_view text, std::string_view keep)
{
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    for (char const c : text)
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
            c == '_' || c == '~' || keep.find(c) != keep.npos)
            out += c;
        else
        {
            auto const byte = static_cast<unsigned char>(c);
            out += '%';
            out += digits[byte >> 4];
            out += digits[byte & 15];
        }
    return out;
}

// What servers say when they refuse: Elasticsearch, the wrappers' frameworks.
struct es_refusal
{
    std::optional<std::string> type;
    std::optional<std::string> reason;

    BITSHARES_FIELDS((type), (reason))
};

struct http_refusal
{
    std::optional<raw_json> error;
    std::optional<raw_json> detail;
    std::optional<raw_json> message;

    BITSHARES_FIELDS((error), (detail), (message))
};

// What stands on a page of a balancer or a framework, in one line.
BITSHARES_LAZY_DECL inline std::string words_of_page(std::string_view html)
{
    std::string words;
    bool in_tag = false;
    for (char const c : html)
        if (in_tag || c == '<')
        {
            in_tag = c != '>';
            if (!in_tag && !words.empty() && words.back() != ' ')
                words += ' ';
        }
        else if (static_cast<unsigned char>(c) > ' ')
            words += c;
        else if (!words.empty() && words.back() != ' ')
            words += ' ';
    if (words.ends_with(' '))
        words.pop_back();
    return words;
}

BITSHARES_LAZY error http_failure(unsigned status, std::string_view body)
{
    std::string said;
    if (auto const refusal = from_json<http_refusal>(body))
    {
        if (refusal->error)
            if (auto const why = from_json<es_refusal>(refusal->error->text); why && why->reason)
                said = why->type.value_or("") + (why->type ? ": " : "") + *why->reason;
        for (auto const& text : {refusal->detail, refusal->message, refusal->error})
            if (said.empty() && text)
            {
                auto const plain = from_json<std::string>(text->text);
                said = plain ? *plain : text->text;
            }
    }
    if (said.empty())
        said = body.starts_with('<') ? words_of_page(body) : std::string(body);
    errc const code = status == 401 || status == 403 ? errc::login_refused : errc::http_refused;
    return error(code, "HTTP " + std::to_string(status) + (said.empty() ? "" : ": " + valid_utf8(said, 300)));
}

} // namespace detail

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
