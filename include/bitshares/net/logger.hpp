#pragma once

#include <bitshares/detail/config.hpp>

#include <functional>
#include <string_view>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// How much a message of the log matters; a client says everything, and its @ref logger chooses.
enum class log_level
{
    debug,   ///< Each connection attempt and its steps.
    info,    ///< Connections made and closed.
    warning, ///< Something that the library got over: a stray reply, a failed attempt.
};

/** Where a client says what it does; empty (the default) for nowhere.

    Called on the client's executor, never with secrets: no parameters, no replies, no credentials.
*/
using logger = std::function<void(log_level, std::string_view)>;

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
