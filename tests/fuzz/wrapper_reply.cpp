// Text as the answer of a history wrapper, and lines as what wrapper_paging is told.

#include "support.hpp"

#include <bitshares/history/wrapper_query.hpp>

#include <algorithm>
#include <vector>

using namespace bitshares;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    auto const text = fuzz::text_of(data, size);
    std::vector<es_document> documents;
    for (unsigned const status : {200U, 404U, 500U})
    {
        auto const read = read_wrapper_documents(status, text, documents);
        fuzz::require((read && *read) || documents.empty(), "after an error there is nothing");
        (void)read_wrapper_buckets(status, text);
        (void)read_wrapper_health(status, text);
    }
    for (auto const family : {wrapper_family::unknown, wrapper_family::v1, wrapper_family::v2})
    {
        wrapper_options options;
        options.account = account_id(18);
        options.family = family;
        options.page_size = 2;
        options.window = 3;
        options.attempts = 2;
        wrapper_paging paging(options);
        std::uint64_t count = 0, last = 0;
        auto rest = text;
        for (int steps = 0; !rest.empty() && steps < 200; ++steps)
        {
            if (auto const query = paging.next())
            {
                auto const line = rest.substr(0, rest.find('\n'));
                rest.remove_prefix(std::min(line.size() + 1, rest.size()));
                unsigned const status = line.starts_with('<') ? 503 : line.starts_with("{\"detail\"") ? 404 : 200;
                paging.on_reply(query->ticket, status, line);
            }
            while (paging.take(documents))
                for (es_document const& document : documents)
                {
                    fuzz::require(document.account == account_id(18), "it is of the account");
                    fuzz::require(++count == 1 || document.record.id.instance > last, "ids ascend");
                    last = document.record.id.instance;
                }
            fuzz::require(!(paging.done() && paging.failure()), "it is done, or has failed");
            if (paging.done() || paging.failure())
                break;
        }
        fuzz::require(!paging.done() || !paging.newest() || last == paging.newest()->record.id.instance,
                      "the newest operation is the end");
    }
    return 0;
}
