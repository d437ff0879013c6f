#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace bts_program {

/// Adds the commands that ask a node. @param chosen Set by parsing to the command that was named.
void add_online_commands(CLI::App& app, std::function<int()>& chosen);

} // namespace bts_program
