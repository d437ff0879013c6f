#include "app.hpp"

#include <cstdio>
#include <memory>
#include <stdexcept>

// What is compiled header-only where it is called: a pool of nodes, a history, a transaction. There is no network, and that is the
// answer.
static bool uses_the_library()
{
    namespace db = bitshares::database;
    auto const none = [](auto const&...) -> std::unique_ptr<bitshares::transport> {
        throw std::runtime_error("no network here");
    };
    bitshares::blocking_client pool({"ws://127.0.0.1:1/a", "ws://127.0.0.1:1/b"}, none,
                                    bitshares::client_options().deadline(std::chrono::milliseconds(50)));
    bitshares::blocking_client single("ws://127.0.0.1:1/a", none);
    auto const fails_with = [](bitshares::errc wanted, auto const& call) {
        try
        {
            call();
        }
        catch (bitshares::exception const& e)
        {
            return e.code() == wanted;
        }
        return false;
    };
    bool const asked =
        fails_with(bitshares::errc::no_node, [&] { pool.call(db::get_account_by_name("alice")); }) &&
        fails_with(bitshares::errc::not_connected,
                   [&] {
                       for (auto const& entry : bitshares::node_history(single, bitshares::account_id(17)))
                           static_cast<void>(entry);
                   }) &&
        fails_with(bitshares::errc::no_node, [&] {
            auto const blocks =
                bitshares::follow_blocks(bitshares::subscription_options().patience(std::chrono::milliseconds(1)));
            bitshares::next_event(pool, *blocks);
        });

    bitshares::transfer op;
    op.from = bitshares::account_id(17);
    op.to = bitshares::account_id(18);
    op.amount = {1, bitshares::core_asset};
    op.fee = {1, bitshares::core_asset};
    bitshares::transaction tx;
    tx.operations = {op, op};
    bitshares::transaction const copy = tx;
    auto const bytes = bitshares::pack(copy);
    auto const back = bitshares::unpack<bitshares::transaction>(bytes.value());
    return asked && back && *back == tx && !tx.operations[0].validate().has_error();
}

int main()
{
    if (!uses_the_library())
    {
        std::fprintf(stderr, "the library does not do what it should\n");
        return 1;
    }
    std::string const json = R"({"amount":"5000000000","asset_id":"1.3.0"})";
    auto const asset = bitshares::from_json<bitshares::asset>(json);
    if (!asset || bitshares::to_json(*asset) != json)
    {
        std::fprintf(stderr, "JSON does not come back\n");
        return 1;
    }
    std::string const packed = bitshares::to_hex(bitshares::pack(*asset).value());
    if (packed != "00f2052a0100000000" || packed != second_unit(json))
    {
        std::fprintf(stderr, "packed as %s here, as %s in the other unit\n", packed.c_str(), second_unit(json).c_str());
        return 1;
    }
    // Errors compare by the address of their category: two copies of it would make equal errors differ.
    if (&bitshares::client_category() != &second_category())
    {
        std::fprintf(stderr, "the units have an error category each\n");
        return 1;
    }
#ifdef APP_WEBSOCKET
    if (!bitshares::websocket() || !second_websocket())
        return 1;
#endif
#ifdef BITSHARES_SEPARATE_COMPILATION
    char const* const way = "compiled";
#else
    char const* const way = "header-only";
#endif
    std::printf("bitshares %s, %s: ok\n", bitshares::version, way);
    return 0;
}
