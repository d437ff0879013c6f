#pragma once

#include <bitshares/history/es_document.hpp>
#include <bitshares/history/filter.hpp>
#include <bitshares/history/http_query.hpp>
#include <bitshares/history/paging.hpp>

#include <algorithm>
#include <compare>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** What a server says that it is, from the answer to `GET /`.

    Searches are made for Elasticsearch 6, 7 and 8 and OpenSearch 1 and 2; the few words that not all of them know are left
    out where the version is not known.
*/
struct es_version
{
    std::uint32_t major = 0; ///< 0: not known.
    std::uint32_t minor = 0;
    std::uint32_t patch = 0;
    bool opensearch = false;

    /// Whether the server can be told to refuse rather than to answer in part (Elasticsearch from 6.3 on).
    bool knows_partial_results() const noexcept { return opensearch || major > 6 || (major == 6 && minor >= 3); }

    /// `Elasticsearch 7.17.29`.
    BITSHARES_DECL std::string to_string() const;

    friend bool operator==(es_version const&, es_version const&) = default;
};

/** Reads the answer to `GET /`.

    @par Errors
    @li `errc::invalid_reply`: it tells no version.
*/
BITSHARES_LAZY_DECL result<es_version> read_es_version(std::string_view json);

/// Which documents of the plugin `elasticsearch` are wanted, and from where.
struct es_selection
{
    std::string index = "bitshares-*";      ///< The indexes' names: a pattern, or several with commas between.
    std::optional<account_id> account = {}; ///< Whose history. Absent: all of the indexes, each account's documents.
    history_filter filter = {};

    friend bool operator==(es_selection const&, es_selection const&) = default;
};

/** The query that selects documents: `{"bool":{"filter":[...]}}`. Of @ref es_selection::filter it has all but what an operation
    names, which is looked for in what the server gives.

    It is the same for every version, and for indexes whose ids are text (with which the plugin makes them) or keywords. */
BITSHARES_LAZY_DECL std::string es_query_json(es_selection const& selection);

/** Asks how many documents there are, for @ref read_es_count. What operations name is not counted out. */
BITSHARES_LAZY_DECL http_query es_count_query(es_selection const& selection);

/** Reads the answer to @ref es_count_query.

    @par Errors
    @li `errc::partial_reply`: a shard failed.
    @li `errc::http_refused`: there is no index of the name, or none that fits the pattern.
    @li `errc::missing_member`: no answer to a count.
*/
BITSHARES_LAZY_DECL result<std::uint64_t> read_es_count(std::string_view json);

namespace detail {

/// Documents that a search can be asked for: at most 10,000 by Elasticsearch's default.
constexpr std::uint32_t es_page_size(std::uint32_t wanted) noexcept
{
    return std::clamp(wanted, 1U, 10'000U);
}

constexpr unsigned es_attempts = 6;

/// Asking again does not help. An answer in part, or one of something that stands before the server, may be the last of its kind.
inline bool is_of_a_document(error const& e)
{
    return e.path().starts_with("/hits/hits/");
}

} // namespace detail

/// How @ref es_paging reads.
struct es_options
{
    es_selection selection = {};
    history_order order = history_order::oldest_first;
    std::uint32_t page_size = 1000; ///< Documents a request; at most 10000. About a kilobyte each.
    /** How often a question is asked, before its last failure ends the reading. With the client's times between them (250 ms,
        doubled each time), longer than the 5 s after which a copy of the documents shows what another one does. */
    unsigned attempts = detail::es_attempts;
    json_options json = {};                 ///< Its mode does not matter.
    std::optional<es_version> version = {}; ///< Where it is known, the server is not asked.
};

/** Decides which requests read an account's history (or all histories) out of Elasticsearch or OpenSearch, and whether the
    answers are it; without input or output.

    @code
    es_paging paging(options);
    while (!paging.done() && !paging.failure())
    {
        if (auto query = paging.next())          // send it; more than one server may answer, each query another one
            paging.on_reply(query->ticket, status, std::move(body));
        while (paging.take(records))             // decodes a page: do this after the next request was sent
            use(records);
    }
    @endcode

    The newest operation and the number of all are asked first; they bound the reading, whatever is written meanwhile.
    Pages follow by `search_after` behind the operation's id, of which the server keeps nothing: any other that has the same
    documents can give the next page. A page's place is found without decoding it, so that the next can be asked for while
    it is decoded; at most two pages are held. Only searches are sent: the right to read suffices.

    @par Errors
    @li `errc::http_refused`, `errc::login_refused`: with the server's words, or where no index fits; the former after @ref es_options::attempts
        where the server may be overloaded. What is no answer to a search at all is asked again likewise.
    @li `errc::partial_reply`: a shard failed or a search timed out, in every attempt.
    @li `errc::history_incomplete`: fewer documents than were counted, in every attempt: a copy may lag behind the one that
        counted.
    @li `errc::invalid_reply`: documents that were not asked for, out of order or repeated; and what is no answer to a search.
    @li Those of @ref read_es_page.
*/
class es_paging
{
public:
    BITSHARES_LAZY_DECL explicit es_paging(es_options options);

