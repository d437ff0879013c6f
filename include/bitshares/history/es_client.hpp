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

// An answer that is one, of status 200.
BITSHARES_LAZY_DECL inline result<std::string> es_answer(http_sender& servers, http_query query)
{
    auto answer = servers.send(to_http_request(std::move(query)));
    if (!answer)
        return answer.error();
    if (answer->status != 200)
        return http_failure(answer->status, answer->body);
    return std::move(answer->body);
}

} // namespace detail

/** How many documents there are. What operations name is not counted out.

    @throws exception The errors of @ref http_sender::send and @ref read_es_count; `errc::http_refused`, `errc::login_refused`.
*/
BITSHARES_LAZY_DECL inline std::uint64_t es_count(http_sender& servers, es_selection const& selection)
{
    return read_es_count(detail::es_answer(servers, es_count_query(selection)).value()).value();
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

        @throws exception The errors of @ref http_sender::send and @ref read_es_objects; `errc::http_refused`,
        `errc::login_refused`.
    */
    bool next(std::vector<es_object<Object>>& page)
    {
        page.clear();
        if (ended_)
            return false;
        auto read = read_es_objects<Object>(
                        detail::es_answer(servers_, es_object_query(selection_, page_size_, after_)).value())
                        .value();
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
