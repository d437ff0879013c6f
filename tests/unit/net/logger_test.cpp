#include <bitshares/net/logger.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using bitshares::log_level;
using bitshares::logger;

// What a client says, and what it never says, is shown by client_test.cpp.

TEST_CASE("net/logger: empty by default: nothing is said to nobody")
{
    CHECK_FALSE(static_cast<bool>(logger()));
    CHECK_FALSE(static_cast<bool>(logger(nullptr)));
}

TEST_CASE("net/logger: levels are ordered by importance, so that a logger can leave some out")
{
    std::vector<std::string> heard;
    logger const log = [&](log_level level, std::string_view text) {
        if (level >= log_level::info)
            heard.emplace_back(text);
    };
    log(log_level::debug, "a step");
    log(log_level::info, "connected");
    log(log_level::warning, "a stray reply");
    CHECK(heard == std::vector<std::string>{"connected", "a stray reply"});
}

TEST_CASE("net/logger: texts come with their length, and may hold anything")
{
    std::string heard;
    logger const log = [&](log_level, std::string_view text) { heard = text; };
    log(log_level::info, std::string_view("a\0b%s", 5));
    CHECK(heard == std::string("a\0b%s", 5));
}
