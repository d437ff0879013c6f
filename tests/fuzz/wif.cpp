// Text as a private key; bytes as one; and bytes with the right checksum behind, which no fuzzer finds by itself.

#include "support.hpp"

#include <bitshares/base/base58.hpp>
#include <bitshares/base/hash.hpp>
#include <bitshares/crypto/private_key.hpp>

#include <algorithm>

namespace bts = bitshares;
using fuzz::require;

namespace {

void check(std::string_view text)
{
    auto const key = bts::private_key::from_wif(text);
    if (!key)
    {
        auto const code = key.error().code();
        require(code == bts::errc::invalid_base58 || code == bts::errc::invalid_checksum ||
                    code == bts::errc::wrong_wif_version || code == bts::errc::invalid_private_key,
                "one of four things is wrong");
        return;
    }
    auto const again = key->to_wif();
    require(again.size() == 51, "the text form has 51 characters");
    require(bts::private_key::from_wif(again.view()).value() == *key, "a key survives its text");
    require(text.size() == 51, "no other text is read");
    // But for the checksum (cli_wallet's other one), the text says the same.
    auto const own = bts::from_base58(again.view()).value();
    auto const given = bts::from_base58(text).value();
    require(given.size() == 37 && std::equal(given.begin(), given.begin() + 33, own.begin()), "a key has one text");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    check(fuzz::text_of(data, size));
    std::span<std::uint8_t const> const raw(data, size);
    auto const key = bts::private_key::from_bytes(raw);
    if (key)
    {
        require(size == 32, "a key has 32 bytes");
        require(std::equal(raw.begin(), raw.end(), key->view().begin()), "a key is its bytes");
        check(key->to_wif().view());
    }
    if (size <= 64)
        for (bool const twice : {false, true})
        {
            bts::bytes whole(raw.begin(), raw.end());
            auto checksum = bts::sha256(whole);
            if (twice)
                checksum = bts::sha256(checksum.data);
            whole.insert(whole.end(), checksum.data.begin(), checksum.data.begin() + 4);
            std::string const text = bts::to_base58(whole);
            check(text);
            bool const valid = size == 33 && raw[0] == 0x80 && bts::private_key::from_bytes(raw.subspan(1)).has_value();
            require(bts::private_key::from_wif(text).has_value() == valid, "only version 128 and a key's number");
        }
    return 0;
}
