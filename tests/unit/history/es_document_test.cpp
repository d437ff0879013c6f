#include "support/both_forms.hpp"
#include "support/es_recordings.hpp"
#include "support/json_value.hpp"
#include "support/recordings.hpp"

#include <bitshares/history/es_document.hpp>
#include <bitshares/protocol/objects/account.hpp>
#include <bitshares/protocol/objects/market.hpp>

#include <doctest/doctest.h>

#include <array>
#include <map>
#include <string>
#include <vector>

using namespace bitshares;
using test::json_value;
using test::said;

namespace {

std::vector<es_document> documents_of(std::string const& file)
{
    std::vector<es_document> all;
    es_page page;
    for (auto const& answer : es_recordings::answers(file))
    {
        auto const read = read_es_page(answer.response, page);
        REQUIRE_MESSAGE(read.has_value(), read.error().message());
        for (auto& document : page.documents)
            all.push_back(std::move(document));
    }
    return all;
}

// The main chain's operations as the node told them, by id.
std::map<operation_history_id, operation_history_object> const& operations()
{
    static auto const all = [] {
        std::map<operation_history_id, operation_history_object> result;
        for (auto const& recorded : recordings::main_chain().operations)
        {
            auto operation = from_json<operation_history_object>(recorded.json).value();
            result.emplace(operation.id, std::move(operation));
        }
        return result;
    }();
    return all;
}

// A document of the recording, as the text that was stored.
std::vector<std::string> const& sources(std::string const& file)
{
    static std::map<std::string, std::vector<std::string>> files;
    auto& all = files[file];
    if (all.empty())
        for (auto const& answer : es_recordings::answers(file))
        {
            auto const response = json_value::parse(answer.response);
            for (auto const& hit : response["hits"]["hits"].array())
                all.push_back(hit["_source"].dump());
        }
    return all;
}

// With one part of the text in the place of another.
std::string with(std::string text, std::string_view old, std::string_view replacement)
{
    std::size_t const at = text.find(old);
    REQUIRE_MESSAGE(at != text.npos, "no " << old << " in " << text);
    return text.replace(at, old.size(), replacement);
}

// Without a member, of the document or of one of its parts.
void remove_member(json_value& document, std::string_view name)
{
    std::erase_if(document.object(), [&](json_value::member const& member) { return member.first == name; });
    for (auto& [key, part] : document.object())
        if (part.is_object())
            std::erase_if(part.object(), [&](json_value::member const& member) { return member.first == name; });
}

std::string without_member(std::string const& text, std::string_view name)
{
    auto document = json_value::parse(text);
    remove_member(document, name);
    std::string result = document.dump();
    REQUIRE(result != text);
    return result;
}

std::string document_error(std::string const& json)
{
    auto const read = read_es_document(json);
    return read ? std::string() : said(read.error());
}

constexpr char transfer_head[] =
    R"({"account_history":{"id":"2.9.7","account":"1.2.18","operation_id":"1.11.5","sequence":3,"next":"2.9.2"},)"
    R"("operation_history":{"trx_in_block":0,"op_in_trx":0,"operation_result":"[0,{}]","virtual_op":4,)";
constexpr char transfer_tail[] =
    R"(},"operation_type":0,"operation_id_num":5,"block_data":{"block_num":36,"block_time":"2026-11-21T03:39:25",)"
    R"("trx_id":"68aeb7084499eb415c50c0e5805b3483ff9c58e4"}})";
constexpr char transfer_object[] =
    R"("op_object":{"fee":{"amount":10,"asset_id":"1.3.0"},"from":"1.2.17","to":"1.2.18","extensions":[],)"
    R"("amount_":{"amount":448261337478,"asset_id":"1.3.0"}})";

transfer const stored_transfer{.fee = asset{10, core_asset},
                               .from = account_id(17),
                               .to = account_id(18),
                               .amount = asset{448'261'337'478, core_asset},
                               .memo = {},
                               .extensions = {}};

std::string transfer_document(std::string_view op)
{
    return std::string(transfer_head) + std::string(op) + transfer_tail;
}

} // namespace

TEST_CASE("history/es_document: every recorded document is the operation that the node's history has")
{
    for (std::string const variant : {"object/all_documents", "string/all_documents", "both/account_olivia"})
    {
        CAPTURE(variant);
        auto const documents = documents_of(variant);
        CHECK(documents.size() == (variant == "both/account_olivia" ? 36 : 1769));
        std::map<account_id, es_document const*> newest;
        std::size_t wrong = 0;
        for (auto const& document : documents)
        {
            auto const node = operations().find(document.record.id);
            if (node == operations().end())
                continue; // counted below
            operation_history_object const& record = document.record;
            if (record == node->second && document.exact && to_json(record) == to_json(node->second))
                continue;
            ++wrong;
            MESSAGE(to_json(record) << "\nis not\n" << to_json(node->second));
        }
        CHECK(wrong == 0);
        for (auto const& document : documents)
        {
            es_document const*& before = newest[document.account];
            CHECK(document.record.sequence == (before ? before->record.sequence + 1 : 1));
            CHECK(document.next == (before ? before->id : account_history_id(0)));
            before = &document;
        }
    }
}

TEST_CASE("history/es_document: the documents of an account are its whole history")
{
    for (auto const& account : recordings::main_chain().accounts)
    {
        CAPTURE(account.name);
        for (std::string const variant : {"object", "string"})
        {
            std::vector<history_record> records;
            for (auto& document : documents_of(variant + "/all_documents"))
                if (document.account.to_string() == account.id)
                    records.push_back(std::move(document.record));
            REQUIRE(records.size() == account.total_ops);
            for (std::size_t i = 0; i < records.size(); ++i)
            {
                auto const node = from_json<operation_history_object>(account.operations[i].json);
                CHECK(static_cast<operation_history_object const&>(records[i]) == *node);
                CHECK(records[i].sequence == i + 1);
            }
        }
    }
}

TEST_CASE("history/es_document: operation, transaction id and fee payer do not depend on the variant")
{
    auto const object = documents_of("object/all_documents");
    auto const string = documents_of("string/all_documents");
    CHECK(object == string);
    std::size_t without_transaction = 0;
    for (auto const& document : object)
    {
        without_transaction += document.trx_id ? 0U : 1U;
        CHECK(document.fee_payer == document.record.op.fee_payer());
    }
    CHECK(without_transaction == 34);
}

TEST_CASE("history/es_document: documents of 2018 to 2022 lack the later members")
{
    // Of every recorded document, what was added since.
    for (std::string const variant : {"object/all_documents", "string/all_documents"})
    {
        std::size_t different = 0;
        for (std::string const& text : sources(variant))
        {
            auto const now = read_es_document(text).value();
            auto old = json_value::parse(text);
            for (char const* later : {"operation_result_object", "fee_payer", "is_virtual", "operation_id_num"})
                remove_member(old, later);
            auto then = read_es_document(old.dump());
            REQUIRE_MESSAGE(then.has_value(), then.error().message());
            CHECK_FALSE(then->fee_payer);
            then->fee_payer = now.fee_payer;
            if (then->record.is_virtual != now.record.is_virtual)
            {
                ++different; // a proposal that was carried out, or what a hard fork did: in the same transaction
                CHECK(then->trx_id);
                then->record.is_virtual = now.record.is_virtual;
            }
            CHECK(*then == now);
        }
        CHECK(different == 11);
    }
}

TEST_CASE("history/es_document: op_object of the first plugins, with what they lost")
{
    auto const plain = read_es_document(transfer_document(transfer_object));
    REQUIRE_MESSAGE(plain.has_value(), plain.error().message());
    CHECK(plain->record.op == operation(stored_transfer));
    CHECK(plain->record.id == operation_history_id(5));
    CHECK(plain->record.sequence == 3);
    CHECK_FALSE(plain->record.is_virtual);
    CHECK(plain->record.virtual_op == 4); // which the nodes of those years counted of every operation
    CHECK(plain->trx_id.value().size() == 20);
    CHECK(plain->exact);

    SUBCASE("an empty op, null, or nothing where there was none")
    {
        for (char const* none : {R"("op":"",)", R"("op":null,)"})
            CHECK(read_es_document(transfer_document(none + std::string(transfer_object))).value() == *plain);
        CHECK(document_error(transfer_document(R"("op":"","op_object":null)")) ==
              "missing_member /operation_history/op");
        CHECK(document_error(transfer_document(R"("op":"")")) == "missing_member /operation_history/op");
    }
    SUBCASE("op is believed before op_object")
    {
        std::string const text =
            R"("op":"[0,{\"fee\":{\"amount\":10,\"asset_id\":\"1.3.0\"},\"from\":\"1.2.17\",\"to\":\"1.2.18\",)"
            R"(\"amount\":{\"amount\":\"448261337478\",\"asset_id\":\"1.3.0\"},\"extensions\":[]}]")";
        CHECK(read_es_document(transfer_document(text)).value() == *plain);
        CHECK(read_es_document(transfer_document(R"("op_object":{"from":["a",{}]},)" + text)).value() == *plain);
    }
    SUBCASE("numbers, and the name of a member, as texts")
    {
        std::string const text = transfer_document(
            R"("op_object":{"fee":{"amount":"10","asset_id":"1.3.0"},"from":"1.2.17","to":"1.2.18","extensions":[],)"
            R"("amount_":"{\"amount\":\"448261337478\",\"asset_id\":\"1.3.0\"}"})");
        CHECK(read_es_document(text).value() == *plain);
    }
    SUBCASE("a schedule of fees that was left out")
    {
        auto const text = [](std::string_view fees) {
            return with(transfer_document(R"("op_object":{"fee":{"amount":1,"asset_id":"1.3.0"},"new_parameters":{)" +
                                          std::string(fees) + R"("block_interval":5}})"),
                        R"("operation_type":0)", R"("operation_type":31)");
        };
        auto const lost = read_es_document(text("")).value();
        CHECK_FALSE(lost.exact);
        CHECK(lost.record.op.get_if<committee_member_update_global_parameters>()->new_parameters.block_interval == 5);
        CHECK(read_es_document(text(R"("current_fees":{"parameters":"[]","parameters_object":[],"scale":1},)"))
                  .value()
                  .exact);
    }
    SUBCASE("an operation of a newer chain")
    {
        auto const unknown = read_es_document(with(transfer_document(R"("op_object":{"fee_":{"fee":1}})"),
                                                   R"("operation_type":0)", R"("operation_type":200)"));
        REQUIRE(unknown.has_value());
        CHECK(unknown->record.op == operation(unknown_operation{200, R"({"fee_":{"fee":1}})"}));
        CHECK_FALSE(unknown->exact);
        auto const text = read_es_document(with(transfer_document(R"("op":"[200,{\"fee\":{}}]")"),
                                                R"("operation_type":0)", R"("operation_type":200)"));
        REQUIRE(text.has_value());
        CHECK(text->record.op == operation(unknown_operation{200, R"({"fee":{}})"}));
        CHECK(text->exact);
    }
    SUBCASE("what a visitor added is not read")
    {
        auto const visited =
            with(transfer_document(transfer_object), R"(,"operation_type")",
                 R"(,"additional_data":{"fee_data":{"asset":"1.3.0","amount_units":"0.00010000000000000"},)"
                 R"("fill_data":{"fill_price_units":"-nan","x":["}",{"y":"\"}"}]}},"operation_type")");
        CHECK(read_es_document(visited).value() == *plain);
    }
}

