#pragma once

#include <bitshares/base/utf8.hpp>
#include <bitshares/net/node_url.hpp>
#include <bitshares/protocol/block.hpp>
#include <bitshares/rpc/node_error.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** How many nodes have to say the same.

    Times are of a steady clock. The time limit of the whole read is that of its request, otherwise the client's.
*/
struct quorum_options
{
    using duration = std::chrono::milliseconds;

    quorum_options() = default; // and so no aggregate: g++ 12 destroys those twice beside a co_await

    std::size_t nodes = 3; ///< Asked at the same time.
    std::size_t agree = 2; ///< Of them have to agree: more than half, so that two answers never can.
    duration linger{250};  ///< When they agree, the others are waited for so long, so that who deviates is named.
    duration recheck{100}; ///< A node with another head is asked again after this; doubles each time, up to eightfold.
    duration node_timeout{2000}; ///< Longer nobody waits for one reply of a node: another takes its place.
    duration rejoin{1000};       ///< Which is asked again after this, where there is no other.
};

/** What several nodes said of the same block.

    @tparam R The method's result.
*/
template <class R>
struct quorum_answer
{
    quorum_answer() = default;

    R value{};
    std::uint32_t block_num = 0;    ///< The head block of all that were compared, before and behind the question.
    bitshares::block_id block_id{}; ///< Its id.
    std::vector<node_url> agreed;   ///< In the order in which they answered.
    std::vector<node_url> deviated; ///< Said something else of the same block.
};

namespace detail {

/** One text for all that says the same: no white space, members in the order of their names, one form of each escape,
    integers beyond 32 bits as strings, as nodes print them.

    @pre `json` is one valid JSON value. */
BITSHARES_DECL std::string canonical_json(std::string_view json);

} // namespace detail

/// A block, as a node names its head.
struct quorum_head
{
    quorum_head() = default;
    quorum_head(std::uint32_t n, bitshares::block_id const& i) : number(n), id(i) {}

    std::uint32_t number = 0;
    block_id id{};

    friend bool operator==(quorum_head const&, quorum_head const&) = default;
};

/// What a node answered.
struct quorum_said
{
    quorum_said() = default;

    std::string canonical;             ///< What is compared: of a result @ref detail::canonical_json.
    std::string json;                  ///< The result as it came.
    std::optional<node_error> refusal; ///< Compared by code and name: the words hold times and places of the node.
};

/// What a node is to be asked.
enum class quorum_question : std::uint8_t
{
    head,  ///< For its head block.
    answer ///< For what the read is about.
};

/** Decides whom to ask what, until enough nodes have said the same of the same block; does nothing itself.

    Graphene's reads cannot be told of which block they shall be, so each question stands between two questions for the
    head: the answer is of that block if both say the same. What a node said of one block is kept while it is asked of the
    next, so that nodes which never have the same head at the same time can agree, too.

    A node is asked again
    @li at once, when its head moved while it answered;
    @li after @ref quorum_options::recheck, when another node's head is newer than its own;
    @li after that time, when all have said something of the newest block and too few agree: what a node answers holds the
        transactions that are pending there, and the next block settles that.

    Who says something of a head that does not exist only loses its own voice: no other waits for it.

    Everything comes in as a call with the time; nodes are numbers of the driver's.
    @tparam Dependent Always `void`: compiled where it is used.
    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe.
    @pre `agree` is more than half of `nodes`, and not more than all.
*/
template <class Dependent = void>
class quorum_read
{
public:
    using time_point = std::chrono::steady_clock::time_point;
    using duration = std::chrono::steady_clock::duration;

    /// A question for a node.
    struct ask
    {
        std::size_t node;
        quorum_question what;
    };

    explicit quorum_read(quorum_options const& options) : options_(options) {}

    /// How many nodes more are wanted.
    std::size_t wants() const
    {
        std::size_t const there = active();
        return there >= options_.nodes ? 0 : options_.nodes - there;
    }

    /// Whether a node takes part that does not, and has not left for good or a moment ago.
    bool may_join(std::size_t node, time_point now) const
    {
        member const* const m = find(node);
        return m == nullptr || (m->doing == state::gone && !m->useless && now >= m->again);
    }

    /// Whether a node was excluded.
    bool is_excluded(std::size_t node) const
    {
        member const* const m = find(node);
        return m != nullptr && m->useless;
    }

    /// How often a node has left: those with the fewest shall join first.
    std::size_t departures(std::size_t node) const
    {
        member const* const m = find(node);
        return m == nullptr ? 0 : m->departures;
    }

    bool takes_part(std::size_t node) const
    {
        member const* const m = find(node);
        return m != nullptr && m->doing != state::gone;
    }

