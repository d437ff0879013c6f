// bts-es-feeder: a node's histories as the documents of its plugin `elasticsearch`, without the plugin.

#include "job.hpp"

#include <bitshares/version.hpp>
#include <common/exit_code.hpp>
#include <common/help.hpp>
#include <common/online.hpp>
#include <common/terminal_text.hpp>

#include <CLI/CLI.hpp>

#include <chrono>
#include <csignal>
#include <iostream>
#include <memory>
#include <unistd.h>

namespace {

using namespace bitshares;

struct arguments
{
    feeder::job_options job;
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

void say(std::string const& text)
{
    std::cerr << "bts-es-feeder: " << program::printable(program::shortened(text)) << '\n';
}

void tell(feeder::feed_state const& s, arguments const& a, bool interrupted)
{
    if (a.json)
        std::cout << R"({"read":)" << s.read << R"(,"written":)" << s.written << R"(,"next":")"
                  << account_history_id(s.next).to_string() << R"(","block":)" << s.block << R"(,"up_to":)" << s.up_to
                  << R"(,"whole":)" << (s.at_end ? "true" : "false") << "}\n"
                  << std::flush;
    else if (!a.quiet)
        say(std::to_string(s.written) + " documents written, up to block " + std::to_string(s.up_to) +
            (interrupted ? "; interrupted, the next run goes on" : ""));
}

int run(arguments const& a)
{
    program::interrupt ctrl_c;
    progress shown(!a.quiet && !a.json);
    feeder::job_options o = a.job;
    o.on_step = [&](feeder::feed_state const& s) { shown.update(s); };
    o.warn = [&](std::string const& text) {
        shown.clear();
        say(text);
    };
    if (!a.quiet)
        o.say = o.warn;
    feeder::feed_state const s = feeder::job(std::move(o), ctrl_c).run();
    shown.clear();
    tell(s, a, ctrl_c.requested());
    return ctrl_c.requested() ? exit_code::interrupted : exit_code::ok;
}

void add_options(CLI::App& app, arguments& a)
{
    app.formatter(std::make_shared<program::help_formatter>());
    app.set_version_flag("--version", std::string("bts-es-feeder ") + bitshares::version);
    program::add_online_options(app, a.job.online);
    auto* const servers = app.add_option("--elasticsearch", a.job.servers,
                                         "Where to: http[s]://[user:password@]host[:port] of Elasticsearch 6 to 8 or "
                                         "OpenSearch; several are nodes of one cluster")
                              ->type_name("URL")
                              ->take_all()
                              ->expected(1)
                              ->allow_extra_args(false);
    app.add_option("--store", a.job.store, "Where to instead: a file, which bts-es-wrapper answers from")
        ->type_name("FILE")
        ->check(program::check_not_empty)
        ->excludes(servers);
    app.add_option("--account", a.job.feed.accounts, "Only this account, name or id; may be given again. Default: all")
        ->type_name("NAME")
        ->take_all()
        ->expected(1)
        ->allow_extra_args(false);
    app.add_option("--index-prefix", a.job.prefix, "As the plugin's elasticsearch-index-prefix")
        ->type_name("TEXT")
        ->check(program::check_not_empty)
        ->capture_default_str();
    app.add_option("--operation", a.job.form, "As the plugin's elasticsearch-operation-object and -string")
        ->check(CLI::IsMember({"object", "string", "both"}))
        ->capture_default_str();
    app.add_option("--max-mapping-depth", a.job.depth, "As the plugin's elasticsearch-max-mapping-depth")
        ->type_name("N")
        ->check(CLI::Range(2, 100))
        ->capture_default_str();
    app.add_option("--batch", a.job.feed.batch, "Entries of histories that are read and written at once")
        ->type_name("N")
        ->check(CLI::Range(1, 10'000))
        ->capture_default_str();
    app.add_option("--follow", a.job.follow, "Do not end: look for more every so many seconds")
        ->type_name("SECONDS")
        ->check(CLI::Range(1, 3600));
    app.add_flag("--reversible", a.job.feed.reversible,
                 "Also what is in blocks that can still be undone; the next run writes it anew");
    app.add_flag("--from-start", a.job.feed.from_start,
                 "Whatever was written before: all again, which changes nothing");
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
        if (a.job.store.empty() == a.job.servers.empty())
            throw program::usage_error("where to? Give --elasticsearch URL or --store FILE");
        return run(a);
    }
    catch (CLI::ParseError const& e)
    {
        return app.exit(e) == 0 ? exit_code::ok : exit_code::usage;
    }
    catch (...)
    {
        auto const why = feeder::explain_failure();
        say(why.message);
        return why.exit;
    }
}
