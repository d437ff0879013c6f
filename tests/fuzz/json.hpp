#pragma once

#include "support.hpp"

#include <bitshares/protocol/binary.hpp>
#include <bitshares/protocol/json.hpp>

namespace fuzz {

/** What reads is written as text that reads again and is written as the same text; what strict reading takes, lenient reading takes
    for the same value; and where there is a binary form, it carries the same.
*/
template <class T>
void json_target(std::uint8_t const* data, std::size_t size)
{
    namespace bts = bitshares;
    auto const text = text_of(data, size);
    constexpr bts::json_options strict{.mode = bts::json_mode::strict};
    auto const lenient_value = bts::from_json<T>(text);
    auto const strict_value = bts::from_json<T>(text, strict);
    if (!lenient_value)
        return require(!strict_value, "strict reading takes nothing that lenient reading refuses");

    auto const written = bts::to_json(*lenient_value);
    auto const again = bts::from_json<T>(written);
    require(again.has_value(), "what was written can be read");
    require(bts::to_json(*again) == written, "what was read is written as before");
    if (strict_value)
    {
        require(bts::to_json(*strict_value) == written, "both modes read the same value");
        require(bts::from_json<T>(written, strict).has_value(),
                "what was read strictly is written as strictly readable");
    }
    if (auto const packed = bts::pack(*lenient_value))
    {
        auto const unpacked = bts::unpack<T>(*packed);
        require(unpacked.has_value(), "what was packed can be unpacked");
        require(bts::to_json(*unpacked) == written, "the binary form carries the whole value");
    }
}

} // namespace fuzz
