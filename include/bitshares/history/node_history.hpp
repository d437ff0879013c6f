#pragma once

#include <bitshares/detail/paged_sequence.hpp>
#include <bitshares/history/paging.hpp>
#include <bitshares/net/blocking_client.hpp>

#include <memory>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** An account's complete history, as a sequence that is read from a node while it is walked.

    @code
    for (auto const& record : bitshares::node_history(node, alice.id))
        std::cout << record.sequence << ' ' << record.op.name() << '\n';
    @endcode
    Either every operation comes, each once, or an exception says which are missing (see @ref history_paging). Holds the
    page in use and at most `requests_in_flight` more, which are asked for ahead by as many threads. A request that the
    connection broke is sent again twice. Of a pool, the node that has forgotten least is read, and what one does not give is
    asked of the others (@ref request::elsewhere).

    @par Object lifetimes
    The client outlives the history. Destruction waits for the requests under way; `close()` of the client ends them.
    @par Thread safety
    Distinct objects: safe, also with one client. Shared objects: unsafe.
*/
class node_history : public detail::paged_sequence<node_history, history_record>
{
public:
    /// Begins to read. @param statistics The account's own, where it should not have the account's number (2.6.N for 1.2.N).
    BITSHARES_LAZY_DECL node_history(blocking_client& node, account_id account, history_options options = {});
    BITSHARES_LAZY_DECL node_history(blocking_client& node, account_id account, account_statistics_id statistics,
                                     history_options options);

    node_history(node_history const&) = delete;
    node_history& operator=(node_history const&) = delete;

    /** The next page, in order. False: the history is at its end.

        A page may be empty: where the options leave all of it out, and each time that @ref surveyed has grown.

        @throws exception `errc::history_incomplete` with the gap named; `errc::invalid_reply` where the statistics are not
        the account's; the errors of @ref client::async_call.
    */
    BITSHARES_LAZY_DECL bool next(std::vector<history_record>& page);

    /// @copydoc history_paging::count @pre A page was read, or there was none.
    BITSHARES_LAZY_DECL history_count count() const;

    /// @copydoc history_paging::expected
    BITSHARES_LAZY_DECL std::uint64_t expected() const;

    /// @copydoc history_paging::first
    BITSHARES_LAZY_DECL std::uint64_t first() const;
    BITSHARES_LAZY_DECL std::uint64_t last() const;

    /// @copydoc history_paging::checked
    BITSHARES_LAZY_DECL std::uint64_t checked() const;

    /// @copydoc history_paging::surveyed
    BITSHARES_LAZY_DECL std::uint64_t surveyed() const;

    /// @copydoc history_paging::uses_fallback
    BITSHARES_LAZY_DECL bool uses_fallback() const;

private:
    struct state;

    std::shared_ptr<state> state_; // its deleter ends the threads: a destructor would be compiled in every unit
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/history/node_history.ipp>
#endif
