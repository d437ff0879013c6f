#pragma once

#include <bitshares/detail/config.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/** @file
    JSON as text, for doubles of nodes: which values stand where, each byte as it was. Reads what a node's own parser
    reads, which is more than JSON: commas before a closing bracket, and whatever follows the first value.
*/

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {
namespace testing {

/// What a JSON value is.
enum class json_kind
{
    invalid,
    null,
    boolean,
    number,
    string,
    array,
    object
};

/// By its first character only.
BITSHARES_DECL json_kind kind_of(std::string_view json) noexcept;

/// The first value of `text` without the white space around it; empty where there is none, or nested too deep.
BITSHARES_DECL std::string_view first_value(std::string_view text) noexcept;

/// The elements of an array; nothing where `json` is none.
BITSHARES_DECL std::optional<std::vector<std::string_view>> array_items(std::string_view json);

/// The members of an object in their order; nothing where `json` is none.
BITSHARES_DECL std::optional<std::vector<std::pair<std::string, std::string_view>>>
object_members(std::string_view json);

/// The value of an object's first member of this name; empty where there is none.
BITSHARES_DECL std::string_view member(std::string_view json, std::string_view name);

/// Who reads a string.
enum class string_reader
{
    json, ///< As the standard says.
    node  ///< As nodes do: they do not know `\\u`, and take it for a `u`.
};

/// What a string says, escapes resolved; nothing where `json` is no string.
BITSHARES_DECL std::optional<std::string> string_value(std::string_view json,
                                                       string_reader reader = string_reader::json);

/// An integer, as number or as string, as nodes read them; nothing where it is none or does not fit.
BITSHARES_DECL std::optional<std::uint64_t> unsigned_value(std::string_view json);

/// One text for all spellings of a value: no white space, members in the order of their names, the same escapes.
BITSHARES_DECL std::string canonical_json(std::string_view json);

} // namespace testing
} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/testing/json_text.ipp>
#endif
