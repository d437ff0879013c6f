#include "support/fake_transport.hpp"
#include "support/recordings.hpp"

#include <bitshares/chain/authority_fetch.hpp>
#include <bitshares/testing/node_session.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using namespace bitshares;

namespace {

// The main recorded chain's node; `tamper` changes what it answers to get_accounts.
struct recorded_node
{
    recorded_node()
    {
        network.node = [this](std::string const& frame) -> std::vector<std::string> {
            auto reply = session.answer(frame);
            if (!reply)
                return {};
            if (frame.find("\"get_accounts\"") != std::string::npos)
            {
                ++calls;
                if (tamper)
                    tamper(*reply);
            }
            return {*reply};
        };
    }

    testing::node_session session{recordings::main_data()};
    bitshares_test::fake_network network;
    std::function<void(std::string&)> tamper;
    int calls = 0;
    blocking_client client{node_url("ws://127.0.0.1:1"), network.factory()};
};

transaction transfer_of(account_id from)
{
    transfer op;
    op.from = from;
    op.to = account_id(0);
    transaction tx;
    tx.operations.emplace_back(op);
    return tx;
}

} // namespace

TEST_CASE("chain/authority_fetch: fetches what the check asks for, level by level, and nothing twice")
{
    std::size_t nested = 0;
    for (auto const& [name, id] : recordings::main_data()->account_ids())
    {
        recorded_node node;
        auto const account = account_id::from_string(id).value();
        if (name == "temp-account") // everybody may act for it
            continue;
        transaction const tx = transfer_of(account);
        account_set accounts;
        fetch_accounts(node.client, tx, accounts);
        CHECK(accounts.contains(account));
        CHECK(accounts_needed(tx, accounts).empty());
        CHECK(node.calls >= 1);
        CHECK(node.calls <= 3); // max_authority_depth + 1
        nested += node.calls > 1;
        int const before = node.calls;
        fetch_accounts(node.client, tx, accounts);
        CHECK(node.calls == before);
    }
    CHECK(nested >= 2); // accounts whose authority is other accounts'
}

TEST_CASE("chain/authority_fetch: an account that the node does not have, or another one, is an error")
{
    recorded_node node;
    account_set accounts;
    auto const code = [&](account_id account) {
        try
        {
            fetch_accounts(node.client, transfer_of(account), accounts);
        }
        catch (exception const& e)
        {
            return e.code();
        }
        return error_code();
    };
    CHECK(code(account_id(999'999)) == errc::account_not_found);
    node.tamper = [](std::string& reply) {
        if (auto const at = reply.find("\"id\":\"1.2.18\""); at != std::string::npos)
            reply.replace(at, 13, "\"id\":\"1.2.19\"");
    };
    CHECK(code(account_id(18)) == errc::invalid_reply);
    node.tamper = nullptr;
    CHECK(code(account_id(18)) == error_code());
}
