#pragma once

#include <bitshares/base/hex.hpp>
#include <bitshares/chain/broadcast.hpp>
#include <bitshares/detail/bounded.hpp>
#include <bitshares/rpc/api/database.hpp>
#include <bitshares/rpc/api/history.hpp>
#include <bitshares/rpc/api/network_broadcast.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>

#include <list>
#include <thread>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

// How a journal's transaction is followed, whatever else is wished. A refusal that is not proven would free the key.
BITSHARES_LAZY_DECL void follow_in_journal(broadcast_options& options, tx_journal const& journal, std::string_view key)
{
    options.irreversible(true).prove_refusal(true);
    // All zeros are of an earlier version, which took them; then it is the caller's to name the chain.
    if (tx_journal::entry const* const known = journal.find(key); known && known->chain_id != chain_id_type())
        options.chain_id(known->chain_id);
}

BITSHARES_LAZY_DECL std::shared_ptr<broadcast_job> job_of(broadcast_nodes nodes, broadcast_options options,
                                                          tx_journal* journal, std::string_view key)
{
    return std::make_shared<broadcast_job>(
        BITSHARES_DEPENDENT(broadcast_job){std::move(nodes), std::move(options), journal, std::string(key), {}, {}});
}

BITSHARES_LAZY std::shared_ptr<broadcast_job> broadcast_access::begin(broadcast_nodes nodes,
                                                                      signed_transaction const& tx,
                                                                      broadcast_options options, tx_journal* journal,
                                                                      std::string_view key)
{
    auto job = job_of(std::move(nodes), std::move(options), journal, key);
    tx_state from = tx_state::prepared;
    if (journal)
    {
        tx_journal::entry const* const known = journal->find(key);
        chain_id_type const chain =
            job->options.chain_id() ? *job->options.chain_id() : job->nodes[0].network().chain_id;
        if (auto const done = journal->prepare(key, chain, tx); !done)
        {
            job->failed = done.error();
            return job;
        }
        if (known)
            from = journal->find(key)->state;
        follow_in_journal(job->options, *journal, key);
    }
    BITSHARES_DEPENDENT(signed_transaction) copy = tx;
    auto made = tx_outcome_tracker::create(std::move(copy), job->options, from, job->nodes.size());
    if (made)
        job->tracker = std::move(*made);
    else
        job->failed = made.error();
    return job;
}

// The tracker of what a journal has; of one at its end it is done at once.
BITSHARES_LAZY_DECL result<tx_outcome_tracker> tracker_of(tx_journal const& journal, std::string_view key,
                                                          broadcast_options const& options, std::size_t nodes)
{
    tx_journal::entry const* const known = journal.find(key);
    if (!known)
        return error(errc::unknown_key, "the journal has none of this name");
    auto tx = unpack<signed_transaction>(known->packed);
    if (!tx)
        return tx.error();
    auto made = tx_outcome_tracker::create(std::move(*tx), options, known->state, nodes);
    if (made && is_final(known->state))
        made->recall(known->block_num, known->trx_num, known->refusal);
    return made;
}

BITSHARES_LAZY std::shared_ptr<broadcast_job> broadcast_access::resume(broadcast_nodes nodes, tx_journal& journal,
                                                                       std::string_view key, broadcast_options options)
{
    auto job = job_of(std::move(nodes), std::move(options), &journal, key);
    follow_in_journal(job->options, journal, key);
    auto made = tracker_of(journal, key, job->options, job->nodes.size());
    if (made)
        job->tracker = std::move(*made);
    else
        job->failed = made.error();
    return job;
}

// Makes a state durable and tells of it.
BITSHARES_LAZY_DECL void carry_out_record(tx_outcome_tracker& tracker, tx_state state, tx_journal* journal,
                                          std::string_view key, broadcast_options const& options)
{
    if (journal)
        if (auto const done = journal->record(key, state, tracker.outcome()); !done)
            return tracker.on_record_failed(done.error().code(), done.error().detail());
    tracker.on_recorded();
    if (options.on_state())
        options.on_state()(tracker.outcome());
}

// How an outcome is told: a refusal by the reply, an expiration as an error, so that nobody takes it for success.
BITSHARES_LAZY_DECL reply<tx_outcome> reply_of(tx_outcome_tracker const& tracker, error_code& ec)
{
    ec = tracker.ec();
    if (ec)
        return node_error(0, tracker.detail().empty() ? ec.message() : tracker.detail());
    tx_outcome const& outcome = tracker.outcome();
    if (outcome.state == tx_state::refused)
        return outcome.refusal.value_or(node_error(0, "refused"));
    if (outcome.state == tx_state::expired)
    {
        ec = errc::transaction_expired;
        return node_error(0, "proven absent up to block " + std::to_string(outcome.block_num) +
                                 (outcome.refusal ? "; a node said: " + outcome.refusal->message() : std::string()));
    }
    return outcome;
}

