#pragma once

#include <bitshares/testing/node_session.hpp>
#include <bitshares/testing/recording.hpp>

#include <memory>
#include <string>

/// The recordings in tests/recordings, read once for all tests of a program.
namespace recordings {

inline std::string directory()
{
    return std::string(BITSHARES_TESTS_DIR) + "/recordings";
}

inline bitshares::testing::recording const& main_chain()
{
    static auto const recording = bitshares::testing::recording::load(directory()).value();
    return recording;
}

inline bitshares::testing::recording const& chain_c()
{
    static auto const recording = bitshares::testing::recording::load(directory() + "/chain_c").value();
    return recording;
}

inline std::shared_ptr<bitshares::testing::data_set const> main_data()
{
    static auto const data = std::make_shared<bitshares::testing::data_set const>(main_chain());
    return data;
}

} // namespace recordings
