#include <bitshares/protocol/binary.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/protocol/vote_id.hpp>

#include <doctest/doctest.h>

#include <initializer_list>

namespace bts = bitshares;
using bts::vote_id;

TEST_CASE("protocol/vote_id: text and bytes both ways")
{
    vote_id const vote(vote_id::witness, 23);
    CHECK(vote.to_string() == "1:23");
    CHECK(vote.type() == 1);
    CHECK(vote.instance() == 23);
    CHECK(vote_id::from_string("1:23").value() == vote);
    CHECK(bts::pack(vote).value() == bts::bytes{1, 23, 0, 0});
    CHECK(bts::to_json(vote) == R"("1:23")");
    CHECK(bts::from_json<vote_id>(R"("1:23")").value() == vote);
    CHECK(vote_id::from_string("255:16777215").value() == vote_id(255, 0xffffff));
}

TEST_CASE("protocol/vote_id: what is none is an error")
{
    for (char const* text :
         {"", "1", "1:", ":2", "1:2:3", "256:1", "1:16777216", "-1:2", "1:-2", " 1:2", "1:2 ", "a:b"})
    {
        CAPTURE(text);
        auto const read = vote_id::from_string(text);
        REQUIRE_FALSE(read.has_value());
        CHECK(read.error().code() == bts::errc::invalid_vote_id);
    }
}

TEST_CASE("protocol/vote_id: in a set votes are ordered and told apart by their instance alone")
{
    bts::flat_set<vote_id> const votes({vote_id(2, 9), vote_id(0, 11), vote_id(1, 9), vote_id(1, 3)});
    REQUIRE(votes.size() == 3);
    CHECK(votes.begin()[0] == vote_id(1, 3));
    CHECK(votes.begin()[1] == vote_id(2, 9));
    CHECK(votes.begin()[2] == vote_id(0, 11));
}
