#include <bitshares/testing/websocket_frames.hpp>
#include <support/raw_websocket.hpp>

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>
#include <vector>

using namespace bitshares::testing;

namespace {

std::optional<websocket_event> read_one(std::string const& bytes, std::size_t max_message = 1'000'000)
{
    websocket_reader reader(max_message);
    reader.feed(bytes);
    return reader.next();
}

void check_violation(std::string const& bytes, unsigned code, std::size_t max_message = 1'000'000)
{
    websocket_reader reader(max_message);
    reader.feed(bytes);
    reader.feed(masked_frame("behind"));
    auto const event = reader.next();
    REQUIRE(event);
    CHECK(event->violation);
    CHECK(event->code == code);
    CHECK_FALSE(reader.next()); // nothing is read behind it
}

} // namespace

TEST_CASE("testing/websocket_frames: messages of all lengths of length arrive, in whatever pieces")
{
    for (std::size_t const size : std::initializer_list<std::size_t>{0, 1, 125, 126, 65'535, 65'536, 200'000})
    {
        std::string const text(size, 'x');
        std::string const bytes = masked_frame(text) + masked_frame("next");
        websocket_reader reader(1'000'000);
        std::size_t const step = size > 1'000 ? 7'919 : 1;
        std::vector<std::string> messages;
        for (std::size_t at = 0; at < bytes.size(); at += step)
        {
            reader.feed(std::string_view(bytes).substr(at, step));
            while (auto const event = reader.next())
                messages.push_back(event->payload);
        }
        CHECK(messages == std::vector<std::string>{text, "next"});
    }
}

TEST_CASE("testing/websocket_frames: fragments are one message, control frames between them are not lost")
{
    websocket_reader reader(100);
    reader.feed(masked_frame("one ", 2, false) + masked_frame("are you there", 9) + masked_frame("two ", 0, false) +
                masked_frame("three", 0));
    auto event = reader.next();
    REQUIRE(event);
    CHECK(event->opcode == websocket_opcode::ping);
    CHECK(event->payload == "are you there");
    event = reader.next();
    REQUIRE(event);
    CHECK(event->opcode == websocket_opcode::binary);
    CHECK(event->payload == "one two three");
    CHECK_FALSE(reader.next());
}

TEST_CASE("testing/websocket_frames: a close frame says its code and reason")
{
    auto event = read_one(masked_frame(std::string("\x03\xe8") + "bye", 8));
    REQUIRE(event);
    CHECK(event->opcode == websocket_opcode::close);
    CHECK(event->code == 1000);
    CHECK(event->payload == "bye");
    CHECK_FALSE(event->violation);
    CHECK(read_one(masked_frame("", 8))->code == 1005);
}

TEST_CASE("testing/websocket_frames: what breaks the protocol or a limit ends the reading")
{
    std::string unmasked;
    append_frame(unmasked, websocket_opcode::text, "not masked");
    check_violation(unmasked, 1002);
    std::string reserved = masked_frame("x");
    reserved[0] = static_cast<char>(reserved[0] | 0x40);
    check_violation(reserved, 1002);
    check_violation(masked_frame("x", 3), 1002);                   // no such opcode
    check_violation(masked_frame("x", 11), 1002);                  // no such control opcode
    check_violation(masked_frame("x", 0), 1002);                   // nothing to continue
    check_violation(masked_frame("x", 9, false), 1002);            // a control frame in fragments
    check_violation(masked_frame(std::string(126, 'x'), 9), 1002); // a long control frame
    check_violation(masked_frame("a", 1, false) + masked_frame("b", 1), 1002);
    check_violation(masked_frame("x", 8), 1002); // half a code
    check_violation(masked_frame("\xff"), 1007);
    check_violation(masked_frame(std::string(101, 'x')), 1009, 100);
    check_violation(masked_frame(std::string(60, 'x'), 1, false) + masked_frame(std::string(41, 'x'), 0), 1009, 100);
    CHECK_FALSE(read_one(masked_frame(std::string(100, 'x')), 100)->violation);
    CHECK_FALSE(read_one(masked_frame("\xff", 2))->violation); // binary need not be UTF-8
}

TEST_CASE("testing/websocket_frames: a message that is announced too long is refused before it arrives")
{
    websocket_reader reader(32'000'000);
    reader.feed(masked_frame(std::string(33'000'000, 'x')).substr(0, 14));
    auto const event = reader.next();
    REQUIRE(event);
    CHECK(event->code == 1009);
}

TEST_CASE("testing/websocket_frames: written frames are those of the standard")
{
    std::string out;
    append_frame(out, websocket_opcode::text, "Hello");
    CHECK(out == std::string("\x81\x05Hello")); // RFC 6455, 5.7
    out.clear();
    append_frame(out, websocket_opcode::binary, std::string(256, 'x'));
    CHECK(out.substr(0, 4) == std::string("\x82\x7e\x01\x00", 4));
    out.clear();
    append_frame(out, websocket_opcode::binary, std::string(65'536, 'x'));
    CHECK(out.substr(0, 10) == std::string("\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00", 10));
    out.clear();
    append_close(out, 1009, "too long");
    CHECK(out == std::string("\x88\x0a\x03\xf1too long"));
    out.clear();
    append_close(out, 1005, "");
    CHECK(out == std::string("\x88\x00", 2));
    CHECK(websocket_accept("dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="); // RFC 6455, 1.3
}
