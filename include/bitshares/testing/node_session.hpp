#pragma once

#include <bitshares/testing/data_set.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {
namespace testing {

/** What a node says to the frames of one connection: JSON-RPC, the numbers of APIs, histories with a node's own paging.

    Knows no sockets. Not thread-safe; sessions share their data set.

    @par Source
    bitshares-core 7.0.2: its recorded replies, and the rules of its history API.
*/
class node_session
{
public:
    BITSHARES_DECL explicit node_session(std::shared_ptr<data_set const> data);

    /** The reply to a frame; nothing where a node says nothing (no `id`, an `id` of null, a response).

        Whatever the data set does not know is an error of the shape that nodes give.
    */
    BITSHARES_DECL std::optional<std::string> answer(std::string_view frame);

private:
    std::shared_ptr<data_set const> data_;
    std::vector<std::string> apis_{"database", "login"}; // by number
    bool logged_in_ = true;                              // nodes log everybody in as the anonymous user
};

/** The whole reply with an error to the request `id` (JSON): code 10, "Assert Exception".

    For tests that let a node refuse.
*/
BITSHARES_DECL std::string assert_error(std::string_view id, std::string_view message);

} // namespace testing
} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/testing/node_session.ipp>
#endif
