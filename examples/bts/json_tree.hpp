#pragma once

#include <bitshares/base/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bts_program {

/// Any JSON value in memory, for what a person pasted: small, bounded, numbers as they were written.
struct json_tree
{
    enum class kind : std::uint8_t
    {
        null,
        boolean,
        number,
        string,
        array,
        object
    };
    using member = std::pair<std::string, json_tree>;

    json_tree() = default;
    explicit json_tree(std::string string) : type(kind::string), text(std::move(string)) {}

    kind type = kind::null;
    std::string text;                ///< Of a string, number or boolean.
    std::vector<json_tree> elements; ///< Of an array.
    std::vector<member> members;     ///< Of an object, in the text's order.

    bool is_string() const noexcept { return type == kind::string; }
    bool is_number() const noexcept { return type == kind::number; }
    bool is_array() const noexcept { return type == kind::array; }
    bool is_object() const noexcept { return type == kind::object; }
    bool is_leaf() const noexcept { return !is_array() && !is_object(); }
    bool empty() const noexcept { return elements.empty() && members.empty(); }

    /// Null where there is no such member.
    json_tree const* find(std::string_view name) const;

    /// Adds a member to an object.
    json_tree& add(std::string name, json_tree value);
    json_tree& add(std::string name, std::string string) { return add(std::move(name), json_tree(std::move(string))); }

    static json_tree array();
    static json_tree object();
    static json_tree number(std::uint64_t value);
    static json_tree boolean(bool value);

    /** Reads JSON.

        @par Errors
        @li `errc::invalid_json`, `errc::depth_limit` (200), `errc::element_limit` (a million values), `errc::size_limit` (32 MiB).
    */
    static bitshares::result<json_tree> parse(std::string_view json);

    /** The value as JSON: raw UTF-8, as nodes want it.

        @param indent Blanks a level; 0: all in one line.
    */
    std::string to_json(unsigned indent = 0) const;

private:
    void write(std::string& out, unsigned indent, std::size_t level) const;
};

/// A valid JSON text without the blanks between its tokens, or with new ones; everything else stays as it is.
std::string format_json(std::string_view json, unsigned indent);

} // namespace bts_program
