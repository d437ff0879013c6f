#pragma once

#include <bitshares/base/base58.hpp>
#include <bitshares/base/utf8.hpp>
#include <bitshares/protocol/public_key.hpp>

#include <algorithm>
#include <cstring>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

/* A page of history names the same few memo keys in every row, and each costs a checksum and a base conversion in either
   direction. So each thread remembers the last pairs of bytes and text, looked up by the bytes' or text's last characters.
   Only public data is held, in a table of fixed size. */
template <std::size_t Size>
class key_text_cache
{
public:
    struct entry
    {
        std::array<std::uint8_t, Size> data;
        std::uint8_t text_size = 0; // without prefix
        char text[64];
    };

    entry* find_text(std::string_view text)
    {
        entry& e = by_text_[static_cast<unsigned char>(text.back()) * 7u % slots +
                            static_cast<unsigned char>(text[4]) % 2u * slots];
        return &e;
    }
    entry* find_data(std::array<std::uint8_t, Size> const& data) { return &by_data_[data[Size - 1] % (2 * slots)]; }

private:
    static constexpr std::size_t slots = 32;
    entry by_text_[2 * slots]{};
    entry by_data_[2 * slots]{};
};

template <std::size_t Size>
key_text_cache<Size>& key_texts()
{
    thread_local key_text_cache<Size> cache;
    return cache;
}

// Text of keys and addresses: base58 of the bytes and the first four of their RIPEMD-160.
template <std::size_t Size>
std::string_view encode_key(std::array<std::uint8_t, Size> const& data)
{
    auto* const cached = key_texts<Size>().find_data(data);
    if (cached->text_size == 0 || cached->data != data)
    {
        std::array<std::uint8_t, Size + 4> whole;
        std::copy(data.begin(), data.end(), whole.begin());
        auto const checksum = ripemd160(data);
        std::copy_n(checksum.data.begin(), 4, whole.begin() + Size);
        std::string const text = to_base58(whole);
        cached->data = data;
        cached->text_size = static_cast<std::uint8_t>(text.size());
        std::copy(text.begin(), text.end(), cached->text);
    }
    return {cached->text, cached->text_size};
}

template <std::size_t Size>
errc decode_key(std::string_view text, std::string_view prefix, std::array<std::uint8_t, Size>& data)
{
    if (text.substr(0, prefix.size()) != prefix)
        return errc::wrong_key_prefix;
    text.remove_prefix(prefix.size());
    if (text.size() < Size || text.size() > 64)
        return errc::invalid_base58;
    auto* const cached = key_texts<Size>().find_text(text);
    if (std::string_view(cached->text, cached->text_size) != text)
    {
        std::array<std::uint8_t, Size + 4> whole;
        if (!read_base58(text, whole))
            // A key of another network reads as a longer word after a shorter prefix ("TEST" has no "BTS" in front),
            // so what arrives here is a damaged key.
            return errc::invalid_base58;
        auto const checksum = ripemd160(std::span(whole).template first<Size>());
        if (!std::equal(whole.begin() + Size, whole.end(), checksum.data.begin()))
            return errc::invalid_checksum;
        std::copy_n(whole.begin(), Size, cached->data.begin());
        cached->text_size = static_cast<std::uint8_t>(text.size());
        std::copy(text.begin(), text.end(), cached->text);
    }
    data = cached->data;
    return errc{};
}

template <class Key>
result<Key> key_from_string(std::string_view text, std::string_view prefix)
{
    Key key;
    if (errc const code = decode_key(text, prefix, key.data); code != errc{})
        return error(code, code == errc::wrong_key_prefix ? "expected a key that begins with " + std::string(prefix)
                                                          : valid_utf8(text, 64));
    return key;
}

} // namespace detail

BITSHARES_DECL std::string public_key::to_string(std::string_view prefix) const
{
    return std::string(prefix).append(detail::encode_key(data));
}

BITSHARES_DECL result<public_key> public_key::from_string(std::string_view text, std::string_view prefix)
{
    return detail::key_from_string<public_key>(text, prefix);
}

BITSHARES_DECL std::string address::to_string(std::string_view prefix) const
{
    return std::string(prefix).append(detail::encode_key(data));
}

BITSHARES_DECL result<address> address::from_string(std::string_view text, std::string_view prefix)
{
    return detail::key_from_string<address>(text, prefix);
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
