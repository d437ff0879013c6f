#include "service.hpp"

#include "api_page.hpp"

#include <bitshares/base/utf8.hpp>
#include <bitshares/protocol/json.hpp>

#include <algorithm>
#include <cstdio>
#include <ctime>

namespace es_wrapper {

using namespace bitshares;
using program::http_problem;
using program::http_request;
using program::http_response;
using program::http_server;

namespace {

using wall_time = std::chrono::system_clock::time_point;

std::int64_t seconds_of(wall_time time)
{
    return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

std::string formatted(std::int64_t seconds, char const* format)
{
    std::time_t const t = seconds;
    std::tm parts = {};
    ::gmtime_r(&t, &parts);
    char text[64];
    return {text, std::strftime(text, sizeof text, format, &parts)};
}

std::string thousandths(double value)
{
    char text[40];
    std::snprintf(text, sizeof text, "%.3f", value);
    return text;
}

class service
{
public:
    service(backend& from, service_settings settings) : from_(from), settings_(std::move(settings)) {}

    // `newer`: of explorer-api and the programs behind it.
    http_response history(http_request const& request, bool newer) const
    {
        return answer(read_history_question(request, newer, now(), settings_.limits), newer);
    }

    // What only the FastAPI program has. A name that nobody has is told in a word, as its clients want it.
    http_response fastapi_history(http_request const& request) const
    {
        try
        {
            return answer(read_fastapi_question(request, now(), settings_.limits), false);
        }
        catch (name_not_found const& e)
        {
            return {.body = "{" + json_quote(e.word()) + ":" + json_quote(valid_utf8(e.what(), 100)) + "}"};
        }
    }

    http_response answer(history_question const& question, bool newer) const
    {
        if (question.count_by)
            return buckets(question, newer);
        std::string list = "[";
        list.reserve(std::min<std::size_t>(question.search.size, 1000) * 1000 + 2);
        auto const count = from_.documents(question.search, list);
        return documents(std::move(list), count, newer);
    }

    http_response operation(http_request const& request, bool newer) const
    {
        std::string document = from_.operation(read_operation_id(request));
        if (newer)
            return document.empty() ? no_hits() : http_response{.body = std::move(document)};
        return {.body = "[" + document + "]"};
    }

    http_response transaction(http_request const& request, bool newer) const
    {
        std::string list = "[";
        auto const count = from_.transaction(read_transaction_question(request, settings_.limits), list);
        return documents(std::move(list), count, newer);
    }

    http_response is_alive(bool newer) const
    {
        auto const now = settings_.clock();
        std::int64_t const seconds = seconds_of(now), yesterday = (seconds / 86'400 - 1) * 86'400;
        auto const head = from_.head();
        bool const recent = head && head->block_time.seconds >= yesterday;
        double const delta = std::chrono::duration<double>(now.time_since_epoch()).count() -
                             (recent ? static_cast<double>(head->block_time.seconds) : 0);
        bool const good = recent && delta < static_cast<double>(settings_.alive.count());
        std::string body = R"({"server_time":")" +
                           formatted(seconds, newer ? "%Y-%m-%dT%H:%M:%SZ" : "%a, %d %b %Y %H:%M:%S GMT") +
                           R"(","head_block_timestamp":)";
        if (recent)
            body += std::to_string(std::uint64_t{head->block_time.seconds} * 1000) + R"(,"head_block_time":")" +
                    head->block_time.to_string() + R"(.000Z","deltatime":)" + thousandths(delta);
        else
            body += R"(null,"head_block_time":null,"deltatime":"Infinite")";
        body += good ? R"(,"status":"ok")" : R"(,"status":"out_of_sync","error":")";
        if (!good)
            body += recent ? "last_block_too_old\"" : head ? "no_blocks_last_24_hours\"" : "index_not_found\"";
        body += R"(,"query_index":")" + formatted(seconds, "bitshares-%Y-%m") + R"(","query_from_date":")" +
                formatted(yesterday, "%Y-%m-%d") + "\"}";
        return {.body = std::move(body)};
    }

    // As the FastAPI program; of the chain itself nothing is known here.
    http_response status() const
    {
        auto const now = settings_.clock();
        std::int64_t const seconds = seconds_of(now);
        auto const head = from_.head();
        std::string body = R"({"server_time":")" + formatted(seconds, "%Y-%m-%dT%H:%M:%SZ") + R"(","head_block":{)";
        std::int64_t const age = head ? seconds - std::int64_t{head->block_time.seconds} : 0;
        if (head)
            body += R"("elasticsearch":{"block_num":)" + std::to_string(head->block_num) + R"(,"block_time":")" +
                    head->block_time.to_string() + R"(","block_timestamp":)" +
                    std::to_string(head->block_time.seconds) + R"(,"age":)" + std::to_string(age) + "}";
        body += R"(},"status":")";
        body += head && age < settings_.alive.count() ? "ok" : "out_of_sync";
        return {.body = body + "\"}"};
    }

    template <class Work>
    http_response guarded(Work&& work) const
    {
        try
        {
            return work();
        }
        catch (bad_parameter const& e)
        {
            return http_problem(400, "bad_parameter", e.what());
        }
        catch (program::bad_field const& e)
        {
            return http_problem(400, "bad_field", e.what());
        }
        catch (backend_timeout const& e)
        {
            log(e.what());
            return http_problem(504, "too_slow",
                                "the question takes too long to answer: a shorter range of times, an "
                                "account, or a sort by operation_id_num helps");
        }
        catch (backend_failure const& e)
        {
            log(e.what());
            auto response = http_problem(503, "unavailable", "the documents cannot be read at the moment");
            response.headers.emplace_back("Retry-After", "5");
            return response;
        }
    }

