#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <malloc.h>
#include <new>
#include <string>
#include <string_view>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FUZZ_ADDRESS_SANITIZER 1
#include <sanitizer/allocator_interface.h>
#endif
#endif

/** @file
    What the fuzz targets share: an abort that says what did not hold, and a count of the memory in use.

    Each target is one translation unit; this header is included once in a program.
*/

namespace fuzz {

/// Aborts, so that the fuzzer keeps the input.
inline void require(bool holds, char const* what)
{
    if (holds)
        return;
    std::fprintf(stderr, "does not hold: %s\n", what);
    std::abort();
}

inline std::string_view text_of(std::uint8_t const* data, std::size_t size)
{
    return {reinterpret_cast<char const*>(data), size};
}

namespace memory {

inline bool counting = false;
inline std::size_t in_use = 0;
inline std::size_t peak = 0;

inline void took(std::size_t size)
{
    if (!counting)
        return;
    in_use += size;
    peak = in_use > peak ? in_use : peak;
}

inline void gave(std::size_t size)
{
    if (counting)
        in_use -= size < in_use ? size : in_use; // what was taken before counting may be given back while counting
}

#ifdef FUZZ_ADDRESS_SANITIZER
inline bool const installed = [] {
    __sanitizer_install_malloc_and_free_hooks(
        [](void const volatile*, std::size_t size) { took(size); },
        [](void const volatile* p) { gave(__sanitizer_get_allocated_size(const_cast<void const*>(p))); });
    return true;
}();
#endif

} // namespace memory

/** Counts the memory in use during its life: all of it under the address sanitizer, otherwise that of `operator new`.

    @pre Not nested, one thread.
*/
class memory_watch
{
public:
    memory_watch()
    {
        memory::in_use = memory::peak = 0;
        memory::counting = true;
    }
    memory_watch(memory_watch const&) = delete;
    memory_watch& operator=(memory_watch const&) = delete;
    ~memory_watch() { memory::counting = false; }

    std::size_t peak() const { return memory::peak; }
};

/// What reading `size` bytes may take.
constexpr std::size_t allowed_memory(std::size_t size)
{
    return 64 * size + (64 << 10);
}

} // namespace fuzz

#ifndef FUZZ_ADDRESS_SANITIZER
void* operator new(std::size_t size)
{
    void* const p = std::malloc(size == 0 ? 1 : size);
    if (p == nullptr)
        throw std::bad_alloc();
    fuzz::memory::took(malloc_usable_size(p));
    return p;
}
void operator delete(void* p) noexcept
{
    if (p != nullptr)
        fuzz::memory::gave(malloc_usable_size(p));
    std::free(p);
}
void operator delete(void* p, std::size_t) noexcept
{
    operator delete(p);
}
#endif
