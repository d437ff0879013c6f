#pragma once

#include <bitshares/base/hex.hpp>
#include <bitshares/detail/bounded.hpp>
#include <bitshares/net/client.hpp>

#include <boost/asio/steady_timer.hpp>
#include <openssl/crypto.h>

#include <algorithm>
#include <stdexcept>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

inline void wipe(std::string& secret) noexcept
{
    OPENSSL_cleanse(secret.data(), secret.size());
}

BITSHARES_DECL credentials::~credentials()
{
    wipe(user);
    wipe(password);
}

// What a pool wants to know of the connection to one of its nodes. Inside these functions it may shut the connection down.
class connection_watcher
{
public:
    virtual void on_date(std::int64_t seconds) = 0; ///< The node's HTTP server says that it is this time, since 1970.
    virtual void on_open() = 0;                     ///< With all checks: calls may be sent.
    virtual void on_frame() = 0;                    ///< Something was read.
    virtual void on_lost(error_code ec, std::string const& detail) = 0;
    /// As notice_listeners::tell.
    virtual bool on_notice(std::uint64_t callback, std::string_view payload_json) = 0;

protected:
    ~connection_watcher() = default;
};

// The connection to a node, made when the first call needs it. A template, as all that is dear to compile: not where nobody
// makes a client.
template <class Dependent = void>
class client_connection final : public client_state,
                                public std::enable_shared_from_this<client_connection<Dependent>>,
                                private session::events
{
public:
    client_connection(asio::any_io_executor executor, node_url url, transport_factory transports,
                      client_options options, connection_watcher* watcher = nullptr)
        : executor_(std::move(executor)),
          url_(std::move(url)),
          transports_(std::move(transports)),
          options_(std::move(options)),
          watcher_(watcher),
          session_(*this, options_.limits()),
          timer_(executor_)
    {
        json_options_.key_prefix = options_.key_prefix();
        json_options_.limits = options_.limits();
    }

    asio::any_io_executor const& executor() const noexcept override { return executor_; }
    node_url const& url() const noexcept override { return url_; }
    bitshares::network network() const override { return options_.network(); }

    void start(any_request const& request, std::unique_ptr<call_operation> call) override
    {
        if (gone_)
        {
            call_operation& operation = *call;
            return operation.complete(std::move(call), {errc::cancelled, std::nullopt, {}}, executor_, false);
        }
        asio::cancellation_slot slot = call->slot;
        session::call_id const id =
            submit(request, std::move(call), clock::now() + bounded(request.deadline().value_or(options_.deadline())));
        if (slot.is_connected())
            slot.assign([weak = this->weak_from_this(), id](asio::cancellation_type) {
                if (auto const self = weak.lock())
                    self->cancel(id);
            });
    }

    // As start, for those who count the time and cancel themselves.
    session::call_id submit(any_request const& request, std::unique_ptr<call_operation> call,
                            session::time_point deadline)
    {
        call->options = &json_options_;
        session::call_id const id = session_.submit(request, std::move(call), deadline);
        arm();
        if (!connection_)
            connect();
        else
            write();
        return id;
    }

    void cancel(session::call_id id) { session_.cancel(id); }

    // Connects before there is a call.
    void open()
    {
        if (!connection_)
            connect();
    }

    // Nothing is told any more.
    void unwatch() noexcept { watcher_ = nullptr; }

    void cancel_all() override { session_.end_all(errc::cancelled); }

    void close() override
    {
        drop();
        timer_.cancel();
        armed_.reset();
        cancel_all();
    }

    void async_close(asio::any_completion_handler<void(error_code)> handler,
                     asio::any_completion_executor foreign) override
    {
        auto const c = std::exchange(connection_, nullptr);
        close();
        if (auto slot = asio::get_associated_cancellation_slot(handler); c && slot.is_connected())
            slot.assign([weak = std::weak_ptr(c)](asio::cancellation_type) {
                if (auto const leaving = weak.lock(); leaving && leaving->transport)
                    leaving->transport->close();
            });
        auto done = [executor = executor_, foreign = std::move(foreign), handler = std::move(handler),
                     c](error_code) mutable {
            complete_handler(std::move(handler), executor, std::move(foreign), true, error_code());
        };
        if (c && c->transport)
            c->transport->async_close(std::move(done));
        else
            asio::post(executor_, [done = std::move(done)]() mutable { done({}); });
    }

    void shut_down() override
    {
        gone_ = true;
        close();
    }

private:
    using clock = std::chrono::steady_clock;

    // Handlers own it, so that the frame being written lives as long as its operation, and compare it with `connection_`
    // to see whether they belong to the past. It owns the client's state; drop() ends that circle.
    struct connection
    {
        std::shared_ptr<client_connection> owner;
        std::unique_ptr<bitshares::transport> transport;
        std::string frame;
        bool open = false;
        bool verified = false;
        bool writing = false;
        bool secret = false; // the frame being written may hold the password
    };
    using connection_ptr = std::shared_ptr<connection>;

    // The first call on a connection of a client that knows which chain it wants.
    class chain_check final : public call_operation
    {
    public:
        chain_check(client_connection& state, connection_ptr c) : state_(state), connection_(std::move(c)) {}

        result<void> decode(std::string_view json) override
        {
            return read_json(json, type_of<chain_id_type>, &found_, *options);
        }
        void complete(std::unique_ptr<call_operation>, call_end end, asio::any_io_executor const&, bool) override
        {
            state_.checked(connection_, std::move(end), found_);
        }

    private:
        client_connection& state_;
        connection_ptr connection_;
        chain_id_type found_;
    };

    // The call that goes before all others on a connection of a client that has a login.
    class login_check final : public call_operation
    {
    public:
        login_check(client_connection& state, connection_ptr c) : state_(state), connection_(std::move(c)) {}

        result<void> decode(std::string_view json) override
        {
            raw_json answer;
            auto const read = read_json(json, type_of<raw_json>, &answer, *options);
            taken_ = answer.text == "true"; // a node says false, or refuses, where it does not know the user
            return read;
        }
        void complete(std::unique_ptr<call_operation>, call_end end, asio::any_io_executor const&, bool) override
        {
            state_.logged_in(connection_, end, taken_);
        }

    private:
        client_connection& state_;
        connection_ptr connection_;
        bool taken_ = false;
    };

    void say(log_level level, std::string_view text) const
    {
        if (options_.log())
            options_.log()(level, url_.to_string() + ": " + std::string(text));
    }

    static std::string described(error_code ec, std::string const& detail)
    {
        return detail.empty() ? ec.message() : ec.message() + ": " + detail;
    }

    void connect()
    {
        auto const c = connection_ = std::make_shared<connection>();
        c->owner = this->shared_from_this();
        try
        {
            c->transport = transports_(executor_, url_, options_.log());
            if (!c->transport)
                throw std::runtime_error("no transport was made");
            c->transport->async_connect([c](error_code ec) {
                if (c->owner->connection_ == c)
                    c->owner->connected(c, ec);
            });
        }
        // Of a user's factory; calls end with it, and not inside the function that began them.
        catch (std::exception const& e)
        {
            fail_later(c, e.what());
        }
        catch (...)
        {
            fail_later(c, {});
        }
    }

    void fail_later(connection_ptr const& c, std::string what)
    {
        asio::post(executor_, [c, what = std::move(what)] {
            if (c->owner->connection_ == c)
                c->owner->give_up(errc::not_connected, what);
        });
    }

    void connected(connection_ptr const& c, error_code ec)
    {
        if (ec)
            return give_up(ec, c->transport->detail());
        c->open = true;
        if (auto const date = c->transport->date(); date && watcher_)
            watcher_->on_date(*date);
        session_.hold(true);
        if (options_.chain_id())
        {
            auto check = std::make_unique<chain_check>(*this, c);
            check->options = &json_options_;
            session_.submit(any_request("database", "get_chain_id", "[]"), std::move(check),
                            clock::now() + options_.deadline(), true);
            arm();
        }
        else
            introduce(c);
        if (connection_ != c)
            return;
        read(c);
        write();
    }

    void checked(connection_ptr const& c, call_end end, chain_id_type const& found)
    {
        if (connection_ != c)
            return; // the connection's own end was reported
        if (end.ec)
            return give_up(end.ec, "asking for the chain id: " + end.detail);
        if (end.refusal)
            return give_up(errc::invalid_reply, "the node does not tell its chain id: " + end.refusal->message());
        if (found != *options_.chain_id())
            return give_up(errc::wrong_chain, "it serves " + to_hex(found.data));
        introduce(c);
        write();
    }

    // The node is the right one: says who we are, if we are somebody, and lets the calls go.
    void introduce(connection_ptr const& c)
    {
        if (!options_.credentials_)
        {
            return admit(c);
        }
        auto check = std::make_unique<login_check>(*this, c);
        check->options = &json_options_;
        std::string user = json_quote(options_.credentials_->user);
        std::string password = json_quote(options_.credentials_->password);
        std::string parameters;
        parameters.reserve(user.size() + password.size() + 3);
        parameters.append("[").append(user).append(",").append(password).append("]");
        any_request request("login", "login", parameters);
        session_.submit(request, std::move(check), clock::now() + options_.deadline(), true);
        for (std::string* secret : {&user, &password, &parameters, const_cast<std::string*>(&request.text())})
            wipe(*secret); // the frame: when it was written
        arm();
    }

    // What the node says is not repeated: it may repeat what it was told.
    void logged_in(connection_ptr const& c, call_end const& end, bool taken)
    {
        if (connection_ != c)
            return;
        if (end.ec)
            return give_up(end.ec, "logging in");
        if (end.refusal)
            return give_up(errc::login_refused, "code " + std::to_string(end.refusal->code()));
        if (!taken)
            return give_up(errc::login_refused, {});
        admit(c);
        write();
    }

    // Lets the calls go.
    void admit(connection_ptr const& c)
    {
        c->verified = true;
        session_.hold(false);
        if (watcher_)
            watcher_->on_open();
    }

    // Its operations hold the connection; closing ends them.
    void drop()
    {
        if (auto const c = std::exchange(connection_, nullptr))
            if (c->transport)
                c->transport->close();
    }

    // This connection will not do for anybody.
    void give_up(error_code ec, std::string const& detail)
    {
        drop();
        if (watcher_)
            watcher_->on_lost(ec, detail);
        session_.end_all(ec, detail);
        rest();
        say(log_level::warning, described(ec, detail)); // last, as everywhere: a logger may throw
    }

    void lose(error_code ec, std::string detail)
    {
        if (detail.empty())
            detail = connection_->transport->detail();
        if (!connection_->verified)
            return give_up(ec, detail);
        log_level const level = session_.empty() ? log_level::info : log_level::warning;
        drop();
        if (watcher_)
            watcher_->on_lost(ec, detail);
        session_.lost(ec, detail);
        if (session_.unsent() != 0)
            connect();
        rest();
        say(level, described(ec, detail));
    }

    // Nothing to wait for: a timer would only keep the context running.
    void rest()
    {
        if (!connection_ && session_.empty())
        {
            timer_.cancel();
            armed_.reset();
        }
    }

    void write()
    {
        connection_ptr const c = connection_;
        if (!c || !c->open || c->writing)
            return;
        auto frame = session_.next_frame();
        if (!frame)
            return;
        c->frame = std::move(*frame);
        c->writing = true;
        c->secret = !c->verified && options_.credentials_;
        c->transport->async_write(c->frame, [c](error_code ec) {
            c->writing = false;
            if (c->secret)
                wipe(c->frame);
            if (c->owner->connection_ != c)
                return;
            if (ec)
                return c->owner->lose(ec, {});
            c->owner->write();
        });
    }

    void read(connection_ptr const& c)
    {
        c->transport->async_read([c](error_code ec, std::string_view message) {
            if (c->owner->connection_ != c)
                return;
            if (ec)
                return c->owner->lose(ec, {});
            c->owner->process(c, message);
        });
    }

    void process(connection_ptr const& c, std::string_view message)
    {
        // Reading goes on when a handler throws, too; the exception leaves through the context's run().
        struct resume
        {
            client_connection& self;
            connection_ptr const& c;
            ~resume()
            {
                self.inside_ = false;
                if (self.connection_ == c)
                    self.read(c);
            }
        } const guard{*this, c};
        if (watcher_)
            watcher_->on_frame();
        inside_ = true;
        if (!session_.received(message) && connection_ == c)
        {
            inside_ = false;
            lose(errc::invalid_reply,
                 "a frame of " + std::to_string(message.size()) + " bytes that is no JSON-RPC message");
        }
    }

    void arm()
    {
        auto const next = session_.next_deadline();
        if (!next ||
            (armed_ && *armed_ <= *next)) // armed too early: it wakes up once for nothing, about once a deadline
            return;
        armed_ = *next;
        timer_.expires_at(*next);
        timer_.async_wait([self = this->shared_from_this()](error_code ec) {
            if (ec)
                return;
            self->armed_.reset();
            self->session_.expire(clock::now(), self->waiting_for());
            self->arm();
            self->rest();
        });
    }

    // What holds up the calls that were not sent.
    std::string waiting_for() const
    {
        if (!connection_ || !connection_->transport)
            return {};
        if (!connection_->open)
        {
            std::string stage = connection_->transport->detail();
            return stage.empty() ? "connecting" : stage;
        }
        if (!connection_->verified)
            return "asking for the chain id, or logging in";
        return "sending what was asked before";
    }

    // session::events
    void on_end(std::unique_ptr<pending_call> call, call_end end) override
    {
        std::unique_ptr<call_operation> owned(static_cast<call_operation*>(call.release()));
        call_operation& operation = *owned;
        // Only the one call whose reply is being read may be completed on the spot; everything else, also what its handler
        // cancels, comes later.
        operation.complete(std::move(owned), std::move(end), executor_, std::exchange(inside_, false));
    }

    void on_notice(std::uint64_t callback, std::string_view payload_json) override
    {
        inside_ = false;
        bool const own =
            watcher_ ? watcher_->on_notice(callback, payload_json) : this->listeners.tell(callback, payload_json);
        if (!own && options_.notices())
            options_.notices()(callback, payload_json);
    }

    void on_stray(std::string_view frame) override
    {
        if (options_.log())
            say(log_level::debug, "a reply to no call, " + std::to_string(frame.size()) + " bytes");
    }

    asio::any_io_executor const executor_;
    node_url const url_;
    transport_factory const transports_;
    client_options const options_;
    connection_watcher* watcher_;
    json_options json_options_;
    session session_;
    connection_ptr connection_;
    asio::steady_timer timer_;
    std::optional<clock::time_point> armed_;
    bool inside_ = false;
    bool gone_ = false;
};

} // namespace detail

BITSHARES_LAZY client::client(asio::any_io_executor executor, node_url url, transport_factory transports,
                              client_options options)
    : state_(std::make_shared<BITSHARES_DEPENDENT(detail::client_connection<>)>(
          std::move(executor), std::move(url), std::move(transports), std::move(options)))
{}

BITSHARES_DECL client& client::operator=(client&& other) noexcept
{
    if (state_ && state_ != other.state_)
        state_->shut_down();
    state_ = std::move(other.state_);
    return *this;
}

BITSHARES_DECL client::~client()
{
    if (state_)
        state_->shut_down();
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
