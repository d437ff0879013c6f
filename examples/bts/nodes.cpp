#include "nodes.hpp"

#include "json_tree.hpp"
#include "online_commands.hpp"

#include <bitshares/base/hex.hpp>
#include <bitshares/net/node_pool.hpp>
#include <bitshares/net/websocket.hpp>
#include <bitshares/protocol/time_point.hpp>
#include <common/exit_code.hpp>
#include <common/output_file.hpp>
#include <common/screen.hpp>
#include <common/terminal_text.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bts_program {

using namespace bitshares;

namespace {

using clock = std::chrono::steady_clock;
using program::columns_of, program::left, program::right, program::screen;
using namespace std::chrono_literals;

// --- which nodes ----------------------------------------------------------------------------------------------------------

std::string read_list_file(std::string const& path)
{
    constexpr std::size_t most = (4 << 20) + 1; // what the library does not take any more
    std::ifstream in(path, std::ios::binary);
    std::string text(most, '\0');
    if (in)
        in.read(text.data(), static_cast<std::streamsize>(most));
    if (!in && !in.eof())
        throw program::file_failure(errno, std::generic_category(), path + " cannot be read");
    text.resize(static_cast<std::size_t>(in.gcount()));
    return text;
}

node_list chosen_nodes(nodes_options const& o)
{
    if (!o.catalogue.empty())
        return o.catalogue == "mainnet"   ? mainnet_nodes()
               : o.catalogue == "testnet" ? testnet_nodes()
                                          : infrastructure_nodes();
    if (!o.list.empty())
    {
        auto list = node_list::from_json(read_list_file(o.list));
        if (!list)
            throw bad_input(std::string(name(static_cast<errc>(list.error().code().value()))),
                            o.list + ": " + list.error().message());
        if (list->empty())
            throw bad_input("no_node", o.list + ": it names no node");
        return *list;
    }
    std::vector<std::string> urls = o.nodes;
    if (char const* const one = std::getenv("BTS_NODE"); urls.empty() && one != nullptr && *one != '\0')
        urls.emplace_back(one);
    if (urls.empty())
        throw program::usage_error("no node is named; give --node URL, --list FILE or --catalogue NAME, or set "
                                   "BTS_NODE");
    auto list = node_list::from_urls(urls);
    if (!list)
        throw program::usage_error("--node: " + list.error().message());
    return *list;
}

std::string network_name(std::optional<chain_id_type> const& chain)
{
    if (!chain)
        return {};
    if (auto const known = public_network_of(*chain))
        return std::string(name(*known));
    return to_hex(chain->data);
}

/// Nodes that are said to be of one chain, or those of which nothing is said.
struct group
{
    std::optional<chain_id_type> chain;
    node_list list;
    std::unique_ptr<node_pool> pool; ///< Null: nobody is asked.
};

std::vector<group> by_network(node_list const& list, std::string const& chain_id)
{
    std::optional<chain_id_type> only;
    if (!chain_id.empty())
        only = program::read_chain_id(chain_id);
    std::vector<std::pair<std::optional<chain_id_type>, std::vector<node_entry>>> entries;
    for (node_entry entry : list)
    {
        if (only && !entry.chain_id)
            entry.chain_id = only; // which it has to prove
        if (only && entry.chain_id != only)
            continue;
        auto const same = [&](auto const& g) { return g.first == entry.chain_id; };
        auto at = std::find_if(entries.begin(), entries.end(), same);
        if (at == entries.end())
            at = entries.insert(at, {entry.chain_id, {}});
        at->second.push_back(std::move(entry));
    }
    if (entries.empty())
        throw bad_input("no_node", "none of the nodes is said to be of this chain");
    std::vector<group> groups;
    for (auto& [chain, some] : entries)
        groups.push_back({chain, node_list::from_entries(std::move(some)).value(), nullptr});
    return groups;
}

// --- what is known of them ------------------------------------------------------------------------------------------------

/// A node at a moment.
struct node_view
{
    node_entry const* entry;
    std::optional<node_status> status; ///< Empty: it is not asked.
};

bool is_usable(node_status const& s)
{
    return s.state == node_state::live || (s.state == node_state::idle && s.head);
}

bool was_tried(node_status const& s)
{
    return s.head || s.failures != 0 || s.state == node_state::wrong_chain;
}

std::vector<node_view> look(group const& g)
{
    std::vector<node_view> views;
    std::vector<node_status> const all = g.pool ? g.pool->status() : std::vector<node_status>();
    for (std::size_t i = 0; i < g.list.size(); ++i)
        views.push_back({&g.list[i], g.pool ? std::optional(all[i]) : std::nullopt});
    return views;
}

std::string decimal(double value, int digits)
{
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", digits, value);
    return text;
}

// With as many digits as it takes.
std::string plain(double value)
{
    char text[64];
    std::snprintf(text, sizeof text, "%.9g", value);
    return text;
}

double in_ms(std::chrono::microseconds d)
{
    return static_cast<double>(d.count()) / 1000;
}

std::string known_or_dash(std::string text)
{
    return text.empty() ? "-" : text;
}

std::string harmless(std::string const& text)
{
    return program::printable(program::shortened(text, 300));
}

std::string latency_text(std::optional<std::chrono::microseconds> const& d)
{
    return d ? decimal(in_ms(*d), *d < 10ms ? 1 : 0) + " ms" : "-";
}

std::string age_text(std::optional<std::chrono::milliseconds> const& age)
{
    if (!age)
        return "-";
    if (*age < 100s && *age > -100s)
        return decimal(static_cast<double>(age->count()) / 1000, 1) + " s";
    return *age < 0s ? "ahead" : program::span_text(age->count() / 1000);
}

long long seconds_since(clock::time_point then)
{
    return std::chrono::duration_cast<std::chrono::seconds>(clock::now() - then).count();
}

std::string rate_text(request_rate const& rate)
{
    return rate.limited() ? "asked at most " + plain(rate.per_second) + " times a second" : "asked as often as needed";
}

// --- JSON -----------------------------------------------------------------------------------------------------------------

json_tree number(std::string text)
{
    json_tree t(std::move(text));
    t.type = json_tree::kind::number;
    return t;
}

json_tree text_or_null(std::string text)
{
    return text.empty() ? json_tree() : json_tree(std::move(text));
}

std::string utc(clock::time_point then)
{
    auto const at = std::chrono::system_clock::now() + (then - clock::now());
    auto const since = std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count();
    return time_point_sec{static_cast<std::uint32_t>(since)}.to_string() + "Z";
}

std::string node_json(node_view const& v)
{
    node_entry const& e = *v.entry;
    node_status const none;
    node_status const& s = v.status ? *v.status : none;
    json_tree out = json_tree::object();
    out.add("url", e.url.to_string());
    out.add("network", text_or_null(network_name(e.chain_id)));
    out.add("state", v.status ? json_tree(std::string(name_of(s.state))) : json_tree());
    out.add("primary", json_tree::boolean(s.primary));
    out.add("since", v.status ? json_tree(utc(s.since)) : json_tree());
    out.add("why", text_or_null(s.why));
    out.add("head_block", s.head ? json_tree::number(s.head->block) : json_tree());
    out.add("head_age_ms", s.head_age ? number(std::to_string(s.head_age->count())) : json_tree());
    out.add("skew_ms", s.skew ? number(std::to_string(s.skew->count())) : json_tree());
    out.add("latency_p50_ms", s.p50 ? number(decimal(in_ms(*s.p50), 3)) : json_tree());
    out.add("latency_p95_ms", s.p95 ? number(decimal(in_ms(*s.p95), 3)) : json_tree());
    out.add("connects", json_tree::number(s.connects));
    out.add("failures", json_tree::number(s.failures));
    out.add("deviations", json_tree::number(s.deviations));
    out.add("last_error", text_or_null(s.last_error));
    out.add("terms", text_or_null(e.terms));
    out.add("place", text_or_null(e.place));
    out.add("country", text_or_null(e.country));
    out.add("region", text_or_null(e.region));
    out.add("operator", text_or_null(e.operated_by));
    out.add("provenance", text_or_null(e.provenance));
    json_tree rate;
    if (request_rate const r = e.rate(); r.limited())
    {
        rate = json_tree::object();
        rate.add("per_second", number(plain(r.per_second)));
        rate.add("burst", json_tree::number(r.burst));
    }
    out.add("rate", std::move(rate));
    return program::printable_json(out.to_json());
}

// --- table ----------------------------------------------------------------------------------------------------------------

/// How much is told, where there is little room.
enum class detail_level : std::uint8_t
{
    all,
    failures, ///< Why a node is not used, but no old errors.
    rows      ///< Neither that nor the terms.
};

char const* style_of(node_view const& v)
{
    if (!v.status)
        return "";
    switch (v.status->state)
    {
    case node_state::live: return v.status->primary ? "\033[1;32m" : "\033[32m";
    case node_state::idle: return "";
    case node_state::connecting:
    case node_state::probing:
    case node_state::waiting: return "\033[33m";
    case node_state::ejected:
    case node_state::stale:
    case node_state::forked:
    case node_state::wrong_chain: return "\033[31m";
    }
    return "";
}

/// What is wrong with this machine's clock, or with the chain's; mostly nothing.
std::string clock_text(clock_report const& r)
{
    auto const seconds = [](std::chrono::milliseconds d) { return std::to_string(std::abs(d.count()) / 1000) + " s"; };
    std::chrono::milliseconds const error = r.ahead_of_dates.value_or(r.ahead_of_chain.value_or(0ms));
    switch (r.verdict)
    {
    case clock_verdict::ahead:
        return "This machine's clock is " + seconds(error) + " ahead of the nodes' servers: set it.";
    case clock_verdict::behind:
        return "This machine's clock is " + seconds(error) + " behind the " +
               (r.ahead_of_dates ? "nodes' servers" : "chain") + ": set it.";
    case clock_verdict::chain_late:
        return "The nodes' heads are " + seconds(*r.ahead_of_chain) +
               " old: the chain makes no blocks, or they miss them.";
    case clock_verdict::unknown:
    case clock_verdict::right: break;
    }
    return {};
}

/// What stands below a node's line.
std::string trouble_of(node_status const& s, detail_level level)
{
    if (level == detail_level::rows)
        return {};
    if (s.state == node_state::waiting || s.state == node_state::ejected || s.state == node_state::stale ||
        s.state == node_state::forked || s.state == node_state::wrong_chain)
        return harmless(s.why);
    if (level == detail_level::failures && is_usable(s))
        return {};
    std::string text = s.deviations == 0 ? ""
                                         : "deviated " + std::to_string(s.deviations) +
                                               (s.deviations == 1 ? " time" : " times") + " from a quorum";
    if (!s.last_error.empty())
        text.append(text.empty() ? "" : "; ").append("before: " + harmless(s.last_error));
    return text;
}

std::vector<screen::line> table(std::vector<group> const& groups, detail_level level)
{
    std::vector<std::string> terms; // each once; a node's line has its number
    std::vector<screen::line> lines;
    for (group const& g : groups)
    {
        std::vector<node_view> const views = look(g);
        std::string title = !g.chain                      ? "of a chain that nobody named"
                            : public_network_of(*g.chain) ? network_name(g.chain)
                                                          : "chain " + program::shortened(network_name(g.chain), 8);
        title += ": " + std::to_string(views.size()) + (views.size() == 1 ? " node" : " nodes");
        if (g.pool)
            title += ", " +
                     std::to_string(std::count_if(views.begin(), views.end(),
                                                  [](node_view const& v) { return is_usable(*v.status); })) +
                     " usable";
        else
            title += ", not asked";
        if (!lines.empty())
            lines.push_back({"", ""});
        lines.push_back({"\033[1m", title});

        struct row
        {
            char const* style;
            std::vector<std::string> cells;
            std::string below;
        };
        std::vector<row> rows;
        if (g.pool)
            rows.push_back({"\033[4m",
                            {"", "node", "state", "for", "head", "age", "p50", "p95", "terms", "place", "operator"},
                            {}});
        else
            rows.push_back({"\033[4m", {"", "node", "terms", "place", "operator"}, {}});
        for (node_view const& v : views)
        {
            node_entry const& e = *v.entry;
            std::string mark = "-";
            if (!e.terms.empty())
            {
                std::string const said = harmless(e.terms) + "; " + rate_text(e.rate());
                auto const at = std::find(terms.begin(), terms.end(), said);
                mark = "[" + std::to_string(at - terms.begin() + 1) + "]";
                if (at == terms.end())
                    terms.push_back(said);
            }
            row r{style_of(v), {v.status && v.status->primary ? "*" : "", harmless(e.url.to_string())}, {}};
            if (v.status)
            {
                node_status const& s = *v.status;
                r.cells.insert(r.cells.end(),
                               {std::string(name_of(s.state)), program::span_text(seconds_since(s.since)),
                                s.head ? std::to_string(s.head->block) : "-", age_text(s.head_age), latency_text(s.p50),
                                latency_text(s.p95)});
                r.below = trouble_of(s, level);
            }
            std::string const where = e.place.empty() ? e.country : e.place;
            r.cells.insert(r.cells.end(),
                           {mark, known_or_dash(harmless(where)), known_or_dash(harmless(e.operated_by))});
            rows.push_back(std::move(r));
        }
        std::vector<std::size_t> widths(rows[0].cells.size());
        for (row const& r : rows)
            for (std::size_t i = 0; i < r.cells.size(); ++i)
                widths[i] = std::max(widths[i], columns_of(r.cells[i]));
        widths[0] = 1;
        std::vector<bool> empty(widths.size(), true); // columns in which nobody has anything
        for (std::size_t i = 0; i < widths.size(); ++i)
            for (std::size_t k = 1; k < rows.size(); ++k)
                empty[i] = empty[i] && i > 1 && rows[k].cells[i] == "-";
        for (row& r : rows)
        {
            std::string text;
            for (std::size_t i = 0; i < r.cells.size(); ++i)
            {
                if (empty[i])
                    continue;
                bool const of_numbers = g.pool && i >= 3 && i <= 7;
                text += i == 0 ? "" : i == 1 ? " " : "  ";
                text += of_numbers ? right(r.cells[i], widths[i]) : left(r.cells[i], widths[i]);
            }
            text.erase(text.find_last_not_of(' ') + 1);
            lines.push_back({r.style, std::move(text)});
            if (!r.below.empty())
                lines.push_back({"\033[2m", "    " + r.below});
        }
        if (std::string wrong = g.pool ? clock_text(g.pool->time_report()) : std::string(); !wrong.empty())
            lines.push_back({"\033[33m", std::move(wrong)});
    }
    if (level != detail_level::rows && !terms.empty())
    {
        lines.push_back({"", ""});
        for (std::size_t i = 0; i < terms.size(); ++i)
            lines.push_back({"", "terms [" + std::to_string(i + 1) + "] " + terms[i]});
    }
    return lines;
}

int put_all(std::vector<group> const& groups, bool json)
{
    std::string out;
    if (json)
        for (group const& g : groups)
            for (node_view const& v : look(g))
                out += node_json(v) + "\n";
    else
        for (screen::line const& line : table(groups, detail_level::all))
            out += line.text + "\n";
    out.pop_back();
    return put(out);
}

std::string frame(std::vector<group> const& groups, screen::extent size)
{
    std::vector<screen::line> lines;
    std::size_t const room = size.rows - std::min<std::size_t>(size.rows, 1); // the last line says how it ends
    for (auto const level : {detail_level::all, detail_level::failures, detail_level::rows})
        if (lines.empty() || lines.size() > room)
            lines = table(groups, level);
    std::string last = "Ctrl-C ends";
    if (lines.size() > room)
    {
        last = std::to_string(lines.size() - room) + " more lines do not fit; " + last;
        lines.resize(room);
    }
    lines.push_back({"", std::move(last)});
    return screen::frame(lines, size);
}

// --- asking ---------------------------------------------------------------------------------------------------------------

/// The pools at work, until there is nothing more to wait for.
class pools_at_work
{
public:
    pools_at_work(std::vector<group>& groups, nodes_options const& o, program::interrupt& ctrl_c)
        : groups_(groups), options_(o), ctrl_c_(ctrl_c), timer_(io_), stopped_(ctrl_c, [this] { io_.stop(); })
    {
        tls_options tls;
        if (!o.ca_file.empty())
            tls.add_ca_file(o.ca_file);
        transport_factory const transports = websocket(websocket_options().tls(tls));
        bool const once = o.once || o.json || !program::on_a_terminal();
        for (group& g : groups_)
        {
            client_options client;
            if (g.chain)
                client.chain_id(*g.chain);
            pool_options pool;
            pool.max_live = o.live != 0 ? o.live : g.list.size();
            pool.connect_stagger = 50ms; // to different nodes: each is asked no more often for that
            pool.slow_connect = 100ms;
            pool.probe_others = 15s;
            if (once)
            {
                pool.connect_timeout = std::min<pool_options::duration>(5s, std::chrono::seconds(o.timeout) - 500ms);
                pool.probe_live = 500ms; // for a second look, when the others' heads are known
            }
            g.pool = std::make_unique<node_pool>(io_.get_executor(), g.list, transports, client, pool,
                                                 [this](pool_event const&) { changed_ = true; });
            g.pool->open();
        }
    }

