#pragma once

#include <bitshares/tx/authority_check.hpp>
#include <bitshares/tx/builder.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** A transaction on its way to those who must sign it: with its chain, the accounts whose authorities it needs, and the
    signatures so far. A file, as JSON.

    Whoever has a key adds a signature, at the same time on several machines or one after the other; copies are merged. A
    signature that is not needed, which a node would refuse, is never added: which ones are needed follows from the accounts
    in it. These are a snapshot: if an account's authorities change meanwhile, ask anew (@ref with_accounts).
    Nobody who adds a signature needs a node.

    @par Example
    @code
    auto partial = bitshares::partial_transaction::from_json(text).value();
    std::cout << partial.body().operations.size() << " operations\n"; // look at what you sign
    bitshares::memory_signer mine(std::move(key));
    partial.sign(mine).value();
    if (partial.complete())
        send(partial.finish().value());
    @endcode
*/
class partial_transaction
{
public:
    /// An account as the file holds it.
    struct account
    {
        account_id id;
        std::string name;
        authority owner;
        authority active;
        std::vector<custom_authority_object> custom_authorities;

        friend bool operator==(account const&, account const&) = default;

        BITSHARES_FIELDS((id), (name), (owner), (active), (custom_authorities))
    };

    /** Begins one. @param accounts All that the transaction needs; see `accounts_needed`.

        @param now The chain's time, by which custom authorities are valid or not; without it none is looked at.
        @par Errors
        @li `errc::account_not_given`: `accounts` lacks one that the transaction needs; the detail names it.
    */
    BITSHARES_LAZY_DECL static result<partial_transaction>
    create(unsigned_transaction tx, account_source const& accounts, authority_options const& options = {});

    /** Reads one, strictly.

        @par Errors
        @li Those of strict @ref from_json, with the path; `errc::unknown_format` where it is another kind of file, or of a
            newer version.
        @li `errc::wrong_signature`: a signature that is no canonical one; the path leads to it.
    */
    BITSHARES_LAZY_DECL static result<partial_transaction> from_json(std::string_view text,
                                                                     std::string_view key_prefix = "BTS");

    /// As it is read by @ref from_json; one line.
    BITSHARES_LAZY_DECL std::string to_json(std::string_view key_prefix = "BTS") const;

    transaction const& body() const noexcept { return tx_.body(); }
    unsigned_transaction const& unsigned_tx() const noexcept { return tx_; }
    chain_id_type const& chain_id() const noexcept { return tx_.chain_id(); }
    std::vector<account> const& accounts() const noexcept { return accounts_; }
    std::vector<signature> const& signatures() const noexcept { return signatures_; }

    /// The keys that signed, in the order of @ref signatures.
    std::vector<public_key> const& signed_by() const noexcept { return signed_by_; }

    /// The same transaction and signatures with other accounts. @par Errors As @ref create.
    BITSHARES_LAZY_DECL result<partial_transaction> with_accounts(account_source const& accounts) const;

    /// What is still missing and whose it is.
    BITSHARES_LAZY_DECL authority_status status() const;

    /// Whether the signatures are enough.
    BITSHARES_LAZY_DECL bool complete() const;

    /** Those of `available` that could bring it further and have not signed: the least that completes it, or, where
        nothing completes it yet, all that count. */
    BITSHARES_LAZY_DECL std::vector<public_key> wanted(std::span<public_key const> available) const;

    /** Adds the signatures of those of the signer's keys that are @ref wanted. Returns how many.

        @par Errors
        As @ref unsigned_transaction::sign; signatures made before the error stay.
    */
    BITSHARES_LAZY_DECL result<std::size_t> sign(signer& by);

    /** Adds a signature that was made elsewhere.

        @return False: it was there, or is not needed, and is not added.
        @par Errors
        @li `errc::wrong_signature`: not a canonical signature of anybody.
        @li `errc::superfluous_signature`: of a key that no authority of this transaction knows.
    */
    BITSHARES_LAZY_DECL result<bool> add(signature const& s);

    /** Takes the signatures of a copy.

        @par Errors
        @li `errc::different_transactions`: the other is not the same transaction for the same chain.
    */
    BITSHARES_LAZY_DECL result<void> merge(partial_transaction const& other);

    /** The transaction with the signatures that it needs and no others: ready to be sent.

        @par Errors
        @li What @ref verify_authority says is missing.
    */
    BITSHARES_LAZY_DECL result<signed_transaction> finish() const;

private:
    BITSHARES_LAZY_DECL account_set source() const;
    BITSHARES_LAZY_DECL bool counts(public_key const& key, account_set const& accounts) const;

    unsigned_transaction tx_;
    std::vector<account> accounts_;
    authority_options options_;
    std::vector<signature> signatures_;
    std::vector<public_key> signed_by_;
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/tx/partial.ipp>
#endif
