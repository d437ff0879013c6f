#pragma once

#include <bitshares/protocol/objects/global.hpp>
#include <bitshares/protocol/objects/market.hpp>
#include <bitshares/protocol/price.hpp>
#include <common/online.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace bts_program {

/// One side of a market.
struct book_asset
{
    bitshares::asset_id id;
    std::string symbol; ///< Fit for a terminal.
    unsigned precision = 0;
};

/// The orders of one price.
struct book_level
{
    bitshares::price price; ///< `base` is the market's base; the smallest numbers among its orders'.
    std::int64_t base = 0;
    std::int64_t quote = 0;
    std::int64_t base_sum = 0; ///< Of this level and all better ones.
    std::int64_t quote_sum = 0;
    std::size_t orders = 0;
};

/// The limit orders of a market after a block.
struct order_book
{
    std::uint32_t block = 0;
    bitshares::time_point_sec time;
    std::vector<book_level> asks; ///< Who sells quote; the cheapest first.
    std::vector<book_level> bids; ///< Who buys quote; the highest first.
    bool asks_cut = false;        ///< The node has more orders than it tells.
    bool bids_cut = false;
};

/** Sums up orders by price, exactly.

    What an order is not given in is rounded against it: the base that an ask wants up, the quote that a bid wants down.
    @param limit That the node was asked with: a side with as many orders may be cut.
    @throws bitshares::exception An order is of another market, or no order at all.
*/
order_book make_book(std::vector<bitshares::limit_order_object> const& orders, book_asset const& base,
                     book_asset const& quote, std::uint32_t limit);

/// Reads a market from a node.
class book_reader
{
public:
    /// Asks what the assets are. @throws bad_input One is not there.
    book_reader(program::connection& node, std::string const& base, std::string const& quote);

    book_asset const& base() const noexcept { return base_; }
    book_asset const& quote() const noexcept { return quote_; }

    /// The head block's number and time.
    bitshares::dynamic_global_property_object head();

    /// The book, and the block that it belongs to: read again where a block came in between.
    order_book read(bitshares::dynamic_global_property_object before);

private:
    program::connection& node_;
    std::string names_[2]; // as they were typed
    book_asset base_, quote_;
    std::uint32_t limit_ = 300;
};

/// Digits behind the point at which the prices of the book's first `depth` levels are told apart.
unsigned book_digits(order_book const& book, book_asset const& base, book_asset const& quote, std::size_t depth);

/// `a - b` of two decimal numbers with equally many digits behind the point; empty where `b` is larger.
std::string decimal_difference(std::string const& a, std::string const& b);

} // namespace bts_program
