#pragma once

#include <bitshares/chain/outcome.hpp>
#include <bitshares/tx/builder.hpp>

#include <algorithm>
#include <array>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

inline constexpr std::array<std::string_view, 7> tx_state_names{"prepared",     "sending", "accepted", "included",
                                                                "irreversible", "refused", "expired"};

// No frame was written: there never was a connection that it could have gone by. The system's own codes are not among them:
// an established connection, too, ends with "connection refused" or "host unreachable" when a router says so.
BITSHARES_DECL bool surely_unsent(error_code const& ec)
{
    for (errc const code : {errc::name_not_found, errc::resolver_busy, errc::tls_failed, errc::certificate_rejected,
                            errc::handshake_refused, errc::proxy_refused, errc::wrong_chain, errc::login_refused,
                            errc::not_connected, errc::no_node})
        if (ec == code)
            return true;
    return false;
}

// Another try with this node will not mend it.
BITSHARES_DECL bool is_for_good(error_code const& ec)
{
    return ec == errc::wrong_chain || ec == errc::login_refused || ec == errc::certificate_rejected ||
           ec == errc::invalid_url;
}

// An answer about the call, not about the transaction: this node does not take broadcasts, others may.
inline bool is_unable(node_error const& e)
{
    return e == node_errc::unknown_method || e == node_errc::method_not_found_exception ||
           e == node_errc::invalid_request || e == node_errc::named_parameters || e == node_errc::invalid_json;
}

} // namespace detail

BITSHARES_DECL std::string_view name_of(tx_state state) noexcept
{
    auto const at = static_cast<std::size_t>(state);
    return at < detail::tx_state_names.size() ? detail::tx_state_names[at] : std::string_view();
}

BITSHARES_DECL std::optional<tx_state> tx_state_of(std::string_view name) noexcept
{
    auto const found = std::find(detail::tx_state_names.begin(), detail::tx_state_names.end(), name);
    if (found == detail::tx_state_names.end())
        return std::nullopt;
    return static_cast<tx_state>(found - detail::tx_state_names.begin());
}

BITSHARES_LAZY result<tx_outcome_tracker> tx_outcome_tracker::create(signed_transaction tx, broadcast_options options,
                                                                     tx_state from, std::size_t nodes)
{
    auto const id = id_of(tx);
    if (!id)
        return id.error();
    tx_outcome_tracker made;
    made.tx_ = std::move(tx);
    made.options_ = options;
    made.dead_.assign(std::max<std::size_t>(1, nodes), false);
    made.outcome_.id = *id;
    made.state_ = from;
    made.outcome_.state = from;
    made.maybe_sent_ = from != tx_state::prepared;
    made.done_ = is_final(from);
    if (made.options_.may_have_been_sent() && !made.maybe_sent_)
    {
        made.state_ = tx_state::sending;
        made.maybe_sent_ = true;
        made.want_record(tx_state::sending); // a journal says that it was never sent
    }
    return made;
}

BITSHARES_LAZY void tx_outcome_tracker::want_record(tx_state state)
{
    recording_ = state;
    outcome_.state = state;
}

BITSHARES_LAZY void tx_outcome_tracker::on_recorded()
{
    state_ = *recording_;
    recording_.reset();
    done_ = is_final(state_) || (state_ == tx_state::included && !options_.irreversible());
}

BITSHARES_LAZY void tx_outcome_tracker::on_record_failed(error_code ec, std::string what)
{
    recording_.reset();
    outcome_.state = state_;
    end(ec, std::move(what));
}

BITSHARES_LAZY void tx_outcome_tracker::end(error_code ec, std::string detail)
{
    done_ = true;
    ec_ = ec;
    detail_ = std::move(detail);
}

BITSHARES_LAZY void tx_outcome_tracker::recall(std::uint32_t block_num, std::uint32_t trx_num,
                                               std::optional<node_error> refusal)
{
    outcome_.block_num = block_num;
    outcome_.trx_num = trx_num;
    outcome_.refusal = std::move(refusal);
}

BITSHARES_LAZY void tx_outcome_tracker::cancel()
{
    if (!done_)
        end(errc::cancelled, {});
}

