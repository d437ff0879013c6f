#pragma once

#include <bitshares/testing/chain.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// An account's name and how much of the core asset it begins with, in the smallest unit.
using funded_account = std::pair<std::string, std::int64_t>;

/// NAME=AMOUNT, the amount in whole units, as `alice=12.5`; nothing where it is not that.
std::optional<funded_account> read_account(std::string_view text);

/** A chain in memory with these accounts, and the file of their keys: the owner's alone, as the programs' `--key-file` takes it.

    @throws bitshares::node_refused The chain does not take an account: its name is invalid or taken.
    @throws bitshares::exception The file is there already, or cannot be written.
*/
std::shared_ptr<bitshares::testing::chain>
make_memory_chain(std::uint64_t seed, std::vector<funded_account> const& accounts, std::string const& key_file);
