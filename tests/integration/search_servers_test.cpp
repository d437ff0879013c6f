/* Real search servers, which tests/search_servers.sh starts: without it these cases are not run. */

#include <bitshares/history/es_client.hpp>
#include <bitshares/history/es_writer.hpp>
#include <bitshares/net/http_client.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/testing/node.hpp>
#include <support/folder.hpp>
#include <support/json_value.hpp>
#include <support/process.hpp>
#include <support/recordings.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace bitshares;

/// Some servers behind a balancer, and how one of them dies.
struct behind_balancer
{
    std::vector<std::string> servers; // themselves
    std::string balancer;             // for a reader
    std::string ca_file;
    std::string kill; // a command of the shell

    BITSHARES_FIELDS((servers), (balancer), (ca_file), (kill))
};

struct search_servers
{
    std::vector<std::string> servers; // one of each kind
    std::uint64_t documents = 0;
    std::optional<behind_balancer> cluster;
    std::optional<behind_balancer> instances; // which know nothing of each other
    std::vector<std::string> with_users;      // host and port of servers that have the roles that are shipped

    BITSHARES_FIELDS((servers), (documents), (cluster), (instances), (with_users))
};

bool none()
{
    return std::getenv("BITSHARES_SEARCH_SERVERS") == nullptr;
}

search_servers const& all()
{
    static auto const read = from_json<search_servers>(std::getenv("BITSHARES_SEARCH_SERVERS")).value();
    return read;
}

http_options options(std::string const& ca_file = {})
{
    tls_options tls;
    if (!ca_file.empty())
        tls.add_ca_file(ca_file);
    return http_options().tls(tls).attempt_timeout(std::chrono::seconds(120));
}

http_reply send(http_client& client, http_request const& request)
{
    auto reply = client.send(request);
    REQUIRE_MESSAGE(reply.has_value(), reply.error().message());
    return std::move(*reply);
}

es_version version_of(http_client& client)
{
    return read_es_version(send(client, {}).body).value();
}

/// Reads all that is selected. @param on_page Called behind each page with the number of documents so far.
std::vector<es_document>
read(http_client& client, es_options o, std::function<void(std::size_t)> const& on_page = [](std::size_t) {})
{
    es_history history(client, std::move(o));
    std::vector<es_document> documents;
    std::vector<es_document> page;
    while (history.next(page))
    {
        std::move(page.begin(), page.end(), std::back_inserter(documents));
        on_page(documents.size());
    }
    CHECK(history.expected().value_or(documents.size()) == documents.size());
    return documents;
}

/// Operations made by arithmetic as the plugin writes them; each account's ids and times are the same.
class synthetic_documents
{
public:
    synthetic_documents(account_id account, std::uint64_t size)
        : account_(account), history_(std::make_shared<testing::synthetic_history>(account.to_string(), size))
    {}

    std::uint64_t size() const { return history_->size(); }

    es_document at(std::uint64_t index) const
    {
        std::string text;
        history_->append(text, index);
        es_document d;
        static_cast<operation_history_object&>(d.record) = from_json<operation_history_object>(text).value();
        d.record.sequence = index + 1;
        d.account = account_;
        d.id = id(index);
        d.next = index == 0 ? account_history_id(0) : id(index - 1);
        d.fee_payer = d.record.op.fee_payer();
        if (!d.record.is_virtual && !d.record.op.is_virtual())
        {
            d.trx_id.emplace();
            for (std::size_t i = 0; i < d.trx_id->data.size(); ++i)
                d.trx_id->data[i] = static_cast<std::uint8_t>((index >> (i % 8 * 8)) + i);
        }
        return d;
    }

private:
    account_history_id id(std::uint64_t index) const
    {
        return account_history_id(account_.instance * 10'000'000 + index);
    }

    account_id account_;
    std::shared_ptr<testing::synthetic_history const> history_;
};

