#pragma once

#include <bitshares/protocol/json.hpp>
#include <bitshares/testing/recording.hpp>

#include <optional>
#include <string>
#include <vector>

/// What a real Elasticsearch answered: tests/recordings/es.
namespace es_recordings {

struct answer
{
    std::string note;
    std::string path;
    std::optional<std::string> request_body;
    std::uint32_t status = 0;
    std::string response;

    BITSHARES_FIELDS((note), (path), (request_body), (status), (response))
};

/// @param file As `object/all_documents`.
inline std::vector<answer> answers(std::string const& file)
{
    auto const text =
        bitshares::testing::read_recording_file(std::string(BITSHARES_TESTS_DIR) + "/recordings/es/" + file + ".json");
    return bitshares::from_json<std::vector<answer>>(text.value()).value();
}

} // namespace es_recordings
