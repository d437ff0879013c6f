#include "online_commands.hpp"

#include <bitshares/base/hex.hpp>
#include <bitshares/net/subscription.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/rpc/api/database.hpp>
#include <common/exit_code.hpp>

#include <boost/asio/io_context.hpp>

#include <iostream>

namespace bts_program {

using namespace bitshares;

namespace {

std::string_view word(event_kind kind)
{
    return kind == event_kind::undone ? "undone" : "applied";
}

// Undone ones stand out.
std::string mark(event_kind kind)
{
    return kind == event_kind::undone ? "undone: " : "";
}

std::string line(block_event const& e, bool json, std::string const&)
{
    std::string const number = std::to_string(e.number), count = std::to_string(e.block.transactions.size());
    std::string const time = e.block.timestamp.to_string(), witness = e.block.witness.to_string();
    if (json)
        return R"({"event":")" + std::string(word(e.kind)) + R"(","block":)" + number + R"(,"id":")" +
               to_hex(e.id.data) + R"(","time":")" + time + R"(","witness":")" + witness + R"(","transactions":)" +
               count + "}";
    return mark(e.kind) + "block " + number + "  " + time + "  by " + witness + "  " + count + " transactions  " +
           to_hex(e.id.data);
}

std::string line(account_event const& e, bool json, std::string const& prefix)
{
    std::string const sequence = std::to_string(e.sequence), block = std::to_string(e.entry.block_num);
    if (json)
        return R"({"event":")" + std::string(word(e.kind)) + R"(","sequence":)" + sequence + R"(,"id":")" +
               e.entry.id.to_string() + R"(","block":)" + block + R"(,"op":)" + to_json(e.entry.op, prefix) +
               R"(,"result":)" + to_json(e.entry.result, prefix) + "}";
    std::string const name(e.entry.op.known() ? e.entry.op.name() : "an operation of a later version");
    return mark(e.kind) + "#" + sequence + "  block " + block + "  " + e.entry.id.to_string() + "  " + name;
}

std::string line(market_event const& e, bool json, std::string const& prefix)
{
    std::string const sequence = std::to_string(e.sequence), time = e.fill.time.to_string();
    if (json)
        return R"({"event":")" + std::string(word(e.kind)) + R"(","sequence":)" + sequence + R"(,"time":")" + time +
               R"(","fill":)" + to_json(e.fill.op, prefix) + "}";
    return mark(e.kind) + "#" + sequence + "  " + time + "  " + e.fill.op.account_id.to_string() + " pays " +
           std::to_string(e.fill.op.pays.amount) + " of " + e.fill.op.pays.asset_id.to_string() + ", receives " +
           std::to_string(e.fill.op.receives.amount) + " of " + e.fill.op.receives.asset_id.to_string() +
           (e.fill.op.is_maker ? ", maker" : "");
}

std::string line(object_event const& e, bool json, std::string const&)
{
    if (json)
        return R"({"block":)" + std::to_string(e.block) + R"(,"id":")" + e.id.to_string() + R"(","object":)" +
               e.object.text + "}";
    return "block " + std::to_string(e.block) + "  " + e.id.to_string() + "  " + e.object.text;
}

template <class Event>
int follow(program::connection& node, program::interrupt& ctrl_c, std::unique_ptr<event_source<Event>> source,
           watch_options const& o)
{
    try
    {
        for (std::uint64_t told = 0; o.count == 0 || told < o.count;)
        {
            std::optional<Event> e;
            node.lend([&](blocking_client& client) {
                e = next_event(client, *source, std::chrono::milliseconds(200)); // and then: is it to end?
            });
            if (ctrl_c.requested())
                break;
            if (!e)
                continue;
            if (int const code = put(line(*e, o.json, node.key_prefix())); code != exit_code::ok)
                return code;
            ++told;
        }
    }
    catch (program::interrupted const&)
    {} // it runs until it is told to stop
    catch (exception const& e)
    {
        if (e.code() != errc::gap_unfillable)
            throw;
        std::cerr << "bts: " << e.what() << ": go on behind it with --after, or name nodes that keep more\n";
        return exit_code::incomplete;
    }
    return exit_code::ok;
}

