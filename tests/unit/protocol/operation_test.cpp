#include "support/json_value.hpp"

#include <bitshares/base/hex.hpp>
#include <bitshares/protocol/binary.hpp>
#include <bitshares/protocol/block.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/protocol/transaction.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace bts = bitshares;
using bts::errc;
using bts::json_mode;
using bts::detail::type_info;
using bts::detail::type_kind;
using bts::detail::type_of;
using test::json_value;

namespace {

json_value const& facts()
{
    static json_value const read = json_value::parse_file(BITSHARES_TESTS_DIR "/vectors/protocol.json");
    return read;
}

// "a,b<c,d>" -> "a", "b<c,d>"
std::vector<std::string> split(std::string const& list)
{
    std::vector<std::string> parts(1);
    int depth = 0;
    for (char c : list)
    {
        depth += c == '<' || c == '{' ? 1 : c == '>' || c == '}' ? -1 : 0;
        if (c == ',' && depth == 0)
            parts.emplace_back();
        else
            parts.back() += c;
    }
    return parts;
}

/* Compares a type's table with its text in protocol.json; says where they differ. Names that are being compared already
   count as equal: types are recursive. */
class comparison
{
public:
    std::vector<std::string> differences;

    void fields(std::string const& where, type_info const& type, json_value const& expected)
    {
        std::vector<std::pair<std::string, std::string>> list;
        for (json_value const& field : expected.array())
            list.emplace_back(field["name"].text(), field["type"].text());
        fields(where, type, list);
    }

    void value(std::string const& where, type_info const& type, std::string const& text)
    {
        static std::map<std::string, type_kind> const plain{
            {"uint8", type_kind::uint8},     {"uint16", type_kind::uint16},
            {"uint32", type_kind::uint32},   {"uint64", type_kind::uint64},
            {"int64", type_kind::int64},     {"bool", type_kind::boolean},
            {"varuint", type_kind::varuint}, {"string", type_kind::string},
            {"bytes", type_kind::bytes},     {"time_point_sec", type_kind::time},
            {"vote_id", type_kind::vote_id}, {"public_key", type_kind::public_key},
            {"address", type_kind::address}, {"any_object_id", type_kind::any_object_id}};
        static std::map<std::string, std::uint32_t> const hashes{
            {"sha256", 32}, {"ripemd160", 20}, {"sha1", 20}, {"hash160", 20}};

        std::string const name = text.substr(0, text.find('<'));
        std::string const inner =
            name == text ? std::string() : text.substr(name.size() + 1, text.size() - name.size() - 2);
        if (auto const at = plain.find(text); at != plain.end())
            expect(where, text, type.kind == at->second);
        else if (auto const hash = hashes.find(text); hash != hashes.end())
            expect(where, text, type.kind == type_kind::fixed_bytes && type.parameter == hash->second);
        else if (name == "fixed_bytes")
            expect(where, text, type.kind == type_kind::fixed_bytes && std::to_string(type.parameter) == inner);
        else if (name == "object_id")
            expect(where, text,
                   type.kind == type_kind::object_id &&
                       std::to_string(type.parameter >> 8) + '.' + std::to_string(type.parameter & 0xff) == inner);
        else if (text == "void" || text == "void_result")
            expect(where, text, type.kind == type_kind::structure && type.field_count == 0);
        else if (name == "optional")
        {
            if (expect(where, text, type.kind == type_kind::optional))
                value(where, *type.element, inner);
        }
        else if (name == "vector" || name == "set")
        {
            if (expect(where, text,
                       type.kind == type_kind::sequence && (type.sequence->normalise != nullptr) == (name == "set")))
                value(where, *type.element, inner);
        }
        else if (name == "map" || name == "pair")
        {
            type_info const* pair = &type;
            if (name == "map" && expect(where, text, type.kind == type_kind::sequence && type.sequence->normalise))
                pair = type.element;
            if (expect(where, text, pair->kind == type_kind::pair))
            {
                value(where, *pair->fields[0].type, split(inner)[0]);
                value(where, *pair->fields[1].type, split(inner)[1]);
            }
        }
        else if (name == "extension")
        {
            std::vector<std::pair<std::string, std::string>> list;
            for (std::string const& member : split(inner.substr(1, inner.size() - 2)))
                list.emplace_back(member.substr(0, member.find(':')),
                                  "optional<" + member.substr(member.find(':') + 1) + '>');
            if (expect(where, text, type.kind == type_kind::extension))
                fields(where, type, list);
        }
        else if (text == "extensions_type")
            value(where, type, "set<future_extensions>");
        else if (!seen_.insert(text).second)
            return;
        else if (text == "operation")
            expect(where, text, &type == &type_of<bts::operation>);
        else if (json_value const* const variant = facts()["static_variants"].find(text))
        {
            if (!expect(where, text, type.kind == type_kind::variant && type.variant->count == variant->size()))
                return;
            for (std::size_t i = 0; i < variant->size(); ++i)
                value(where + '/' + std::to_string(i), *type.variant->alternatives[i], (*variant)[i].text());
        }
        else if (expect(where, text, type.kind == type_kind::structure))
            fields(where, type, facts()["structs"][text]["fields"]);
    }

private:
    void fields(std::string const& where, type_info const& type,
                std::vector<std::pair<std::string, std::string>> const& expected)
    {
        std::string names;
        std::string expected_names;
        for (std::size_t i = 0; i < type.field_count; ++i)
            names += std::string(type.fields[i].name) + ' ';
        for (auto const& [name, text] : expected)
            expected_names += name + ' ';
        if (!expect(where, "members " + expected_names + "not " + names, names == expected_names))
            return;
        for (std::size_t i = 0; i < expected.size(); ++i)
            value(where + '/' + expected[i].first, *type.fields[i].type, expected[i].second);
    }

