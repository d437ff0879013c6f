#pragma once

#include <bitshares/crypto/public_key.hpp>
#include <bitshares/crypto/signature.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/tx/partial.hpp>

#include <algorithm>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

inline constexpr std::string_view partial_format = "bitshares-partial-transaction-1";

// The file. Its first member says what it is.
struct partial_file
{
    std::string format;
    chain_id_type chain_id;
    bitshares::transaction transaction;
    std::vector<partial_transaction::account> accounts;
    std::uint32_t max_authority_depth = 2;
    std::optional<time_point_sec> now;
    std::vector<signature> signatures;

    BITSHARES_FIELDS((format), (chain_id), (transaction), (accounts), (max_authority_depth), (now), (signatures))
};

struct partial_file_format
{
    std::string format;

    BITSHARES_FIELDS((format))
};

} // namespace detail

BITSHARES_LAZY result<partial_transaction>
partial_transaction::create(unsigned_transaction tx, account_source const& accounts, authority_options const& options)
{
    // All that the check ever asks for, found out with what is there so far.
    account_set known;
    std::vector<BITSHARES_DEPENDENT(account)> taken;
    for (;;)
    {
        flat_set<account_id> const needed = accounts_needed(tx.body(), known, options);
        if (needed.empty())
            break;
        for (account_id const id : needed)
        {
            auto const found = accounts.find(id);
            if (!found || !found->owner || !found->active)
                return error(errc::account_not_given, id.to_string());
            known.add(id, std::string(found->name), *found->owner, *found->active);
            auto& a = taken.emplace_back();
            a.id = id;
            a.name = found->name;
            a.owner = *found->owner;
            a.active = *found->active;
            for (BITSHARES_DEPENDENT(custom_authority_object) const& custom : found->custom)
            {
                known.add(custom);
                a.custom_authorities.push_back(custom);
            }
        }
    }
    partial_transaction made;
    made.tx_ = std::move(tx);
    made.accounts_ = std::move(taken);
    made.options_ = options;
    return made;
}

BITSHARES_LAZY result<partial_transaction> partial_transaction::from_json(std::string_view text,
                                                                          std::string_view key_prefix)
{
    auto const format = bitshares::from_json<detail::partial_file_format>(text);
    if (!format)
        return format.error();
    if (format->format != detail::partial_format)
        return error(errc::unknown_format, "not " + std::string(detail::partial_format), "/format");
    auto file = bitshares::from_json<detail::partial_file>(text, {.mode = json_mode::strict, .key_prefix = key_prefix});
    if (!file)
        return file.error();
    auto tx = unsigned_transaction::of(std::move(file->transaction), file->chain_id);
    if (!tx)
        return tx.error();
    partial_transaction made;
    made.tx_ = std::move(*tx);
    made.accounts_ = std::move(file->accounts);
    made.options_.max_depth = file->max_authority_depth;
    made.options_.now = file->now;
    for (std::size_t i = 0; i < file->signatures.size(); ++i)
    {
        auto const key = recover(made.tx_.digest(), file->signatures[i]);
        if (!key)
            return error(errc::wrong_signature, key.error().message(), "/signatures/" + std::to_string(i));
        if (std::find(made.signed_by_.begin(), made.signed_by_.end(), *key) != made.signed_by_.end())
            continue;
        made.signatures_.push_back(file->signatures[i]);
        made.signed_by_.push_back(*key);
    }
    return made;
}

BITSHARES_LAZY std::string partial_transaction::to_json(std::string_view key_prefix) const
{
    BITSHARES_DEPENDENT(detail::partial_file) file;
    file.format = detail::partial_format;
    file.chain_id = tx_.chain_id();
    file.transaction = tx_.body();
    file.accounts = accounts_;
    file.max_authority_depth = options_.max_depth;
    file.now = options_.now;
    file.signatures = signatures_;
    return bitshares::to_json(file, key_prefix);
}

BITSHARES_LAZY account_set partial_transaction::source() const
{
    account_set all;
    for (BITSHARES_DEPENDENT(account) const& a : accounts_)
    {
        all.add(a.id, a.name, a.owner, a.active);
        for (custom_authority_object const& custom : a.custom_authorities)
            all.add(custom);
    }
    return all;
}

