#pragma once

#include <bitshares/history/es_document.hpp>
#include <bitshares/history/es_query.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/** @file
    Writes what a node's plugin `elasticsearch` writes, byte for byte; the counterpart of history/es_document.hpp.

    @par Source
    bitshares-core 7.0, libraries/plugins/elasticsearch and libraries/utilities/elasticsearch.cpp (`es_data_adaptor`).
*/

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// How documents are written; the defaults are the plugin's.
struct es_write_options
{
    bool operation_object = true;  ///< As `elasticsearch-operation-object`: members that can be searched for.
    bool operation_string = false; ///< As `elasticsearch-operation-string`: the operation as the node prints it.
    /** As `elasticsearch-max-mapping-depth`, at least 2: what lies deeper in a document is stored as text. Elasticsearch
        takes 20. */
    std::uint16_t max_mapping_depth = 20;
    std::string_view key_prefix = "BTS"; ///< Of the network; outlives the writing.
};

/** Appends one document: what Elasticsearch shall have under `_source`.

    @ref read_es_document gives back what was written, but for the operation where neither of its forms is.
    A fee payer that the document does not tell is the operation's. @ref es_document::exact does not matter.
*/
BITSHARES_LAZY_DECL void write_es_document(std::string& out, es_document const& document,
                                           es_write_options const& options = {});

/// The index that holds a block's documents: `bitshares-2026-11`. @param prefix The plugin's `elasticsearch-index-prefix`.
BITSHARES_DECL std::string es_index_name(time_point_sec block_time, std::string_view prefix = "bitshares-");

/** Appends the two lines that store a document: for the body of `POST /_bulk`, of type `application/x-ndjson`.

    It replaces a document of the same id, so that writing one again changes nothing.
    @param server Before Elasticsearch 7, documents have a type.
*/
BITSHARES_LAZY_DECL void write_es_bulk(std::string& out, es_document const& document, es_version const& server,
                                       es_write_options const& options = {}, std::string_view prefix = "bitshares-");

/// What a server did with the documents of one request.
struct es_bulk_outcome
{
    std::uint64_t written = 0;
    std::uint64_t refused = 0;
    std::optional<error> first_refusal; ///< Names the document, with the server's words.
    bool passing = false; ///< All refusals are of a server that has too much to do: the same request can be sent again.
};

/** Reads the answer to `POST /_bulk`.

    @param documents How many were sent.
    @par Errors
    @li `errc::missing_member`: no answer to such a request.
    @li `errc::partial_reply`: it is of another number of documents.
*/
BITSHARES_LAZY_DECL result<es_bulk_outcome> read_es_bulk_reply(std::string_view json, std::uint64_t documents);

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/history/es_writer.ipp>
#endif
