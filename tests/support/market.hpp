#pragma once

#include <bitshares/protocol/json.hpp>
#include <bitshares/protocol/operations/limit_order.hpp>
#include <bitshares/rpc/api/history.hpp>
#include <bitshares/testing/chain.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace support {

/// Two people who trade GOLD for the core asset.
class market
{
public:
    explicit market(bitshares::testing::chain& chain)
        : chain_(chain),
          buyer_(chain.create_account("buyer", 1'000'000'000'000)),
          seller_(chain.create_account("seller", 1'000'000'000'000)),
          gold_(chain.create_asset("GOLD", 4))
    {
        chain_.fund(seller_, {1'000'000'000, gold_});
    }

    bitshares::asset_id gold() const { return gold_; }

    /// Two orders that fill each other, whichever block each of them comes into: two fills. Each time of another amount.
    void trade()
    {
        ++trades_;
        bitshares::limit_order_create order;
        order.seller = seller_;
        order.amount_to_sell = {trades_, gold_};
        order.min_to_receive = {trades_ * 100, bitshares::core_asset};
        push("seller", order);
        order.seller = buyer_;
        std::swap(order.amount_to_sell, order.min_to_receive);
        push("buyer", order);
    }

    /// With those of orders that wait for a block.
    std::size_t fills_made() const { return static_cast<std::size_t>(trades_) * 2; }

    struct fill
    {
        bitshares::time_point_sec time;
        bitshares::fill_order op;
    };
    /// By the operations of the chain's blocks, which are kept apart from the history of the market.
    std::vector<fill> fills_in_blocks()
    {
        std::vector<fill> all;
        for (std::uint32_t number = 1; number <= chain_.head_block_num(); ++number)
        {
            auto const request = bitshares::history::get_block_operation_history(number, std::nullopt);
            std::string const text = chain_.answer("{\"id\":1,\"method\":\"call\",\"params\":[" +
                                                   bitshares::any_request(request).text() + "]}");
            std::size_t const begin = text.find("\"result\":") + 9;
            auto const entries = bitshares::from_json<std::vector<bitshares::operation_history_object>>(
                                     text.substr(begin, text.size() - begin - 1))
                                     .value();
            for (auto const& entry : entries)
                if (auto const* const op = entry.op.get_if<bitshares::fill_order>())
                    all.push_back({chain_.block(number)->timestamp, *op});
        }
        return all;
    }

private:
    void push(char const* name, bitshares::limit_order_create const& order)
    {
        auto const key = chain_.key(name);
        auto const pushed = chain_.push(chain_.sign({order}, {&key}, std::chrono::hours(1)));
        REQUIRE_MESSAGE(pushed.has_value(), (pushed ? "" : pushed.error().message()));
    }

    bitshares::testing::chain& chain_;
    bitshares::account_id buyer_, seller_;
    bitshares::asset_id gold_;
    std::int64_t trades_ = 0;
};

} // namespace support
