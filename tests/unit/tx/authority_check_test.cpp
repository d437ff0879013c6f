#include <bitshares/crypto/public_key.hpp>
#include <bitshares/protocol/reserved_accounts.hpp>
#include <bitshares/tx/authority_check.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <random>
#include <string>
#include <vector>

using namespace bitshares;

namespace {

constexpr account_id alice{100}, bob{101}, carol{102}, dave{103}, erin{104};
constexpr std::uint16_t one = 1, two = 2, three = 3;

// Keys in the order in which authorities hold them: key(0) comes before key(1).
public_key key(std::size_t number)
{
    static std::vector<public_key> const keys = [] {
        std::vector<public_key> all;
        for (std::uint8_t i = 0; i < 40; ++i)
        {
            public_key k;
            k.data[0] = 2;
            k.data[32] = i;
            all.push_back(k);
        }
        flat_set<public_key> const sorted(all);
        return std::vector<public_key>(sorted.begin(), sorted.end());
    }();
    return keys.at(number);
}

std::vector<public_key> keys(std::initializer_list<std::size_t> numbers)
{
    std::vector<public_key> all;
    for (std::size_t n : numbers)
        all.push_back(key(n));
    return all;
}

authority of_keys(std::uint32_t threshold, std::vector<std::pair<std::size_t, std::uint16_t>> const& weights,
                  std::vector<std::pair<account_id, std::uint16_t>> const& accounts = {})
{
    authority a;
    a.weight_threshold = threshold;
    for (auto const& [number, weight] : weights)
        a.key_auths.insert({key(number), weight});
    for (auto const& account : accounts)
        a.account_auths.insert(account);
    return a;
}

authority of_accounts(std::uint32_t threshold, std::vector<std::pair<account_id, std::uint16_t>> const& accounts)
{
    return of_keys(threshold, {}, accounts);
}

transaction transfers(std::initializer_list<account_id> from)
{
    transaction tx;
    for (account_id account : from)
    {
        transfer op;
        op.from = account;
        op.to = erin;
        op.amount = {1, core_asset};
        tx.operations.emplace_back(op);
    }
    return tx;
}

transaction owner_update(account_id account)
{
    transaction tx;
    account_update op;
    op.account = account;
    op.owner = of_keys(1, {{39, one}});
    tx.operations.emplace_back(op);
    return tx;
}

// "" where satisfied, or the error's name.
std::string verdict(result<void> const& r)
{
    return r ? "" : name(static_cast<errc>(r.error().code().value()));
}

std::string verify(transaction const& tx, std::vector<public_key> const& signed_by, account_source const& accounts,
                   authority_options const& options = {})
{
    return verdict(verify_authority(tx, signed_by, accounts, options));
}

std::vector<public_key> sorted(flat_set<public_key> const& set)
{
    return {set.begin(), set.end()};
}

custom_authority_object custom_of(account_id account, std::uint64_t id, std::uint64_t tag, authority auth)
{
    custom_authority_object custom;
    custom.id = custom_authority_id{id};
    custom.account = account;
    custom.enabled = true;
    custom.valid_from = {1'000};
    custom.valid_to = {2'000};
    custom.operation_type = {tag};
    custom.auth = std::move(auth);
    return custom;
}

} // namespace

TEST_CASE("tx/authority_check: every operation needs its fee payer's active authority")
{
    auto const& variant = *detail::type_of<operation>.variant;
    std::size_t more = 0;
    for (std::size_t tag = 0; tag < operation_count; ++tag)
    {
        transaction tx;
        operation& op = tx.operations.emplace_back();
        variant.emplace(&op.value, tag);
        INFO(op.name());
        auto const needed = authorities_of(tx);
        bool const by_owner = needed.owner.contains(*op.fee_payer());
        CHECK(needed.active.contains(*op.fee_payer()) != by_owner);
        CHECK(needed.active.size() + needed.owner.size() == 1);
        more += by_owner || !needed.other.empty();
    }
    CHECK(more == 3); // asset_update_issuer by its owner; keys of balance_claim; none of proposal_update, threshold 0
    transaction unknown;
    unknown.operations.emplace_back(unknown_operation{.tag = 200, .raw_json = "{}"});
    CHECK(authorities_of(unknown).active.empty());
}

TEST_CASE("tx/authority_check: what operations need beside")
{
    transaction tx;
    SUBCASE("the issuer whose asset a new account is to buy back")
    {
        account_create op;
        op.registrar = alice;
        op.extensions.buyback_options = buyback_account_options{asset_id{5}, bob, {}};
        tx.operations.emplace_back(op);
        auto const needed = authorities_of(tx);
        CHECK(needed.active == flat_set<account_id>{alice, bob});
        CHECK(needed.owner.empty());
    }
    SUBCASE("the owner of an account whose owner authority changes, and no more")
    {
        account_update op;
        op.account = alice;
        op.active = of_keys(1, {{0, one}});
        tx.operations.emplace_back(op);
        CHECK(authorities_of(tx).owner.empty());
        op.extensions.active_special_authority = no_special_authority{};
        tx.operations[0] = op;
        CHECK(authorities_of(tx).owner.empty());
        op.extensions.owner_special_authority = no_special_authority{};
        tx.operations[0] = op;
        CHECK(authorities_of(tx).owner == flat_set<account_id>{alice});
        CHECK(authorities_of(tx).active.empty());
        op.extensions = {};
        op.owner = of_keys(1, {{0, one}});
        tx.operations[0] = op;
        CHECK(authorities_of(tx).owner == flat_set<account_id>{alice});
    }
    SUBCASE("accounts that custom operations name, unless they do not count")
    {
        custom op;
        op.payer = alice;
        op.required_auths = {bob, alice};
        tx.operations.emplace_back(op);
        CHECK(authorities_of(tx).active == flat_set<account_id>{alice, bob});
        CHECK(authorities_of(tx, true).active == flat_set<account_id>{alice});
    }
    SUBCASE("nobody whom an assert names")
    {
        bitshares::assert op;
        op.fee_paying_account = alice;
        op.required_auths = {bob};
        tx.operations.emplace_back(op);
        CHECK(authorities_of(tx).active == flat_set<account_id>{alice});
    }
    SUBCASE("whoever approves a proposal or takes it back, and all keys that do")
    {
        proposal_update op;
        op.fee_paying_account = alice;
        op.active_approvals_to_add = {bob};
        op.active_approvals_to_remove = {carol};
        op.owner_approvals_to_add = {dave};
        op.owner_approvals_to_remove = {erin};
        op.key_approvals_to_add = {key(1)};
        op.key_approvals_to_remove = {key(2)};
        tx.operations.emplace_back(op);
        auto const needed = authorities_of(tx);
        CHECK(needed.active == flat_set<account_id>{alice, bob, carol});
        CHECK(needed.owner == flat_set<account_id>{dave, erin});
        REQUIRE(needed.other.size() == 1);
        CHECK(needed.other[0] == of_keys(2, {{1, one}, {2, one}}));
    }
    SUBCASE("owners of blinded inputs")
    {
        blind_transfer op;
        op.inputs.resize(2);
        op.inputs[0].owner = of_keys(1, {{0, one}});
        op.inputs[1].owner = of_keys(1, {{1, one}});
        tx.operations.emplace_back(op);
        transfer_from_blind from;
        from.inputs = op.inputs;
        tx.operations.emplace_back(from);
        auto const needed = authorities_of(tx);
        CHECK(needed.active == flat_set<account_id>{reserved_accounts::temp});
        CHECK(needed.other.size() == 4);
        account_set const nobody; // the temp-account needs no signature and no look-up
        CHECK(verify(tx, keys({0, 1}), nobody) == "");
        CHECK(verify(tx, keys({0}), nobody) == "missing_other_authority");
        CHECK(accounts_needed(tx, nobody).empty());
    }
    SUBCASE("the key of a balance")
    {
        balance_claim op;
        op.deposit_to_account = alice;
        op.balance_owner_key = key(7);
        tx.operations.emplace_back(op);
        account_set accounts;
        accounts.add(alice, "alice", of_keys(1, {{1, one}}), of_keys(1, {{0, one}}));
        CHECK(verify(tx, keys({0}), accounts) == "missing_other_authority");
        CHECK(verify(tx, keys({7}), accounts) == "missing_active_authority");
        CHECK(verify(tx, keys({7, 0}), accounts) == "");
        CHECK(sorted(potential_signatures(tx, accounts)) == keys({0, 1, 7}));
    }
}

TEST_CASE("tx/authority_check: weights add up to the threshold, in the order of the keys, and no further")
{
    account_set accounts;
    accounts.add(alice, "alice", of_keys(1, {{9, one}}), of_keys(3, {{0, one}, {1, two}, {2, three}}));
    auto const tx = transfers({alice});
    CHECK(verify(tx, keys({}), accounts) == "missing_active_authority");
    CHECK(verify(tx, keys({0}), accounts) == "missing_active_authority");
    CHECK(verify(tx, keys({1}), accounts) == "missing_active_authority");
    CHECK(verify(tx, keys({0, 1}), accounts) == "");
    CHECK(verify(tx, keys({1, 0}), accounts) == ""); // signatures have no order
    CHECK(verify(tx, keys({2}), accounts) == "");
    CHECK(verify(tx, keys({0, 2}), accounts) == ""); // 0 is counted before 2 and is needed as far as the chain sees
    CHECK(verify(tx, keys({0, 1, 2}), accounts) == "superfluous_signature"); // 2 comes after the threshold
    CHECK(verify(tx, keys({2, 5}), accounts) == "superfluous_signature");
    CHECK(verify(tx, keys({9}), accounts) == ""); // the owner in place of the active authority
    CHECK(verify(tx, keys({2, 9}), accounts) == "superfluous_signature");
    CHECK(verify(tx, keys({0, 9}), accounts) == ""); // 0 was looked at before the owner
    CHECK(verify(tx, keys({2, 2}), accounts) == "duplicate_signature");
}

TEST_CASE("tx/authority_check: an authority without a threshold is always satisfied")
{
    account_set accounts;
    accounts.add(alice, "alice", {}, of_keys(0, {{0, one}}));
    CHECK(verify(transfers({alice}), {}, accounts) == "");
    CHECK(verify(transfers({alice}), keys({0}), accounts) == "");
    CHECK(verify(transfers({alice}), keys({1}), accounts) == "superfluous_signature");
}

TEST_CASE("tx/authority_check: the owner authority is not replaced by the active one")
{
    account_set accounts;
    accounts.add(alice, "alice", of_keys(1, {{1, one}}), of_keys(1, {{0, one}}));
    CHECK(verify(owner_update(alice), keys({0}), accounts) == "missing_owner_authority");
    // An active authority is needed of the fee payer as well, and the owner's is good for it.
    CHECK(verify(owner_update(alice), keys({1}), accounts) == "");
    CHECK(verify(owner_update(alice), keys({0, 1}), accounts) == "");
    CHECK(sorted(required_signatures(owner_update(alice), keys({0, 1}), {}, accounts)) == keys({1}));
    CHECK(sorted(minimal_signatures(owner_update(alice), keys({0, 1}), {}, accounts).value()) == keys({1}));
}

TEST_CASE("tx/authority_check: accounts stand for others down to the depth, by their active or owner authority")
{
    account_set accounts;
    auto const own = [](std::size_t active, std::size_t owner) {
        return std::pair(of_keys(1, {{owner, one}}), of_keys(1, {{active, one}}));
    };
    accounts.add(dave, "dave", own(6, 7).first, own(6, 7).second);
    accounts.add(carol, "carol", of_keys(1, {{5, one}}), of_keys(1, {{4, one}}, {{dave, one}}));
    accounts.add(bob, "bob", of_keys(1, {{3, one}}), of_keys(1, {{2, one}}, {{carol, one}}));
    accounts.add(alice, "alice", of_keys(1, {{1, one}}), of_accounts(1, {{bob, one}}));
    auto const tx = transfers({alice});
    CHECK(verify(tx, keys({2}), accounts) == "");                         // bob
    CHECK(verify(tx, keys({3}), accounts) == "");                         // bob's owner
    CHECK(verify(tx, keys({4}), accounts) == "");                         // carol, in bob
    CHECK(verify(tx, keys({5}), accounts) == "");                         // carol's owner
    CHECK(verify(tx, keys({6}), accounts) == "missing_active_authority"); // dave is too deep
    CHECK(verify(tx, keys({6}), accounts, {.max_depth = 3}) == "");
    CHECK(verify(tx, keys({4}), accounts, {.max_depth = 1}) == "missing_active_authority");
    CHECK(verify(tx, keys({2}), accounts, {.max_depth = 0}) == "missing_active_authority");
    CHECK(verify(tx, keys({3}), accounts, {.allow_nested_owner = false}) == "missing_active_authority");
    CHECK(verify(tx, keys({1}), accounts, {.allow_nested_owner = false}) == ""); // alice's own owner always may

    // What was approved on the way counts at any depth: carol was, and has dave.
    CHECK(verify(transfers({bob, alice}), keys({6}), accounts) == "missing_active_authority");
    // The order is that of the accounts: alice comes first, when carol is not approved yet.
    account_set other = accounts;
    other.add(erin, "erin", of_keys(1, {{8, one}}), of_accounts(1, {{dave, one}}));
    CHECK(verify(transfers({erin, alice}), keys({6}), other) == "missing_active_authority");
    other.add(account_id{50}, "zero", of_keys(1, {{8, one}}), of_accounts(1, {{dave, one}}));
    CHECK(verify(transfers({account_id{50}, alice}), keys({6}), other) == ""); // dave was approved for 1.2.50
}

TEST_CASE("tx/authority_check: accounts that stand in each other's authority end the check")
{
    account_set accounts;
    accounts.add(alice, "alice", of_accounts(1, {{bob, one}}), of_accounts(1, {{bob, one}}));
    accounts.add(bob, "bob", of_accounts(1, {{alice, one}}), of_accounts(1, {{alice, one}}));
    CHECK(verify(transfers({alice}), keys({0}), accounts, {.max_depth = 10}) == "missing_active_authority");
    CHECK(accounts_needed(transfers({alice}), accounts).empty());
    CHECK(potential_signatures(transfers({alice}), accounts).empty());
    CHECK(minimal_signatures(transfers({alice}), keys({0, 1}), {}, accounts).error().code() ==
          errc::missing_active_authority);
}

TEST_CASE("tx/authority_check: the temp-account is approved wherever it stands")
{
    account_set accounts;
    accounts.add(alice, "alice", {.weight_threshold = 1, .account_auths = {}, .key_auths = {}, .address_auths = {}},
                 of_accounts(1, {{reserved_accounts::temp, one}}));
    CHECK(verify(transfers({alice}), {}, accounts) == "");
    CHECK(verify(transfers({reserved_accounts::temp}), {}, accounts) == "");
}

TEST_CASE("tx/authority_check: failures come in the chain's order, and each names its account")
{
    account_set accounts;
    accounts.add(alice, "alice", of_keys(1, {{1, one}}), of_keys(2, {{0, one}, {2, one}}));
    accounts.add(bob, "bob", of_keys(1, {{4, one}}), of_keys(1, {{3, one}}));
    transaction tx = transfers({reserved_accounts::committee, alice});
    balance_claim claim;
    claim.deposit_to_account = alice;
    claim.balance_owner_key = key(7);
    tx.operations.emplace_back(claim);
    asset_update_issuer issuer;
    issuer.issuer = bob;
    tx.operations.emplace_back(issuer);
    auto r = verify_authority(tx, keys({0}), accounts);
    CHECK(verdict(r) == "committee_approval");
    CHECK(r.error().detail() == "1.2.0");
    tx.operations.erase(tx.operations.begin());
    r = verify_authority(tx, keys({0}), accounts);
    CHECK(verdict(r) == "missing_other_authority");
    CHECK(r.error().detail() == "keys that an operation names: weight 0 of 1");
    r = verify_authority(tx, keys({0, 7}), accounts);
    CHECK(verdict(r) == "missing_owner_authority");
    CHECK(r.error().detail() == "owner authority of bob (1.2.101): weight 0 of 1");
    r = verify_authority(tx, keys({0, 4, 7}), accounts);
    CHECK(verdict(r) == "missing_active_authority");
    CHECK(r.error().detail() == "active authority of alice (1.2.100): weight 1 of 2");
    CHECK(verify(tx, keys({0, 2, 4, 7}), accounts) == "");
    r = verify_authority(tx, keys({0, 2, 4, 7, 8}), accounts);
    CHECK(verdict(r) == "superfluous_signature");
    CHECK(r.error().detail() == "1 of 5 signatures: all that is needed was satisfied without");

    auto const status = check_authority(tx, keys({8}), accounts);
    CHECK_FALSE(status.satisfied);
    CHECK(status.missing.size() == 4); // other, bob's owner, alice, and bob again as fee payer
    CHECK(status.missing[0].what == missing_authority::role::other);
    CHECK(status.missing[1].what == missing_authority::role::owner);
    CHECK(status.missing[1].account == bob);
    CHECK(status.missing[2].what == missing_authority::role::active);
    CHECK(status.missing[2].name == "alice");
    CHECK(status.superfluous == keys({8}));
    CHECK(status.reason->code() == errc::missing_other_authority);
}

TEST_CASE("tx/authority_check: proposals count approvals, and may act for the committee")
{
    account_set accounts;
    accounts.add(reserved_accounts::committee, "committee-account",
                 {.weight_threshold = 1, .account_auths = {}, .key_auths = {}, .address_auths = {}},
                 of_accounts(2, {{alice, one}, {bob, one}}));
    accounts.add(alice, "alice", of_keys(1, {{1, one}}), of_keys(1, {{0, one}}));
    accounts.add(bob, "bob", of_keys(1, {{3, one}}), of_keys(1, {{2, one}}));
    auto const tx = transfers({reserved_accounts::committee});
    CHECK(verify(tx, keys({0, 2}), accounts) == "committee_approval");
    CHECK(verdict(verify_proposal(tx, {}, accounts, {})) == "missing_active_authority");
    CHECK(verdict(verify_proposal(tx, {}, accounts, {.active_approvals = {alice}})) == "missing_active_authority");
    CHECK(verdict(verify_proposal(tx, {}, accounts, {.active_approvals = {alice, bob}})) == "");
    CHECK(verdict(verify_proposal(tx, {}, accounts, {.active_approvals = {alice}, .owner_approvals = {bob}})) == "");
    CHECK(verdict(verify_proposal(tx, keys({2}), accounts, {.active_approvals = {alice}})) == "");
    CHECK(verdict(verify_proposal(tx, keys({0, 2}), accounts, {.active_approvals = {alice}})) ==
          "superfluous_signature");

    auto const update = owner_update(alice);
    CHECK(verdict(verify_proposal(update, {}, accounts, {.active_approvals = {alice}})) == "missing_owner_authority");
    CHECK(verdict(verify_proposal(update, {}, accounts, {.owner_approvals = {alice}})) == "");
    CHECK(verdict(verify_proposal(update, keys({1}), accounts, {})) == "");
}

TEST_CASE("tx/authority_check: all five addresses of a key stand for it, and nobody stands for an address")
{
    auto const real = public_key::from_string("BTS6MRyAjQq8ud7hVNYcfnVPJqcVpscN5So8BhtHuGYqET5GDW5CV", "BTS").value();
    auto const addresses = addresses_of(real).value().all();
    auto const tx = transfers({alice});
    for (address const& old : addresses)
    {
        INFO(old.to_string("BTS"));
        authority a;
        a.weight_threshold = 1;
        a.address_auths.insert({old, one});
        account_set accounts;
        accounts.add(alice, "alice", of_keys(1, {{0, one}}), a);
        CHECK(verify(tx, {real}, accounts) == "");
        CHECK(verify(tx, {real, key(1)}, accounts) == "superfluous_signature");
        CHECK(verify(tx, {}, accounts) == "missing_active_authority");
        CHECK(verify(tx, {key(1)}, accounts) == "missing_active_authority");
        CHECK(potential_address_signatures(tx, accounts) == flat_set<address>{old});
        CHECK(sorted(potential_signatures(tx, accounts)) == keys({0}));
        std::vector<public_key> const available{key(1), real};
        CHECK(sorted(required_signatures(tx, available, {}, accounts)) == std::vector{real});
        CHECK(sorted(minimal_signatures(tx, available, {}, accounts).value()) == std::vector{real});
        auto const missing = check_authority(tx, {}, accounts).missing;
        REQUIRE(missing.size() == 1);
        CHECK(missing[0].parts[0].address == old);
    }
    // Bytes that are no point of the curve have their own address alone.
    authority a;
    a.weight_threshold = 1;
    a.address_auths.insert({address_of(key(1)), one});
    account_set accounts;
    accounts.add(alice, "alice", of_keys(1, {{0, one}}), a);
    CHECK(verify(tx, {key(1)}, accounts) == "");
}

TEST_CASE("tx/authority_check: addresses are counted after keys and before accounts")
{
    authority a = of_keys(2, {{0, one}}, {{bob, one}});
    a.address_auths.insert({address_of(key(1)), one});
    account_set accounts;
    accounts.add(alice, "alice", of_keys(1, {{9, one}}), a);
    accounts.add(bob, "bob", of_keys(1, {{3, one}}), of_keys(1, {{2, one}}));
    auto const tx = transfers({alice});
    CHECK(verify(tx, keys({0, 1}), accounts) == "");
    CHECK(verify(tx, keys({0, 2}), accounts) == "");
    CHECK(verify(tx, keys({1, 2}), accounts) == "");
    CHECK(verify(tx, keys({0, 1, 2}), accounts) == "superfluous_signature");
}

TEST_CASE("tx/authority_check: custom authorities stand for one operation, while they are valid")
{
    account_set accounts;
    accounts.add(alice, "alice", of_keys(1, {{1, one}}), of_keys(1, {{0, one}}));
    accounts.add(bob, "bob", of_keys(1, {{3, one}}), of_keys(1, {{2, one}}));
    accounts.add(custom_of(alice, 1, transfer::traits.tag, of_keys(2, {{5, one}, {6, one}})));
    auto const tx = transfers({alice});
    authority_options const now{.now = time_point_sec{1'500}};
    CHECK(verify(tx, keys({5, 6}), accounts, now) == "");
    CHECK(verify(tx, keys({5, 6}), accounts) == "missing_active_authority"); // no time given
    CHECK(verify(tx, keys({5, 6}), accounts, {.now = time_point_sec{999}}) == "missing_active_authority");
    CHECK(verify(tx, keys({5, 6}), accounts, {.now = time_point_sec{1'000}}) == "");
    CHECK(verify(tx, keys({5, 6}), accounts, {.now = time_point_sec{1'999}}) == "");
    CHECK(verify(tx, keys({5, 6}), accounts, {.now = time_point_sec{2'000}}) == "missing_active_authority");
    CHECK(verify(tx, keys({0}), accounts, now) == "");
    CHECK(verify(tx, keys({0, 5, 6}), accounts, now) == "superfluous_signature");
    CHECK(verify(tx, keys({0, 5}), accounts, now) == ""); // a key that was looked at in vain is not superfluous
    CHECK(verify(owner_update(alice), keys({5, 6}), accounts, now) == "missing_owner_authority");
    CHECK(verify(transfers({alice, bob}), keys({5, 6}), accounts, now) == "missing_active_authority");
    CHECK(verify(transfers({alice, bob}), keys({2, 5, 6}), accounts, now) == "");

    // Another operation of the same account needs it itself.
    transaction both = tx;
    limit_order_cancel cancel;
    cancel.fee_paying_account = alice;
    both.operations.emplace_back(cancel);
    CHECK(verify(both, keys({5, 6}), accounts, now) == "missing_active_authority");

    CHECK(sorted(minimal_signatures(tx, keys({5, 6}), {}, accounts, now).value()) == keys({5, 6}));
    CHECK(sorted(minimal_signatures(tx, keys({0, 5, 6}), {}, accounts, now).value()) == keys({0}));
    CHECK(required_signatures(tx, keys({5, 6}), {}, accounts, now).empty()); // as nodes, which do not look at them

    // Disabled, restricted, of another type
    auto custom = custom_of(alice, 1, transfer::traits.tag, of_keys(1, {{5, one}}));
    custom.enabled = false;
    accounts.add(custom);
    CHECK(verify(tx, keys({5}), accounts, now) == "missing_active_authority");
    custom.enabled = true;
    restriction r;
    r.member_index = {2};
    r.restriction_type = {restriction::eq};
    r.argument = bob;
    custom.restrictions.insert({std::uint16_t{0}, r});
    accounts.add(custom);
    CHECK(verify(tx, keys({5}), accounts, now) == "missing_active_authority");
    transaction to_bob = tx;
    to_bob.operations[0].get_if<transfer>()->to = bob;
    CHECK(verify(to_bob, keys({5}), accounts, now) == "");
    // A second one that allows it
    accounts.add(custom_of(alice, 7, transfer::traits.tag, of_accounts(1, {{bob, one}})));
    CHECK(verify(tx, keys({2}), accounts, now) == "");
    CHECK(accounts.find(alice)->custom.size() == 2);
    CHECK(accounts.find(alice)->custom[0].id == custom_authority_id{1});
}

TEST_CASE("tx/authority_check: accounts are fetched in rounds")
{
    account_set all;
    all.add(dave, "dave", of_keys(1, {{0, one}}), of_keys(1, {{0, one}}));
    all.add(carol, "carol", of_accounts(1, {{erin, one}}), of_accounts(1, {{dave, one}})); // erin and dave are too deep
    all.add(bob, "bob", of_keys(1, {{0, one}}), of_accounts(1, {{carol, one}}));
    all.add(alice, "alice", of_accounts(1, {{dave, one}}), of_accounts(1, {{bob, one}}));
    auto const tx = transfers({alice});
    account_set known;
    std::vector<flat_set<account_id>> rounds;
    for (;;)
    {
        auto const needed = accounts_needed(tx, known);
        if (needed.empty())
            break;
        rounds.push_back(needed);
        for (account_id account : needed)
        {
            auto const found = all.find(account);
            REQUIRE(found.has_value());
            known.add(account, std::string(found->name), *found->owner, *found->active);
        }
    }
    CHECK(rounds == std::vector<flat_set<account_id>>{{alice}, {bob, dave}, {carol}});
    CHECK_FALSE(known.contains(erin));

    account_set const nobody;
    auto const r = verify_authority(tx, keys({0}), nobody);
    CHECK(verdict(r) == "account_not_given");
    CHECK(r.error().detail() == "1.2.100");
    account_set some;
    some.add(alice, "alice", of_keys(1, {{9, one}}), of_accounts(1, {{bob, one}}));
    CHECK(verify(tx, keys({0}), some) == "account_not_given");
    CHECK(verify(tx, keys({9}), some) == ""); // bob was not needed
    auto const missing = check_authority(tx, {}, some).missing;
    REQUIRE(missing.size() == 1);
    CHECK_FALSE(missing[0].parts[0].account_given);

    // Of custom authorities too, where they count
    known.add(custom_of(alice, 1, transfer::traits.tag, of_accounts(1, {{account_id{77}, one}})));
    CHECK(accounts_needed(tx, known).empty());
    CHECK(accounts_needed(tx, known, {.now = time_point_sec{1'500}}) == flat_set<account_id>{account_id{77}});
}

TEST_CASE("tx/authority_check: what is missing is told to a person")
{
    account_set accounts;
    accounts.add(alice, "alice", of_keys(1, {{1, one}}), of_keys(3, {{0, one}, {2, one}}, {{bob, two}, {carol, one}}));
    accounts.add(bob, "bob", of_keys(1, {{3, one}}), of_keys(2, {{4, one}, {5, one}}));
    auto const status = check_authority(transfers({alice}), keys({0, 4}), accounts);
    CHECK_FALSE(status.satisfied);
    REQUIRE(status.missing.size() == 1);
    auto const& missing = status.missing[0];
    CHECK(missing.threshold == 3);
    CHECK(missing.satisfied == 1);
    REQUIRE(missing.parts.size() == 3);
    CHECK(missing.parts[1].account == bob);
    CHECK(missing.parts[1].satisfied == 1);
    CHECK(missing.to_string("BTS") == "active authority of alice (1.2.100): weight 1 of 3\n"
                                      "  " +
                                          key(2).to_string("BTS") +
                                          " adds 1\n"
                                          "  bob (1.2.101) adds 2 with 2, has 1\n"
                                          "    " +
                                          key(5).to_string("BTS") +
                                          " adds 1\n"
                                          "  1.2.102 adds 1, is not given");
    CHECK(status.reason->code() == errc::account_not_given);
    CHECK(check_authority(transfers({alice}), keys({1}), accounts).satisfied);
    CHECK(check_authority(transfers({alice}), keys({1}), accounts).missing.empty());
}

TEST_CASE("tx/authority_check: the fewest keys, active before owner before custom")
{
    account_set accounts;
    accounts.add(alice, "alice", of_keys(1, {{9, one}}), of_keys(3, {{0, one}, {1, one}, {2, one}, {3, three}}));
    auto const tx = transfers({alice});
    // The chain takes each key that it meets; three weak ones before the strong one.
    CHECK(sorted(required_signatures(tx, keys({0, 1, 2, 3}), {}, accounts)) == keys({0, 1, 2}));
    CHECK(sorted(minimal_signatures(tx, keys({0, 1, 2, 3}), {}, accounts).value()) == keys({3}));
    CHECK(sorted(minimal_signatures(tx, keys({0, 1, 2, 3, 9}), {}, accounts).value()) == keys({3}));
    CHECK(sorted(minimal_signatures(tx, keys({0, 1, 2, 9}), {}, accounts).value()) == keys({9}));
    CHECK(sorted(minimal_signatures(tx, keys({0, 1, 2, 8}), {}, accounts).value()) == keys({0, 1, 2}));
    CHECK(minimal_signatures(tx, keys({0, 1, 8}), {}, accounts).error().code() == errc::missing_active_authority);
    CHECK(minimal_signatures(tx, keys({0, 1, 8}), {}, accounts).error().detail() ==
          "active authority of alice (1.2.100): weight 2 of 3");

    // With signatures that are there, of which none may become superfluous.
    CHECK(sorted(minimal_signatures(tx, keys({0, 1, 2}), keys({0}), accounts).value()) == keys({1, 2}));
    CHECK(sorted(minimal_signatures(tx, keys({0, 1, 2, 3}), keys({0}), accounts).value()) == keys({3}));
    CHECK(minimal_signatures(tx, keys({0, 1, 2, 3}), keys({3}), accounts).value().empty());
    CHECK(minimal_signatures(tx, keys({3}), keys({8}), accounts).error().code() == errc::superfluous_signature);
    CHECK(sorted(required_signatures(tx, keys({0, 1, 2, 3}), keys({3}), accounts)) == keys({0, 1, 2}));
}

TEST_CASE("tx/authority_check: with very many keys the set is still one that no key can be left out of")
{
    std::vector<std::pair<std::size_t, std::uint16_t>> weights;
    std::vector<public_key> available;
    for (std::size_t i = 0; i < 40; ++i)
    {
        weights.emplace_back(i, one);
        available.push_back(key(i));
    }
    account_set accounts;
    accounts.add(alice, "alice", of_keys(21, weights), of_keys(21, weights));
    auto const minimal = minimal_signatures(transfers({alice}), available, {}, accounts);
    REQUIRE(minimal.has_value());
    CHECK(minimal->size() == 21);
    CHECK(verify(transfers({alice}), sorted(*minimal), accounts) == "");
    accounts.add(alice, "alice", of_keys(41, weights), of_keys(41, weights));
    CHECK_FALSE(minimal_signatures(transfers({alice}), available, {}, accounts).has_value());
}

TEST_CASE("tx/authority_check: the fewest keys are those that trying all subsets finds")
{
    std::size_t solved = 0, refused = 0, smaller_than_asked = 0;
    for (std::uint32_t seed = 1; seed <= 3'000; ++seed)
    {
        CAPTURE(seed);
        std::mt19937 random(seed);
        auto const below = [&](std::uint32_t n) { return static_cast<std::uint16_t>(random() % n); };
        account_set accounts;
        auto const some = [&] {
            authority a;
            std::uint32_t total = 0;
            for (std::uint32_t i = below(4); i-- > 0;)
            {
                std::uint16_t const weight = static_cast<std::uint16_t>(1 + below(3));
                total += a.key_auths.insert({key(below(8)), weight}) ? weight : 0u;
            }
            for (std::uint32_t i = below(3); i-- > 0;)
            {
                std::uint16_t const weight = static_cast<std::uint16_t>(1 + below(3));
                total += a.account_auths.insert({account_id{100u + below(5)}, weight}) ? weight : 0u;
            }
            if (total == 0)
                total = a.key_auths.insert({key(below(8)), one});
            a.weight_threshold = 1 + below(static_cast<std::uint32_t>(total));
            return a;
        };
        for (account_id account : {alice, bob, carol, dave, erin})
            accounts.add(account, "", some(), some());
        for (std::uint64_t id = 0; id < below(3); ++id)
            accounts.add(custom_of(account_id{100u + below(5)}, id, transfer::traits.tag, some()));
        transaction tx = transfers({account_id{100u + below(5)}});
        if (below(2) == 0)
            tx.operations.push_back(transfers({account_id{100u + below(5)}}).operations[0]);
        if (below(4) == 0)
            tx.operations.push_back(owner_update(account_id{100u + below(5)}).operations[0]);
        std::vector<public_key> available, signed_by;
        for (std::size_t i = 0; i < 8; ++i)
        {
            if (below(4) != 0)
                available.push_back(key(i));
            if (below(12) == 0)
                signed_by.push_back(key(i));
        }
        std::shuffle(available.begin(), available.end(), random);
        authority_options const options{.now = time_point_sec{1'500}, .max_depth = below(4)};

        std::vector<public_key> choice; // that can be added
        for (public_key const& k : available)
            if (std::find(signed_by.begin(), signed_by.end(), k) == signed_by.end())
                choice.push_back(k);
        std::optional<std::size_t> fewest;
        for (std::uint32_t subset = 0; subset < (1u << choice.size()); ++subset)
        {
            auto const size = static_cast<std::size_t>(std::popcount(subset));
            if (fewest && size >= *fewest)
                continue;
            auto with = signed_by;
            for (std::size_t i = 0; i < choice.size(); ++i)
                if ((subset >> i & 1) != 0)
                    with.push_back(choice[i]);
            if (verify_authority(tx, with, accounts, options))
                fewest = size;
        }
        auto const found = minimal_signatures(tx, available, signed_by, accounts, options);
        REQUIRE(found.has_value() == fewest.has_value());
        if (!found)
        {
            ++refused;
            continue;
        }
        ++solved;
        REQUIRE(found->size() == *fewest);
        auto with = signed_by;
        with.insert(with.end(), found->begin(), found->end());
        REQUIRE(verify_authority(tx, with, accounts, options).has_value());
        auto const asked = required_signatures(tx, available, signed_by, accounts, options);
        smaller_than_asked += found->size() < asked.size();
    }
    MESSAGE(solved << " solved, of which " << smaller_than_asked << " with fewer keys than a node asks for; " << refused
                   << " without a solution");
    REQUIRE(solved > 1'000);
    REQUIRE(refused > 100);
    REQUIRE(smaller_than_asked > 100);
}

TEST_CASE("tx/authority_check: a set of accounts is filled from objects and replaces what it has")
{
    account_set accounts;
    account_object object;
    object.id = alice;
    object.name = "alice";
    object.active = of_keys(1, {{0, one}});
    accounts.add(custom_of(alice, 3, 0, {}));
    CHECK_FALSE(accounts.contains(alice)); // its custom authorities alone are not the account
    CHECK_FALSE(accounts.find(alice).has_value());
    accounts.add(object);
    REQUIRE(accounts.contains(alice));
    CHECK(*accounts.find(alice)->active == object.active);
    CHECK(accounts.find(alice)->name == "alice");
    CHECK(accounts.find(alice)->custom.size() == 1);
    object.active = of_keys(1, {{1, one}});
    accounts.add(object);
    CHECK(*accounts.find(alice)->active == object.active);
    auto changed = custom_of(alice, 3, 5, {});
    accounts.add(changed);
    CHECK(accounts.find(alice)->custom.size() == 1);
    CHECK(accounts.find(alice)->custom[0].operation_type.value == 5);
}
