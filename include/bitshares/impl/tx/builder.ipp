#pragma once

#include <bitshares/base/hex.hpp>
#include <bitshares/crypto/memo.hpp>
#include <bitshares/crypto/signature.hpp>
#include <bitshares/protocol/reserved_accounts.hpp>
#include <bitshares/protocol/validation.hpp>
#include <bitshares/tx/authority_check.hpp>
#include <bitshares/tx/builder.hpp>
#include <bitshares/tx/fees.hpp>

#include <algorithm>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

BITSHARES_LAZY result<unsigned_transaction> unsigned_transaction::of(transaction tx, chain_id_type const& chain_id)
{
    unsigned_transaction made;
    auto packed = pack_unsigned(tx);
    if (!packed)
        return packed.error();
    made.body_ = std::move(tx);
    made.chain_id_ = chain_id;
    made.packed_ = std::move(*packed);
    made.digest_ = sha256(chain_id.data, made.packed_);
    made.id_ = id_of_transaction(made.packed_);
    return made;
}

BITSHARES_LAZY signed_transaction unsigned_transaction::with(std::vector<signature> signatures) const
{
    signed_transaction tx;
    static_cast<transaction&>(tx) = body_;
    tx.signatures = std::move(signatures);
    return tx;
}

BITSHARES_LAZY signed_transaction unsigned_transaction::sign(private_key const& key) const
{
    return with({key.sign(digest_)});
}

BITSHARES_LAZY signed_transaction unsigned_transaction::sign(std::span<private_key const> keys) const
{
    std::vector<signature> signatures;
    for (private_key const& key : keys)
        signatures.push_back(key.sign(digest_));
    return with(std::move(signatures));
}

BITSHARES_LAZY result<signature> unsigned_transaction::signature_of(signer& by, public_key const& key) const
{
    auto made = by.sign({body_, chain_id_, packed_, digest_, key});
    if (!made)
        return made.error();
    if (auto const whose = recover(digest_, *made); !whose || *whose != key)
        return error(errc::wrong_signature, whose ? "it is another key's" : whose.error().message());
    return *made;
}

BITSHARES_LAZY result<signed_transaction> unsigned_transaction::sign(signer& by, std::span<public_key const> keys) const
{
    std::vector<signature> signatures;
    for (public_key const& key : keys)
    {
        auto made = signature_of(by, key);
        if (!made)
            return made.error();
        signatures.push_back(*made);
    }
    return with(std::move(signatures));
}

BITSHARES_LAZY tx_builder::tx_builder(bitshares::network network) : network_(std::move(network)) {}

BITSHARES_LAZY tx_builder& tx_builder::add(operation op)
{
    operations_.push_back(static_cast<BITSHARES_DEPENDENT(operation) &&>(op));
    return *this;
}

BITSHARES_LAZY tx_builder& tx_builder::propose(account_id payer, std::vector<operation> operations,
                                               proposal_options options)
{
    proposal_create proposal;
    proposal.fee_paying_account = payer;
    for (operation& op : operations)
        proposal.proposed_ops.emplace_back().op = std::move(op);
    proposals_.push_back({operations_.size(), std::move(options)});
    return add(std::move(proposal));
}

BITSHARES_LAZY tx_builder& tx_builder::fee_asset(asset_id asset)
{
    fee_asset_ = asset;
    return *this;
}

BITSHARES_LAZY tx_builder& tx_builder::keep_fees()
{
    keep_fees_ = true;
    return *this;
}

BITSHARES_LAZY tx_builder& tx_builder::expires_in(std::chrono::seconds d)
{
    expires_in_ = d;
    expires_at_.reset();
    return *this;
}

BITSHARES_LAZY tx_builder& tx_builder::expires_at(time_point_sec time)
{
    expires_at_ = time;
    return *this;
}

BITSHARES_LAZY tx_builder& tx_builder::reference(block_id const& block)
{
    reference_ = block;
    return *this;
}

BITSHARES_LAZY memo_data tx_builder::memo(private_key const& from, public_key const& to, std::string_view text) const
{
    return encrypt_memo(from, to, text, random_nonce()).value();
}

BITSHARES_LAZY unsigned_transaction tx_builder::prepare(tx_context const& context) const
{
    return try_prepare(context).value();
}

namespace detail {

// A time so many seconds after another, or nothing where the chain's clock ends before it.
inline std::optional<time_point_sec> later(time_point_sec from, std::chrono::seconds d)
{
    constexpr auto end = std::int64_t{time_point_sec::maximum().seconds};
    if (d.count() <= -end || d.count() >= end)
        return std::nullopt;
    auto const at = std::int64_t{from.seconds} + std::int64_t{d.count()};
    if (at < 0 || at > end)
        return std::nullopt;
    return time_point_sec{static_cast<std::uint32_t>(at)};
}

} // namespace detail

