#pragma once

#include <bitshares/protocol/operations/withdraw_permission.hpp>
#include <bitshares/protocol/validation.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

BITSHARES_DECL void withdraw_permission_create::validate(validation& v) const
{
    v.not_negative(fee, "fee");
    v.require(withdraw_from_account != authorized_account, "authorized_account",
              "must be another account than `withdraw_from_account`");
    v.positive(withdrawal_limit, "withdrawal_limit");
    v.require(withdrawal_period_sec > 0, "withdrawal_period_sec", "must be above 0");
    v.require(periods_until_expiration > 0, "periods_until_expiration", "must be above 0");
}

BITSHARES_DECL void withdraw_permission_update::validate(validation& v) const
{
    v.positive(withdrawal_limit, "withdrawal_limit");
    v.not_negative(fee, "fee");
    v.require(withdrawal_period_sec > 0, "withdrawal_period_sec", "must be above 0");
    v.require(withdraw_from_account != authorized_account, "authorized_account",
              "must be another account than `withdraw_from_account`");
    v.require(periods_until_expiration > 0, "periods_until_expiration", "must be above 0");
}

BITSHARES_DECL void withdraw_permission_claim::validate(validation& v) const
{
    v.require(withdraw_to_account != withdraw_from_account, "withdraw_to_account",
              "must be another account than `withdraw_from_account`");
    v.positive(amount_to_withdraw, "amount_to_withdraw");
    v.not_negative(fee, "fee");
}

BITSHARES_DECL void withdraw_permission_delete::validate(validation& v) const
{
    v.not_negative(fee, "fee");
    v.require(withdraw_from_account != authorized_account, "authorized_account",
              "must be another account than `withdraw_from_account`");
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
