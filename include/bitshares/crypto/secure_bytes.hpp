#pragma once

#include <bitshares/detail/config.hpp>

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/* Of functions that wipe: vector registers still hold what was copied last, and whatever saves them (a signal, the dynamic
   linker at the first call of a function) would write it down again. */
#if defined(__has_attribute)
#if __has_attribute(zero_call_used_regs)
#define BITSHARES_WIPING [[gnu::noinline, gnu::zero_call_used_regs("all")]]
#endif
#endif
#ifndef BITSHARES_WIPING
#if defined(__GNUC__)
#define BITSHARES_WIPING [[gnu::noinline]]
#else
#define BITSHARES_WIPING
#endif
#endif

/// Overwrites `size` bytes with zeros; the compiler cannot leave it out.
BITSHARES_LAZY_DECL BITSHARES_WIPING void secure_wipe(void* data, std::size_t size) noexcept;

/// Whether two pieces of memory hold the same bytes, in a time that depends on their sizes only.
BITSHARES_DECL bool secure_equal(std::span<std::uint8_t const> a, std::span<std::uint8_t const> b) noexcept;

namespace detail {

/// Wipes what it gives back, so that a container that grew leaves nothing behind.
template <class T>
struct wiping_allocator
{
    using value_type = T;

    wiping_allocator() = default;
    template <class U>
    wiping_allocator(wiping_allocator<U> const&) noexcept
    {}

    T* allocate(std::size_t count) { return std::allocator<T>().allocate(count); }
    void deallocate(T* data, std::size_t count) noexcept
    {
        secure_wipe(data, count * sizeof(T));
        std::allocator<T>().deallocate(data, count);
    }
    friend bool operator==(wiping_allocator const&, wiping_allocator const&) noexcept { return true; }
};

/// Overwrites the part of the stack that functions called just before may have used.
BITSHARES_LAZY_DECL BITSHARES_WIPING void wipe_stack() noexcept;

} // namespace detail

/** Secret characters or bytes of any number: move-only, wiped when it grows, shrinks, is moved from or dies, never printed.

    @tparam T `std::uint8_t` (@ref secure_bytes) or `char` (@ref secure_string).
*/
template <class T>
class secure_buffer
{
public:
    secure_buffer() = default;
    explicit secure_buffer(std::size_t size) : data_(size) {}
    explicit secure_buffer(std::span<T const> data) : data_(data.begin(), data.end()) {}
    explicit secure_buffer(std::string_view text)
        requires std::same_as<T, char>
        : data_(text.begin(), text.end())
    {}

    secure_buffer(secure_buffer&&) noexcept = default;
    secure_buffer& operator=(secure_buffer&& other) noexcept
    {
        data_ = std::move(other.data_); // frees, and so wipes, what stood here
        other.data_.clear();
        return *this;
    }
    secure_buffer(secure_buffer const&) = delete;
    secure_buffer& operator=(secure_buffer const&) = delete;

    /// A copy, on purpose.
    secure_buffer clone() const { return secure_buffer(std::span<T const>(data_)); }

    T* data() noexcept { return data_.data(); }
    T const* data() const noexcept { return data_.data(); }
    std::size_t size() const noexcept { return data_.size(); }
    bool empty() const noexcept { return data_.empty(); }
    T* begin() noexcept { return data(); }
    T* end() noexcept { return data() + size(); }
    T const* begin() const noexcept { return data(); }
    T const* end() const noexcept { return data() + size(); }

    /// The characters, for as long as this lives and is not changed. @warning Do not keep them in a `std::string`.
    std::string_view view() const noexcept
        requires std::same_as<T, char>
    {
        return {data(), size()};
    }

    void append(std::span<T const> more) { data_.insert(data_.end(), more.begin(), more.end()); }
    void append(std::string_view more)
        requires std::same_as<T, char>
    {
        data_.insert(data_.end(), more.begin(), more.end());
    }
    void push_back(T one) { data_.push_back(one); }
    void reserve(std::size_t size) { data_.reserve(size); }

    /// New elements are zero; what is cut off is wiped.
    void resize(std::size_t size)
    {
        if (size < data_.size())
            secure_wipe(data_.data() + size, (data_.size() - size) * sizeof(T));
        data_.resize(size);
    }
    void clear() noexcept
    {
        secure_wipe(data_.data(), data_.size() * sizeof(T));
        data_.clear();
    }

    /// In a time that depends on the sizes only.
    friend bool operator==(secure_buffer const& a, secure_buffer const& b) noexcept
    {
        return secure_equal({reinterpret_cast<std::uint8_t const*>(a.data()), a.size() * sizeof(T)},
                            {reinterpret_cast<std::uint8_t const*>(b.data()), b.size() * sizeof(T)});
    }
    template <class Stream>
    friend Stream& operator<<(Stream&, secure_buffer const&) = delete;

private:
    std::vector<T, detail::wiping_allocator<T>> data_;
};

using secure_bytes = secure_buffer<std::uint8_t>;
using secure_string = secure_buffer<char>;

/** `Size` secret bytes: move-only, wiped when moved from and when it dies, never printed, compared in constant time.

    Stands where it is declared, on the stack or in its owner.
*/
template <std::size_t Size>
class secret
{
public:
    secret() noexcept = default; ///< Zeros.
    explicit secret(std::span<std::uint8_t const, Size> data) noexcept
    {
        std::copy(data.begin(), data.end(), data_.begin());
    }
    ~secret() { secure_wipe(data_.data(), Size); }

    secret(secret&& other) noexcept : data_(other.data_) { secure_wipe(other.data_.data(), Size); }
    secret& operator=(secret&& other) noexcept
    {
        if (this != &other)
        {
            data_ = other.data_;
            secure_wipe(other.data_.data(), Size);
        }
        return *this;
    }
    secret(secret const&) = delete;
    secret& operator=(secret const&) = delete;

    /// A copy, on purpose.
    secret clone() const noexcept { return secret(span()); }

    static constexpr std::size_t size() noexcept { return Size; }
    std::uint8_t* data() noexcept { return data_.data(); }
    std::uint8_t const* data() const noexcept { return data_.data(); }
    std::span<std::uint8_t, Size> span() noexcept { return data_; }
    std::span<std::uint8_t const, Size> span() const noexcept { return data_; }

    friend bool operator==(secret const& a, secret const& b) noexcept { return secure_equal(a.data_, b.data_); }
    template <class Stream>
    friend Stream& operator<<(Stream&, secret const&) = delete;

private:
    std::array<std::uint8_t, Size> data_{};
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/crypto/secure_bytes.ipp>
#endif