    /// @pre It may.
    void join(std::size_t node, time_point now)
    {
        member* m = find(node);
        if (m == nullptr)
        {
            m = &members_.emplace_back();
            m->node = node;
        }
        m->before.reset();
        m->said.reset();
        m->rounds = 0;
        plan(*m, quorum_question::head, now);
    }

    /** A node was lost, or did not answer.

        @param why For people. @param again It may join again from here on. */
    void leave(std::size_t node, std::string why, time_point again, time_point now)
    {
        if (member* const m = active_member(node))
        {
            m->doing = state::gone;
            m->note = std::move(why);
            m->again = again;
            ++m->departures;
            settle(now);
        }
    }

    /// A node cannot answer this. It does not join again.
    void exclude(std::size_t node, std::string why, time_point now)
    {
        leave(node, std::move(why), now, now);
        if (member* const m = find(node))
            m->useless = true;
    }

    /// Questions that are to be asked now. Each counts as asked, until @ref head, @ref answer or @ref leave.
    std::vector<ask> due(time_point now)
    {
        std::vector<ask> all;
        for (member& m : members_)
            if (m.doing == state::planned && m.at <= now && can_still_tell(m))
            {
                m.doing = state::asked;
                all.push_back({m.node, m.what});
            }
        return all;
    }

    /// A question of @ref due cannot be asked before then.
    void put_off(std::size_t node, time_point at)
    {
        if (member* const m = active_member(node))
        {
            m->doing = state::planned;
            m->at = at;
        }
    }

    /// When @ref due, @ref over or @ref may_join have to be looked at again; max: not before something is told.
    time_point next_tick(time_point now) const
    {
        time_point next = winner_ ? winner_->at + options_.linger : time_point::max();
        for (member const& m : members_)
            if (m.doing == state::planned && can_still_tell(m))
                next = std::min(next, m.at);
            else if (m.doing == state::gone && !m.useless && m.again > now && wants() != 0)
                next = std::min(next, m.again);
        return next;
    }

    /// A node told its head.
    void head(std::size_t node, quorum_head const& head, time_point now)
    {
        member* const found = active_member(node);
        if (found == nullptr)
            return;
        member& m = *found;
        bool const moved = m.before && *m.before != head;
        bool const whole = m.said && !moved;
        if (!m.before || moved)
            m.rounds = 0;
        m.before = head;
        if (head.number > newest_)
        {
            newest_ = head.number;
            for (member& other : members_)
                if (other.doing == state::resting)
                    plan(other, quorum_question::head, now + wait_of(other));
        }
        if (whole)
            keep(m, now);
        m.said.reset();
        if (has_sample_of(m, head))
        {
            if (head.number < newest_)
                plan(m, quorum_question::head, now + wait_of(m));
            else if (whole)
                m.doing = state::resting;
            else
                plan(m, quorum_question::answer, now); // it has rested: it is asked for the same once more
        }
        else
            plan(m, quorum_question::answer, now);
        settle(now);
    }

    /// A node answered; its head is asked for next.
    void answer(std::size_t node, quorum_said said, time_point now)
    {
        if (member* const m = active_member(node))
        {
            if (said.refusal)
                said.canonical = std::to_string(said.refusal->code()) + ' ' + said.refusal->name();
            m->said = std::move(said);
            plan(*m, quorum_question::head, now);
        }
    }

    /// Whether enough agree, and nobody is worth waiting for.
    bool over(time_point now) const
    {
        if (!winner_)
            return false;
        if (now >= winner_->at + options_.linger)
            return true;
        return wants() == 0 &&
               std::none_of(members_.begin(), members_.end(), [&](member const& m) { return can_still_tell(m); });
    }

    bool agreed() const { return winner_.has_value(); }

    /// What they agreed upon. @pre @ref agreed.
    quorum_said const& said() const { return winner_->said; }

    /// The block of which they said it. @pre @ref agreed.
    quorum_head const& at() const { return winner_->head; }

    /// Those who said it, in the order of their answers. @pre @ref agreed.
    std::vector<std::size_t> const& agreeing() const { return winner_->nodes; }

    /// Those who said something else of the same block. @pre @ref agreed.
    std::vector<std::size_t> deviating() const
    {
        std::vector<std::size_t> all;
        for (member const& m : members_)
            if (sample const* const s = sample_of(m, winner_->head); s && s->canonical != winner_->said.canonical)
                all.push_back(m.node);
        return all;
    }