BITSHARES_LAZY tracking_step tx_outcome_tracker::next(time_point now)
{
    tracking_step step;
    step.node = node_;
    auto const want = [&](tracking_step::kind what) {
        step.what = what;
        return step;
    };
    auto const pause = [&] {
        wait_until_ = now + options_.poll_interval();
        step.delay = options_.poll_interval();
        return want(tracking_step::kind::wait);
    };
    if (done_)
        return want(tracking_step::kind::done);
    if (recording_)
    {
        step.state = *recording_;
        return want(tracking_step::kind::record);
    }
    if (!last_progress_)
        last_progress_ = now;
    if (wait_until_)
    {
        if (now < *wait_until_)
        {
            step.delay = std::chrono::ceil<std::chrono::milliseconds>(*wait_until_ - now);
            return want(tracking_step::kind::wait);
        }
        wait_until_.reset();
        asked_ = false;
    }
    if (now - *last_progress_ > options_.patience())
    {
        end(maybe_sent_ ? errc::outcome_in_doubt : errc::timed_out,
            "nothing new of the chain for " + std::to_string(options_.patience().count() / 1000) + " s");
        return want(tracking_step::kind::done);
    }
    if (!asked_)
        return want(tracking_step::kind::properties);

    if (last_sent_ && !found_ && !refused_ && now - *last_sent_ >= options_.resend_after())
        send_due_ = true;
    if (send_due_ && !options_.look_only() && !found_ && head_time_ <= tx_.expiration)
    {
        if (state_ != tx_state::prepared)
            return want(tracking_step::kind::send);
        want_record(tx_state::sending);
        step.state = tx_state::sending;
        return want(tracking_step::kind::record);
    }

    if (!lower_)
    {
        if (is_before_reference())
            return pause();
        if (!reference_ || *reference_ > head_) // the newest block whose number ends as the transaction says
        {
            std::uint32_t const back = (head_ - tx_.ref_block_num) & 0xffff;
            reference_ = back <= head_ ? head_ - back : 0;
        }
        // The head block has no successor that would tell its id.
        if (*reference_ == head_ && head_ >= 0x10000 && tapos_prefix(head_id_) != tx_.ref_block_prefix)
            *reference_ -= 0x10000;
        if (*reference_ < head_)
        {
            step.first = step.last = *reference_ + 1;
            return want(tracking_step::kind::blocks);
        }
        follow_from(*reference_ + 1);
    }
    if (next_ <= head_)
    {
        step.first = next_;
        step.last = std::min(head_, next_ + (options_.blocks_at_once() - 1));
        return want(tracking_step::kind::blocks);
    }
    return pause();
}

// A node that lost its peers answers as before. Time says nothing of it where the chain as a whole stands still, so
// that it is no failure; where there is no other one, it is waited for.
BITSHARES_LAZY bool tx_outcome_tracker::stands_still(time_point now) const
{
    return now - *head_moved_ >= options_.stalled_after() && std::count(dead_.begin(), dead_.end(), false) > 1;
}

BITSHARES_LAZY void tx_outcome_tracker::take_next_node()
{
    std::size_t const before = node_;
    do
        node_ = (node_ + 1) % dead_.size();
    while (dead_[node_]);
    asked_ = false;
    irreversible_ = 0;
    if (node_ != before)
        head_moved_.reset();
}

// For the next node, which may not have the transaction.
BITSHARES_LAZY void tx_outcome_tracker::leave()
{
    take_next_node();
    if (!found_ && !refused_)
        send_due_ = true;
}

// A node that is a little behind the others may not have the reference block yet. What its number says is then one that is
// 65536 blocks older, and as many would be read for nothing.
BITSHARES_LAZY bool tx_outcome_tracker::is_before_reference() const
{
    constexpr std::uint32_t a_little = 100; // blocks
    std::uint32_t const ahead = (tx_.ref_block_num - head_) & 0xffff;
    return !reference_ && ahead != 0 && ahead <= a_little && head_time_ <= tx_.expiration;
}

// A node that took the transaction just now had not had it: it is in no block that was irreversible then. What is before
// is read when it shall be proven absent.
BITSHARES_LAZY void tx_outcome_tracker::follow_from(std::uint32_t number)
{
    lower_ = number;
    next_ = std::max(number, accepted_after_.value_or(0) + 1);
    whole_ = next_ == number;
}