    bool expect(std::string const& where, std::string const& what, bool good)
    {
        if (!good)
            differences.push_back(where + ": expected " + what);
        return good;
    }

    std::set<std::string> seen_;
};

template <class T>
std::vector<std::string> differences(char const* name)
{
    comparison c;
    c.value(name, type_of<T>, name);
    return c.differences;
}

bts::operation read(std::string_view json)
{
    auto op = bts::from_json<bts::operation>(json, {json_mode::strict});
    REQUIRE_MESSAGE(op.has_value(), op.error().message());
    return *std::move(op);
}

template <class T>
bts::error error_of(std::string_view json, json_mode mode = json_mode::strict, bts::limits const& limits = {})
{
    auto const value = bts::from_json<T>(json, {.mode = mode, .limits = limits});
    REQUIRE_FALSE(value.has_value());
    return value.error();
}

// What a visitor of moves hears, as text.
struct listener
{
    std::string heard;

    void sent(bts::account_id who, bts::asset const& what) { add("-", who, what); }
    void received(bts::account_id who, bts::asset const& what) { add("+", who, what); }

private:
    void add(char const* sign, bts::account_id who, bts::asset const& what)
    {
        heard += (heard.empty() ? "" : ", ") + who.to_string() + sign + std::to_string(what.amount) + '@' +
                 what.asset_id.to_string();
    }
};

std::string moves(bts::operation const& op)
{
    listener l;
    op.balance_moves(l);
    return l.heard;
}

constexpr std::string_view transfer_json =
    R"([0,{"fee":{"amount":10,"asset_id":"1.3.0"},"from":"1.2.17","to":"1.2.18","amount":{"amount":5,"asset_id":"1.3.1"},)"
    R"("extensions":[]}])";

bts::transfer transfer()
{
    return {.fee = {10, bts::core_asset},
            .from = bts::account_id(17),
            .to = bts::account_id(18),
            .amount = {5, bts::asset_id(1)},
            .memo = {},
            .extensions = {}};
}

bts::account_id const a(17);
bts::account_id const b(18);
bts::asset const five{5, bts::asset_id(1)};
bts::asset const six{6, bts::asset_id(2)};

} // namespace