BITSHARES_LAZY result<partial_transaction> partial_transaction::with_accounts(account_source const& accounts) const
{
    BITSHARES_DEPENDENT(unsigned_transaction) copy = tx_;
    auto made = create(std::move(copy), accounts, options_);
    if (made)
    {
        made->signatures_ = signatures_;
        made->signed_by_ = signed_by_;
    }
    return made;
}

BITSHARES_LAZY authority_status partial_transaction::status() const
{
    return check_authority(tx_.body(), signed_by_, source(), options_);
}

BITSHARES_LAZY bool partial_transaction::complete() const
{
    return minimal_signatures(tx_.body(), signed_by_, {}, source(), options_).has_value();
}

BITSHARES_LAZY bool partial_transaction::counts(public_key const& key, account_set const& accounts) const
{
    if (potential_signatures(tx_.body(), accounts, options_).contains(key))
        return true;
    flat_set<address> const wanted = potential_address_signatures(tx_.body(), accounts, options_);
    auto const forms = addresses_of(key);
    if (forms && !wanted.empty())
        for (address const& a : forms->all())
            if (wanted.contains(a))
                return true;
    return false;
}

BITSHARES_LAZY std::vector<public_key> partial_transaction::wanted(std::span<public_key const> available) const
{
    account_set const accounts = source();
    auto const is_new = [&](public_key const& key) {
        return std::find(signed_by_.begin(), signed_by_.end(), key) == signed_by_.end();
    };
    std::vector<public_key> keys;
    if (minimal_signatures(tx_.body(), signed_by_, {}, accounts, options_))
        return keys;
    std::vector<public_key> all(signed_by_);
    for (public_key const& key : available)
        if (is_new(key) && std::find(all.begin(), all.end(), key) == all.end())
            all.push_back(key);
    auto least = minimal_signatures(tx_.body(), all, signed_by_, accounts, options_);
    if (!least) // what is there may be more than is needed
        least = minimal_signatures(tx_.body(), all, {}, accounts, options_);
    for (public_key const& key : all)
        if (is_new(key) && (least ? least->contains(key) : counts(key, accounts)))
            keys.push_back(key);
    return keys;
}

BITSHARES_LAZY result<std::size_t> partial_transaction::sign(signer& by)
{
    std::size_t count = 0;
    for (public_key const& key : wanted(by.keys()))
    {
        auto const made = tx_.signature_of(by, key);
        if (!made)
            return made.error();
        signatures_.push_back(*made);
        signed_by_.push_back(key);
        ++count;
    }
    return count;
}

BITSHARES_LAZY result<bool> partial_transaction::add(signature const& s)
{
    auto const key = recover(tx_.digest(), s);
    if (!key)
        return error(errc::wrong_signature, key.error().message());
    if (std::find(signed_by_.begin(), signed_by_.end(), *key) != signed_by_.end())
        return false;
    if (!counts(*key, source()))
        return error(errc::superfluous_signature, "no authority of this transaction knows its key");
    if (complete())
        return false;
    signatures_.push_back(s);
    signed_by_.push_back(*key);
    return true;
}

BITSHARES_LAZY result<void> partial_transaction::merge(partial_transaction const& other)
{
    if (other.chain_id() != chain_id() || other.tx_.packed() != tx_.packed())
        return error(errc::different_transactions);
    for (signature const& s : other.signatures_)
        if (auto const added = add(s); !added && added.error().code() != errc::superfluous_signature)
            return added.error();
    return {};
}

BITSHARES_LAZY result<signed_transaction> partial_transaction::finish() const
{
    auto const keys = minimal_signatures(tx_.body(), signed_by_, {}, source(), options_);
    if (!keys)
        return keys.error();
    signed_transaction tx;
    static_cast<transaction&>(tx) = tx_.body();
    for (std::size_t i = 0; i < signatures_.size(); ++i)
        if (keys->contains(signed_by_[i]))
            tx.signatures.push_back(signatures_[i]);
    return tx;
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