BITSHARES_LAZY result<void> tx_builder::complete(proposal_create& proposal, proposal_options const& options,
                                                 tx_context const& context) const
{
    BITSHARES_DEPENDENT(transaction) inner;
    for (op_wrapper const& wrapped : proposal.proposed_ops)
        inner.operations.push_back(wrapped.op);
    required_authorities const needed = authorities_of(inner);
    bool const committee =
        needed.active.contains(reserved_accounts::committee) || needed.owner.contains(reserved_accounts::committee);

    std::chrono::seconds review = options.review_period().value_or(std::chrono::seconds(0));
    std::chrono::seconds const demanded(context.parameters.committee_proposal_review_period);
    if (committee)
        review = std::max(review, demanded);
    std::chrono::seconds const lifetime = options.lifetime().value_or(std::min<std::chrono::seconds>(
        review + std::chrono::hours(24), std::chrono::seconds(context.parameters.maximum_proposal_lifetime)));
    if (lifetime <= review || lifetime.count() > context.parameters.maximum_proposal_lifetime)
        return error(errc::expiration_out_of_range,
                     "a proposal lives longer than its review period (" + std::to_string(review.count()) +
                         " s) and at most " + std::to_string(context.parameters.maximum_proposal_lifetime) + " s",
                     "/expiration_time");
    auto const expiration = detail::later(context.time, lifetime);
    if (!expiration || review.count() > std::int64_t{time_point_sec::maximum().seconds})
        return error(errc::expiration_out_of_range, {}, "/expiration_time");
    proposal.expiration_time = *expiration;
    if (review.count() > 0)
        proposal.review_period_seconds = static_cast<std::uint32_t>(review.count());
    return {};
}

BITSHARES_LAZY result<void> tx_builder::set_fees_of(transaction& tx, tx_context const& context) const
{
    for (std::size_t i = 0; i < tx.operations.size(); ++i)
    {
        operation& op = tx.operations[i];
        asset_id const pays = fee_asset_ ? *fee_asset_ : op.fee().asset_id;
        price rate = core_fee_rate;
        std::string const path = "/operations/" + std::to_string(i);
        if (pays != core_asset)
        {
            auto const found = context.core_exchange_rates.find(pays);
            if (found == context.core_exchange_rates.end())
                return error(errc::invalid_price, "the context has no core exchange rate of " + pays.to_string(), path);
            rate = found->second;
        }
        if (auto const set = set_fees(std::span(&op, 1), context.parameters.current_fees, rate); !set)
            return error(set.error().code(), set.error().detail(),
                         path + (set.error().path().size() > 2 ? set.error().path().substr(2) : std::string()));
    }
    return {};
}

BITSHARES_LAZY result<unsigned_transaction> tx_builder::try_prepare(tx_context const& context) const
{
    if (context.network.chain_id != network_.chain_id)
        return error(errc::wrong_chain, "the context is of " + to_hex(context.network.chain_id.data));
    if (operations_.empty())
        return error(errc::no_operations, {}, "/operations");

    BITSHARES_DEPENDENT(transaction) tx;
    auto const expiration = expires_at_ ? expires_at_ : detail::later(context.time, expires_in_);
    std::uint32_t const longest = context.parameters.maximum_time_until_expiration;
    if (!expiration || *expiration <= context.time || expiration->seconds - context.time.seconds > longest)
        return error(errc::expiration_out_of_range,
                     "1 to " + std::to_string(longest) + " s after the chain's time, " + context.time.to_string(),
                     "/expiration");
    tx.expiration = *expiration;
    block_id const& block = reference_ ? *reference_ : context.reference_block;
    tx.ref_block_num = static_cast<std::uint16_t>(block_num_of(block) & 0xffff);
    tx.ref_block_prefix = tapos_prefix(block);

    tx.operations = operations_;
    for (proposed const& p : proposals_)
        if (auto const done = complete(*tx.operations[p.index].template get_if<proposal_create>(), p.options, context);
            !done)
            return error(done.error().code(), done.error().detail(),
                         "/operations/" + std::to_string(p.index) + done.error().path());
    if (!keep_fees_)
        if (auto const set = set_fees_of(tx, context); !set)
            return set.error();
    if (auto const form = validate(tx); !form)
        return form.error();
    auto made = unsigned_transaction::of(std::move(tx), network_.chain_id);
    if (made && made->packed().size() > context.parameters.maximum_transaction_size)
        return error(errc::transaction_too_large, std::to_string(made->packed().size()) + " bytes, at most " +
                                                      std::to_string(context.parameters.maximum_transaction_size));
    return made;
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