TEST_CASE("protocol/operation: tags, names, virtual flags and members are the chain's")
{
    auto const& operations = facts()["operations"].array();
    REQUIRE(operations.size() == 78);
    REQUIRE(bts::operation_count == operations.size());
    type_info const& type = type_of<bts::operation>;
    REQUIRE(type.variant->count == operations.size());
    int virtuals = 0;
    for (std::size_t tag = 0; tag < operations.size(); ++tag)
    {
        json_value const& expected = operations[tag];
        std::string const& name = expected["name"].text();
        CAPTURE(name);
        bts::op_traits const& traits = bts::operation_traits(tag);
        CHECK(expected["id"].as_uint() == tag);
        CHECK(traits.tag == tag);
        CHECK(traits.name == name);
        CHECK(traits.is_virtual == expected["virtual"].as_bool());
        virtuals += traits.is_virtual;
        CHECK(bts::operation_tag(name) == tag);

        comparison c;
        c.fields(name, *type.variant->alternatives[tag], expected["fields"]);
        for (std::string const& difference : c.differences)
            FAIL_CHECK(difference);
        CHECK(type.variant->alternatives[tag]->fields[0].name == "fee");
    }
    CHECK(virtuals == 7);
    CHECK_FALSE(bts::operation_tag("transfer_operation"));
    CHECK_FALSE(bts::operation_tag(""));
}

TEST_CASE("protocol/operation: types that no operation holds have the chain's members, too")
{
    for (auto const& list :
         {differences<bts::signed_block>("signed_block"), differences<bts::signed_block_header>("signed_block_header"),
          differences<bts::block_header>("block_header"), differences<bts::transaction>("transaction"),
          differences<bts::signed_transaction>("signed_transaction"),
          differences<bts::processed_transaction>("processed_transaction"),
          differences<bts::operation_result>("operation_result"),
          differences<bts::stealth_confirmation::memo_data>("stealth_confirmation::memo_data"),
          differences<bts::chain_parameters>("chain_parameters"), differences<bts::fee_parameters>("fee_parameters"),
          differences<bts::restriction>("restriction"), differences<bts::op_wrapper>("op_wrapper")})
        for (std::string const& difference : list)
            FAIL_CHECK(difference);

    // The comparison sees a difference.
    CHECK(differences<bts::transaction>("signed_transaction").size() == 1);
    CHECK(differences<bts::price>("memo_data").size() == 1);
    comparison c;
    c.value("x", type_of<std::vector<bts::asset>>, "set<asset>");
    c.value("x", type_of<bts::account_id>, "object_id<1.3>");
    CHECK(c.differences.size() == 2);
}

TEST_CASE("protocol/operation: fee parameters begin with the values of a new chain")
{
    auto const& variant = *type_of<bts::fee_parameters>.variant;
    REQUIRE(variant.count == 78);
    for (std::size_t tag = 0; tag < variant.count; ++tag)
    {
        bts::fee_parameters parameters;
        variant.emplace(&parameters, tag);
        CHECK(parameters.tag() == tag);
        auto const printed = json_value::parse(bts::to_json(parameters));
        json_value const& expected = facts()["operations"][tag]["default_fee"];
        CAPTURE(bts::operation_traits(tag).name);
        REQUIRE(printed[1].size() == expected.size());
        for (std::size_t i = 0; i < expected.size(); ++i)
        {
            CHECK(printed[1].object()[i].first == expected.object()[i].first);
            CHECK(printed[1].object()[i].second.as_uint() == expected.object()[i].second.as_uint());
        }
    }
}

TEST_CASE("protocol/operation: fee schedules are kept by tag, and looked up by operation")
{
    std::string_view const json =
        R"({"parameters":[[77,{"fee":3}],[0,{"fee":1,"price_per_kbyte":2}],[200,{"x":[1]}],[0,{"fee":9,"price_per_kbyte":9}]],"scale":10000})";
    auto const schedule = bts::from_json<bts::fee_schedule>(json);
    REQUIRE_MESSAGE(schedule.has_value(), schedule.error().message());
    CHECK(bts::to_json(*schedule) ==
          R"({"parameters":[[0,{"fee":1,"price_per_kbyte":2}],[77,{"fee":3}],[200,{"x":[1]}]],"scale":10000})");
    REQUIRE(schedule->find<bts::transfer>());
    CHECK(schedule->find<bts::transfer>()->fee == 1);
    CHECK(schedule->find<bts::limit_order_update>()->fee == 3);
    CHECK(schedule->find<bts::limit_order_create>() == nullptr);
    CHECK(bts::fee_parameters::of<bts::limit_order_update>({.fee = 3}).get_if<bts::limit_order_update>()->fee == 3);
    CHECK(bts::pack(*schedule).error().code() == errc::unknown_tag);
    CHECK(error_of<bts::fee_schedule>(json).code() == errc::unknown_tag);
}

