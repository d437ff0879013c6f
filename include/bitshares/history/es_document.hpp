#pragma once

#include <bitshares/base/result.hpp>
#include <bitshares/history/record.hpp>
#include <bitshares/protocol/json.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

/** @file
    What a node's plugins wrote to Elasticsearch, read as what the node itself would tell.

    @par Source
    bitshares-core, libraries/plugins/elasticsearch, libraries/plugins/es_objects and libraries/utilities/elasticsearch.cpp,
    as of 2018 to 7.0.
*/

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** One document of the plugin `elasticsearch`: an operation in the history of one account.

    Other accounts that the operation concerns have documents of their own, with the same operation.
*/
struct es_document
{
    /** As the node's history has it. Where the document is too old to say whether the operation is virtual, that is so of
        the types that only the chain makes, and of what belongs to no transaction. */
    history_record record;
    account_id account;                   ///< Whose history it is.
    account_history_id id;                ///< The document's own `_id`, too; the same on all nodes of a chain.
    account_history_id next;              ///< The account's operation before; 2.9.0 for its first.
    std::optional<account_id> fee_payer;  ///< Absent in old documents.
    std::optional<transaction_id> trx_id; ///< Absent where the operation belongs to no transaction.

    /** The operation is the node's, in every member. False where the plugin lost something: the fees in a change of the
        chain's parameters (until 2021), and where only the plugin's own form of an @ref unknown_operation is there. */
    bool exact = true;

    friend bool operator==(es_document const&, es_document const&) = default;
};

/// One page of a search.
struct es_page
{
    std::vector<es_document> documents;
    std::optional<std::uint64_t> total; ///< Documents that match, where the server counted them all.
    std::string last_sort;              ///< The last document's sort values, as JSON; empty where there is none.

    friend bool operator==(es_page const&, es_page const&) = default;
};

/** Reads one document: what Elasticsearch has under `_source`, and the wrapper tells as it is.

    All shapes that there ever were: `op` as text, `op_object` alone (mapped back: `amount_`, `owner_`, members stored as text
    and repeated as `*_object`), both; without the members of later versions. What `elasticsearch-visitor` adds is not read.
    @param options Its mode does not matter.
    @par Errors
    @li `errc::missing_member`: no document of the plugin; the path names what is not there.
    @li `errc::invalid_reply`: its members contradict each other.
    @li Those of @ref from_json, with the path to the member.
*/
BITSHARES_LAZY_DECL result<es_document> read_es_document(std::string_view json, json_options const& options = {});

/** Reads the answer to a search, with every document in it. Reuses the memory of `page`; after an error it is empty.

    @par Errors
    @li `errc::partial_reply`: a shard failed, or the search timed out: documents may be missing.
    @li `errc::http_refused`: there is no index of the name, or none that fits the pattern.
    @li `errc::missing_member`: no answer to a search, or documents without their sort values.
    @li As of @ref read_es_document, with the path to the member.
*/
BITSHARES_LAZY_DECL result<void> read_es_page(std::string_view json, es_page& page, json_options const& options = {});

/** Reads a list of documents: a JSON array of them, or one alone. Reuses the memory of `documents`; after an error it is empty.

    @par Errors
    As of @ref read_es_document, with the path to the member.
*/
BITSHARES_LAZY_DECL result<void> read_es_documents(std::string_view json, std::vector<es_document>& documents,
                                                   json_options const& options = {});

/** One document of the plugin `es_objects`: an object of the chain, such as @ref account_object,
    @ref account_balance_object or @ref limit_order_object, as of a block. */
template <class Object>
struct es_object
{
    Object object;
    time_point_sec block_time;      ///< Of the block that wrote it.
    std::uint32_t block_number = 0; ///< The same.

    friend bool operator==(es_object const&, es_object const&) = default;
};

/// One page of a search for objects.
template <class Object>
struct es_object_page
{
    std::vector<es_object<Object>> objects;
    std::optional<std::uint64_t> total; ///< Objects that match, where the server counted them all.
    std::string last_sort;              ///< The last object's sort values, as JSON; empty where there is none.
};

namespace detail {

struct es_raw_object
{
    raw_json source;
    time_point_sec block_time;
    std::uint32_t block_number;
};

BITSHARES_LAZY_DECL result<std::vector<es_raw_object>> read_es_raw_objects(std::string_view json,
                                                                           std::optional<std::uint64_t>& total,
                                                                           std::string& last_sort,
                                                                           json_options const& options);

} // namespace detail

/** Reads one object: what Elasticsearch has under `_source`.

    @par Errors
    Those of @ref from_json.
*/
template <class Object>
result<Object> read_es_object(std::string_view json, json_options options = {})
{
    options.mode = json_mode::elasticsearch;
    return from_json<Object>(json, options);
}

/** Reads the answer to a search for objects.

    @par Errors
    As of @ref read_es_page; `errc::missing_member` also for what is no document of the plugin `es_objects`.
*/
template <class Object>
result<es_object_page<Object>> read_es_objects(std::string_view json, json_options const& options = {})
{
    es_object_page<Object> page;
    auto const raw = detail::read_es_raw_objects(json, page.total, page.last_sort, options);
    if (!raw)
        return raw.error();
    page.objects.reserve(raw->size());
    for (auto const& document : *raw)
    {
        auto object = read_es_object<Object>(document.source.text, options);
        if (!object)
            return error(object.error().code(), object.error().detail(),
                         "/hits/hits/" + std::to_string(page.objects.size()) + "/_source" + object.error().path());
        page.objects.push_back({std::move(*object), document.block_time, document.block_number});
    }
    return page;
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/history/es_document.ipp>
#endif
