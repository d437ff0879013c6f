#include "api_page.hpp"

#include <bitshares/base/utf8.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/version.hpp>

#include <array>
#include <vector>

namespace es_wrapper {

using bitshares::json_quote;

namespace {

constexpr api_parameter account{"account_id", "string", "", "1.2.18", "Whose history; empty: of all accounts."};
constexpr api_parameter type_number{"operation_type", "integer", "", "0",
                                    "Only operations of this type, as 0 for transfers; empty or -1: all."};
constexpr api_parameter from{"from_", "integer", "0", "", "Documents to leave out."};
constexpr api_parameter size{"size", "integer", "10", "", "How many documents, or values, at most."};
constexpr api_parameter from_date{
    "from_date", "string", "2015-10-10", "",
    "The first time, UTC: 2019-02-03, 2019-02-03T04:05:06, now-1d, or milliseconds since 1970."};
constexpr api_parameter to_date{"to_date", "string", "now", "", "The last time, UTC; of a day alone, the day's end."};
constexpr api_parameter type{"type", "string", "data", "",
                             "data: the documents. Anything else, as count: how many have each value of agg_field."};
constexpr api_parameter agg_field{"agg_field", "string", "operation_type", "",
                                  "What to count by, as block_data.block_time or "
                                  "operation_history.op_object.fee.asset_id.keyword."};
constexpr api_parameter search_after{
    "search_after", "string", "", "",
    "The last document's values of sort_by, with commas between: what is behind it, however "
    "far. Replaces from_."};
constexpr api_parameter sort_time{"sort_by", "string", "-block_data.block_time", "",
                                  "Members of the documents, with commas between; with - before one, downwards."};
constexpr api_parameter sort_id{"sort_by", "string", "-operation_id_num", "", sort_time.text};
constexpr api_parameter operation_id{"operation_id", "string", "", "1.11.0", "The operation's id."};
constexpr api_parameter trx{"trx", "string", "", "", "The transaction's id: 40 hexadecimal digits."};

constexpr api_parameter limit{"limit", "integer", "10", "", "How many documents at most."};
constexpr api_parameter offset{"offset", "integer", "0", "", "Documents to leave out."};
constexpr api_parameter asset{"asset_id", "string", "", "1.3.121",
                              "Only operations with an amount of this asset, be it their fee, or about it. A symbol is "
                              "answered by asset_not_found."};
constexpr api_parameter credit_offer{"creditoffer_id", "string", "", "1.21.3",
                                     "Only operations of this credit offer, its beginning too."};
constexpr api_parameter pool{"pool_id", "string", "", "1.19.3", "Only operations of this pool, its beginning too."};

constexpr std::array history_v1 = {account, type_number, from,         size, from_date,
                                   to_date, sort_time,   search_after, type, agg_field};
constexpr std::array history_v2 = {account, type_number, from,         size, from_date,
                                   to_date, sort_id,     search_after, type, agg_field};
constexpr std::array history_fastapi = {account, type_number, from_date,    to_date, limit,
                                        offset,  asset,       credit_offer, pool};
constexpr std::array single = {operation_id};
constexpr std::array transaction = {trx, from, size};

constexpr std::string_view v1 = "es-wrapper (v1)", v2 = "explorer-api (v2)", fastapi = "openexplorer (FastAPI)",
                           own = "This service";
constexpr std::string_view history_text =
    "A list of documents as the node's plugin wrote them, or of {key, doc_count}.";

constexpr std::string_view listed_text = "A list of documents as the node's plugin wrote them, or account_not_found or "
                                         "asset_not_found with the name that is "
                                         "no id.";

constexpr std::array paths = {
    api_path{"/get_account_history", v1, "The history of an account", history_text, history_v1},
    api_path{"/get_single_operation", v1, "One operation by its id", "A list with its document, or an empty one.",
             single},
    api_path{"/get_trx", v1, "The operations of a transaction", "A list of documents.", transaction},
    api_path{"/is_alive", v1, "How well the data keeps up with the chain", "status is ok or out_of_sync.", {}},
    api_path{"/es/account_history", v2, "The history of an account", history_text, history_v2},
    api_path{"/es/single_operation", v2, "One operation by its id", "Its document; 404 where there is none.", single},
    api_path{"/es/trx", v2, "The operations of a transaction", "A list of documents.", transaction},
    api_path{
        "/es/is_alive", v2, "How well the data keeps up with the chain", "As /is_alive, the time as ISO 8601.", {}},
    api_path{"/openexplorer/es/account_history", fastapi, "The history of an account", history_text, history_v2},
    api_path{"/openexplorer/es/single_operation", fastapi, "One operation by its id",
             "Its document; 404 where there is none.", single},
    api_path{"/openexplorer/es/trx", fastapi, "The operations of a transaction", "A list of documents.", transaction},
    api_path{"/openexplorer/es/is_alive", fastapi, "How well the data keeps up with the chain", "As /es/is_alive.", {}},
    api_path{"/openexplorer/account_history", fastapi, "The history of an account, newest first", listed_text,
             history_fastapi},
    api_path{"/openexplorer/history", fastapi, "Operations of all accounts, newest first", listed_text,
             history_fastapi},
    api_path{"/openexplorer/status",
             fastapi,
             "How well the data keeps up with the chain",
             "The newest block with its age in seconds.",
             {}},
    api_path{"/metrics", own, "What the service does", "Prometheus' text format.", {}},
    api_path{"/openapi.json", own, "This page for programs", "OpenAPI 3.0.", {}},
};

std::string escaped(std::string_view text)
{
    std::string out;
    for (char const c : bitshares::valid_utf8(text))
        switch (c)
        {
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '&': out += "&amp;"; break;
        case '"': out += "&quot;"; break;
        default: out += c;
        }
    return out;
}

std::string limits_text(question_limits const& limits)
{
    return "An answer has at most " + std::to_string(limits.size) + " documents; from_ and size together reach " +
           std::to_string(limits.window) +
           " documents far, search_after any number. What is wrong with a question is told "
           "as application/problem+json, of which detail is for people and code for programs.";
}

constexpr std::string_view style = R"(
:root { color-scheme: light dark; --line: #8884; --accent: #0a7a5c; }
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 60rem; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; }
h2 { font-size: 1.1rem; margin: 2.25rem 0 .5rem; padding-bottom: .25rem; border-bottom: 2px solid var(--accent); }
p { margin: .25rem 0 .75rem; max-width: 46rem; }
code { font: .92em ui-monospace, monospace; }
details { border: 1px solid var(--line); border-radius: .4rem; margin: .5rem 0; }
summary { padding: .5rem .75rem; cursor: pointer; }
summary code { font-weight: 600; margin-right: .75rem; overflow-wrap: anywhere; }
form { padding: .25rem .75rem .75rem; }
label { display: grid; grid-template-columns: 9.5rem minmax(8rem, 15rem) 1fr; gap: .25rem .75rem; align-items: center;
  padding: .25rem 0; border-top: 1px solid var(--line); }
label small { opacity: .8; }
input { font: 15px/1.6 ui-monospace, monospace; height: 2.1rem; padding: 0 .4rem; width: 100%; }
button { font: inherit; margin-top: .75rem; padding: .3rem 1.1rem; border: 0; border-radius: .3rem; color: #fff;
  background: var(--accent); cursor: pointer; }
@media (max-width: 40rem) { label { grid-template-columns: 1fr; } }
)";

} // namespace

