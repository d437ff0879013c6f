#pragma once

#include <common/keys.hpp>
#include <common/online.hpp>

#include <cstdint>
#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace bts_program {

/// What the commands that move money have in common.
struct money_options
{
    program::online_options online;
    program::key_options keys;
    std::string fee_asset;         ///< Symbol or id; empty: the core asset.
    std::uint32_t expires_in = 60; ///< Seconds of the chain's time.
    std::string save;              ///< Where the signed transaction is kept.
    bool dry_run = false;
    bool yes = false;
    bool irreversible = false;
    bool json = false;
};

struct transfer_options
{
    money_options money;
    std::string from, to, amount, symbol, memo;
};
int transfer(transfer_options const& o);

struct order_options
{
    money_options money;
    std::string seller, sell, sell_symbol, want, want_symbol;
    std::string expires; ///< UTC; empty: never.
    bool fill_or_kill = false;
};
int order(order_options const& o);

struct cancel_options
{
    money_options money;
    std::string id;
};
int cancel(cancel_options const& o);

struct upgrade_options
{
    money_options money;
    std::string account;
};
int upgrade(upgrade_options const& o);

struct outcome_options
{
    bool resend = false;
    program::online_options online;
    std::string what; ///< A transaction's id, or a file with the signed transaction.
    std::uint32_t blocks = 1200;
    bool irreversible = false;
    bool json = false;
};
int outcome(outcome_options const& o);

/// Adds `transfer`, `order`, `cancel`, `upgrade` and `outcome`. @param chosen Set to what runs the one that was named.
void add_money_commands(CLI::App& app, std::function<int()>& chosen);

} // namespace bts_program
