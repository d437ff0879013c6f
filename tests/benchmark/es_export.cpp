// An account's history out of a search server, decoded and written as CSV: rows a second, and memory with a hundred times as
// many rows.
//
// es_export_1000 and es_export_5000 need a real server at BITSHARES_ES_URL (tests/benchmark/es.sh starts one), to which 200,000
// documents of the plugin's shape are written first. Their limit is a bare Beast client that asks the same server for the same
// pages over one kept connection and looks at nothing: the server's own rate. With BITSHARES_PEER_PYTHON, a Python with the
// package elasticsearch, the official client reads them in turn with both.
//
// es_export_memory is measured in processes of its own, each against a server in this one that makes pages up.

#include "harness.hpp"

#include <bitshares/history/es_client.hpp>
#include <bitshares/history/es_writer.hpp>
#include <bitshares/history/formats.hpp>
#include <bitshares/net/http_client.hpp>

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include <array>
#include <charconv>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace {

using namespace bitshares;
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;

constexpr std::uint64_t rows_timed = 200'000;
constexpr std::uint64_t rows_few = 10'000;
constexpr std::uint64_t rows_many = 1'000'000;
constexpr int rounds = 5;
constexpr account_id account(18);
constexpr char const* prefix = "benchmark-history-";
constexpr std::uint64_t first_id = 1'000'000;

std::uint64_t id_of_row(std::uint64_t row) // from 0
{
    return first_id + row * 3;
}

