#include "json_tree.hpp"
#include "names.hpp"
#include "online_commands.hpp"
#include "order_book.hpp"

#include <bitshares/history/node_history.hpp>
#include <common/exit_code.hpp>
#include <common/screen.hpp>
#include <common/terminal_text.hpp>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <thread>

namespace bts_program {

using namespace bitshares;

namespace {

using clock = std::chrono::steady_clock;
using program::columns_of, program::right, program::screen, program::span_text;

std::string utc(time_point_sec time)
{
    std::string text = time.to_string();
    text[10] = ' ';
    return text + " UTC";
}

std::string price_text(book_level const& level, book_asset const& base, book_asset const& quote, unsigned digits,
                       rounding direction)
{
    return format_price(level.price, base.precision, quote.precision, digits, direction).value();
}

struct spread_text
{
    std::string amount; // empty: there is none
    std::string percent;
};

/// Of the prices as they are shown: rounded away from each other, so that it is never shown smaller than it is.
spread_text spread_of(order_book const& book, book_asset const& base, book_asset const& quote, unsigned digits)
{
    if (book.asks.empty() || book.bids.empty())
        return {};
    std::string const ask = price_text(book.asks[0], base, quote, digits, rounding::up);
    std::string const bid = price_text(book.bids[0], base, quote, digits, rounding::down);
    spread_text spread{decimal_difference(ask, bid), {}};
    double const of = std::strtod(ask.c_str(), nullptr);
    if (spread.amount.empty() || of <= 0)
        return {};
    char text[32];
    std::snprintf(text, sizeof text, "%.2f %%", 100 * std::strtod(spread.amount.c_str(), nullptr) / of);
    spread.percent = text;
    return spread;
}

// --- table ----------------------------------------------------------------------------------------------------------------

/// A line of the table, and what it is about.
struct table_line
{
    enum class kind
    {
        head,
        ask,
        spread,
        bid
    };
    kind about;
    std::string text;
};

/// Asks with the cheapest last, the spread, bids with the highest first. Columns that have no room are left out, the last ones first.
std::vector<table_line> table(order_book const& book, book_asset const& base, book_asset const& quote,
                              std::size_t ask_count, std::size_t bid_count, std::size_t width)
{
    ask_count = std::min(ask_count, book.asks.size());
    bid_count = std::min(bid_count, book.bids.size());
    unsigned const digits = book_digits(book, base, quote, std::max<std::size_t>({ask_count, bid_count, 1}));
    using cells = std::vector<std::string>;
    auto const row = [&](char const* side, book_level const& l, rounding direction) {
        return cells{side,
                     price_text(l, base, quote, digits, direction),
                     format_amount(l.quote, quote.precision),
                     format_amount(l.base, base.precision),
                     format_amount(l.quote_sum, quote.precision),
                     format_amount(l.base_sum, base.precision),
                     std::to_string(l.orders)};
    };
    std::vector<std::pair<table_line::kind, cells>> rows;
    rows.push_back({table_line::kind::head,
                    {"", "price", quote.symbol, base.symbol, "sum " + quote.symbol, "sum " + base.symbol, "orders"}});
    for (std::size_t i = ask_count; i-- > 0;)
        rows.push_back({table_line::kind::ask, row("ask", book.asks[i], rounding::up)});
    for (std::size_t i = 0; i < bid_count; ++i)
        rows.push_back({table_line::kind::bid, row("bid", book.bids[i], rounding::down)});

    std::vector<std::size_t> widths(rows[0].second.size());
    for (auto const& [kind, one] : rows)
        for (std::size_t i = 0; i < one.size(); ++i)
            widths[i] = std::max(widths[i], columns_of(one[i]));
    std::size_t shown = 0, used = 0;
    for (; shown < widths.size() && (shown < 2 || used + 2 + widths[shown] <= width); ++shown)
        used += (shown == 0 ? 0 : 2) + widths[shown];

    spread_text const spread = spread_of(book, base, quote, digits);
    table_line const middle{
        table_line::kind::spread,
        spread.amount.empty()
            ? (book.asks.empty() || book.bids.empty() ? "no spread: one side has no orders" : "crossed")
            : "spread " + spread.amount + " (" + spread.percent + ")"};
    std::vector<table_line> lines;
    bool middle_done = false;
    for (auto const& [kind, one] : rows)
    {
        if (kind == table_line::kind::bid && !middle_done)
        {
            lines.push_back(middle);
            middle_done = true;
        }
        std::string text;
        for (std::size_t i = 0; i < shown; ++i)
            text += (i == 0 ? "" : "  ") + right(one[i], widths[i]);
        lines.push_back({kind, std::move(text)});
    }
    if (!middle_done)
        lines.push_back(middle);
    return lines;
}

std::string cut_note(order_book const& book)
{
    if (!book.asks_cut && !book.bids_cut)
        return {};
    return std::string(book.asks_cut && book.bids_cut ? "both sides have"
                       : book.asks_cut                ? "asks have"
                                                      : "bids have") +
           " more orders than the node tells: the last price may lack some";
}

std::string book_text(order_book const& book, book_reader const& reader, std::size_t depth, std::string const& node)
{
    std::string out = reader.quote().symbol + " in " + reader.base().symbol + ", block " + std::to_string(book.block) +
                      ", " + utc(book.time) + ", " + node;
    for (table_line const& line : table(book, reader.base(), reader.quote(), depth, depth, std::string::npos))
        out += "\n" + line.text;
    if (std::string const note = cut_note(book); !note.empty())
        out += "\n" + note;
    return out;
}

std::string book_json(order_book const& book, book_reader const& reader, std::size_t depth, std::string const& node)
{
    book_asset const& base = reader.base();
    book_asset const& quote = reader.quote();
    unsigned const digits = book_digits(book, base, quote, depth);
    json_tree out = json_tree::object();
    out.add("kind", "order book");
    for (auto const& [key, a] : {std::pair("base", &base), std::pair("quote", &quote)})
    {
        json_tree& one = out.add(key, json_tree::object());
        one.add("id", a->id.to_string());
        one.add("symbol", a->symbol);
        one.add("precision", json_tree::number(a->precision));
    }
    out.add("node", node);
    out.add("block", json_tree::number(book.block));
    out.add("time", book.time.to_string() + "Z");
    for (auto const& [key, side, direction] :
         {std::tuple("asks", &book.asks, rounding::up), std::tuple("bids", &book.bids, rounding::down)})
    {
        json_tree& list = out.add(key, json_tree::array());
        for (std::size_t i = 0; i < side->size() && i < depth; ++i)
        {
            book_level const& l = (*side)[i];
            json_tree one = json_tree::object();
            one.add("price", price_text(l, base, quote, digits, direction));
            json_tree& exact = one.add("exact_price_in_units", json_tree::object());
            exact.add("base", std::to_string(l.price.base.amount));
            exact.add("quote", std::to_string(l.price.quote.amount));
            one.add("quote", format_amount(l.quote, quote.precision));
            one.add("base", format_amount(l.base, base.precision));
            one.add("quote_sum", format_amount(l.quote_sum, quote.precision));
            one.add("base_sum", format_amount(l.base_sum, base.precision));
            one.add("orders", json_tree::number(l.orders));
            list.elements.push_back(std::move(one));
        }
    }
    if (spread_text const spread = spread_of(book, base, quote, digits); !spread.amount.empty())
        out.add("spread", spread.amount);
    out.add("asks_cut", json_tree::boolean(book.asks_cut));
    out.add("bids_cut", json_tree::boolean(book.bids_cut));
    json_tree& rounded = out.add("rounding", json_tree::object());
    rounded.add("asks", "up");
    rounded.add("bids", "down");
    return program::printable_json(out.to_json());
}

// --- live -----------------------------------------------------------------------------------------------------------------

/// The view: one thread asks, the other draws, so that a node that hangs is seen to hang.
class live_view
{
public:
    live_view(book_reader& reader, program::connection& node, program::interrupt& ctrl_c, std::size_t depth)
        : reader_(reader), node_(node), ctrl_c_(ctrl_c), depth_(depth)
    {}

