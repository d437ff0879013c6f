#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace program {

/** Text that strangers wrote, as a terminal may get it: valid UTF-8 in which nothing moves the cursor, turns the direction
    of writing or is invisible. Such characters appear as `\u001b`, bytes that are no UTF-8 as `\xff`.
*/
std::string printable(std::string_view text);

/// The same for JSON: what `printable` would replace is escaped, so that the value stays the same.
/// @param json Valid JSON, in which such characters stand in strings only.
std::string printable_json(std::string_view json);

/// The first bytes of a text, cut between characters, and "..." where it was longer: strangers can write a lot.
std::string shortened(std::string_view text, std::size_t max_bytes = 500);

} // namespace program
