#include "online.hpp"

#include <bitshares/base/hex.hpp>
#include <bitshares/history/node_history.hpp>
#include <bitshares/net/websocket.hpp>
#include <bitshares/rpc/api/database.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <thread>

namespace program {

using namespace bitshares;

void add_online_options(CLI::App& command, online_options& o)
{
    command
        .add_option("--node", o.nodes,
                    "URL of a node, ws:// or wss://; of several, the first that answers is used. Default: the "
                    "environment's BTS_NODE")
        ->type_name("URL")
        ->envname("BTS_NODE")
        ->take_all()
        ->expected(1)
        ->allow_extra_args(false);
    command
        .add_option("--chain-id", o.chain_id,
                    "Only from a node of this chain: 64 hexadecimal digits, mainnet or testnet")
        ->type_name("HEX");
    command.add_option("--ca-file", o.ca_file, "PEM file of further certificate authorities")
        ->type_name("FILE")
        ->check(CLI::ExistingFile);
    command.add_option("--timeout", o.timeout, "Seconds that a request may take")
        ->type_name("SECONDS")
        ->check(CLI::Range(1, 3600))
        ->capture_default_str();
}

chain_id_type read_chain_id(std::string const& text)
{
    if (text == "mainnet")
        return mainnet().chain_id;
    if (text == "testnet")
        return testnet().chain_id;
    auto const bytes = from_hex(text);
    chain_id_type id;
    if (!bytes || bytes->size() != id.data.size())
        throw usage_error("--chain-id: \"" + text + "\" is neither 64 hexadecimal digits nor mainnet nor testnet");
    std::copy(bytes->begin(), bytes->end(), id.data.begin());
    return id;
}

std::vector<node_url> read_nodes(std::vector<std::string> const& texts)
{
    std::vector<node_url> nodes;
    for (std::string const& text : texts)
    {
        auto url = node_url::from_string(text);
        if (!url)
            throw usage_error("--node: " + url.error().message());
        nodes.push_back(std::move(*url));
    }
    return nodes;
}

connection::connection(online_options const& o, interrupt& ctrl_c) : ctrl_c_(ctrl_c), nodes_(read_nodes(o.nodes))
{
    if (nodes_.empty())
        throw usage_error("no node is named; give --node URL, or set BTS_NODE");
    tls_options tls;
    if (!o.ca_file.empty())
        tls.add_ca_file(o.ca_file);
    transports_ = websocket(websocket_options().tls(tls));
    options_.deadline(std::chrono::seconds(o.timeout));
    if (!o.chain_id.empty())
        options_.chain_id(read_chain_id(o.chain_id));
    open();
}

void connection::open()
{
    guard_.reset();
    client_ = std::make_unique<blocking_client>(nodes_, transports_, options_);
    guard_ = std::make_unique<closed_by_interrupt<blocking_client>>(ctrl_c_, *client_);
}

chain_id_type const& connection::learn_chain()
{
    chain_ = ask(database::get_chain_id()).value();
    std::string_view const prefix = key_prefix_of(*chain_);
    bool const other_prefix = prefix != options_.key_prefix();
    bool const fresh = !options_.chain_id();
    options_.chain_id(*chain_).key_prefix(std::string(prefix));
    if (other_prefix || (fresh && nodes_.size() > 1)) // the next node may be of another chain
        open();
    return *chain_;
}

std::string connection::node()
{
    std::string url;
    once([&] { url = client_->node().to_string(); });
    return url;
}

void connection::once(std::function<void()> const& call)
{
    try
    {
        call();
    }
    catch (exception const&)
    {
        if (ctrl_c_.requested())
            throw interrupted();
        throw;
    }
}

void connection::again(std::function<void()> const& call)
{
    for (int attempt = 1;; ++attempt)
        try
        {
            return once(call);
        }
        catch (exception const& e)
        {
            if (attempt == 3 || !is_transient(e.code()))
                throw;
            std::this_thread::sleep_for(std::chrono::milliseconds(200 * attempt));
        }
}

} // namespace program
