#pragma once

#include <bitshares/protocol/operation.hpp>
#include <bitshares/protocol/operations/proposal.hpp>
#include <bitshares/protocol/validation.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

template <class Set>
void check_approvals(validation& v, std::string_view member, Set const& added, Set const& removed)
{
    v.each(member, added, [&](auto const& approval) {
        v.require(!removed.contains(approval), {}, "must not be both added and removed");
    });
}

} // namespace detail

BITSHARES_LAZY void proposal_create::validate(validation& v) const
{
    v.require(!proposed_ops.empty(), "proposed_ops", "must not be empty");
    v.each("proposed_ops", proposed_ops, [&v](auto const& proposed) { v.check("op", proposed.op); });
    v.not_negative(fee, "fee");
}

BITSHARES_DECL void proposal_update::validate(validation& v) const
{
    v.not_negative(fee, "fee");
    v.require(!active_approvals_to_add.empty() || !active_approvals_to_remove.empty() ||
                  !owner_approvals_to_add.empty() || !owner_approvals_to_remove.empty() ||
                  !key_approvals_to_add.empty() || !key_approvals_to_remove.empty(),
              {}, "must add or remove an approval");
    detail::check_approvals(v, "active_approvals_to_add", active_approvals_to_add, active_approvals_to_remove);
    detail::check_approvals(v, "owner_approvals_to_add", owner_approvals_to_add, owner_approvals_to_remove);
    detail::check_approvals(v, "key_approvals_to_add", key_approvals_to_add, key_approvals_to_remove);
}

BITSHARES_DECL void proposal_delete::validate(validation& v) const
{
    v.not_negative(fee, "fee");
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
