#pragma once

#include <bitshares/protocol/asset.hpp>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// The operation returned nothing.
struct void_result
{
    friend bool operator==(void_result const&, void_result const&) = default;

    BITSHARES_FIELDS()
};

/// What an operation made, changed and removed.
struct generic_operation_result
{
    flat_set<any_object_id> new_objects;
    flat_set<any_object_id> updated_objects;
    flat_set<any_object_id> removed_objects;

    friend bool operator==(generic_operation_result const&, generic_operation_result const&) = default;

    BITSHARES_FIELDS((new_objects), (updated_objects), (removed_objects))
};

/// What an exchange with a pool moved: paid and received by the account, and the fees in between.
struct generic_exchange_operation_result
{
    std::vector<asset> paid;
    std::vector<asset> received; ///< Net of fees.
    std::vector<asset> fees;

    friend bool operator==(generic_exchange_operation_result const&,
                           generic_exchange_operation_result const&) = default;

    BITSHARES_FIELDS((paid), (received), (fees))
};

/// Any of the above; only what applies is there.
struct extendable_operation_result
{
    std::optional<flat_set<bitshares::account_id>> impacted_accounts;
    std::optional<flat_set<any_object_id>> new_objects;
    std::optional<flat_set<any_object_id>> updated_objects;
    std::optional<flat_set<any_object_id>> removed_objects;
    std::optional<std::vector<asset>> paid;
    std::optional<std::vector<asset>> received; ///< Net of fees.
    std::optional<std::vector<asset>> fees;

    friend bool operator==(extendable_operation_result const&, extendable_operation_result const&) = default;

    BITSHARES_EXTENSION((impacted_accounts), (new_objects), (updated_objects), (removed_objects), (paid), (received),
                        (fees))
};

/** What an operation came to, as the node says that replayed it; no part of the consensus.

    Tags: 0 nothing, 1 the object that was made, 2 the amount that was returned, 3 to 5 as named. A result of a newer
    chain is kept as the node printed it.
    @par Source
    bitshares-core, libraries/protocol/include/graphene/protocol/base.hpp; which operation has which is in
    its evaluator's `do_apply`.
*/
using operation_result =
    std::variant<void_result, any_object_id, asset, generic_operation_result, generic_exchange_operation_result,
                 extendable_operation_result, unknown_alternative>;

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
