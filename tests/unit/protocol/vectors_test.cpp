#include "support/json_value.hpp"

#include <bitshares/base/hex.hpp>
#include <bitshares/protocol/binary.hpp>
#include <bitshares/protocol/block.hpp>
#include <bitshares/protocol/json.hpp>

#include <doctest/doctest.h>

#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace bts = bitshares;
using bts::json_mode;
using test::json_value;

namespace {

json_value const& file(std::string const& name)
{
    static std::map<std::string, json_value> read;
    auto at = read.find(name);
    if (at == read.end())
        at = read.emplace(name, json_value::parse_file(BITSHARES_TESTS_DIR "/vectors/" + name)).first;
    return at->second;
}

bool is_size_error(bts::error const& e)
{
    return e.code() == bts::errc::unexpected_end;
}

/* `given` as a person writes it, `printed` as a node prints it: both become `hex`, and `hex` becomes `printed`. Neither
   less nor more bytes are a value. Returns the value, for what is peculiar to its type. */
template <class T>
T check(json_value const& given, json_value const& printed, std::string const& hex, std::string_view prefix = "BTS",
        json_mode mode = json_mode::strict)
{
    bts::json_options const strict{.mode = mode, .key_prefix = prefix};
    bts::json_options const lenient{.mode = json_mode::lenient, .key_prefix = prefix};
    std::string const text = given.dump();
    INFO(text);

    auto const value = bts::from_json<T>(text, strict);
    REQUIRE_MESSAGE(value.has_value(), value.error().message());
    auto const leniently = bts::from_json<T>(text, lenient);
    REQUIRE(leniently.has_value());
    CHECK(*leniently == *value);

    auto const packed = bts::pack(*value);
    REQUIRE_MESSAGE(packed.has_value(), packed.error().message());
    CHECK(bts::to_hex(*packed) == hex);

    bts::bytes bytes = bts::from_hex(hex).value();
    auto const unpacked = bts::unpack<T>(bytes);
    REQUIRE_MESSAGE(unpacked.has_value(), unpacked.error().message());
    CHECK(*unpacked == *value);
    CHECK(json_value::parse(bts::to_json(*unpacked, prefix)).dump() ==
          printed.dump()); // members in the node's order, too
    auto const again = bts::from_json<T>(bts::to_json(*unpacked, prefix), strict);
    REQUIRE_MESSAGE(again.has_value(), again.error().message());
    CHECK(*again == *value);

    T copy = *value;
    CHECK(copy == *value);
    T const moved = std::move(copy);
    CHECK(moved == *value);

    for (std::size_t size = 0; size < bytes.size(); ++size)
    {
        auto const part = bts::unpack<T>(std::span(bytes).first(size));
        REQUIRE_FALSE(part.has_value());
        REQUIRE_MESSAGE(is_size_error(part.error()), size << " bytes: " << part.error().message());
    }
    for (int const last : {0, 1, 255})
    {
        bytes.push_back(static_cast<std::uint8_t>(last));
        auto const more = bts::unpack<T>(bytes);
        REQUIRE_FALSE(more.has_value());
        REQUIRE(more.error().code() == bts::errc::trailing_bytes);
        bytes.pop_back();
    }
    return *value;
}

void check_operation(json_value const& given, json_value const& printed, std::string const& hex,
                     json_mode mode = json_mode::strict)
{
    auto const op = check<bts::operation>(given, printed, hex, "BTS", mode);
    CHECK(op.known());
    CHECK(op.tag() == given[0].as_uint());
    CHECK(bts::to_json(op.fee()) == printed[1]["fee"].dump());

    json_value const& facts = file("protocol.json")["operations"][static_cast<std::size_t>(op.tag())];
    CHECK(op.name() == facts["name"].text());
    std::string const payer = facts["fee_payer"].text(); // a member's name, or "1.2.0 (committee-account)"
    REQUIRE(op.fee_payer());
    CHECK(op.fee_payer()->to_string() ==
          (payer.starts_with("1.2.") ? payer.substr(0, payer.find(' ')) : printed[1][payer].text()));
}

json_value const& or_else(json_value const& vector, std::string_view name, std::string_view other)
{
    auto const* const found = vector.find(name);
    return found ? *found : vector[other];
}

} // namespace