    int run(order_book first)
    {
        book_ = std::move(first);
        node_text_ = node_.node();
        answered_ = clock::now();
        std::thread asking([this] { ask(); });
        try
        {
            draw();
        }
        catch (...)
        {
            stop(asking);
            throw;
        }
        stop(asking);
        if (failure_)
            std::rethrow_exception(failure_);
        return exit_code::ok; // who watched it ended it
    }

private:
    static constexpr std::chrono::milliseconds tick{100};
    static constexpr std::chrono::seconds between_questions{1};
    static constexpr std::chrono::seconds silence{3}; // after which the view says so
    static constexpr long long lagging_seconds = 30;  // ten blocks

    void stop(std::thread& asking)
    {
        {
            std::lock_guard const lock(mutex_);
            stopped_ = true;
        }
        wake_.notify_all();
        asking.join();
    }

    void ask()
    {
        for (;;)
        {
            std::string trouble;
            try
            {
                auto const head = reader_.head();
                bool fresh;
                {
                    std::lock_guard const lock(mutex_);
                    fresh = head.head_block_number != book_.block || head.time != book_.time;
                }
                // Not the changes: what a broken connection or a lost notice hid would be missing for ever.
                std::optional<order_book> next;
                if (fresh)
                    next = reader_.read(head);
                std::string const node = node_.node();
                std::lock_guard const lock(mutex_);
                if (next)
                    book_ = std::move(*next);
                node_text_ = node;
                answered_ = clock::now();
            }
            catch (program::interrupted const&)
            {
                return;
            }
            catch (exception const& e)
            {
                trouble = e.what();
                if (e.code() == errc::wrong_chain) // another chain's orders would not be these
                {
                    std::lock_guard const lock(mutex_);
                    failure_ = std::current_exception();
                    stopped_ = true;
                    return;
                }
            }
            catch (node_refused const& e)
            {
                trouble = std::string("the node refuses: ") + e.what();
            }
            catch (...)
            {
                std::lock_guard const lock(mutex_);
                failure_ = std::current_exception();
                stopped_ = true;
                return;
            }
            std::unique_lock lock(mutex_);
            trouble_ = program::printable(trouble);
            changed_ = true;
            if (wake_.wait_for(lock, between_questions, [this] { return stopped_; }))
                return;
        }
    }

