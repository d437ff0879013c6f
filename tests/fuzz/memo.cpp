// Memos: any text goes there and back; any cipher text, any plain text under the right key, and any keys end in an error or a text.

#include "support.hpp"

#include <bitshares/base/hash.hpp>
#include <bitshares/base/hex.hpp>
#include <bitshares/crypto/aes.hpp>
#include <bitshares/crypto/memo.hpp>
#include <bitshares/crypto/secret_hash.hpp>

#include <algorithm>

namespace bts = bitshares;
using fuzz::require;

namespace {

bts::private_key number(std::uint8_t n)
{
    bts::secret<32> data;
    data.data()[31] = n;
    return bts::private_key::from_bytes(data.span()).value();
}

// What any memo under this key and nonce is encrypted with.
bts::secret<64> memo_key(bts::private_key const& from, bts::public_key const& to, std::uint64_t nonce)
{
    std::string const text = std::to_string(nonce) + bts::to_hex(from.shared_secret(to).value().span());
    return bts::secret_sha512(std::span(reinterpret_cast<std::uint8_t const*>(text.data()), text.size()));
}

void check(bts::memo_data const& memo, bts::private_key const& key)
{
    auto const text = bts::decrypt_memo(memo, key);
    if (!text)
    {
        auto const code = text.error().code();
        require(code == bts::errc::wrong_memo_key || code == bts::errc::invalid_public_key ||
                    code == bts::errc::invalid_cipher_size || code == bts::errc::invalid_padding ||
                    code == bts::errc::memo_too_short || code == bts::errc::invalid_checksum,
                "an error that a memo can have");
        return;
    }
    require(text->size() + 4 <= memo.message.size(), "a text is shorter than its memo");
    if (bts::is_clear(memo))
        require(bts::read_clear_memo(memo).value() == *text, "clear texts need no key");
    else if (key.to_public() == memo.from)
        require(bts::encrypt_memo(key, memo.to, *text, memo.nonce).value() == memo,
                "what is read is written like that");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    if (size < 9)
        return 0;
    static bts::private_key const alice = number(3);
    static bts::private_key const bob = number(4);
    static bts::public_key const alice_public = alice.to_public();
    static bts::public_key const bob_public = bob.to_public();
    std::uint64_t nonce = 0;
    for (int i = 0; i < 8; ++i)
        nonce = nonce << 8 | data[i];
    std::uint8_t const way = data[8];
    std::span<std::uint8_t const> const rest(data + 9, size - 9);
    std::string_view const text = fuzz::text_of(rest.data(), rest.size());
    bts::memo_data memo{alice_public, bob_public, nonce, {}};
    switch (way % 4)
    {
    case 0: // there and back
        memo = bts::encrypt_memo(alice, bob_public, text, nonce).value();
        require(bts::decrypt_memo(memo, alice).value() == text, "the sender reads it");
        require(bts::decrypt_memo(memo, bob).value() == text, "the receiver reads it");
        require(bts::read_clear_memo(bts::clear_memo(text)).value() == text, "in clear, too");
        break;
    case 1: // any cipher text
        memo.message.assign(rest.begin(), rest.end());
        check(memo, alice);
        check(memo, bob);
        break;
    case 2: // any plain text under the right key
        memo.message = bts::aes_encrypt(memo_key(alice, bob_public, nonce), rest);
        check(memo, alice);
        check(memo, bob);
        require(bts::decrypt_memo(memo, alice).has_value() ==
                    (rest.size() >= 4 &&
                     std::equal(rest.begin(), rest.begin() + 4, bts::sha256(rest.subspan(4)).data.begin())),
                "the checksum decides");
        break;
    case 3: // any key on the other side
        if (rest.size() >= 33)
            std::copy_n(rest.begin(), 33, (way & 4 ? memo.from : memo.to).data.begin());
        memo.message.assign(rest.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(33, rest.size())),
                            rest.end());
        check(memo, alice);
        check(memo, bob);
        break;
    }
    return 0;
}
