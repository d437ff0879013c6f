#pragma once

#include <bitshares/history/node_history.hpp>

#include <chrono>
#include <thread>

namespace program {

/// Calls `ask`, and again where the connection broke, twice at most: for what may be asked twice. @throws As `ask`.
template <class Ask>
auto patiently(Ask const& ask)
{
    for (int attempt = 1;; ++attempt)
        try
        {
            return ask();
        }
        catch (bitshares::exception const& e)
        {
            if (attempt == 3 || !bitshares::is_transient(e.code()))
                throw;
            std::this_thread::sleep_for(std::chrono::milliseconds(200 * attempt));
        }
}

} // namespace program
