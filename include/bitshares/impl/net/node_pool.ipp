#pragma once

#include <bitshares/base/hex.hpp>
#include <bitshares/detail/under_way.hpp>
#include <bitshares/impl/net/client.ipp>
#include <bitshares/net/node_pool.hpp>
#include <bitshares/protocol/block.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/protocol/time_point.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <openssl/rand.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <limits>
#include <map>
#include <stdexcept>
#include <tuple>
#include <utility>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

// What a probe wants of the dynamic global properties; the whole object costs its header.
struct probed_head
{
    std::uint32_t head_block_number = 0;
    time_point_sec time;
    time_point_sec next_maintenance_time;
    std::uint32_t last_irreversible_block_num = 0;

    BITSHARES_FIELDS((head_block_number), (time), (next_maintenance_time), (last_irreversible_block_num))
};

// What a check wants of the header behind a block.
struct checked_header
{
    block_id previous;

    BITSHARES_FIELDS((previous))
};

// What a quorum read wants of them.
struct quorum_properties
{
    std::uint32_t head_block_number = 0;
    block_id head_block_id;

    BITSHARES_FIELDS((head_block_number), (head_block_id))
};

// Does what a pool_engine decides, with a connection for each node.
template <class Dependent = void>
class pool_driver final : public pool_state,
                          public std::enable_shared_from_this<pool_driver<Dependent>>,
                          private pool_actions
{
public:
    pool_driver(asio::any_io_executor executor, node_list list, transport_factory transports, client_options options,
                pool_options const& pool, pool_event_handler events)
        : executor_(std::move(executor)),
          list_(std::move(list)),
          transports_(std::move(transports)),
          options_(std::move(options)),
          events_(std::move(events)),
          engine_(*this, terms(list_), pool, seed(), clock::now()),
          timer_(executor_)
    {
        if (list_.empty())
            throw std::invalid_argument("a pool needs at least one node");
        if (options_.chain_id())
            list_.only(*options_.chain_id()).value();
        else if (auto const said = list_.chain_id().value())
            options_.chain_id(*said);
        json_options_.key_prefix = options_.key_prefix();
        json_options_.limits = options_.limits();
        for (std::size_t i = 0; i < list_.size(); ++i)
            nodes_.push_back(std::make_unique<node>(*this, i, candidate_urls(list_[i].url)));
    }

    asio::any_io_executor const& executor() const noexcept override { return executor_; }
    node_url const& url() const noexcept override { return list_[engine_.primary().value_or(0)].url; }
    bitshares::network network() const override
    {
        bitshares::network found = options_.network();
        if (chain_)
            found.chain_id = *chain_;
        return found;
    }
    node_list const& nodes() const noexcept override { return list_; }
    pool_counts counts() const override { return engine_.counts(); }
    std::optional<std::size_t> primary() const override { return engine_.primary(); }
    std::optional<std::chrono::milliseconds> chain_time() const override { return engine_.chain_time(clock::now()); }
    clock_report time_report() const override
    {
        return engine_.time_report(
            std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()),
            clock::now());
    }

    std::vector<node_status> status() const override
    {
        std::vector<node_status> all;
        for (std::size_t i = 0; i < nodes_.size(); ++i)
            all.push_back(engine_.status(i, clock::now()));
        return all;
    }

    void open() override
    {
        if (!gone_)
            tell([this](time_point now) { engine_.start(now); });
    }

    void start(any_request const& request, std::unique_ptr<call_operation> operation) override
    {
        operation->options = &json_options_;
        if (gone_)
            return complete(std::move(operation), {errc::cancelled, std::nullopt, {}}, false);
        std::uint64_t const id = ++last_call_;
        if (auto slot = operation->slot; slot.is_connected())
            slot.assign([weak = this->weak_from_this(), id](asio::cancellation_type) {
                if (auto const self = weak.lock())
                    self->cancel(id);
            });
        tell([&](time_point now) {
            auto const deadline = now + bounded(request.deadline().value_or(options_.deadline()));
            calls_.insert(id, {request, std::move(operation)});
            engine_.submit(id, {request.repeatable(), std::string(request.api()), deadline, topic_of(request)}, now);
        });
    }

    void start_quorum(any_request const& request, quorum_options const& options,
                      std::unique_ptr<quorum_operation> operation) override
    {
        operation->options = &json_options_;
        if (gone_)
            return complete(std::move(operation), {errc::cancelled, std::nullopt, {}}, false);
        std::uint64_t const id = ++last_call_;
        if (auto slot = operation->slot; slot.is_connected())
            slot.assign([weak = this->weak_from_this(), id](asio::cancellation_type) {
                if (auto const self = weak.lock())
                    self->cancel_read(id);
            });
        tell([&](time_point now) {
            auto const deadline = now + bounded(request.deadline().value_or(options_.deadline()));
            quorum_options o = options;
            o.nodes = std::min(o.nodes, nodes_.size());
            readings_.emplace(id, std::make_unique<reading>(request, o, std::move(operation), deadline));
        });
    }

    void cancel_all() override
    {
        for (std::uint64_t id : calls_.numbers())
            cancel(id);
        while (!readings_.empty())
            cancel_read(readings_.begin()->first);
    }

    void close() override
    {
        cancel_all();
        engine_.stop(clock::now());
        timer_.cancel();
        armed_.reset();
    }

    // Its connections are dropped, as there are several.
    void async_close(asio::any_completion_handler<void(error_code)> handler,
                     asio::any_completion_executor foreign) override
    {
        close();
        complete_handler(std::move(handler), executor_, std::move(foreign), false, error_code());
    }

    void shut_down() override
    {
        gone_ = true;
        close();
    }