    /// What a node has said, or why it has not, for people. Empty: it never took part.
    std::string note(std::size_t node) const
    {
        member const* const m = find(node);
        if (m == nullptr)
            return {};
        std::string text = m->note;
        if (!m->samples.empty())
        {
            sample const& s = m->samples.back();
            text += (text.empty() ? "" : "; ") + std::string("at block ") + std::to_string(s.head.number) +
                    " it said " + s.excerpt;
        }
        if (text.empty() && m->before)
            return "its head, " + std::to_string(m->before->number) + ", moves while it answers";
        return text.empty() ? "it has not answered yet" : text;
    }

private:
    static constexpr std::size_t kept_samples = 4; // heads, of a node
    static constexpr std::size_t excerpt_size = 60;

    enum class state : std::uint8_t
    {
        planned, // is to be asked
        asked,
        resting, // said what it has to say of the newest head
        gone
    };

    // What a node said of a block. Of the text only as much is kept as is compared.
    struct sample
    {
        quorum_head head;
        std::string canonical;
        std::string excerpt;
    };

    struct member
    {
        std::size_t node = 0;
        state doing = state::planned;
        quorum_question what = quorum_question::head;
        time_point at; // planned
        std::uint32_t rounds = 0;
        std::optional<quorum_head> before; // its head, as it told last
        std::optional<quorum_said> said;   // behind that; counts when the head is still the same
        std::vector<sample> samples;       // the newest last
        std::string note;
        std::size_t departures = 0;
        time_point again;
        bool useless = false;
    };

    struct verdict
    {
        quorum_head head;
        quorum_said said;
        std::vector<std::size_t> nodes;
        time_point at;
    };

    member const* find(std::size_t node) const
    {
        auto const at =
            std::find_if(members_.begin(), members_.end(), [node](member const& m) { return m.node == node; });
        return at == members_.end() ? nullptr : &*at;
    }
    member* find(std::size_t node) { return const_cast<member*>(std::as_const(*this).find(node)); }

    member* active_member(std::size_t node)
    {
        member* const m = find(node);
        return m == nullptr || m->doing == state::gone ? nullptr : m;
    }

    std::size_t active() const
    {
        return static_cast<std::size_t>(
            std::count_if(members_.begin(), members_.end(), [](member const& m) { return m.doing != state::gone; }));
    }

    static sample const* sample_of(member const& m, quorum_head const& head)
    {
        auto const at =
            std::find_if(m.samples.begin(), m.samples.end(), [&](sample const& s) { return s.head == head; });
        return at == m.samples.end() ? nullptr : &*at;
    }
    static bool has_sample_of(member const& m, quorum_head const& head) { return sample_of(m, head) != nullptr; }

    // Once enough agree, only what the others say of the same block counts, as long as they may have it.
    bool can_still_tell(member const& m) const
    {
        if (m.doing == state::gone)
            return false;
        if (!winner_)
            return true;
        return !has_sample_of(m, winner_->head) &&
               (!m.before || *m.before == winner_->head || m.before->number < winner_->head.number);
    }

    static void plan(member& m, quorum_question what, time_point at)
    {
        m.doing = state::planned;
        m.what = what;
        m.at = at;
    }

    duration wait_of(member& m) { return options_.recheck * (1 << std::min(m.rounds++, 3u)); }

    // What a node said of the head that it has had all the time.
    void keep(member& m, time_point now)
    {
        std::erase_if(m.samples, [&](sample const& s) { return s.head == *m.before; });
        if (m.samples.size() == kept_samples)
            m.samples.erase(m.samples.begin());
        std::string excerpt = valid_utf8(m.said->canonical, excerpt_size);
        if (m.said->canonical.size() > excerpt_size)
            excerpt += "...";
        m.note.clear();
        m.samples.push_back({*m.before, m.said->canonical, std::move(excerpt)});
        if (winner_)
        {
            if (winner_->head == *m.before && winner_->said.canonical == m.said->canonical)
                winner_->nodes.push_back(m.node);
            return;
        }
        std::vector<std::size_t> same;
        for (member const& other : members_)
            if (sample const* const s = sample_of(other, *m.before);
                s && s->canonical == m.said->canonical && other.node != m.node)
                same.push_back(other.node);
        same.push_back(m.node);
        if (same.size() >= options_.agree)
            winner_ = verdict{*m.before, std::move(*m.said), std::move(same), now};
    }

    // All have said what they have to say, and it is not enough: they are asked again.
    void settle(time_point now)
    {
        if (winner_ || active() < options_.agree || std::any_of(members_.begin(), members_.end(), [](member const& m) {
                return m.doing == state::planned || m.doing == state::asked;
            }))
            return;
        for (member& m : members_)
            if (m.doing == state::resting)
                plan(m, quorum_question::head, now + wait_of(m));
    }

    quorum_options options_;
    std::vector<member> members_;
    std::uint32_t newest_ = 0;
    std::optional<verdict> winner_;
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/net/quorum.ipp>
#endif
