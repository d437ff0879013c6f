#include <bitshares/base/hex.hpp>
#include <bitshares/crypto/signature.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/protocol/objects/account.hpp>
#include <bitshares/protocol/objects/custom_authority.hpp>
#include <bitshares/tx/authority_check.hpp>
#include <bitshares/tx/restriction.hpp>
#include <support/json_value.hpp>
#include <support/recordings.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

using namespace bitshares;

namespace {

constexpr std::string_view prefix = "BTS";

/// A recorded question: its arguments, and what the node answered.
struct question
{
    test::json_value arguments;
    test::json_value answer;

    explicit question(std::string const& request, std::string const& response)
        : arguments(test::json_value::parse(request)["params"][2]), answer(test::json_value::parse(response))
    {}
    explicit question(test::json_value const& exchange)
        : question(exchange["request"].text(), exchange["response"].text())
    {}

    bool refused() const { return answer.contains("error"); }
    std::int64_t code() const { return answer["error"]["data"]["code"].as_int(); }
};

// The node's codes of the errors that it tells apart here.
std::int64_t code_of(error const& e)
{
    switch (static_cast<errc>(e.code().value()))
    {
    case errc::missing_active_authority: return 4010001;
    case errc::missing_owner_authority: return 4010002;
    case errc::missing_other_authority: return 4010003;
    case errc::superfluous_signature: return 4010004;
    case errc::duplicate_signature: return 4010005;
    case errc::committee_approval: return 4010006;
    default: return 0;
    }
}

std::vector<std::string> texts(flat_set<public_key> const& keys)
{
    std::vector<std::string> all;
    for (public_key const& key : keys)
        all.push_back(key.to_string(prefix));
    return all;
}

std::vector<std::string> texts(flat_set<address> const& keys)
{
    std::vector<std::string> all;
    for (address const& key : keys)
        all.push_back(key.to_string(prefix));
    return all;
}

std::vector<std::string> texts(test::json_value const& array)
{
    std::vector<std::string> all;
    for (auto const& item : array.array())
        all.push_back(item.text());
    return all;
}

std::vector<public_key> keys_of(test::json_value const& array)
{
    std::vector<public_key> all;
    for (auto const& item : array.array())
        all.push_back(public_key::from_string(item.text(), prefix).value());
    return all;
}

// Recorded requests often leave the signatures out.
signed_transaction transaction_of(test::json_value const& json)
{
    return from_json<signed_transaction>(json.dump()).value();
}

chain_id_type chain_id_of(testing::recording const& chain)
{
    chain_id_type id;
    auto const data = from_hex(chain.chain_id).value();
    std::copy(data.begin(), data.end(), id.data.begin());
    return id;
}

std::vector<public_key> signers(signed_transaction const& tx, chain_id_type const& chain_id)
{
    auto const digest = signing_digest(tx, chain_id).value();
    std::vector<public_key> keys;
    for (signature const& s : tx.signatures)
        keys.push_back(recover(digest, s).value());
    return keys;
}

struct counts
{
    std::size_t required = 0, potential = 0, addresses = 0, verified = 0, refused = 0, minimal = 0;
    std::map<std::int64_t, std::size_t> codes;

