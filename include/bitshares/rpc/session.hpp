#pragma once

#include <bitshares/base/limits.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/rpc/node_error.hpp>
#include <bitshares/rpc/request.hpp>

#include <chrono>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

// The texts of a JSON-RPC message's members, empty where there is none.
struct envelope_json
{
    std::string_view id;
    std::string_view result;
    std::string_view error;
    std::string_view method;
    std::string_view params;
};

/* Splits an object into the texts of its members. The text is valid JSON already, so that brackets and quotes are all that
   needs to be looked at. A member that stands twice: the last. False: not an object. */
BITSHARES_DECL bool split_envelope(std::string_view text, envelope_json& envelope);

// An id as number or string.
BITSHARES_DECL std::optional<std::uint64_t> read_id(std::string_view text);

} // namespace detail

/// Callback numbers from here on are the library's own; a node takes any. JavaScript's numbers hold them, too.
inline constexpr std::uint64_t first_own_callback = std::uint64_t{1} << 52;

/// A call under way, as its @ref session sees it: something that can read the reply.
class pending_call
{
public:
    pending_call() = default;
    pending_call(pending_call const&) = delete;
    pending_call& operator=(pending_call const&) = delete;
    virtual ~pending_call() = default;

    /** Reads the reply's result into the call's own value.

        May be called a second time with other text after it failed. Success means that `json` is one whole JSON value
        of the right type and nothing else.
    */
    virtual result<void> decode(std::string_view json) = 0;
};

/// How a call ended. Neither error nor refusal: the result was read by @ref pending_call::decode.
struct call_end
{
    error_code ec;                     ///< The client's own error.
    std::optional<node_error> refusal; ///< The node's answer was an error.
    std::string detail;                ///< More about `ec`.
};

/** The JSON-RPC conversation with one node, without any input or output: frames and the time are parameters.

    Calls get increasing numbers; replies may come in any order. Each call submitted ends exactly once, by
    @ref events::on_end: by its reply, its deadline, @ref cancel, @ref lost, @ref end_all.

    Re-entrancy: inside the events every function of the session may be called.
    Not thread-safe.
*/
class session
{
public:
    using time_point = std::chrono::steady_clock::time_point;
    using call_id = std::uint64_t;

    /// Of calls whose time somebody else counts.
    static constexpr time_point no_deadline = time_point::max();

    /// What a session tells its driver.
    class events
    {
    public:
        virtual ~events() = default;

        /// A call ended; it is not the session's any more.
        virtual void on_end(std::unique_ptr<pending_call> call, call_end end) = 0;

        /// A notice of a subscription. @param payload_json The JSON array that the node sent.
        virtual void on_notice(std::uint64_t callback, std::string_view payload_json) = 0;

        /// A frame that belongs to no call: a late reply, or an error without id. Nothing needs to be done.
        virtual void on_stray(std::string_view frame) = 0;
    };

    explicit session(events& driver, bitshares::limits const& limits = {}) : events_(driver), limits_(limits) {}

    session(session const&) = delete;
    session& operator=(session const&) = delete;

    /** Takes a call; its frame waits for @ref next_frame.

        @param urgent Its frame goes before all others, also while the session is held (see @ref hold).
    */
    BITSHARES_LAZY_DECL call_id submit(any_request const& request, std::unique_ptr<pending_call> call,
                                       time_point deadline, bool urgent = false);

    /// While held, only urgent frames are handed out: for what has to be known before anything else is said.
    void hold(bool held) noexcept { held_ = held; }

    /// The next frame to write, if there is one; from here on its call counts as sent.
    BITSHARES_LAZY_DECL std::optional<std::string> next_frame();

    /** Takes a frame as it was read.

        @return False: the frame is no JSON-RPC message, so the connection cannot be trusted any longer. No call has ended
        by it; call @ref lost.
    */
    BITSHARES_LAZY_DECL bool received(std::string_view frame);

    /** Ends the calls whose deadline has passed with `errc::timed_out`. Their late replies are stray.

        @param before What the calls that were not sent have waited for; of the others the detail says that it was the reply.
    */
    BITSHARES_LAZY_DECL void expire(time_point now, std::string const& before = {});

    /// The earliest deadline of a call under way.
    BITSHARES_LAZY_DECL std::optional<time_point> next_deadline() const;

    /// Ends a call with `errc::cancelled`. A frame that was not handed out never will be. False: it ended before.
    BITSHARES_LAZY_DECL bool cancel(call_id id);

    /// The connection broke: ends the calls that were sent. Those never sent stay, for the next connection.
    BITSHARES_LAZY_DECL void lost(error_code ec, std::string const& detail = {});

    /// Ends all calls.
    BITSHARES_LAZY_DECL void end_all(error_code ec, std::string const& detail = {});

    bool empty() const noexcept { return calls_.empty(); }          ///< No call is under way.
    std::size_t size() const noexcept { return calls_.size(); }     ///< Calls under way.
    std::size_t unsent() const noexcept { return queue_.size(); }   ///< Of them, those whose frame was not handed out.
    std::uint64_t stray_frames() const noexcept { return strays_; } ///< Frames that belonged to no call.

private:
    struct queued
    {
        call_id id;
        std::string frame;
        bool urgent;
    };
    struct entry
    {
        std::unique_ptr<pending_call> call;
        time_point deadline;
        std::list<queued>::iterator place; // while it was not sent: a frame goes with its call
        bool sent = false;
    };
    using call_map = std::unordered_map<call_id, entry>;

    BITSHARES_LAZY_DECL std::unique_ptr<pending_call> take(call_map::iterator at);
    BITSHARES_LAZY_DECL json_options envelope_options() const;
    BITSHARES_LAZY_DECL bool received_general(std::string_view frame);
    BITSHARES_LAZY_DECL bool received_error(std::string_view id, std::string_view error_json, std::string_view frame);
    BITSHARES_LAZY_DECL void end(call_map::iterator at, call_end end);
    BITSHARES_LAZY_DECL bool stray(std::string_view frame);

    template <class Choose>
    void end_if(Choose choose, error_code ec, std::string const& detail);

    events& events_;
    bitshares::limits limits_;
    call_id last_id_ = 0;
    bool held_ = false;
    std::uint64_t strays_ = 0;
    call_map calls_;
    std::set<std::pair<time_point, call_id>> deadlines_;
    std::list<queued> queue_;
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/rpc/session.ipp>
#endif
