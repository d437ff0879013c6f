#pragma once

#include <bitshares/net/transport.hpp>

#include <boost/asio/post.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace bitshares_test {

namespace asio = boost::asio;

/* What the tests decide about the connections of a client: whether they come about, and what the node answers. */
struct fake_network
{
    bitshares::error_code connect_result;
    bool connect_hangs = false;
    bool write_hangs = false;
    bool close_hangs = false;
    bitshares::error_code write_result;
    std::string detail;
    std::optional<std::int64_t> date;
    // Called with each frame written; gives the frames that the node sends back.
    std::function<std::vector<std::string>(std::string const&)> node = [](std::string const&) {
        return std::vector<std::string>();
    };

    int connections = 0; // made so far
    int alive = 0;
    std::vector<std::string> written;
    std::string_view last_frame; // where it stands, as long as the client keeps it
    class fake_transport* current = nullptr;

    bitshares::transport_factory factory();
};

class fake_transport final : public bitshares::transport
{
public:
    fake_transport(fake_network& network, asio::any_io_executor executor)
        : network_(network), executor_(std::move(executor))
    {
        ++network_.alive;
        network_.current = this;
    }
    ~fake_transport() override
    {
        --network_.alive;
        close();
        if (network_.current == this)
            network_.current = nullptr;
    }

    void async_connect(asio::any_completion_handler<void(bitshares::error_code)> handler) override
    {
        ++network_.connections;
        if (network_.connect_hangs)
            connecting_.swap(handler); // Boost 1.81: move assignment never returns
        else
            post(std::move(handler), network_.connect_result);
    }
    void async_read(asio::any_completion_handler<void(bitshares::error_code, std::string_view)> handler) override
    {
        reading_.swap(handler);
        deliver();
    }
    void async_write(std::string_view message,
                     asio::any_completion_handler<void(bitshares::error_code)> handler) override
    {
        network_.written.emplace_back(message);
        network_.last_frame = message;
        if (network_.write_hangs)
        {
            writing_.swap(handler);
            return;
        }
        if (!network_.write_result)
            for (std::string& reply : network_.node(std::string(message)))
                send(std::move(reply));
        post(std::move(handler), network_.write_result);
    }
    void async_close(asio::any_completion_handler<void(bitshares::error_code)> handler) override
    {
        if (network_.close_hangs)
        {
            closing_.swap(handler);
            return;
        }
        close();
        post(std::move(handler), {});
    }
    void close() noexcept override
    {
        fail(bitshares::errc::cancelled);
        if (connecting_)
            post(std::move(connecting_), bitshares::errc::cancelled);
        if (writing_)
            post(std::move(writing_), bitshares::errc::cancelled);
        if (closing_)
            post(std::move(closing_), {});
    }
    std::string detail() const override { return network_.detail; }
    std::optional<std::int64_t> date() const override { return network_.date; }

    /// The node sends a frame.
    void send(std::string frame)
    {
        incoming_.push_back(std::move(frame));
        deliver();
    }
    /// The connection breaks.
    void fail(bitshares::error_code ec)
    {
        failure_ = ec;
        deliver();
    }

private:
    void post(asio::any_completion_handler<void(bitshares::error_code)> handler, bitshares::error_code ec)
    {
        asio::post(executor_, [handler = std::move(handler), ec]() mutable { std::move(handler)(ec); });
    }
    void deliver()
    {
        if (!reading_ || (incoming_.empty() && !failure_))
            return;
        std::string frame;
        bitshares::error_code ec;
        if (failure_)
            ec = *failure_;
        else
        {
            frame = std::move(incoming_.front());
            incoming_.pop_front();
        }
        asio::post(executor_, [handler = std::move(reading_), ec, frame = std::move(frame)]() mutable {
            std::move(handler)(ec, std::string_view(frame));
        });
    }

    fake_network& network_;
    asio::any_io_executor executor_;
    asio::any_completion_handler<void(bitshares::error_code)> connecting_;
    asio::any_completion_handler<void(bitshares::error_code)> writing_;
    asio::any_completion_handler<void(bitshares::error_code)> closing_;
    asio::any_completion_handler<void(bitshares::error_code, std::string_view)> reading_;
    std::deque<std::string> incoming_;
    std::optional<bitshares::error_code> failure_;
};

inline bitshares::transport_factory fake_network::factory()
{
    return [this](asio::any_io_executor const& executor, bitshares::node_url const&,
                  bitshares::logger const&) -> std::unique_ptr<bitshares::transport> {
        return std::make_unique<fake_transport>(*this, executor);
    };
}

/// A network for each host.
struct fake_networks
{
    std::map<std::string, fake_network> nodes;
    std::mutex mutex;
    std::vector<std::string> used; // hosts, and paths where they are not "/"

    bitshares::transport_factory factory()
    {
        return [this](asio::any_io_executor const& executor, bitshares::node_url const& url,
                      bitshares::logger const& log) {
            std::lock_guard const lock(mutex);
            used.push_back(url.host() + (url.target() == "/" ? "" : url.target()));
            return nodes.at(url.host()).factory()(executor, url, log);
        };
    }
};

/// The text of the id in a request's frame.
inline std::string id_of(std::string const& frame)
{
    auto const start = frame.find(":") + 1;
    return frame.substr(start, frame.find(',') - start);
}

} // namespace bitshares_test
