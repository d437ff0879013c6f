// bts-es-feeder: a node's histories as the documents of its plugin `elasticsearch`, without the plugin.

#include "feed.hpp"

#include <bitshares/net/http_client.hpp>
#include <bitshares/version.hpp>
#include <common/exit_code.hpp>
#include <common/help.hpp>
#include <common/history_store.hpp>
#include <common/online.hpp>
#include <common/terminal_text.hpp>

#include <CLI/CLI.hpp>

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <iostream>
#include <memory>
#include <mutex>
#include <optional>
#include <unistd.h>

namespace {

using namespace bitshares;

struct arguments
{
    program::online_options online;
    feeder::feed_options feed;
    std::vector<std::string> servers;
    std::string store;
    std::string prefix = "bitshares-";
    std::string form = "object";
    std::uint16_t depth = 20;
    unsigned follow = 0;
    bool quiet = false;
    bool json = false;
};

/// A line on the terminal that is written over and over.
class progress
{
public:
    explicit progress(bool wanted) : wanted_(wanted && ::isatty(STDERR_FILENO) == 1) {}
    ~progress() { clear(); }

    void update(feeder::feed_state const& s)
    {
        auto const now = std::chrono::steady_clock::now();
        if (!wanted_ || now - last_ < std::chrono::milliseconds(200))
            return;
        last_ = now;
        double const seconds = std::chrono::duration<double>(now - start_).count();
        std::cerr << "\rblock " << s.block << " of " << s.up_to << ", " << s.written << " documents, "
                  << static_cast<std::uint64_t>(static_cast<double>(s.read) / std::max(seconds, 0.001))
                  << " entries a second \x1b[K" << std::flush;
        dirty_ = true;
    }
    void clear()
    {
        if (dirty_)
            std::cerr << "\r\x1b[K" << std::flush;
        dirty_ = false;
    }

private:
    bool wanted_;
    bool dirty_ = false;
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
    std::chrono::steady_clock::time_point last_ = {};
};

es_write_options write_options(arguments const& a, std::string const& key_prefix)
{
    return {.operation_object = a.form != "string",
            .operation_string = a.form != "object",
            .max_mapping_depth = a.depth,
            .key_prefix = key_prefix};
}

std::unique_ptr<http_client> connect(arguments const& a)
{
    std::vector<http_url> urls;
    for (auto const& text : a.servers)
    {
        auto url = http_url::from_string(text);
        if (!url)
            throw program::usage_error("--elasticsearch: " + url.error().message());
        urls.push_back(std::move(*url));
    }
    tls_options tls;
    if (!a.online.ca_file.empty())
        tls.add_ca_file(a.online.ca_file);
    return std::make_unique<http_client>(std::move(urls),
                                         http_options().tls(tls).attempt_timeout(std::chrono::seconds(120)));
}

class job
{
public:
    explicit job(arguments const& a) : a_(a), node_(a.online, ctrl_c_) {}

