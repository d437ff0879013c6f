/* Scripted search servers behind the real balancers that are shipped, which tests/search_servers.sh names: without it these cases
   are not run. */

#include "support/folder.hpp"
#include "support/process.hpp"
#include "support/recordings.hpp"
#include "support/search_sites.hpp"

#include <bitshares/history/es_client.hpp>
#include <bitshares/net/http_client.hpp>
#include <bitshares/testing/node.hpp>

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace {

using namespace bitshares;
using bitshares_test::http_answer;
using bitshares_test::http_question;

struct balancer_place
{
    std::string command;   // servers.sh
    std::string directory; // of what runs
    std::uint16_t port = 0;

    BITSHARES_FIELDS((command), (directory), (port))
};

struct wanted_balancers
{
    std::optional<balancer_place> balancers;

    BITSHARES_FIELDS((balancers))
};

std::optional<balancer_place> place()
{
    char const* const text = std::getenv("BITSHARES_SEARCH_SERVERS");
    return text ? from_json<wanted_balancers>(text).value().balancers : std::nullopt;
}

bool none()
{
    return !place();
}

// A balancer of this kind, until its end.
class balancer
{
public:
    balancer(std::string const& kind, std::vector<std::uint16_t> const& servers, std::string const& more = {})
        : place_(*place()), name_("test-scripted-" + kind)
    {
        std::string to;
        for (auto const port : servers)
            to += (to.empty() ? "" : ",") + std::to_string(port);
        shell(" down " + name_ + " >/dev/null 2>&1"); // of a run that was killed
        REQUIRE(shell(" balancer " + kind + " --name " + name_ + " --port " + std::to_string(place_.port) + " --to " +
                      to + more) == 0);
    }
    balancer(balancer const&) = delete;
    balancer& operator=(balancer const&) = delete;
    ~balancer() { shell(" down " + name_ + " >/dev/null"); }

    std::string url() const { return "https://reader:reader-password@127.0.0.1:" + std::to_string(place_.port); }
    std::string ca_file() const { return place_.directory + "/" + name_ + "/certificate.pem"; }

private:
    int shell(std::string const& arguments) const
    {
        return std::system((place_.command + arguments).c_str()); // NOLINT(concurrency-mt-unsafe)
    }

    balancer_place place_;
    std::string name_;
};

/* Recorded documents under any index that begins with bitshares-. What follows in its name is what goes wrong with searches of
   it, `bitshares-503`, or with the first of them, `bitshares-once-503`: of all servers together. */
class spoilt_servers
{
public:
    std::vector<std::uint16_t> ports() const { return {first_.port(), second_.port()}; }

private:
    bitshares_test::http_server::conduct_type conduct()
    {
        return [this](bitshares_test::http_peer& peer) {
            for (;;)
            {
                http_question q = peer.read();
                if (q.target().starts_with("/_cluster/health"))
                {
                    peer.write(http_answer(R"({"status":"green"})"));
                    continue;
                }
                std::string const fault = fault_of(q);
                std::string const whole = site_.answer(q);
                if (fault.empty())
                    peer.write(whole);
                else if (fault == "slow")
                    peer.read(); // nothing comes, but the connection's end
                else if (fault == "truncated")
                {
                    peer.write(whole.substr(0, whole.size() / 2));
                    return;
                }
                else if (fault == "garbage")
                {
                    peer.write("\x01\x02\x03 this is no HTTP\r\n\r\n");
                    return;
                }
                else if (fault == "page")
                    peer.write(http_answer("<html>Sign in</html>"));
                else
                    peer.write(http_answer(R"({"error":{"type":"some_exception","reason":"as was wished"}})",
                                           std::stoi(fault)));
            }
        };
    }

    // And makes the question one of the usual index.
    std::string fault_of(http_question& q)
    {
        std::string const target = q.target(), head = "/bitshares-";
        std::size_t const end = target.find('/', 1);
        if (!target.starts_with(head) || end == target.npos)
            return {};
        std::string fault = target.substr(head.size(), end - head.size());
        q.line = q.method() + " /bitshares-*" + target.substr(end) + " HTTP/1.1";
        if (fault == "*" || !target.substr(end).starts_with("/_search"))
            return {};
        if (!fault.starts_with("once-"))
            return fault;
        std::lock_guard const lock(mutex_);
        return asked_[fault]++ == 0 ? fault.substr(5) : std::string();
    }

    test::es_site site_{test::recorded_operations("object")};
    std::mutex mutex_;
    std::map<std::string, int> asked_;
    bitshares_test::http_server first_{conduct()}, second_{conduct()};
};

std::string read_file(std::string const& path)
{
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

// bts-export, that runs.
struct exporting
{
    std::string fault;
    std::string out, err;
    std::unique_ptr<support::process> program;

    exporting(support::folder const& folder, std::string what, std::vector<std::string> const& arguments)
        : fault(std::move(what)), out(folder.file(fault + std::to_string(arguments.size()))), err(out + ".err")
    {
        std::vector<std::string> command{"/bin/sh",
                                         "-c",
                                         "exec \"$@\" 2>\"$0\"",
                                         err,
                                         std::string(BITSHARES_PROGRAMS_DIR) + "/bts-export",
                                         "--json",
                                         "--account",
                                         "exporter-alice",
                                         "--events",
                                         "--timeout",
                                         "1",
                                         "--out",
                                         out};
        command.insert(command.end(), arguments.begin(), arguments.end());
        program = std::make_unique<support::process>(command);
    }

    test::json_value finish(int& exit)
    {
        std::string const said = program->communicate("");
        exit = program->wait();
        CAPTURE(read_file(err));
        REQUIRE(!said.empty());
        return test::json_value::parse(said);
    }
};

} // namespace

TEST_CASE(
    "integration/search_servers: whatever servers behind a balancer answer, an export is whole or says what was wrong" *
    doctest::skip(none()))
{
    testing::node const node(recordings::main_data());
    spoilt_servers const servers;
    support::folder const folder;
    int exit = -1;
    exporting of_node(folder, "node", {"--node", node.url()});
    of_node.finish(exit);
    REQUIRE(exit == 0);
    std::string const whole = read_file(of_node.out);
    for (std::string const kind : {"nginx", "haproxy"})
    {
        CAPTURE(kind);
        balancer const before(kind, servers.ports());
        auto const begin = [&](std::string const& fault, std::vector<std::string> more = {}) {
            more.insert(more.begin(), {"--node", node.url(), "--ca-file", before.ca_file(), "--source",
                                       "es+" + before.url() + "?index=bitshares-" + fault});
            return exporting(folder, kind + "-" + fault, more);
        };
        // What passes is waited for.
        std::vector<exporting> runs;
        for (std::string const fault :
             {"*", "once-429", "once-503", "once-slow", "once-truncated", "once-garbage", "once-page"})
            runs.push_back(begin(fault));
        for (exporting& run : runs)
        {
            CAPTURE(run.fault);
            auto const said = run.finish(exit);
            CHECK_MESSAGE(exit == 0, read_file(run.err));
            bool const equal = read_file(run.out) == whole;
            CHECK(equal);
        }
        // What stays is told, and another source has the rest; where there is none, there is no file.
        runs.clear();
        std::vector<std::pair<std::string, std::string>> const faults{
            {"401", "as was wished"},
            {"403", "as was wished"},
            {"429", "HTTP 429"},
            {"503", "HTTP 503"},
            {"slow", "no answer before the deadline"},
            {"truncated", "in the middle of"},
            {"garbage", kind == "nginx" ? "no HTTP" : "HTTP 502"}, // an answer without a head is HTTP 0.9, for nginx
            {"page", "not valid JSON"}};
        for (auto const& [fault, words] : faults)
            runs.push_back(begin(fault, {"--source", node.url()}));
        for (std::string const fault : {"403", "503"})
            runs.push_back(begin(fault));
        for (std::size_t i = 0; i < runs.size(); ++i)
        {
            CAPTURE(runs[i].fault);
            auto const said = runs[i].finish(exit);
            std::string const error =
                i < faults.size() ? said["sources"][0]["error"].text() : said["error"]["message"].text();
            CAPTURE(error);
            CHECK(exit == (i < faults.size() ? 0 : 3));
            bool const as_it_should = read_file(runs[i].out) == (i < faults.size() ? whole : std::string());
            CHECK(as_it_should);
            CHECK(error.find(i < faults.size()    ? faults[i].second
                             : i == faults.size() ? "as was wished"
                                                  : "HTTP 503") != error.npos);
            CHECK(error.find("reader-password") == error.npos);
        }
    }
}

TEST_CASE(
    "integration/search_servers: who asks more often than a balancer allows is told so, waits, and misses nothing" *
    doctest::skip(none()))
{
    spoilt_servers const servers;
    auto const alice = account_id::from_string(recordings::main_chain().account("exporter-alice")->id).value();
    std::uint64_t const total = recordings::main_chain().account("exporter-alice")->total_ops;
    for (std::string const kind : {"nginx", "haproxy"})
    {
        CAPTURE(kind);
        balancer const before(kind, servers.ports(), " --rate 5");
        std::mutex mutex;
        int refused = 0;
        http_options options;
        tls_options tls;
        tls.add_ca_file(before.ca_file());
        options.tls(tls);
        options.log([&](log_level, std::string_view text) {
            std::lock_guard const lock(mutex);
            refused += text.find("429") != text.npos;
        });
        http_client client{http_url(before.url()), options};
        es_options reading;
        reading.selection.account = alice;
        reading.page_size = 10; // which takes more requests than are allowed at once
        std::uint64_t last = 0;
        for (auto const& record : es_history(client, reading))
            CHECK(record.sequence == ++last);
        CHECK(last == total);
        CHECK(refused > 0);
        MESSAGE(kind << ": " << refused << " times refused");
    }
}

TEST_CASE("integration/search_servers: no server behind a balancer is a word of its own, and passes" *
          doctest::skip(none()))
{
    auto const servers = std::make_unique<spoilt_servers>();
    auto const ports = servers->ports();
    auto const nowhere = [] {
        bitshares_test::http_server const gone([](bitshares_test::http_peer&) {});
        return gone.port();
    };
    for (std::string const kind : {"nginx", "haproxy"})
    {
        CAPTURE(kind);
        balancer const before(kind, {nowhere(), nowhere()});
        tls_options tls;
        tls.add_ca_file(before.ca_file());
        http_client client{http_url(before.url()), http_options().tls(tls)};
        es_history history(client, es_options{});
        std::vector<history_record> page;
        try
        {
            while (history.next(page))
                FAIL_CHECK("there is nobody");
            FAIL_CHECK("it has ended");
        }
        catch (exception const& e)
        {
            std::string const word = kind == "nginx" ? "502" : "503";
            CHECK_MESSAGE(e.error().message().find(word) != std::string::npos, e.error().message());
        }
    }
}
