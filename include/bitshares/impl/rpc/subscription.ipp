#pragma once

#include <bitshares/detail/bounded.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/rpc/session.hpp>
#include <bitshares/rpc/subscription.hpp>

#include <algorithm>
#include <deque>
#include <limits>
#include <map>
#include <utility>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

// What is read of the dynamic global properties; the whole object costs its header.
struct chain_head
{
    std::uint32_t head_block_number = 0;
    block_id head_block_id;
    std::uint32_t last_irreversible_block_num = 0;

    BITSHARES_FIELDS((head_block_number), (head_block_id), (last_irreversible_block_num))
};

// And of a block's header.
struct header_before
{
    block_id previous;

    BITSHARES_FIELDS((previous))
};

// A block, where it is the one that was asked for and what its header says.
template <class Dependent>
result<void> check_block(BITSHARES_DEPENDENT(std::optional<signed_block>) const& block, std::uint32_t number)
{
    std::string const name = "block " + std::to_string(number);
    if (!block)
        return error(errc::gap_unfillable, name);
    if (block_num_of(*block) != number)
        return error(errc::invalid_reply, "another block than " + std::to_string(number));
    // Its id stands for the header alone. An operation of a newer chain cannot be packed; then the node is to be believed.
    if (auto const root = merkle_root(*block);
        root ? *root != block->transaction_merkle_root : root.error().code() != errc::unknown_tag)
        return error(errc::invalid_reply, name + " is not what its header says");
    return {};
}
template <class Dependent>
result<block_event> read_block(std::string_view json, std::uint32_t number, json_options const& options)
{
    auto read = from_json<BITSHARES_DEPENDENT(std::optional<signed_block>)>(json, options);
    if (!read)
        return error(errc::invalid_reply, read.error().message());
    if (auto const good = check_block<Dependent>(*read, number); !good)
        return good.error();
    block_id const id = id_of(**read);
    return block_event{event_kind::applied, number, id, std::move(**read)};
}

/* Blocks, each behind the one before, up to the head that a node told: what it says of the irreversible ones holds for these.
   Head and blocks may be asked of different nodes, and one of them may have been left alone on a fork. */
class linked_blocks
{
public:
    // The number of the one to ask for; none: they lead from the first one to the head.
    std::optional<std::uint32_t> wanted(std::uint32_t first, chain_head const& head)
    {
        if (!blocks.empty() && (first < blocks.front().number || first > blocks.back().number + 1))
            blocks.clear();
        if (blocks.empty())
            return first;
        if (blocks.back().number < head.head_block_number)
            return blocks.back().number + 1;
        if (blocks.back().id == head.head_block_id)
            return std::nullopt;
        blocks.pop_back();
        return head.head_block_number;
    }

    bool lead(std::uint32_t first, chain_head const& head) const
    {
        return !blocks.empty() && blocks.front().number <= first && blocks.back().number == head.head_block_number &&
               blocks.back().id == head.head_block_id;
    }

    enum class fit : std::uint8_t
    {
        linked,
        replaced, // it is behind another one than the last, which is gone
        aside     // it is not the head
    };
    fit add(block_event block, chain_head const& head)
    {
        if (!blocks.empty() && block.block.previous != blocks.back().id)
        {
            blocks.pop_back();
            return fit::replaced;
        }
        if (block.number == head.head_block_number && block.id != head.head_block_id)
            return fit::aside;
        blocks.push_back(std::move(block));
        return fit::linked;
    }

    std::deque<block_event> blocks;
};

// A node has one callback for each; who subscribes twice shares it.
inline constexpr std::uint64_t pending_callback = first_own_callback;
inline constexpr std::uint64_t block_callback = first_own_callback + 1;

// Looks at the head block, and lets the sources ask for what that brings.
template <class Event, class Dependent>
class head_events : public event_source<Event>
{
public:
    using time_point = subscription_source::time_point;
    using step_kind = subscription_step::kind;

    explicit head_events(subscription_options options) : options_(std::move(options))
    {
        json_.key_prefix = options_.key_prefix();
    }

    subscription_step next(time_point now) override
    {
        if (!ready_.empty())
            return {step_kind::deliver, {}, {}};
        if (failure_)
            return {step_kind::fail, {}, {}};
        if (now < wait_until_)
            return {step_kind::wait, {}, std::chrono::ceil<std::chrono::milliseconds>(wait_until_ - now)};
        if (options_.hints() && !head_ && !claimed_ && looks_until_asked_-- == 0)
        {
            looks_until_asked_ = looks_between_asking;
            asking_for_hints_ = true;
            return {
                step_kind::ask,
                request<raw_json>("database", "set_block_applied_callback", "[" + std::to_string(block_callback) + "]"),
                {}};
        }
        if (claimed_)
            return {step_kind::ask, ask_header(claimed_->head_block_number - near), {}};
        if (!head_)
            return {step_kind::ask, ask_same_node("get_dynamic_global_properties", "[]"), {}};
        if (auto wanted = question())
            return {step_kind::ask, std::move(wanted), {}};
        well();
        rest(now);
        return next(now);
    }

