#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>

namespace program {

/** How often each client may ask: a bucket of tokens each, which fills at a constant rate.

    @par Thread safety
    One thread at a time.
*/
class rate_limiter
{
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// @param per_minute 0: no limit. @param burst So many at once, at least 1. @param max_clients Who is beyond them is not remembered for long.
    rate_limiter(double per_minute, double burst, std::size_t max_clients = 100'000)
        : per_second_(per_minute / 60),
          burst_(std::max(burst, 1.0)),
          max_clients_(std::max<std::size_t>(max_clients, 1))
    {}

    /// 0: it may ask, and that counts. Otherwise the seconds after which it may.
    unsigned ask(std::string_view client, time_point now)
    {
        if (per_second_ <= 0)
            return 0;
        auto it = buckets_.find(client);
        if (it == buckets_.end())
        {
            if (buckets_.size() >= max_clients_)
                forget(now);
            it = buckets_.emplace(std::string(client), bucket{burst_, now}).first;
        }
        bucket& b = it->second;
        b.tokens = tokens_at(b, now);
        b.since = now;
        if (b.tokens >= 1)
        {
            b.tokens -= 1;
            return 0;
        }
        return static_cast<unsigned>(std::clamp(std::ceil((1 - b.tokens) / per_second_), 1.0, 86'400.0));
    }

    std::size_t clients() const noexcept { return buckets_.size(); }

private:
    struct bucket
    {
        double tokens;
        time_point since;
    };
    struct hash
    {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>()(text); }
    };

    double tokens_at(bucket const& b, time_point now) const
    {
        return std::min(burst_, b.tokens + std::chrono::duration<double>(now - b.since).count() * per_second_);
    }

    // A full bucket says nothing. Where none is full, so many ask that the memory counts more than the limits.
    void forget(time_point now)
    {
        std::erase_if(buckets_, [&](auto const& entry) { return tokens_at(entry.second, now) >= burst_; });
        if (buckets_.size() >= max_clients_)
            buckets_.clear();
    }

    double per_second_;
    double burst_;
    std::size_t max_clients_;
    std::unordered_map<std::string, bucket, hash, std::equal_to<>> buckets_;
};

} // namespace program
