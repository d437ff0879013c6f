// Bytes as what strangers send to our servers: the requests in them, and what the history wrapper makes of their parameters.

#include "support.hpp"

#include <bitshares/protocol/json.hpp>
#include <common/http_server.hpp>

#include <algorithm>
#include <es_wrapper/service.hpp>
#include <string>
#include <vector>

using program::http_reader;

namespace {

struct outcome
{
    std::vector<program::http_request> requests;
    bool refused = false;
};

outcome read(std::string_view text, std::size_t piece)
{
    outcome o;
    http_reader reader({.header_bytes = 1024, .body_bytes = 256, .parameters = 8});
    std::string in;
    while (!text.empty() && !o.refused)
    {
        in += text.substr(0, piece);
        text.remove_prefix(std::min(piece, text.size()));
        for (auto state = http_reader::state::whole; state == http_reader::state::whole;)
        {
            std::size_t used = 0;
            state = reader.feed(in, used);
            fuzz::require(used <= in.size(), "no more is taken than there is");
            in.erase(0, used);
            if (state == http_reader::state::whole)
                o.requests.push_back(reader.take());
            if (state == http_reader::state::refused)
            {
                o.refused = true;
                fuzz::require(reader.problem().status >= 400 && reader.problem().status < 600, "a refusal says so");
                fuzz::require(bitshares::from_json<bitshares::raw_json>(reader.problem().body).has_value(),
                              "a refusal is JSON");
            }
        }
        fuzz::require(in.size() <= 1024 + piece, "what waits has a limit");
    }
    return o;
}

// A back end that has one document for everybody.
class one_document : public es_wrapper::backend
{
public:
    std::size_t documents(program::document_search const& what, std::string& out) override
    {
        fuzz::require(what.size <= 100 && (!what.after.empty() || what.from + what.size <= 1000), "within the limits");
        fuzz::require(what.sort.size() <= 4 && what.after.size() <= 4, "not too many fields");
        out += "{}";
        return 1;
    }
    std::size_t transaction(es_wrapper::transaction_question const& what, std::string&) override
    {
        fuzz::require(what.size <= 100 && what.from + what.size <= 1000, "within the limits");
        return 0;
    }
    std::string operation(bitshares::operation_history_id) override { return "{}"; }
    std::vector<program::document_bucket> count(es_wrapper::history_question const&) override
    {
        return {{"\"a\"", "b", 1}};
    }
    std::optional<program::store_head> head() override { return std::nullopt; }
    std::string name() const override { return "one"; }
    std::string_view kind() const override { return "one"; }
};

one_document documents;

program::http_server& server()
{
    static program::http_server it({});
    [[maybe_unused]] static bool const routed = [] {
        es_wrapper::service_settings settings;
        settings.limits = {.size = 100, .window = 1000, .sort_fields = 4};
        es_wrapper::add_routes(it, documents, settings);
        return true;
    }();
    return it;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    auto const text = fuzz::text_of(data, std::min<std::size_t>(size, 4096));
    outcome whole;
    {
        fuzz::memory_watch const watch;
        whole = read(text, text.size());
        fuzz::require(watch.peak() <= fuzz::allowed_memory(text.size()), "memory grows with the request only");
    }
    auto const pieces = read(text, 1 + size % 7);
    // In pieces, what is no request is seen later; and at a limit, a byte may decide.
    std::size_t const both = std::min(whole.requests.size(), pieces.requests.size());
    fuzz::require((both == whole.requests.size() || pieces.refused) &&
                      (both == pieces.requests.size() || whole.refused),
                  "it does not matter in which pieces a request comes");
    for (std::size_t i = 0; i < both; ++i)
    {
        auto& r = whole.requests[i];
        fuzz::require(r.target == pieces.requests[i].target && r.body == pieces.requests[i].body &&
                          r.headers == pieces.requests[i].headers,
                      "it is the same request");
        fuzz::require(r.path == "*" || r.path.starts_with('/'), "a path begins with a slash");
        fuzz::require(r.query.size() <= 8 && r.body.size() <= 256, "limits hold");
        auto const answer = server().respond(r);
        fuzz::require(answer.status != 500, "nothing is thrown");
        if (answer.content_type.ends_with("json") && !answer.body.empty())
            fuzz::require(bitshares::from_json<bitshares::raw_json>(answer.body).has_value(), "an answer is JSON");
        for (auto const& [name, value] : answer.headers)
            fuzz::require(value.find_first_of("\r\n") == value.npos, "no header ends early");
    }
    for (bool const last : {false, true})
        (void)es_wrapper::read_wrapper_time(text, last, 1'800'000'000);
    return 0;
}