// Of a trader: of four operations two are fills, one places an order and one cancels it.
es_document document_of(std::uint64_t row)
{
    es_document d;
    history_record& r = d.record;
    r.id = operation_history_id(id_of_row(row));
    r.block_num = static_cast<std::uint32_t>(1000 + row / 2);
    r.block_time = time_point_sec(1'700'000'000 + static_cast<std::uint32_t>(row) * 30);
    r.trx_in_block = static_cast<std::uint16_t>(row % 2);
    r.sequence = row + 1;
    auto const amount = static_cast<std::int64_t>(1'000'000 + row * 7919 % 100'000'000);
    any_object_id const order = limit_order_id(row / 4);
    if (row % 4 == 0)
    {
        limit_order_create op;
        op.fee = {482, core_asset};
        op.seller = account;
        op.amount_to_sell = {amount, core_asset};
        op.min_to_receive = {amount / 7, asset_id(1)};
        op.expiration = time_point_sec(2'000'000'000);
        r.op = op;
        r.result = order;
    }
    else if (row % 4 == 3)
    {
        limit_order_cancel op;
        op.fee = {48, core_asset};
        op.fee_paying_account = account;
        op.order = limit_order_id(row / 4);
        r.op = op;
        r.result = asset{amount, core_asset};
    }
    else
    {
        fill_order op;
        op.order_id = order;
        op.account_id = account;
        op.pays = {amount / 2, core_asset};
        op.receives = {amount / 14, asset_id(1)};
        op.fee = {amount / 1400, asset_id(1)};
        op.fill_price = {op.pays, op.receives};
        op.is_maker = row % 4 == 1;
        r.op = op;
        r.is_virtual = true;
    }
    d.account = account;
    d.id = account_history_id(id_of_row(row));
    d.next = account_history_id(row == 0 ? 0 : id_of_row(row - 1));
    d.fee_payer = account;
    d.trx_id = transaction_id();
    return d;
}

history_labels names()
{
    history_labels labels;
    labels.put(core_asset, asset_label{"BTS", 5});
    labels.put(asset_id(1), asset_label{"GOLD", 4});
    labels.put(account, "trader");
    return labels;
}

es_options reading(std::uint32_t page_size)
{
    es_options options;
    options.selection.index = std::string(prefix) + "*";
    options.selection.account = account;
    options.page_size = page_size;
    return options;
}

/// Reads all of it and writes it as bts-export does.
std::uint64_t export_all(std::string const& url, std::uint32_t page_size)
{
    http_client server(http_url(url), http_options().gzip(false)); // as the bare client: the server shares this machine
    es_history history(server, reading(page_size));
    export_format const& format = *find_export_format("events");
    history_labels const labels = names();
    std::FILE* const file = std::fopen("/dev/null", "wb");
    std::vector<history_record> page;
    history_row row;
    std::string out, scratch;
    append_header(out, format, false);
    std::uint64_t rows = 0;
    while (history.next(page))
    {
        for (history_record const& record : page)
        {
            classify(record, account, row);
            append_row(out, format, {row, labels}, false, scratch);
            if (out.size() > 1 << 16)
            {
                std::fwrite(out.data(), 1, out.size(), file);
                out.clear();
            }
        }
        rows += page.size();
    }
    std::fclose(file);
    return rows;
}

/// Of rows before the page that begins at `row`.
std::string page_body(std::uint64_t row, std::uint32_t size)
{
    return R"({"size":)" + std::to_string(size) +
           R"(,"track_total_hits":false,"query":{"bool":{"filter":[{"term":{"account_history.account.keyword":"1.2.18"}}]}},)"
           R"("sort":[{"operation_id_num":{"order":"asc"}}])" +
           (row == 0 ? "" : R"(,"search_after":[)" + std::to_string(id_of_row(row - 1)) + "]") + "}";
}

/// One kept connection, and nothing is done with what comes.
class bare_client
{
public:
    explicit bare_client(http_url const& url) : host_(url.host())
    {
        tcp::resolver resolver(context_);
        asio::connect(socket_, resolver.resolve(url.host(), std::to_string(url.port())));
        socket_.set_option(tcp::no_delay(true));
    }

    std::uint64_t download(std::uint32_t page_size)
    {
        std::uint64_t bytes = 0;
        for (std::uint64_t row = 0; row <= rows_timed; row += page_size)
        {
            http::request<http::string_body> request(
                http::verb::post, std::string("/") + prefix + "*/_search?allow_partial_search_results=false", 11);
            request.set(http::field::host, host_);
            request.set(http::field::content_type, "application/json");
            request.body() = page_body(row, page_size);
            request.prepare_payload();
            http::write(socket_, request);
            http::response_parser<http::string_body> response;
            response.body_limit(boost::none);
            http::read(socket_, buffer_, response);
            if (response.get().result_int() != 200)
                throw std::runtime_error("the server answers " + response.get().body().substr(0, 200));
            bytes += response.get().body().size();
        }
        return bytes;
    }

private:
    asio::io_context context_;
    tcp::socket socket_{context_};
    beast::flat_buffer buffer_;
    std::string host_;
};

http_reply sent(http_sender& server, http_method method, std::string target, std::string body = {},
                std::string type = "application/json")
{
    http_request request;
    request.method = method;
    request.target = std::move(target);
    request.body = std::move(body);
    request.content_type = std::move(type);
    return server.send(request).value();
}

/// How many documents there are; without an index there is none.
std::uint64_t count(http_sender& server)
try
{
    return es_count(server, reading(1).selection);
}
catch (exception const& e)
{
    if (e.code() != errc::http_refused)
        throw;
    return 0;
}

/// The documents, unless they are there.
void load(std::string const& url)
{
    http_client server{http_url(url)};
    if (count(server) == rows_timed)
        return;
    es_version const version = read_es_version(sent(server, http_method::get, "/").body).value();
    constexpr std::uint64_t at_once = 4'000;
    for (std::uint64_t row = 0; row < rows_timed;)
    {
        std::string body;
        std::uint64_t const end = std::min(row + at_once, rows_timed);
        std::uint64_t const documents = end - row;
        for (; row < end; ++row)
            write_es_bulk(body, document_of(row), version, {}, prefix);
        auto const outcome =
            read_es_bulk_reply(sent(server, http_method::post, "/_bulk", std::move(body), "application/x-ndjson").body,
                               documents)
                .value();
        if (outcome.refused != 0)
            throw exception(*outcome.first_refusal);
    }
    sent(server, http_method::post, std::string("/") + prefix + "*/_refresh");
    sent(server, http_method::post, std::string("/") + prefix + "*/_forcemerge?max_num_segments=1");
    if (std::uint64_t const there = count(server); there != rows_timed)
        throw std::runtime_error(std::to_string(there) + " documents are there, not " + std::to_string(rows_timed));
}

/// Rows a second that the official client reads.
std::optional<double> official(std::string const& url, std::uint32_t page_size)
{
    char const* const python = std::getenv("BITSHARES_PEER_PYTHON");
    if (python == nullptr)
        return std::nullopt;
    std::string const command = std::string(python) + " '" BITSHARES_TESTS_DIR "/benchmark/peers/es_export.py' '" +
                                url + "' '" + prefix + "*' 1.2.18 " + std::to_string(page_size);
    std::FILE* const pipe = ::popen(command.c_str(), "r");
    double rate = 0;
    if (pipe == nullptr || std::fscanf(pipe, "%lf", &rate) != 1 || ::pclose(pipe) != 0)
        throw std::runtime_error("the official client failed: " + command);
    return rate;
}

bool measure_rows(std::string_view name, std::uint32_t page_size, double bar_of_official)
{
    char const* const place = std::getenv("BITSHARES_ES_URL");
    if (place == nullptr)
        throw std::runtime_error(std::string(name) + " needs a server at BITSHARES_ES_URL: bash tests/benchmark/es.sh");
    std::string const url = place;
    load(url);
    bare_client bare{http_url(url)};
    for (int i = 0; i < 2; ++i) // the server is slow until it is warm
        bare.download(page_size);
    std::vector<double> own, limit, peer;
    for (int round = 0; round < rounds; ++round)
    {
        auto const timed = [](auto&& work) {
            double const begin = benchmark::wall_clock::now();
            work();
            return benchmark::wall_clock::now() - begin;
        };
        limit.push_back(timed([&] { bare.download(page_size); }));
        own.push_back(timed([&] {
            if (std::uint64_t const rows = export_all(url, page_size); rows != rows_timed)
                throw std::runtime_error(std::to_string(rows) + " rows came");
        }));
        if (auto const rate = official(url, page_size))
            peer.push_back(static_cast<double>(rows_timed) / *rate);
    }
    constexpr auto rows = static_cast<double>(rows_timed);
    bool good = benchmark::report({name, "rows/s", 0.8}, rows / benchmark::median(own), rows / benchmark::median(limit),
                                  benchmark::ratio_of(own, limit));
    if (!peer.empty())
        good &= benchmark::report({std::string(name) + "_official", "rows/s", bar_of_official},
                                  rows / benchmark::median(own), rows / benchmark::median(peer),
                                  benchmark::ratio_of(own, peer));
    return good;
}

/// A server of so many documents that are made up when they are asked for.
class made_up_server
{
public:
    explicit made_up_server(std::uint64_t rows) : rows_(rows)
    {
        thread_ = std::thread([this] { serve(); });
    }
    ~made_up_server()
    {
        ended_ = true;
        try
        {
            tcp::socket last(context_);
            last.connect(acceptor_.local_endpoint());
        }
        catch (std::exception const&)
        { // it has ended
        }
        thread_.join();
    }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()); }

private:
    void serve()
    {
        while (!ended_)
            try
            {
                tcp::socket socket = acceptor_.accept();
                beast::flat_buffer buffer;
                while (!ended_)
                {
                    http::request<http::string_body> request;
                    http::read(socket, buffer, request);
                    http::response<http::string_body> response(http::status::ok, 11);
                    response.set(http::field::content_type, "application/json");
                    response.body() = answer(request.body());
                    response.prepare_payload();
                    http::write(socket, response);
                }
            }
            catch (std::exception const&)
            { // the client is gone
            }
    }

    static std::uint64_t number_behind(std::string_view text, std::string_view what)
    {
        std::uint64_t value = 0;
        if (auto const at = text.find(what); at != text.npos)
            std::from_chars(text.data() + at + what.size(), text.data() + text.size(), value);
        return value;
    }

    std::string answer(std::string const& question) const
    {
        if (question.empty())
            return R"({"version":{"number":"7.17.29"}})";
        bool const bounds = question.find("\"desc\"") != question.npos;
        std::uint64_t const after = number_behind(question, "\"search_after\":[");
        std::uint64_t const begin = bounds ? rows_ - 1 : after == 0 ? 0 : (after - first_id) / 3 + 1;
        std::uint64_t const end = std::min(rows_, begin + number_behind(question, "\"size\":"));
        std::string body = R"({"timed_out":false,"_shards":{"total":1,"successful":1,"skipped":0,"failed":0},"hits":{)";
        if (bounds)
            body += R"("total":{"value":)" + std::to_string(rows_) + R"(,"relation":"eq"},)";
        body += "\"hits\":[";
        for (std::uint64_t row = begin; row < end; ++row)
        {
            body += row == begin ? "{\"_source\":" : ",{\"_source\":";
            write_es_document(body, document_of(row));
            body += ",\"sort\":[" + std::to_string(id_of_row(row)) + "]}";
        }
        return body + "]}}";
    }

    std::uint64_t rows_;
    asio::io_context context_;
    tcp::acceptor acceptor_{context_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)};
    std::atomic<bool> ended_ = false;
    std::thread thread_;
};

