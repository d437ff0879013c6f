#pragma once

#include <bitshares/rpc/node_error.hpp>
#include <common/online.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bts_program {

/// The commands that ask a node. Each returns the program's exit code.

struct call_options
{
    program::online_options online;
    std::string api, method;
    std::vector<std::string> arguments;
    bool pretty = false;
    std::string quorum; ///< N or N,K; empty: one node is believed.
};
int call(call_options const& o);

struct decode_options
{
    program::online_options online;
    std::string input; ///< Empty: the standard input.
    std::string prefix;
    bool json = false;
    bool full = false;
};
int decode(decode_options const& o);

struct account_options
{
    program::online_options online;
    std::string account;
    std::vector<std::string> bid_assets;
    bool json = false;
};
int account(account_options const& o);

struct orderbook_options
{
    program::online_options online;
    std::string base, quote;
    unsigned depth = 10;
    bool once = false;
    bool json = false;
};
int orderbook(orderbook_options const& o);

struct watch_options
{
    program::online_options online;
    std::string what; ///< blocks, account, market or objects.
    std::vector<std::string> names;
    std::optional<std::uint64_t> after;
    std::uint64_t count = 0; ///< Events; 0: until Ctrl-C.
    bool irreversible = false;
    bool json = false;
};
int watch(watch_options const& o);

/// Wrong data: the message is for a person, the code a word for programs.
class bad_input : public std::runtime_error
{
public:
    bad_input(std::string word, std::string const& message) : std::runtime_error(message), code(std::move(word)) {}

    std::string code;
};

/** Runs a command, and turns what it throws into a message on standard error and an exit code.

    @param json Also `{"error":{...}}` on standard output.
*/
int guarded(bool json, std::function<int()> const& command);

/// `{"error":{"code":10,"name":"assert_exception","message":"...","stack":[...]}}`
std::string refusal_json(bitshares::node_error const& e);

/// Writes to standard output, with a line end. @return ok, interrupted where nobody reads, incomplete otherwise.
int put(std::string_view text);

} // namespace bts_program
