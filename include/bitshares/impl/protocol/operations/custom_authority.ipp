#pragma once

#include <bitshares/protocol/operations/custom_authority.hpp>
#include <bitshares/protocol/validation.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

inline void check_custom_authority_account(validation& v, account_id account)
{
    v.require(account != reserved_accounts::temp && account != reserved_accounts::committee &&
                  account != reserved_accounts::witness && account != reserved_accounts::relaxed_committee,
              "account", "must not be one of the chain's own accounts (1.2.0, 1.2.1, 1.2.2, 1.2.4)");
}

inline void check_custom_authority(validation& v, std::string_view member, authority const& auth)
{
    v.within(member, [&] {
        v.require(auth.address_auths.empty(), "address_auths", "must be empty");
        v.require(auth.can_be_satisfied(), "weight_threshold", "must not be above the sum of all weights");
    });
}

} // namespace detail

BITSHARES_LAZY void custom_authority_create::validate(validation& v) const
{
    v.not_negative(fee, "fee");
    detail::check_custom_authority_account(v, account);
    v.require(valid_from < valid_to, "valid_to", "must be after `valid_from`");
    detail::check_custom_authority(v, "auth", auth);
    if (auto const fit = validate_restrictions(restrictions, operation_type.value); !fit)
        v.refuse(static_cast<errc>(fit.error().code().value()), "restrictions" + fit.error().path(),
                 fit.error().detail());
}

BITSHARES_LAZY void custom_authority_update::validate(validation& v) const
{
    v.not_negative(fee, "fee");
    detail::check_custom_authority_account(v, account);
    v.require(!new_valid_from || !new_valid_to || *new_valid_from < *new_valid_to, "new_valid_to",
              "must be after `new_valid_from`");
    if (new_auth)
        detail::check_custom_authority(v, "new_auth", *new_auth);
    v.require(new_enabled || new_valid_from || new_valid_to || new_auth || !restrictions_to_remove.empty() ||
                  !restrictions_to_add.empty(),
              {}, "must change something");
}

BITSHARES_DECL void custom_authority_delete::validate(validation& v) const
{
    v.not_negative(fee, "fee");
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