    void draw()
    {
        screen const shown;
        screen::extent drawn_size;
        auto drawn = clock::time_point();
        while (!ctrl_c_.requested())
        {
            auto const size = screen::size();
            {
                std::lock_guard const lock(mutex_);
                if (stopped_)
                    return;
                if (changed_ || size != drawn_size || clock::now() - drawn >= std::chrono::seconds(1))
                {
                    changed_ = false;
                    drawn_size = size;
                    drawn = clock::now();
                    frame_ = frame(size);
                }
            }
            if (!frame_.empty() && !screen::write(frame_))
                return;
            frame_.clear();
            std::this_thread::sleep_for(tick);
        }
    }

    std::string status() const
    {
        auto const quiet = std::chrono::duration_cast<std::chrono::seconds>(clock::now() - answered_);
        if (!trouble_.empty())
            return "NOT CURRENT for " + span_text(quiet.count()) + ", reconnecting: " + trouble_;
        if (quiet > silence)
            return "NOT CURRENT: the node does not answer for " + span_text(quiet.count());
        auto const now =
            std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
                .count();
        if (long long const age = now - static_cast<long long>(book_.time.seconds); age > lagging_seconds)
            return "NOT CURRENT? The newest block is " + span_text(age) + " old by this machine's clock";
        return "current";
    }

    std::string frame(screen::extent size) const
    {
        std::vector<screen::line> lines;
        std::string const state = status();
        bool const current = state == "current";
        lines.push_back({"\033[1m", reader_.quote().symbol + " in " + reader_.base().symbol + "  " + node_text_});
        lines.push_back({"", "block " + std::to_string(book_.block) + ", " + utc(book_.time)});
        lines.push_back({current ? "" : "\033[7m", state});

        std::string const note = cut_note(book_);
        std::size_t const fixed = lines.size() + 3 + (note.empty() ? 0 : 1); // head, spread, last line
        std::size_t const room = size.rows > fixed ? size.rows - fixed : 0;
        std::size_t const asks = std::min(depth_, book_.asks.size());
        std::size_t const bids = std::min(depth_, book_.bids.size());
        // Half for each side; what one does not need is the other's.
        std::size_t const ask_rows = std::min(asks, std::max(room / 2, room - std::min(room, bids)));
        std::size_t const bid_rows = std::min(bids, room - ask_rows);
        for (table_line& line : table(book_, reader_.base(), reader_.quote(), ask_rows, bid_rows, size.columns))
            lines.push_back({!current                               ? "\033[2m"
                             : line.about == table_line::kind::ask  ? "\033[31m"
                             : line.about == table_line::kind::bid  ? "\033[32m"
                             : line.about == table_line::kind::head ? "\033[4m"
                                                                    : "",
                             std::move(line.text)});
        if (!note.empty())
            lines.push_back({"", note});
        lines.push_back({"", "Ctrl-C ends"});
        return screen::frame(lines, size);
    }

    book_reader& reader_;
    program::connection& node_;
    program::interrupt& ctrl_c_;
    std::size_t depth_;

    std::mutex mutex_; // of all below but the frame
    std::condition_variable wake_;
    order_book book_;
    std::string node_text_;
    std::string trouble_;
    clock::time_point answered_;
    std::exception_ptr failure_;
    bool changed_ = true;
    bool stopped_ = false;

    std::string frame_;
};

} // namespace

int orderbook(orderbook_options const& o)
{
    return guarded(o.json, [&o] {
        program::interrupt ctrl_c;
        program::connection node(o.online, ctrl_c);
        node.learn_chain();
        book_reader reader(node, o.base, o.quote);
        order_book book = reader.read(reader.head());
        if (o.json)
            return put(book_json(book, reader, o.depth, node.node()));
        if (o.once || !program::on_a_terminal())
            return put(book_text(book, reader, o.depth, node.node()));
        return live_view(reader, node, ctrl_c, o.depth).run(std::move(book));
    });
}

} // namespace bts_program