TEST_CASE("protocol/operation: converts from each operation, and back")
{
    bts::operation const op = transfer();
    CHECK(op.known());
    CHECK(op.tag() == 0);
    CHECK(op.name() == "transfer");
    CHECK_FALSE(op.is_virtual());
    REQUIRE(op.get_if<bts::transfer>());
    CHECK(*op.get_if<bts::transfer>() == transfer());
    CHECK(op.get_if<bts::limit_order_create>() == nullptr);
    CHECK(op.fee() == bts::asset{10, bts::core_asset});
    CHECK(op.fee_payer() == a);
    CHECK(bts::to_json(op) == transfer_json);
    CHECK(op.value.get_if<bts::transfer>() == op.get_if<bts::transfer>());

    bts::operation other = bts::fill_order();
    CHECK(other.is_virtual());
    CHECK(other != op);
    other = op;
    CHECK(other == op);
    auto const& same = other;
    other = same;
    CHECK(other == op);
    bts::operation moved = bts::unknown_operation{99, "{}"};
    moved = std::move(other);
    CHECK(moved == op);
    other = moved;
    other.get_if<bts::transfer>()->amount.amount = 6;
    CHECK(other != op);
}

TEST_CASE("protocol/operation: an unknown operation is kept verbatim where a node sent it, wherever it stands")
{
    std::string_view const text = R"([78,{"b" : [1.50, "x"],"a":null}])";
    auto const op = bts::from_json<bts::operation>(text);
    REQUIRE(op.has_value());
    CHECK_FALSE(op->known());
    CHECK(op->tag() == 78);
    CHECK(op->name().empty());
    CHECK_FALSE(op->is_virtual());
    CHECK_FALSE(op->fee_payer());
    CHECK(op->fee() == bts::asset{});
    CHECK(moves(*op).empty());
    CHECK(bts::to_json(*op) == text);
    CHECK(*op == bts::operation(bts::unknown_operation{78, R"({"b" : [1.50, "x"],"a":null})"}));
    CHECK(*op != bts::operation(bts::unknown_operation{79, R"({"b" : [1.50, "x"],"a":null})"}));

    auto const packed = bts::pack(*op);
    REQUIRE_FALSE(packed.has_value());
    CHECK(packed.error().code() == errc::unknown_tag);
    CHECK(packed.error().detail().find("78") != std::string::npos);

    std::string const in_proposal =
        R"({"ref_block_num":1,"ref_block_prefix":2,"expiration":"2026-01-02T03:04:05","operations":[)" +
        std::string(transfer_json) +
        R"(,[22,{"fee":{"amount":0,"asset_id":"1.3.0"},"fee_paying_account":"1.2.1",)"
        R"("expiration_time":"2026-01-02T03:04:05","proposed_ops":[{"op":)" +
        std::string(text) + R"(}],"extensions":[]}]],"extensions":[]})";
    auto const tx = bts::from_json<bts::transaction>(in_proposal);
    REQUIRE_MESSAGE(tx.has_value(), tx.error().message());
    CHECK(bts::to_json(*tx) == in_proposal);
    auto const bytes = bts::pack(*tx);
    REQUIRE_FALSE(bytes.has_value());
    CHECK(bytes.error().path() == "/operations/1/1/proposed_ops/0/op/0");
    auto const strict = error_of<bts::transaction>(in_proposal);
    CHECK(strict.code() == errc::unknown_tag);
    CHECK(strict.path() == "/operations/1/1/proposed_ops/0/op/0");
    CHECK(strict.detail().find("78") != std::string::npos);

    auto const result =
        bts::from_json<std::vector<bts::operation_result>>(R"([[0,{}],[6,{"new":[true]}],[1,"1.2.3"]])");
    REQUIRE(result.has_value());
    CHECK(bts::to_json(*result) == R"([[0,{}],[6,{"new":[true]}],[1,"1.2.3"]])");
}