    std::string text() const
    {
        std::string all = std::to_string(required) + " get_required_signatures, " + std::to_string(potential) +
                          " get_potential_signatures, " + std::to_string(addresses) +
                          " get_potential_address_signatures, " + std::to_string(verified) +
                          " verify_authority satisfied and " + std::to_string(refused) + " refused (";
        for (auto const& [code, count] : codes)
            all += std::to_string(code) + ": " + std::to_string(count) + ", ";
        return all + std::to_string(minimal) + " minimal sets that pass)";
    }
};

// As database_api asks: see `verify_authority` there, which passes the depth for the flag of custom operations.
authority_options node_options(std::optional<time_point_sec> now = std::nullopt)
{
    return {.now = now, .ignore_custom_required_auths = true};
}

void check_verify(question const& q, account_source const& accounts, authority_options const& options,
                  chain_id_type const& chain_id, counts& seen)
{
    auto const tx = transaction_of(q.arguments[0]);
    auto const verified = verify_authority(tx, signers(tx, chain_id), accounts, options);
    auto const status = check_authority(tx, signers(tx, chain_id), accounts, options);
    CHECK(status.satisfied == verified.has_value());
    if (q.refused())
    {
        ++seen.refused;
        ++seen.codes[q.code()];
        REQUIRE_FALSE(verified.has_value());
        CHECK_MESSAGE(code_of(verified.error()) == q.code(), verified.error().message());
        REQUIRE(status.reason.has_value());
        CHECK(status.reason->message() == verified.error().message());
        if (q.code() <= 4010003)
        {
            REQUIRE_FALSE(status.missing.empty());
            // The account that the node names, and that its authority is.
            if (auto const& data = q.answer["error"]["data"]["stack"][0]["data"]; data.contains("id"))
            {
                CHECK(verified.error().message().find(data["id"].text()) != std::string::npos);
                REQUIRE(status.missing.front().account.has_value());
                CHECK(status.missing.front().account->to_string() == data["id"].text());
            }
        }
    }
    else
    {
        ++seen.verified;
        CHECK_MESSAGE(verified.has_value(), verified.error().message());
    }
}

void check_required(question const& q, account_source const& accounts, chain_id_type const& chain_id, counts& seen,
                    std::optional<time_point_sec> now = std::nullopt)
{
    REQUIRE_FALSE(q.refused());
    auto const tx = transaction_of(q.arguments[0]);
    auto const available = keys_of(q.arguments[1]);
    auto const signed_by = signers(tx, chain_id);
    auto const asked = required_signatures(tx, available, signed_by, accounts);
    CHECK(texts(asked) == texts(q.answer["result"]));
    ++seen.required;

    // Where the chain's choice is enough, the smallest one passes and is no larger.
    authority_options const options{.now = now};
    auto all = signed_by;
    all.insert(all.end(), asked.begin(), asked.end());
    auto const minimal = minimal_signatures(tx, available, signed_by, accounts, options);
    if (verify_authority(tx, all, accounts, options))
        REQUIRE(minimal.has_value());
    if (!minimal)
        return;
    if (verify_authority(tx, all, accounts, options))
        CHECK(minimal->size() <= asked.size());
    all = signed_by;
    all.insert(all.end(), minimal->begin(), minimal->end());
    CHECK(verify_authority(tx, all, accounts, options).has_value());
    ++seen.minimal;
}

account_set final_accounts(testing::recording const& chain)
{
    account_set accounts;
    for (auto const& [id, json] : chain.objects)
        if (id.starts_with("1.2."))
            accounts.add(from_json<account_object>(json).value());
    return accounts;
}

time_point_sec time_of(testing::recording const& chain, std::uint32_t block)
{
    auto const header = test::json_value::parse(chain.blocks.at(block).header);
    return time_point_sec::from_string(header["timestamp"].text()).value();
}

// What the evaluator does with the restrictions, which have numbers of their own.
void apply(custom_authority_update const& op, custom_authority_object& object)
{
    if (op.new_enabled)
        object.enabled = *op.new_enabled;
    if (op.new_valid_from)
        object.valid_from = *op.new_valid_from;
    if (op.new_valid_to)
        object.valid_to = *op.new_valid_to;
    if (op.new_auth)
        object.auth = *op.new_auth;
    std::vector<std::pair<std::uint16_t, restriction>> kept;
    for (auto const& r : object.restrictions)
        if (!op.restrictions_to_remove.contains(r.first))
            kept.push_back(r);
    for (restriction const& r : op.restrictions_to_add)
        kept.emplace_back(object.restriction_counter++, r);
    object.restrictions = flat_map<std::uint16_t, restriction>(std::move(kept));
}

} // namespace