    /// What is to be sent now, if anything. None: an answer is under way, or pages have to be taken, or it is over.
    BITSHARES_LAZY_DECL std::optional<http_query> next();

    /** The answer to a query, or what a server said in place of one. Does not decode it.

        Where the connection broke, the same query can be sent again, to any server, or be given up: @ref on_lost. */
    BITSHARES_LAZY_DECL http_use on_reply(std::uint64_t ticket, unsigned status, std::string body);

    /// There is no answer to the query. It comes again; after @ref es_options::attempts, `why` ends the reading.
    BITSHARES_LAZY_DECL http_use on_lost(std::uint64_t ticket, error why);

    /** Takes the next page, in order, checked, and without what the filter leaves out (so it may be empty).

        False: there is none yet, or there will be none (@ref done, @ref failure).
    */
    BITSHARES_LAZY_DECL bool take(std::vector<es_document>& page);

    /// As above, of the documents only the records.
    BITSHARES_LAZY_DECL bool take(std::vector<history_record>& page);

    /// Every page was taken, and nothing is missing.
    bool done() const noexcept { return phase_ == phase::ended && !failure_; }

    /// Why the reading ended; what was taken before is right but not all.
    std::optional<error> const& failure() const noexcept { return failure_; }

    /// The server's version; known behind the first answer.
    es_version const& version() const noexcept { return version_; }

    /// Documents in the ranges and of the types that are asked for, when the reading began; where the server could count.
    std::optional<std::uint64_t> const& total() const noexcept { return total_; }

    /// The newest of them, when the reading began; absent where there are none. No later one is read.
    std::optional<es_document> const& newest() const noexcept { return newest_; }

    /// Documents that were read and checked, those included that the filter left out.
    std::uint64_t checked() const noexcept { return checked_; }

private:
    enum class phase : std::uint8_t
    {
        identity,
        bounds,
        reading,
        ended
    };

    struct waiting_page
    {
        std::string body;
        std::string last_sort; // as found in the text; empty where it was not
    };

    BITSHARES_LAZY_DECL http_query make();
    BITSHARES_LAZY_DECL std::string search_body(bool bounds) const;
    BITSHARES_LAZY_DECL http_use retry(error why);
    BITSHARES_LAZY_DECL http_use fail(error what);
    BITSHARES_LAZY_DECL void read_again();
    BITSHARES_LAZY_DECL http_use on_bounds(std::string_view body);
    BITSHARES_LAZY_DECL result<void> check(es_document const& document);
    BITSHARES_LAZY_DECL void on_page_end(std::size_t documents);

    es_options options_;
    phase phase_ = phase::identity;
    std::optional<error> failure_;
    es_version version_;
    std::optional<std::uint64_t> total_;
    std::optional<es_document> newest_;
    std::uint64_t checked_ = 0;

    std::uint64_t last_ticket_ = 0;
    std::uint64_t ticket_ = 0; // of the query under way, 0 for none
    unsigned attempt_ = 0;     // failures since a page was decoded
    unsigned repeat_ = 0;      // of them, those of the question that comes next
    std::deque<waiting_page> waiting_;
    std::string cursor_;         // sort values behind which the next page begins
    std::string decoded_cursor_; // those behind which the next page to be decoded begins
    bool asked_all_ = false;
    es_page page_;
    std::optional<operation_history_id> last_id_;
    std::vector<account_history_id> of_last_id_; // the documents of that operation that came
};

/// Which objects of the plugin `es_objects` are wanted.
struct es_object_selection
{
    std::string index =
        "objects-balance"; ///< Name or pattern; the plugin's: `objects-account`, `-asset`, `-limitorder` ...
    std::optional<account_id> owner = {}; ///< Of balances (`owner`) and limit orders (`seller`); absent for all.
    std::optional<any_object_id> id = {}; ///< One object.
};

/** Asks for a page of objects, in the order of their ids as text, for @ref read_es_objects.

    Where the plugin keeps every update (`store-updates`), an object comes once for each, oldest first.
    @param after `last_sort` of the page before; empty for the first. A page of fewer than `size` objects is the last.
*/
BITSHARES_LAZY_DECL http_query es_object_query(es_object_selection const& selection, std::uint32_t size,
                                               std::string_view after = {}, es_version const& server = {});

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/history/es_query.ipp>
#endif