TEST_CASE("protocol/operation: an unknown tag in bytes is an error that names it")
{
    for (auto const& [bytes, tag] : std::map<std::string, std::string>{
             {"4e", "78"}, {"80808001", "2097152"}, {"ffffffffffffffffff01", "18446744073709551615"}})
    {
        auto const op = bts::unpack<bts::operation>(bts::from_hex(bytes + "0000").value());
        REQUIRE_FALSE(op.has_value());
        CHECK(op.error().code() == errc::unknown_tag);
        CHECK(op.error().detail().find("tag " + tag + ",") != std::string::npos);
        CHECK(op.error().path() == "/0");
    }
    // In a list of operations of a transaction
    auto const tx = bts::unpack<bts::transaction>(bts::from_hex("0000"
                                                                "00000000"
                                                                "00000000"
                                                                "01"
                                                                "4e"
                                                                "000000000000000000000000000000")
                                                      .value());
    REQUIRE_FALSE(tx.has_value());
    CHECK(tx.error().path() == "/operations/0/0");
    CHECK(tx.error().detail().find("78") != std::string::npos);
}

TEST_CASE("protocol/operation: strict reading refuses what is not the operation, and says where")
{
    struct bad
    {
        std::string_view what;
        std::string_view by;
        errc code;
        std::string_view path;
    };
    std::string const good(transfer_json);
    for (bad const& bad_one : std::initializer_list<bad>{
             {R"("to")", R"("To")", errc::unknown_member, "/1/To"},
             {R"("to":"1.2.18",)", "", errc::missing_member, "/1/to"},
             {R"(,"extensions":[])", "", errc::missing_member, "/1/extensions"},
             {R"("to":"1.2.18")", R"("to":"1.2.18","to":"1.2.18")", errc::duplicate_member, "/1/to"},
             {R"("1.2.18")", R"("1.3.18")", errc::invalid_object_id, "/1/to"},
             {R"("1.2.18")", R"("1.2.281474976710656")", errc::invalid_object_id, "/1/to"},
             {R"("1.2.18")", "18", errc::wrong_type, "/1/to"},
             {R"("amount":5)", R"("amount":5.0)", errc::wrong_type, "/1/amount/amount"},
             {R"("amount":5)", R"("amount":"9223372036854775808")", errc::value_out_of_range, "/1/amount/amount"},
             {R"("amount":5)", R"("amount":5,"precision":3)", errc::unknown_member, "/1/amount/precision"},
             {R"("extensions":[])", R"("extensions":{})", errc::wrong_type, "/1/extensions"},
             {R"("extensions":[])", R"("extensions":[[1,{}]])", errc::unknown_tag, "/1/extensions/0/0"},
             {"[0,", R"(["transfer",)", errc::wrong_type, "/0"},
             {"[0,", "[-1,", errc::value_out_of_range, "/0"},
             {"[0,", "[200,", errc::unknown_tag, "/0"}})
    {
        std::string text = good;
        text.replace(text.find(bad_one.what), bad_one.what.size(), bad_one.by);
        CAPTURE(text);
        auto const e = error_of<bts::operation>(text);
        CHECK(e.code() == bad_one.code);
        CHECK(e.path() == bad_one.path);
    }
    CHECK(error_of<bts::operation>("[0]").code() == errc::wrong_type);
    CHECK(error_of<bts::operation>("{}").code() == errc::wrong_type);

    auto const extension = error_of<bts::operation>(
        R"([3,{"fee":{"amount":0,"asset_id":"1.3.0"},"funding_account":"1.2.1","delta_collateral":{"amount":0,"asset_id":"1.3.0"},)"
        R"("delta_debt":{"amount":0,"asset_id":"1.3.1"},"extensions":{"target":1}}])");
    CHECK(extension.code() == errc::unknown_member);
    CHECK(extension.path() == "/1/extensions/target");

    std::string control = R"([20,{"fee":{"amount":0,"asset_id":"1.3.0"},"witness_account":"1.2.1","url":"a\u0008b",)"
                          R"("block_signing_key":"BTS1111111111111111111111111111111114T1Anm"}])";
    auto const character = error_of<bts::operation>(control);
    CHECK(character.code() == errc::control_character);
    CHECK(character.path() == "/1/url");
    CHECK(bts::from_json<bts::operation>(control).has_value());
}

