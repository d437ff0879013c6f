#pragma once

#include <bitshares/base/reflect.hpp>
#include <bitshares/protocol/raw_json.hpp>
#include <bitshares/testing/node_service.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/** @file
    A node that misbehaves on command: each fault is a member of @ref bitshares::testing::faults, given to
    `node_options::faults` or `node::set_faults`, or read from a file (testing/fault_schedule.hpp).
*/

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {
namespace testing {

/// What is wrong with a certificate.
enum class tls_fault : std::uint8_t
{
    expired,          ///< Yesterday; otherwise good: the node's own certificate has signed it.
    wrong_host,       ///< For `elsewhere.example`; otherwise good.
    self_signed,      ///< Signed by itself, and trusted by nobody.
    unknown_authority ///< Signed by an authority that nobody knows.
};

} // namespace testing

namespace detail {

template <>
struct describe<testing::tls_fault>
{
    static constexpr bool is_leaf = true;
    static constexpr std::string_view names[] = {"expired", "wrong_host", "self_signed", "unknown_authority"};
    static constexpr type_info info{
        .kind = type_kind::enumeration, .size = sizeof(testing::tls_fault), .parameter = 4, .names = names};
};

} // namespace detail

namespace testing {

/// Hits some of the connections: each is drawn once, for its whole life.
struct connection_fault
{
    std::optional<std::uint32_t> permille{}; ///< Of the connections; absent: all.

    friend bool operator==(connection_fault const&, connection_fault const&) = default;
    BITSHARES_FIELDS((permille))
};

/// What a client gets in place of a WebSocket.
struct http_fault
{
    std::uint16_t status = 503;
    std::optional<std::uint32_t> retry_after{}; ///< The field `Retry-After`, in seconds.
    std::optional<std::uint32_t> permille{};    ///< Of the connections; absent: all.

    friend bool operator==(http_fault const&, http_fault const&) = default;
    BITSHARES_FIELDS((status), (retry_after), (permille))
};

/// Which certificate is shown.
struct certificate_fault
{
    tls_fault kind = tls_fault::expired;
    std::optional<std::uint32_t> permille{}; ///< Of the connections; absent: all.

    friend bool operator==(certificate_fault const&, certificate_fault const&) = default;
    BITSHARES_FIELDS((kind), (permille))
};

/// When a connection ends.
struct ending_fault
{
    /// In place of the reply behind so many; absent: at once. That is right behind the WebSocket's handshake for a new
    /// connection, and when the fault is set for one that is open.
    std::optional<std::uint64_t> after_replies{};
    std::optional<std::uint32_t> permille{}; ///< Of the connections; absent: all.

    friend bool operator==(ending_fault const&, ending_fault const&) = default;
    BITSHARES_FIELDS((after_replies), (permille))
};

/// Hits some of the calls over WebSockets.
struct call_fault
{
    std::optional<std::uint32_t> permille{}; ///< Of the calls that are meant; absent: all.

    /// Which calls are meant: APIs (`"history"`) and methods (`"database.get_objects"`); absent: all.
    std::optional<std::vector<std::string>> calls{};

    friend bool operator==(call_fault const&, call_fault const&) = default;
    BITSHARES_FIELDS((permille), (calls))
};

/// By how much a reply is late.
struct delay_fault
{
    std::uint32_t ms = 0;
    std::optional<std::uint32_t> jitter_ms{}; ///< And up to so much more, drawn for each call.
    std::optional<std::uint32_t> permille{};
    std::optional<std::vector<std::string>> calls{}; ///< As in @ref call_fault.

    friend bool operator==(delay_fault const&, delay_fault const&) = default;
    BITSHARES_FIELDS((ms), (jitter_ms), (permille), (calls))
};

/// How many replies are put in another order.
struct reorder_fault
{
    std::optional<std::uint32_t> window{};  ///< So many are held back, and sent newest first; absent: 2.
    std::optional<std::uint32_t> wait_ms{}; ///< Then those there are, if they are fewer; absent: 50.
    std::optional<std::uint32_t> permille{};
    std::optional<std::vector<std::string>> calls{}; ///< As in @ref call_fault.

    friend bool operator==(reorder_fault const&, reorder_fault const&) = default;
    BITSHARES_FIELDS((window), (wait_ms), (permille), (calls))
};

/// A frame that says to be larger than it is.
struct oversize_fault
{
    std::optional<std::uint64_t> bytes{}; ///< What the frame's head says; absent: 2^40.
    std::optional<std::uint32_t> permille{};
    std::optional<std::vector<std::string>> calls{}; ///< As in @ref call_fault.

    friend bool operator==(oversize_fault const&, oversize_fault const&) = default;
    BITSHARES_FIELDS((bytes), (permille), (calls))
};

/// Hits some of the notices.
struct notice_fault
{
    std::optional<std::uint32_t> permille{}; ///< Of a connection's notices; absent: all.

    friend bool operator==(notice_fault const&, notice_fault const&) = default;
    BITSHARES_FIELDS((permille))
};

/// Another chain's id.
struct wrong_chain_fault
{
    std::optional<std::string> chain_id{}; ///< Hexadecimal; absent: the chain's own, read backwards.

    friend bool operator==(wrong_chain_fault const&, wrong_chain_fault const&) = default;
    BITSHARES_FIELDS((chain_id))
};

/// How old a node's head is.
struct stale_fault
{
    std::optional<std::uint32_t> blocks{}; ///< So many behind the chain's; absent: 0.
    std::optional<std::uint32_t> at{};     ///< And never beyond this block: the node is stuck there.

    friend bool operator==(stale_fault const&, stale_fault const&) = default;
    BITSHARES_FIELDS((blocks), (at))
};

/// A head that jumps to and fro, as behind a balancer of several nodes.
struct backwards_fault
{
    std::optional<std::uint32_t> blocks{}; ///< How far back; absent: 10.
    std::optional<std::uint32_t> every{};  ///< Each so manieth answer about the head on a connection; absent: 2.

    friend bool operator==(backwards_fault const&, backwards_fault const&) = default;
    BITSHARES_FIELDS((blocks), (every))
};

/// The last block that a forked node has in common with the others.
struct fork_fault
{
    std::uint32_t after = 0;

    friend bool operator==(fork_fault const&, fork_fault const&) = default;
    BITSHARES_FIELDS((after))
};

/// Another value in place of the true one.
struct lie_fault
{
    std::optional<std::string> member{}; ///< Of all objects in the result; absent: `amount`.
    std::optional<raw_json> value{};     ///< Absent: an integer grows by 1, anything else stays.
    std::optional<std::uint32_t> permille{};
    std::optional<std::vector<std::string>> calls{}; ///< As in @ref call_fault.

    friend bool operator==(lie_fault const&, lie_fault const&) = default;
    BITSHARES_FIELDS((member), (value), (permille), (calls))
};

/// Blocks of which a node has lost the operations. Both ends belong to it.
struct hole_fault
{
    std::uint32_t first_block = 0;
    std::uint32_t last_block = 0;

    friend bool operator==(hole_fault const&, hole_fault const&) = default;
    BITSHARES_FIELDS((first_block), (last_block))
};

/// How much a node gives at once.
struct limit_fault
{
    std::uint32_t limit = 1; ///< Items.

    friend bool operator==(limit_fault const&, limit_fault const&) = default;
    BITSHARES_FIELDS((limit))
};

/** All that can be wrong with a @ref node at a time; absent members: nothing.

    A fault of calls hits the reply that comes with a block or later, too.

    What is left to chance is drawn from @ref seed, the number of the connection and the number of the call on it: the same
    in each run, whatever the threads do.

    As JSON, with @ref json_mode::strict: `{"delay":{"ms":50,"calls":["history"]},"refuse":{"permille":100}}`; `{}` in place
    of a fault's members: all the defaults.
*/
struct faults
{
    std::optional<std::uint64_t> seed{}; ///< Absent: 1.

    /// @name Connections
    /// @{

    /// The port is closed: `connection_refused`. With a share of the connections it stays open, and those are reset right
    /// behind the system's handshake. Connections that are open stay.
    std::optional<connection_fault> refuse{};

    /// New connections are accepted, and never told anything; they stay so when the fault is taken away.
    std::optional<connection_fault> tarpit{};

    /// New connections are shown another certificate. Only where @ref node_options::tls is there, and only as described
    /// where it may sign others, as those of @ref make_certificate may.
    std::optional<certificate_fault> tls{};

    std::optional<http_fault> http_status{}; ///< In place of the WebSocket, and of answers over HTTP.
    std::optional<ending_fault> drop{};      ///< The connection is closed without a close frame.

    /// Nothing is sent or read any more, for ever, though the TCP connection is there: as when the other machine is gone,
    /// only that this one's system still acknowledges what fits into its buffer.
    std::optional<ending_fault> half_open{};

    /// Calls and notices wait: WebSockets are accepted, pings are answered, nothing else is. What waits is answered when the
    /// fault is taken away.
    std::optional<connection_fault> freeze{};
    /// @}

    /// @name Replies over WebSockets
    /// Several at once: in this order.
    /// @{
    std::optional<call_fault> lose{};                ///< There is no reply, though the call was carried out.
    std::optional<call_fault> unknown_id{};          ///< The reply has an id that nobody used.
    std::optional<call_fault> garbage{};             ///< In place of the reply stands text that is no JSON.
    std::optional<delay_fault> delay{};              ///< Others overtake it.
    std::optional<reorder_fault> reorder{};          ///< The newest goes first.
    std::optional<call_fault> close_mid_frame{};     ///< Half of the frame, then the connection is closed.
    std::optional<oversize_fault> oversized_frame{}; ///< The frame's head announces more than clients take.

    /// The frame's last half is missing, and the connection stays: the client waits, and takes what comes next for it.
    std::optional<call_fault> truncated_frame{};
    std::optional<call_fault> duplicate{}; ///< The reply is sent twice.
    /// @}

    /// @name Notices
    /// Those of the service and of @ref node::send alike.
    /// @{
    std::optional<notice_fault> lose_notices{};
    std::optional<notice_fault> duplicate_notices{};
    /// @}

    /// @name Values
    /// What the service answers is rewritten, see @ref fault_rewriter; over HTTP, too.
    /// @{
    std::optional<wrong_chain_fault> wrong_chain{};
    std::optional<stale_fault> stale_head{};
    std::optional<backwards_fault> head_backwards{};
    std::optional<fork_fault> fork{};
    std::optional<lie_fault> lie{};
    std::optional<hole_fault> history_hole{};

    /// APIs (`"history"`) and methods (`"database.get_objects"`) that there are not: -32601, "Method not found".
    std::optional<std::vector<std::string>> missing_apis{};
    std::optional<limit_fault> limits{};
    /// @}

    friend bool operator==(faults const&, faults const&) = default;
    BITSHARES_FIELDS((seed), (refuse), (tarpit), (tls), (http_status), (drop), (half_open), (freeze), (lose), (unknown_id),
                     (garbage), (delay), (reorder), (close_mid_frame), (oversized_frame), (truncated_frame), (duplicate),
                     (lose_notices), (duplicate_notices), (wrong_chain), (stale_head), (head_backwards), (fork), (lie),
                     (history_hole), (missing_apis), (limits))
};

/// A number that is as good as random, and always the same for the same numbers.
BITSHARES_DECL std::uint64_t fault_number(std::uint64_t seed, std::uint32_t fault, std::uint64_t connection,
                                          std::uint64_t call);

/// What a frame calls. All is empty where it is no call; the texts live as long as the frame.
struct fault_call
{
    std::string api;
    std::string method;
    std::string_view id;     ///< JSON.
    std::string_view params; ///< JSON: the method's own. Empty where there are none.

    /// True where `calls` is absent or names the API or the method.
    BITSHARES_DECL bool is_one_of(std::optional<std::vector<std::string>> const& calls) const;
};

/** Answers as the service of a connection does, with the faults that concern values.

    Knows no sockets, and no service but by its JSON, so that a recording and a @ref chain lie alike. Texts keep their
    meaning, not their white space.

    @li `wrong_chain`: the result of `get_chain_id` and every member `chain_id`.
    @li `stale_head`, `head_backwards`: the dynamic global properties (2.1.0), wherever they stand, tell of an earlier block:
        its number, id, time and witness, as far as the service knows them, otherwise the id is made up and the time counted
        back by 3 s a block. The irreversible block is as much earlier. Only of a stale head: `get_block`, `get_block_header`,
        `get_block_header_batch` and `get_blocks` know none beyond it, and notices of blocks tell of the earlier one; of a
        node that is stuck there are none. Other objects, histories and transactions stay what they are.
    @li `fork`: the ids of all blocks behind the last common one are others, always the same: in the dynamic global
        properties, in headers (`previous`) and in notices of blocks. The transactions in the blocks are those of the true
        chain, witnesses' signatures do not fit, and a transaction that refers to such a block is refused by the true
        chain's rules, the node's own too. @ref fork_of makes a true fork.
    @li `lie`: every member of that name in the results of those calls.
    @li `history_hole`: operations of those blocks are not in the lists that the API history gives; no count tells of it.
    @li `missing_apis`: the error of a node that does not know the name, and its list of what it knows is without it. An API
        whose number was given out before answers so to each method. `get_available_api_sets` is not changed.
    @li `limits`: a greater limit is refused by a node's words; where none is given, the list is cut. `get_config` tells of
        it. Methods whose limit is known here: those of the API history, and of the API database's lists.

    What the service says later than at once, but for notices, stays as it is.
    Not thread-safe.
*/
class fault_rewriter
{
public:
    /// @param service Outlives it. @param connection Its number, for what is drawn.
    BITSHARES_DECL explicit fault_rewriter(node_service::connection& service, std::uint64_t connection = 0);

    /// As node_service::connection::answer.
    BITSHARES_DECL std::optional<std::string> answer(std::string_view frame, faults const& wrong);

    /// What becomes of a notice; nothing: it is not sent. Anything else stays what it is.
    BITSHARES_DECL std::optional<std::string> notice(std::string frame, faults const& wrong);

    /// What a frame calls: an API's number is resolved where @ref answer has seen how it was given out.
    BITSHARES_DECL fault_call call_of(std::string_view frame) const;

private:
    struct shown_head
    {
        std::uint32_t number = 0; ///< 0: there is none.
        std::string id;           ///< 40 hexadecimal digits.
        std::string time;
        std::string witness; ///< JSON; empty where it is not known.
    };

    BITSHARES_DECL std::optional<std::string> ask(std::string_view frame, fault_call const& call, faults const& wrong);
    BITSHARES_DECL std::string ask_result(std::string const& method, std::string const& params);
    BITSHARES_DECL std::string ask_as_missing(std::string_view frame, fault_call const& call);
    BITSHARES_DECL std::string head_properties(std::string_view json, std::uint32_t behind, faults const& wrong);
    BITSHARES_DECL shown_head head_at(std::uint32_t number, std::string_view true_properties);
    BITSHARES_DECL void rewrite_result(std::string& reply, fault_call const& call, faults const& wrong);
    BITSHARES_DECL void rewrite_heads(std::string& result, fault_call const& call, faults const& wrong);

    node_service::connection& service_;
    std::uint64_t connection_;
    std::uint64_t calls_ = 0;
    std::uint64_t heads_ = 0; // answers about the head
    std::map<std::uint64_t, std::string> apis_{{0, "database"}, {1, "login"}};
};

} // namespace testing
} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/testing/faults.ipp>
#endif
