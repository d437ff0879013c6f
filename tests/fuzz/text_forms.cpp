// Text as base58, hexadecimal digits, keys, ids, votes and times: what reads is written as a text that reads as the same.

#include "support.hpp"

#include <bitshares/base/base58.hpp>
#include <bitshares/base/hex.hpp>
#include <bitshares/protocol/object_id.hpp>
#include <bitshares/protocol/public_key.hpp>
#include <bitshares/protocol/time_point.hpp>
#include <bitshares/protocol/vote_id.hpp>

namespace bts = bitshares;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    auto const text = fuzz::text_of(data, size);
    if (auto const raw = bts::from_base58(text))
        require(bts::to_base58(*raw) == text, "base58 has one text for each value");
    if (size <= 4096)
    {
        bts::bytes const raw(data, data + size);
        require(bts::from_hex(bts::to_hex(raw)).value() == raw, "hexadecimal digits carry all bytes");
        if (size <= 2900)
            require(bts::from_base58(bts::to_base58(raw)).value() == raw, "base58 carries all bytes");
    }
    if (auto const raw = bts::from_hex(text))
        require(bts::to_hex(*raw).size() == size, "two digits a byte");
    for (std::string_view prefix : {"BTS", "TEST", ""})
    {
        if (auto const key = bts::public_key::from_string(text, prefix))
            require(key->to_string(prefix) == text, "a key has one text");
        if (auto const address = bts::address::from_string(text, prefix))
            require(address->to_string(prefix) == text, "an address has one text");
    }
    if (auto const id = bts::any_object_id::from_string(text))
        require(bts::any_object_id::from_string(id->to_string()).value() == *id, "an id survives");
    if (auto const id = bts::account_id::from_string(text))
        require(bts::account_id::from_string(id->to_string()).value() == *id, "an account's id survives");
    if (auto const vote = bts::vote_id::from_string(text))
        require(bts::vote_id::from_string(vote->to_string()).value() == *vote, "a vote survives");
    if (auto const time = bts::time_point_sec::from_string(text))
        require(time->to_string() == text, "a time has one text");
    return 0;
}