BITSHARES_LAZY void tx_outcome_tracker::on_properties(dynamic_global_property_object const& properties, time_point now)
{
    if (done_)
        return;
    if (properties.last_irreversible_block_num > properties.head_block_number)
        return fail(errc::invalid_reply, "an irreversible block behind the head block", now);
    if (!head_moved_ || properties.head_block_number != head_)
        head_moved_ = now;
    else if (stands_still(now))
        return leave();
    asked_ = true;
    head_ = properties.head_block_number;
    head_id_ = properties.head_block_id;
    head_time_ = properties.time;
    irreversible_ = properties.last_irreversible_block_num;
}

BITSHARES_LAZY void tx_outcome_tracker::on_sent(reply<void> const& answer, time_point now)
{
    if (done_)
        return;
    if (!answer && detail::is_unable(answer.error()))
    {
        outcome_.refusal = answer.error();
        if (failures_ + 1 < dead_.size())
            return fail(errc::invalid_reply, answer.error().message(), now);
    }
    if (!answer && answer.error() == node_errc::internal_error)
    {
        maybe_sent_ = true; // who knows where it failed
        return fail(errc::invalid_reply, answer.error().message(), now);
    }
    send_due_ = false;
    if (!last_sent_) // what is said to the same bytes again is nothing new
        last_progress_ = now;
    last_sent_ = now;
    failures_ = 0;
    bool const had_it = !answer && answer.error() == node_errc::duplicate_transaction;
    if (answer || had_it)
    {
        if (answer && !maybe_sent_)
            accepted_after_ = irreversible_;
        maybe_sent_ = true;
        if (state_ < tx_state::accepted)
            want_record(tx_state::accepted);
        return;
    }
    outcome_.refusal = answer.error();
    if (maybe_sent_)
        return; // another node may have it all the same
    refused_ = true;
    if (!options_.prove_refusal())
        want_record(tx_state::refused);
}

BITSHARES_LAZY void tx_outcome_tracker::on_failed(error_code ec, std::string what, time_point now)
{
    if (done_)
        return;
    bool const sending = asked_ && send_due_ && !found_ && state_ != tx_state::prepared && head_time_ <= tx_.expiration;
    if (sending && !detail::surely_unsent(ec))
        maybe_sent_ = true;
    if (ec == errc::cancelled)
        return end(ec, std::move(what));
    if (detail::is_for_good(ec))
        dead_[node_] = true;
    fail(ec, std::move(what), now);
}

BITSHARES_LAZY void tx_outcome_tracker::fail(error_code ec, std::string what, time_point now)
{
    asked_ = false;
    irreversible_ = 0;
    ++failures_;
    std::size_t const usable = static_cast<std::size_t>(std::count(dead_.begin(), dead_.end(), false));
    if (usable == 0 || (!maybe_sent_ && !refused_ && failures_ >= dead_.size()))
        return end(maybe_sent_ ? make_error_code(errc::outcome_in_doubt) : ec, std::move(what));
    take_next_node();
    if (failures_ % usable == 0)
        wait_until_ = now + options_.poll_interval();
    if (last_progress_ && now - *last_progress_ > options_.patience())
        end(errc::outcome_in_doubt, std::move(what));
}

BITSHARES_LAZY void tx_outcome_tracker::on_blocks(std::vector<std::optional<signed_block>> const& blocks,
                                                  time_point now)
{
    if (done_)
        return;
    if (!lower_)
    {
        if (blocks.size() != 1 || !blocks.front())
            return fail(errc::invalid_reply, "there is no block " + std::to_string(*reference_ + 1), now);
        failures_ = 0;
        return take_successor(*blocks.front());
    }
    for (auto const& block : blocks)
    {
        if (!block)
            return fail(errc::invalid_reply, "there is no block " + std::to_string(next_), now);
        if (!take_block(next_, *block, now))
            return;
    }
    failures_ = 0;
    last_progress_ = now;
    if (next_ == 0)
        return;
    // The head may be one node's, and the blocks those of another that is alone on a fork: what is not long irreversible is
    // final when the blocks lead up to that very head.
    std::uint32_t const last = next_ - 1;
    bool const known = head_id_ != block_id(); // all nodes tell it
    bool const same_chain = !known || (last == head_ && seen_.back().id == head_id_);
    constexpr std::uint32_t long_ago = 40; // blocks: no node is used that went astray so long before
    std::uint32_t const sure = same_chain ? irreversible_ : irreversible_ - std::min(irreversible_, long_ago);
    if (!same_chain && last == head_ && last > std::max(final_, sure))
    {
        step_back(last + 1, now); // it is read again, at the next look
        asked_ = false;
        wait_until_ = now + options_.poll_interval();
        return;
    }
    final_ = std::max(final_, std::min(last, sure));
    settle();
}