std::span<api_path const> api_paths()
{
    return paths;
}

std::string openapi_text(question_limits const& limits)
{
    std::string out = R"({"openapi":"3.0.3","info":{"title":"BitShares history wrapper","version":)" +
                      json_quote(bitshares::version) + R"(,"description":)" + json_quote(limits_text(limits)) +
                      R"(},"servers":[{"url":"."}],"paths":{)";
    bool first = true;
    for (api_path const& p : paths)
    {
        out += (first ? "" : ",") + json_quote(p.path) + R"(:{"get":{"tags":[)" + json_quote(p.group) +
               R"(],"summary":)" + json_quote(p.summary) + R"(,"description":)" + json_quote(p.text) +
               R"(,"parameters":[)";
        first = false;
        for (std::size_t i = 0; i < p.parameters.size(); ++i)
        {
            auto const& a = p.parameters[i];
            bool const required = a.name == "trx" || a.name == "operation_id";
            out += (i == 0 ? "" : ",") + std::string(R"({"in":"query","name":)") + json_quote(a.name) +
                   R"(,"description":)" + json_quote(a.text) + (required ? R"(,"required":true)" : "") +
                   R"(,"schema":{"type":)" + json_quote(a.type);
            if (!a.initial.empty())
                out += R"(,"default":)" + (a.type == "integer" ? std::string(a.initial) : json_quote(a.initial));
            out += "}}";
        }
        std::string_view const content = p.path == "/metrics" ? "text/plain" : "application/json";
        out +=
            R"(],"responses":{"200":{"description":)" + json_quote(p.text) + R"(,"content":{)" + json_quote(content) +
            R"(:{}}},"default":{"description":"What is wrong","content":{"application/problem+json":{"schema":{"type":)"
            R"("object","properties":{"title":{"type":"string"},"status":{"type":"integer"},"detail":{"type":"string"},)"
            R"("code":{"type":"string"}}}}}}}}})";
    }
    return out + "}}\n";
}

std::string api_page_text(question_limits const& limits, std::string_view source)
{
    std::string out = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                      "<title>BitShares history wrapper</title>\n<style>";
    out.append(style).append("</style>\n</head>\n<body>\n<h1>BitShares history wrapper</h1>\n<p>bts-es-wrapper ");
    out.append(escaped(bitshares::version)).append(", from ").append(escaped(source)).append(". ");
    out.append(escaped(limits_text(limits)))
        .append(" For programs: <a href=\"../openapi.json\">openapi.json</a>.</p>\n");
    std::string_view group;
    for (api_path const& p : paths)
    {
        if (p.group != group)
            out.append("<h2>").append(escaped(p.group)).append("</h2>\n");
        out.append("<details").append(group.empty() ? " open" : "").append("><summary><code>");
        out.append(escaped(p.path)).append("</code>").append(escaped(p.summary)).append("</summary>\n");
        out.append("<form action=\"..")
            .append(escaped(p.path))
            .append("\" method=\"get\">\n<p>")
            .append(escaped(p.text));
        out.append("</p>\n");
        group = p.group;
        for (api_parameter const& a : p.parameters)
        {
            out.append("<label><code>").append(escaped(a.name)).append("</code><input name=\"").append(escaped(a.name));
            out.append("\" value=\"").append(escaped(a.initial)).append("\" placeholder=\"").append(escaped(a.example));
            out.append("\"").append(a.type == "integer" ? " inputmode=\"numeric\"" : "").append("><small>");
            out.append(escaped(a.text)).append("</small></label>\n");
        }
        out.append("<button>Ask</button>\n</form>\n</details>\n");
    }
    return out.append("</body>\n</html>\n");
}

} // namespace es_wrapper
