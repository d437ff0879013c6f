#pragma once

#include <bitshares/protocol/object_id.hpp>

/** Accounts that the chain itself gives a meaning.

    @par Source
    bitshares-core, libraries/protocol/include/graphene/protocol/config.hpp.
*/
namespace bitshares::inline BITSHARES_VERSION_NAMESPACE::reserved_accounts {

inline constexpr account_id committee{0};         ///< Its authority is the active committee members.
inline constexpr account_id witness{1};           ///< Its authority is the active witnesses.
inline constexpr account_id relaxed_committee{2}; ///< The committee with a lower threshold.
inline constexpr account_id null{3};              ///< Nobody: what it gets is burnt.
inline constexpr account_id temp{4};              ///< Anybody: it needs no signature.
inline constexpr account_id proxy_to_self{5};     ///< As proxy: the account votes itself.

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE::reserved_accounts
