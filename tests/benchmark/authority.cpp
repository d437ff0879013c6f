#include "harness.hpp"

#include <bitshares/crypto/private_key.hpp>
#include <bitshares/crypto/signature.hpp>
#include <bitshares/tx/authority_check.hpp>

#include <secp256k1.h>
#include <secp256k1_recovery.h>

#include <cstdio>
#include <set>
#include <string_view>
#include <vector>

/** @file
    Whether given keys may sign: two of three accounts, each of which is two of three keys; against the recovery of one key by
    bare libsecp256k1, which a node does for each signature.
*/

namespace {

namespace bts = bitshares;

constexpr int rounds = 9;
constexpr double least = 0.05; // seconds

bool authority_check()
{
    std::vector<bts::public_key> keys;
    bts::sha256_digest const digest = bts::sha256(std::vector<std::uint8_t>(200, 7));
    bts::signature signature;
    for (std::uint8_t i = 1; i <= 9; ++i)
    {
        std::array<std::uint8_t, 32> secret{};
        secret.back() = i;
        auto const key = bts::private_key::from_bytes(secret).value();
        keys.push_back(key.to_public());
        signature = key.sign(digest);
    }

    bts::account_set accounts;
    bts::account_id const payer{100};
    bts::authority boss;
    boss.weight_threshold = 2;
    std::vector<bts::public_key> signers;
    for (std::size_t i = 0; i < 3; ++i)
    {
        bts::authority a;
        a.weight_threshold = 2;
        for (std::size_t j = 0; j < 3; ++j)
            a.key_auths.insert({keys[3 * i + j], std::uint16_t{1}});
        bts::account_id const account{101 + i};
        accounts.add(account, "member", a, a);
        boss.account_auths.insert({account, std::uint16_t{1}});
        if (i != 0) // the second and the third sign, with the first two keys of each
            for (auto it = a.key_auths.begin(); signers.size() < 2 * i; ++it)
                signers.push_back(it->first);
    }
    accounts.add(payer, "boss", boss, boss);

    bts::transaction tx;
    bts::transfer op;
    op.from = payer;
    op.to = bts::account_id{101};
    op.amount = {1, bts::core_asset};
    tx.operations.emplace_back(op);
    if (!bts::verify_authority(tx, signers, accounts))
    {
        std::fputs("authority_check: the signers are not enough\n", stderr);
        return false;
    }

    secp256k1_context* const context = secp256k1_context_create(SECP256K1_CONTEXT_NONE);
    auto const check = [&] { benchmark::keep(bts::verify_authority(tx, signers, accounts).has_value()); };
    auto const recover = [&] {
        secp256k1_ecdsa_recoverable_signature parsed;
        secp256k1_ecdsa_recoverable_signature_parse_compact(context, &parsed, signature.data.data() + 1,
                                                            (signature.data[0] - 27) & 3);
        secp256k1_pubkey point;
        benchmark::keep(secp256k1_ecdsa_recover(context, &point, &parsed, digest.data.data()));
        std::array<unsigned char, 33> key{};
        std::size_t size = key.size();
        secp256k1_ec_pubkey_serialize(context, key.data(), &size, &point, SECP256K1_EC_COMPRESSED);
        benchmark::keep(key);
    };
    auto const t = benchmark::interleaved<benchmark::thread_clock>(rounds, least, check, recover);
    secp256k1_context_destroy(context);
    double const recovery = benchmark::median(t[1]);
    // At most half the time of a recovery: twice as many a second.
    return benchmark::report({"authority_check", "checks/s", 1, 0}, 1 / benchmark::median(t[0]), 2 / recovery,
                             benchmark::ratio_of(t[0], t[1]) / 2,
                             ",\"recoveries\":" + std::to_string(static_cast<long>(1 / recovery)));
}

} // namespace

int main(int argc, char** argv)
{
    std::set<std::string_view> const names(argv + 1, argv + argc);
    return names.empty() || names.contains("authority_check") ? (authority_check() ? 0 : 1) : 0;
}