// Of the blocks 65536 apart whose numbers end alike, the one with the right id. Where none fits, none of the blocks
// within a transaction's longest life can have it; they are read all the same.
BITSHARES_LAZY void tx_outcome_tracker::take_successor(signed_block const& block)
{
    constexpr std::uint32_t longest = 2 * 86'400;
    bool const fits = tapos_prefix(block.previous) == tx_.ref_block_prefix;
    bool const too_old = std::uint64_t{block.timestamp.seconds} + longest < tx_.expiration.seconds;
    if (!fits && !too_old && *reference_ >= 0x10000)
        *reference_ -= 0x10000;
    else
        follow_from(*reference_ + 1);
}

BITSHARES_LAZY bool tx_outcome_tracker::take_block(std::uint32_t number, signed_block const& block, time_point now)
{
    if (block_num_of(block) != number)
        return fail(errc::invalid_reply, "another block than " + std::to_string(number), now), false;
    if (!seen_.empty() && block.previous != seen_.back().id)
        return step_back(number, now);
    // A transaction with an operation of a newer chain cannot be packed, nor be this one; its node is to be believed.
    if (auto const root = merkle_root(block);
        root ? *root != block.transaction_merkle_root : root.error().code() != errc::unknown_tag)
        return fail(errc::invalid_reply, "block " + std::to_string(number) + " is not what its header says", now),
               false;
    seen_block const at{number, id_of(static_cast<signed_block_header const&>(block)), block.timestamp};
    seen_.push_back(at);
    next_ = number + 1;
    if (!found_)
        look_for_it(at, block);
    if (!past_ && block.timestamp > tx_.expiration)
        past_ = at;
    return true;
}

// The chain went another way since the last block was read.
BITSHARES_LAZY bool tx_outcome_tracker::step_back(std::uint32_t number, time_point now)
{
    std::uint32_t const last = number - 1;
    if (last <= final_)
        return fail(errc::invalid_reply, "block " + std::to_string(last) + " was irreversible and is another now", now),
               false;
    seen_.pop_back();
    next_ = last;
    if (past_ && past_->num >= last)
        past_.reset();
    if (found_ && outcome_.block_num >= last)
    {
        found_ = false;
        state_ = std::min(state_, tx_state::accepted);
        outcome_.state = state_;
        outcome_.block_num = outcome_.trx_num = 0;
        outcome_.operation_results.clear();
        send_due_ = true;
    }
    return false;
}

BITSHARES_LAZY void tx_outcome_tracker::look_for_it(seen_block const& at, signed_block const& block)
{
    for (std::size_t i = 0; i < block.transactions.size(); ++i)
    {
        processed_transaction const& tx = block.transactions[i];
        if (tx.ref_block_num != tx_.ref_block_num || tx.ref_block_prefix != tx_.ref_block_prefix ||
            tx.expiration != tx_.expiration)
            continue;
        auto const id = id_of(tx);
        if (!id || *id != outcome_.id)
            continue;
        found_ = maybe_sent_ = true;
        outcome_.block_num = at.num;
        outcome_.trx_num = static_cast<std::uint32_t>(i);
        outcome_.block_id = at.id;
        outcome_.block_time = at.time;
        outcome_.operation_results = tx.operation_results;
        outcome_.refusal.reset();
        return;
    }
}

BITSHARES_LAZY void tx_outcome_tracker::settle()
{
    while (seen_.size() > 1 && seen_[1].num <= final_)
        seen_.pop_front();
    if (found_)
    {
        if (outcome_.block_num <= final_)
            want_record(tx_state::irreversible);
        else if (state_ < tx_state::included)
            want_record(tx_state::included);
        else if (!options_.irreversible())
            done_ = true;
        return;
    }
    if (!past_ || past_->num > final_)
        return;
    if (!whole_)
    {
        // From the start, and nothing is taken over: what was final is not known to be behind what is read now.
        next_ = *lower_;
        whole_ = true;
        final_ = 0;
        seen_.clear();
        past_.reset();
        return;
    }
    outcome_.block_num = past_->num;
    outcome_.block_id = past_->id;
    outcome_.block_time = past_->time;
    want_record(refused_ ? tx_state::refused : tx_state::expired);
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
