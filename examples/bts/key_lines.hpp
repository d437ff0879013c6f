#pragma once

#include "json_lines.hpp"

namespace CLI {
class App;
}

namespace bts_program {

/** `bts key`: what a line says of a key -> its public key and addresses.

    @param show_private Appends the private key's text where the line tells it.
*/
bitshares::result<void> describe_key(settings const& s, bool show_private, std::string_view line, std::string& out);

bitshares::result<void> encrypt_memo_line(settings const& s, std::string_view line, std::string& out);
bitshares::result<void> decrypt_memo_line(settings const& s, std::string_view line, std::string& out);

} // namespace bts_program