private:
    std::uint32_t now() const
    {
        return static_cast<std::uint32_t>(std::clamp<std::int64_t>(seconds_of(settings_.clock()), 0, 0xffffffff));
    }

    void log(std::string const& what) const
    {
        if (settings_.log)
            settings_.log(what);
    }

    static http_response no_hits()
    {
        return http_problem(404, "no_hits", "Your search did not result in any hits (wrong id?)");
    }

    http_response documents(std::string list, std::size_t count, bool newer) const
    {
        if (count == 0 && newer && settings_.empty_is_404)
            return no_hits();
        return {.body = std::move(list) + "]"};
    }

    http_response buckets(history_question const& question, bool newer) const
    {
        std::string list = "[";
        std::size_t count = 0;
        for (auto const& b : from_.count(question))
        {
            list.append(count++ == 0 ? "" : ",").append(R"({"key":)").append(b.key);
            if (!b.as_text.empty())
                list.append(R"(,"key_as_string":)").append(json_quote(b.as_text));
            list.append(R"(,"doc_count":)").append(std::to_string(b.count)).append("}");
        }
        return documents(std::move(list), count, newer);
    }

    backend& from_;
    service_settings settings_;
};

} // namespace

void add_routes(http_server& server, backend& from, service_settings settings)
{
    std::string const openapi = openapi_text(settings.limits), page = api_page_text(settings.limits, from.kind());
    auto const s = std::make_shared<service const>(from, std::move(settings));
    auto const get = [&](std::string path, auto work) {
        server.get(std::move(path),
                   [s, work](http_request const& r) { return s->guarded([&] { return work(*s, r); }); });
    };
    using R = http_request const&;
    get("/get_account_history", [](service const& it, R r) { return it.history(r, false); });
    get("/get_single_operation", [](service const& it, R r) { return it.operation(r, false); });
    get("/get_trx", [](service const& it, R r) { return it.transaction(r, false); });
    get("/is_alive", [](service const& it, R) { return it.is_alive(false); });
    for (std::string const prefix : {"/", "/openexplorer/"})
    {
        get(prefix + "es/account_history", [](service const& it, R r) { return it.history(r, true); });
        get(prefix + "es/single_operation", [](service const& it, R r) { return it.operation(r, true); });
        get(prefix + "es/trx", [](service const& it, R r) { return it.transaction(r, true); });
        get(prefix + "es/is_alive", [](service const& it, R) { return it.is_alive(true); });
        get(prefix + "account_history", [](service const& it, R r) { return it.fastapi_history(r); });
        get(prefix + "history", [](service const& it, R r) { return it.fastapi_history(r); });
        get(prefix + "status", [](service const& it, R) { return it.status(); });
    }

    server.get("/openapi.json", [openapi](R) { return http_response{.body = openapi}; });
    server.get("/apidocs/", [page](R) {
        return http_response{
            .content_type = "text/html; charset=utf-8",
            .body = page,
            .headers = {{"Content-Security-Policy",
                         "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"}}};
    });
    server.get("/apidocs", [](R) { return http_response{.status = 301, .headers = {{"Location", "apidocs/"}}}; });
    server.get("/", [](R) { return http_response{.status = 302, .headers = {{"Location", "apidocs/"}}}; });
    server.get("/metrics", [&server](R) {
        return http_response{.content_type = http_server::metrics_type, .body = server.metrics()};
    });
}

} // namespace es_wrapper
