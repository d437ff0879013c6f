#pragma once

#include <bitshares/history/es_writer.hpp>
#include <bitshares/net/http.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace feeder {

/// The target answers, but not as it has to.
class target_failure : public std::runtime_error
{
    using std::runtime_error::runtime_error;
};

/// The target has too much to do, or is not quite up: it may take the same later.
class target_busy : public bitshares::exception
{
    using exception::exception;
};

/** Where the documents go. What is written twice is there once.

    @throws bitshares::exception No answer, or a refusal; @ref target_busy. @ref target_failure, `program::store_failure`
*/
class target
{
public:
    target() = default;
    target(target const&) = delete;
    target& operator=(target const&) = delete;
    virtual ~target() = default;

    /// For people.
    virtual std::string name() const = 0;

    /// The text that was written last; nothing in the beginning.
    virtual std::optional<std::string> checkpoint() = 0;

    /// Writes documents, and then the text that says how far it is: never before they are all there.
    virtual void write(std::span<bitshares::es_document const> documents, std::string const& checkpoint) = 0;
};

/** A cluster. Its checkpoint is the document `position` of the index `feeder-PREFIX`.

    @param servers Outlives the target. @param attempts How often a request is sent that the cluster has no room for.
*/
std::unique_ptr<target> elasticsearch_target(bitshares::http_sender& servers, std::string name,
                                             bitshares::es_write_options const& options, std::string prefix,
                                             unsigned attempts);

/// The embedded store.
std::unique_ptr<target> store_target(std::string const& file, bitshares::es_write_options const& options);

} // namespace feeder