// Blocks of nodes do not have the results of operations, though their type has room for them; the history API does.
BITSHARES_LAZY_DECL bool lacks_results(tx_outcome_tracker const& tracker, broadcast_options const& options)
{
    tx_outcome const& o = tracker.outcome();
    return !tracker.ec() && options.operation_results() && o.operation_results.empty() &&
           (o.state == tx_state::included || o.state == tx_state::irreversible) &&
           !tracker.signed_tx().operations.empty();
}

BITSHARES_LAZY_DECL void take_results(tx_outcome_tracker& tracker, std::vector<operation_history_object> const& history)
{
    std::vector<operation_result> results(tracker.signed_tx().operations.size());
    std::size_t found = 0;
    for (operation_history_object const& h : history)
        if (!h.is_virtual && h.trx_in_block == tracker.outcome().trx_num && h.op_in_trx < results.size() &&
            h.op == tracker.signed_tx().operations[h.op_in_trx])
        {
            results[h.op_in_trx] = h.result;
            ++found;
        }
    if (found == results.size())
        tracker.take_results(std::move(results));
}

/* Does what the tracker wants, on the clients' executor. A template, so that nobody pays for it who does not broadcast. */
template <class Dependent>
class broadcast_driver : public std::enable_shared_from_this<broadcast_driver<Dependent>>
{
public:
    broadcast_driver(std::shared_ptr<broadcast_job> job, broadcast_handler handler,
                     asio::any_completion_executor foreign)
        : job_(std::move(job)),
          handler_(std::move(handler)),
          foreign_(std::move(foreign)),
          executor_(job_->nodes[0].get_executor()),
          timer_(executor_),
          checked_(job_->nodes.size(), !job_->options.chain_id())
    {}

    void start()
    {
        if (!job_->tracker)
            return finish(job_->failed.code(), node_error(0, job_->failed.message()));
        if (auto slot = asio::get_associated_cancellation_slot(handler_); slot.is_connected())
            slot.assign([weak = this->weak_from_this()](asio::cancellation_type) {
                if (auto const self = weak.lock())
                    self->cancel();
            });
        run();
    }

private:
    using clock = std::chrono::steady_clock;

    tx_outcome_tracker& tracker() { return *job_->tracker; }

    void cancel()
    {
        tracker().cancel();
        timer_.cancel();
        for (auto& signal : signals_)
            signal.emit(asio::cancellation_type::terminal);
    }

    void run()
    {
        for (;;)
        {
            tracking_step const step = tracker().next(clock::now());
            switch (step.what)
            {
            case tracking_step::kind::record:
                carry_out_record(tracker(), step.state, job_->journal, job_->key, job_->options);
                continue;
            case tracking_step::kind::properties: return ask_properties(step);
            case tracking_step::kind::send: return send(step);
            case tracking_step::kind::blocks: return ask_blocks(step);
            case tracking_step::kind::wait: return wait(step);
            case tracking_step::kind::done:
            {
                if (!asked_results_ && lacks_results(tracker(), job_->options))
                {
                    asked_results_ = true;
                    return call(step, history::get_block_operation_history(tracker().outcome().block_num, std::nullopt),
                                [this](error_code failed_with, reply<std::vector<operation_history_object>> r) {
                                    if (!failed_with && r) // otherwise there are none: not every node keeps a history
                                        take_results(tracker(), *r);
                                    go_on();
                                });
                }
                error_code ec;
                auto answer = reply_of(tracker(), ec);
                return finish(ec, std::move(answer));
            }
            }
        }
    }

    template <class R, class Then>
    void call(tracking_step const& step, request<R> const& request, Then then)
    {
        auto& signal = signals_.emplace_back();
        job_->nodes[step.node].async_call(
            request, asio::bind_cancellation_slot(signal.slot(),
                                                  [self = this->shared_from_this(), then = std::move(then)](
                                                      error_code ec, reply<R> r) mutable { then(ec, std::move(r)); }));
    }

