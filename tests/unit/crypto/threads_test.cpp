// What several threads do with the same keys at once. The preset tsan builds this file of the module alone.

#include <bitshares/crypto/brain_key.hpp>
#include <bitshares/crypto/memo.hpp>
#include <bitshares/crypto/private_key.hpp>
#include <bitshares/crypto/secp256k1.hpp>
#include <bitshares/crypto/signature.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace bts = bitshares;
using bts::private_key;

namespace {

constexpr unsigned threads_at_once = 4;

private_key number(std::uint8_t n)
{
    bts::bytes data(32);
    data.back() = n;
    return private_key::from_bytes(data).value();
}

/// Runs `work` in several threads, which begin together.
template <class Work>
void at_once(Work const& work)
{
    std::atomic<unsigned> ready = 0;
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < threads_at_once; ++i)
        threads.emplace_back([&, i] {
            for (++ready; ready != threads_at_once;)
                std::this_thread::yield();
            work(i);
        });
    for (auto& t : threads)
        t.join();
}

} // namespace

TEST_CASE("crypto/threads: a key's public key, asked for first by several threads at once")
{
    auto const expected = number(200).to_public();
    unsigned wrong = 0;
    for (int round = 0; round < 50; ++round)
    {
        auto const shared = number(200); // nobody has asked it yet
        std::vector<bts::public_key> seen(threads_at_once);
        at_once([&](unsigned i) { seen[i] = i == 0 ? shared.clone().to_public() : shared.to_public(); });
        for (auto const& key : seen)
            wrong += key != expected;
        wrong += shared.to_public() != expected;
    }
    CHECK(wrong == 0);
}

TEST_CASE("crypto/threads: one context and one key serve all: signatures, recovery, secrets, memos, new keys")
{
    auto const alice = number(7), bob = number(9);
    auto const digest_of = [](std::size_t n) { return bts::sha256(bts::bytes(n + 1, 0x5a)); };
    constexpr std::size_t count = 8;
    std::vector<bts::signature> signatures;
    for (std::size_t n = 0; n < count; ++n)
        signatures.push_back(number(7).sign(digest_of(n)));
    auto const secret = number(7).shared_secret(number(9).to_public()).value();
    auto const memo = bts::encrypt_memo(number(7), number(9).to_public(), "for lunch", 5).value();
    auto const brain = bts::brain_key("quick brown fox", 0, bts::brain_key_form::cli_wallet).value();
    auto const* const context = bts::detail::secp256k1();

    std::atomic<unsigned> wrong = 0;
    at_once([&](unsigned) {
        auto const same = [&](bool good) { wrong += good ? 0 : 1; };
        same(bts::detail::secp256k1() == context);
        for (std::size_t n = 0; n < count; ++n)
        {
            same(alice.sign(digest_of(n)) == signatures[n]);
            same(bts::recover(digest_of(n), signatures[n]).value() == alice.to_public());
            same(bts::verify(digest_of(n), signatures[n], alice.to_public()));
        }
        same(bob.shared_secret(alice.to_public()).value() == secret);
        same(bts::encrypt_memo(alice, bob.to_public(), "for lunch", 5).value() == memo);
        same(bts::decrypt_memo(memo, bob).value() == "for lunch");
        same(bts::brain_key("quick brown fox", 0, bts::brain_key_form::cli_wallet).value() == brain);
        same(private_key::from_wif(alice.to_wif().view()).value() == alice);
        auto const fresh = private_key::generate();
        same(bts::verify(digest_of(0), fresh.sign(digest_of(0)), fresh.to_public()));
    });
    CHECK(wrong == 0);
}
