#pragma once

#include <bitshares/base/utf8.hpp>
#include <bitshares/testing/json_text.hpp>
#include <bitshares/testing/websocket_frames.hpp>

#include <openssl/evp.h>

#include <algorithm>
#include <array>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {
namespace testing {

BITSHARES_DECL websocket_event websocket_reader::violation(std::uint16_t code, char const* reason)
{
    failed_ = true;
    buffer_.clear();
    return {websocket_opcode::close, reason, code, true};
}

BITSHARES_DECL std::optional<websocket_event> websocket_reader::next()
{
    for (;;)
    {
        std::string_view const bytes = std::string_view(buffer_).substr(failed_ ? buffer_.size() : offset_);
        auto const byte = [&](std::size_t i) { return static_cast<std::uint8_t>(bytes[i]); };
        if (bytes.size() < 2)
            return {};
        auto const opcode = static_cast<websocket_opcode>(byte(0) & 0x0f);
        bool const final = (byte(0) & 0x80) != 0;
        bool const control = (byte(0) & 0x08) != 0;
        std::uint64_t size = byte(1) & 0x7f;
        std::size_t head = 2;
        if (size >= 126)
        {
            std::size_t const length = size == 126 ? 2 : 8;
            if (bytes.size() < head + length)
                return {};
            size = 0;
            for (std::size_t i = 0; i < length; ++i)
                size = size << 8 | byte(head + i);
            head += length;
        }
        if ((byte(0) & 0x70) != 0 || (byte(1) & 0x80) == 0 || (control && (!final || size > 125)) ||
            (opcode > websocket_opcode::binary && !control) || opcode > websocket_opcode::pong ||
            (!control && (opcode == websocket_opcode::continuation) != fragmented_.has_value()))
            return violation(1002, "Protocol error");
        if (!control && size > max_message_ - message_.size())
            return violation(1009, "A message was too large");
        if (bytes.size() < head + 4 || bytes.size() - head - 4 < size)
            return {};
        std::array<std::uint8_t, 4> const mask{byte(head), byte(head + 1), byte(head + 2), byte(head + 3)};
        head += mask.size();
        std::string payload(bytes.substr(head, static_cast<std::size_t>(size)));
        for (std::size_t i = 0; i < payload.size(); ++i)
            payload[i] = static_cast<char>(static_cast<std::uint8_t>(payload[i]) ^ mask[i % 4]);
        offset_ += head + payload.size();
        if (offset_ == buffer_.size() || offset_ > 1 << 20)
        {
            buffer_.erase(0, offset_);
            offset_ = 0;
        }

        if (opcode == websocket_opcode::close)
        {
            if (payload.size() == 1)
                return violation(1002, "Protocol error");
            websocket_event event{opcode, {}, 1005, false};
            if (!payload.empty())
                event.code = static_cast<std::uint16_t>(static_cast<std::uint8_t>(payload[0]) << 8 |
                                                        static_cast<std::uint8_t>(payload[1]));
            event.payload = payload.substr(std::min<std::size_t>(2, payload.size()));
            return event;
        }
        if (control)
            return websocket_event{opcode, std::move(payload), 0, false};
        if (!fragmented_)
            fragmented_ = opcode;
        if (message_.empty())
            message_ = std::move(payload);
        else
            message_ += payload;
        if (!final)
            continue;
        websocket_event event{*fragmented_, std::move(message_), 0, false};
        fragmented_.reset();
        message_.clear();
        if (event.opcode == websocket_opcode::text && find_invalid_utf8(event.payload) != event.payload.size())
            return violation(1007, "Invalid UTF8 encoding");
        return event;
    }
}

BITSHARES_DECL void append_frame(std::string& out, websocket_opcode opcode, std::string_view payload)
{
    auto const put = [&](std::uint64_t byte) { out.push_back(static_cast<char>(static_cast<std::uint8_t>(byte))); };
    put(0x80u | static_cast<std::uint8_t>(opcode));
    if (payload.size() < 126)
        put(payload.size());
    else
    {
        bool const small = payload.size() <= 0xffff;
        put(small ? 126 : 127);
        for (int shift = small ? 8 : 56; shift >= 0; shift -= 8)
            put(std::uint64_t{payload.size()} >> shift & 0xff);
    }
    out += payload;
}

BITSHARES_DECL void append_close(std::string& out, std::uint16_t code, std::string_view reason)
{
    std::string payload;
    if (code != 1005)
    {
        payload.push_back(static_cast<char>(static_cast<std::uint8_t>(code >> 8)));
        payload.push_back(static_cast<char>(static_cast<std::uint8_t>(code & 0xff)));
        payload += reason.substr(0, 123);
    }
    append_frame(out, websocket_opcode::close, payload);
}

BITSHARES_DECL std::string websocket_accept(std::string_view key)
{
    std::string const text = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    ::EVP_Digest(text.data(), text.size(), digest.data(), &size, ::EVP_sha1(), nullptr);
    std::array<unsigned char, 64> base64{};
    int const length = ::EVP_EncodeBlock(base64.data(), digest.data(), static_cast<int>(size));
    return {base64.begin(), base64.begin() + length};
}

} // namespace testing
} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