TEST_CASE("protocol/operation: what a node leaves out keeps the value that the node assumes")
{
    auto const order = bts::from_json<bts::operation>(R"([1,{}])");
    REQUIRE(order.has_value());
    CHECK(order->get_if<bts::limit_order_create>()->expiration == bts::time_point_sec::maximum());
    auto const action = bts::from_json<bts::create_take_profit_order_action>("{}");
    REQUIRE(action.has_value());
    CHECK(action->size_percent == 10'000);
    auto const options = bts::from_json<bts::account_options>("{}");
    REQUIRE(options.has_value());
    CHECK(options->voting_account == bts::reserved_accounts::proxy_to_self);
    CHECK(bts::from_json<bts::fee_schedule>("{}")->scale == 10'000);
    CHECK(bts::from_json<bts::chain_parameters>("{}")->maximum_transaction_size == 2048);
}

TEST_CASE("protocol/operation: keys and addresses of another network are errors, in both directions of the mistake")
{
    std::string const json = R"([20,{"fee":{"amount":0,"asset_id":"1.3.0"},"witness_account":"1.2.1","url":"",)"
                             R"("block_signing_key":"BTS1111111111111111111111111111111114T1Anm"}])";
    auto const op = read(json);
    std::string const on_testnet = bts::to_json(op, "TEST");
    CHECK(on_testnet.find("\"TEST1111111111111111111111111111111114T1Anm\"") != std::string::npos);
    CHECK(bts::from_json<bts::operation>(on_testnet, {.mode = json_mode::strict, .key_prefix = "TEST"}).value() == op);

    for (json_mode mode : {json_mode::strict, json_mode::lenient})
    {
        auto const wrong = error_of<bts::operation>(on_testnet, mode);
        CHECK(wrong.code() == errc::wrong_key_prefix);
        CHECK(wrong.path() == "/1/block_signing_key");
        auto const here = bts::from_json<bts::operation>(json, {.mode = mode, .key_prefix = "TEST"});
        REQUIRE_FALSE(here.has_value());
        CHECK(here.error().code() == errc::wrong_key_prefix);
    }
    std::string damaged = json;
    damaged.replace(damaged.find("4T1Anm"), 6, "4T1Ann");
    CHECK(error_of<bts::operation>(damaged).code() == errc::invalid_checksum);
}

TEST_CASE("protocol/operation: sets and maps are sorted and freed of duplicates whatever their order was")
{
    // Every set and map of the vectors, shuffled, some elements twice: the bytes stay the same.
    std::mt19937 random(20261121);
    auto const core = json_value::parse_file(BITSHARES_TESTS_DIR "/vectors/core.json");
    int shuffled = 0;

    auto const shuffle = [&](auto const& self, json_value& value, type_info const& type) -> void {
        switch (type.kind)
        {
        case type_kind::optional: self(self, value, *type.element); break;
        case type_kind::sequence:
            for (json_value& element : value.array())
                self(self, element, *type.element);
            if (type.sequence->normalise && value.size() > 1)
            {
                std::shuffle(value.array().begin(), value.array().end(), random);
                // The first of equal ones stays: a copy at the end changes nothing.
                value.array().push_back(json_value(value.array().front()));
                ++shuffled;
            }
            break;
        case type_kind::pair:
            for (std::size_t i = 0; i < 2; ++i)
                self(self, value.array()[i], *type.fields[i].type);
            break;
        case type_kind::structure:
        case type_kind::extension:
            for (auto& [name, member] : value.object())
                for (std::size_t i = 0; i < type.field_count; ++i)
                    if (type.fields[i].name == name)
                        self(self, member, *type.fields[i].type);
            break;
        case type_kind::variant: self(self, value.array()[1], *type.variant->alternatives[value[0].as_uint()]); break;
        default: break;
        }
    };
    for (char const* part : {"realistic", "stress"})
        for (json_value const& v : core[part].array())
        {
            if (v["type"].text() != "operation")
                continue;
            json_value json = v["json"];
            shuffle(shuffle, json, type_of<bts::operation>);
            CAPTURE(json.dump());
            CHECK(bts::to_hex(bts::pack(read(json.dump())).value()) == v["hex"].text());
        }
    CHECK(shuffled == 284);

    // Votes are compared by instance alone, and the first stays.
    auto const options = bts::from_json<bts::account_options>(
        R"({"memo_key":"BTS1111111111111111111111111111111114T1Anm","voting_account":"1.2.5","num_witness":0,"num_committee":0,)"
        R"("votes":["1:9","0:5","2:9","1:1"],"extensions":[]})",
        {json_mode::strict});
    REQUIRE(options.has_value());
    CHECK(bts::to_json(options->votes) == R"(["1:1","0:5","1:9"])");
}

TEST_CASE("protocol/operation: limits end reading with an error that names the limit and the place")
{
    // Proposals in proposals
    auto const nested = [](int depth) {
        std::string const head = R"([22,{"fee":{"amount":0,"asset_id":"1.3.0"},"fee_paying_account":"1.2.1",)"
                                 R"("expiration_time":"2026-01-02T03:04:05","proposed_ops":[)";
        std::string json;
        for (int i = 0; i < depth; ++i)
            json += head + R"({"op":)";
        json += head + R"(],"extensions":[]}])";
        for (int i = 0; i < depth; ++i)
            json += R"(}],"extensions":[]}])";
        return json;
    };
    auto const packed_nested = [](int depth) {
        bts::bytes bytes;
        for (int i = 0; i <= depth; ++i)
        {
            bytes.push_back(22);
            bytes.insert(bytes.end(), 9, 0); // fee
            bytes.push_back(1);              // payer
            for (std::uint32_t time = 1'767'323'045; bytes.size() % 16 != 15; time >>= 8)
                bytes.push_back(static_cast<std::uint8_t>(time)); // expiration
            bytes.push_back(i < depth ? 1 : 0);                   // proposed_ops
        }
        bytes.insert(bytes.end(), 2 * static_cast<std::size_t>(depth + 1), 0); // review period, extensions
        return bytes;
    };
    auto const few = bts::from_json<bts::operation>(nested(10), {json_mode::strict});
    REQUIRE_MESSAGE(few.has_value(), few.error().message());
    CHECK(bts::pack(*few).value() == packed_nested(10));
    CHECK(bts::unpack<bts::operation>(packed_nested(10)).value() == *few);

    auto const deep = error_of<bts::operation>(nested(100));
    CHECK(deep.code() == errc::depth_limit);
    CHECK(deep.path().starts_with("/1/proposed_ops/0/op/1/proposed_ops"));
    auto const deep_bytes = bts::unpack<bts::operation>(packed_nested(100));
    REQUIRE_FALSE(deep_bytes.has_value());
    CHECK(deep_bytes.error().code() == errc::depth_limit);
    CHECK(deep_bytes.error().path().starts_with("/1/proposed_ops/0/op/1/proposed_ops"));
    auto const bottomless = bts::unpack<bts::operation>(packed_nested(100'000));
    REQUIRE_FALSE(bottomless.has_value());
    CHECK(bottomless.error().code() == errc::depth_limit);

    bts::limits small;
    small.max_elements = 2;
    auto const many = error_of<bts::operation>(
        R"([13,{"fee":{"amount":0,"asset_id":"1.3.0"},"issuer":"1.2.1","asset_to_update":"1.3.1",)"
        R"("new_feed_producers":["1.2.1","1.2.2","1.2.3"],"extensions":[]}])",
        json_mode::strict, small);
    CHECK(many.code() == errc::element_limit);
    CHECK(many.path().starts_with("/1/new_feed_producers"));
    auto const many_bytes = bts::unpack<bts::operation>(bts::from_hex("0d"
                                                                      "000000000000000000"
                                                                      "01"
                                                                      "01"
                                                                      "03010203"
                                                                      "00")
                                                            .value(),
                                                        small);
    REQUIRE_FALSE(many_bytes.has_value());
    CHECK(many_bytes.error().code() == errc::element_limit);
    CHECK(many_bytes.error().path() == "/1/new_feed_producers");

    bts::limits short_strings;
    short_strings.max_string_bytes = 3;
    bts::custom const data{.fee = {}, .payer = a, .required_auths = {}, .id = 1, .data = {1, 2, 3, 4}};
    auto const long_json =
        error_of<bts::operation>(bts::to_json(bts::operation(data)), json_mode::strict, short_strings);
    CHECK(long_json.code() == errc::string_limit);
    CHECK(long_json.path() == "/1/data");
    auto const long_bytes = bts::unpack<bts::operation>(bts::pack(bts::operation(data)).value(), short_strings);
    REQUIRE_FALSE(long_bytes.has_value());
    CHECK(long_bytes.error().code() == errc::string_limit);
    CHECK(long_bytes.error().path() == "/1/data");

    bts::limits small_input;
    small_input.max_total_bytes = 20;
    CHECK(error_of<bts::operation>(transfer_json, json_mode::strict, small_input).code() == errc::size_limit);
    CHECK(bts::unpack<bts::operation>(bts::pack(bts::operation(transfer())).value(), small_input).error().code() ==
          errc::size_limit);
}

TEST_CASE("protocol/operation: moves are what the operation's own members say, without the fee")
{
    auto const order = [] {
        bts::limit_order_create op;
        op.seller = a;
        op.amount_to_sell = five;
        op.min_to_receive = six;
        return op;
    };
    CHECK(moves(transfer()) == "1.2.17-5@1.3.1, 1.2.18+5@1.3.1");
    CHECK(moves(order()) == "1.2.17-5@1.3.1");
    CHECK(moves(bts::limit_order_cancel()).empty()); // the result tells

    bts::fill_order fill;
    fill.account_id = a;
    fill.pays = five;
    fill.receives = six;
    CHECK(moves(fill) == "1.2.17-5@1.3.1, 1.2.17+6@1.3.2");

    bts::call_order_update call;
    call.funding_account = a;
    CHECK(moves(call).empty());
    call.delta_collateral = five;
    call.delta_debt = six;
    CHECK(moves(call) == "1.2.17-5@1.3.1, 1.2.17+6@1.3.2");
    call.delta_collateral.amount = -5;
    call.delta_debt.amount = -6;
    CHECK(moves(call) == "1.2.17+5@1.3.1, 1.2.17-6@1.3.2");
    call.delta_debt.amount = INT64_MIN; // no chain has it, but anybody can send it
    CHECK(moves(call) == "1.2.17+5@1.3.1, 1.2.17-9223372036854775807@1.3.2");

    bts::limit_order_update update;
    update.seller = a;
    CHECK(moves(update).empty());
    update.delta_amount_to_sell = bts::asset{-5, bts::asset_id(1)};
    CHECK(moves(update) == "1.2.17+5@1.3.1");

    bts::bid_collateral bid;
    bid.bidder = a;
    bid.additional_collateral = five;
    CHECK(moves(bid).empty()); // takes a bid back
    bid.debt_covered = six;
    CHECK(moves(bid) == "1.2.17-5@1.3.1");

    bts::asset_fund_fee_pool fund;
    fund.from_account = a;
    fund.amount = 7;
    fund.asset_id = bts::asset_id(9);
    CHECK(moves(fund) == "1.2.17-7@1.3.0"); // always the core asset

    bts::credit_deal_expired expired;
    expired.borrower = a;
    expired.offer_owner = b;
    expired.unpaid_amount = six;
    expired.collateral = five;
    CHECK(moves(expired) == "1.2.18+5@1.3.1");

    bts::htlc_redeemed redeemed;
    redeemed.from = a;
    redeemed.to = b;
    redeemed.amount = five;
    CHECK(moves(redeemed) == "1.2.18+5@1.3.1");

    bts::vesting_balance_create vesting;
    vesting.creator = a;
    vesting.owner = b;
    vesting.amount = five;
    CHECK(moves(vesting) == "1.2.17-5@1.3.1"); // the owner's balance does not change yet
}

TEST_CASE(
    "protocol/operation: where a member names an account and an amount, the moves tell of no other account or asset")
{
    // Over all vectors: each move's account, asset and (but for its sign) amount stand in the operation.
    auto const core = json_value::parse_file(BITSHARES_TESTS_DIR "/vectors/core.json");
    struct checker
    {
        std::string const& json;

        void sent(bts::account_id who, bts::asset const& what) { check(who, what); }
        void received(bts::account_id who, bts::asset const& what) { check(who, what); }
        void check(bts::account_id who, bts::asset const& what) const
        {
            CHECK(json.find('"' + who.to_string() + '"') != std::string::npos);
            CHECK(json.find(std::to_string(what.amount)) != std::string::npos);
            CHECK((what.asset_id == bts::core_asset ||
                   json.find('"' + what.asset_id.to_string() + '"') != std::string::npos));
        }
    };
    std::set<std::string_view> moving;
    for (char const* part : {"realistic", "stress"})
        for (json_value const& v : core[part].array())
            if (v["type"].text() == "operation")
            {
                std::string const json = v["json"].dump();
                CAPTURE(json);
                auto const op = read(json);
                op.balance_moves(checker{json});
                if (!moves(op).empty())
                    moving.insert(op.name());
            }
    CHECK(moving.size() == 37);
}
