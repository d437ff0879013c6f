#include "parameters.hpp"

#include <bitshares/base/hex.hpp>
#include <bitshares/base/utf8.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <tuple>
#include <type_traits>
#include <utility>

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

// The same time of the same day of another month; of its last day where there is no such day.
std::int64_t months_later(std::int64_t seconds, std::int64_t months)
{
    using namespace std::chrono;
    sys_seconds const time{std::chrono::seconds(seconds)};
    auto const day = floor<days>(time);
    months = std::clamp<std::int64_t>(months, -12'000, 12'000);
    auto date = year_month_day(day) + std::chrono::months(months);
    if (!date.ok())
        date = date.year() / date.month() / last;
    return (sys_days(date) + (time - day)).time_since_epoch().count();
}

// now-1d, now+2h, now-1M ...
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
        case 'y': seconds = months_later(seconds, 12 * (minus ? -count : count)); break;
        case 'M': seconds = months_later(seconds, minus ? -count : count); break;
        case 's': unit = 1; break;
        case 'm': unit = 60; break;
        case 'h':
        case 'H': unit = 3600; break;
        case 'd': unit = 86'400; break;
        case 'w': unit = 7 * 86'400; break;
        default: return std::nullopt;
        }
        seconds = clamped(seconds + (minus ? -count : count) * unit).seconds;
        text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()) + 1);
    }
    return clamped(seconds);
}

constexpr std::string_view newest_first = "-operation_id_num";

program::document_sort read_sort(std::string_view name)
{
    bool const descending = name.starts_with('-');
    return {document_field(name.substr(descending ? 1 : 0)), descending};
}

void read_type_and_times(http_request const& request, std::uint32_t now, program::document_filter& filter)
{
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
}

// How many are left out, and how many are wanted. @param from Null: none are left out.
std::pair<std::uint64_t, std::uint64_t> read_part(http_request const& request, char const* from, char const* size,
                                                  question_limits const& limits)
{
    std::uint64_t const first = from ? number_of(request, from, 0) : 0, count = number_of(request, size, 10);
    if (count > limits.size)
        refuse(size, text_of(request, size), "is too large: at most " + std::to_string(limits.size));
    if (from && (first > limits.window || first + count > limits.window))
        throw bad_parameter(std::string(from) + " + " + size + ": " + std::to_string(first) + " + " +
                            std::to_string(count) + " is beyond the window of " + std::to_string(limits.window) +
                            " documents; go on by search_after or by from_date");
    return {first, count};
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
    if (auto const text = text_of(request, "account_id"); !text.empty())
    {
        auto const id = account_id::from_string(text);
        if (!id)
            refuse("account_id", text, "is no account's id, as 1.2.3");
        q.search.filter.account = *id;
    }
    read_type_and_times(request, now, q.search.filter);

    std::string_view sort = text_of(request, "sort_by");
    if (sort.empty())
        sort = newer ? newest_first : "-block_data.block_time";
    for_each_of_list(sort, [&](std::string_view name) {
        if (q.search.sort.size() == limits.sort_fields)
            refuse("sort_by", sort, "has more than " + std::to_string(limits.sort_fields) + " fields");
        q.search.sort.push_back(read_sort(name));
    });
    if (auto const after = text_of(request, "search_after"); !after.empty())
        for_each_of_list(after, [&](std::string_view value) { q.search.after.emplace_back(value); });
    if (q.search.after.size() > limits.sort_fields)
        refuse("search_after", text_of(request, "search_after"), "has more values than sort_by can have fields");

    if (auto const type = text_of(request, "type"); !type.empty() && type != "data")
    {
        auto name = text_of(request, "agg_field");
        if (name.empty())
            name = "operation_type";
        q.count_by.emplace(name);
    }
    char const* const from = request.parameter("from_") ? "from_" : "from";
    std::tie(q.search.from, q.search.size) =
        read_part(request, q.count_by || !q.search.after.empty() ? nullptr : from, "size", limits);
    return q;
}

history_question read_fastapi_question(http_request const& request, std::uint32_t now, question_limits const& limits)
{
    history_question q;
    if (auto const text = text_of(request, "account_id"); !text.empty())
    {
        auto const id = account_id::from_string(text);
        if (!id)
            throw name_not_found("account_not_found", text);
        q.search.filter.account = *id;
    }
    read_type_and_times(request, now, q.search.filter);
    auto const mentions = [&]<class Id>(std::type_identity<Id>, std::string_view name, char const* member, bool names) {
        auto const text = text_of(request, name);
        if (text.empty())
            return;
        auto const id = Id::from_string(text);
        if (!id && names)
            throw name_not_found("asset_not_found", text);
        if (!id)
            refuse(name, text, "is no such object's id, as " + Id(3).to_string());
        q.search.filter.mentions.push_back({id->to_string(), member});
    };
    mentions(std::type_identity<asset_id>(), "asset_id", "*asset*", true);
    mentions(std::type_identity<credit_offer_id>(), "creditoffer_id", "*offer_id*", false);
    mentions(std::type_identity<liquidity_pool_id>(), "pool_id", "*pool*", false);
    q.search.sort.push_back(read_sort(newest_first));
    std::tie(q.search.from, q.search.size) = read_part(request, "offset", "limit", limits);
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
    std::tie(q.from, q.size) = read_part(request, "from_", "size", limits);
    return q;
}

} // namespace es_wrapper
