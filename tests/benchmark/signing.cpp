// Keys against what they are built on: bare libsecp256k1 and OpenSSL, called as a careful program in C would.

#include "harness.hpp"

#include <bitshares/crypto/memo.hpp>
#include <bitshares/crypto/private_key.hpp>
#include <bitshares/crypto/signature.hpp>
#include <bitshares/tx/builder.hpp>

#include <openssl/evp.h>
#include <secp256k1.h>
#include <secp256k1_recovery.h>
#if __has_include(<secp256k1_ecdh.h>)
#include <secp256k1_ecdh.h>
#endif

#include <cstring>
#include <memory>
#include <set>
#include <thread>

namespace {

namespace bts = bitshares;
using benchmark::figure;

constexpr int rounds = 9;
constexpr double least = 0.1; // seconds of each side in each round

bts::private_key key_of(std::uint8_t n)
{
    std::array<std::uint8_t, 32> number{};
    number.fill(n);
    return bts::private_key::from_bytes(number).value();
}

// Made as a program in C makes it: once, for everything.
secp256k1_context const* bare_context()
{
    static std::unique_ptr<secp256k1_context, void (*)(secp256k1_context*)> const context(
        secp256k1_context_create(SECP256K1_CONTEXT_SIGN | SECP256K1_CONTEXT_VERIFY), secp256k1_context_destroy);
    return context.get();
}

bool canonical(unsigned char const* s)
{
    auto const good = [](unsigned char a, unsigned char b) { return (a & 0x80) == 0 && !(a == 0 && (b & 0x80) == 0); };
    return good(s[1], s[2]) && good(s[33], s[34]);
}

// The core's loop: RFC 6979's numbers by the library's own function, from the second on.
int core_nonce(unsigned char* nonce, unsigned char const* digest, unsigned char const* key,
               unsigned char const* algorithm, void* data, unsigned attempt)
{
    return secp256k1_nonce_function_rfc6979(nonce, digest, key, algorithm, nullptr,
                                            *static_cast<unsigned*>(data) + attempt);
}

// Signs as the core does, or with the counter as RFC 6979's additional data, which is quicker. @return How many tries.
int bare_sign(unsigned char const* key, unsigned char const* digest, bool as_core, unsigned char* out)
{
    unsigned char extra[32] = {};
    unsigned counter = 0;
    do
    {
        secp256k1_ecdsa_recoverable_signature made;
        int id = 0;
        int const good =
            as_core
                ? (++counter,
                   secp256k1_ecdsa_sign_recoverable(bare_context(), &made, digest, key, core_nonce, &counter))
                : secp256k1_ecdsa_sign_recoverable(bare_context(), &made, digest, key, secp256k1_nonce_function_rfc6979,
                                                   counter++ != 0 ? extra : nullptr);
        if (good != 1)
            std::abort();
        extra[0] = static_cast<unsigned char>(counter);
        extra[1] = static_cast<unsigned char>(counter >> 8);
        secp256k1_ecdsa_recoverable_signature_serialize_compact(bare_context(), out + 1, &id, &made);
        out[0] = static_cast<unsigned char>(31 + id);
    } while (!canonical(out));
    return static_cast<int>(counter);
}

bts::tx_context chain()
{
    bts::tx_context context;
    context.network = bts::mainnet();
    context.time = bts::time_point_sec{1'700'000'000};
    context.head_block_num = 84'000'000;
    context.reference_block.data = {5, 1, 0xbd, 0xe0, 0x99, 0xa4, 1};
    return context;
}

bts::transfer transfer(std::size_t i)
{
    bts::transfer op;
    op.from = bts::account_id(1'234'567);
    op.to = bts::account_id(19);
    op.amount = {static_cast<std::int64_t>(500'000 + i), bts::asset_id(0)};
    return op;
}

/// Builds, prices, packs and signs transfers number `first` and so on.
struct transfers
{
    bts::tx_context context = chain();
    bts::private_key key = key_of(7);
    static constexpr std::size_t count = 1024; // so many that luck with canonical signatures evens out

    void sign(std::size_t first, std::size_t last) const
    {
        for (std::size_t i = first; i < last; ++i)
        {
            bts::tx_builder tx(context.network);
            tx.add(transfer(i));
            benchmark::keep(tx.prepare(context).sign(key).signatures.front().data[1]);
        }
    }
};

bool sign_transfer(figure const& f)
{
    transfers const own;
    std::vector<bts::sha256_digest> digests;
    double own_tries = 0;
    double other_tries = 0;
    for (std::size_t i = 0; i < transfers::count; ++i)
    {
        bts::tx_builder tx(own.context.network);
        tx.add(transfer(i));
        auto const prepared = tx.prepare(own.context);
        digests.push_back(prepared.digest());
        bts::signature bare;
        own_tries += bare_sign(own.key.view().data(), prepared.digest().data.data(), true, bare.data.data());
        if (prepared.sign(own.key).signatures.front() != bare)
        {
            std::fprintf(stderr, "the bare loop's signature differs from the library's\n");
            return false;
        }
        other_tries += bare_sign(own.key.view().data(), prepared.digest().data.data(), false, bare.data.data());
    }
    auto const bare = [&](bool as_core) {
        for (auto const& digest : digests)
        {
            bts::signature s;
            bare_sign(own.key.view().data(), digest.data.data(), as_core, s.data.data());
            benchmark::keep(s.data[1]);
        }
    };
    auto t = benchmark::interleaved<benchmark::thread_clock>(
        rounds, least, [&] { own.sign(0, transfers::count); }, [&] { bare(true); }, [&] { bare(false); });
    // The quicker loop draws other numbers and so needs another number of tries: counted for as many.
    for (double& seconds : t[2])
        seconds *= own_tries / other_tries;
    double const other_ratio = benchmark::ratio_of(t[0], t[2]);
    char extra[96];
    std::snprintf(extra, sizeof extra, ",\"counter_as_data_limit\":%.6g,\"counter_as_data_ratio\":%.3f",
                  transfers::count / benchmark::median(t[2]), other_ratio);
    return benchmark::report(f, transfers::count / benchmark::median(t[0]), transfers::count / benchmark::median(t[1]),
                             benchmark::ratio_of(t[0], t[1]), extra) &&
           other_ratio >= f.bar * benchmark::bar_factor();
}

bool sign_transfer_2(figure const& f)
{
    transfers const own;
    auto const one = [&] { own.sign(0, transfers::count); };
    auto const two = [&] {
        std::thread other([&] { own.sign(0, transfers::count); });
        own.sign(0, transfers::count);
        other.join();
    };
    auto t = benchmark::interleaved<benchmark::wall_clock>(rounds, least, two, one);
    for (double& seconds : t[0])
        seconds /= 2; // twice as many
    return benchmark::report(f, transfers::count / benchmark::median(t[0]), transfers::count / benchmark::median(t[1]),
                             benchmark::ratio_of(t[0], t[1]));
}

bool recover(figure const& f)
{
    constexpr std::size_t count = 256;
    auto const key = key_of(7);
    std::vector<bts::sha256_digest> digests;
    std::vector<bts::signature> signatures;
    for (std::size_t i = 0; i < count; ++i)
    {
        digests.push_back(bts::sha256(std::array<std::uint8_t, 2>{static_cast<std::uint8_t>(i), 1}));
        signatures.push_back(key.sign(digests.back()));
    }
    auto const own = [&] {
        for (std::size_t i = 0; i < count; ++i)
            benchmark::keep(bts::recover(digests[i], signatures[i]).value().data[1]);
    };
    auto const bare = [&] {
        for (std::size_t i = 0; i < count; ++i)
        {
            secp256k1_ecdsa_recoverable_signature parsed;
            secp256k1_pubkey point;
            unsigned char serialized[33];
            std::size_t size = sizeof serialized;
            if (secp256k1_ecdsa_recoverable_signature_parse_compact(
                    bare_context(), &parsed, signatures[i].data.data() + 1, (signatures[i].data[0] - 27) & 3) != 1 ||
                secp256k1_ecdsa_recover(bare_context(), &point, &parsed, digests[i].data.data()) != 1)
                std::abort();
            secp256k1_ec_pubkey_serialize(bare_context(), serialized, &size, &point, SECP256K1_EC_COMPRESSED);
            benchmark::keep(serialized[1]);
        }
    };
    auto const t = benchmark::interleaved<benchmark::thread_clock>(rounds, least, own, bare);
    return benchmark::report(f, count / benchmark::median(t[0]), count / benchmark::median(t[1]),
                             benchmark::ratio_of(t[0], t[1]));
}

// ECDH, three digests and AES, with everything fetched and allocated before.
class bare_memo
{
public:
    bare_memo()
        : sha256_(EVP_MD_fetch(nullptr, "SHA2-256", nullptr)),
          sha512_(EVP_MD_fetch(nullptr, "SHA2-512", nullptr)),
          aes_(EVP_CIPHER_fetch(nullptr, "AES-256-CBC", nullptr)),
          digest_(EVP_MD_CTX_new()),
          cipher_(EVP_CIPHER_CTX_new())
    {}
    ~bare_memo()
    {
        EVP_CIPHER_CTX_free(cipher_);
        EVP_MD_CTX_free(digest_);
        EVP_CIPHER_free(aes_);
        EVP_MD_free(sha512_);
        EVP_MD_free(sha256_);
    }
    bare_memo(bare_memo const&) = delete;
    bare_memo& operator=(bare_memo const&) = delete;

    std::vector<unsigned char> const& encrypt(unsigned char const* key, unsigned char const* to, std::string_view text,
                                              std::uint64_t nonce)
    {
        secp256k1_pubkey point;
        unsigned char x[32];
        if (secp256k1_ec_pubkey_parse(bare_context(), &point, to, 33) != 1)
            std::abort();
#if __has_include(<secp256k1_ecdh.h>)
        auto const x_only = [](unsigned char* out, unsigned char const* x32, unsigned char const*, void*) {
            std::memcpy(out, x32, 32);
            return 1;
        };
        if (secp256k1_ecdh(bare_context(), x, &point, key, x_only, nullptr) != 1)
            std::abort();
#else
        unsigned char product[33];
        std::size_t size = sizeof product;
        if (secp256k1_ec_pubkey_tweak_mul(bare_context(), &point, key) != 1)
            std::abort();
        secp256k1_ec_pubkey_serialize(bare_context(), product, &size, &point, SECP256K1_EC_COMPRESSED);
        std::memcpy(x, product + 1, 32);
#endif
        unsigned char shared[64], material[64], checksum[32];
        hash(sha512_, x, sizeof x, shared);
        char seed[20 + 128 + 1];
        int digits = std::snprintf(seed, 21, "%llu", static_cast<unsigned long long>(nonce));
        for (unsigned char const byte : shared)
        {
            seed[digits++] = "0123456789abcdef"[byte >> 4];
            seed[digits++] = "0123456789abcdef"[byte & 15];
        }
        hash(sha512_, seed, static_cast<std::size_t>(digits), material);
        hash(sha256_, text.data(), text.size(), checksum);
        plain_.assign(checksum, checksum + 4);
        plain_.insert(plain_.end(), text.begin(), text.end());
        out_.resize(plain_.size() + 16);
        int first = 0, last = 0;
        EVP_EncryptInit_ex2(cipher_, aes_, material, material + 32, nullptr);
        EVP_EncryptUpdate(cipher_, out_.data(), &first, plain_.data(), static_cast<int>(plain_.size()));
        EVP_EncryptFinal_ex(cipher_, out_.data() + first, &last);
        out_.resize(static_cast<std::size_t>(first + last));
        return out_;
    }

private:
    void hash(EVP_MD const* algorithm, void const* data, std::size_t size, unsigned char* out)
    {
        EVP_DigestInit_ex2(digest_, algorithm, nullptr);
        EVP_DigestUpdate(digest_, data, size);
        EVP_DigestFinal_ex(digest_, out, nullptr);
    }

    EVP_MD* sha256_;
    EVP_MD* sha512_;
    EVP_CIPHER* aes_;
    EVP_MD_CTX* digest_;
    EVP_CIPHER_CTX* cipher_;
    std::vector<unsigned char> plain_, out_;
};

bool memo_encrypt(figure const& f)
{
    constexpr std::uint64_t count = 256;
    auto const from = key_of(7);
    auto const to = key_of(9).to_public();
    std::string const text(43, 'x'); // with its checksum 47 bytes, the middle of what accounts have
    bare_memo limit;
    if (bts::encrypt_memo(from, to, text, 5).value().message !=
        limit.encrypt(from.view().data(), to.data.data(), text, 5))
    {
        std::fprintf(stderr, "the bare memo differs from the library's\n");
        return false;
    }
    auto const own = [&] {
        for (std::uint64_t i = 0; i < count; ++i)
            benchmark::keep(bts::encrypt_memo(from, to, text, i << 40).value().message.data());
    };
    auto const bare = [&] {
        for (std::uint64_t i = 0; i < count; ++i)
            benchmark::keep(limit.encrypt(from.view().data(), to.data.data(), text, i << 40).data());
    };
    auto const t = benchmark::interleaved<benchmark::thread_clock>(rounds, least, own, bare);
    return benchmark::report(f, count / benchmark::median(t[0]), count / benchmark::median(t[1]),
                             benchmark::ratio_of(t[0], t[1]));
}

} // namespace

int main(int argc, char** argv)
{
    std::set<std::string_view> const names(argv + 1, argv + argc);
    auto const wanted = [&](std::string_view name) { return names.empty() || names.contains(name); };
    bool good = true;
    if (wanted("sign_transfer"))
        good &= sign_transfer({"sign_transfer", "transactions/s", 0.95, 18'000});
    if (wanted("sign_transfer_2"))
        good &= sign_transfer_2({"sign_transfer_2", "transactions/s", 1.8, 0});
    if (wanted("recover"))
        good &= recover({"recover", "signatures/s", 0.95, 25'000});
    if (wanted("memo_encrypt"))
        good &= memo_encrypt({"memo_encrypt", "memos/s", 0.9, 25'000});
    return good ? 0 : 1;
}