TEST_CASE("tx/authority_check: agrees with a node asked just before each broadcast")
{
    for (bool const is_c : {false, true})
    {
        testing::recording const& chain = is_c ? recordings::chain_c() : recordings::main_chain();
        chain_id_type const chain_id = chain_id_of(chain);
        auto const text = testing::read_recording_file(recordings::directory() + (is_c ? "/chain_c" : "") +
                                                       "/transactions_live.jsonl")
                              .value();
        account_set accounts;
        std::map<custom_authority_id, custom_authority_object> custom;
        counts seen;
        std::size_t broadcasts = 0, by_custom = 0, complete = 0, rows = 0;
        for (std::size_t at = 0; at < text.size();)
        {
            std::size_t const end = std::min(text.find('\n', at), text.size());
            auto const row = test::json_value::parse(std::string_view(text).substr(at, end - at));
            at = end + 1;
            ++rows;
            INFO(row["n"].text(), ' ', row["note"].text());

            account_set known = accounts; // custom authorities go away, and a set of accounts cannot forget
            for (auto const& account : row["accounts"].array())
            {
                accounts.add(from_json<account_object>(account.dump()).value());
                known.add(from_json<account_object>(account.dump()).value());
            }
            for (auto const& [id, object] : custom)
                known.add(object);

            auto const now = time_of(chain, static_cast<std::uint32_t>(row["head_block"].as_uint()));
            check_required(question(row["get_required_signatures"]), known, chain_id, seen, now);

            question const potential(row["get_potential_signatures"]);
            REQUIRE_FALSE(potential.refused());
            CHECK(texts(potential_signatures(transaction_of(potential.arguments[0]), known)) ==
                  texts(potential.answer["result"]));
            ++seen.potential;

            question const verify(row["verify_authority"]);
            auto const tx = transaction_of(verify.arguments[0]);
            check_verify(verify, known, node_options(now), chain_id, seen);
            if (accounts_needed(tx, known).empty())
                ++complete;
            std::vector<std::string> signed_with = texts(row["signed_with"]);
            std::vector<std::string> recovered;
            for (public_key const& key : signers(tx, chain_id))
                recovered.push_back(key.to_string(prefix));
            CHECK(recovered == signed_with);

            // What the chain itself said, without the slip of verify_authority.
            auto const whole = verify_authority(tx, signers(tx, chain_id), known, {.now = now});
            question const broadcast(row["broadcast"]);
            bool const authority_refused =
                broadcast.refused() && broadcast.code() >= 4010001 && broadcast.code() <= 4010006;
            ++broadcasts;
            CHECK_MESSAGE(whole.has_value() != authority_refused, (whole ? "" : whole.error().message()));
            if (authority_refused && !whole)
                CHECK(code_of(whole.error()) == broadcast.code());
            if (whole && !verify_authority(tx, signers(tx, chain_id), known, {}))
                ++by_custom;

            if (broadcast.refused())
                continue;
            auto const& results = broadcast.answer["result"]["trx"]["operation_results"];
            for (std::size_t i = 0; i < tx.operations.size(); ++i)
            {
                operation const& op = tx.operations[i];
                if (auto const* const create = op.get_if<custom_authority_create>())
                {
                    CHECK(validate_restrictions(create->restrictions, create->operation_type.value).has_value());
                    custom_authority_object object;
                    object.id = custom_authority_id::from_string(results[i][1].text()).value();
                    object.account = create->account;
                    object.enabled = create->enabled;
                    object.valid_from = create->valid_from;
                    object.valid_to = create->valid_to;
                    object.operation_type = create->operation_type;
                    object.auth = create->auth;
                    custom_authority_update as_update;
                    as_update.restrictions_to_add = create->restrictions;
                    apply(as_update, object);
                    custom[object.id] = object;
                }
                else if (auto const* const update = op.get_if<custom_authority_update>())
                    apply(*update, custom.at(update->authority_to_update));
                else if (auto const* const removed = op.get_if<custom_authority_delete>())
                    custom.erase(removed->authority_to_delete);
            }
        }
        MESSAGE(std::string(is_c ? "chain c: " : "main chain: ")
                << seen.text() << ", " << broadcasts << " broadcasts, " << by_custom
                << " allowed by a custom authority alone, " << complete << " with all accounts known");
        REQUIRE(rows == (is_c ? 75 : 305));
        REQUIRE(seen.required == rows);
        REQUIRE(seen.potential == rows);
        REQUIRE(broadcasts == rows);
        REQUIRE(seen.verified + seen.refused == rows);
        REQUIRE(seen.refused == (is_c ? 9 : 5));
        REQUIRE(by_custom == (is_c ? 10 : 0));
        REQUIRE(complete == rows);

        if (is_c) // the replay of custom authorities ends where the node was when its objects were asked for
        {
            auto const before = test::json_value::parse(
                testing::read_recording_file(recordings::directory() + "/chain_c/objects_before_jump.json").value());
            question const objects(before["answers"][0]);
            std::size_t same = 0;
            for (auto const& object : objects.answer["result"].array())
                if (!object.is_null())
                {
                    auto const recorded = from_json<custom_authority_object>(object.dump()).value();
                    CHECK(custom.at(recorded.id) == recorded);
                    ++same;
                }
            MESSAGE(same << " custom authorities replayed");
            REQUIRE(same == custom.size());
            REQUIRE(same > 5);
        }
    }
}

