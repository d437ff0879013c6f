#include <bitshares/crypto/secure_bytes.hpp>

#include <doctest/doctest.h>

#include <ostream>
#include <string>
#include <type_traits>
#include <utility>

namespace bts = bitshares;
using bts::secret;
using bts::secure_bytes;
using bts::secure_string;

namespace {

template <class T>
concept printable = requires(std::ostream& stream, T const& value) { stream << value; };

template <class T>
constexpr bool move_only = !std::is_copy_constructible_v<T> && !std::is_copy_assignable_v<T> &&
                           std::is_nothrow_move_constructible_v<T> && std::is_nothrow_move_assignable_v<T>;

} // namespace

TEST_CASE("crypto/secure_bytes: secrets are move-only and cannot be printed")
{
    static_assert(move_only<secret<32>> && move_only<secure_bytes> && move_only<secure_string>);
    static_assert(!printable<secret<32>> && !printable<secure_bytes> && !printable<secure_string>);
    static_assert(!std::is_convertible_v<secure_string, std::string>);
}

TEST_CASE("crypto/secure_bytes: a secret is moved, cloned, compared, and wiped where it came from")
{
    secret<4> a;
    CHECK(a == secret<4>());
    std::uint8_t const data[4] = {1, 2, 3, 4};
    secret<4> b{std::span(data)};
    CHECK_FALSE(a == b);
    auto const c = b.clone();
    CHECK(b == c);
    a = std::move(b);
    CHECK(a == c);
    CHECK(b == secret<4>()); // NOLINT(bugprone-use-after-move): wiped, is what we look for
    secret<4> const d(std::move(a));
    CHECK(d == c);
    CHECK(a == secret<4>()); // NOLINT(bugprone-use-after-move)
}

TEST_CASE("crypto/secure_bytes: a secret wipes its memory when it dies")
{
    alignas(secret<32>) unsigned char memory[sizeof(secret<32>)];
    auto* const s = new (memory) secret<32>();
    for (std::size_t i = 0; i < 32; ++i)
        s->data()[i] = 0xa5;
    s->~secret();
    for (unsigned char const volatile& byte : memory)
        CHECK(byte == 0);
}

TEST_CASE("crypto/secure_bytes: buffers grow, shrink, and compare by content")
{
    secure_string text(std::string_view("geheim"));
    CHECK(text.view() == "geheim");
    char const* const at = text.data();
    auto moved = std::move(text);
    CHECK(moved.data() == at);
    CHECK(text.empty()); // NOLINT(bugprone-use-after-move)
    moved.append(std::string_view("nis"));
    moved.push_back('!');
    CHECK(moved.view() == "geheimnis!");
    moved.resize(6);
    CHECK(moved.data()[6] == 0); // cut off and wiped, as far as the buffer reaches
    CHECK(moved == secure_string(std::string_view("geheim")));
    CHECK_FALSE(moved == secure_string(std::string_view("geheiM")));
    CHECK_FALSE(moved == secure_string(std::string_view("gehei")));
    auto const copy = moved.clone();
    char const* const old = moved.data();
    moved.clear();
    CHECK(moved.empty());
    CHECK(old[0] == 0);
    CHECK(copy.view() == "geheim");
    CHECK(secure_bytes(std::size_t{3}) == secure_bytes(std::size_t{3}));
    CHECK(secure_bytes() == secure_bytes());
    moved = copy.clone();
    CHECK(moved == copy);
    secure_bytes many;
    for (int i = 0; i < 1000; ++i)
        many.push_back(static_cast<std::uint8_t>(i));
    CHECK(many.size() == 1000);
    CHECK(std::span<std::uint8_t const>(many)[999] == (999 & 255));
}

TEST_CASE("crypto/secure_bytes: equal means the same bytes and as many")
{
    std::uint8_t const a[] = {1, 2, 3};
    std::uint8_t const b[] = {1, 2, 3, 4};
    CHECK(bts::secure_equal(a, std::span(b).first(3)));
    CHECK_FALSE(bts::secure_equal(a, b));
    CHECK_FALSE(bts::secure_equal(a, std::span(b).last(3)));
    CHECK(bts::secure_equal({}, {}));
}
