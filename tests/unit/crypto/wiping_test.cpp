// Searches the process's own memory for secrets: found while somebody holds them, nowhere afterwards.

#include <bitshares/base/hash.hpp>
#include <bitshares/crypto/aes.hpp>
#include <bitshares/crypto/brain_key.hpp>
#include <bitshares/crypto/memo.hpp>
#include <bitshares/crypto/private_key.hpp>
#include <bitshares/crypto/secp256k1.hpp>
#include <bitshares/crypto/secret_hash.hpp>

#include <doctest/doctest.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define UNDER_SANITIZER 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define UNDER_SANITIZER 1
#endif

// Sanitizers map terabytes and keep copies of freed memory on purpose.
#if defined(__linux__) && !defined(UNDER_SANITIZER)

#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <string>
#include <sys/mman.h>
#include <unistd.h>
#include <vector>

namespace bts = bitshares;

namespace {

constexpr std::uint8_t mask = 0x5a;

/// What is looked for, written down in a form that is not found.
class pattern
{
public:
    pattern(std::string name, std::span<std::uint8_t const> secret) : name_(std::move(name))
    {
        for (std::uint8_t const byte : secret)
            masked_.push_back(static_cast<std::uint8_t>(byte ^ mask));
    }
    pattern(std::string name, std::string_view secret)
        : pattern(std::move(name), std::span(reinterpret_cast<std::uint8_t const*>(secret.data()), secret.size()))
    {}

    std::string const& name() const { return name_; }
    std::size_t size() const { return masked_.size(); }
    std::uint8_t first() const { return static_cast<std::uint8_t>(masked_[0] ^ mask); }
    bool stands_at(std::uint8_t const* at) const
    {
        for (std::size_t i = 0; i < masked_.size(); ++i)
            if (static_cast<std::uint8_t>(at[i] ^ mask) != masked_[i])
                return false;
        return true;
    }