    ~pools_at_work()
    {
        for (group& g : groups_)
            g.pool.reset(); // before the context that it runs on
    }

    pools_at_work(pools_at_work const&) = delete;
    pools_at_work& operator=(pools_at_work const&) = delete;

    /// Until all have been tried, or the time is up. @return Whether they have.
    bool wait_for_all()
    {
        until_ = clock::now() + std::chrono::seconds(options_.timeout);
        wait_on();
        io_.run();
        if (ctrl_c_.requested())
            throw program::interrupted();
        return all_tried();
    }

    /// Until Ctrl-C, or until nobody looks any more.
    void show()
    {
        screen const shown;
        draw();
        io_.run();
    }

private:
    static constexpr auto tick = 100ms;

    template <class Predicate>
    bool all(Predicate const& predicate) const
    {
        for (group const& g : groups_)
            for (node_status const& s : g.pool->status())
                if (!predicate(s))
                    return false;
        return true;
    }

    bool all_tried() const { return all(was_tried); }

    void wait_on()
    {
        auto const now = clock::now();
        if (!tried_ && all_tried())
            tried_ = now;
        // The first ones could be compared with nobody yet.
        bool const seen_twice = tried_ && all([this](node_status const& s) {
                                    return s.state != node_state::live || (s.head_at && *s.head_at >= *tried_);
                                });
        if (seen_twice || now >= until_)
            return io_.stop();
        timer_.expires_after(50ms);
        timer_.async_wait([this](error_code) { wait_on(); });
    }

