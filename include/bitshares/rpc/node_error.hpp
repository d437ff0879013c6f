#pragma once

#include <bitshares/base/result.hpp>

#include <cstdint>
#include <stdexcept>
#include <string>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** What a node says when it refuses a call: an answer, not a fault of the connection.

    Codes and names are bitshares-core's: 10 `assert_exception`, 3030001 `duplicate_transaction`, 4010001
    `tx_missing_active_auth` ...; -32601 and -32603 are JSON-RPC's for an unknown method and a fault inside the node.
    @par Source
    protocol.json, `apis.error_codes`.
*/
class node_error
{
public:
    node_error() = default;

    node_error(std::int64_t code, std::string message, std::string name = {}, std::string stack_json = {})
        : code_(code), message_(std::move(message)), name_(std::move(name)), stack_json_(std::move(stack_json))
    {}

    std::int64_t code() const noexcept { return code_; }

    /// In the node's words; empty only where the node has none.
    std::string const& message() const noexcept { return message_; }

    /// The exception's name, such as `"assert_exception"`; empty where the node does not tell.
    std::string const& name() const noexcept { return name_; }

    /// JSON array of the node's log messages, which hold the values that the assertion was about; empty without one.
    std::string const& stack_json() const noexcept { return stack_json_; }

    friend bool operator==(node_error const&, node_error const&) = default;

private:
    std::int64_t code_ = 0;
    std::string message_;
    std::string name_;
    std::string stack_json_;
};

/// What `reply<T>::value()` throws.
class node_refused : public std::runtime_error
{
public:
    explicit node_refused(node_error error) : std::runtime_error(error.message()), error_(std::move(error)) {}

    node_error const& error() const noexcept { return error_; }

private:
    node_error error_;
};

/// Found by `boost::system::result::value()`.
[[noreturn]] inline void throw_exception_from_error(node_error const& e, boost::source_location const&)
{
    throw node_refused(e);
}

/** A node's answer to a call: the value, or the node's refusal.

    `if (r)`, `*r`, `r.error()`; `r.value()` throws @ref node_refused.
*/
template <class T>
using reply = boost::system::result<T, node_error>;

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
