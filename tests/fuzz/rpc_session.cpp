// Lines as the frames of a node: whatever it says, each call ends exactly once.

#include "support.hpp"

#include <bitshares/protocol/json.hpp>
#include <bitshares/protocol/raw_json.hpp>
#include <bitshares/rpc/session.hpp>

#include <memory>
#include <vector>

namespace bts = bitshares;

namespace {

template <class T>
class call final : public bts::pending_call
{
public:
    bts::result<void> decode(std::string_view json) override
    {
        auto const read = bts::from_json<T>(json);
        if (!read)
            return read.error();
        return {};
    }
};

class driver final : public bts::session::events
{
public:
    void on_end(std::unique_ptr<bts::pending_call> call, bts::call_end) override
    {
        fuzz::require(call != nullptr, "an end belongs to a call");
        ++ended;
    }
    void on_notice(std::uint64_t, std::string_view) override {}
    void on_stray(std::string_view) override {}

    std::size_t ended = 0;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    driver d;
    bts::session session(d);
    bts::session::time_point const now{};
    constexpr std::size_t calls = 6;
    for (std::size_t i = 0; i < calls; ++i)
    {
        std::unique_ptr<bts::pending_call> pending;
        if (i % 2 == 0)
            pending = std::make_unique<call<bts::raw_json>>();
        else
            pending = std::make_unique<call<std::vector<std::string>>>();
        session.submit(bts::any_request("database", "get_something", "[1]"), std::move(pending),
                       now + std::chrono::seconds(i));
    }
    for (std::size_t i = 0; i + 2 < calls; ++i) // two are never sent
        fuzz::require(session.next_frame().has_value(), "an unsent call has a frame");
    auto text = fuzz::text_of(data, size);
    bool alive = true;
    while (alive && !text.empty())
    {
        auto const line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        alive = session.received(line);
    }
    session.expire(now + std::chrono::seconds(2));
    session.lost(bts::errc::connection_closed);
    session.end_all(bts::errc::cancelled);
    fuzz::require(session.empty() && d.ended == calls, "each call ends exactly once");
    return 0;
}
