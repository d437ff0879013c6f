#pragma once

#include <bitshares/base/result.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/protocol/network.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace bts_program {

/// What the offline commands have in common.
struct settings
{
    bool lenient = false;
    std::optional<bitshares::chain_id_type> chain_id;
    std::string prefix = "BTS";

    bitshares::json_options json() const
    {
        return {.mode = lenient ? bitshares::json_mode::lenient : bitshares::json_mode::strict, .key_prefix = prefix};
    }
};

/// Longer lines are errors: a transaction of the largest size that the chain allows takes an eighth of it.
inline constexpr std::size_t max_line_bytes = std::size_t{16} << 20;

/// Appends one answer, a JSON object, to `out`.
using line_command = std::function<bitshares::result<void>(std::string_view line, std::string& out)>;

/// Answers each line of the standard input with one of the standard output, in order. @return The program's exit code.
int run_lines(line_command const& command);

/// `{"error":{"code","message","path"}}`, valid JSON whatever the error quotes.
std::string error_line(bitshares::error const& error);

bitshares::result<void> encode_operation(settings const& s, std::string_view line, std::string& out);
bitshares::result<void> decode_operation(settings const& s, std::string_view line, std::string& out);
bitshares::result<void> encode_transaction(settings const& s, std::string_view line, std::string& out);

} // namespace bts_program