TEST_CASE("protocol/operation: values serialised by the core library, both ways")
{
    json_value const& core = file("core.json");
    std::map<std::string, int> count;
    for (char const* part : {"realistic", "stress"})
        for (json_value const& v : core[part].array())
        {
            std::string const& type = v["type"].text();
            std::string const& hex = v["hex"].text();
            json_value const& json = v["json"];
            CAPTURE(hex);
            ++count[type];
            if (type == "operation")
                check_operation(json, json, hex);
            else if (type == "restriction")
                check<bts::restriction>(json, json, hex);
            else if (type == "operation_result")
                check<bts::operation_result>(json, json, hex);
            else if (type == "signed_transaction")
                check<bts::signed_transaction>(json, json, hex);
            else if (type == "signed_block")
                check<bts::signed_block>(json, json, hex);
            else if (type == "stealth_confirmation::memo_data")
                check<bts::stealth_confirmation::memo_data>(json, json, hex);
            else
                FAIL("a type without a test: " << type);
        }
    CHECK(count["operation"] == 468);
    CHECK(count["restriction"] == 96);
    CHECK(count["operation_result"] == 18);
    CHECK(count["signed_transaction"] == 6);
    CHECK(count["signed_block"] == 6);
    CHECK(count["stealth_confirmation::memo_data"] == 4);
}

TEST_CASE("protocol/operation: vectors that other libraries agree on or dispute, with the core's bytes")
{
    json_value const& vectors = file("operations.json");
    std::map<std::string, int> count;
    int controls = 0;
    for (char const* part : {"agreed", "single", "core_only", "disputed"})
        for (json_value const& v : vectors[part].array())
        {
            CAPTURE(v["id"].text());
            CAPTURE(v["tag"].text());
            ++count[part];
            // Bytes that the chain may hold, but that no person should send: nodes misread them in JSON.
            bool const unprintable = v["tag"].text() == "string: other control characters";
            if (unprintable)
            {
                auto const strictly = bts::from_json<bts::operation>(v["op"].dump(), {json_mode::strict});
                REQUIRE_FALSE(strictly.has_value());
                CHECK(strictly.error().code() == bts::errc::control_character);
            }
            controls += unprintable;
            check_operation(v["op"], or_else(v, "canonical_op", "op"), or_else(v, "core_hex", "hex").text(),
                            unprintable ? json_mode::lenient : json_mode::strict);
        }
    CHECK(count["agreed"] == 97);
    CHECK(count["single"] == 69);
    CHECK(count["core_only"] == 14);
    CHECK(count["disputed"] == 37);
    CHECK(controls == 1);
}

TEST_CASE("protocol/operation: no operation is without a vector")
{
    std::map<std::string, std::set<std::uint64_t>> tags;
    for (char const* part : {"realistic", "stress"})
        for (json_value const& v : file("core.json")[part].array())
            if (v["type"].text() == "operation")
                tags[part].insert(v["json"][0].as_uint());
    for (char const* part : {"agreed", "single", "core_only", "disputed"})
        for (json_value const& v : file("operations.json")[part].array())
            tags["operations.json"].insert(v["op"][0].as_uint());
    REQUIRE(tags.size() == 3);
    for (auto const& [source, found] : tags)
        for (std::size_t tag = 0; tag < bts::operation_count; ++tag)
            CHECK_MESSAGE(found.contains(tag), source << " has no " << bts::operation_traits(tag).name);
}

TEST_CASE("protocol/transaction: bytes, digest and id of every vector, and its signed form")
{
    int count = 0;
    std::set<std::string> prefixes;
    for (json_value const& v : file("transactions.json")["transactions"].array())
    {
        ++count;
        CAPTURE(v["id"].text());
        std::string const prefix = v["prefix"].text();
        prefixes.insert(prefix);
        json_value const& printed = or_else(v, "canonical_transaction", "transaction");
        auto const tx = check<bts::transaction>(v["transaction"], printed, v["serialized_hex"].text(), prefix);

        bts::chain_id_type chain_id;
        auto const id_bytes = bts::from_hex(v["chain_id"].text()).value();
        std::copy(id_bytes.begin(), id_bytes.end(), chain_id.data.begin());
        CHECK(bts::key_prefix_of(chain_id) == prefix);
        CHECK(bts::to_hex(bts::signing_digest(tx, chain_id).value().data) == v["digest"].text());
        CHECK(bts::to_hex(bts::id_of(tx).value().data) == v["transaction_id"].text());

        auto const bytes = bts::from_hex(v["signed_hex"].text()).value();
        auto const with = bts::unpack<bts::signed_transaction>(bytes);
        REQUIRE_MESSAGE(with.has_value(), with.error().message());
        CHECK(with->signatures.size() == v["signatures"].size());
        CHECK(bts::to_hex(bts::pack(*with).value()) == v["signed_hex"].text());
        CHECK(static_cast<bts::transaction const&>(*with) == tx);
        CHECK(bts::id_of(*with).value() == bts::id_of(tx).value()); // signatures are no part of it
        CHECK(bts::signing_digest(*with, chain_id).value() == bts::signing_digest(tx, chain_id).value());
        auto const from_text =
            bts::from_json<bts::signed_transaction>(bts::to_json(*with, prefix), {json_mode::strict, prefix});
        REQUIRE(from_text.has_value());
        CHECK(*from_text == *with);
    }
    CHECK(count == 37);
    CHECK(prefixes == std::set<std::string>{"BTS", "TEST"});
}