TEST_CASE("tx/authority_check: agrees with a node on all transactions of both chains, by their final state")
{
    for (bool const is_c : {false, true})
    {
        testing::recording const& chain = is_c ? recordings::chain_c() : recordings::main_chain();
        chain_id_type const chain_id = chain_id_of(chain);
        auto const accounts = final_accounts(chain);
        auto const blocks = test::json_value::parse(
            testing::read_recording_file(recordings::directory() + (is_c ? "/chain_c" : "") + "/blocks.json").value());
        account_set with_custom = accounts;
        for (auto const& [id, json] : chain.objects)
            if (id.starts_with("1.17."))
                with_custom.add(from_json<custom_authority_object>(json).value());
        auto const now = time_of(chain, chain.blocks.rbegin()->first);
        counts seen;
        for (auto const& block : blocks.array())
            for (auto const& recorded :
                 block.contains("transactions") ? block["transactions"].array() : std::vector<test::json_value>())
            {
                INFO(recorded["id"].text());
                check_required(question(recorded["get_required_signatures"]), accounts, chain_id, seen);

                question const potential(recorded["get_potential_signatures"]);
                auto const tx = transaction_of(potential.arguments[0]);
                CHECK(texts(potential_signatures(tx, accounts, {}, signers(tx, chain_id))) ==
                      texts(potential.answer["result"]));
                ++seen.potential;

                question const addresses(recorded["get_potential_address_signatures"]);
                CHECK(texts(potential_address_signatures(transaction_of(addresses.arguments[0]), accounts)) ==
                      texts(addresses.answer["result"]));
                ++seen.addresses;

                check_verify(question(recorded["verify_authority"]), with_custom, node_options(now), chain_id, seen);
            }
        MESSAGE(std::string(is_c ? "chain c: " : "main chain: ") << seen.text());
        REQUIRE(seen.required >= (is_c ? 50 : 500));
        REQUIRE(seen.required == seen.potential);
        REQUIRE(seen.required == seen.addresses);
        REQUIRE(seen.required == seen.verified + seen.refused);
        REQUIRE(seen.refused > 0);
    }
}

TEST_CASE("tx/authority_check: agrees with a node on the matrix of subsets of keys")
{
    testing::recording const& chain = recordings::main_chain();
    chain_id_type const chain_id = chain_id_of(chain);
    auto const accounts = final_accounts(chain);
    counts seen;
    std::size_t account_checks = 0, broadcasts = 0;
    for (testing::exchange const& call : chain.calls)
    {
        auto const asks = [&](std::string_view method) {
            return call.request.find("\"" + std::string(method) + "\"") != std::string::npos && !call.response.empty();
        };
        INFO(call.sequence, ' ', call.note);
        if (asks("get_required_signatures"))
            check_required(question(call.request, call.response), accounts, chain_id, seen);
        else if (asks("get_potential_signatures"))
        {
            question const q(call.request, call.response);
            auto const tx = transaction_of(q.arguments[0]);
            CHECK(texts(potential_signatures(tx, accounts, {}, signers(tx, chain_id))) == texts(q.answer["result"]));
            ++seen.potential;
        }
        else if (asks("get_potential_address_signatures"))
        {
            question const q(call.request, call.response);
            CHECK(texts(potential_address_signatures(transaction_of(q.arguments[0]), accounts)) ==
                  texts(q.answer["result"]));
            ++seen.addresses;
        }
        else if (asks("verify_authority"))
            check_verify(question(call.request, call.response), accounts, node_options(), chain_id, seen);
        else if (asks("verify_account_authority"))
        {
            question const q(call.request, call.response);
            auto const id = chain.account_ids.find(q.arguments[0].text());
            if (id == chain.account_ids.end())
            {
                CHECK(q.refused());
                continue;
            }
            transaction tx;
            transfer op;
            op.from = account_id::from_string(id->second).value();
            tx.operations.emplace_back(op);
            CHECK(verify_authority(tx, keys_of(q.arguments[1]), accounts).has_value() == q.answer["result"].as_bool());
            ++account_checks;
        }
        else if (asks("broadcast_transaction") || asks("broadcast_transaction_synchronous"))
        {
            question const q(call.request, call.response);
            if (!q.refused() || q.code() < 4010001 || q.code() > 4010006)
                continue;
            auto const tx = transaction_of(q.arguments[0]);
            auto const verified = verify_authority(tx, signers(tx, chain_id), accounts);
            REQUIRE_FALSE(verified.has_value());
            CHECK_MESSAGE(code_of(verified.error()) == q.code(), verified.error().message());
            ++broadcasts;
        }
    }
    MESSAGE("calls: " << seen.text() << ", " << account_checks << " verify_account_authority, " << broadcasts
                      << " refused broadcasts");
    REQUIRE(seen.required == 730);
    REQUIRE(seen.potential == 8);
    REQUIRE(seen.addresses == 1);
    REQUIRE(seen.verified + seen.refused == 257);
    REQUIRE(seen.refused > 200);
    REQUIRE(account_checks == 3);
    REQUIRE(broadcasts > 3);
}