    int run()
    {
        chain_id_type const chain = node_.learn_chain();
        std::string const prefix = node_.key_prefix();
        std::unique_ptr<http_client> servers;
        std::unique_ptr<feeder::target> target;
        if (a_.store.empty())
        {
            servers = connect(a_);
            std::string names;
            for (auto const& text : a_.servers)
                names += (names.empty() ? "" : ", ") + http_url(text).to_string();
            target = feeder::elasticsearch_target(*servers, names, write_options(a_, prefix), a_.prefix, 5);
        }
        else
            target = feeder::store_target(a_.store, write_options(a_, prefix));
        node_.lend([&](blocking_client& client) { feed(client, *target, chain); });
        return ctrl_c_.requested() ? exit_code::interrupted : exit_code::ok;
    }

private:
    void feed(blocking_client& client, feeder::target& target, chain_id_type const& chain)
    {
        // Between two steps, so that what was read is written; a second time, at once.
        ctrl_c_.on_request([this] {
            std::lock_guard const lock(mutex_);
            woken_.notify_all();
        });
        progress shown(!a_.quiet && !a_.json);
        std::optional<feeder::feed> feed;
        while (!ctrl_c_.requested())
            try
            {
                if (!feed)
                {
                    feed.emplace(client, target, chain, a_.feed);
                    if (!a_.quiet)
                        say(target.name() + ": from " + account_history_id(feed->state().next).to_string() + " on");
                }
                bool const more = feed->step();
                shown.update(feed->state());
                if (!more && a_.follow == 0)
                    break;
                if (!more)
                    wait();
            }
            catch (exception const& e)
            {
                if (a_.follow == 0 || !is_transient(e.code()) || ctrl_c_.requested())
                    throw;
                shown.clear();
                say(std::string(e.what()) + "; once more in " + std::to_string(a_.follow) + " s");
                if (feed)
                    add(feed->state());
                feed.reset(); // it goes on behind what was written
                wait();
            }
        shown.clear();
        if (feed)
            add(feed->state());
        told(all_);
    }

    void wait()
    {
        std::unique_lock lock(mutex_);
        woken_.wait_for(lock, std::chrono::seconds(a_.follow), [this] { return ctrl_c_.requested(); });
    }

    void add(feeder::feed_state const& s)
    {
        auto const read = all_.read + s.read;
        auto const written = all_.written + s.written;
        all_ = s;
        all_.read = read;
        all_.written = written;
    }

    void told(feeder::feed_state const& s)
    {
        if (a_.json)
            std::cout << R"({"read":)" << s.read << R"(,"written":)" << s.written << R"(,"next":")"
                      << account_history_id(s.next).to_string() << R"(","block":)" << s.block << R"(,"up_to":)"
                      << s.up_to << R"(,"whole":)" << (s.at_end ? "true" : "false") << "}\n"
                      << std::flush;
        else if (!a_.quiet)
            say(std::to_string(s.written) + " documents written, up to block " + std::to_string(s.up_to) +
                (ctrl_c_.requested() ? "; interrupted, the next run goes on" : ""));
    }

    static void say(std::string const& text)
    {
        std::cerr << "bts-es-feeder: " << program::printable(program::shortened(text)) << '\n';
    }

    arguments const& a_;
    program::interrupt ctrl_c_;
    program::connection node_;
    feeder::feed_state all_; // of all attempts
    std::mutex mutex_;
    std::condition_variable woken_;
};

int fail(int exit, std::string const& message)
{
    std::cerr << "bts-es-feeder: " << program::printable(program::shortened(message)) << '\n';
    return exit;
}

