#include <bitshares/tx/partial.hpp>

#include <doctest/doctest.h>

using namespace bitshares;

namespace {

private_key key_of(std::uint8_t n)
{
    return private_key::from_bytes(std::vector<std::uint8_t>(32, n)).value();
}

authority of_keys(std::uint32_t threshold, std::vector<std::uint8_t> const& keys)
{
    authority a;
    a.weight_threshold = threshold;
    for (std::uint8_t const n : keys)
        a.key_auths.insert({key_of(n).to_public(), 1});
    return a;
}

chain_id_type const chain{{9}};

// Account 5: two of the keys 1, 2, 3; owner key 4.
account_set accounts()
{
    account_set all;
    all.add(account_id(5), "council", of_keys(1, {4}), of_keys(2, {1, 2, 3}));
    return all;
}

partial_transaction fresh(std::int64_t amount = 100)
{
    transaction tx;
    tx.expiration = {1'000};
    transfer op;
    op.from = account_id(5);
    op.to = account_id(6);
    op.amount = asset{amount, core_asset};
    tx.operations.emplace_back(op);
    return partial_transaction::create(unsigned_transaction::of(std::move(tx), chain).value(), accounts()).value();
}

std::string sent(partial_transaction const& p)
{
    return p.to_json();
}

partial_transaction received(std::string const& text)
{
    return partial_transaction::from_json(text).value();
}

template <class T>
error_code code_of(result<T> const& r)
{
    return r ? error_code() : r.error().code();
}

} // namespace

TEST_CASE("tx/partial: people on different machines add signatures, one after the other or at the same time")
{
    std::string const file = sent(fresh());
    auto first = received(file), second = received(file);
    memory_signer one(key_of(1)), two(key_of(2));
    CHECK(first.sign(one).value() == 1);
    CHECK_FALSE(first.complete());
    CHECK(first.status().missing.size() == 1);
    CHECK(code_of(first.finish()) == errc::missing_active_authority);

    SUBCASE("one after the other")
    {
        second = received(sent(first));
    }
    CHECK(second.sign(two).value() == 1);
    CHECK(first.sign(one).value() == 0);
    auto merged = received(sent(first));
    CHECK_FALSE(code_of(merged.merge(received(sent(second)))));
    REQUIRE(merged.complete());
    CHECK(merged.signatures().size() == 2);
    auto const tx = merged.finish().value();
    CHECK(tx.signatures.size() == 2);
    CHECK_FALSE(code_of(verify_authority(tx, merged.signed_by(), accounts())));
    CHECK(id_of(tx).value() == fresh().unsigned_tx().id());
}

TEST_CASE("tx/partial: a signature that is not needed is never added")
{
    auto p = fresh();
    memory_signer all(key_of(1));
    all.add(key_of(2)).add(key_of(3)).add(key_of(7));
    CHECK(p.sign(all).value() == 2); // of three that could
    CHECK(p.complete());
    CHECK(p.sign(all).value() == 0);
    memory_signer stranger(key_of(7));
    auto q = fresh();
    CHECK(q.sign(stranger).value() == 0);
    CHECK(code_of(q.add(key_of(7).sign(q.unsigned_tx().digest()))) == errc::superfluous_signature);
    CHECK(q.add(key_of(3).sign(q.unsigned_tx().digest())).value());
    CHECK_FALSE(q.add(key_of(3).sign(q.unsigned_tx().digest())).value()); // is there
    CHECK_FALSE(code_of(p.merge(q)));
    CHECK(p.signatures().size() == 2);

    // Each of three signs alone: what is sent has two.
    auto a = fresh(), b = fresh(), c = fresh();
    memory_signer one(key_of(1)), two(key_of(2)), three(key_of(3));
    CHECK(a.sign(one).value() + b.sign(two).value() + c.sign(three).value() == 3);
    for (auto const* other : {&b, &c})
        CHECK_FALSE(code_of(a.merge(*other)));
    CHECK(a.finish().value().signatures.size() == 2);
}

TEST_CASE("tx/partial: other transactions, other chains and false signatures are not taken")
{
    auto p = fresh();
    CHECK(code_of(p.merge(fresh(101))) == errc::different_transactions);
    CHECK(code_of(p.add(signature())) == errc::wrong_signature);
    callback_signer false_signer({key_of(1).to_public()},
                                 [](signing_request const& r) { return result<signature>(key_of(2).sign(r.digest)); });
    CHECK(code_of(p.sign(false_signer)) == errc::wrong_signature);
    callback_signer refusing({key_of(1).to_public()},
                             [](signing_request const&) -> result<signature> { return error(errc::signer_refused); });
    CHECK(code_of(p.sign(refusing)) == errc::signer_refused);
    CHECK(p.signatures().empty());
    account_set const nobody;
    CHECK(code_of(partial_transaction::create(p.unsigned_tx(), nobody)) == errc::account_not_given);
}

TEST_CASE("tx/partial: the file is read strictly")
{
    auto p = fresh();
    memory_signer one(key_of(1));
    CHECK(p.sign(one).value() == 1);
    std::string const good = sent(p);
    CHECK(sent(received(good)) == good);
    auto const with = [&](std::string const& from, std::string const& to) {
        std::string text = good;
        REQUIRE(text.find(from) != std::string::npos);
        text.replace(text.find(from), from.size(), to);
        return code_of(partial_transaction::from_json(text));
    };
    CHECK(with("\"chain_id\"", "\"extra\":1,\"chain_id\"") == errc::unknown_member);
    CHECK(with("\"expiration\":\"1970-01-01T00:16:40\",", "") == errc::missing_member);
    CHECK(with("transaction-1", "transaction-2") == errc::unknown_format);
    CHECK(with("\"signatures\":[\"", "\"signatures\":[\"00") == errc::invalid_hex);
    CHECK(with("\"signatures\":[\"1f", "\"signatures\":[\"00") == with("\"signatures\":[\"1f", "\"signatures\":[\"01"));
    CHECK(code_of(partial_transaction::from_json(good.substr(0, good.size() / 2))) == errc::invalid_json);
    CHECK(code_of(partial_transaction::from_json(sent(p), "TEST")) == errc::wrong_key_prefix);
}
