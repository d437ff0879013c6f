#pragma once

#include <bitshares/crypto/nonce_sequence.hpp>
#include <bitshares/crypto/private_key.hpp>
#include <bitshares/crypto/secp256k1.hpp>
#include <bitshares/crypto/secret_hash.hpp>
#include <bitshares/crypto/signature.hpp>
#include <bitshares/impl/crypto/secp256k1.ipp>

#include <secp256k1_recovery.h>

#include <algorithm>
#include <new>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

inline int next_nonce(unsigned char* nonce, unsigned char const*, unsigned char const*, unsigned char const*,
                      void* data, unsigned int)
{
    return static_cast<nonce_sequence*>(data)->next(nonce) ? 1 : 0;
}

/* Base58 of a secret: no table that it is an index of, no branch and no division that depend on it. The alphabet is that of
   base58.ipp: these runs of characters, the first of which has this value. */
struct base58_run
{
    int first, last, value;
};
inline constexpr base58_run base58_runs[] = {{'1', '9', 0},  {'A', 'H', 9},  {'J', 'N', 17},
                                             {'P', 'Z', 22}, {'a', 'k', 33}, {'m', 'z', 44}};

// All ones where low <= value <= high, otherwise 0.
inline int between(int value, int low, int high) noexcept
{
    return ~(((value - low) | (high - value)) >> 31);
}

// -1 where it is no digit.
inline int secret_base58_value(char digit) noexcept
{
    int const character = static_cast<unsigned char>(digit);
    int value = -1;
    for (base58_run const& run : base58_runs)
        value += between(character, run.first, run.last) & (character - run.first + run.value + 1);
    return value;
}

inline char secret_base58_digit(int value) noexcept
{
    int character = 0;
    for (base58_run const& run : base58_runs)
        character |= between(value, run.value, run.value + run.last - run.first) & (value - run.value + run.first);
    return static_cast<char>(character);
}

// As read_base58.
inline bool read_secret_base58(std::string_view text, std::span<std::uint8_t> out) noexcept
{
    if (text.size() > 90)
        return false;
    std::fill(out.begin(), out.end(), std::uint8_t{0});
    int bad = 0;
    for (char const digit : text)
    {
        int const value = secret_base58_value(digit);
        bad |= value >> 31;
        std::uint32_t carry = static_cast<std::uint32_t>(value) & 0x3f;
        for (auto byte = out.rbegin(); byte != out.rend(); ++byte)
        {
            carry += *byte * 58U;
            *byte = static_cast<std::uint8_t>(carry);
            carry >>= 8;
        }
        bad |= static_cast<int>(carry); // does not fit
    }
    // Of a private key's text there are none, whatever the key is.
    auto const zeros = std::find_if(out.begin(), out.end(), [](std::uint8_t b) { return b != 0; }) - out.begin();
    return bad == 0 && static_cast<std::size_t>(zeros) == std::min(text.find_first_not_of('1'), text.size());
}

} // namespace detail

BITSHARES_DECL private_key private_key::generate()
{
    for (;;)
        if (auto key = from_bytes(detail::random_secret().span()))
            return std::move(*key);
}

BITSHARES_DECL result<private_key> private_key::from_bytes(std::span<std::uint8_t const> data)
{
    if (data.size() != 32)
        return error(errc::invalid_private_key, std::to_string(data.size()) + " bytes, not 32");
    if (secp256k1_ec_seckey_verify(detail::secp256k1(), data.data()) != 1)
        return error(errc::invalid_private_key, "not from 1 to the order of the group less 1");
    return private_key(secret<32>(data.first<32>()));
}

BITSHARES_DECL result<private_key> private_key::from_wif(std::string_view text)
{
    secret<37> whole; // version, number, checksum
    bool const read = detail::read_secret_base58(text, whole.span());
    detail::wipe_stack();
    if (!read)
        return error(errc::invalid_base58, "not the text of a private key");
    auto const once = secret_sha256(whole.span().first<33>());
    auto const twice = secret_sha256(once.span());
    auto const checksum = whole.span().last<4>();
    if (!secure_equal(checksum, twice.span().first<4>()) && !secure_equal(checksum, once.span().first<4>()))
        return error(errc::invalid_checksum, "of a private key");
    if (whole.data()[0] != 0x80)
        return error(errc::wrong_wif_version);
    return from_bytes(whole.span().subspan<1, 32>());
}

BITSHARES_DECL private_key private_key::clone() const
{
    private_key copy(secret_.clone());
    copy.public_ = public_;
    return copy;
}

BITSHARES_DECL secure_string private_key::to_wif() const
{
    secret<37> whole;
    whole.data()[0] = 0x80;
    std::copy_n(secret_.data(), 32, whole.data() + 1);
    auto const checksum = secret_sha256(secret_sha256(whole.span().first<33>()).span());
    std::copy_n(checksum.data(), 4, whole.data() + 33);

    // The version byte is not zero, so there are always 51 digits.
    secure_string text(std::size_t{51});
    for (auto digit = text.end(); digit != text.begin();)
    {
        std::uint32_t rest = 0;
        for (std::uint8_t& byte : whole.span())
        {
            rest = rest << 8 | byte;
            std::uint32_t const quotient = rest * 36'158 >> 21; // rest / 58, of all rests below 58 * 256
            byte = static_cast<std::uint8_t>(quotient);
            rest -= quotient * 58;
        }
        *--digit = detail::secret_base58_digit(static_cast<int>(rest));
    }
    detail::wipe_stack();
    return text;
}

BITSHARES_DECL public_key private_key::to_public() const
{
    return public_.get([this] {
        secp256k1_pubkey point;
        bool const good = secp256k1_ec_pubkey_create(detail::secp256k1(), &point, secret_.data()) == 1;
        detail::wipe_stack();
        return good ? detail::write_point(point) : public_key();
    });
}

BITSHARES_DECL signature private_key::sign(sha256_digest const& digest) const
{
    secp256k1_context const* const c = detail::secp256k1();
    secp256k1_ecdsa_recoverable_signature made;
    signature s;
    detail::nonce_sequence nonces(secret_.span(), digest);
    if (!nonces.next(s.data.data())) // bitshares-core leaves the first one out
        throw std::bad_alloc();
    do
    {
        int id = 0;
        if (secp256k1_ecdsa_sign_recoverable(c, &made, digest.data.data(), secret_.data(), detail::next_nonce,
                                             &nonces) != 1)
        {
            if (!nonces.good())
                throw std::bad_alloc();
            return {}; // this key was moved from
        }
        secp256k1_ecdsa_recoverable_signature_serialize_compact(c, s.data.data() + 1, &id, &made);
        s.data[0] = static_cast<std::uint8_t>(31 + id);
    } while (!is_canonical(s));
    detail::wipe_stack();
    return s;
}

BITSHARES_DECL result<secret<64>> private_key::shared_secret(public_key const& other) const
{
    secp256k1_pubkey point;
    secret<32> x;
    if (!detail::read_point(other, point) || !detail::multiply(point, secret_.span(), x))
        return error(errc::invalid_public_key);
    return secret_sha512(x.span());
}

BITSHARES_DECL result<private_key> private_key::child(sha256_digest const& offset) const
{
    auto const tweak = sha256(to_public().data, offset.data);
    secret<32> sum = secret_.clone();
    if (secp256k1_ec_seckey_tweak_add(detail::secp256k1(), sum.data(), tweak.data.data()) != 1)
        return error(errc::invalid_private_key);
    detail::wipe_stack();
    return private_key(std::move(sum));
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