void add_options(CLI::App& app, arguments& a)
{
    app.formatter(std::make_shared<program::help_formatter>());
    app.set_version_flag("--version", std::string("bts-es-feeder ") + bitshares::version);
    program::add_online_options(app, a.online);
    auto* const servers = app.add_option("--elasticsearch", a.servers,
                                         "Where to: http[s]://[user:password@]host[:port] of Elasticsearch 6 to 8 or "
                                         "OpenSearch; several are nodes of one cluster")
                              ->type_name("URL")
                              ->take_all()
                              ->expected(1)
                              ->allow_extra_args(false);
    app.add_option("--store", a.store, "Where to instead: a file, which bts-es-wrapper answers from")
        ->type_name("FILE")
        ->check(program::check_not_empty)
        ->excludes(servers);
    app.add_option("--account", a.feed.accounts, "Only this account, name or id; may be given again. Default: all")
        ->type_name("NAME")
        ->take_all()
        ->expected(1)
        ->allow_extra_args(false);
    app.add_option("--index-prefix", a.prefix, "As the plugin's elasticsearch-index-prefix")
        ->type_name("TEXT")
        ->check(program::check_not_empty)
        ->capture_default_str();
    app.add_option("--operation", a.form, "As the plugin's elasticsearch-operation-object and -string")
        ->check(CLI::IsMember({"object", "string", "both"}))
        ->capture_default_str();
    app.add_option("--max-mapping-depth", a.depth, "As the plugin's elasticsearch-max-mapping-depth")
        ->type_name("N")
        ->check(CLI::Range(2, 100))
        ->capture_default_str();
    app.add_option("--batch", a.feed.batch, "Entries of histories that are read and written at once")
        ->type_name("N")
        ->check(CLI::Range(1, 10'000))
        ->capture_default_str();
    app.add_option("--follow", a.follow, "Do not end: look for more every so many seconds")
        ->type_name("SECONDS")
        ->check(CLI::Range(1, 3600));
    app.add_flag("--reversible", a.feed.reversible,
                 "Also what is in blocks that can still be undone; the next run writes it anew");
    app.add_flag("--from-start", a.feed.from_start, "Whatever was written before: all again, which changes nothing");
    app.add_flag("--quiet", a.quiet, "No line but errors");
    app.add_flag("--json", a.json, "What was done, as a line of JSON on standard output");
    app.footer(R"(
Reads the entries of all histories (2.9.N), their operations (1.11.N) and blocks in order, and writes the documents that
the node's plugin elasticsearch would write: the same text, index and _id. It goes on where it came to an end, after an
interruption, too; writing again changes nothing. With --follow, a node or server that is lost is asked again. One node
only: entries have ids of its own. If it does not keep all it is refused by name, as a pruned or a partial one: what it
lacks would be missing without a word.

How far it is, the cluster keeps in the index feeder-bitshares (by the prefix), a store within itself. The right to write
to both and to read the former is needed. An index template and roles: examples/es_cluster.

Examples:
  bts-es-feeder --node ws://127.0.0.1:8090 --elasticsearch http://127.0.0.1:9200 --follow 3
  bts-es-feeder --node ws://127.0.0.1:8090 --store history.sqlite --account my-shop --account my-cold-wallet

Exit codes: 0 all is written; 1 the node's data are wrong, or the target is another chain's; 2 usage; 3 no node or server
could be used; 4 the node does not keep all; 5 interrupted.
)");
}

} // namespace

int main(int argc, char** argv)
{
    std::signal(SIGPIPE, SIG_IGN);
    arguments a;
    CLI::App app("Writes a node's histories into Elasticsearch, OpenSearch or a file, as the node's plugin does.",
                 "bts-es-feeder");
    add_options(app, a);
    try
    {
        app.parse(argc, argv);
        if (a.store.empty() == a.servers.empty())
            throw program::usage_error("where to? Give --elasticsearch URL or --store FILE");
        if (a.online.nodes.size() > 1)
            throw program::usage_error("one --node only: ids of entries are a node's own");
        return job(a).run();
    }
    catch (CLI::ParseError const& e)
    {
        return app.exit(e) == 0 ? exit_code::ok : exit_code::usage;
    }
    catch (program::usage_error const& e)
    {
        return fail(exit_code::usage, e.what());
    }
    catch (program::interrupted const&)
    {
        return fail(exit_code::interrupted, "interrupted; the next run goes on");
    }
    catch (feeder::incomplete_node const& e)
    {
        return fail(exit_code::incomplete, e.what());
    }
    catch (node_refused const& e)
    {
        return fail(exit_code::network, std::string("the node refuses: ") + e.what());
    }
    catch (program::store_failure const& e)
    {
        return fail(exit_code::incomplete, e.what());
    }
    catch (exception const& e)
    {
        bool const bad = e.code() == errc::invalid_reply || e.code() == errc::account_not_found ||
                         e.code() == errc::unknown_tag || !e.error().path().empty();
        return fail(bad ? exit_code::bad_data : exit_code::network, e.what());
    }
    catch (std::exception const& e)
    {
        return fail(exit_code::bad_data, e.what());
    }
}
