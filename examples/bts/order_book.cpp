#include "order_book.hpp"

#include "names.hpp"
#include "online_commands.hpp"

#include <bitshares/protocol/objects.hpp>
#include <bitshares/rpc/api/database.hpp>
#include <bitshares/rpc/api/login.hpp>
#include <common/terminal_text.hpp>

#include <algorithm>
#include <compare>

namespace bts_program {

using namespace bitshares;

namespace {

constexpr std::uint32_t most_orders = 300; // of each side: what nodes allow if nobody changed it

exception strange(std::string const& what)
{
    return exception(error(errc::invalid_reply, what));
}

void add(std::int64_t& sum, std::int64_t amount)
{
    if (__builtin_add_overflow(sum, amount, &sum))
        throw strange("the orders' amounts are beyond 64 bits");
}

std::strong_ordering by_price(price const& a, price const& b)
{
    return compare(a, b).value();
}

void sum_up(std::vector<book_level>& levels, bool cheapest_first)
{
    std::sort(levels.begin(), levels.end(), [cheapest_first](book_level const& a, book_level const& b) {
        auto const order = by_price(a.price, b.price);
        if (order != 0)
            return cheapest_first ? order < 0 : order > 0;
        return a.price.base.amount < b.price.base.amount; // of one price, the fraction in the smallest numbers is told
    });
    std::vector<book_level> merged;
    for (book_level const& one : levels)
    {
        if (merged.empty() || by_price(merged.back().price, one.price) != 0)
        {
            merged.push_back(one);
            continue;
        }
        add(merged.back().base, one.base);
        add(merged.back().quote, one.quote);
        merged.back().orders += one.orders;
    }
    std::int64_t base = 0, quote = 0;
    for (book_level& level : merged)
    {
        add(base, level.base);
        add(quote, level.quote);
        level.base_sum = base;
        level.quote_sum = quote;
    }
    levels = std::move(merged);
}

} // namespace

order_book make_book(std::vector<limit_order_object> const& orders, book_asset const& base, book_asset const& quote,
                     std::uint32_t limit)
{
    order_book book;
    for (limit_order_object const& o : orders)
    {
        asset_id const sold = o.sell_price.base.asset_id;
        asset_id const wanted = o.sell_price.quote.asset_id;
        bool const bid = sold == base.id && wanted == quote.id;
        if (!bid && !(sold == quote.id && wanted == base.id))
            throw strange("order " + o.id.to_string() + " is of another market");
        auto const other = convert({o.for_sale, sold}, o.sell_price, bid ? rounding::down : rounding::up);
        if (!other)
            throw exception(other.error());
        book_level level;
        level.price = bid ? o.sell_price : price{o.sell_price.quote, o.sell_price.base};
        level.base = bid ? o.for_sale : other->amount;
        level.quote = bid ? other->amount : o.for_sale;
        level.orders = 1;
        (bid ? book.bids : book.asks).push_back(level);
    }
    book.asks_cut = book.asks.size() >= limit;
    book.bids_cut = book.bids.size() >= limit;
    sum_up(book.asks, true);
    sum_up(book.bids, false);
    return book;
}

book_reader::book_reader(program::connection& node, std::string const& base, std::string const& quote)
    : node_(node), names_{base, quote}
{
    if (auto const config = node_.ask(login::get_config())) // older nodes do not tell
        limit_ = std::min(config->api_limit_get_limit_orders.value_or(most_orders), most_orders);
    book_asset* const assets[] = {&base_, &quote_};
    for (int i = 0; i < 2; ++i)
    {
        auto const found = node_.ask(database::get_assets({names_[i]}, false));
        if (!found || found->size() != 1 || !(*found)[0])
            throw bad_input("asset_not_found", "there is no asset \"" + names_[i] + "\"");
        asset_object const& a = *(*found)[0];
        if ((a.symbol != names_[i] && a.id.to_string() != names_[i]) || a.precision > max_precision)
            throw strange("the node answered with another asset");
        *assets[i] = {a.id, program::printable(a.symbol), a.precision};
    }
    if (base_.id == quote_.id)
        throw bad_input("same_asset", "a market is of two assets, not of " + base_.symbol + " twice");
}

dynamic_global_property_object book_reader::head()
{
    return node_.ask(database::get_dynamic_global_properties()).value();
}

order_book book_reader::read(dynamic_global_property_object before)
{
    for (int attempt = 1;; ++attempt)
    {
        auto const orders = node_.ask(database::get_limit_orders(names_[0], names_[1], limit_)).value();
        auto const after = head();
        if (after.head_block_id != before.head_block_id && attempt < 5)
        {
            before = after;
            continue;
        }
        order_book book = make_book(orders, base_, quote_, limit_);
        book.block = before.head_block_number; // or, of a chain in a hurry, a later one
        book.time = before.time;
        return book;
    }
}

unsigned book_digits(order_book const& book, book_asset const& base, book_asset const& quote, std::size_t depth)
{
    constexpr unsigned most = 20;
    unsigned digits = 0;
    for (auto const* side : {&book.asks, &book.bids})
        for (std::size_t i = 0; i < side->size() && i < depth; ++i)
            digits = std::max(digits, price_digits((*side)[i].price, base.precision, quote.precision, i == 0 ? 8 : 5));
    return std::min(digits, most);
}

std::string decimal_difference(std::string const& a, std::string const& b)
{
    std::size_t const size = std::max(a.size(), b.size());
    std::string const x = std::string(size - a.size(), '0') + a;
    std::string const y = std::string(size - b.size(), '0') + b;
    if (x < y)
        return {};
    std::string out(size, '0');
    int borrow = 0;
    for (std::size_t i = size; i-- > 0;)
    {
        if (x[i] == '.')
        {
            out[i] = '.';
            continue;
        }
        int digit = x[i] - y[i] - borrow;
        borrow = digit < 0 ? 1 : 0;
        out[i] = static_cast<char>('0' + digit + 10 * borrow);
    }
    std::size_t const first = out.find_first_not_of('0');
    if (first == out.npos)
        return "0";
    return out[first] == '.' ? out.substr(first - 1) : out.substr(first);
}

} // namespace bts_program
