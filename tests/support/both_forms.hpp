#pragma once

#include <bitshares/base/hex.hpp>
#include <bitshares/protocol/binary.hpp>
#include <bitshares/protocol/json.hpp>

#include <doctest/doctest.h>

#include <span>
#include <string>
#include <string_view>

namespace test {

/// Hexadecimal digits, among which blanks may stand for the reader's sake.
inline std::string digits(std::string_view hex)
{
    std::string text(hex);
    std::erase(text, ' ');
    return text;
}

inline std::string said(bitshares::error const& e)
{
    return std::string(bitshares::name(static_cast<bitshares::errc>(e.code().value()))) +
           (e.path().empty() ? "" : " " + e.path());
}

/// What reading `text` comes to: `""`, or the error's name and path as in `"unknown_member /b"`.
template <class T>
std::string json_error(std::string_view text, bitshares::json_mode mode = bitshares::json_mode::lenient)
{
    auto const read = bitshares::from_json<T>(text, {.mode = mode});
    return read ? std::string() : said(read.error());
}

template <class T>
std::string strict_json_error(std::string_view text)
{
    return json_error<T>(text, bitshares::json_mode::strict);
}

/// As @ref json_error, of bytes in hexadecimal.
template <class T>
std::string binary_error(std::string_view hex)
{
    auto const read = bitshares::unpack<T>(bitshares::from_hex(digits(hex)).value());
    return read ? std::string() : said(read.error());
}

/** `value` has these bytes and this JSON, and they are this value, in both modes.

    Neither less nor more bytes are a value.
*/
template <class T>
void check_both_forms(T const& value, std::string_view hex, std::string_view json)
{
    INFO(json);
    auto const packed = bitshares::pack(value);
    REQUIRE_MESSAGE(packed.has_value(), packed.error().message());
    CHECK(bitshares::to_hex(*packed) == digits(hex));
    CHECK(bitshares::to_json(value) == json);

    bitshares::bytes bytes = bitshares::from_hex(digits(hex)).value();
    auto const unpacked = bitshares::unpack<T>(bytes);
    REQUIRE_MESSAGE(unpacked.has_value(), unpacked.error().message());
    CHECK(*unpacked == value);
    for (auto const mode : {bitshares::json_mode::lenient, bitshares::json_mode::strict})
    {
        auto const read = bitshares::from_json<T>(json, {.mode = mode});
        REQUIRE_MESSAGE(read.has_value(), read.error().message());
        CHECK(*read == value);
    }
    for (std::size_t size = 0; size < bytes.size(); ++size)
    {
        CAPTURE(size);
        auto const part = bitshares::unpack<T>(std::span(bytes).first(size));
        REQUIRE_FALSE(part.has_value());
        CHECK(part.error().code() == bitshares::errc::unexpected_end);
    }
    bytes.push_back(0);
    CHECK(bitshares::unpack<T>(bytes).error().code() == bitshares::errc::trailing_bytes);
}

} // namespace test
