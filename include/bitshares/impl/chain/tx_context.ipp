#pragma once

#include <bitshares/base/hex.hpp>
#include <bitshares/chain/tx_context.hpp>
#include <bitshares/rpc/api/database.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <algorithm>
#include <chrono>
#include <list>
#include <memory>
#include <optional>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

// The block whose id is to be known, by the header of the one behind it: its `previous`.
inline std::uint32_t reference_number(dynamic_global_property_object const& properties,
                                      tx_context_options const& options)
{
    std::uint32_t const last = properties.last_irreversible_block_num;
    return last > options.reference_depth() ? last - options.reference_depth() : last;
}

// Puts together what came; an error where it does not fit together.
BITSHARES_LAZY_DECL result<void> take_properties(tx_context& context, bitshares::network const& network,
                                                 chain_id_type const& chain_id, global_property_object&& global,
                                                 dynamic_global_property_object const& dynamic,
                                                 std::optional<std::chrono::milliseconds> chain_time)
{
    context.network = network;
    if (network.chain_id != chain_id_type() && network.chain_id != chain_id)
        return error(errc::wrong_chain, "it serves " + to_hex(chain_id.data));
    context.network.chain_id = chain_id;
    context.parameters = std::move(global.parameters);
    context.time = dynamic.time;
    // This node may be some blocks behind the others: what expires by its time is too short for theirs.
    if (chain_time)
        context.time.seconds =
            std::max(context.time.seconds, static_cast<std::uint32_t>(std::clamp<std::int64_t>(
                                               chain_time->count() / 1000, 0, time_point_sec::maximum().seconds)));
    context.head_block_num = dynamic.head_block_number;
    if (dynamic.last_irreversible_block_num > dynamic.head_block_number)
        return error(errc::invalid_reply, "an irreversible block behind the head block");
    return {};
}

// The id of block `number`: of the head block as the properties say, otherwise as its successor says.
BITSHARES_LAZY_DECL result<void> take_reference(tx_context& context, std::uint32_t number,
                                                std::optional<maybe_signed_block_header> const& successor)
{
    if (!successor || block_num_of(*successor) != number + 1)
        return error(errc::invalid_reply, "no header of block " + std::to_string(number + 1));
    context.reference_block = successor->previous;
    return {};
}

BITSHARES_LAZY_DECL result<void> take_rates(tx_context& context, tx_context_options const& options,
                                            std::vector<std::optional<extended_asset_object>> const& assets)
{
    if (assets.size() != options.fee_assets().size())
        return error(errc::invalid_reply, "not as many assets as were asked for");
    for (std::size_t i = 0; i < assets.size(); ++i)
    {
        if (!assets[i])
            return error(errc::asset_not_found, options.fee_assets()[i].to_string());
        context.core_exchange_rates[options.fee_assets()[i]] = assets[i]->options.core_exchange_rate;
    }
    return {};
}

inline std::vector<std::string> names_of(std::vector<asset_id> const& ids)
{
    std::vector<std::string> names;
    for (asset_id const id : ids)
        names.push_back(id.to_string());
    return names;
}

/* Asks for everything that does not depend on another answer at once, then for the header. */
template <class Dependent>
class context_driver : public std::enable_shared_from_this<context_driver<Dependent>>
{
public:
    context_driver(client& node, tx_context_options options, context_access::handler_type handler,
                   asio::any_completion_executor foreign)
        : node_(node),
          options_(std::move(options)),
          handler_(std::move(handler)),
          foreign_(std::move(foreign)),
          executor_(node.get_executor())
    {}