/// Exports from such a server in another process. @return That process's peak of memory in bytes.
double peak_of(std::uint64_t rows)
{
    std::array<int, 2> way{};
    if (::pipe(way.data()) != 0)
        throw std::runtime_error("no pipe");
    pid_t const server = ::fork(); // each in a process without threads before
    if (server == 0)
    {
        made_up_server const serving(rows);
        std::string const url = serving.url() + "\n";
        if (::write(way[1], url.data(), url.size()) < 0)
            ::_exit(1);
        ::pause();
    }
    std::array<char, 100> text{};
    ssize_t const length = ::read(way[0], text.data(), text.size());
    std::string const url(text.data(), length > 0 ? static_cast<std::size_t>(length) - 1 : 0);
    pid_t const reader = ::fork();
    if (reader == 0)
        ::_exit(export_all(url, 1000) == rows ? 0 : 1);
    int status = 0;
    struct rusage usage = {};
    bool const good = ::wait4(reader, &status, 0, &usage) == reader && status == 0;
    ::kill(server, SIGKILL);
    ::waitpid(server, nullptr, 0);
    ::close(way[0]);
    ::close(way[1]);
    if (!good)
        throw std::runtime_error("the reader failed with status " + std::to_string(status));
    return static_cast<double>(usage.ru_maxrss) * 1024;
}

bool measure_memory()
{
    constexpr double allowed = 32.0 * 1024 * 1024;
    double const few = peak_of(rows_few), many = peak_of(rows_many);
    double const more = std::max(many - few, 1.0);
    return benchmark::report({"es_export_memory", "bytes", 1}, more, allowed, allowed / more,
                             ",\"rows\":" + std::to_string(rows_many) +
                                 ",\"peak\":" + std::to_string(static_cast<std::uint64_t>(many)));
}

} // namespace

int main(int argc, char** argv)
{
    try
    {
        bool good = true;
        auto const wanted = [&](std::string_view name) {
            return argc < 2 || std::find(argv + 1, argv + argc, name) != argv + argc;
        };
        if (wanted("es_export_memory"))
            good &= measure_memory();
        if (wanted("es_export_1000"))
            good &= measure_rows("es_export_1000", 1000, 1.3);
        if (wanted("es_export_5000"))
            good &= measure_rows("es_export_5000", 5000, 2);
        return good ? 0 : 1;
    }
    catch (std::exception const& e)
    {
        std::fprintf(stderr, "%s\n", e.what());
        return 2;
    }
}
