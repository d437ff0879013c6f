#pragma once

#include <bitshares/protocol/object_id.hpp>
#include <bitshares/protocol/time_point.hpp>
#include <common/history_store.hpp>
#include <common/http_message.hpp>

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

/** @file
    What the wrappers' parameters mean: names, defaults and forms as the Python programs have them; see
    docs of `/apidocs`.
*/
namespace es_wrapper {

/// A parameter has a value that cannot be meant; the text names it. The client's fault.
class bad_parameter : public std::runtime_error
{
    using std::runtime_error::runtime_error;
};

/// A name in the place of an id: which is which only the chain knows. Told as the FastAPI program tells it.
class name_not_found : public std::runtime_error
{
public:
    name_not_found(std::string_view word, std::string_view name) : std::runtime_error(std::string(name)), word_(word) {}

    /// `account_not_found` or `asset_not_found`; the name is @ref what.
    std::string_view word() const noexcept { return word_; }

private:
    std::string_view word_;
};

/// How far a question may go.
struct question_limits
{
    std::uint64_t size = 10'000;    ///< Documents or buckets of one answer.
    std::uint64_t window = 100'000; ///< `from_` and `size` together; `search_after` has no such end.
    std::size_t sort_fields = 4;
};

/// What `account_history` is asked for.
struct history_question
{
    program::document_search search;
    std::optional<program::document_field> count_by; ///< Set: not the documents but how many have each value.
};

/** Reads the parameters of `/get_account_history` and `/es/account_history`.

    @param newer The interface of explorer-api: it sorts by the operations' ids where nothing else is said.
    @param now Seconds of UTC.
    @throws bad_parameter, program::bad_field
*/
history_question read_history_question(program::http_request const& request, bool newer, std::uint32_t now,
                                       question_limits const& limits);

/** Reads the parameters of the FastAPI program's `/account_history` and `/history`: `limit` and `offset`, newest first.

    @throws bad_parameter, name_not_found
*/
history_question read_fastapi_question(program::http_request const& request, std::uint32_t now,
                                       question_limits const& limits);

/// `operation_id`: `1.11.N`. @throws bad_parameter
bitshares::operation_history_id read_operation_id(program::http_request const& request);

struct transaction_question
{
    bitshares::transaction_id id;
    std::uint64_t from = 0;
    std::uint64_t size = 10;
};

/// `trx`, `from_`, `size`. @throws bad_parameter
transaction_question read_transaction_question(program::http_request const& request, question_limits const& limits);

/** A time as Elasticsearch reads it in a range: `2019`, `2019-02-03`, `2019-02-03T04:05:06.789Z`, with `+01:00`, milliseconds
    since 1970, `now`, `now-1d`. Absent: none of them.

    @param last The end of the range: what is left out of a time of day is 23:59:59. Otherwise it is 00:00:00.
*/
std::optional<bitshares::time_point_sec> read_wrapper_time(std::string_view text, bool last, std::uint32_t now);

} // namespace es_wrapper