std::string line(pending_event const& e, bool json, std::string const& prefix)
{
    std::string const id = to_hex(e.id.data), expiration = e.transaction.expiration.to_string();
    if (json)
        return R"({"id":")" + id + R"(","expiration":")" + expiration + R"(","transaction":)" +
               to_json(e.transaction, prefix) + R"(,"dropped_notices":)" + std::to_string(e.dropped_notices) + "}";
    std::string names;
    for (operation const& op : e.transaction.operations)
        names.append(names.empty() ? "" : ", ").append(op.known() ? op.name() : "an operation of a later version");
    return id + "  until " + expiration + "  " + names;
}

// Notices come when they come: a client that hears them all the time.
class pending_watch
{
public:
    pending_watch(program::connection& node, program::interrupt& ctrl_c, subscription_options options,
                  watch_options const& o)
        : options_(o),
          prefix_(node.key_prefix()),
          pool_(node.make_pool(io_.get_executor())),
          events_(*pool_, follow_pending(std::move(options))),
          stopped_(ctrl_c, [this] { io_.stop(); })
    {}

    int run()
    {
        next();
        io_.run(); // until enough was told, or Ctrl-C
        return code_;
    }

private:
    void next()
    {
        events_.async_next([this](error_code ec, reply<pending_event> e) {
            if (ec)
                throw exception(error(ec, e.error().message()));
            code_ = put(line(*e, options_.json, prefix_));
            if (code_ == exit_code::ok && ++told_ != options_.count)
                next();
            else
                io_.stop();
        });
    }

    watch_options const& options_;
    std::string const prefix_;
    boost::asio::io_context io_{1};
    std::unique_ptr<node_pool> pool_;
    subscription<pending_event> events_;
    std::uint64_t told_ = 0;
    int code_ = exit_code::ok;
    program::on_interrupt stopped_;
};

template <class Id>
Id one_id(program::connection& node, std::string const& text);

template <>
account_id one_id(program::connection& node, std::string const& text)
{
    auto const found = node.ask(database::get_accounts({text}, false)).value();
    if (found.empty() || !found.front())
        throw bad_input(name(errc::account_not_found), "there is no account " + text);
    return found.front()->id;
}

template <>
asset_id one_id(program::connection& node, std::string const& text)
{
    auto const found = node.ask(database::get_assets({text}, false)).value();
    if (found.empty() || !found.front())
        throw bad_input(name(errc::asset_not_found), "there is no asset " + text);
    return found.front()->id;
}

} // namespace

int watch(watch_options const& o)
{
    return guarded(o.json, [&o] {
        std::size_t const wanted = o.what == "account" ? 1 : o.what == "market" ? 2 : 0;
        if (o.what == "objects" ? o.names.empty() : o.names.size() != wanted)
            throw program::usage_error("bts watch " + o.what + ": " +
                                       (wanted == 0 && o.what != "objects" ? "takes no name"
                                        : o.what == "account"              ? "name one account"
                                        : o.what == "market"               ? "name two assets"
                                                                           : "name the ids of objects"));
        if (o.what == "pending" && (o.after || o.irreversible))
            throw program::usage_error("bts watch pending: --after and --irreversible are for what stands in blocks");
        program::interrupt ctrl_c;
        program::connection node(o.online, ctrl_c);
        node.learn_chain();
        subscription_options options;
        options.irreversible_only(o.irreversible).key_prefix(node.key_prefix());
        if (o.after)
            options.after(*o.after);
        if (o.what == "pending")
            return pending_watch(node, ctrl_c, options, o).run();
        if (o.what == "blocks")
            return follow(node, ctrl_c, follow_blocks(options), o);
        if (o.what == "account")
            return follow(node, ctrl_c, follow_account(one_id<account_id>(node, o.names[0]), options), o);
        if (o.what == "market")
            return follow(
                node, ctrl_c,
                follow_market(one_id<asset_id>(node, o.names[0]), one_id<asset_id>(node, o.names[1]), options), o);
        std::vector<any_object_id> ids;
        for (std::string const& text : o.names)
        {
            auto const id = any_object_id::from_string(text);
            if (!id)
                throw program::usage_error("bts watch objects: " + id.error().message());
            ids.push_back(*id);
        }
        return follow(node, ctrl_c, follow_objects(std::move(ids), options), o);
    });
}

} // namespace bts_program