    // What a call's failure or refusal is to the tracker; false where there is an answer.
    template <class R>
    bool failed(error_code ec, reply<R> const& r)
    {
        if (!ec && r)
            return false;
        tracker().on_failed(ec ? ec : make_error_code(errc::invalid_reply), r ? std::string() : r.error().message(),
                            clock::now());
        return true;
    }

    void go_on()
    {
        signals_.clear();
        run();
    }

    void ask_properties(tracking_step const& step)
    {
        if (!checked_[step.node])
            return call(step, database::get_chain_id(), [this, step](error_code ec, reply<chain_id_type> r) {
                if (!failed(ec, r))
                {
                    if (*r == *job_->options.chain_id())
                        checked_[step.node] = true;
                    else
                        tracker().on_failed(errc::wrong_chain, "it serves " + to_hex(r->data), clock::now());
                }
                go_on();
            });
        call(step, database::get_dynamic_global_properties(),
             [this](error_code ec, reply<dynamic_global_property_object> r) {
                 if (!failed(ec, r))
                     tracker().on_properties(*r, clock::now());
                 go_on();
             });
    }

    void send(tracking_step const& step)
    {
        call(step,
             network_broadcast::broadcast_transaction.for_prefix(job_->nodes[step.node].network().key_prefix,
                                                                 tracker().signed_tx()),
             [this](error_code ec, reply<void> r) {
                 if (ec)
                     tracker().on_failed(ec, r ? std::string() : r.error().message(), clock::now());
                 else
                     tracker().on_sent(r, clock::now());
                 go_on();
             });
    }

    void ask_blocks(tracking_step const& step)
    {
        struct batch
        {
            std::vector<std::optional<signed_block>> blocks;
            std::size_t missing;
            error_code ec;
            std::string detail;
        };
        std::size_t const count = step.last - step.first + 1;
        auto const all = std::make_shared<batch>();
        all->blocks.resize(count);
        all->missing = count;
        for (std::size_t i = 0; i < count; ++i)
            call(step, database::get_block(step.first + static_cast<std::uint32_t>(i)),
                 [this, all, i](error_code ec, reply<std::optional<signed_block>> r) {
                     if (!ec && r)
                         all->blocks[i] = std::move(*r);
                     else if (!all->ec)
                     {
                         all->ec = ec ? ec : make_error_code(errc::invalid_reply);
                         all->detail = r.error().message();
                     }
                     if (--all->missing != 0)
                         return;
                     if (all->ec)
                         tracker().on_failed(all->ec, all->detail, clock::now());
                     else
                         tracker().on_blocks(all->blocks, clock::now());
                     go_on();
                 });
    }

    void wait(tracking_step const& step)
    {
        timer_.expires_after(step.delay);
        timer_.async_wait([self = this->shared_from_this()](error_code) { self->run(); });
    }

    void finish(error_code ec, reply<tx_outcome> answer)
    {
        if (auto slot = asio::get_associated_cancellation_slot(handler_); slot.is_connected())
            slot.clear();
        broadcast_handler handler;
        handler.swap(handler_);
        complete_handler(std::move(handler), executor_, std::move(foreign_), false, ec, std::move(answer));
    }

    std::shared_ptr<broadcast_job> job_;
    broadcast_handler handler_;
    asio::any_completion_executor foreign_;
    asio::any_io_executor executor_;
    asio::steady_timer timer_;
    std::vector<bool> checked_; // nodes whose chain is known to be the right one
    std::list<asio::cancellation_signal> signals_;
    bool asked_results_ = false;
};

BITSHARES_LAZY void broadcast_access::start(std::shared_ptr<broadcast_job> job, broadcast_handler handler,
                                            asio::any_completion_executor foreign)
{
    std::make_shared<broadcast_driver<void>>(std::move(job), std::move(handler), std::move(foreign))->start();
}