TEST_CASE("history/es_document: members deeper than the plugin's limit are texts")
{
    // elasticsearch-max-mapping-depth: an object below it is stored as the text of its JSON, in the node's form.
    auto const deep = read_es_document(transfer_document(
        R"("op_object":{"fee":"{\"amount\":10,\"asset_id\":\"1.3.0\"}","from":"1.2.17","to":"1.2.18","extensions":[],)"
        R"("amount":"{\"amount\":\"448261337478\",\"asset_id\":\"1.3.0\"}"})"));
    REQUIRE_MESSAGE(deep.has_value(), deep.error().message());
    CHECK(deep->record.op == operation(stored_transfer));
}

TEST_CASE("history/es_document: custom authorities, whose member has the name of the document's own")
{
    auto const text =
        with(transfer_document(
                 R"("op_object":{"fee":{"amount":1,"asset_id":"1.3.0"},"account":"1.2.7","enabled":false,)"
                 R"("valid_from":"1970-01-01T00:00:00","valid_to":"1970-01-01T00:00:00","operation_type":0,)"
                 R"("auth":{"weight_threshold":1,"account_auths":[["1.2.9","1"]],"key_auths":[],"address_auths":[],)"
                 R"("account_auths_object":[{"key_string":"1.2.9","data_int":1}],"key_auths_object":[]},)"
                 R"("restrictions":[{"member_index":2,"restriction_type":6,"argument":"[26,[\"1.2.8\"]]",)"
                 R"("argument_object":{"which":26,"data_string":"[\"1.2.8\"]"},"extensions":[]}],"extensions":[]})"),
             R"("operation_type":0,"operation_id_num")", R"("operation_type":54,"operation_id_num")");
    auto const read = read_es_document(text);
    REQUIRE_MESSAGE(read.has_value(), read.error().message());
    auto const* const op = read->record.op.get_if<custom_authority_create>();
    REQUIRE(op != nullptr);
    CHECK(op->account == account_id(7));
    CHECK(op->auth.account_auths.size() == 1);
    CHECK(to_json(op->restrictions) ==
          R"([{"member_index":2,"restriction_type":6,"argument":[26,["1.2.8"]],"extensions":[]}])");
}

