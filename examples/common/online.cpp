#include "online.hpp"

#include "ca_file.hpp"
#include "patient.hpp"
#include "terminal_text.hpp"

#include <bitshares/base/hex.hpp>
#include <bitshares/net/websocket.hpp>
#include <bitshares/rpc/api/database.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>

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
        ->type_name("HEX")
        ->check(check_chain_id);
    command.add_option("--ca-file", o.ca_file, "PEM file of further certificate authorities")
        ->type_name("FILE")
        ->check(check_ca_file);
    command.add_option("--timeout", o.timeout, "Seconds that a request may take")
        ->type_name("SECONDS")
        ->check(CLI::Range(1, 3600))
        ->capture_default_str();
}

namespace {

std::optional<chain_id_type> chain_id_from(std::string const& text)
{
    if (text == "mainnet")
        return mainnet().chain_id;
    if (text == "testnet")
        return testnet().chain_id;
    auto const bytes = from_hex(text);
    chain_id_type id;
    if (!bytes || bytes->size() != id.data.size())
        return std::nullopt;
    std::copy(bytes->begin(), bytes->end(), id.data.begin());
    return id;
}

} // namespace

std::string check_not_empty(std::string const& text)
{
    return text.empty() ? "it is empty" : "";
}

std::string check_chain_id(std::string const& text)
{
    return chain_id_from(text) ? ""
                               : "\"" + printable(text) + "\" is neither 64 hexadecimal digits nor mainnet nor testnet";
}

chain_id_type read_chain_id(std::string const& text)
{
    if (auto const id = chain_id_from(text))
        return *id;
    throw usage_error("--chain-id: " + check_chain_id(text));
}

std::vector<node_url> read_nodes(std::vector<std::string> const& texts)
{
    if (texts.empty())
        throw usage_error("no node is named; give --node URL, or set BTS_NODE");
    auto const list = node_list::from_urls(texts);
    if (!list)
        throw usage_error("--node: " + list.error().message());
    std::vector<node_url> nodes;
    for (node_entry const& entry : *list)
        nodes.push_back(entry.url);
    return nodes;
}

connection::connection(online_options const& o, interrupt& ctrl_c) : ctrl_c_(ctrl_c), nodes_(read_nodes(o.nodes))
{
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
    closed_by_ctrl_c_.reset();
    client_ = std::make_unique<blocking_client>(nodes_, transports_, options_);
    closed_by_ctrl_c_.emplace(ctrl_c_, [this] { client_->close(); });
}

chain_id_type const& connection::learn_chain()
{
    chain_ = ask(database::get_chain_id()).value();
    std::string_view const prefix = key_prefix_of(*chain_);
    bool const other_prefix = prefix != options_.key_prefix();
    bool const fresh = !options_.chain_id();
    options_.chain_id(*chain_).key_prefix(std::string(prefix));
    if (other_prefix || fresh) // whoever answers behind a lost connection may be of another chain
        open();
    return *chain_;
}

std::string connection::node()
{
    std::string url;
    once([&] { url = client_->node().to_string(); });
    return url;
}

std::unique_ptr<node_pool> connection::make_pool(boost::asio::any_io_executor executor) const
{
    return std::make_unique<node_pool>(std::move(executor), nodes_, transports_, options_);
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
    patiently([&] { once(call); });
}

} // namespace program
