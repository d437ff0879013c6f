#include "names.hpp"

#include <bitshares/rpc/api/database.hpp>
#include <common/terminal_text.hpp>

#include <algorithm>
#include <vector>

namespace bts_program {

using namespace bitshares;

namespace {

constexpr std::size_t ids_a_request = 100;
constexpr std::size_t max_ids = 10'000; // what somebody pasted is no reason for a thousand requests

struct named_object
{
    std::optional<any_object_id> id;
    std::optional<std::string> name;
    std::optional<std::string> symbol;
    std::optional<std::uint8_t> precision;

    BITSHARES_FIELDS((id), (name), (symbol), (precision))
};

bool is_account(any_object_id id)
{
    return id.space() == account_id::space() && id.type() == account_id::type();
}

bool is_asset(any_object_id id)
{
    return id.space() == asset_id::space() && id.type() == asset_id::type();
}

} // namespace

names::names()
{
    assets_[0] = {core_asset.to_string(), 5};
}

void names::set_chain(chain_id_type const& chain)
{
    for (network const& n : {mainnet(), testnet()})
        if (n.chain_id == chain)
            put(core_asset, n.core_symbol, 5);
}

void names::put(account_id id, std::string_view name)
{
    accounts_[id.instance] = program::printable(name);
}

void names::put(asset_id id, std::string_view symbol, unsigned precision)
{
    if (precision <= max_precision)
        assets_[id.instance] = {program::printable(symbol), precision};
}

void names::need(any_object_id id)
{
    if ((is_account(id) || is_asset(id)) && asked_.size() + missing_.size() < max_ids && !asked_.contains(id))
        missing_.insert(id);
}

void names::fetch(program::connection& node)
{
    std::vector<any_object_id> all(missing_.begin(), missing_.end());
    asked_.merge(missing_);
    missing_.clear();
    for (std::size_t i = 0; i < all.size(); i += ids_a_request)
    {
        std::size_t const end = std::min(all.size(), i + ids_a_request);
        std::vector<any_object_id> const part(all.begin() + static_cast<std::ptrdiff_t>(i),
                                              all.begin() + static_cast<std::ptrdiff_t>(end));
        for (raw_json const& object : node.ask(database::get_objects(part, false)).value())
        {
            auto const o = from_json<named_object>(object.text);
            if (!o || !o->id)
                continue;
            if (is_account(*o->id) && o->name)
                put(account_id(o->id->instance()), *o->name);
            else if (is_asset(*o->id) && o->symbol && o->precision)
                put(asset_id(o->id->instance()), *o->symbol, *o->precision);
        }
    }
}

std::string const* names::find(account_id id) const
{
    auto const found = accounts_.find(id.instance);
    return found == accounts_.end() ? nullptr : &found->second;
}

std::string names::account(account_id id) const
{
    auto const* const name = find(id);
    return name ? *name : id.to_string();
}

std::string names::account_and_id(account_id id) const
{
    auto const* const name = find(id);
    return name ? *name + " (" + id.to_string() + ")" : id.to_string();
}

std::string names::symbol(asset_id id) const
{
    auto const found = assets_.find(id.instance);
    return found == assets_.end() ? id.to_string() : found->second.symbol;
}

std::optional<unsigned> names::precision(asset_id id) const
{
    auto const found = assets_.find(id.instance);
    return found == assets_.end() ? std::nullopt : std::optional(found->second.precision);
}

std::optional<std::string> names::decimal(asset const& a) const
{
    auto const digits = precision(a.asset_id);
    return digits ? std::optional(format_amount(a.amount, *digits)) : std::nullopt;
}

std::string names::amount(asset const& a) const
{
    if (auto const number = decimal(a))
        return *number + " " + symbol(a.asset_id);
    return std::to_string(a.amount) + (a.amount == 1 ? " smallest unit of " : " smallest units of ") +
           a.asset_id.to_string();
}

std::optional<names::price_text> names::price(bitshares::price const& p) const
{
    auto const base = precision(p.base.asset_id);
    auto const quote = precision(p.quote.asset_id);
    if (!base || !quote)
        return {};
    unsigned const digits = price_digits(p, *base, *quote, 8);
    auto const down = format_price(p, *base, *quote, digits, rounding::down);
    auto const up = format_price(p, *base, *quote, digits, rounding::up);
    if (!down || !up)
        return {};
    price_text text{*down, *down == *up};
    if (text.exact && text.number.find('.') != std::string::npos) // 13, not 13.000000
    {
        text.number.erase(text.number.find_last_not_of('0') + 1);
        if (text.number.back() == '.')
            text.number.pop_back();
    }
    return text;
}

unsigned price_digits(price const& p, unsigned base_precision, unsigned quote_precision, unsigned significant)
{
    constexpr unsigned most = 36;
    auto const text = format_price(p, base_precision, quote_precision, most, rounding::down);
    if (!text)
        return significant;
    std::size_t const point = text->find('.');
    std::size_t const first = text->find_first_not_of("0.");
    if (first == std::string::npos)
        return most;
    auto const digits = first < point ? significant - std::min<std::size_t>(point - first, significant)
                                      : first - point - 1 + significant;
    return static_cast<unsigned>(std::min<std::size_t>(digits, most));
}

std::string_view object_type_name(any_object_id id)
{
    static constexpr std::string_view protocol[] = {"",
                                                    "",
                                                    "account",
                                                    "asset",
                                                    "settle order",
                                                    "committee member",
                                                    "witness",
                                                    "limit order",
                                                    "call position",
                                                    "",
                                                    "proposal",
                                                    "operation",
                                                    "withdraw permission",
                                                    "vesting balance",
                                                    "worker",
                                                    "genesis balance",
                                                    "HTLC",
                                                    "custom authority",
                                                    "ticket",
                                                    "liquidity pool",
                                                    "SameT fund",
                                                    "credit offer",
                                                    "credit deal"};
    static constexpr std::string_view implementation[] = {"global properties",
                                                          "dynamic global properties",
                                                          "",
                                                          "asset dynamic data",
                                                          "bitasset data",
                                                          "account balance",
                                                          "account statistics",
                                                          "recent transaction",
                                                          "block summary",
                                                          "account history entry",
                                                          "blinded balance",
                                                          "chain properties",
                                                          "witness schedule",
                                                          "budget record",
                                                          "special authority",
                                                          "buyback",
                                                          "FBA accumulator",
                                                          "collateral bid",
                                                          "credit deal summary"};
    static constexpr std::string_view market[] = {"order history",          "market bucket",
                                                  "market ticker",          "market ticker meta",
                                                  "liquidity pool history", "liquidity pool ticker meta",
                                                  "liquidity pool ticker"};
    auto const of = [&](auto const& list) {
        return id.type() < std::size(list) ? list[id.type()] : std::string_view();
    };
    switch (id.space())
    {
    case 1: return of(protocol);
    case 2: return of(implementation);
    case 5: return of(market);
    case 4: return id.type() == 0 ? "exceeded account" : std::string_view();
    case 7: return id.type() == 0 ? "account storage" : std::string_view();
    default: return {};
    }
}

std::optional<any_object_id> read_id(std::string_view text)
{
    if (text.size() < 5 || text.size() > 24 || text.front() < '0' || text.front() > '9')
        return {};
    auto const id = any_object_id::from_string(text);
    return id ? std::optional(*id) : std::nullopt;
}

} // namespace bts_program