TEST_CASE("history/es_document: what is no document, or contradicts itself, is an error that says where")
{
    std::string const good = transfer_document(transfer_object);
    CHECK(document_error("{}") == "missing_member /account_history/id");
    CHECK(document_error("[]") == "wrong_type");
    CHECK(document_error("{") == "invalid_json");
    for (char const* part : {"account", "operation_id", "sequence"})
        CHECK(document_error(without_member(good, part)) == std::string("missing_member /account_history/") + part);
    for (char const* part : {"block_num", "block_time"})
        CHECK(document_error(without_member(good, part)) == std::string("missing_member /block_data/") + part);
    CHECK(document_error(without_member(good, "operation_type")) == "missing_member /operation_type");
    CHECK(document_error(with(good, R"("operation_id_num":5)", R"("operation_id_num":6)")) ==
          "invalid_reply /operation_id_num");
    CHECK(document_error(with(good, R"("op_object")", R"("op":"[1,{}]","op_object")")) ==
          "invalid_reply /operation_type");
    CHECK(document_error(with(good, R"("from":"1.2.17")", R"("from":"1.3.17")")) ==
          "invalid_object_id /operation_history/op_object/from");
    CHECK(document_error(transfer_document(R"("op":"[0,{\"from\":\"1.3.17\"}]")")) ==
          "invalid_object_id /operation_history/op/1/from");
    CHECK(document_error(transfer_document(R"("op":"[0,{\"from\":")")) == "invalid_json /operation_history/op");
    CHECK(document_error(transfer_document(R"("op":"[0,{}]\u0000")")) == "invalid_json /operation_history/op");
    CHECK(document_error(transfer_document(R"("op_object":{"from":"1.2.17)")).starts_with("invalid_json"));
    CHECK(document_error(transfer_document(R"("op_object":{"from":["1.2.17"}})")).starts_with("wrong_type"));
    // Only what is passed over may be anything.
    CHECK(document_error(with(good, R"("op_object")", R"("x":{nothing},"op_object")")) == "");
    CHECK(document_error(with(good, R"("op_object")", R"("x":{]]"op_object")")).starts_with("invalid_json"));
}

TEST_CASE("history/es_document: the limits hold for texts inside of texts")
{
    json_options small;
    small.limits.max_depth = 8;
    std::string const deep = R"("op":"[22,{\"proposed_ops\":[{\"op\":[0,{\"fee\":{}}]}]}]")";
    auto const proposal = with(transfer_document(deep), R"("operation_type":0)", R"("operation_type":22)");
    CHECK(read_es_document(proposal).has_value());
    CHECK(said(read_es_document(proposal, small).error()) ==
          "depth_limit /operation_history/op/1/proposed_ops/0/op/1/fee");
    json_options little;
    little.limits.max_memory_bytes = 2000;
    std::string many = R"({\"op\":[0,{}]})";
    for (int i = 0; i < 5; ++i)
        many += "," + many;
    CHECK(said(read_es_document(with(proposal, R"({\"op\":[0,{\"fee\":{}}]})", many), little).error())
              .starts_with("memory_limit /operation_history/op/1/proposed_ops"));
}

TEST_CASE("history/es_document: an answer to a search is whole, or an error")
{
    std::string const hit =
        R"({"_index":"x","_id":"2.9.7","_source":)" + transfer_document(transfer_object) + R"(,"sort":[5,"2.9.7"]})";
    auto const answer = [](std::string_view hits, std::string_view total, std::string_view failed = "0",
                           std::string_view timed_out = "false") {
        return R"({"took":1,"timed_out":)" + std::string(timed_out) +
               R"(,"_shards":{"total":5,"successful":5,"failed":)" + std::string(failed) + R"(},"hits":{)" +
               std::string(total) + R"("max_score":null,"hits":[)" + std::string(hits) + "]}}";
    };
    auto const failure = [](std::string const& json) {
        es_page page;
        page.documents.resize(1);
        auto const read = read_es_page(json, page);
        if (read)
            return std::string();
        CHECK(page.documents.empty());
        return said(read.error());
    };
    es_page page;
    REQUIRE(read_es_page(answer(hit + "," + hit, R"("total":{"value":7,"relation":"eq"},)"), page).has_value());
    CHECK(page.documents.size() == 2);
    CHECK(page.total == 7);
    CHECK(page.last_sort == R"([5,"2.9.7"])");
    // Elasticsearch 6 counts in a number; -1 or nothing where it was not to count; "gte" is no count.
    REQUIRE(read_es_page(answer("", R"("total":7,)"), page).has_value());
    CHECK(page.total == 7);
    CHECK(page.documents.empty());
    CHECK(page.last_sort.empty());
    for (char const* uncounted : {R"("total":-1,)", "", R"("total":{"value":10000,"relation":"gte"},)"})
    {
        REQUIRE(read_es_page(answer("", uncounted), page).has_value());
        CHECK_FALSE(page.total);
    }
    CHECK(failure(answer(hit, "", "1")) == "partial_reply /_shards/failed");
    CHECK(failure(answer(hit, "", "0", "true")) == "partial_reply /timed_out");
    CHECK(failure(answer(with(hit, R"("sort":[5,"2.9.7"])", R"("x":1)"), "")) == "missing_member /hits/hits/0/sort");
    CHECK(failure(answer(hit + "," + with(hit, R"("1.2.17")", R"("x")"), "")) ==
          "invalid_object_id /hits/hits/1/_source/operation_history/op_object/from");
    CHECK(failure("{}") == "missing_member /timed_out");
    CHECK(failure(R"({"timed_out":false})") == "missing_member /_shards/failed");
    CHECK(failure(R"({"timed_out":false,"_shards":{"failed":0}})") == "missing_member /hits/hits");
    for (auto const& refusal : es_recordings::answers("object/queries"))
        if (refusal.status != 200)
            CHECK(failure(refusal.response) == "missing_member /timed_out");
}

TEST_CASE("history/es_document: a list of documents, or one alone")
{
    std::string const one = transfer_document(transfer_object);
    std::vector<es_document> documents;
    REQUIRE(read_es_documents("[" + one + "," + one + "]", documents).has_value());
    CHECK(documents.size() == 2);
    CHECK(documents[0] == documents[1]);
    REQUIRE(read_es_documents(" " + one, documents).has_value());
    CHECK(documents.size() == 1);
    REQUIRE(read_es_documents("[]", documents).has_value());
    CHECK(documents.empty());
    CHECK(said(read_es_documents("[" + one + ",{}]", documents).error()) == "missing_member /1/account_history/id");
    CHECK(said(read_es_documents("null", documents).error()) == "wrong_type");
}

TEST_CASE("history/es_document: objects are those of the node")
{
    // Documents, and how many of them the node still has, but not as they are there.
    using counts = std::array<std::size_t, 2>;
    auto const compare = []<class Object>(Object const&, std::string_view type) {
        counts result{};
        for (auto const& answer : es_recordings::answers("object/objects"))
            if (answer.path.find(type) != std::string::npos)
            {
                auto const page = read_es_objects<Object>(answer.response);
                REQUIRE_MESSAGE(page.has_value(), page.error().message());
                CHECK(page->total == page->objects.size());
                for (auto const& document : page->objects)
                {
                    CHECK(document.block_time.seconds > 1'700'000'000);
                    auto const node = recordings::main_chain().objects.find(document.object.id.to_string());
                    ++result[0];
                    if (node != recordings::main_chain().objects.end() &&
                        document.object != from_json<Object>(node->second).value())
                        ++result[1];
                }
            }
        return result;
    };
    // Two accounts of the genesis have a number that no node ever set; one was paid after the objects were recorded.
    CHECK(compare(account_object(), "account") == counts{32, 2});
    CHECK(compare(account_balance_object(), "balance") == counts{73, 1});
    CHECK(compare(limit_order_object(), "limitorder") == counts{17, 0});
    CHECK(compare(asset_object(), "objects-asset") == counts{743, 0});
    CHECK(compare(asset_bitasset_data_object(), "bitasset") == counts{4, 0});
    CHECK(compare(proposal_object(), "proposal") == counts{10, 0}); // with texts of whole transactions

    CHECK(said(read_es_objects<account_balance_object>(
                   R"({"timed_out":false,"_shards":{"failed":0},"hits":{"hits":[{"_source":{},"sort":[1]}]}})")
                   .error()) == "missing_member /hits/hits/0/_source/object_id");
    CHECK(said(read_es_objects<account_balance_object>(
                   R"({"timed_out":false,"_shards":{"failed":0},"hits":{"hits":[)"
                   R"({"_source":{"object_id":"2.5.1","owner_":"1.3.1"},"sort":[1]}]}})")
                   .error()) == "invalid_object_id /hits/hits/0/_source/owner");
}
