#pragma once

#include <bitshares/history/es_query.hpp>
#include <bitshares/history/http_history.hpp>

#include <string>
#include <utility>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** An account's history (or all of them) out of Elasticsearch or OpenSearch.

    @code
    bitshares::http_client servers({"https://reader:word@a.example:9200", "https://reader:word@b.example:9200"});
    for (auto const& record : bitshares::es_history(servers, {.selection = {.account = alice.id}}))
        std::cout << record.sequence << ' ' << record.op.name() << '\n';
    @endcode
*/
class es_history : public http_history<es_paging>
{
public:
    BITSHARES_LAZY_DECL es_history(http_sender& servers, es_options options) : http_history(servers, std::move(options))
    {}
};

namespace detail {

// What `read` makes of the answer. A question is asked again where one of a history is, and as often.
template <class Read>
auto es_ask(http_sender& servers, http_query query, Read const& read) -> decltype(read(std::string_view()))
{
    http_asker asker(servers);
    for (;; ++query.attempt)
    {
        bool const last = query.attempt + 1 >= es_attempts;
        auto const answer = asker.ask(query);
        if (!answer && (last || !http_asker::may_pass(answer.error().code())))
            return answer.error();
        if (answer && answer->status != 200 && (last || !is_passing(answer->status)))
            return http_failure(answer->status, answer->body);
        if (!answer || answer->status != 200)
            continue;
        auto told = read(std::string_view(answer->body));
        if (told || last || told.error().code() == errc::http_refused || is_of_a_document(told.error()))
            return told;
    }
}

} // namespace detail

/** How many documents there are. What operations name is not counted out.

    @throws exception The errors of @ref http_sender::send and @ref read_es_count, which are asked again as by @ref es_history;
    `errc::http_refused`, `errc::login_refused`.
*/
BITSHARES_LAZY_DECL inline std::uint64_t es_count(http_sender& servers, es_selection const& selection)
{
    return detail::es_ask(servers, es_count_query(selection), [](std::string_view body) { return read_es_count(body); })
        .value();
}

/** The chain's objects that a node's plugin `es_objects` wrote, page after page, in the order of their ids as text.

    @code
    es_objects<account_balance_object> balances(servers, {.index = "objects-balance", .owner = alice.id});
    for (std::vector<es_object<account_balance_object>> page; balances.next(page);) ...
    @endcode
    Nothing is bounded: what changes while it is read may come as it was or as it is.
*/
template <class Object>
class es_objects
{
public:
    /// @param page_size Objects a request; from 1 to 10,000.
    es_objects(http_sender& servers, es_object_selection selection, std::uint32_t page_size = 1000)
        : servers_(servers), selection_(std::move(selection)), page_size_(detail::es_page_size(page_size))
    {}

    /** The next page. False: the objects are at their end.

        @throws exception The errors of @ref http_sender::send and @ref read_es_objects, which are asked again as by
        @ref es_history; `errc::http_refused`, `errc::login_refused`.
    */
    bool next(std::vector<es_object<Object>>& page)
    {
        page.clear();
        if (ended_)
            return false;
        auto read =
            detail::es_ask(servers_, es_object_query(selection_, page_size_, after_), [](std::string_view body) {
                return read_es_objects<Object>(body);
            }).value();
        ended_ = read.objects.size() < page_size_;
        after_ = std::move(read.last_sort);
        page = std::move(read.objects);
        return !page.empty();
    }

private:
    http_sender& servers_;
    es_object_selection selection_;
    std::uint32_t page_size_;
    std::string after_;
    bool ended_ = false;
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
