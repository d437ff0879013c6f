#pragma once

#include "interrupt.hpp"

#include <bitshares/net/blocking_client.hpp>
#include <bitshares/net/node_pool.hpp>
#include <bitshares/protocol/network.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace program {

/// What is wrong with the command line and CLI11 does not find by itself.
class usage_error : public std::runtime_error
{
    using std::runtime_error::runtime_error;
};

/// Ctrl-C.
class interrupted : public std::runtime_error
{
public:
    interrupted() : std::runtime_error("interrupted") {}
};

/// How programs name their nodes on the command line.
struct online_options
{
    std::vector<std::string> nodes;
    std::string chain_id;
    std::string ca_file;
    unsigned timeout = 10; ///< Seconds.
};

/// Adds `--node` (or the variable BTS_NODE), `--chain-id`, `--ca-file` and `--timeout`.
void add_online_options(CLI::App& command, online_options& o);

/// For CLI11's `check`.
std::string check_not_empty(std::string const& text);

/// For CLI11's `check`: what is wrong with a chain id, or nothing.
std::string check_chain_id(std::string const& text);

/// 64 digits, `mainnet` or `testnet`. @throws usage_error
bitshares::chain_id_type read_chain_id(std::string const& text);

/// @throws usage_error There is none, one is no URL, or one is named twice.
std::vector<bitshares::node_url> read_nodes(std::vector<std::string> const& texts);

/** The nodes of the command line, connected: names, keys and ids are of one chain.

    @par Exception safety
    Functions throw as @ref bitshares::blocking_client, and @ref interrupted after Ctrl-C.
*/
class connection
{
public:
    /// @throws usage_error
    connection(online_options const& o, interrupt& ctrl_c);

    /// Asks the chain id, and reads keys with its prefix from then on. Once, before typed calls.
    bitshares::chain_id_type const& learn_chain();

    std::string const& key_prefix() const noexcept { return options_.key_prefix(); }

    /// Calls, and again where the connection broke, twice at most: for what may be asked twice.
    template <class R>
    bitshares::reply<R> ask(bitshares::request<R> const& request)
    {
        std::optional<bitshares::reply<R>> answer;
        again([&] { answer.emplace(client_->try_call(request)); });
        return std::move(*answer);
    }

    /// Calls once.
    template <class R>
    bitshares::reply<R> ask_once(bitshares::request<R> const& request)
    {
        std::optional<bitshares::reply<R>> answer;
        once([&] { answer.emplace(client_->try_call(request)); });
        return std::move(*answer);
    }

    /// Lends the client to what makes several calls of its own; once.
    void lend(std::function<void(bitshares::blocking_client&)> const& use)
    {
        once([&] { use(*client_); });
    }

    /// The node in use.
    std::string node();

    /// For what needs a client of its own. @pre learn_chain, where it is to stay on this chain.
    std::unique_ptr<bitshares::node_pool> make_pool(boost::asio::any_io_executor executor) const;

private:
    void open();
    void once(std::function<void()> const& call);
    void again(std::function<void()> const& call);

    interrupt& ctrl_c_;
    std::vector<bitshares::node_url> nodes_;
    bitshares::transport_factory transports_;
    bitshares::client_options options_;
    std::optional<bitshares::chain_id_type> chain_;
    std::unique_ptr<bitshares::blocking_client> client_;
    std::optional<on_interrupt> closed_by_ctrl_c_;
};

} // namespace program