    void draw()
    {
        auto const now = clock::now();
        if (auto const size = screen::size(); changed_ || size != drawn_size_ || now - drawn_ >= 1s)
        {
            changed_ = false;
            drawn_size_ = size;
            drawn_ = now;
            if (!screen::write(frame(groups_, size)))
                return io_.stop();
        }
        timer_.expires_after(tick);
        timer_.async_wait([this](error_code) { draw(); });
    }

    std::vector<group>& groups_;
    nodes_options const& options_;
    program::interrupt& ctrl_c_;
    boost::asio::io_context io_;
    boost::asio::steady_timer timer_;
    clock::time_point until_;
    std::optional<clock::time_point> tried_;
    bool changed_ = true;
    clock::time_point drawn_;
    screen::extent drawn_size_;
    program::on_interrupt stopped_;
};

} // namespace

int nodes(nodes_options const& o)
{
    return guarded(o.json, [&o] {
        program::interrupt ctrl_c;
        std::vector<group> groups = by_network(chosen_nodes(o), o.chain_id);
        if (!o.catalogue.empty() && !o.connect)
            return put_all(groups, o.json);
        pools_at_work pools(groups, o, ctrl_c);
        if (!o.once && !o.json && program::on_a_terminal())
        {
            pools.show();
            return exit_code::ok; // who watched it ended it
        }
        bool const complete = pools.wait_for_all();
        if (int const written = put_all(groups, o.json); written != exit_code::ok)
            return written;
        bool usable = false;
        for (group const& g : groups)
            for (node_status const& s : g.pool->status())
                usable = usable || is_usable(s);
        return !usable ? exit_code::network : complete ? exit_code::ok : exit_code::incomplete;
    });
}

} // namespace bts_program