void load(std::string const& server, std::vector<synthetic_documents> const& accounts, std::string const& prefix)
{
    std::atomic<int> failures = 0;
    std::atomic<int> again = 0;
    auto const since = std::chrono::steady_clock::now();
    std::uint64_t sum = 0;
    for (auto const& account : accounts)
        sum += account.size();
    std::vector<std::pair<std::size_t, std::uint64_t>> parts; // account, first
    constexpr std::uint64_t step = 2'500;
    for (std::size_t a = 0; a < accounts.size(); ++a)
        for (std::uint64_t first = 0; first < accounts[a].size(); first += step)
            parts.emplace_back(a, first);
    std::atomic<std::size_t> next = 0;
    auto const work = [&] {
        http_client client(http_url(server), options());
        auto const server_version = read_es_version(client.send({}).value().body).value();
        for (std::size_t i; (i = next++) < parts.size();)
        {
            auto const& account = accounts[parts[i].first];
            std::uint64_t const end = std::min(parts[i].second + step, account.size());
            http_request request{
                .method = http_method::post, .target = "/_bulk", .body = {}, .content_type = "application/x-ndjson"};
            for (std::uint64_t n = parts[i].second; n < end; ++n)
                write_es_bulk(request.body, account.at(n), server_version, {}, prefix);
            // A server that has too much to do says so, and is asked again.
            for (int attempt = 1;; ++attempt)
            {
                auto const reply = client.send(request);
                auto const outcome = reply ? read_es_bulk_reply(reply->body, end - parts[i].second)
                                           : result<es_bulk_outcome>(reply.error());
                if (outcome && outcome->refused == 0)
                    break;
                if (attempt == 20 || (outcome && !outcome->passing))
                {
                    ++failures;
                    break;
                }
                ++again;
                std::this_thread::sleep_for(std::chrono::milliseconds(250));
            }
        }
    };
    std::thread other(work);
    work();
    other.join();
    CHECK(failures.load() == 0);
    http_client client(http_url(server), options());
    CHECK(send(client, {.method = http_method::post, .target = "/" + prefix + "*/_refresh"}).status == 200);
    MESSAGE(version_of(client).to_string()
            << ": " << sum << " documents in "
            << std::chrono::duration<double>(std::chrono::steady_clock::now() - since).count() << " s, " << again.load()
            << " requests sent again");
}

std::vector<synthetic_documents> synthetic(std::uint64_t documents)
{
    // One account has half of all, and all have the same operations' ids: ties that have to be kept apart.
    std::vector<synthetic_documents> accounts{{account_id(1'000'000), documents / 2}};
    for (std::uint64_t i = 1; i <= 10; ++i)
        accounts.emplace_back(account_id(1'000'000 + i), documents / 20);
    return accounts;
}

bool is_account(std::vector<es_document> const& found, synthetic_documents const& wanted)
{
    CHECK(found.size() == wanted.size());
    if (found.size() != wanted.size())
        return false;
    for (std::uint64_t i = 0; i < wanted.size(); ++i)
        if (found[static_cast<std::size_t>(i)] != wanted.at(i))
        {
            MESSAGE("document " << i << " is another one: " << found[static_cast<std::size_t>(i)].id.to_string());
            return false;
        }
    return true;
}

int feed(std::string const& node, std::string const& server, std::vector<std::string> more = {})
{
    std::vector<std::string> command{std::string(BITSHARES_PROGRAMS_DIR) + "/bts-es-feeder",
                                     "--node",
                                     node,
                                     "--elasticsearch",
                                     server,
                                     "--reversible",
                                     "--quiet"};
    command.insert(command.end(), more.begin(), more.end());
    support::process program(command);
    program.communicate("");
    return program.wait();
}

