#include "parameters.hpp"

#include <bitshares/base/hex.hpp>
#include <bitshares/base/utf8.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>

namespace es_wrapper {

using namespace bitshares;
using program::document_field;
using program::http_request;

namespace {

[[noreturn]] void refuse(std::string_view name, std::string_view value, std::string_view why)
{
    throw bad_parameter(std::string(name) + ": '" + valid_utf8(value, 100) + "' " + std::string(why));
}

// Empty is as good as absent: the Python programs ask `if account_id:`.
std::string_view text_of(http_request const& request, std::string_view name)
{
    return request.parameter(name).value_or(std::string_view());
}

std::uint64_t number_of(http_request const& request, std::string_view name, std::uint64_t otherwise)
{
    std::string_view const text = text_of(request, name);
    if (text.empty())
        return otherwise;
    std::uint64_t value = 0;
    auto const read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size())
        refuse(name, text, "is no number");
    return value;
}

template <class Use>
void for_each_of_list(std::string_view text, Use&& use)
{
    while (!text.empty())
    {
        std::string_view const one = text.substr(0, text.find(','));
        text.remove_prefix(std::min(one.size() + 1, text.size()));
        use(one);
    }
}

// Takes digits from the front; -1 where there are not so many.
int take_digits(std::string_view& text, std::size_t count)
{
    int value = 0;
    if (text.size() < count)
        return -1;
    for (std::size_t i = 0; i < count; ++i)
    {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    text.remove_prefix(count);
    return value;
}

bool take(std::string_view& text, char c)
{
    if (!text.starts_with(c))
        return false;
    text.remove_prefix(1);
    return true;
}

time_point_sec clamped(std::int64_t seconds)
{
    return {static_cast<std::uint32_t>(std::clamp<std::int64_t>(seconds, 0, time_point_sec::maximum().seconds))};
}

// now-1d, now+2h ...
std::optional<time_point_sec> read_now(std::string_view text, std::uint32_t now)
{
    std::int64_t seconds = now;
    while (!text.empty())
    {
        bool const minus = text.front() == '-';
        if (!minus && text.front() != '+' && text.front() != ' ') // a blank is what a + becomes in a query
            return std::nullopt;
        text.remove_prefix(1);
        std::int64_t count = 0;
        auto const read = std::from_chars(text.data(), text.data() + text.size(), count);
        if (read.ec != std::errc() || read.ptr == text.data() + text.size() || count < 0 || count > 1'000'000'000)
            return std::nullopt;
        std::int64_t unit = 0;
        switch (*read.ptr)
        {
        case 's': unit = 1; break;
        case 'm': unit = 60; break;
        case 'h':
        case 'H': unit = 3600; break;
        case 'd': unit = 86'400; break;
        case 'w': unit = 7 * 86'400; break;
        default: return std::nullopt;
        }
        seconds += (minus ? -count : count) * unit;
        text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()) + 1);
    }
    return clamped(seconds);
}

} // namespace

std::optional<time_point_sec> read_wrapper_time(std::string_view text, bool last, std::uint32_t now)
{
    if (text.starts_with("now"))
        return read_now(text.substr(3), now);
    if (text.size() > 4 && text.find_first_not_of("0123456789") == text.npos)
    {
        std::int64_t milliseconds = 0;
        auto const read = std::from_chars(text.data(), text.data() + text.size(), milliseconds);
        if (read.ec != std::errc())
            return std::nullopt;
        return clamped(last ? milliseconds / 1000 : (milliseconds + 999) / 1000);
    }
    int const year = take_digits(text, 4);
    int month = 1, day = 1, hour = last ? 23 : 0, minute = last ? 59 : 0, second = last ? 59 : 0, offset = 0;
    bool later = false; // than the second
    if (year < 0)
        return std::nullopt;
    if (take(text, '-'))
    {
        month = take_digits(text, 2);
        if (take(text, '-'))
        {
            day = take_digits(text, 2);
            if (take(text, 'T') && !text.empty())
            {
                hour = take_digits(text, 2);
                if (take(text, ':'))
                {
                    minute = take_digits(text, 2);
                    if (take(text, ':'))
                    {
                        second = take_digits(text, 2);
                        if (take(text, '.'))
                        {
                            std::size_t const digits = std::min(text.find_first_not_of("0123456789"), text.size());
                            if (digits == 0 || digits > 9)
                                return std::nullopt;
                            later = text.substr(0, digits).find_first_not_of('0') != text.npos;
                            text.remove_prefix(digits);
                        }
                    }
                }
                if (!take(text, 'Z') && !text.empty())
                {
                    bool const minus = text.front() == '-';
                    if (!minus && text.front() != '+' && text.front() != ' ')
                        return std::nullopt;
                    text.remove_prefix(1);
                    int const hours = take_digits(text, 2);
                    take(text, ':');
                    int const minutes = take_digits(text, 2);
                    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
                        return std::nullopt;
                    offset = (minus ? -1 : 1) * (hours * 3600 + minutes * 60);
                }
            }
        }
    }
    if (!text.empty() || month < 1 || day < 1 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
        second > 59)
        return std::nullopt;
    std::chrono::year_month_day const date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok())
        return std::nullopt;
    std::int64_t const days = std::chrono::sys_days(date).time_since_epoch().count();
    return clamped(days * 86'400 + hour * 3600 + minute * 60 + second - offset + (later && !last ? 1 : 0));
}

