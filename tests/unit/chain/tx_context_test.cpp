#include <bitshares/chain/tx_context.hpp>
#include <bitshares/net/websocket.hpp>
#include <bitshares/testing/chain.hpp>
#include <bitshares/testing/node.hpp>

#include <doctest/doctest.h>

using namespace bitshares;

TEST_CASE("chain/tx_context: what the chain says, with an irreversible block to refer to")
{
    auto const chain = std::make_shared<testing::chain>();
    chain->produce_blocks(40);
    testing::node const served(chain);
    blocking_client node(node_url(served.url()), websocket(), client_options().network(chain->network()));
    auto const context = fetch_tx_context(node);
    CHECK(context.network == chain->network());
    CHECK(context.time == chain->head_time());
    CHECK(context.head_block_num == chain->head_block_num());
    std::uint32_t const last = chain->last_irreversible_block_num();
    CHECK(context.reference_block == id_of(static_cast<signed_block_header const&>(*chain->block(last))));
    auto const deeper = fetch_tx_context(node, tx_context_options().reference_depth(5));
    CHECK(block_num_of(deeper.reference_block) == last - 5);
    CHECK(context.parameters.current_fees.find<transfer>() != nullptr);
}

TEST_CASE("chain/tx_context: an asset that is not there, and another chain")
{
    auto const chain = std::make_shared<testing::chain>();
    chain->produce_blocks(3);
    testing::node const served(chain);
    blocking_client node(node_url(served.url()), websocket(), client_options().network(chain->network()));
    auto const failure = [](auto&& call) {
        try
        {
            call();
        }
        catch (exception const& e)
        {
            return e.code();
        }
        return error_code();
    };
    CHECK(failure([&] { (void)fetch_tx_context(node, tx_context_options().fee_asset(asset_id(4711))); }) ==
          errc::asset_not_found);
    blocking_client other(node_url(served.url()), websocket(), client_options().network(mainnet()));
    CHECK(failure([&] { (void)fetch_tx_context(other); }));
}
