#pragma once

#include "support/es_server.hpp"

#include <bitshares/protocol/time_point.hpp>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/** @file
    A history wrapper before a search server, in memory: its parameters, its window, its ways to say that there is nothing.
*/
namespace test {

class wrapper_server
{
public:
    enum class kind : std::uint8_t
    {
        v1,
        v2,
        fastapi
    };

    kind family = kind::v1;
    std::vector<stored_operation> documents;
    std::uint32_t window = 10'000;
    std::uint32_t largest_size = 10'000;
    bool knows_search_after = true; // v2 and later
    bool counts = true;
    std::size_t requests = 0;

    struct answer
    {
        unsigned status = 200;
        std::string body;
    };

    answer get(std::string_view target)
    {
        ++requests;
        std::size_t const mark = target.find('?');
        std::string_view const path = target.substr(0, mark);
        std::map<std::string, std::string> parameters;
        for (std::string_view rest = mark == target.npos ? std::string_view() : target.substr(mark + 1); !rest.empty();)
        {
            std::string_view const one = rest.substr(0, rest.find('&'));
            rest.remove_prefix(std::min(one.size() + 1, rest.size()));
            std::size_t const equals = one.find('=');
            parameters[std::string(one.substr(0, equals))] = std::string(one.substr(equals + 1));
        }
        std::string_view const own = family == kind::v1   ? "/get_account_history"
                                     : family == kind::v2 ? "/es/account_history"
                                                          : "/openexplorer/es/account_history";
        if (path != own)
            return {404, family == kind::fastapi ? R"({"detail":"Not Found"})" : "<html>Not Found</html>"};
        return history(parameters);
    }

private:
    answer none() const
    {
        if (family == kind::v1)
            return {200, "[]"};
        return {404, R"x({"detail":"Your search did not result in any hits (wrong id?)","status":404})x"};
    }

    answer history(std::map<std::string, std::string>& parameters) const
    {
        auto const number = [&](char const* name, std::uint64_t otherwise) {
            return parameters.contains(name) ? std::stoull(parameters[name]) : otherwise;
        };
        bool const descending = parameters["sort_by"].starts_with('-');
        if (parameters["sort_by"].substr(descending ? 1 : 0) != "operation_id_num")
            throw std::runtime_error("sort_by " + parameters["sort_by"]);
        auto const time = [&](char const* name) {
            return bitshares::time_point_sec::from_string(parameters.at(name)).value();
        };
        std::uint64_t const account = std::stoull(parameters.at("account_id").substr(4));
        auto const begin = time("from_date"), end = time("to_date");
        std::optional<std::uint64_t> type;
        if (parameters.contains("operation_type"))
            type = number("operation_type", 0);
        std::vector<stored_operation const*> found;
        for (auto const& d : documents)
            if (d.account == account && d.block_time() >= begin && d.block_time() <= end && (!type || *type == d.type))
                found.push_back(&d);
        if (parameters["type"] == "count")
        {
            if (!counts)
                return {500, "<html>Internal Server Error</html>"};
            std::map<std::uint64_t, std::uint64_t> types;
            for (auto const* d : found)
                ++types[d->type];
            std::string buckets;
            for (auto const& [key, count] : types)
                buckets += std::string(buckets.empty() ? "" : ",") + R"({"key":)" + std::to_string(key) +
                           R"(,"doc_count":)" + std::to_string(count) + "}";
            return {200, "[" + buckets + "]"};
        }
        std::sort(found.begin(), found.end(),
                  [&](auto const* a, auto const* b) { return descending ? a->id > b->id : a->id < b->id; });
        std::uint64_t const size = std::min<std::uint64_t>(number("size", 10), largest_size);
        std::uint64_t from = number("from_", 0);
        if (from + number("size", 10) > window)
            return {500, "<html>Result window is too large</html>"};
        if (family != kind::v1 && knows_search_after && parameters.contains("search_after"))
        {
            std::uint64_t const after = number("search_after", 0);
            std::erase_if(found, [&](auto const* d) { return d->id <= after; });
        }
        from = std::min<std::uint64_t>(from, found.size());
        std::string body;
        for (std::uint64_t i = from; i < found.size() && i < from + size; ++i)
            body += (body.empty() ? "" : ",") + found[i]->source();
        return body.empty() ? none() : answer{200, "[" + body + "]"};
    }
};

} // namespace test
