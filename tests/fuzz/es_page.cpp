// Text as the answer of a search server: to a search, a count, for its version; and as what es_paging is told, line by line.

#include "support.hpp"

#include <bitshares/history/es_query.hpp>
#include <bitshares/protocol/objects/account.hpp>

#include <algorithm>
#include <vector>

using namespace bitshares;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    auto const text = fuzz::text_of(data, size);
    es_page page, again;
    if (read_es_page(text, page))
    {
        fuzz::require(page.documents.empty() == page.last_sort.empty(), "documents have sort values");
        fuzz::require(read_es_page(text, again) && again == page, "what was read is read again");
        for (es_document const& document : page.documents)
        {
            fuzz::require(document.record.sequence != 0 && document.record.block_num != 0, "a document is complete");
            // As a node would tell it, it is the same.
            auto const told = to_json(static_cast<operation_history_object const&>(document.record));
            auto const node = from_json<operation_history_object>(told);
            fuzz::require(node.has_value() && to_json(*node) == told, "it is an operation");
        }
    }
    else
        fuzz::require(page.documents.empty(), "after an error there is nothing");
    (void)read_es_document(text);
    (void)read_es_objects<account_object>(text);
    (void)read_es_version(text);
    (void)read_es_count(text);

    // The first line is the bounds, the others are pages, told in the order in which they are asked for.
    for (bool const one_account : {true, false})
    {
        es_options options;
        if (one_account)
            options.selection.account = account_id(18);
        options.page_size = 2;
        options.attempts = 2;
        options.version = es_version{7, 17, 29, false};
        es_paging paging(options);
        std::vector<es_document> taken;
        std::uint64_t count = 0, last = 0;
        auto rest = text;
        for (int steps = 0; !rest.empty() && steps < 100; ++steps)
        {
            if (auto const query = paging.next())
            {
                auto const line = rest.substr(0, rest.find('\n'));
                rest.remove_prefix(std::min(line.size() + 1, rest.size()));
                paging.on_reply(query->ticket, line.starts_with('<') ? 503 : 200, std::string(line));
            }
            while (paging.take(taken))
                for (es_document const& document : taken)
                {
                    fuzz::require(++count == 1 || document.record.id.instance >= last, "ids ascend");
                    fuzz::require(!one_account || (document.account == account_id(18) &&
                                                   (count == 1 || document.record.id.instance > last)),
                                  "each comes once");
                    last = document.record.id.instance;
                }
            fuzz::require(!(paging.done() && paging.failure()), "it is done, or has failed");
            if (paging.done() || paging.failure())
                break;
        }
        fuzz::require(!paging.done() || !paging.total() || count >= *paging.total(), "nothing is missing in the end");
    }
    return 0;
}
