#pragma once

#include <bitshares/detail/config.hpp>

#include <string_view>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** Whether the chain takes the text as an account's name.

    1 to 63 bytes; labels with points between; each of `a-z`, `0-9` and `-`, beginning with a letter and ending with letter or
    digit.
    @par Source
    bitshares-core, `is_valid_name` in libraries/protocol/account.cpp.
*/
BITSHARES_DECL bool is_account_name(std::string_view text) noexcept;

/** Whether an account of this name costs the basic fee instead of the premium one: a digit, `.`, `-` or `/` is in it, or no
    vowel (`y` is one).

    @par Source
    bitshares-core, `is_cheap_name` in libraries/protocol/account.cpp.
*/
BITSHARES_DECL bool is_cheap_account_name(std::string_view text) noexcept;

/** Whether the chain takes the text as an asset's symbol.

    3 to 16 of `A-Z`, `0-9` and one `.` at most, beginning with a letter, ending with letter or digit, not beginning with `BIT`:
    that is what nodes put in front of the symbols of market-issued assets for people. (The public test chain's nodes lack the last
    rule.)
    @par Source
    bitshares-core, `is_valid_symbol` in libraries/protocol/asset_ops.cpp.
*/
BITSHARES_DECL bool is_asset_symbol(std::string_view text) noexcept;

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/protocol/names.ipp>
#endif
