#pragma once

/// What every program of this folder says to the shell.
namespace exit_code {

inline constexpr int ok = 0;
inline constexpr int bad_data = 1;    ///< The input is wrong: a line, a recording, a reply.
inline constexpr int usage = 2;       ///< The command line is wrong.
inline constexpr int network = 3;     ///< No node could be used.
inline constexpr int incomplete = 4;  ///< Not everything could be read or written.
inline constexpr int interrupted = 5; ///< Ctrl-C, or the reader of the output went away.

} // namespace exit_code
