#pragma once

#include "json_value.hpp"

#include <bitshares/base/hex.hpp>

#include <algorithm>
#include <string>

/// The vectors in tests/vectors: read once for all tests of a program.
namespace vectors {

inline test::json_value const& file(std::string const& name)
{
    static std::vector<std::pair<std::string, test::json_value>> files;
    for (auto const& [known, content] : files)
        if (known == name)
            return content;
    files.reserve(16); // references stay valid
    return files.emplace_back(name, test::json_value::parse_file(BITSHARES_TESTS_DIR "/vectors/" + name)).second;
}

inline bitshares::bytes bytes_of(test::json_value const& hex)
{
    return bitshares::from_hex(hex.text()).value();
}

/// A value of as many bytes as it has: a key, a digest, a signature.
template <class T>
T fixed(std::string const& hex)
{
    auto const data = bitshares::from_hex(hex).value();
    T value;
    if (data.size() != value.data.size())
        throw std::runtime_error("vectors: " + std::to_string(data.size()) + " bytes in " + hex);
    std::copy(data.begin(), data.end(), value.data.begin());
    return value;
}

} // namespace vectors