    void on_reply(std::string_view json, time_point now) override
    {
        if (std::exchange(asking_for_hints_, false))
            return;
        if (auto const number = std::exchange(linking_, std::nullopt))
            return link(json, *number, now);
        if (head_)
            return answer(json, now);
        if (claimed_)
            return confirm(json, now);
        auto const head = from_json<chain_head>(json, json_);
        if (!head)
            return this->on_failed(errc::invalid_reply, head.error().message(), now);
        if (head->last_irreversible_block_num > head->head_block_number || head->head_block_number >= 0xffff'fffe)
            return missing(error(errc::invalid_reply, "a head block that there cannot be"), now);
        // Blocks up to it are asked for and kept.
        if (options_.irreversible_only() &&
            head->head_block_number - head->last_irreversible_block_num >= most_reversible)
            return missing(error(errc::invalid_reply, "a head block that is " + std::to_string(most_reversible) +
                                                          " or more behind the last irreversible one"),
                           now);
        ++looks_;
        // A number that is not there would make all that come later look old.
        if (is_far(newest_, head->head_block_number))
        {
            claimed_ = *head;
            return;
        }
        // Another node's head may be older than what is known. No chain goes back; but a head that is not told again was none.
        if (head->head_block_number < newest_ && (head->head_block_number < told_block() || !is_late(now)))
            return missing(error(errc::gap_unfillable, "head block " + std::to_string(newest_)), now);
        look_at(*head);
    }

    void on_failed(error_code ec, std::string detail, time_point now) override
    {
        if (!std::exchange(asking_for_hints_, false)) // they are not needed
            missing(error(ec, std::move(detail)), now);
    }

    std::optional<std::uint64_t> callback() const override
    {
        return options_.hints() ? std::optional(block_callback) : std::nullopt;
    }
    // What it says is not believed, nor that there are more blocks than a chain can have.
    void on_notice(std::string_view, time_point) override
    {
        wait_until_ = std::min<time_point>(wait_until_, rested_ + bounded(options_.poll_interval()) / 10);
    }
    bool ready() const override { return !ready_.empty(); }

    error const& failure() const override { return *failure_; }

    Event take() override
    {
        Event e = std::move(ready_.front());
        ready_.pop_front();
        return e;
    }

protected:
    // What some nodes may have less of; empty: nothing.
    virtual std::string_view topic() const { return {}; }
    static std::uint64_t nothing(raw_json const&, std::uint64_t) { return 0; }
    static std::uint64_t not_that_block(raw_json const& answer, std::uint64_t number)
    {
        auto const read = from_json<BITSHARES_DEPENDENT(std::optional<signed_block>)>(answer.text);
        return read && !check_block<Dependent>(
                           *read, static_cast<std::uint32_t>(number)); // what cannot be read is said elsewhere
    }

    // Of the node that is asked for the events: one that is behind another's head would have none of the newest.
    request<raw_json> ask_same_node(std::string_view method, std::string const& params_json) const
    {
        request<raw_json> question("database", method, params_json);
        return topic().empty() ? question : question.template elsewhere<nothing>(topic());
    }
    request<raw_json> ask_header(std::uint32_t number) const
    {
        return ask_same_node("get_block_header", "[" + std::to_string(number) + "]");
    }
    // Or of another one that has it.
    request<raw_json> ask_block(std::uint32_t number) const
    {
        request<raw_json> question("database", "get_block", "[" + std::to_string(number) + "]");
        return question.template elsewhere<not_that_block>(topic(), number);
    }

    // Of this look at the chain; empty when all is known.
    virtual std::optional<request<raw_json>> question() = 0;
    virtual void answer(std::string_view json, time_point now) = 0;

    void deliver(Event e)
    {
        well();
        ready_.push_back(std::move(e));
    }

    void rest(time_point now)
    {
        head_.reset();
        claimed_.reset();
        linking_.reset();
        link_from_.reset();
        pause(now);
    }

    void well()
    {
        trouble_since_.reset();
        disputed_ = false;
    }

    // What was read is of a head far beyond that of this look: one of the two is not so, which the block's header shows.
    void claim(chain_head const& further)
    {
        head_.reset();
        claimed_ = further;
    }

    // What comes next is not to be had at the moment; another node, or a later look, may have it.
    void missing(error what, time_point now)
    {
        rest(now);
        trouble(std::move(what), now);
    }

    // Asks for the blocks from this one up to the head of this look; none: `chain_` has them.
    std::optional<request<raw_json>> ask_link(std::uint32_t first)
    {
        linking_ = chain_.wanted(std::max<std::uint32_t>(first, 1), *head_);
        if (!linking_)
            return std::nullopt;
        return ask_block(*linking_);
    }
    // A block that was told, so that no head is below it.
    virtual std::uint32_t told_block() const { return 0; }
    // Whether a block may be taken from `chain_` when there is another one in its place.
    virtual bool is_replaceable(std::uint32_t) const { return true; }
    // It has one more.
    virtual void on_linked() {}

    subscription_options const options_;
    json_options json_;
    std::optional<chain_head> head_; // of this look
    std::uint32_t irreversible_ = 0; // as the node has it that told the head
    std::uint64_t looks_ = 0;        // so far
    linked_blocks chain_;
    std::optional<std::uint32_t> link_from_; // that block `chain_` is to lead to the head of this look

    // Further than two nodes' heads are apart.
    static bool is_far(std::uint32_t from, std::uint32_t to) { return to > from && to - from > near; }

    // What was told is kept for so many blocks longer: it may be of a fork, and what is irreversible of another node.
    static constexpr std::uint32_t kept = 40;

private:
    void pause(time_point now)
    {
        rested_ = now;
        wait_until_ = now + bounded(options_.poll_interval());
    }
    void trouble(error what, time_point now)
    {
        if (!trouble_since_)
            trouble_since_ = now;
        else if (now - *trouble_since_ > bounded(options_.patience()))
            failure_ = std::move(what);
    }
    // What is waited for should have come by now: it is given up, and something else is tried.
    bool is_late(time_point now) const
    {
        return trouble_since_ && now - *trouble_since_ > bounded(options_.patience()) / 2;
    }

    void confirm(std::string_view json, time_point now)
    {
        chain_head const claimed = *std::exchange(claimed_, std::nullopt);
        auto const header = from_json<std::optional<header_before>>(json, json_);
        if (!header || !*header || block_num_of((*header)->previous) + 1 + near != claimed.head_block_number)
            return missing(error(errc::invalid_reply, "no head block " + std::to_string(claimed.head_block_number)),
                           now);
        look_at(claimed);
    }

    void link(std::string_view json, std::uint32_t number, time_point now)
    {
        auto block = read_block<Dependent>(json, number, json_);
        // A node that is a little behind the head's has it soon. Of a newer head it would not have the newest one again.
        if (!block && block.error().code() == errc::gap_unfillable && !is_late(now))
        {
            pause(now);
            return trouble(block.error(), now);
        }
        if (!block)
            return missing(block.error(), now);
        if (!chain_.blocks.empty() && block->block.previous != chain_.blocks.back().id && !is_replaceable(number - 1))
            return missing(error(errc::gap_unfillable,
                                 "block " + std::to_string(number - 1) + " was irreversible and is another now"),
                           now);
        switch (chain_.add(std::move(*block), *head_))
        {
        case linked_blocks::fit::linked:
            // It gets on, however slowly; not where only the chain does, and no head is one that it leads to.
            if (number > furthest_ && !disputed_)
                well();
            furthest_ = std::max(furthest_, number);
            return on_linked();
        case linked_blocks::fit::replaced:
            if (++replaced_ <= most_replaced)
                return;
            break;
        case linked_blocks::fit::aside: break;
        }
        disputed_ = true;
        missing(error(errc::gap_unfillable, "nodes disagree on block " + std::to_string(number)), now);
    }

    void look_at(chain_head const& head)
    {
        head_ = head;
        newest_ = head.head_block_number;
        // As this node has it: what another one said holds for other blocks, if this one has been left alone on a fork.
        irreversible_ = head.last_irreversible_block_num;
        replaced_ = 0;
    }

    static constexpr std::uint32_t near = 5;                 // blocks
    static constexpr std::uint32_t most_reversible = 10'000; // as many as nodes can undo, and they take no more
    std::uint32_t newest_ = 0;             // head block that is known, as far as a node can be believed
    std::optional<chain_head> claimed_;    // far beyond it: whether there are such blocks is asked first
    std::optional<std::uint32_t> linking_; // block that is asked for
    std::uint32_t furthest_ = 0;           // that was linked
    bool disputed_ = false;                // the head that a node told was none of those, since it was well
    static constexpr unsigned most_replaced = 10;
    unsigned replaced_ = 0; // blocks at this look: two nodes that answer in turn would go on so
    time_point wait_until_ = time_point::min();
    time_point rested_ = time_point::min();
    static constexpr unsigned looks_between_asking = 10; // whichever node is asked by then
    unsigned looks_until_asked_ = 0;
    bool asking_for_hints_ = false;
    std::optional<time_point> trouble_since_;
    std::deque<Event> ready_;
    std::optional<error> failure_;
};

template <class Dependent>
class block_events final : public head_events<block_event, Dependent>
{
    using base = head_events<block_event, Dependent>;
    using base::deliver, base::head_, base::irreversible_, base::json_, base::missing, base::options_;
    using typename base::time_point;

public:
    using base::base;

private:
    std::string_view topic() const override { return "blocks"; }