// The same with a client that waits.
BITSHARES_LAZY_DECL void follow_blocking(blocking_client& node, tx_outcome_tracker& tracker, tx_journal* journal,
                                         std::string_view key, broadcast_options const& options)
{
    using clock = std::chrono::steady_clock;
    bool checked = !options.chain_id();
    for (;;)
    {
        tracking_step const step = tracker.next(clock::now());
        try
        {
            switch (step.what)
            {
            case tracking_step::kind::done:
                if (lacks_results(tracker, options))
                    if (auto const r = node.try_call(
                            history::get_block_operation_history(tracker.outcome().block_num, std::nullopt));
                        r)
                        take_results(tracker, *r);
                return;
            case tracking_step::kind::record: carry_out_record(tracker, step.state, journal, key, options); break;
            case tracking_step::kind::properties:
                if (!checked)
                {
                    chain_id_type const found = node.call(database::get_chain_id());
                    if (found != *options.chain_id())
                        throw exception(error(errc::wrong_chain, "it serves " + to_hex(found.data)));
                    checked = true;
                }
                tracker.on_properties(node.call(database::get_dynamic_global_properties()), clock::now());
                break;
            case tracking_step::kind::send:
                tracker.on_sent(node.try_call(network_broadcast::broadcast_transaction.for_prefix(
                                    node.network().key_prefix, tracker.signed_tx())),
                                clock::now());
                break;
            case tracking_step::kind::blocks:
            {
                // One by one: the next need not be asked for where this one has it.
                std::vector<std::optional<signed_block>> block(1);
                block.front() = node.call(database::get_block(step.first));
                tracker.on_blocks(block, clock::now());
                break;
            }
            case tracking_step::kind::wait: std::this_thread::sleep_for(step.delay); break;
            }
        }
        catch (node_refused const& e)
        {
            if (tracker.done())
                return;
            tracker.on_failed(errc::invalid_reply, e.what(), clock::now());
        }
        catch (exception const& e)
        {
            if (tracker.done())
                return;
            tracker.on_failed(e.code(), e.error().detail(), clock::now());
        }
    }
}

// Of a node whose head stands still it may be the very one that has expired: then it is asked for again.
BITSHARES_LAZY_DECL void prepare_another(blocking_client& node, tx_journal& journal, std::string_view key,
                                         std::function<signed_transaction()> const& make,
                                         broadcast_options const& options)
{
    using clock = std::chrono::steady_clock;
    auto const began = clock::now();
    for (;;)
    {
        BITSHARES_DEPENDENT(signed_transaction) const tx = make();
        auto const id = id_of(tx);
        tx_journal::entry const* const known = journal.find(key);
        if (!known || !id || known->id != *id)
        {
            journal.prepare(key, options.chain_id() ? *options.chain_id() : node.network().chain_id, tx).value();
            return;
        }
        if (clock::now() - began >= bounded(options.patience()))
            throw exception(
                error(errc::transaction_expired,
                      "the transaction that was made in its place is the same: a node's head stands still"));
        (void)node.chain_time(); // throws where the client was closed
        std::this_thread::sleep_for(options.poll_interval());
    }
}

BITSHARES_LAZY_DECL reply<tx_outcome> told(tx_outcome_tracker const& tracker)
{
    error_code ec;
    auto answer = reply_of(tracker, ec);
    if (ec)
        throw exception(error(ec, answer.error().message()));
    return answer;
}

} // namespace detail

BITSHARES_LAZY reply<tx_outcome> broadcast(blocking_client& node, signed_transaction const& tx,
                                           broadcast_options options)
{
    BITSHARES_DEPENDENT(signed_transaction) copy = tx;
    auto tracker = tx_outcome_tracker::create(std::move(copy), options).value();
    detail::follow_blocking(node, tracker, nullptr, {}, options);
    return detail::told(tracker);
}

BITSHARES_LAZY reply<tx_outcome> broadcast(blocking_client& node, tx_journal& journal, std::string_view key,
                                           signed_transaction const& tx, broadcast_options options)
{
    journal.prepare(key, options.chain_id() ? *options.chain_id() : node.network().chain_id, tx).value();
    return resume(node, journal, key, std::move(options));
}

BITSHARES_LAZY reply<tx_outcome> resume(blocking_client& node, tx_journal& journal, std::string_view key,
                                        broadcast_options options)
{
    detail::follow_in_journal(options, journal, key);
    auto tracker = detail::tracker_of(journal, key, options, 1).value();
    detail::follow_blocking(node, tracker, &journal, key, options);
    return detail::told(tracker);
}

BITSHARES_LAZY reply<tx_outcome> broadcast_once(blocking_client& node, tx_journal& journal, std::string_view key,
                                                std::function<signed_transaction()> const& make,
                                                broadcast_options options, std::uint32_t attempts)
{
    for (;;)
    {
        tx_journal::entry const* const known = journal.find(key);
        if (!known || (known->state == tx_state::expired && known->attempts < attempts))
            detail::prepare_another(node, journal, key, make, options);
        try
        {
            return resume(node, journal, key, options);
        }
        catch (exception const& e)
        {
            if (e.code() != errc::transaction_expired || journal.find(key)->attempts >= attempts)
                throw;
        }
    }
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
