#include <bitshares/crypto/memo.hpp>
#include <bitshares/crypto/signature.hpp>
#include <bitshares/tx/builder.hpp>
#include <bitshares/tx/fees.hpp>

#include <doctest/doctest.h>

using namespace bitshares;

namespace {

private_key key_of(std::uint8_t n)
{
    return private_key::from_bytes(std::vector<std::uint8_t>(32, n)).value();
}

tx_context context()
{
    tx_context c;
    c.network = mainnet();
    c.time = {1'700'000'000};
    c.head_block_num = 70'020;
    c.reference_block.data = {0, 1, 0x11, 0x70, 0xab, 0xf4, 0xdc, 0xe7};
    c.parameters.current_fees.parameters.insert(fee_parameters::of<transfer>({2'000, 100'000}));
    c.parameters.current_fees.parameters.insert(fee_parameters::of<proposal_create>({5'000, 10}));
    return c;
}

transfer payment(std::int64_t amount = 100, std::uint64_t from = 17)
{
    transfer op;
    op.from = account_id(from);
    op.to = account_id(18);
    op.amount = {amount, core_asset};
    return op;
}

error failure(tx_builder const& tx, tx_context const& c = context())
{
    auto const made = tx.try_prepare(c);
    REQUIRE(made.has_error());
    return made.error();
}

} // namespace

TEST_CASE("tx/builder: reference block, expiration and fees come from the context; signing makes another type")
{
    tx_builder tx(mainnet());
    tx.add(payment());
    auto const made = tx.prepare(context());
    CHECK(made.body().ref_block_num == 0x1170);
    CHECK(made.body().ref_block_prefix == 0xe7dcf4ab);
    CHECK(made.body().expiration.seconds == 1'700'000'060);
    REQUIRE(made.body().operations.size() == 1);
    CHECK(made.body().operations[0].fee() ==
          required_fee(operation(payment()), context().parameters.current_fees).value());
    CHECK(made.body().operations[0].fee().amount == 2'000);
    CHECK(made.id() == id_of(made.body()).value());
    CHECK(made.digest() == signing_digest(made.body(), mainnet().chain_id).value());

    signed_transaction const one = tx.prepare(context()).sign(key_of(1));
    CHECK(recover(made.digest(), one.signatures.at(0)).value() == key_of(1).to_public());
    std::vector<private_key> both;
    both.push_back(key_of(1));
    both.push_back(key_of(2));
    CHECK(made.sign(both).signatures.size() == 2);
    CHECK(tx.operations()[0].fee().amount == 0); // the builder is as it was
    CHECK(tx.prepare(context()).id() == made.id());

    tx.expires_in(std::chrono::seconds(30));
    CHECK(tx.prepare(context()).body().expiration.seconds == 1'700'000'030);
    tx.expires_at({1'700'000'007});
    CHECK(tx.prepare(context()).body().expiration.seconds == 1'700'000'007);
    block_id other;
    other.data = {0, 0, 0, 5, 1, 0, 0, 0};
    tx.reference(other).keep_fees();
    CHECK(tx.prepare(context()).body().ref_block_num == 5);
    CHECK(tx.prepare(context()).body().ref_block_prefix == 1);
    CHECK(tx.prepare(context()).body().operations[0].fee().amount == 0);
}

TEST_CASE("tx/builder: what the chain would refuse for form is refused, with operation and member")
{
    tx_builder tx(mainnet());
    CHECK(failure(tx).code() == errc::no_operations);
    tx.add(payment()).add(payment()).add(payment(0));
    CHECK(failure(tx).path().starts_with("/operations/2"));
    CHECK(failure(tx).path().find("amount") != std::string::npos);
    CHECK_THROWS_AS(tx.prepare(context()), exception);

    tx_builder fine(mainnet());
    fine.add(payment());
    auto c = context();
    c.network = testnet();
    CHECK(failure(fine, c).code() == errc::wrong_chain);
    for (auto const seconds : {0, -5, 86'401})
        CHECK(failure(tx_builder(fine).expires_in(std::chrono::seconds(seconds))).code() ==
              errc::expiration_out_of_range);
    CHECK(failure(tx_builder(fine).expires_in(std::chrono::hours(1'000'000'000))).code() ==
          errc::expiration_out_of_range);
    CHECK(failure(tx_builder(fine).expires_at(context().time)).code() == errc::expiration_out_of_range);
    tx_builder large(mainnet());
    for (int i = 0; i < 100; ++i)
        large.add(payment());
    CHECK(failure(large).code() == errc::transaction_too_large);
}

TEST_CASE("tx/builder: fees in another asset")
{
    auto c = context();
    c.core_exchange_rates[asset_id(5)] = price{{1, asset_id(5)}, {3, core_asset}};
    tx_builder tx(mainnet());
    tx.add(payment());
    CHECK(failure(tx_builder(tx).fee_asset(asset_id(7)), c).code() == errc::invalid_price);
    auto const fee = tx_builder(tx).fee_asset(asset_id(5)).prepare(c).body().operations[0].fee();
    CHECK(fee == asset{667, asset_id(5)}); // rounded up
    auto own = payment();
    own.fee.asset_id = asset_id(5);
    tx.add(own);
    auto const made = tx.prepare(c);
    CHECK(made.body().operations[0].fee().asset_id == core_asset);
    CHECK(made.body().operations[1].fee().asset_id == asset_id(5));
}

TEST_CASE("tx/builder: proposals get their times; the committee's a review period")
{
    tx_builder tx(mainnet());
    std::vector<operation> inner;
    inner.emplace_back(payment());
    tx.propose(account_id(17), inner);
    auto const made = tx.prepare(context());
    auto const* p = made.body().operations[0].get_if<proposal_create>();
    REQUIRE(p != nullptr);
    CHECK(p->fee_paying_account == account_id(17));
    CHECK(p->expiration_time.seconds == 1'700'000'000 + 86'400);
    CHECK_FALSE(p->review_period_seconds.has_value());
    CHECK(p->fee.amount > 0);
    CHECK(p->proposed_ops.at(0).op.fee().amount == 2'000);

    std::vector<operation> committees;
    committees.emplace_back(payment(100, 0));
    tx_builder second(mainnet());
    second.propose(account_id(17), committees);
    auto const with_review = second.prepare(context());
    p = with_review.body().operations[0].get_if<proposal_create>();
    CHECK(p->review_period_seconds == 1'209'600U);
    CHECK(p->expiration_time.seconds == 1'700'000'000 + 1'209'600 + 86'400);

    tx_builder third(mainnet());
    third.add(payment()).propose(account_id(17), committees, proposal_options().lifetime(std::chrono::hours(24)));
    CHECK(failure(third).code() == errc::expiration_out_of_range);
    CHECK(failure(third).path() == "/operations/1/expiration_time");
    tx_builder fourth(mainnet());
    fourth.propose(account_id(17), inner,
                   proposal_options().lifetime(std::chrono::hours(48)).review_period(std::chrono::hours(24)));
    auto const chosen = fourth.prepare(context());
    CHECK(chosen.body().operations[0].get_if<proposal_create>()->review_period_seconds == 86'400U);
}

TEST_CASE("tx/builder: memos")
{
    tx_builder const tx(mainnet());
    auto const a = tx.memo(key_of(1), key_of(2).to_public(), "hello"),
               b = tx.memo(key_of(1), key_of(2).to_public(), "hello");
    CHECK(a.nonce != b.nonce);
    CHECK(decrypt_memo(a, key_of(2)).value() == "hello");
}