private:
    using clock = std::chrono::steady_clock;
    using time_point = clock::time_point;

    // An answer that another node may have more of.
    struct part
    {
        std::uint64_t attempt;
        std::uint64_t missing;
        std::string json; // empty: a refusal
        call_end end;
    };

    // A call of the pool's user.
    struct call
    {
        any_request request;
        std::unique_ptr<call_operation> operation;
        call_end last{};              // of an attempt that failed
        bool sent = false;            // to any node
        std::unique_ptr<part> best{}; // of those
    };

    // A call as a node is asked. What the pool itself cancels says nothing any more.
    class attempt_operation final : public call_operation
    {
    public:
        attempt_operation(pool_driver& pool, std::uint64_t id, call_operation& of) : pool_(pool), id_(id), of_(of) {}

        result<void> decode(std::string_view json) override
        {
            auto read = of_.decode(json);
            if (read)
                pool_.weigh(id_, of_, json);
            return read;
        }

        void complete(std::unique_ptr<call_operation> self, call_end end, asio::any_io_executor const&,
                      bool inside) override
        {
            if (end.ec == errc::cancelled)
                return;
            pool_driver& pool = pool_;
            std::uint64_t const id = id_;
            self.reset();
            pool.ended(id, std::move(end), inside);
        }

    private:
        pool_driver& pool_;
        std::uint64_t id_;
        call_operation& of_; // lives as long as the call, which ends its attempts
    };

    struct attempt
    {
        std::size_t node;
        std::uint64_t call;
        session::call_id on_connection;
        bool partial = false;
    };

    // A quorum read of the pool's user.
    struct reading
    {
        struct question
        {
            std::size_t node;
            session::call_id on_connection;
        };

        reading(any_request const& r, quorum_options const& o, std::unique_ptr<quorum_operation> op, time_point d)
            : request(r), api(r.api()), options(o), operation(std::move(op)), deadline(d), read(o)
        {}

        any_request const request;
        std::string const api;
        quorum_options const options;
        std::unique_ptr<quorum_operation> operation;
        time_point const deadline;
        quorum_read<Dependent> read;
        std::vector<question> questions; // under way
        bool begun = false;              // a node took part
    };

    // One of its questions to one of its nodes.
    class read_operation final : public call_operation
    {
    public:
        read_operation(pool_driver& pool, std::uint64_t id, std::size_t node, quorum_question what,
                       quorum_operation& of)
            : pool_(pool), id_(id), node_(node), what_(what), of_(of), sent_(clock::now())
        {}

        result<void> decode(std::string_view json) override
        {
            if (what_ == quorum_question::head)
            {
                auto const read = read_json(json, type_of<quorum_properties>, &head_, *options);
                if (read && head_.head_block_id == block_id()) // without it nothing can be compared
                    return error(errc::missing_member, {}, "/head_block_id");
                return read;
            }
            auto canonical = of_.canonical(json);
            if (!canonical)
                return canonical.error();
            said_.canonical = std::move(*canonical);
            said_.json = json;
            return {};
        }

        void complete(std::unique_ptr<call_operation> self, call_end end, asio::any_io_executor const&,
                      bool inside) override
        {
            if (end.ec == errc::cancelled)
                return;
            std::unique_ptr<read_operation> const own(static_cast<read_operation*>(self.release()));
            pool_.told(*own, std::move(end), inside);
        }

    private:
        friend class pool_driver;

        pool_driver& pool_;
        std::uint64_t id_;
        std::size_t node_;
        quorum_question what_;
        quorum_operation& of_; // lives as long as the read, which ends its questions
        time_point sent_;
        quorum_properties head_;
        quorum_said said_;
    };

    // A question of the pool's own.
    template <class Reply>
    class probe_operation final : public call_operation
    {
    public:
        probe_operation(pool_driver& pool, std::size_t node, std::string_view question)
            : pool_(pool), node_(node), question_(question)
        {}

        result<void> decode(std::string_view json) override
        {
            return read_json(json, type_of<Reply>, &reply_, *options);
        }

        void complete(std::unique_ptr<call_operation>, call_end end, asio::any_io_executor const&, bool) override
        {
            if (end.ec == errc::cancelled)
                return;
            if (!end.ec && !end.refusal)
                return pool_.learned(node_, reply_);
            std::string why =
                std::string(question_) + ": " + (end.refusal ? end.refusal->message() : described(end.ec, end.detail));
            pool_.tell([&](time_point now) { pool_.engine_.failed(node_, std::move(why), now); });
        }

    private:
        pool_driver& pool_;
        std::size_t node_;
        std::string_view question_;
        Reply reply_{};
    };

    struct node final : connection_watcher
    {
        node(pool_driver& p, std::size_t i, std::vector<node_url> c) : pool(p), index(i), candidates(std::move(c)) {}

        void on_date(std::int64_t seconds) override { pool.engine_.dated(index, seconds, clock::now()); }
        void on_open() override
        {
            reached = true;
            pool.tell([this](time_point now) { pool.engine_.connected(index, now); });
        }
        void on_frame() override { pool.engine_.heard(index, clock::now()); }
        void on_lost(error_code ec, std::string const& detail) override { pool.lost(*this, ec, detail); }
        bool on_notice(std::uint64_t callback, std::string_view payload_json) override
        {
            return pool.listeners.tell(callback, payload_json);
        }

        pool_driver& pool;
        std::size_t const index;
        std::vector<node_url> const candidates;
        std::size_t candidate = 0;                // the URL in use
        bool reached = false;                     // and it is the right one
        bool checked = false;                     // the connection's chain, where nobody named one
        std::uint32_t asked_block = 0;            // of which the id was asked for
        std::optional<session::call_id> question; // the pool's last one on this connection
        std::shared_ptr<client_connection<Dependent>> connection;
    };

    struct ending
    {
        std::unique_ptr<call_operation> operation;
        call_end end;
    };

    static std::vector<typename pool_engine<Dependent>::node_terms> terms(node_list const& list)
    {
        std::vector<typename pool_engine<Dependent>::node_terms> all;
        for (node_entry const& entry : list)
        {
            request_rate const rate = entry.rate();
            all.push_back({rate.per_second, static_cast<double>(rate.burst)});
        }
        return all;
    }

    static std::uint64_t seed()
    {
        unsigned char bytes[sizeof(std::uint64_t)] = {}; // zeros will do where there is no chance to be had
        RAND_bytes(bytes, sizeof bytes);
        std::uint64_t value = 0;
        for (unsigned char const b : bytes)
            value = value << 8 | b;
        return value;
    }

    static std::string described(error_code ec, std::string const& detail)
    {
        return detail.empty() ? ec.message() : ec.message() + ": " + detail;
    }

    // Runs the engine; then the calls that have ended are told, of which one may be on the spot: `inside` a handler of the
    // executor that has nothing else to do. The others must not be lost when its handler throws.
    template <class Function>
    void tell(Function const& function, bool inside = false)
    {
        function(clock::now());
        if (!readings_.empty())
            read_on(clock::now());
        arm();
        while (!endings_.empty())
        {
            ending e = std::move(endings_.back());
            endings_.pop_back();
            complete(std::move(e.operation), std::move(e.end), inside && endings_.empty());
        }
    }

    void complete(std::unique_ptr<call_operation> operation, call_end end, bool inside)
    {
        call_operation& o = *operation;
        o.complete(std::move(operation), std::move(end), executor_, inside);
    }

    void arm()
    {
        time_point const next = std::min(engine_.next_tick(), next_reading_);
        if (gone_ || next == time_point::max() || (armed_ && *armed_ <= next))
            return;
        armed_ = next;
        timer_.expires_at(next);
        timer_.async_wait([weak = this->weak_from_this()](error_code ec) {
            auto const self = weak.lock();
            if (ec || !self || self->gone_)
                return;
            self->armed_.reset();
            self->tell([&](time_point now) { self->engine_.tick(now); }, true);
        });
    }

    void cancel(std::uint64_t id)
    {
        call* const c = calls_.find(id);
        if (c == nullptr)
            return;
        engine_.cancel(id);
        auto operation = std::move(c->operation);
        calls_.erase(id);
        complete(std::move(operation), {errc::cancelled, std::nullopt, {}}, false);
    }

    // What nodes may have less of than others: what the request says, or the limit of its method.
    static std::uint64_t topic_of(any_request const& request)
    {
        std::string_view const name = request.topic();
        std::string_view const text = request.text();
        return std::hash<std::string_view>()(
            !name.empty() ? name : text.substr(0, text.size() - request.params_json().size()));
    }

    // What came of an attempt, before anything else is read to the same place.
    void weigh(std::uint64_t id, call_operation const& of, std::string_view json)
    {
        attempt* const a = attempts_.find(id);
        if (a == nullptr)
            return;
        call& c = *calls_.find(a->call);
        std::uint64_t const missing = c.request.missing_in(of.value());
        a->partial = missing != 0 && c.request.repeatable();
        if (a->partial && (!c.best || missing < c.best->missing))
            c.best.reset(new part{id, missing, std::string(json), {}});
    }

    void ended(std::uint64_t id, call_end end, bool inside)
    {
        auto const self = this->shared_from_this(); // a handler may destroy the pool
        attempt const* const found = attempts_.find(id);
        if (found == nullptr)
            return;
        std::uint64_t const of = found->call;
        attempt_end how = found->partial ? attempt_end::partial : attempt_end::answered;
        attempts_.erase(id);
        std::string why;
        call& c = *calls_.find(of);
        if (end.ec)
        {
            how = end.ec == errc::timed_out       ? attempt_end::timed_out
                  : end.ec == errc::invalid_reply ? attempt_end::node_fault
                                                  : attempt_end::broken;
            why = described(end.ec, end.detail);
            // Something was done, and what, nobody can read: of what may not be asked twice that is as if nothing had come.
            if (end.ec == errc::invalid_reply && !calls_.find(of)->request.repeatable())
                how = attempt_end::broken;
        }
        else if (end.refusal && *end.refusal == node_errc::unknown_method)
            how = attempt_end::lacking;
        else if (end.refusal && *end.refusal == node_errc::internal_error)
            how = attempt_end::node_fault;
        else if (end.refusal && is_limit_refusal(*end.refusal) && c.request.repeatable())
        {
            how = attempt_end::partial;
            if (!c.best || c.best->json.empty())
                c.best.reset(new part{0, std::numeric_limits<std::uint64_t>::max(), {}, end});
        }
        if (end.refusal && how != attempt_end::answered)
            why = end.refusal->message();
        c.last = std::move(end);
        tell([&](time_point now) { engine_.ended(id, how, std::move(why), now); }, inside);
    }

    bool is_live(std::size_t i) const
    {
        auto const& live = engine_.live();
        return std::find(live.begin(), live.end(), i) != live.end();
    }

    // Takes up the quorum reads where they are, behind whatever has happened.
    void read_on(time_point now)
    {
        engine_.want(nodes_wanted(now), now);
        next_reading_ = time_point::max();
        for (auto at = readings_.begin(); at != readings_.end();)
        {
            auto const next = std::next(at);
            read_on(at->first, *at->second, now);
            at = next;
        }
        if (readings_.empty())
            engine_.want(0, now);
    }

    // So many as a read asks at once, and in place of those that cannot answer it others.
    std::size_t nodes_wanted(time_point now) const
    {
        std::size_t wanted = 0, used = 0;
        for (auto const& [id, r] : readings_)
        {
            std::size_t blocked = 0;
            for (std::size_t i : engine_.live())
                if (!r->read.takes_part(i) && !may_join(*r, i, now))
                    ++blocked;
            wanted = std::max(wanted, r->options.nodes + blocked);
        }
        for (std::size_t i : engine_.live())
            if (std::any_of(readings_.begin(), readings_.end(),
                            [i](auto const& r) { return r.second->read.takes_part(i); }))
                ++used;
        return std::max(wanted, used);
    }

    bool may_join(reading const& r, std::size_t i, time_point now) const
    {
        return r.read.may_join(i, now) && engine_.can_answer(i, r.api, now);
    }

    void read_on(std::uint64_t id, reading& r, time_point now)
    {
        std::size_t usable = 0;
        for (std::size_t i = 0; i < nodes_.size(); ++i)
        {
            if (!engine_.is_wrong_chain(i) && !r.read.is_excluded(i))
                ++usable;
            if (!r.read.takes_part(i) || is_live(i))
                continue;
            std::erase_if(r.questions, [i](auto const& q) { return q.node == i; }); // went with the connection
            r.read.leave(i, why_not(i, now), now, now);
        }
        while (r.read.wants() != 0)
        {
            std::optional<std::size_t> best;
            auto const rank = [&](std::size_t i) {
                return std::pair(engine_.is_distrusted(i, now), r.read.departures(i));
            };
            for (std::size_t i : engine_.live())
                if (!r.read.takes_part(i) && may_join(r, i, now) && (!best || rank(i) < rank(*best)))
                    best = i;
            if (!best)
                break;
            r.begun = true;
            r.read.join(*best, now);
        }
        for (auto const& ask : r.read.due(now))
        {
            if (time_point const at = engine_.take(ask.node, now); at > now)
                r.read.put_off(ask.node, at);
            else
                put(id, r, ask.node, ask.what);
        }
        if (r.read.over(now))
            agree(id, r, now);
        else if (now >= r.deadline || usable < r.options.agree)
            disagree(id, r, usable, now);
        else
            next_reading_ = std::min({next_reading_, r.deadline, r.read.next_tick(now)});
    }

    void put(std::uint64_t id, reading& r, std::size_t i, quorum_question what)
    {
        any_request const head("database", "get_dynamic_global_properties", "[]");
        auto operation = std::make_unique<read_operation>(*this, id, i, what, *r.operation);
        session::call_id const on_connection =
            nodes_[i]->connection->submit(what == quorum_question::head ? head : r.request, std::move(operation),
                                          clock::now() + bounded(r.options.node_timeout));
        r.questions.push_back({i, on_connection});
    }

    void told(read_operation& question, call_end end, bool inside)
    {
        auto const self = this->shared_from_this(); // a handler may destroy the pool
        auto const found = readings_.find(question.id_);
        if (found == readings_.end())
            return;
        reading& r = *found->second;
        std::size_t const i = question.node_;
        std::erase_if(r.questions, [i](auto const& q) { return q.node == i; });
        bool const is_head = question.what_ == quorum_question::head;
        bool const lacking = end.refusal && (is_head || *end.refusal == node_errc::unknown_method ||
                                             *end.refusal == node_errc::internal_error);
        tell(
            [&](time_point now) {
                std::string const api = is_head ? "database" : r.api;
                if (end.ec == errc::timed_out)
                {
                    std::string why =
                        "it did not answer within " + std::to_string(r.options.node_timeout.count()) + " ms";
                    r.read.leave(i, why, now + r.options.rejoin, now);
                    engine_.silent(i, std::move(why), now);
                }
                else if (lacking || end.ec == errc::invalid_reply)
                {
                    std::string why = end.refusal ? end.refusal->message() : described(end.ec, end.detail);
                    r.read.exclude(i, why, now);
                    engine_.lacking(i, api, std::move(why), now);
                }
                else if (end.ec)
                    r.read.leave(i, described(end.ec, end.detail), now, now);
                else
                {
                    engine_.told(i, api, now - question.sent_, now);
                    if (is_head)
                        r.read.head(i, {question.head_.head_block_number, question.head_.head_block_id}, now);
                    else
                    {
                        question.said_.refusal = std::move(end.refusal);
                        r.read.answer(i, std::move(question.said_), now);
                    }
                }
            },
            inside);
    }

    // Of a read that ends.
    std::unique_ptr<quorum_operation> take_read(std::uint64_t id, reading& r)
    {
        for (auto const& q : r.questions)
            if (auto const& connection = nodes_[q.node]->connection)
                connection->cancel(q.on_connection);
        auto operation = std::move(r.operation);
        readings_.erase(id);
        return operation;
    }

    void agree(std::uint64_t id, reading& r, time_point now)
    {
        quorum_operation& o = *r.operation;
        quorum_said const& said = r.read.said();
        o.head = r.read.at();
        for (std::size_t i : r.read.agreeing())
            o.agreed.push_back(list_[i].url);
        for (std::size_t i : r.read.deviating())
        {
            o.deviated.push_back(list_[i].url);
            engine_.deviated(i,
                             std::string(r.request.method()) + ": another answer than that of " +
                                 std::to_string(r.read.agreeing().size()) + " nodes at block " +
                                 std::to_string(o.head.number),
                             now);
        }
        call_end end{};
        end.refusal = said.refusal;
        if (!said.refusal)
            if (auto const read = o.decode(said.json); !read)
            {
                end.ec = read.error().code();
                end.detail = read.error().message();
            }
        auto operation = take_read(id, r);
        endings_.push_back({std::move(operation), std::move(end)});
    }

    void disagree(std::uint64_t id, reading& r, std::size_t usable, time_point now)
    {
        call_end end{};
        end.ec = r.begun || usable < r.options.agree ? errc::no_quorum : errc::no_node;
        for (std::size_t i = 0; i < nodes_.size(); ++i)
            if (std::string const note = r.read.note(i); !note.empty() || !r.begun)
                end.detail += (end.detail.empty() ? "" : "; ") + list_[i].url.to_string() + ": " +
                              (note.empty() ? why_not(i, now) : note);
        auto operation = take_read(id, r);
        endings_.push_back({std::move(operation), std::move(end)});
    }

    void cancel_read(std::uint64_t id)
    {
        auto const found = readings_.find(id);
        if (found == readings_.end())
            return;
        auto operation = take_read(id, *found->second);
        if (readings_.empty())
        {
            engine_.want(0, clock::now());
            next_reading_ = time_point::max();
        }
        complete(std::move(operation), {errc::cancelled, std::nullopt, {}}, false);
    }

    void learned(std::size_t i, chain_id_type const& found)
    {
        if (!chain_)
            chain_ = found;
        if (found == *chain_)
        {
            nodes_[i]->checked = true;
            ask<probed_head>(i, "get_dynamic_global_properties");
        }
        else
            tell([&](time_point now) { engine_.wrong_chain(i, "it serves " + to_hex(found.data), now); });
    }

    void learned(std::size_t i, probed_head const& found)
    {
        node_head const head{found.head_block_number, found.time.seconds, found.next_maintenance_time.seconds,
                             found.last_irreversible_block_num};
        tell([&](time_point now) { engine_.probed(i, head, now); });
    }

    void learned(std::size_t i, std::optional<checked_header> const& found)
    {
        // Of the block behind the one that was asked for; where its number does not fit, the node has not got it.
        std::uint32_t const block = nodes_[i]->asked_block;
        bool const fits = found && block_num_of(found->previous) == block;
        tell([&](time_point now) {
            engine_.checked(i, block, fits ? std::optional(found->previous) : std::nullopt, now);
        });
    }

    void lost(node& n, error_code ec, std::string const& detail)
    {
        // A server that is busy, or before a node that is down, says nothing of the path.
        bool const busy = detail.starts_with("HTTP status 429") || detail.starts_with("HTTP status 5");
        if (ec == errc::handshake_refused && !n.reached && !busy)
            n.candidate = (n.candidate + 1) % n.candidates.size();
        tell([&](time_point now) {
            if (ec == errc::wrong_chain)
                engine_.wrong_chain(n.index, detail, now);
            else
                engine_.failed(n.index, described(ec, detail), now);
        });
    }

    // pool_actions
    void connect(std::size_t i) override
    {
        node& n = *nodes_[i];
        n.checked = false;
        n.question.reset();
        n.connection = std::make_shared<client_connection<Dependent>>(executor_, n.candidates[n.candidate], transports_,
                                                                      options_, &n);
        n.connection->open();
    }

    void probe(std::size_t i) override
    {
        if (options_.chain_id() || nodes_[i]->checked)
            ask<probed_head>(i, "get_dynamic_global_properties");
        else
            ask<chain_id_type>(i, "get_chain_id");
    }

    void check(std::size_t i, std::uint32_t block) override
    {
        nodes_[i]->asked_block = block;
        ask<std::optional<checked_header>>(i, "get_block_header", "[" + std::to_string(block + 1) + "]");
    }

    template <class Reply>
    void ask(std::size_t i, std::string_view method, std::string_view parameters = "[]")
    {
        node& n = *nodes_[i];
        if (n.question)
            n.connection->cancel(
                *n.question); // one that was not answered: what comes of it late is not this one's answer
        n.question =
            n.connection->submit(any_request("database", method, parameters),
                                 std::make_unique<probe_operation<Reply>>(*this, i, method), session::no_deadline);
    }

    void disconnect(std::size_t i) override
    {
        if (auto const connection = std::exchange(nodes_[i]->connection, nullptr))
        {
            connection->unwatch();
            connection->shut_down();
        }
    }

    void send(std::uint64_t id, std::uint64_t of, std::size_t i) override
    {
        call& c = *calls_.find(of);
        c.sent = true;
        auto const on_connection = nodes_[i]->connection->submit(
            c.request, std::make_unique<attempt_operation>(*this, id, *c.operation), session::no_deadline);
        attempts_.insert(id, {i, of, on_connection});
    }

    void abandon(std::uint64_t id) override
    {
        attempt const* const found = attempts_.find(id);
        if (found == nullptr)
            return;
        attempt const a = *found;
        attempts_.erase(id);
        if (auto const& connection = nodes_[a.node]->connection)
            connection->cancel(a.on_connection);
    }

    void finish(std::uint64_t id, std::uint64_t) override
    {
        call& c = *calls_.find(id);
        endings_.push_back({std::move(c.operation), std::move(c.last)});
        calls_.erase(id);
    }

    std::uint64_t settle(std::uint64_t id) override
    {
        call& c = *calls_.find(id);
        std::uint64_t const best = c.best->attempt;
        call_end end = std::move(c.best->end);
        if (!c.best->json.empty())
            (void)c.operation->decode(c.best->json); // again: others were read since
        endings_.push_back({std::move(c.operation), std::move(end)});
        calls_.erase(id);
        return best;
    }

    void give_up(std::uint64_t id, pool_failure why) override
    {
        call& c = *calls_.find(id);
        call_end end = std::move(c.last);
        if (why == pool_failure::maybe_applied)
        {
            // What a node said before it was sent to the one that was lost says nothing of that.
            std::string unread = end.ec == errc::invalid_reply ? described(end.ec, end.detail) : std::string();
            end = {errc::maybe_applied, std::nullopt, std::move(unread)};
        }
        // A node's own words say more than that nothing came of it.
        if (!end.refusal && end.ec != errc::invalid_reply && end.ec != errc::maybe_applied)
        {
            end.detail = end.ec ? described(end.ec, end.detail) : std::string();
            switch (why)
            {
            case pool_failure::timed_out: end.ec = c.sent ? errc::timed_out : errc::no_node; break;
            case pool_failure::maybe_applied: break;
            case pool_failure::retry_budget: end.ec = errc::retry_budget; break;
            case pool_failure::rate_limited: end.ec = errc::rate_limited; break;
            case pool_failure::wrong_chain: end.ec = errc::wrong_chain; break;
            }
            if (!c.sent)
                end.detail = each_ones_error();
        }
        endings_.push_back({std::move(c.operation), std::move(end)});
        calls_.erase(id);
    }

    void changed(pool_event const& event) override
    {
        if (options_.log())
        {
            std::string text = list_[event.node].url.to_string() + ": " + std::string(name_of(event.state));
            if (!event.why.empty())
                text += ", " + event.why;
            asio::post(executor_, [log = options_.log(), text = std::move(text)] { log(log_level::info, text); });
        }
        if (events_)
            asio::post(executor_, [weak = this->weak_from_this(), event] {
                if (auto const self = weak.lock(); self && !self->gone_)
                    self->events_(event);
            });
    }

    std::string why_not(std::size_t i, time_point now) const
    {
        node_status const s = engine_.status(i, now);
        std::string const& why = s.why.empty() ? s.last_error : s.why;
        return why.empty() ? std::string(name_of(s.state)) : why;
    }

    std::string each_ones_error() const
    {
        std::string all;
        for (std::size_t i = 0; i < nodes_.size(); ++i)
            all += (all.empty() ? "" : "; ") + list_[i].url.to_string() + ": " + why_not(i, clock::now());
        return all;
    }

    asio::any_io_executor const executor_;
    node_list const list_;
    transport_factory const transports_;
    client_options options_;
    pool_event_handler events_;
    json_options json_options_;
    std::optional<chain_id_type> chain_; // where nobody named one
    std::vector<std::unique_ptr<node>> nodes_;
    pool_engine<Dependent> engine_;
    number_map<call> calls_;
    number_map<attempt> attempts_;
    std::map<std::uint64_t, std::unique_ptr<reading>> readings_;
    time_point next_reading_ = time_point::max();
    std::uint64_t last_call_ = 0;
    std::vector<ending> endings_; // of calls that the engine has done with
    asio::steady_timer timer_;
    std::optional<time_point> armed_;
    bool gone_ = false;
};

BITSHARES_DECL result<std::string> quorum_operation::canonical(std::string_view json)
{
    void* const value = fresh();
    if (auto const read = read_json(json, type(), value, *options); !read)
        return read.error();
    std::string text;
    detail::write_json(text, type(), value, options->key_prefix);
    return canonical_json(text);
}

BITSHARES_DECL void check_quorum(any_request const& request, quorum_options const& options)
{
    if (!request.repeatable())
        throw std::invalid_argument("a request that may be sent only once cannot be asked of several nodes");
    if (options.agree > options.nodes || options.agree <= options.nodes / 2)
        throw std::invalid_argument("a quorum is more than half of the nodes that are asked, and not more than all");
}

} // namespace detail

BITSHARES_LAZY node_pool::node_pool(asio::any_io_executor executor, node_list nodes, transport_factory transports,
                                    client_options options, pool_options const& pool, pool_event_handler events)
    : client(std::make_shared<BITSHARES_DEPENDENT(detail::pool_driver<>)>(
          std::move(executor), std::move(nodes), std::move(transports), std::move(options), pool, std::move(events)))
{}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
