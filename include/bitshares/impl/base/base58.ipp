#pragma once

#include <bitshares/base/base58.hpp>

#include <algorithm>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

inline constexpr char base58_alphabet[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

inline constexpr auto base58_values = [] {
    std::array<std::int8_t, 256> table{};
    table.fill(-1);
    for (std::int8_t i = 0; i < 58; ++i)
        table[static_cast<unsigned char>(base58_alphabet[i])] = i;
    return table;
}();

// Five digits at a time: 58^5 is the largest power whose product with 2^32 and a carry fits 64 bits.
inline constexpr std::uint32_t base58_step = 58u * 58 * 58 * 58 * 58;

// `limbs` (least significant first, zero at the start) = the number that `text` writes; false for a character outside
// the alphabet. @pre limbs has room for 32 bits per 5 digits and one more.
inline bool base58_to_limbs(std::string_view text, std::uint32_t* limbs, std::size_t& used) noexcept
{
    used = 0;
    for (std::size_t i = 0; i < text.size();)
    {
        std::uint32_t factor = 1;
        std::uint64_t carry = 0;
        for (std::size_t digits = 0; digits < 5 && i < text.size(); ++digits, ++i)
        {
            int const digit = base58_values[static_cast<unsigned char>(text[i])];
            if (digit < 0)
                return false;
            carry = carry * 58 + static_cast<unsigned>(digit);
            factor *= 58;
        }
        for (std::size_t k = 0; k < used; ++k)
        {
            carry += std::uint64_t{limbs[k]} * factor;
            limbs[k] = static_cast<std::uint32_t>(carry);
            carry >>= 32;
        }
        if (carry != 0)
            limbs[used++] = static_cast<std::uint32_t>(carry);
    }
    return true;
}

inline std::size_t leading_ones(std::string_view text) noexcept
{
    return std::min(text.find_first_not_of('1'), text.size());
}

inline std::size_t significant_bytes(std::uint32_t const* limbs, std::size_t used) noexcept
{
    std::size_t count = used * 4;
    for (int shift = 24; count != 0 && (limbs[used - 1] >> shift) == 0; shift -= 8)
        --count;
    return count;
}

inline std::uint8_t limb_byte(std::uint32_t const* limbs, std::size_t index) noexcept
{
    return static_cast<std::uint8_t>(limbs[index / 4] >> (index % 4 * 8));
}

BITSHARES_DECL bool read_base58(std::string_view text, std::span<std::uint8_t> out) noexcept
{
    if (text.size() > 90) // 64 bytes take 88 digits
        return false;
    std::uint32_t limbs[19];
    std::size_t used = 0;
    if (!base58_to_limbs(text, limbs, used))
        return false;
    std::size_t const zeros = leading_ones(text);
    std::size_t const count = significant_bytes(limbs, used);
    if (zeros + count != out.size())
        return false;
    std::fill_n(out.begin(), zeros, std::uint8_t{0});
    for (std::size_t i = 0; i < count; ++i)
        out[zeros + i] = limb_byte(limbs, count - 1 - i);
    return true;
}

} // namespace detail

BITSHARES_DECL std::string to_base58(std::span<std::uint8_t const> data)
{
    std::size_t const zeros = static_cast<std::size_t>(
        std::find_if(data.begin(), data.end(), [](std::uint8_t byte) { return byte != 0; }) - data.begin());
    std::span<std::uint8_t const> const number = data.subspan(zeros);

    // limbs in base 58^5, least significant first
    std::uint32_t few[24];
    std::vector<std::uint32_t> many;
    std::size_t const room = number.size() / 3 + 2;
    std::uint32_t* limbs = few;
    if (room > std::size(few))
    {
        many.resize(room);
        limbs = many.data();
    }
    std::size_t used = 0;
    for (std::size_t i = 0; i < number.size();)
    {
        std::size_t const take = (number.size() - i) % 4 == 0 ? 4 : (number.size() - i) % 4;
        std::uint64_t carry = 0;
        for (std::size_t k = 0; k < take; ++k)
            carry = carry << 8 | number[i++];
        for (std::size_t k = 0; k < used; ++k)
        {
            carry += std::uint64_t{limbs[k]} << (take * 8);
            limbs[k] = static_cast<std::uint32_t>(carry % detail::base58_step);
            carry /= detail::base58_step;
        }
        for (; carry != 0; carry /= detail::base58_step)
            limbs[used++] = static_cast<std::uint32_t>(carry % detail::base58_step);
    }

    std::string text(zeros + used * 5, '1');
    auto at = text.rbegin();
    for (std::size_t k = 0; k < used; ++k)
        for (int digit = 0; digit < 5; ++digit, limbs[k] /= 58)
            *at++ = detail::base58_alphabet[limbs[k] % 58];
    if (used != 0) // the top limb's leading zeros are no zero bytes
        text.erase(zeros, detail::leading_ones(std::string_view(text).substr(zeros)));
    return text;
}

BITSHARES_DECL result<bytes> from_base58(std::string_view text)
{
    if (text.size() > 4096)
        return error(errc::string_limit, "base58 text of more than 4096 characters");
    std::vector<std::uint32_t> limbs(text.size() / 5 + 2);
    std::size_t used = 0;
    if (!detail::base58_to_limbs(text, limbs.data(), used))
        return error(errc::invalid_base58, "a character outside the alphabet");
    std::size_t const zeros = detail::leading_ones(text);
    std::size_t const count = detail::significant_bytes(limbs.data(), used);
    bytes data(zeros + count);
    for (std::size_t i = 0; i < count; ++i)
        data[zeros + i] = detail::limb_byte(limbs.data(), count - 1 - i);
    return data;
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