history_question read_history_question(http_request const& request, bool newer, std::uint32_t now,
                                       question_limits const& limits)
{
    history_question q;
    auto& filter = q.search.filter;
    if (auto const text = text_of(request, "account_id"); !text.empty())
    {
        auto const id = account_id::from_string(text);
        if (!id)
            refuse("account_id", text, "is no account's id, as 1.2.3");
        filter.account = *id;
    }
    if (auto const text = text_of(request, "operation_type"); !text.empty() && text != "-1")
        filter.operation_type = number_of(request, "operation_type", 0);
    auto const time = [&](std::string_view name, std::string_view otherwise, bool last) {
        auto text = text_of(request, name);
        if (text.empty())
            text = otherwise;
        auto const read = read_wrapper_time(text, last, now);
        if (!read)
            refuse(name, text, "is no time, as 2019-02-03T04:05:06, 2019-02-03 or now-1d");
        return *read;
    };
    filter.from = time("from_date", "2015-10-10", false);
    filter.to = time("to_date", "now", true);

    std::string_view sort = text_of(request, "sort_by");
    if (sort.empty())
        sort = newer ? "-operation_id_num" : "-block_data.block_time";
    for_each_of_list(sort, [&](std::string_view name) {
        if (q.search.sort.size() == limits.sort_fields)
            refuse("sort_by", sort, "has more than " + std::to_string(limits.sort_fields) + " fields");
        bool const descending = name.starts_with('-');
        q.search.sort.push_back({document_field(name.substr(descending ? 1 : 0)), descending});
    });
    if (auto const after = text_of(request, "search_after"); !after.empty())
        for_each_of_list(after, [&](std::string_view value) { q.search.after.emplace_back(value); });
    if (q.search.after.size() > limits.sort_fields)
        refuse("search_after", text_of(request, "search_after"), "has more values than sort_by can have fields");

    q.search.from = q.search.after.empty() ? number_of(request, request.parameter("from_") ? "from_" : "from", 0) : 0;
    q.search.size = number_of(request, "size", 10);
    if (q.search.size > limits.size)
        refuse("size", text_of(request, "size"), "is too large: at most " + std::to_string(limits.size));

    auto const type = text_of(request, "type");
    if (!type.empty() && type != "data")
    {
        auto name = text_of(request, "agg_field");
        if (name.empty())
            name = "operation_type";
        q.count_by.emplace(name);
    }
    else if (q.search.from > limits.window || q.search.from + q.search.size > limits.window)
        throw bad_parameter("from_ + size: " + std::to_string(q.search.from) + " + " + std::to_string(q.search.size) +
                            " is beyond the window of " + std::to_string(limits.window) +
                            " documents; go on by search_after or by from_date");
    return q;
}

operation_history_id read_operation_id(http_request const& request)
{
    auto const text = text_of(request, "operation_id");
    if (auto const id = operation_history_id::from_string(text))
        return *id;
    refuse("operation_id", text, "is no operation's id, as 1.11.3");
}

transaction_question read_transaction_question(http_request const& request, question_limits const& limits)
{
    transaction_question q;
    auto const text = text_of(request, "trx");
    if (text.size() != 2 * q.id.data.size() || !bitshares::detail::read_hex(text, q.id.data.data()))
        refuse("trx", text, "is no transaction's id: 40 hexadecimal digits");
    q.from = number_of(request, "from_", 0);
    q.size = number_of(request, "size", 10);
    if (q.size > limits.size)
        refuse("size", text_of(request, "size"), "is too large: at most " + std::to_string(limits.size));
    if (q.from > limits.window || q.from + q.size > limits.window)
        throw bad_parameter("from_ + size: beyond the window of " + std::to_string(limits.window) + " documents");
    return q;
}

} // namespace es_wrapper
