#pragma once

#include "parameters.hpp"

#include <bitshares/net/http_client.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace es_wrapper {

/// The documents cannot be had at the moment; the text is for the server's log, not for its clients.
class backend_failure : public std::runtime_error
{
    using std::runtime_error::runtime_error;
};

/// A question that takes too long to answer.
class backend_timeout : public backend_failure
{
    using backend_failure::backend_failure;
};

/// Where the documents come from. Functions are called on several threads at once, and throw @ref backend_failure.
class backend
{
public:
    virtual ~backend() = default;

    /// Appends the documents to `out`, with commas between; returns how many.
    virtual std::size_t documents(program::document_search const& what, std::string& out) = 0;
    virtual std::size_t transaction(transaction_question const& what, std::string& out) = 0;

    /// Empty where there is none.
    virtual std::string operation(bitshares::operation_history_id id) = 0;

    /// By number, then by value.
    virtual std::vector<program::document_bucket> count(history_question const& what) = 0;

    /// The newest block with an operation; absent where there is no document at all.
    virtual std::optional<program::store_head> head() = 0;

    /// For the server's own people: the file, or the cluster's address without its password.
    virtual std::string name() const = 0;

    /// For everybody.
    virtual std::string_view kind() const = 0;
};

/** The embedded store. @throws program::store_failure It cannot be opened.

    @param time_limit Of one question.
*/
std::unique_ptr<backend> open_store(std::string const& path, std::chrono::milliseconds time_limit);

struct cluster_settings
{
    std::vector<bitshares::http_url> servers; ///< Of one cluster, or with the same documents.
    std::string index = "bitshares-*";
    std::chrono::milliseconds time_limit = std::chrono::seconds(10); ///< Of one question.
    bitshares::http_options http = {};
};

/** A cluster of Elasticsearch or OpenSearch. It gets only searches that are written here: what a client says is a number, an
    id, a time or the name of a member in them. */
std::unique_ptr<backend> open_cluster(cluster_settings settings);

} // namespace es_wrapper
