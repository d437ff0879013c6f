#pragma once

#include <bitshares/base/limits.hpp>
#include <bitshares/base/reflect.hpp>
#include <bitshares/base/result.hpp>
#include <bitshares/protocol/raw_json.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// How far JSON may differ from what the type says.
enum class json_mode
{
    /// For what nodes send: unknown members are skipped, missing ones keep their default, unknown alternatives of open
    /// static variants (operations, results, fee parameters) are kept verbatim.
    lenient,
    /// For what a person typed or what will be signed: an unknown, missing or repeated member, and a control character
    /// that nodes misread, is an error.
    strict,
    /** For what nodes' plugins store in Elasticsearch. As lenient, but `amount_` is the member `amount` where there is no
        other; members beside it that only repeat it (`policy_object`) are skipped; and a value that was stored as the
        text of its JSON is read from there, an empty text as an absent one where it may be absent.

        @par Source
        bitshares-core, libraries/utilities/elasticsearch.cpp (`es_data_adaptor`) and its predecessors. */
    elasticsearch
};

/// How @ref from_json reads. The defaults are for replies of a main network's node.
struct json_options
{
    json_mode mode = json_mode::lenient; ///< Strict for what a person typed or what will be signed.
    std::string_view key_prefix =
        "BTS";                     ///< Of the network; keys with another prefix are an error. Outlives the reading.
    bitshares::limits limits = {}; ///< Sizes in bytes, counts in items; `max_depth` counts for at most 1000 here.
    bool any_character = false;    ///< Strict: control characters are taken; for texts that no node reads.
};

namespace detail {

BITSHARES_DECL result<void> read_json(std::string_view text, type_info const& type, void* value,
                                      json_options const& options);
// `integer_quote` stands around the integers that nodes print as strings; another tells them from strings.
BITSHARES_DECL void write_json(std::string& out, type_info const& type, void const* value, std::string_view key_prefix,
                               char integer_quote = '"');

} // namespace detail

/** Reads JSON as nodes print it: integers as numbers or strings, `[tag, value]` for static variants, arrays of pairs for
    maps.

    @par Errors
    @li `errc::invalid_json`: no JSON, invalid UTF-8, a NUL or anything else behind the value; the detail names the byte.
    @li `errc::wrong_type`, `errc::value_out_of_range`, `errc::unknown_tag` and the text forms' own codes, with the path
        (JSON Pointer) to the value.
    @li Strict: `errc::unknown_member`, `errc::missing_member`, `errc::duplicate_member`, `errc::control_character`.
    @li The limits.
*/
template <class T>
result<T> from_json(std::string_view text, json_options const& options = {})
{
    T value{};
    if (auto const r = detail::read_json(text, detail::type_of<T>, &value, options); !r)
        return r.error();
    return value;
}

/** Appends `value` to `out` exactly as a node prints it: integers beyond 32 bits as strings, absent optional members left
    out, raw UTF-8. */
template <class T>
void write_json(std::string& out, T const& value, std::string_view key_prefix = "BTS")
{
    detail::write_json(out, detail::type_of<T>, &value, key_prefix);
}

/// @copydoc write_json
template <class T>
std::string to_json(T const& value, std::string_view key_prefix = "BTS")
{
    std::string out;
    write_json(out, value, key_prefix);
    return out;
}

/// JSON text of a string: quoted, escaped as nodes understand it.
BITSHARES_DECL std::string json_quote(std::string_view text);

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/protocol/json.ipp>
#endif
