#pragma once

#include <bitshares/history/http_history.hpp>
#include <bitshares/history/wrapper_query.hpp>

#include <utility>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** An account's history through an Elasticsearch wrapper, oldest first, whatever its family.

    @code
    bitshares::http_client server("https://wrapper.example");
    for (auto const& record : bitshares::wrapper_history(server, {.account = alice.id}))
        std::cout << record.sequence << ' ' << record.op.name() << '\n';
    @endcode
*/
class wrapper_history : public http_history<wrapper_paging>
{
public:
    BITSHARES_LAZY_DECL wrapper_history(http_sender& servers, wrapper_options options)
        : http_history(servers, std::move(options))
    {}
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