    void start()
    {
        if (auto slot = asio::get_associated_cancellation_slot(handler_); slot.is_connected())
            slot.assign([weak = this->weak_from_this()](asio::cancellation_type) {
                if (auto const self = weak.lock())
                    for (auto& signal : self->signals_)
                        signal.emit(asio::cancellation_type::terminal);
            });
        missing_ = options_.fee_assets().empty() ? 3 : 4;
        ask(database::get_chain_id(), [this](chain_id_type&& id) { chain_id_ = id; });
        ask(database::get_global_properties(), [this](global_property_object&& g) { global_ = std::move(g); });
        ask(database::get_dynamic_global_properties(),
            [this](dynamic_global_property_object&& d) { dynamic_ = std::move(d); });
        if (!options_.fee_assets().empty())
            ask(database::get_assets(names_of(options_.fee_assets()), false),
                [this](std::vector<std::optional<extended_asset_object>>&& assets) {
                    check(take_rates(context_, options_, assets));
                });
    }

private:
    void check(result<void> const& done)
    {
        if (!done && !ec_)
        {
            ec_ = done.error().code();
            refusal_ = node_error(0, done.error().detail());
        }
    }

    template <class R, class Then>
    void ask(request<R> const& request, Then then)
    {
        auto& signal = signals_.emplace_back();
        node_.async_call(request, asio::bind_cancellation_slot(
                                      signal.slot(), [self = this->shared_from_this(),
                                                      then = std::move(then)](error_code ec, reply<R> r) mutable {
                                          if (!ec && r)
                                              then(std::move(*r));
                                          else if (!self->ec_ && !self->refusal_)
                                          {
                                              self->ec_ = ec;
                                              self->refusal_ = r.error();
                                          }
                                          if (--self->missing_ == 0)
                                              self->go_on();
                                      }));
    }

    void go_on()
    {
        if (!ec_ && !refusal_ && !have_properties_)
        {
            have_properties_ = true;
            check(take_properties(context_, node_.network(), chain_id_, std::move(global_), dynamic_,
                                  node_.chain_time()));
            std::uint32_t const number = reference_number(dynamic_, options_);
            if (number == dynamic_.head_block_number)
                context_.reference_block = dynamic_.head_block_id;
            else if (!ec_)
            {
                missing_ = 1;
                return ask(database::get_block_header(number + 1, false),
                           [this, number](std::optional<maybe_signed_block_header>&& header) {
                               check(take_reference(context_, number, header));
                           });
            }
        }
        if (auto slot = asio::get_associated_cancellation_slot(handler_); slot.is_connected())
            slot.clear();
        context_access::handler_type handler;
        handler.swap(handler_);
        reply<tx_context> answer = refusal_ ? reply<tx_context>(*refusal_)
                                   : ec_    ? reply<tx_context>(node_error(0, ec_.message()))
                                            : reply<tx_context>(std::move(context_));
        complete_handler(std::move(handler), executor_, std::move(foreign_), false, ec_, std::move(answer));
    }

    client& node_;
    tx_context_options options_;
    context_access::handler_type handler_;
    asio::any_completion_executor foreign_;
    asio::any_io_executor executor_;
    std::list<asio::cancellation_signal> signals_;
    std::size_t missing_ = 0;
    bool have_properties_ = false;
    error_code ec_;
    std::optional<node_error> refusal_;
    chain_id_type chain_id_;
    global_property_object global_;
    dynamic_global_property_object dynamic_;
    tx_context context_;
};

BITSHARES_LAZY void context_access::start(client& node, tx_context_options options, handler_type handler,
                                          asio::any_completion_executor foreign)
{
    std::make_shared<context_driver<void>>(node, std::move(options), std::move(handler), std::move(foreign))->start();
}

} // namespace detail

BITSHARES_LAZY tx_context fetch_tx_context(blocking_client& node, tx_context_options const& options)
{
    tx_context context;
    auto const check = [](result<void> const& done) {
        if (!done)
            throw exception(done.error());
    };
    auto const dynamic = node.call(database::get_dynamic_global_properties());
    check(detail::take_properties(context, node.network(), node.call(database::get_chain_id()),
                                  node.call(database::get_global_properties()), dynamic, node.chain_time()));
    std::uint32_t const number = detail::reference_number(dynamic, options);
    if (number == dynamic.head_block_number)
        context.reference_block = dynamic.head_block_id;
    else
        check(detail::take_reference(context, number, node.call(database::get_block_header(number + 1, false))));
    if (!options.fee_assets().empty())
        check(detail::take_rates(context, options,
                                 node.call(database::get_assets(detail::names_of(options.fee_assets()), false))));
    return context;
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