    /// Half of it is as bad as the whole; and the library works on the number with its lowest byte first.
    std::vector<pattern> parts() const
    {
        std::vector<pattern> all;
        for (std::size_t const begin : {std::size_t{0}, size() - size() / 2})
        {
            pattern half(*this);
            half.name_ += begin == 0 ? ", first half" : ", second half";
            half.masked_.assign(masked_.begin() + static_cast<std::ptrdiff_t>(begin),
                                masked_.begin() + static_cast<std::ptrdiff_t>(begin + size() / 2));
            all.push_back(half);
            half.name_ += " reversed";
            half.masked_.assign(all.back().masked_.rbegin(), all.back().masked_.rend());
            all.push_back(half);
        }
        return all;
    }

private:
    std::string name_;
    std::vector<std::uint8_t> masked_;
};

/// How often each pattern stands in memory that can be written, this function's own buffer apart.
std::vector<int> search(std::vector<pattern> const& patterns)
{
    constexpr std::size_t piece = std::size_t{1} << 20;
    constexpr std::size_t overlap = 256;
    void* const mapped = ::mmap(nullptr, piece, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    REQUIRE(mapped != MAP_FAILED);
    auto* const buffer = static_cast<std::uint8_t*>(mapped);
    std::vector<int> found(patterns.size());
    int const memory = ::open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    REQUIRE(memory >= 0);
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> const maps(std::fopen("/proc/self/maps", "re"), std::fclose);
    REQUIRE(maps != nullptr);
    std::size_t searched = 0;
    char line[1024];
    std::vector<std::pair<std::uintptr_t, std::uintptr_t>> ranges;
    while (std::fgets(line, sizeof line, maps.get()))
    {
        unsigned long begin = 0, end = 0;
        char rights[5] = {};
        if (std::sscanf(line, "%lx-%lx %4s", &begin, &end, rights) == 3 && rights[0] == 'r' && rights[1] == 'w')
            ranges.emplace_back(begin, end);
    }
    auto const own = reinterpret_cast<std::uintptr_t>(buffer);
    for (auto [begin, end] : ranges)
        while (begin < end)
        {
            if (begin >= own && begin < own + piece) // the kernel joins mappings side by side
            {
                begin = own + piece;
                continue;
            }
            std::size_t const stop = begin < own ? std::min<std::size_t>(end, own) : end;
            std::size_t const size = std::min<std::size_t>(stop - begin, piece);
            ::ssize_t const got = ::pread(memory, buffer, size, static_cast<::off_t>(begin));
            if (got <= 0)
                break;
            auto const count = static_cast<std::size_t>(got);
            searched += count;
            for (std::size_t p = 0; p < patterns.size(); ++p)
            {
                std::uint8_t const* at = buffer;
                std::uint8_t const* const last = buffer + count - std::min(count, patterns[p].size());
                while (at < last && (at = static_cast<std::uint8_t const*>(std::memchr(
                                         at, patterns[p].first(), static_cast<std::size_t>(last - at)))) != nullptr)
                    found[p] += patterns[p].stands_at(at++);
            }
            begin += count > overlap && begin + count < stop ? count - overlap : count;
        }
    ::close(memory);
    ::munmap(mapped, piece);
    CHECK(searched > 100'000);
    return found;
}

// Whatever a function leaves on the stack is there for the search, as it would be for a core dump.
template <class Work>
[[gnu::noinline]] void out_of_line(Work&& work)
{
    work();
}

std::vector<pattern> with_parts(std::vector<pattern> const& patterns)
{
    std::vector<pattern> all;
    for (auto const& p : patterns)
        for (auto& part : p.parts())
            all.push_back(std::move(part));
    return all;
}

} // namespace

TEST_CASE("crypto/wiping: no key, text of a key or shared secret stays in memory once their objects are gone")
{
    std::vector<pattern> patterns;
    out_of_line([&] {
        auto const key = bts::private_key::generate();
        auto const other = bts::private_key::generate();
        auto const text = key.to_wif();
        patterns.emplace_back("key", key.view());
        patterns.emplace_back("WIF", text.view());
        auto const shared = key.shared_secret(other.to_public()).value();
        patterns.emplace_back("shared secret", shared.span());
        secp256k1_pubkey point;
        bts::secret<32> x;
        REQUIRE(bts::detail::read_point(other.to_public(), point));
        REQUIRE(bts::detail::multiply(point, key.view(), x));
        patterns.emplace_back("shared point", x.span());
        bts::sha256_digest const offset = bts::sha256(std::vector<std::uint8_t>{1});
        auto const child = key.child(offset).value();
        patterns.emplace_back("child", child.view());

        auto const found = search(patterns);
        for (std::size_t i = 0; i < patterns.size(); ++i)
        {
            CAPTURE(patterns[i].name());
            CHECK(found[i] >= 1); // the search finds what is there
        }
        // All that a program does with them
        auto const again = bts::private_key::from_wif(text.view()).value();
        REQUIRE(again == key);
        auto const signature = again.sign(offset);
        REQUIRE(signature.data[0] != 0);
        auto const memo = bts::encrypt_memo(key, other.to_public(), "a memo", 12345).value();
        REQUIRE(bts::decrypt_memo(memo, other).value() == "a memo");
        REQUIRE(bts::decrypt_memo(memo, again).value() == "a memo");
        bts::secret<32> y;
        REQUIRE(bts::detail::multiply_split(point, key.view(), y));
        REQUIRE(x == y);
        REQUIRE(bts::private_key::from_bytes(key.view()).value() == key);
        auto clone = key.clone();
        auto const moved = std::move(clone);
        REQUIRE(moved == key);
        bts::secure_string joined;
        for (int i = 0; i < 9; ++i)
            joined.append(text.view()); // grows, and so moves
    });
    auto const parts = with_parts(patterns);
    auto const found = search(parts);
    for (std::size_t i = 0; i < parts.size(); ++i)
    {
        CAPTURE(parts[i].name());
        CHECK(found[i] == 0);
    }
}

TEST_CASE("crypto/wiping: neither a brain key nor what is hashed of it stays in memory")
{
    std::vector<pattern> patterns;
    out_of_line([&] {
        // Made here, so that no constant of the program holds it.
        bts::secure_string phrase, password;
        auto const seed = bts::private_key::generate();
        for (std::uint8_t const byte : seed.view())
        {
            phrase.push_back(static_cast<char>('A' + byte % 26));
            password.push_back(static_cast<char>('a' + byte / 16));
        }
        patterns.emplace_back("phrase", phrase.view());
        patterns.emplace_back("password", password.view());
        auto const found = search(patterns);
        CHECK(found[0] >= 1);
        CHECK(found[1] >= 1);
        for (auto const form :
             {bts::brain_key_form::cli_wallet, bts::brain_key_form::verbatim, bts::brain_key_form::exact})
            patterns.emplace_back("brain key", bts::brain_key(phrase.view(), 17, form).value().view());
        patterns.emplace_back("password key", bts::password_key("alice", "active", password.view()).value().view());
        bts::secure_string with_number = phrase.clone();
        with_number.append(std::string_view(" 17"));
        patterns.emplace_back(
            "hash of the phrase",
            bts::secret_sha512(std::span(reinterpret_cast<std::uint8_t const*>(with_number.data()), with_number.size()))
                .span());
    });
    auto const parts = with_parts(patterns);
    auto const found = search(parts);
    for (std::size_t i = 0; i < parts.size(); ++i)
    {
        CAPTURE(parts[i].name());
        CHECK(found[i] == 0);
    }
}

#endif