    std::optional<request<raw_json>> question() override
    {
        std::uint32_t const last = options_.irreversible_only() ? irreversible_ : head_->head_block_number;
        auto const first =
            static_cast<std::uint32_t>(std::min<std::uint64_t>(options_.after().value_or(last), 0xffff'fffd)) + 1;
        // One node's word leaves no block out: the least of all looks is taken, as long as no block is known.
        if (!next_ || (told_.empty() && last_for_good_ == 0))
            next_ = std::min(next_.value_or(first), first);
        if (options_.irreversible_only())
            return irreversible_question();
        // The block before the first one is asked for, too: what was known of it may have been undone.
        if (told_.empty() && *next_ > 1)
            asked_ = *next_ - 1;
        else if (doubt_)
            asked_ = told_.back().number;
        else
            asked_ = *next_;
        if (asked_ > last)
            return std::nullopt;
        return this->ask_block(asked_);
    }

    // What cannot be taken back is told when it is known to be of the chain whose node calls it irreversible.
    std::optional<request<raw_json>> irreversible_question()
    {
        if (*next_ > irreversible_)
            return std::nullopt;
        auto wanted = this->ask_link(*next_ - 1);
        if (!wanted)
            tell_linked(irreversible_);
        return wanted;
    }
    // Long before that all nodes agree.
    void on_linked() override
    {
        if (std::uint32_t const last = this->chain_.blocks.back().number; last + base::kept <= irreversible_)
            tell_linked(last);
    }
    void tell_linked(std::uint32_t last)
    {
        for (block_event& e : this->chain_.blocks)
            if (e.number == *next_ && e.number <= last)
            {
                last_for_good_ = e.number;
                next_ = e.number + 1;
                deliver({e.kind, e.number, e.id, std::move(e.block)});
            }
        while (!this->chain_.blocks.empty() && this->chain_.blocks.front().number < last_for_good_)
            this->chain_.blocks.pop_front();
    }
    bool is_replaceable(std::uint32_t number) const override { return number != last_for_good_; }
    std::uint32_t told_block() const override { return told_.empty() ? last_for_good_ : told_.back().number; }

    void answer(std::string_view json, time_point now) override
    {
        auto read = read_block<Dependent>(json, asked_, json_);
        if (!read)
            return missing(read.error(), now);
        std::string const name = "block " + std::to_string(asked_);
        block_id const id = read->id;
        if (asked_ != *next_)
        {
            if (told_.empty())
            {
                told_.push_back({event_kind::applied, asked_, id, {}});
                only_read_ = true;
                settled_ = false;
            }
            else if (told_.back().id == id) // it is this node that has it otherwise than the one before
            {
                doubt_ = false;
                return missing(error(errc::gap_unfillable, "nodes disagree behind " + name), now);
            }
            else if (told_.size() == 1 && settled_)
                return missing(error(errc::gap_unfillable, name + " was irreversible and is another now"), now);
            else if (told_.size() == 1 && only_read_)
            {
                told_.clear(); // nobody was told of it: it is read again
                return missing(error(errc::gap_unfillable, name + " changes"), now);
            }
            else
                undo();
            return;
        }
        if (!told_.empty() && read->block.previous != told_.back().id)
        {
            doubt_ = true; // which of the two is it? The same node is likely to be asked.
            return;
        }
        doubt_ = false;
        tell(std::move(*read));
    }

    void tell(block_event e)
    {
        next_ = e.number + 1;
        told_.push_back({e.kind, e.number, e.id, {}});
        while (told_.size() > 1 && told_[1].number + base::kept <= irreversible_)
        {
            told_.pop_front();
            only_read_ = false;
        }
        settled_ = told_.front().number + base::kept <= irreversible_; // in the chain that this block continues
        deliver(std::move(e));
    }

    void undo()
    {
        doubt_ = false;
        block_event e = std::move(told_.back());
        told_.pop_back();
        e.kind = event_kind::undone;
        next_ = e.number;
        deliver(std::move(e));
    }

    std::optional<std::uint32_t> next_;
    std::uint32_t asked_ = 0;
    bool doubt_ = false;              // the next block does not follow the last one
    bool settled_ = false;            // the first of those told cannot be undone
    bool only_read_ = false;          // the first of those told was not told, it is the one before them
    std::deque<block_event> told_;    // since the last irreversible one; without transactions
    std::uint32_t last_for_good_ = 0; // irreversible only: the last one that was told
};

// Entries that the chain numbers: 1, 2, 3 ... Each page begins with the last one that is known.
template <class Event, class Dependent>
class numbered_events : public head_events<Event, Dependent>
{
    using base = head_events<Event, Dependent>;

protected:
    using base::chain_, base::deliver, base::head_, base::irreversible_, base::json_, base::link_from_, base::missing,
        base::options_, base::well;
    using typename base::time_point;

public:
    using base::base;

protected:
    std::optional<request<raw_json>> question() override
    {
        if (done_ == head_->head_block_number)
            return std::nullopt;
        while (!chain_.blocks.empty() && chain_.blocks.front().number + base::kept <= irreversible_)
            chain_.blocks.pop_front();
        if (link_from_)
        {
            if (auto wanted = this->ask_link(*link_from_))
                return wanted;
            link_from_.reset();
        }
        if (!last_ || suspect_ || counting_)
            return ask_range(last_ ? *last_ : options_.after().value_or(std::numeric_limits<std::uint64_t>::max()));
        // From the last one that is known up to those that were missed before, as far as they fit on the page.
        std::uint64_t const first = std::max<std::uint64_t>(*last_, 1);
        std::uint64_t const there = missed_ >= first ? std::min(missed_ - first + 1, page_) : 0;
        return ask_page(*last_, std::max<std::uint64_t>(there, *last_ != 0));
    }

    static constexpr std::uint64_t usual_page = 100;
    std::uint64_t page_ = usual_page; // entries that are asked for at once

    // Where a page cannot begin at an entry, but ends with the newest one.
    virtual std::uint64_t largest_page() const { return usual_page; }

    // Which numbers there are.
    struct range
    {
        std::uint64_t removed = 0; // that the node does not have any more
        std::uint64_t newest = 0;
    };
    /// @param last A node that has removed it is of no use.
    virtual request<raw_json> ask_range(std::uint64_t last) const = 0;
    virtual result<range> read_range(std::string_view json) const = 0;
    // Entries from `last` on, of which so many have to be there.
    virtual request<raw_json> ask_page(std::uint64_t last, std::uint64_t there) const = 0;
    // In ascending order, without a hole; empty where the node has none.
    virtual result<std::vector<Event>> read_page(std::string_view json, std::uint64_t last) const = 0;
    // It cannot be undone any more, and has been so for as many blocks.
    virtual bool settled(Event const& e, std::uint32_t blocks = 0) const = 0;
    virtual bool same(Event const& a, Event const& b) const = 0;
    // It is not in an older block than this one. @pre It is settled.
    virtual std::uint32_t block_of(Event const& e) const = 0;
    virtual bool is_in(block_event const& block, Event const& e) const = 0;
    // Whether the entries' places in a page number them. A hole would give those behind it other numbers, so that such pages
    // are counted before they are told.
    virtual bool is_counted() const { return false; }

    // A node may give less at once than others do, and says so by a refusal.
    void on_failed(error_code ec, std::string detail, time_point now) override
    {
        counting_.reset();
        if (ec == errc::invalid_reply && head_)
            page_ = std::max<std::uint64_t>(page_ / 4, 2);
        base::on_failed(ec, std::move(detail), now);
    }

    void answer(std::string_view json, time_point now) override
    {
        if (!last_)
        {
            auto const there = read_range(json);
            if (!there)
                return missing(there.error(), now);
            std::uint64_t const last = options_.after().value_or(there->newest);
            // Pages begin with the last one that is known, which shows where they are: it has to be there.
            if (there->removed != 0 && there->removed >= last)
                return widen() ? void() : gap("up to " + std::to_string(there->removed), now);
            last_ = last;
            return;
        }
        if (suspect_)
            return clear_up(json, now);
        if (counting_)
            return count(json, now);
        auto read = read_page(json, *last_);
        if (!read)
            return missing(read.error(), now);
        auto entry = read->begin();
        if (entry != read->end() && entry->sequence > std::max<std::uint64_t>(*last_, 1) && widen())
            return;
        if (*last_ != 0)
        {
            if (entry == read->end())
            {
                suspect_ = suspicion::nothing;
                return;
            }
            if (entry->sequence != *last_)
                return gap(std::to_string(*last_ + 1) + " to " + std::to_string(entry->sequence - 1), now);
            if (is_counted() && (told_.empty() || !same(told_.back(), *entry)))
            {
                counting_ = std::move(*read);
                return;
            }
            if (!expected(*entry))
            {
                suspect_ = suspicion::another;
                return;
            }
            ++entry;
        }
        if (entry != read->end() && needs_proof(*entry))
            return prove(*entry, now);
        if (is_counted() && entry != read->end() && (!options_.irreversible_only() || settled(*entry)))
            counting_ = std::move(*read);
        else
            tell(*read, entry, now);
    }

    // What cannot be taken back is told when its block is known to be of the chain whose node calls it irreversible; long
    // before that, where all nodes agree. The page may have been a node's that is alone on a fork.
    bool needs_proof(Event const& e) const
    {
        return options_.irreversible_only() && settled(e) && !settled(e, base::kept) &&
               !(chain_.lead(block_of(e), *head_) &&
                 std::any_of(chain_.blocks.begin(), chain_.blocks.end(),
                             [&](block_event const& b) { return b.number <= irreversible_ && is_in(b, e); }));
    }
    void prove(Event const& e, time_point now)
    {
        if (chain_.lead(block_of(e), *head_))
            return missing(error(errc::gap_unfillable, "nodes disagree on entry " + std::to_string(e.sequence)), now);
        link_from_ = block_of(e);
    }

    // Whether there is a larger page, which may begin at what is known.
    bool widen()
    {
        bool const possible = page_ < largest_page();
        if (possible)
            page_ = std::min(std::max(page_, usual_page) * 10, largest_page());
        return possible;
    }

    // Entries that are not in what a node gave: it may have been asked for too few, or another has them.
    void gap(std::string const& which, time_point now)
    {
        page_ = usual_page;
        missing(error(errc::gap_unfillable, "entries " + which), now);
    }

    // Whether a page has all that it should have, by the number of the newest entry.
    void count(std::string_view json, time_point now)
    {
        auto page = *std::exchange(counting_, std::nullopt);
        auto const there = read_range(json);
        if (!there)
            return missing(there.error(), now);
        std::uint64_t const last = std::min(there->newest, page.front().sequence + page_ - 1);
        if (there->removed >= page.front().sequence)
            return gap("up to " + std::to_string(there->removed), now);
        missed_ = last;
        if (page.back().sequence != last) // or it has grown since, or this is another node: it is read again
            return gap(std::to_string(*last_ + 1) + " to " + std::to_string(std::max(last, page.back().sequence)), now);
        if (*last_ != 0 && !expected(page.front()))
            return replaced(now);
        tell(page, page.begin() + (*last_ != 0 ? 1 : 0), now);
    }

    // The first entry of a page is the last one that is known; at the beginning it is learned so.
    bool expected(Event const& first)
    {
        if (!told_.empty())
            return same(told_.back(), first);
        told_.push_back(first);
        only_read_ = true;
        settled_ = settled(first, base::kept);
        return true;
    }

    // What was told as irreversible is never taken back.
    bool fixed() const
    {
        return told_.size() == 1 ? settled_ || (options_.irreversible_only() && !only_read_)
                                 : options_.irreversible_only();
    }

    // The last entry that is known is another one here.
    void replaced(time_point now)
    {
        if (fixed())
            return missing(error(errc::gap_unfillable, "nodes disagree on entry " + std::to_string(*last_)), now);
        undo();
    }

    void tell(std::vector<Event>& page, typename std::vector<Event>::iterator entry, time_point now)
    {
        missed_ = 0;
        bool told = false;
        bool const for_good = options_.irreversible_only();
        for (; entry != page.end() && (!for_good || settled(*entry)); ++entry)
        {
            if (entry->sequence != *last_ + 1)
                return gap(std::to_string(*last_ + 1) + " to " + std::to_string(entry->sequence - 1), now);
            if (needs_proof(*entry))
            {
                if (!told)
                    return prove(*entry, now);
                break;
            }
            told = true;
            last_ = entry->sequence;
            told_.push_back(*entry);
            deliver(std::move(*entry));
        }
        well();
        if (page_ < usual_page)
            page_ = std::min(page_ * 2, usual_page);
        else if (page.size() <= usual_page)
            page_ = usual_page;
        while (told_.size() > 1 && settled(told_[1], base::kept))
        {
            told_.pop_front();
            only_read_ = false;
        }
        settled_ = !told_.empty() && settled(told_.front(), base::kept);
        if (!told)
            idle(now);
    }

    // A page does not begin with the last entry that is known: is it undone, not yet there, or not there any more?
    void clear_up(std::string_view json, time_point now)
    {
        auto const there = read_range(json);
        if (!there)
            return missing(there.error(), now);
        suspicion const why = *std::exchange(suspect_, std::nullopt);
        if (there->removed >= *last_)
            return widen() ? void() : gap("up to " + std::to_string(there->removed), now);
        if (why == suspicion::another)
            return replaced(now);
        // An entry that is not there long after it was settled has been undone; otherwise this node has not seen it yet.
        if (told_.empty())
            return gap("from " + std::to_string(*last_ + 1) + " on", now);
        if (!fixed() && there->newest < *last_ && settled(told_.back(), long_settled))
            return undo();
        this->rest(now);
    }

    // No node that is in use is so many blocks behind the last irreversible one.
    static constexpr std::uint32_t long_settled = 20;

    // Nothing more before the next block, when a look an interval later says so, too: the head may have been asked of one node
    // and the page of another, a little behind it.
    void idle(time_point now)
    {
        if (std::exchange(quiet_at_, head_->head_block_number) != head_->head_block_number)
            quiet_since_ = now;
        else if (now - quiet_since_ >= bounded(options_.poll_interval())) // hints bring looks forward
            done_ = head_->head_block_number;
        this->rest(now);
    }

    void undo()
    {
        if (told_.size() == 1 && only_read_)
        {
            told_.clear(); // nobody was told of it; what takes its place is new
            only_read_ = false;
            --*last_;
            return;
        }
        Event e = std::move(told_.back());
        told_.pop_back();
        last_ = e.sequence - 1;
        e.kind = event_kind::undone;
        deliver(std::move(e));
    }

private:
    enum class suspicion : std::uint8_t
    {
        nothing, // an empty page
        another  // another entry
    };
    std::optional<suspicion> suspect_;
    std::optional<std::vector<Event>> counting_; // a page
    std::optional<std::uint64_t> last_;
    std::uint64_t missed_ = 0;   // up to here a page should have gone
    std::uint32_t done_ = 0;     // the head block up to which all is told
    std::uint32_t quiet_at_ = 0; // the head block at which the last look showed nothing new
    time_point quiet_since_;     // and the first one
    std::deque<Event> told_;     // the last settled one and those behind it
    bool only_read_ = false;     // the first of them was not told, it is the one before them
    bool settled_ = false;       // the first of them is
};

template <class Dependent>
class account_events final : public numbered_events<account_event, Dependent>
{
    using base = numbered_events<account_event, Dependent>;
    using typename base::range;

    struct statistics
    {
        std::uint64_t total_ops = 0;
        std::uint64_t removed_ops = 0;

        BITSHARES_FIELDS((total_ops), (removed_ops))
    };

public:
    account_events(account_id account, subscription_options options) : base(std::move(options)), account_(account) {}

private:
    static std::uint64_t forgotten(raw_json const& answer, std::uint64_t last)
    {
        auto const read = from_json<std::vector<std::optional<statistics>>>(answer.text);
        if (!read || read->empty() || !read->front())
            return 0; // that is said elsewhere
        std::uint64_t const removed = read->front()->removed_ops;
        return removed == 0 || removed < last ? 0 : removed - last + 1;
    }
    static std::uint64_t missing_entries(raw_json const& answer, std::uint64_t wanted)
    {
        auto const read = from_json<std::vector<raw_json>>(answer.text);
        return read ? wanted - std::min<std::uint64_t>(read->size(), wanted) : 0;
    }

    request<raw_json> ask_range(std::uint64_t last) const override
    {
        request<raw_json> question("database", "get_objects",
                                   "[[\"2.6." + std::to_string(account_.instance) + "\"],false]");
        return question.elsewhere<forgotten>(topic(), last);
    }
    result<range> read_range(std::string_view json) const override
    {
        auto const read = from_json<std::vector<std::optional<statistics>>>(json, this->json_);
        if (!read)
            return error(errc::invalid_reply, read.error().message());
        if (read->empty() || !read->front())
            return error(errc::account_not_found, account_.to_string());
        return range{read->front()->removed_ops, read->front()->total_ops};
    }
    request<raw_json> ask_page(std::uint64_t last, std::uint64_t there) const override
    {
        std::uint64_t const first = std::max<std::uint64_t>(last, 1);
        request<raw_json> question("history", "get_relative_account_history",
                                   "[\"" + account_.to_string() + "\"," + std::to_string(first) + "," +
                                       std::to_string(this->page_) + "," + std::to_string(first + this->page_ - 1) +
                                       "]");
        return question.elsewhere<missing_entries>(topic(), there);
    }
    std::string_view topic() const override { return "history"; }
    result<std::vector<account_event>> read_page(std::string_view json, std::uint64_t last) const override
    {
        auto read = from_json<std::vector<operation_history_object>>(json, this->json_);
        if (!read)
            return error(errc::invalid_reply, read.error().message());
        std::vector<account_event> entries;
        std::uint64_t sequence = std::max<std::uint64_t>(last, 1);
        for (auto entry = read->rbegin(); entry != read->rend(); ++entry)
            entries.push_back({event_kind::applied, sequence++, std::move(*entry)});
        return entries;
    }
    bool is_counted() const override { return true; }
    bool settled(account_event const& e, std::uint32_t blocks) const override
    {
        // Without the time nothing tells of which fork's block it is.
        if (this->options_.irreversible_only() && e.entry.block_time == time_point_sec())
            blocks = base::kept;
        return std::uint64_t{e.entry.block_num} + blocks <= this->irreversible_;
    }
    bool same(account_event const& a, account_event const& b) const override
    {
        operation_history_object const &x = a.entry, &y = b.entry;
        // Older nodes do not tell the time.
        bool const untold = x.block_time == time_point_sec() || y.block_time == time_point_sec();
        return x.id == y.id && x.block_num == y.block_num && (untold || x.block_time == y.block_time) &&
               x.trx_in_block == y.trx_in_block && x.op_in_trx == y.op_in_trx && x.op == y.op && x.result == y.result;
    }

    std::uint32_t block_of(account_event const& e) const override { return e.entry.block_num; }
    bool is_in(block_event const& block, account_event const& e) const override
    {
        if (block.number != e.entry.block_num || block.block.timestamp != e.entry.block_time)
            return false;
        // A fork may have a block in the same slot. What the chain itself did is in no block.
        auto const& all = block.block.transactions;
        return e.entry.is_virtual ||
               (e.entry.trx_in_block < all.size() && e.entry.op_in_trx < all[e.entry.trx_in_block].operations.size() &&
                all[e.entry.trx_in_block].operations[e.entry.op_in_trx] == e.entry.op);
    }

    account_id account_;
};

template <class Dependent>
class market_events final : public numbered_events<market_event, Dependent>
{
    using base = numbered_events<market_event, Dependent>;
    using typename base::range;
    using typename base::time_point;

public:
    market_events(asset_id a, asset_id b, subscription_options options) : base(std::move(options)), a_(a), b_(b) {}

private:
    struct header
    {
        time_point_sec timestamp;

        BITSHARES_FIELDS((timestamp))
    };

    std::optional<request<raw_json>> question() override
    {
        if (settled_at_ != this->irreversible_)
            return this->ask_header(this->irreversible_);
        return base::question();
    }
    void answer(std::string_view json, time_point now) override
    {
        if (settled_at_ == this->irreversible_)
            return base::answer(json, now);
        auto const read = from_json<std::optional<header>>(json, this->json_);
        if (!read || !*read)
            return this->missing(error(errc::invalid_reply, "no header of the last irreversible block"), now);
        settled_at_ = this->irreversible_;
        settled_until_ = (*read)->timestamp;
    }
    request<raw_json> ask_range(std::uint64_t) const override { return ask_page(0, 0); }
    result<range> read_range(std::string_view json) const override
    {
        auto const entries = read_page(json, 0);
        if (!entries)
            return entries.error();
        // Those before the page are not to be had: all of them are known already, or they are a gap.
        return entries->empty() ? range{} : range{entries->front().sequence - 1, entries->back().sequence};
    }
    // Nodes set no limit. They keep 1,000 fills of a market, or more that are not older than three days, if not told otherwise.
    std::uint64_t largest_page() const override { return 10'000; }

    // Fills behind the last one that is known, as far as those that are there tell of them; of a page that may have been too
    // small, those within it.
    template <bool All>
    static std::uint64_t missing_fills(raw_json const& answer, std::uint64_t last)
    {
        auto const entries = read_fills(answer.text, last, {});
        if (!entries)
            return 0; // that is said elsewhere
        if (entries->empty() || last == 0)
            return last != 0;
        std::uint64_t const first = All ? std::max<std::uint64_t>(last, 1) : entries->front().sequence;
        std::uint64_t const newest = entries->back().sequence;
        std::uint64_t const wanted = newest - std::min(first, newest) + 1;
        return wanted - std::min<std::uint64_t>(entries->size(), wanted);
    }

    request<raw_json> ask_page(std::uint64_t last, std::uint64_t) const override
    {
        request<raw_json> question("history", "get_fill_order_history",
                                   "[\"" + a_.to_string() + "\",\"" + b_.to_string() + "\"," +
                                       std::to_string(this->page_) + "]");
        return this->page_ < largest_page() ? question.elsewhere<missing_fills<false>>(topic(), last)
                                            : question.elsewhere<missing_fills<true>>(topic(), last);
    }
    std::string_view topic() const override { return "history of markets"; }
    result<std::vector<market_event>> read_page(std::string_view json, std::uint64_t last) const override
    {
        return read_fills(json, last, this->json_);
    }
    static result<std::vector<market_event>> read_fills(std::string_view json, std::uint64_t last,
                                                        json_options const& options)
    {
        auto read = from_json<std::vector<order_history_object>>(json, options);
        if (!read)
            return error(errc::invalid_reply, read.error().message());
        std::vector<market_event> entries;
        for (auto fill = read->rbegin(); fill != read->rend(); ++fill)
        {
            // The chain counts 0, -1, -2 ...
            if (fill->key.sequence > 0 || fill->key.sequence < -std::numeric_limits<std::int64_t>::max())
                return error(errc::invalid_reply, "a fill's number is " + std::to_string(fill->key.sequence));
            auto const sequence = static_cast<std::uint64_t>(1 - fill->key.sequence);
            if (sequence >= last)
                entries.push_back({event_kind::applied, sequence, std::move(*fill)});
        }
        return entries;
    }
    // A fill does not name its block, but its time.
    bool settled(market_event const& e, std::uint32_t blocks) const override
    {
        return e.fill.time.seconds + std::uint64_t{blocks} * interval_ <= settled_until_.seconds;
    }
    bool same(market_event const& a, market_event const& b) const override
    {
        return a.fill.time == b.fill.time && a.fill.op == b.fill.op;
    }
    std::uint32_t block_of(market_event const& e) const override
    {
        // Where blocks are further apart than it is known to be, that is too far back: near the chain's beginning, before it.
        std::uint32_t const back = (settled_until_.seconds - e.fill.time.seconds) / interval_;
        return this->irreversible_ - std::min(this->irreversible_ - 1, back);
    }
    void on_linked() override
    {
        auto const& blocks = this->chain_.blocks;
        if (blocks.size() < 2)
            return;
        std::uint32_t const before = blocks[blocks.size() - 2].block.timestamp.seconds;
        std::uint32_t const last = blocks.back().block.timestamp.seconds;
        if (last > before)
            interval_ = std::min(interval_, last - before);
    }
    bool is_in(block_event const& block, market_event const& e) const override
    {
        return block.block.timestamp == e.fill.time;
    }

    std::uint32_t interval_ = 3; // s between two blocks, or more, as far as they were seen
    std::uint32_t settled_at_ = 0;
    time_point_sec settled_until_;
    asset_id a_, b_;
};

template <class Dependent>
class object_events final : public head_events<object_event, Dependent>
{
    using base = head_events<object_event, Dependent>;
    using typename base::time_point;

public:
    object_events(std::vector<any_object_id> ids, subscription_options options)
        : base(std::move(options)), ids_(std::move(ids)), last_(ids_.size())
    {}

private:
    std::optional<request<raw_json>> question() override
    {
        // Once a look: what is read may be of a later head than the look was.
        if (read_at_ == this->looks_ || done_ == this->head_->head_block_number)
            return std::nullopt;
        // With the head that they are of: another node than the one that told the head may be asked.
        std::string text = "[[\"2.1.0\"";
        for (any_object_id const& id : ids_)
            text += ",\"" + id.to_string() + '"';
        return request<raw_json>("database", "get_objects", text + "],false]");
    }
    void answer(std::string_view json, time_point now) override
    {
        auto read = from_json<std::vector<raw_json>>(json, this->json_);
        if (!read || read->size() != ids_.size() + 1)
            return this->missing(error(errc::invalid_reply, "not as many objects as were asked for"), now);
        auto const head = from_json<chain_head>(read->front().text, this->json_);
        if (!head)
            return this->missing(error(errc::invalid_reply, head.error().message()), now);
        // They are not older than the look, and how much newer has to be likely: that is asked once a look.
        std::uint32_t const looked = this->head_->head_block_number;
        bool const far = base::is_far(looked, head->head_block_number);
        if (far && std::exchange(claimed_at_, this->looks_) != this->looks_)
            return this->claim(*head);
        // Those of the same number are known, unless they are of a fork. Where what is known is far beyond the look, it was a lie.
        if (head->head_block_number <= done_ && !base::is_far(looked, done_))
            return this->missing(error(errc::gap_unfillable, "head block " + std::to_string(done_ + 1)), now);
        this->well();
        read_at_ = this->looks_;
        done_ = far ? looked : head->head_block_number;
        read->erase(read->begin());
        for (std::size_t i = 0; i < ids_.size(); ++i)
            if (!last_[i] || *last_[i] != (*read)[i])
            {
                last_[i] = (*read)[i];
                told_ = done_;
                this->deliver({ids_[i], std::move((*read)[i]), done_});
            }
    }

    // A node that is left alone on a fork tells a lower head for as long as it is believed.
    std::uint32_t told_block() const override { return told_; }

    std::vector<any_object_id> ids_;
    std::vector<std::optional<raw_json>> last_;
    std::uint32_t told_ = 0;       // the head block of the last event
    std::uint32_t done_ = 0;       // the head block that the last states are of
    std::uint64_t read_at_ = 0;    // the look at which they were read
    std::uint64_t claimed_at_ = 0; // and the one at which their head was far beyond it
};

// Notices, each transaction once. Between them the callback is set again and again.
template <class Dependent>
class pending_events final : public event_source<pending_event>
{
    using step_kind = subscription_step::kind;

    struct chain_time
    {
        time_point_sec time;

        BITSHARES_FIELDS((time))
    };

public:
    explicit pending_events(subscription_options options) : options_(std::move(options))
    {
        json_.key_prefix = options_.key_prefix();
    }

    subscription_step next(time_point now) override
    {
        if (!ready_.empty())
            return {step_kind::deliver, {}, {}};
        if (failure_)
            return {step_kind::fail, {}, {}};
        if (now < wait_until_)
            return {step_kind::wait, {}, std::chrono::ceil<std::chrono::milliseconds>(wait_until_ - now)};
        if (asking_time_)
            return {step_kind::ask, request<raw_json>("database", "get_dynamic_global_properties", "[]"), {}};
        return {step_kind::ask,
                request<raw_json>("database", "set_pending_transaction_callback",
                                  "[" + std::to_string(pending_callback) + "]"),
                {}};
    }

    void on_reply(std::string_view json, time_point now) override
    {
        if (asking_time_)
        {
            if (auto const head = from_json<chain_time>(json, json_))
                forget_expired(head->time);
            return rest(now);
        }
        trouble_since_.reset();
        if (known_.empty() || now < ask_time_at_)
            return rest(now);
        asking_time_ = true;
        ask_time_at_ = now + std::chrono::minutes(1);
    }

    void on_failed(error_code ec, std::string detail, time_point now) override
    {
        if (!asking_time_)
            trouble(trouble_since_, error(ec, std::move(detail)), now);
        rest(now);
    }

    std::optional<std::uint64_t> callback() const override { return pending_callback; }

    void on_notice(std::string_view json, time_point now) override
    {
        auto read = from_json<std::vector<signed_transaction>>(json, json_);
        if (!read || read->empty())
            return unreadable(read ? "a notice without a transaction" : read.error().message(), now);
        for (signed_transaction& tx : *read)
        {
            if (tx.operations.empty()) // no chain takes it
            {
                unreadable("a transaction without operations", now);
                continue;
            }
            auto const id = id_of(tx);
            if (!id) // of a later version of the chain
            {
                unreadable(id.error().message(), now);
                continue;
            }
            unreadable_since_.reset();
            if (known_.contains(*id))
                continue;
            if (ready_.size() == most_waiting)
            {
                ++dropped_;
                continue;
            }
            if (known_.size() == most_known)
            {
                known_.erase(order_.front());
                order_.pop_front();
            }
            known_.emplace(*id, tx.expiration);
            order_.push_back(*id);
            ready_.push_back({*id, std::move(tx), dropped_});
        }
    }

    bool ready() const override { return !ready_.empty(); }

    error const& failure() const override { return *failure_; }

    pending_event take() override
    {
        pending_event e = std::move(ready_.front());
        ready_.pop_front();
        return e;
    }

private:
    static constexpr std::size_t most_known = 100'000;
    static constexpr std::size_t most_waiting = 10'000;
    static constexpr std::uint32_t kept_seconds = 60; // after the expiration: nodes' heads differ

    void rest(time_point now)
    {
        asking_time_ = false;
        wait_until_ = now + bounded(options_.poll_interval());
    }

    void trouble(std::optional<time_point>& since, error what, time_point now)
    {
        if (!since)
            since = now;
        else if (now - *since > bounded(options_.patience()))
            failure_ = std::move(what);
    }

    void unreadable(std::string what, time_point now)
    {
        ++dropped_;
        trouble(unreadable_since_, error(errc::invalid_reply, std::move(what)), now);
    }

    void forget_expired(time_point_sec time)
    {
        std::erase_if(known_,
                      [&](auto const& k) { return std::uint64_t{k.second.seconds} + kept_seconds < time.seconds; });
        std::erase_if(order_, [&](transaction_id const& id) { return !known_.contains(id); });
    }

    subscription_options const options_;
    json_options json_;
    std::map<transaction_id, time_point_sec> known_; // with their expirations
    std::deque<transaction_id> order_;               // in which they were told
    std::deque<pending_event> ready_;
    std::uint64_t dropped_ = 0;
    time_point wait_until_ = time_point::min();
    time_point ask_time_at_ = time_point::min();
    bool asking_time_ = false;
    std::optional<time_point> trouble_since_;    // no node takes the callback
    std::optional<time_point> unreadable_since_; // what they tell is no transaction
    std::optional<error> failure_;
};

} // namespace detail

BITSHARES_LAZY std::unique_ptr<event_source<block_event>> follow_blocks(subscription_options options)
{
    return std::make_unique<BITSHARES_DEPENDENT(detail::block_events<void>)>(std::move(options));
}

BITSHARES_LAZY std::unique_ptr<event_source<account_event>> follow_account(account_id account,
                                                                           subscription_options options)
{
    return std::make_unique<BITSHARES_DEPENDENT(detail::account_events<void>)>(account, std::move(options));
}

BITSHARES_LAZY std::unique_ptr<event_source<market_event>> follow_market(asset_id a, asset_id b,
                                                                         subscription_options options)
{
    return std::make_unique<BITSHARES_DEPENDENT(detail::market_events<void>)>(a, b, std::move(options));
}

BITSHARES_LAZY std::unique_ptr<event_source<object_event>> follow_objects(std::vector<any_object_id> ids,
                                                                          subscription_options options)
{
    return std::make_unique<BITSHARES_DEPENDENT(detail::object_events<void>)>(std::move(ids), std::move(options));
}

BITSHARES_LAZY std::unique_ptr<event_source<pending_event>> follow_pending(subscription_options options)
{
    return std::make_unique<BITSHARES_DEPENDENT(detail::pending_events<void>)>(std::move(options));
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
