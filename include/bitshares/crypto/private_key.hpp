#pragma once

#include <bitshares/base/result.hpp>
#include <bitshares/crypto/secure_bytes.hpp>
#include <bitshares/protocol/public_key.hpp>
#include <bitshares/protocol/transaction.hpp>

#include <atomic>
#include <span>
#include <string_view>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

/// A public key that is computed when somebody asks for it first; several threads may ask at once.
class lazy_public_key
{
public:
    lazy_public_key() = default;
    lazy_public_key(lazy_public_key const& other) noexcept { *this = other; }
    lazy_public_key& operator=(lazy_public_key const& other) noexcept
    {
        bool const ready = other.state_.load(std::memory_order_acquire) == ready_state;
        if (ready)
            key_ = other.key_;
        state_.store(ready ? ready_state : empty_state, std::memory_order_release);
        return *this;
    }

    template <class Compute>
    public_key get(Compute&& compute) const
    {
        if (state_.load(std::memory_order_acquire) == ready_state)
            return key_;
        public_key const key = compute();
        unsigned char expected = empty_state;
        // Who comes while another one writes it down goes without.
        if (state_.compare_exchange_strong(expected, writing_state, std::memory_order_acquire))
        {
            key_ = key;
            state_.store(ready_state, std::memory_order_release);
        }
        return key;
    }

private:
    static constexpr unsigned char empty_state = 0, writing_state = 1, ready_state = 2;

    mutable std::atomic<unsigned char> state_{empty_state};
    mutable public_key key_;
};

} // namespace detail

/** A private key: a number from 1 to the order of secp256k1 less 1, never another.

    Move-only; wiped when it is moved from and when it dies; never printed. A key that was moved from is none:
    it may be assigned to or destroyed.
    Programs that hold keys are best linked with `-z now`: at the first call of a function of another library the dynamic linker
    saves all registers on the stack, whatever they hold.
    @par Thread safety
    Constant functions may run at once. What depends on the number runs in constant time, reading and writing its text included.
*/
class private_key
{
public:
    /// A new key of the system's randomness. @throws std::bad_alloc Without randomness.
    BITSHARES_DECL static private_key generate();

    /** Reads the usual text form of 51 characters.

        Surrounding blanks are not skipped. Like cli_wallet, a checksum of a single SHA-256 is taken as well.
        @par Errors None of them quotes the text.
        @li `errc::invalid_base58`: another alphabet or length; also Bitcoin's form with a mark for compressed keys.
        @li `errc::invalid_checksum`
        @li `errc::wrong_wif_version`: a private key of another network's form.
        @li `errc::invalid_private_key`: zero, or not less than the order of the group.
        @par Source
        bitshares-core, `wif_to_key`, which also takes other versions and lengths; these are somebody's mistake.
    */
    BITSHARES_DECL static result<private_key> from_wif(std::string_view text);

    /** @param data 32 bytes, most significant first.
        @par Errors
        @li `errc::invalid_private_key`: another size, zero, or not less than the order of the group.
    */
    BITSHARES_DECL static result<private_key> from_bytes(std::span<std::uint8_t const> data);

    private_key(private_key&& other) noexcept : secret_(std::move(other.secret_)), public_(other.public_)
    {
        other.public_ = {};
    }
    private_key& operator=(private_key&& other) noexcept
    {
        if (this != &other)
        {
            secret_ = std::move(other.secret_);
            public_ = other.public_;
            other.public_ = {};
        }
        return *this;
    }

    /// A copy, on purpose.
    BITSHARES_DECL private_key clone() const;

    BITSHARES_DECL secure_string to_wif() const;
    /// 32 bytes, most significant first, for as long as the key lives.
    std::span<std::uint8_t const, 32> view() const noexcept { return secret_.span(); }

    /// @par Complexity One multiplication the first time; then it is remembered.
    BITSHARES_DECL public_key to_public() const;

    /** Signs `digest` in the form that nodes accept.

        The same key and digest always give the same bytes, those that bitshares-core gives: the first of the numbers that
        RFC 6979 draws for them, from the second on, whose signature is canonical.
        @par Source
        bitshares-core, `fc::ecc::private_key::sign_compact`.
    */
    BITSHARES_DECL signature sign(sha256_digest const& digest) const;

    /** What this key's owner and the owner of `other` both can compute, and nobody else: SHA-512 of the x coordinate of the product.

        @par Errors
        @li `errc::invalid_public_key`: not a point.
    */
    BITSHARES_DECL result<secret<64>> shared_secret(public_key const& other) const;

    /** The private key to @ref child_of of this key's public key.

        @par Errors
        @li `errc::invalid_private_key`: the sum is none; nobody will find such an offset.
    */
    BITSHARES_DECL result<private_key> child(sha256_digest const& offset) const;

    /// In constant time.
    friend bool operator==(private_key const& a, private_key const& b) noexcept { return a.secret_ == b.secret_; }
    template <class Stream>
    friend Stream& operator<<(Stream&, private_key const&) = delete;

private:
    explicit private_key(secret<32> number) noexcept : secret_(std::move(number)) {}

    secret<32> secret_;
    detail::lazy_public_key public_;
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/crypto/private_key.ipp>
#endif
