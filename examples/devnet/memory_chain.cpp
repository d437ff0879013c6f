#include "memory_chain.hpp"

#include <bitshares/base/hex.hpp>
#include <bitshares/protocol/asset.hpp>
#include <bitshares/wallet/private_file.hpp>

#include <span>

namespace testing = bitshares::testing;

std::optional<funded_account> read_account(std::string_view text)
{
    std::size_t const equals = text.rfind('=');
    if (equals == std::string_view::npos || equals == 0)
        return {};
    auto const amount = bitshares::parse_amount(text.substr(equals + 1), 5);
    if (!amount || *amount < 0)
        return {};
    return funded_account(text.substr(0, equals), *amount);
}

std::shared_ptr<testing::chain> make_memory_chain(std::uint64_t seed, std::vector<funded_account> const& accounts,
                                                  std::string const& key_file)
{
    testing::chain_options options;
    options.seed = seed;
    options.block_interval = 1;
    auto chain = std::make_shared<testing::chain>(options);
    bitshares::secure_string keys;
    auto const add = [&](std::string_view text) { keys.append(text); };
    add("# Keys of a chain in memory (bts-devnet --chain memory): worthless anywhere else.\n# Chain id ");
    add(bitshares::to_hex(chain->network().chain_id.data));
    add("\n");
    for (auto const& [name, core] : accounts)
    {
        auto const id = chain->create_account(name, core);
        for (char const* const role : {"active", "memo", "owner"})
        {
            add("# " + name + " (" + id.to_string() + ") " + role + "\n");
            add(chain->key(name, role).to_wif().view());
            add("\n");
        }
    }
    chain->produce_blocks(options.witnesses * 2); // so that a block after the accounts' is irreversible
    auto const text = keys.view();
    bitshares::write_private_file(key_file, std::span(reinterpret_cast<std::uint8_t const*>(text.data()), text.size()))
        .value();
    return chain;
}
