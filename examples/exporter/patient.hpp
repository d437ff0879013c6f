#pragma once

#include <bitshares/history/node_history.hpp>

#include <chrono>
#include <thread>

namespace exporter {

/// Calls, and again where the connection broke, twice at most. @throws As `blocking_client::try_call`.
template <class R>
bitshares::reply<R> patient_call(bitshares::blocking_client& node, bitshares::request<R> const& request)
{
    for (int attempt = 1;; ++attempt)
        try
        {
            return node.try_call(request);
        }
        catch (bitshares::exception const& e)
        {
            if (attempt == 3 || !bitshares::is_transient(e.code()))
                throw;
            std::this_thread::sleep_for(std::chrono::milliseconds(200 * attempt));
        }
}

} // namespace exporter