es_options of_account(account_id account, std::string index, std::uint32_t page = 1'000)
{
    return {.selection = {.index = std::move(index), .account = account, .filter = {}}, .page_size = page};
}

std::string text_of(std::string const& file)
{
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// A file that bts-export writes of a recorded account's operations, and then it is gone.
class exported
{
public:
    exported(testing::node const& node, std::string const& account, std::vector<std::string> more)
    {
        std::vector<std::string> command{std::string(BITSHARES_PROGRAMS_DIR) + "/bts-export",
                                         "--node",
                                         node.url(),
                                         "--account",
                                         account,
                                         "--events",
                                         "--json",
                                         "--out",
                                         file()};
        command.insert(command.end(), more.begin(), more.end());
        support::process program(command);
        auto const said = program.communicate("");
        CHECK_MESSAGE(program.wait() == 0, said);
    }

    std::string file() const { return folder_.file("out"); }
    std::string text() const { return text_of(file()); }
    test::json_value report() const { return test::json_value::parse(text_of(file() + ".report.json")); }

private:
    support::folder folder_;
};

/// bts-es-wrapper, until its end.
class wrapping
{
public:
    explicit wrapping(std::vector<std::string> const& from) : process_(command(from))
    {
        std::string const said = process_.read_line(60'000);
        std::size_t const at = said.find("http://127.0.0.1:");
        REQUIRE_MESSAGE(at != said.npos, said);
        url_ = "wrapper+" + said.substr(at, said.find('/', at + 7) - at);
    }

    std::string const& url() const { return url_; }

private:
    static std::vector<std::string> command(std::vector<std::string> const& from)
    {
        std::vector<std::string> command{std::string(BITSHARES_PROGRAMS_DIR) + "/bts-es-wrapper", "--listen",
                                         "127.0.0.1:0", "--rate", "0"};
        command.insert(command.end(), from.begin(), from.end());
        return command;
    }

    support::process process_;
    std::string url_;
};

/// bts-export of the first of the synthetic accounts, with a node that knows how many operations there are to be.
class exporting
{
public:
    exporting(std::uint64_t operations, std::vector<std::string> const& more) : node_(data(operations))
    {
        std::vector<std::string> command{std::string(BITSHARES_PROGRAMS_DIR) + "/bts-export",
                                         "--node",
                                         node_.url(),
                                         "--account",
                                         "traveller",
                                         "--format",
                                         "jsonl",
                                         "--quiet",
                                         "--json",
                                         "--checkpoint-every",
                                         "0",
                                         "--out",
                                         out_};
        command.insert(command.end(), more.begin(), more.end());
        program_ = std::make_unique<support::process>(command);
    }

    /// Stops it in the midst of its work, for as long as something else happens.
    template <class Work>
    void meanwhile(Work const& work)
    {
        std::error_code ignored;
        std::uintmax_t written = 0;
        while (written == 0 && !std::filesystem::exists(out_, ignored))
        {
            auto const size = std::filesystem::file_size(out_ + ".partial", ignored);
            written = ignored ? 0 : size;
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        program_->signal(SIGSTOP);
        CHECK(written > 0);
        CHECK(!std::filesystem::exists(out_, ignored));
        work();
        program_->signal(SIGCONT);
    }

    std::string file()
    {
        auto const said = program_->communicate("");
        CHECK_MESSAGE(program_->wait() == 0, said);
        return text_of(out_);
    }

private:
    static std::shared_ptr<testing::data_set const> data(std::uint64_t operations)
    {
        auto data = std::make_shared<testing::data_set>();
        data->chain_id = recordings::main_data()->chain_id;
        CHECK(data->add_synthetic_account("traveller", operations) == "1.2.1000000");
        return data;
    }

    testing::node node_;
    support::folder folder_;
    std::string out_ = folder_.file("out");
    std::unique_ptr<support::process> program_;
};

// The status of what a POST of a target is answered with, byte for byte as it is given here.
std::string answer_of_curl(behind_balancer const& at, std::string const& target)
{
    support::process curl({"/usr/bin/env", "curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-m", "30",
                           "--http1.1", "--cacert", at.ca_file, "--request-target", target, "-H",
                           "Content-Type: application/json", "-d", "{}", at.balancer});
    std::string const status = curl.communicate("");
    CHECK(curl.wait() == 0);
    return status;
}

void refuses_what_changes(behind_balancer const& at)
{
    auto url = http_url(at.balancer);
    http_client reader(url, options(at.ca_file).attempts(1));
    CHECK(send(reader, {}).status == 200);
    CHECK(send(reader, {.target = "/_cluster/health"}).status == 200);
    CHECK(send(reader, {.target = "/bitshares-*/_count"}).status == 200);
    CHECK(send(reader, {.target = "/bitshares-*,objects-*/_search?allow_partial_search_results=false"}).status == 200);
    using enum http_method;
    std::vector<http_request> const refused{
        {.method = post, .target = "/_bulk", .body = "{}\n"},
        {.method = post, .target = "/bitshares-*/_bulk", .body = "{}\n"},
        {.method = put, .target = "/bitshares-2026-11/_doc/2.9.0", .body = "{}"},
        {.method = post, .target = "/bitshares-2026-11/_doc", .body = "{}"},
        {.method = put, .target = "/bitshares-2030-01"},
        {.method = del, .target = "/bitshares-*"},
        {.method = del, .target = "/"},
        {.method = post, .target = "/"},
        {.method = post, .target = "/bitshares-*/_delete_by_query", .body = R"({"query":{"match_all":{}}})"},
        {.method = post, .target = "/bitshares-*/_update_by_query"},
        {.method = put, .target = "/bitshares-*/_search"},
        {.method = post, .target = "/bitshares-*/_search?scroll=1m", .body = "{}"},
        {.method = post, .target = "/bitshares-*/_search?%73croll=1m", .body = "{}"},
        {.method = post, .target = "/bitshares-*/_pit?keep_alive=1m"},
        {.method = post, .target = "/_search", .body = "{}"},
        {.method = post, .target = "/_all/_search", .body = "{}"},
        {.method = post, .target = "/*/_search", .body = "{}"},
        {.method = post, .target = "/bitshares-*,feeder-*/_search", .body = "{}"},
        {.method = post, .target = "/bitshares-*%2Cfeeder-*/_search", .body = "{}"},
        {.method = post, .target = "/bitshares-*/../feeder-bitshares/_search", .body = "{}"},
        {.method = post, .target = "/bitshares-*/_search/../../feeder-bitshares/_search", .body = "{}"},
        {.method = post, .target = "/bitshares-1/_doc/x%2f..%2f..%2f..%2fbitshares-1%2f_search", .body = "{}"},
        {.method = post, .target = "/_index_template/x%2f..%2f..%2fbitshares-1%2f_search", .body = "{}"},
        {.target = "/feeder-x,y%2f..%2fbitshares-1/_search?ignore_unavailable=true"},
        {.method = post, .target = "/bitshares-1//_search", .body = "{}"},
        {.target = "/_cat/indices"},
        {.target = "/_nodes"},
        {.target = "/feeder-bitshares/_doc/position"},
        {.method = put, .target = "/_cluster/settings", .body = "{}"},
    };
    for (auto const& request : refused)
    {
        CAPTURE(request.target);
        CHECK(send(reader, request).status == 403);
    }
    // Our own client sends no such target, and HAProxy takes it for none at all.
    CHECK(!reader.send({.method = post, .target = "/bitshares-1/_doc/_search#x", .body = "{}"}));
    std::string const fragment = answer_of_curl(at, "/bitshares-1/_doc/_search#x");
    CHECK_MESSAGE((fragment == "400" || fragment == "403"), fragment);
    std::string const bare = url.to_string();
    for (std::string const who : {"", "reader:wrong@", "nobody:reader-password@"})
    {
        std::string text = bare;
        http_client stranger(http_url(text.insert(8, who)), options(at.ca_file).attempts(1));
        CHECK(send(stranger, {}).status == 401);
        unsigned const write = send(stranger, {.method = post, .target = "/_bulk", .body = "{}\n"}).status;
        CHECK((write == 401 || write == 403)); // whichever the balancer looks at first
        // And what a reader makes of it: a clear word, at once.
        es_paging paging({});
        auto const query = paging.next();
        auto const reply = send(stranger, {.target = query->target});
        CHECK(paging.on_reply(query->ticket, reply.status, reply.body) == http_use::failed);
        CHECK(paging.failure()->code() == errc::login_refused);
    }
    // Nobody but who knows the certificate's authority trusts it.
    http_client distrustful(url, options().attempts(1));
    CHECK(distrustful.send({}).error().code() == errc::certificate_rejected);
    std::string plain = bare;
    http_client over_nothing(http_url(plain.erase(4, 1)), options().attempts(1)); // http:
    auto const answer = over_nothing.send({});
    CHECK((!answer || answer->status == 400));
}

} // namespace

TEST_CASE("integration/search_servers: recorded documents come back as the node told them" * doctest::skip(none()))
{
    testing::node node(recordings::main_data());
    for (std::string const& server : all().servers)
    {
        http_client client{http_url(server), options()};
        std::string const kind = version_of(client).to_string();
        CAPTURE(kind);
        for (std::string const variant : {"object", "string"})
        {
            std::string const prefix = variant == "object" ? "bitshares-" : "text-";
            REQUIRE(feed(node.url(), server, {"--index-prefix", prefix, "--operation", variant}) == 0);
            CHECK(send(client, {.method = http_method::post, .target = "/" + prefix + "*/_refresh"}).status == 200);
            for (auto const& account : recordings::main_chain().accounts)
                for (auto const order : {history_order::oldest_first, history_order::newest_first})
                {
                    auto o = of_account(account_id::from_string(account.id).value(), prefix + "2026-*", 50);
                    o.order = order;
                    auto found = read(client, o);
                    if (order == history_order::newest_first)
                        std::reverse(found.begin(), found.end());
                    REQUIRE(found.size() == account.total_ops);
                    std::size_t different = 0;
                    for (std::size_t i = 0; i < found.size(); ++i)
                    {
                        auto const told = from_json<operation_history_object>(account.operations[i].json);
                        different += static_cast<operation_history_object const&>(found[i].record) == *told &&
                                             found[i].record.sequence == i + 1
                                         ? 0U
                                         : 1U;
                    }
                    CHECK(different == 0);
                }
            es_options whole;
            whole.selection.index = prefix + "2026-*";
            CHECK(read(client, whole).size() == 1769);
        }
        // Fed again, it goes on behind what was irreversible, and nothing is there twice.
        REQUIRE(feed(node.url(), server) == 0);
        CHECK(send(client, {.method = http_method::post, .target = "/bitshares-*/_refresh"}).status == 200);
        es_options whole;
        whole.selection.index = "bitshares-2026-*";
        CHECK(read(client, whole).size() == 1769);
        CHECK(es_count(client, whole.selection) == 1769);
    }
}

TEST_CASE("integration/search_servers: an export is the same file, whoever gave the operations" * doctest::skip(none()))
{
    testing::node const node(recordings::main_data());
    support::folder const scratch;
    support::process feeder({std::string(BITSHARES_PROGRAMS_DIR) + "/bts-es-feeder", "--node", node.url(), "--store",
                             scratch.file("store"), "--reversible", "--quiet"});
    feeder.communicate("");
    REQUIRE(feeder.wait() == 0);
    wrapping const before_store({"--store", scratch.file("store")});
    std::vector<std::vector<std::string>> sources{{before_store.url()}};
    std::vector<std::unique_ptr<wrapping>> wrappers;
    for (auto const& server : all().servers)
    {
        sources.push_back({"es+" + server});
        auto const& before =
            wrappers.emplace_back(std::make_unique<wrapping>(std::vector<std::string>{"--backend", "es+" + server}));
        sources.push_back({before->url()});
    }
    if (all().cluster)
        sources.push_back({"es+" + all().cluster->balancer, "--ca-file", all().cluster->ca_file});
    for (auto const& account : recordings::main_chain().accounts)
    {
        CAPTURE(account.name);
        std::string const of_node = exported(node, account.name, {}).text();
        CHECK(static_cast<std::uint64_t>(std::count(of_node.begin(), of_node.end(), '\n')) == account.total_ops + 1);
        exported const lines(node, account.name, {"--format", "jsonl"});
        CHECK(exported(node, account.name, {"--source", "file:" + lines.file()}).text() == of_node);
        for (auto more : sources)
        {
            CAPTURE(more[0]);
            more.insert(more.begin(), "--source");
            bool const same = exported(node, account.name, more).text() == of_node;
            CHECK(same);
        }
    }
}

TEST_CASE("integration/search_servers: many documents, in pages of any size" * doctest::skip(none()))
{
    auto const accounts = synthetic(all().documents);
    for (std::string const& server : all().servers)
    {
        load(server, accounts, "bitshares-");
        http_client client{http_url(server), options()};
        CHECK(es_count(client, {.index = "bitshares-2017-*"}) == all().documents);
        for (std::uint32_t const page : {1'000U, 10'000U})
        {
            auto const since = std::chrono::steady_clock::now();
            auto const found = read(client, of_account(account_id(1'000'000), "bitshares-2017-*", page));
            auto const seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - since).count();
            MESSAGE(version_of(client).to_string()
                    << ": " << found.size() << " rows in pages of " << page << ": " << seconds << " s");
            CHECK(is_account(found, accounts[0]));
        }
        CHECK(is_account(read(client, of_account(account_id(1'000'007), "bitshares-2017-*", 777)), accounts[7]));
        // Of all accounts together: each operation has eleven documents, which pages must not tear apart for good.
        es_options whole;
        whole.selection.index = "bitshares-2017-*";
        whole.selection.filter.last = operation_history_id(1'000'000 + 7 * 500);
        whole.page_size = 100;
        auto const found = read(client, whole);
        std::map<account_id, std::uint64_t> sequences;
        for (auto const& d : found)
            CHECK(d.record.sequence == ++sequences[d.account]);
        CHECK(sequences.size() == 11);
        CHECK(found.size() == 11 * sequences.begin()->second);
    }
}

TEST_CASE("integration/search_servers: a balancer lets readers in, and nothing through that changes anything" *
          doctest::skip(none() || !all().cluster))
{
    refuses_what_changes(*all().cluster);
    refuses_what_changes(*all().instances);
    // And nothing has changed.
    http_client client{http_url(all().cluster->servers[0]), options()};
    CHECK(read(client, of_account(account_id(1'000'007), "bitshares-2017-*")).size() == all().documents / 20);
}

TEST_CASE(
    "integration/search_servers: a server of a cluster dies in the middle of a reading, which is whole all the same" *
    doctest::skip(none() || !all().cluster))
{
    auto const& cluster = *all().cluster;
    auto const accounts = synthetic(all().documents);
    http_client client{http_url(cluster.balancer), options(cluster.ca_file)};
    exporting of_cluster(accounts[0].size(), {"--source", "es+" + cluster.balancer + "?index=bitshares-2017-*",
                                              "--ca-file", cluster.ca_file});
    bool killed = false;
    std::size_t behind = 0;
    auto const found = read(client, of_account(account_id(1'000'000), "bitshares-2017-*", 1'000), [&](std::size_t n) {
        behind += killed ? 1U : 0U;
        if (killed)
            return;
        killed = true;
        CHECK(n < accounts[0].size() / 4);
        of_cluster.meanwhile([&] {
            CHECK(std::system(cluster.kill.c_str()) == 0); // NOLINT(concurrency-mt-unsafe)
        });
    });
    CHECK(killed);
    CHECK(behind > accounts[0].size() / 2'000);
    CHECK(is_account(found, accounts[0]));
    bool const same = of_cluster.file() == exporting(accounts[0].size(), {}).file();
    CHECK(same);
}

TEST_CASE("integration/search_servers: independent instances, each fed by a node of its own, are one history together" *
          doctest::skip(none() || !all().instances))
{
    auto const& instances = *all().instances;
    auto const& recorded = recordings::main_chain();
    auto const data = recordings::main_data();
    // One node has all; the others are some blocks behind, so that alice's last operations are not there.
    auto const& alice = *recorded.account("exporter-alice");
    std::vector<std::unique_ptr<testing::node>> nodes;
    std::vector<std::uint64_t> counts;
    for (std::size_t const lacking : {0U, 3U, 1U})
    {
        testing::node_options conduct;
        if (lacking != 0)
        {
            testing::stale_fault behind;
            behind.at = alice.operations[alice.operations.size() - lacking].block - 1;
            conduct.faults.stale_head = behind;
        }
        auto const& node = nodes.emplace_back(std::make_unique<testing::node>(data, conduct));
        std::string const& server = instances.servers[nodes.size() - 1];
        REQUIRE(feed(node->url(), server, {"--index-prefix", "bitshares-fed-"}) == 0);
        http_client client{http_url(server), options()};
        CHECK(send(client, {.method = http_method::post, .target = "/bitshares-fed-*/_refresh"}).status == 200);
        counts.push_back(es_count(client, {.index = "bitshares-fed-*", .filter = {}}));
    }
    CHECK(counts[0] == 1769);
    CHECK(counts[1] < counts[2]);
    CHECK(counts[2] < counts[0]);
    std::string const source = "es+" + instances.balancer + "?index=bitshares-fed-*";
    for (auto const& account : recorded.accounts)
    {
        CAPTURE(account.name);
        exported const together(*nodes[0], account.name,
                                {"--source", source, "--source", nodes[0]->url(), "--ca-file", instances.ca_file});
        bool const same = together.text() == exported(*nodes[0], account.name, {}).text();
        CHECK(same);
        // And not because the node has it all.
        auto const first = together.report()["parts"][0];
        CHECK(first["error"].is_null());
        CHECK(first["operations"].as_uint() > account.total_ops / 2);
    }
    // Whichever of them says where it ends, what comes are all operations up to there, in pages of all instances.
    http_client client{http_url(instances.balancer), options(instances.ca_file)};
    std::set<std::size_t> sizes;
    for (std::uint32_t i = 0; i < 60 && sizes.size() < 3; ++i) // with different pages another one has its turn first
    {
        auto const found =
            read(client, of_account(account_id::from_string(alice.id).value(), "bitshares-fed-*", 20 + i));
        sizes.insert(found.size());
        std::size_t different = 0;
        for (std::size_t n = 0; n < found.size(); ++n)
            different += static_cast<operation_history_object const&>(found[n].record) ==
                                 *from_json<operation_history_object>(alice.operations[n].json)
                             ? 0U
                             : 1U;
        CHECK(different == 0);
    }
    CHECK(sizes == std::set<std::size_t>{alice.total_ops - 3, alice.total_ops - 1, alice.total_ops});
}

TEST_CASE("integration/search_servers: a server's own users: the role that is shipped reads, and may do nothing else" *
          doctest::skip(none() || all().with_users.empty()))
{
    testing::node const node(recordings::main_data());
    for (std::string const& place : all().with_users)
    {
        auto const as = [&](std::string const& who) { return "http://" + who + "@" + place; };
        REQUIRE(feed(node.url(), as("feeder:feeder-password")) == 0); // the writer's role
        std::string const url = as("reader:reader-password");
        http_client reader(http_url(url), options().attempts(1));
        std::string const kind = version_of(reader).to_string();
        CAPTURE(kind);
        auto const there = [&] { return es_count(reader, {.index = "bitshares-*", .filter = {}}); };
        for (int i = 0; i < 600 && there() != 1769; ++i) // it shows them by itself
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        CHECK(there() == 1769);
        for (std::string const account : {"exporter-alice", "trader-bob"})
        {
            bool const same =
                exported(node, account, {"--source", "es+" + url}).text() == exported(node, account, {}).text();
            CHECK(same);
        }
        using enum http_method;
        constexpr char const* bulk = "{\"index\":{\"_index\":\"bitshares-2026-11\",\"_id\":\"2.9.0\"}}\n{}\n";
        std::vector<http_request> const refused{
            {.method = post, .target = "/_bulk", .body = bulk},
            {.method = put, .target = "/bitshares-2026-11/_doc/2.9.0", .body = "{}"},
            {.method = post, .target = "/bitshares-2026-11/_doc", .body = "{}"},
            {.method = del, .target = "/bitshares-2026-11/_doc/2.9.0"},
            {.method = put, .target = "/bitshares-2030-01"},
            {.method = del, .target = "/bitshares-2026-11"},
            {.method = post, .target = "/bitshares-2026-11/_delete_by_query", .body = R"({"query":{"match_all":{}}})"},
            {.method = post, .target = "/bitshares-2026-11/_update_by_query", .body = "{}"},
            {.method = put, .target = "/bitshares-2026-11/_mapping", .body = R"({"properties":{}})"},
            {.method = put, .target = "/bitshares-2026-11/_settings", .body = R"({"index":{"refresh_interval":"1h"}})"},
            {.method = put, .target = "/_cluster/settings", .body = R"({"transient":{"a.b":null}})"},
            {.target = "/feeder-bitshares/_search"},
        };
        for (auto const& request : refused)
        {
            CAPTURE(request.target);
            CHECK(send(reader, request).status == 403);
        }
        for (std::string const who : {"reader:wrong", "nobody:reader-password"})
        {
            http_client stranger(http_url(as(who)), options().attempts(1));
            CHECK(send(stranger, {.target = "/bitshares-*/_search"}).status == 401);
        }
        CHECK(there() == 1769);
    }
}

TEST_CASE("integration/search_servers: independent instances give a page each, and one may die" *
          doctest::skip(none() || !all().instances))
{
    auto const& instances = *all().instances;
    std::vector<synthetic_documents> const accounts{{account_id(1'000'000), 20'000}, {account_id(2'000'001), 500}};
    for (auto const& server : instances.servers)
        load(server, accounts, "bitshares-small-");
    std::vector<std::string> const source{"--source", "es+" + instances.balancer + "?index=bitshares-small-*",
                                          "--ca-file", instances.ca_file};
    std::string const of_node = exporting(20'000, {}).file();
    bool same = exporting(20'000, source).file() == of_node;
    CHECK(same);
    http_client client{http_url(instances.balancer), options(instances.ca_file)};
    CHECK(is_account(read(client, of_account(account_id(1'000'000), "bitshares-small-*", 100)), accounts[0]));
    exporting of_instances(20'000, source);
    bool killed = false;
    auto const found = read(client, of_account(account_id(1'000'000), "bitshares-small-*", 100), [&](std::size_t) {
        if (killed)
            return;
        killed = true;
        of_instances.meanwhile([&] {
            CHECK(std::system(instances.kill.c_str()) == 0); // NOLINT(concurrency-mt-unsafe)
        });
    });
    CHECK(killed);
    CHECK(is_account(found, accounts[0]));
    same = of_instances.file() == of_node;
    CHECK(same);
}
