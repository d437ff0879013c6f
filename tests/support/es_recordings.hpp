#pragma once

#include <bitshares/protocol/json.hpp>
#include <bitshares/protocol/raw_json.hpp>
#include <bitshares/testing/recording.hpp>

#include <optional>
#include <string>
#include <utility>
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

struct stored_document
{
    bitshares::raw_json source;

    BITSHARES_FIELDS((source, "_source"))
};
struct stored_hits
{
    std::vector<stored_document> hits;

    BITSHARES_FIELDS((hits))
};
struct stored_answer
{
    stored_hits hits;

    BITSHARES_FIELDS((hits))
};

/// The documents of a file of searches, byte for byte as the plugin wrote them.
inline std::vector<std::string> documents(std::string const& file)
{
    std::vector<std::string> all;
    for (answer const& a : answers(file))
    {
        auto read = bitshares::from_json<stored_answer>(a.response).value();
        for (stored_document& hit : read.hits.hits)
            all.push_back(std::move(hit.source.text));
    }
    return all;
}

} // namespace es_recordings
