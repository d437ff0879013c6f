#include <bitshares/protocol/json.hpp>
#include <bitshares/protocol/operation.hpp>
#include <bitshares/rpc/api/block.hpp>
#include <bitshares/rpc/api/database.hpp>
#include <bitshares/rpc/api/history.hpp>
#include <bitshares/rpc/api/login.hpp>
#include <bitshares/rpc/api/network_broadcast.hpp>
#include <bitshares/testing/chain.hpp>
#include <bitshares/testing/json_text.hpp>
#include <bitshares/testing/node.hpp>
#include <support/raw_websocket.hpp>
#include <support/recordings.hpp>

#include <doctest/doctest.h>

#include <map>
#include <set>
#include <sstream>
#include <thread>

using namespace bitshares;
using namespace bitshares::testing;

namespace {

std::string frame(any_request const& request, int id = 1)
{
    return "{\"id\":" + std::to_string(id) + ",\"method\":\"call\",\"params\":[" + request.text() + "]}";
}

/* A connection in this process, and what it was told. */
struct frame_client
{
    explicit frame_client(chain& c)
        : connection(c.connect([this](node_reply reply) { said.push_back(std::move(reply)); }))
    {}

    std::optional<std::string> send(any_request const& request) { return connection->answer(frame(request)); }
    std::string ask(any_request const& request) { return connection->answer(frame(request)).value(); }
    std::string result(any_request const& request) { return std::string(member(ask(request), "result")); }
    template <class R>
    R get(request<R> const& request)
    {
        return from_json<R>(result(request)).value();
    }

    /* The payloads of all notices to this callback so far. */
    std::vector<std::string> notices(std::uint64_t callback) const
    {
        std::vector<std::string> found;
        for (auto const& reply : said)
            for (auto const& text : reply.frames)
                if (member(text, "method") == "\"notice\"")
                {
                    auto const params = array_items(member(text, "params")).value();
                    if (params.at(0) == std::to_string(callback))
                        found.emplace_back(array_items(params.at(1)).value().at(0));
                }
        return found;
    }

    std::vector<node_reply> said;
    std::unique_ptr<node_service::connection> connection;
};

transfer transfer_of(account_id from, account_id to, std::int64_t amount)
{
    transfer op;
    op.from = from;
    op.to = to;
    op.amount = {amount, core_asset};
    return op;
}

/* A chain on which something of everything is. */
struct busy_chain
{
    busy_chain() : chain(chain_options{.seed = 3}), alice_key(chain.key("alice")), bob_key(chain.key("bob"))
    {
        alice = chain.create_account("alice", 200'000'000'000, true);
        bob = chain.create_account("bob", 200'000'000'000);
        gold = chain.create_asset("GOLD", 4);
        chain.fund(bob, {5'000'000, gold});
        chain.produce_block();
        act(alice, {transfer_of(alice, bob, 100)});
        limit_order_create order;
        order.seller = bob;
        order.amount_to_sell = {1'000, gold};
        order.min_to_receive = {300'000'000'000, core_asset}; // an amount that is printed as text
        act(bob, {order});
        order.min_to_receive = {100'000, core_asset};
        act(bob, {order});
        order.seller = alice;
        order.amount_to_sell = {50'000, core_asset};
        order.min_to_receive = {500, gold};
        act(alice, {order});
        order.amount_to_sell = {1'000, core_asset};
        act(alice, {order});
        proposal_create propose;
        propose.fee_paying_account = bob;
        propose.expiration_time.seconds = chain.head_time().seconds + 3'600;
        propose.review_period_seconds = 60;
        transfer proposed = transfer_of(alice, bob, 5);
        proposed.fee.amount = 2'000'000;
        propose.proposed_ops = {{proposed}};
        act(bob, {propose});
        vesting_balance_create vesting;
        vesting.creator = vesting.owner = alice;
        vesting.amount = {5'000, core_asset};
        vesting.policy = linear_vesting_policy_initializer{chain.head_time(), 0, 100};
        act(alice, {vesting});
        vesting.policy = cdd_vesting_policy_initializer{{}, 100};
        act(alice, {vesting});
        htlc_create lock;
        lock.from = alice;
        lock.to = bob;
        lock.amount = {7'000, core_asset};
        lock.preimage_hash = sha256(bytes{1});
        lock.preimage_size = 1;
        lock.claim_period_seconds = 86'400;
        act(alice, {lock});
        chain.produce_blocks(15);
    }

    signed_transaction act(account_id who, std::vector<operation> ops)
    {
        auto tx = chain.sign(std::move(ops), {who == alice ? &alice_key : &bob_key});
        auto const pushed = chain.push(tx);
        REQUIRE_MESSAGE(pushed.has_value(), (pushed ? "" : pushed.error().message()));
        return tx;
    }

    testing::chain chain;
    private_key alice_key;
    private_key bob_key;
    account_id alice;
    account_id bob;
    asset_id gold;
};

// What an answer looks like: for each path the kinds of values, and members that are always there.

struct shape
{
    std::set<std::string> kinds;
    std::set<std::string> always; // members of all objects seen here
    std::set<std::string> ever;
    bool seen_object = false;
};
using shapes = std::map<std::string, shape>;

bool is_integer(std::string_view text)
{
    if (text.starts_with('-'))
        text.remove_prefix(1);
    // more digits than 128 bits have are a hash
    return !text.empty() && text.size() < 40 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/* Integers are numbers or texts, as they are small or large; a static variant goes by its tag, an object of the chain by
   the type in its id, wherever it stands. */
void add_shape(shapes& all, std::string path, std::string_view json)
{
    switch (kind_of(json))
    {
    case json_kind::object:
    {
        all[path].kinds.insert("object");
        if (auto const id = any_object_id::from_string(string_value(member(json, "id")).value_or(""));
            id && member(json, "owner_name").empty()) // which the rows of an order book have
            path = '@' + std::to_string(id->space()) + '.' + std::to_string(id->type());
        auto const members = object_members(json).value();
        std::set<std::string> names;
        for (auto const& [name, value] : members)
        {
            names.insert(name);
            add_shape(all, path + '.' + name, value);
        }
        shape& here = all[path];
        if (here.seen_object)
            std::erase_if(here.always, [&](std::string const& name) { return !names.contains(name); });
        else
            here.always = names;
        here.seen_object = true;
        here.ever.merge(names);
        break;
    }
    case json_kind::array:
    {
        all[path].kinds.insert("array");
        auto const items = array_items(json).value();
        bool const variant = items.size() == 2 && kind_of(items[0]) == json_kind::number &&
                             kind_of(items[1]) == json_kind::object && member(items[1], "previous").empty();
        if (variant)
            add_shape(all, path + '<' + std::string(items[0]) + '>', items[1]);
        else
            for (auto const item : items)
                add_shape(all, path + "[]", item);
        break;
    }
    case json_kind::string:
        all[path].kinds.insert(is_integer(string_value(json).value_or("x")) ? "integer" : "text");
        break;
    case json_kind::number: all[path].kinds.insert("integer"); break;
    case json_kind::boolean: all[path].kinds.insert("boolean"); break;
    case json_kind::null: all[path].kinds.insert("null"); break;
    case json_kind::invalid: all[path].kinds.insert("invalid"); break;
    }
}

/* Members that are there or not as the chain's history wants it. */
bool may_be_absent(std::string const& name)
{
    static std::set<std::string> const names{"memo",
                                             "cashback_vb",
                                             "buyback_options",
                                             "review_period_seconds",
                                             "review_period_time",
                                             "total_in_collateral",
                                             "maker_fee_discount_percent",
                                             "market_fee_network_percent",
                                             "witness_signature"};
    return names.contains(name);
}

/* What is different in the answers of our own; empty: nothing. */
std::string differences(shapes const& recorded, shapes const& own)
{
    std::ostringstream out;
    for (auto const& [path, ours] : own)
    {
        auto const found = recorded.find(path);
        if (found == recorded.end())
            continue; // a member that the node never had is found out by its parent
        shape const& node = found->second;
        for (auto const& kind : ours.kinds)
            if (!node.kinds.empty() && !node.kinds.contains(kind))
                out << path << ": is " << kind << "; ";
        if (!ours.seen_object || !node.seen_object)
            continue;
        for (auto const& name : ours.ever)
            if (!node.ever.contains(name) && !may_be_absent(name))
                out << path << ": has " << name << "; ";
        for (auto const& name : node.always)
            if (!ours.always.contains(name) && !may_be_absent(name))
                out << path << ": lacks " << name << "; ";
    }
    return out.str();
}

/* The shapes of all recorded results by method, and of all objects that were ever recorded. */
struct recorded_answers
{
    std::map<std::string, shapes> results;
    shapes objects;
};
recorded_answers const& recorded()
{
    static auto const all = [] {
        recorded_answers found;
        for (exchange const& call : recordings::main_chain().calls)
        {
            auto const params = array_items(member(call.request, "params"));
            if (!params || params->size() != 3 || call.kind != "ok")
                continue;
            auto const result = member(call.response, "result");
            auto const method = string_value((*params)[1]);
            if (!method || result.empty())
                continue;
            auto const api = string_value((*params)[0]).value_or((*params)[0] == "0" ? "database" : "login");
            add_shape(found.results[api + '.' + *method], "", result);
            add_shape(found.objects, "?", result);
        }
        for (auto const& [id, json] : recordings::main_chain().objects)
            add_shape(found.objects, "?", json);
        std::erase_if(found.objects, [](auto const& entry) { return !entry.first.starts_with('@'); });
        return found;
    }();
    return all;
}

/* A broadcast's refusal with everything that differs from chain to chain taken out. */
std::string without_names(std::string text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size();)
    {
        auto const word_end = text.find_first_of(" ,:'\"{}[]()", i);
        std::string const word = text.substr(i, word_end == std::string::npos ? std::string::npos : word_end - i);
        bool const digits = word.find_first_of("0123456789") != std::string::npos &&
                            word.find("CORE_") == std::string::npos && word != "2.8";
        bool const name =
            word == "alice" || word == "bob" || word == "exporter-alice" || word == "trader-bob" || word == "mallory-x";
        out += digits ? "#" : name ? "NAME" : word;
        if (word_end == std::string::npos)
            break;
        out += text[word_end];
        i = word_end + 1;
    }
    return out;
}

} // namespace

TEST_CASE("testing/chain: every answer has the recorded answers' members and types")
{
    busy_chain b;
    frame_client c(b.chain);
    signed_transaction const tx = b.act(b.alice, {transfer_of(b.alice, b.bob, 1), transfer_of(b.alice, b.bob, 2)});
    signed_transaction const other = b.chain.sign({transfer_of(b.alice, b.bob, 3)}, {&b.alice_key});
    proposal_create propose;
    propose.fee_paying_account = b.bob;
    propose.proposed_ops = {{transfer_of(b.alice, b.bob, 5)}};
    namespace db = database;
    std::vector<any_object_id> ids;
    for (char const* const id :
         {"2.0.0",  "2.1.0",  "2.11.0", "2.12.0", "1.2.0", "1.2.18", "1.3.0",  "1.3.1", "1.6.1", "1.5.0", "1.7.0",
          "1.10.0", "1.13.0", "1.13.1", "1.16.0", "2.3.0", "2.5.1",  "2.6.18", "2.8.1", "2.9.1", "1.11.1"})
        ids.push_back(any_object_id::from_string(id).value());
    std::vector<any_request> const requests{
        db::get_objects(ids, std::nullopt),
        db::get_chain_id(),
        db::get_config(),
        db::get_chain_properties(),
        db::get_global_properties(),
        db::get_dynamic_global_properties(),
        db::get_block(1),
        db::get_block(2),
        db::get_block(999),
        db::get_block_header(2, true),
        db::get_block_header(2, false),
        db::get_block_header_batch({1, 2, 999}, true),
        db::get_transaction(2, 0),
        db::get_recent_transaction_by_id(id_of(tx).value()),
        db::get_recent_transaction_by_id(transaction_id{}),
        db::get_accounts({"alice", "1.2.19", "nobody"}, true),
        db::get_account_by_name("alice"),
        db::get_account_by_name("nobody"),
        db::lookup_account_names({"alice", "nobody"}),
        db::lookup_accounts("a", 5, std::nullopt),
        db::get_account_id_from_string("alice"),
        db::get_account_count(),
        db::get_full_accounts({"alice", "bob", "nobody"}, false),
        db::get_account_balances("alice", {}),
        db::get_account_balances("bob", {core_asset, b.gold}),
        db::get_named_account_balances("bob", {}),
        db::get_key_references({b.alice_key.to_public()}),
        db::get_vesting_balances("alice"),
        db::get_proposed_transactions("alice"),
        db::get_assets({"BTS", "GOLD", "NOSUCH"}, false),
        db::lookup_asset_symbols({"BTS", "1.3.1", "NOSUCH"}),
        db::list_assets("B", 5),
        db::get_asset_id_from_string("GOLD"),
        db::get_asset_count(),
        db::get_limit_orders("BTS", "GOLD", 10),
        db::get_limit_orders_by_account("bob", 10, std::nullopt),
        db::get_order_book("BTS", "GOLD", 10),
        db::get_required_fees({transfer_of(b.alice, b.bob, 1), propose}, "GOLD"),
        db::get_required_signatures(other, {b.alice_key.to_public(), b.bob_key.to_public()}),
        db::get_potential_signatures(other),
        db::verify_authority(other),
        db::validate_transaction(other),
        db::get_transaction_hex(other),
        db::get_transaction_hex_without_sig(other),
        db::get_next_object_id(1, 2, true),
        db::get_htlc(htlc_id(0), std::nullopt),
        db::get_htlc_by_from("alice", htlc_id(0), 10),
        db::get_htlc_by_to("bob", htlc_id(0), 10),
        db::list_htlcs(htlc_id(0), 10),
        db::get_witnesses({witness_id(1), witness_id(99)}),
        db::get_witness_by_account("init0"),
        db::get_witness_count(),
        db::get_committee_members({committee_member_id(0)}),
        db::set_subscribe_callback(1, false),
        db::set_auto_subscription(true),
        db::set_pending_transaction_callback(2),
        db::set_block_applied_callback(3),
        db::subscribe_to_market(4, "BTS", "GOLD"),
        db::unsubscribe_from_market("BTS", "GOLD"),
        db::cancel_all_subscriptions(),
        history::get_account_history("alice", operation_history_id(0), 100, operation_history_id(0)),
        history::get_account_history("bob", operation_history_id(0), 100, operation_history_id(0)),
        history::get_account_history_by_time("alice", 10, std::nullopt),
        history::get_account_history_operations("alice", 0, operation_history_id(0), operation_history_id(0), 10),
        history::get_account_history_by_operations("alice", {0, 4}, 1, 10),
        history::get_relative_account_history("alice", 0, 10, 0),
        history::get_block_operation_history(2, std::nullopt),
        history::get_block_operations_by_time(std::nullopt),
        history::get_fill_order_history("BTS", "GOLD", 10),
        block::get_blocks(1, 3),
        network_broadcast::broadcast_transaction(other),
        any_request("login", "get_config", "[]"),
        any_request("login", "login", R"(["",""])"),
    };
    for (any_request const& request : requests)
    {
        std::string const method = std::string(request.api()) + '.' + std::string(request.method());
        CAPTURE(method);
        auto const text = c.ask(request);
        auto const result = member(text, "result");
        REQUIRE_MESSAGE(!result.empty(), text);
        shapes own;
        add_shape(own, "", result);
        auto const results = recorded().results.find(method);
        REQUIRE(results != recorded().results.end());
        shapes expected = results->second;
        std::erase_if(expected, [](auto const& entry) { return entry.first.starts_with('@'); });
        expected.insert(recorded().objects.begin(), recorded().objects.end());
        CHECK_MESSAGE(differences(expected, own) == "", text.substr(0, 2'000));
        for (auto const& [path, seen] : own)
            if (path.starts_with('@') && path.find_first_of(".<[", path.find('.') + 1) == std::string::npos)
                CHECK_MESSAGE(recorded().objects.contains(path), path);
    }
    // the check can find something
    shapes mine;
    add_shape(mine, "", R"({"number":1,"name":["a"],"more":true})");
    shapes theirs;
    add_shape(theirs, "", R"({"number":"1.2.3","name":["a",null],"less":true})");
    CHECK(differences(theirs, mine) == ": has more; : lacks less; .number: is integer; ");
}

TEST_CASE("testing/chain: broadcasts are refused with the codes and words that a node was recorded with")
{
    std::set<std::string> known;
    for (exchange const& call : recordings::main_chain().calls)
        if (auto const error = member(call.response, "error");
            call.request.find("broadcast_transaction") != std::string::npos && !error.empty())
            known.insert(std::string(member(error, "code")) + ' ' +
                         string_value(member(member(error, "data"), "name")).value_or("") + ' ' +
                         without_names(string_value(member(error, "message")).value_or("")));
    REQUIRE(known.size() > 30);

    busy_chain b;
    frame_client c(b.chain);
    auto const good = [&] { return b.chain.sign({transfer_of(b.alice, b.bob, 1'234)}, {&b.alice_key}); };
    auto const signed_by = [&](operation op, std::vector<private_key const*> keys = {}) {
        return b.chain.sign({std::move(op)}, keys.empty() ? std::vector<private_key const*>{&b.alice_key} : keys);
    };
    auto const resigned = [&](signed_transaction tx) {
        tx.signatures = {b.alice_key.sign(signing_digest(tx, b.chain.network().chain_id).value())};
        return tx;
    };
    std::vector<std::pair<std::string, signed_transaction>> cases;
    auto const done = b.act(b.alice, {transfer_of(b.alice, b.bob, 99)});
    cases.emplace_back("duplicate", done);
    cases.emplace_back("another's key", signed_by(transfer_of(b.alice, b.bob, 1), {&b.bob_key}));
    auto tx = good();
    tx.signatures.clear();
    cases.emplace_back("no signature", tx);
    cases.emplace_back("superfluous", signed_by(transfer_of(b.alice, b.bob, 1), {&b.alice_key, &b.bob_key}));
    cases.emplace_back("twice", signed_by(transfer_of(b.alice, b.bob, 1), {&b.alice_key, &b.alice_key}));
    tx = good();
    tx.signatures[0].data[1] |= 0x80;
    cases.emplace_back("not canonical", tx);
    account_update update;
    update.account = b.alice;
    update.owner = b.chain.account("bob")->owner;
    cases.emplace_back("owner needed", signed_by(update));
    tx = good();
    tx.expiration.seconds = b.chain.head_time().seconds - 1;
    cases.emplace_back("expired", resigned(tx));
    tx.expiration.seconds = b.chain.head_time().seconds + 86'401;
    cases.emplace_back("too far", resigned(tx));
    tx = good();
    tx.ref_block_prefix ^= 1;
    cases.emplace_back("TaPoS", resigned(tx));
    cases.emplace_back("balance", signed_by(transfer_of(b.alice, b.bob, 1'000'000'000'000)));
    tx = good();
    tx.operations[0].set_fee({1, core_asset});
    cases.emplace_back("fee", resigned(tx));
    tx.operations[0].set_fee({-1, core_asset});
    cases.emplace_back("negative fee", resigned(tx));
    cases.emplace_back("nothing", signed_by(transfer_of(b.alice, b.bob, 0)));
    cases.emplace_back("oneself", signed_by(transfer_of(b.alice, b.alice, 1)));
    cases.emplace_back("no operations", b.chain.sign({}, {&b.alice_key}));
    cases.emplace_back("no such account", signed_by(transfer_of(b.alice, account_id(999'999), 1)));
    transfer no_asset = transfer_of(b.alice, b.bob, 1);
    no_asset.amount.asset_id = asset_id(999'999);
    cases.emplace_back("no such asset", signed_by(no_asset));
    transfer large = transfer_of(b.alice, b.bob, 1);
    large.memo.emplace();
    large.memo->message.assign(3'000, 1);
    cases.emplace_back("too large", signed_by(large));
    cases.emplace_back("committee", signed_by(transfer_of(reserved_accounts::committee, b.bob, 1)));
    cases.emplace_back("virtual", signed_by(fill_order{}));
    limit_order_cancel cancel;
    cancel.fee_paying_account = b.alice;
    cancel.order = limit_order_id(999'999);
    cases.emplace_back("no such order", signed_by(cancel));
    cancel.order = limit_order_id(0);
    cases.emplace_back("another's order", signed_by(cancel));
    limit_order_create order;
    order.seller = b.alice;
    order.amount_to_sell = {1'000'000, core_asset};
    order.min_to_receive = {1'000'000'000'000, b.gold};
    order.fill_or_kill = true;
    order.expiration.seconds = b.chain.head_time().seconds + 100;
    cases.emplace_back("fill or kill", signed_by(order));
    account_create create;
    create.registrar = create.referrer = b.bob;
    create.name = "carol-1";
    create.owner = create.active = b.chain.account("bob")->active;
    cases.emplace_back("no lifetime member", signed_by(create, {&b.bob_key}));
    create.registrar = create.referrer = b.alice;
    create.name = "bob";
    cases.emplace_back("name taken", signed_by(create));
    create.name = "No.Name";
    cases.emplace_back("no name", signed_by(create));
    create.name = "carol-1";
    create.active.weight_threshold = 9;
    cases.emplace_back("impossible", signed_by(create));
    create.active = authority{};
    create.active.weight_threshold = 1;
    cases.emplace_back("nobody", signed_by(create));
    proposal_update approve;
    approve.fee_paying_account = b.alice;
    approve.proposal = proposal_id(9'999);
    approve.active_approvals_to_add = {b.alice};
    cases.emplace_back("no such proposal", signed_by(approve));
    htlc_redeem redeem;
    redeem.redeemer = b.alice;
    redeem.preimage = {2};
    cases.emplace_back("wrong preimage", signed_by(redeem));
    asset_issue issue;
    issue.issuer = b.alice;
    issue.issue_to_account = b.alice;
    issue.asset_to_issue = {1, b.gold};
    cases.emplace_back("another's asset", signed_by(issue));
    vesting_balance_withdraw withdraw;
    withdraw.owner = b.alice;
    withdraw.amount = {5'000, core_asset};
    cases.emplace_back("not vested", signed_by(withdraw));
    account_upgrade upgrade;
    upgrade.account_to_upgrade = b.alice;
    upgrade.upgrade_to_lifetime_member = true;
    cases.emplace_back("upgraded already", signed_by(upgrade));
    asset_create no_symbol;
    no_symbol.issuer = b.alice;
    no_symbol.symbol = "gold";
    no_symbol.common_options.core_exchange_rate = {{1, core_asset}, {1, asset_id(1)}};
    cases.emplace_back("no symbol", signed_by(no_symbol));
    // What each is told, without "Execution error: "; of one that goes on with the operation, the begin.
    std::map<std::string, std::string> const expected{
        {"duplicate",
         "3030001 duplicate_transaction duplicate transaction: Transaction '#' is already in the database"},
        {"another's key",
         "4010001 tx_missing_active_auth missing required active authority: Missing Active Authority #"},
        {"no signature",
         "4010001 tx_missing_active_auth missing required active authority: Missing Active Authority #"},
        {"superfluous", "4010004 tx_irrelevant_sig irrelevant signature included: Unnecessary signature(s) detected"},
        {"twice", "4010005 tx_duplicate_sig duplicate signature included: Duplicate Signature detected"},
        {"not canonical", "10 assert_exception Assert Exception: is_canonical( c ): signature is not canonical"},
        {"owner needed", "4010002 tx_missing_owner_auth missing required owner authority: Missing Owner Authority #"},
        {"expired", "10 assert_exception Assert Exception: now <= trx.expiration: "},
        {"too far", "10 assert_exception Assert Exception: trx.expiration <= now + "
                    "chain_parameters.maximum_time_until_expiration: "},
        {"TaPoS", "10 assert_exception Assert Exception: trx.ref_block_prefix == "
                  "tapos_block_summary.block_id._hash[#].value(): "},
        {"balance", "10 assert_exception Assert Exception: insufficient_balance: Insufficient Balance: # BTS, unable "
                    "to transfer '# BTS' from account 'NAME' to 'NAME' Unable to transfer # BTS from NAME to NAME"},
        {"fee", "4010007 insufficient_fee insufficient fee: Insufficient Fee Paid"},
        {"negative fee", "10 assert_exception Assert Exception: fee.amount >= #: "},
        {"nothing", "10 assert_exception Assert Exception: amount.amount > #: "},
        {"oneself", "10 assert_exception Assert Exception: from != to: "},
        {"no operations",
         "10 assert_exception Assert Exception: operations.size() > #: A transaction must have at least one operation"},
        {"no such account", "10 assert_exception Assert Exception: maybe_found != nullptr: Unable to find Object #"},
        {"no such asset", "10 assert_exception Assert Exception: maybe_found != nullptr: Unable to find Object #"},
        {"too large",
         "10 assert_exception Assert Exception: head_block_time() <= HARDFORK_CORE_1573_TIME || trx.get_packed_size() "
         "<= chain_parameters.maximum_transaction_size: Transaction exceeds maximum transaction size."},
        {"committee", "4010006 invalid_committee_approval committee account cannot directly approve transaction: "
                      "Committee account may only propose transactions"},
        {"virtual", "10 assert_exception Assert Exception: !\"virtual operation\": "},
        {"no such order",
         "3050201 limit_order_cancel_nonexist_order Order does not exist: Limit order # does not exist"},
        {"another's order", "3050202 limit_order_cancel_owner_mismatch Order owned by someone else: Limit order # is "
                            "owned by someone else"},
        {"fill or kill",
         "3050101 limit_order_create_kill_unfilled Killing limit order due to unable to fill: Killing limit order "},
        {"no lifetime member", "10 assert_exception Assert Exception: fee_paying_account->is_lifetime_member(): Only "
                               "Lifetime members may register an account."},
        {"name taken", "10 assert_exception Assert Exception: current_account_itr == "
                       "acnt_indx.indices().get<by_name>().end(): Account 'NAME' already exists."},
        {"no name", "10 assert_exception Assert Exception: is_valid_name( name ): "},
        {"impossible", "10 assert_exception Assert Exception: !active.is_impossible(): cannot create an account with "
                       "an impossible active authority threshold"},
        {"nobody", "10 assert_exception Assert Exception: active.num_auths() != #: "},
        {"no such proposal", "10 assert_exception Assert Exception: maybe_found != nullptr: Unable to find Object #"},
        {"wrong preimage", "10 assert_exception Assert Exception: htlc_obj->conditions.hash_lock.preimage_hash.visit( "
                           "vtor ): Provided preimage does not generate correct hash."},
        {"another's asset", "10 assert_exception Assert Exception: o.issuer == a.issuer: "},
        {"not vested", "10 assert_exception Assert Exception: vbo.is_withdraw_allowed( now, op.amount ): "},
        {"upgraded already",
         "10 assert_exception Assert Exception: !account->is_lifetime_member():  Unable to upgrade account 'NAME'"},
        {"no symbol", "10 assert_exception Assert Exception: is_valid_symbol(symbol): "},
    };
    CHECK(expected.size() == cases.size());
    for (auto const& [name, refused] : cases)
    {
        CAPTURE(name);
        auto const text = c.ask(network_broadcast::broadcast_transaction(refused));
        auto const error = member(text, "error");
        REQUIRE_MESSAGE(!error.empty(), text);
        std::string const words = std::string(member(error, "code")) + ' ' +
                                  string_value(member(member(error, "data"), "name")).value_or("") + ' ' +
                                  without_names(string_value(member(error, "message")).value_or(""));
        CHECK_MESSAGE(known.contains(words), words);
        std::string own = words;
        if (auto const at = own.find("Execution error: "); at != own.npos)
            own.erase(at, 17);
        CHECK((name == "fill or kill" ? own.substr(0, expected.at(name).size()) : own) == expected.at(name));
        CHECK(kind_of(member(member(error, "data"), "stack")) == json_kind::array);
    }
    CHECK(b.chain.pending().size() == 1);
}

TEST_CASE(
    "testing/chain: with a callback or synchronously, a client learns where its transaction is; notices come first")
{
    busy_chain b;
    frame_client c(b.chain);
    c.ask(database::set_block_applied_callback(11));
    c.ask(database::set_pending_transaction_callback(12));
    auto const first = b.chain.sign({transfer_of(b.alice, b.bob, 1)}, {&b.alice_key});
    auto const second = b.chain.sign({transfer_of(b.alice, b.bob, 2)}, {&b.alice_key});
    CHECK(c.ask(network_broadcast::broadcast_transaction_with_callback(16, first)) == R"({"id":1,"result":null})");
    CHECK_FALSE(c.send(network_broadcast::broadcast_transaction_synchronous(second)));
    CHECK(c.notices(12).size() == 2);
    CHECK(from_json<signed_transaction>(c.notices(12)[0]).value() == first);
    c.said.clear();
    auto const block = b.chain.produce_block();
    REQUIRE(c.said.size() == 3);
    CHECK(c.notices(11) == std::vector<std::string>{to_json(id_of(block))});
    auto const one = from_json<transaction_confirmation>(c.notices(16).at(0)).value();
    CHECK(one.id == id_of(first).value());
    CHECK(one.block_num == block_num_of(block));
    CHECK(one.trx_num == 0);
    CHECK(one.trx.operation_results.size() == 1);
    auto const two = from_json<transaction_confirmation>(member(c.said.back().frames.at(0), "result")).value();
    CHECK(member(c.said.back().frames.at(0), "id") == "1");
    CHECK(two.id == id_of(second).value());
    CHECK(two.trx_num == 1);
    CHECK(static_cast<signed_transaction const&>(two.trx) == second);
    c.said.clear();
    b.chain.produce_block();
    CHECK(c.said.size() == 1); // once is enough
}

TEST_CASE("testing/chain: subscribers are told of new, changed and removed objects as the recorded ones were")
{
    busy_chain b;
    frame_client c(b.chain);
    c.ask(database::set_subscribe_callback(13, false));
    c.ask(database::get_objects({any_object_id(2, 1, 0)}, true));
    b.chain.produce_block();
    // nothing of interest: what was asked for alone
    REQUIRE(c.notices(13).size() == 1);
    CHECK(member(array_items(c.notices(13)[0]).value().at(0), "id") == "\"2.1.0\"");
    CHECK(array_items(c.notices(13)[0]).value().size() == 1);
    c.said.clear();

    c.ask(database::get_full_accounts({"alice"}, true));
    auto const carol = b.chain.create_account("carol");
    b.chain.produce_block();
    CHECK(c.notices(13).size() == 1); // does not concern alice
    c.said.clear();

    auto const ids = [](std::string const& list) {
        std::set<std::string> found;
        auto const items = array_items(list).value();
        for (auto const item : items)
            found.insert(string_value(kind_of(item) == json_kind::string ? item : member(item, "id")).value());
        return found;
    };
    b.act(b.bob, {transfer_of(b.bob, b.alice, 5)});
    b.chain.produce_block();
    auto told = c.notices(13);
    REQUIRE(told.size() == 2); // new, then changed
    auto const created = ids(told[0]);
    CHECK(created.size() == 4); // 1.11.x, two of 2.9, 2.7.x
    auto const changed = ids(told[1]);
    for (std::string const& id : {"2.6." + std::to_string(b.alice.instance), "2.6." + std::to_string(b.bob.instance),
                                  std::string("2.1.0"), std::string("2.5.1")})
        CHECK_MESSAGE(changed.contains(id), id);
    CHECK(std::any_of(changed.begin(), changed.end(), [](auto const& id) { return id.starts_with("1.6."); }));
    CHECK(std::any_of(changed.begin(), changed.end(), [](auto const& id) { return id.starts_with("2.8."); }));
    c.said.clear();

    // markets: fills as pairs, orders, ids of those gone
    c.ask(database::subscribe_to_market(14, "GOLD", "BTS"));
    limit_order_create order;
    order.seller = b.alice;
    order.amount_to_sell = {100, core_asset};
    order.min_to_receive = {1, b.gold};
    b.act(b.alice, {order});
    b.chain.produce_block();
    auto const market = c.notices(14);
    REQUIRE(market.size() == 2);
    CHECK(market[0].starts_with("[[[4,{\"fee\":"));
    CHECK(array_items(market[0]).value().size() == 2);
    CHECK(ids(market[1]).size() == 1); // the maker's; the new one is filled
    c.said.clear();
    limit_order_cancel cancel;
    cancel.fee_paying_account = b.bob;
    cancel.order = limit_order_id(0);
    b.act(b.bob, {cancel});
    b.chain.produce_block();
    CHECK(c.notices(14) == std::vector<std::string>{R"(["1.7.0"])"});
    CHECK(c.notices(13).size() == 1); // of bob: only what was asked for
    c.said.clear();
    c.ask(database::cancel_all_subscriptions());
    b.chain.produce_block();
    CHECK(c.said.empty());
    CHECK(carol.instance > b.bob.instance);
}

TEST_CASE(
    "testing/chain: broadcasts can be lost, held, answered late or not at all, refused, or the connection dropped")
{
    busy_chain b;
    frame_client c(b.chain);
    broadcast_fault fault;
    b.chain.on_broadcast([&](signed_transaction const&) { return fault; });
    std::int64_t amount = 0;
    auto const next = [&] { return b.chain.sign({transfer_of(b.alice, b.bob, ++amount)}, {&b.alice_key}); };

    fault.effect = broadcast_effect::lose;
    auto const lost = next();
    CHECK(c.ask(network_broadcast::broadcast_transaction(lost)) == R"({"id":1,"result":null})");
    b.chain.produce_block();
    CHECK_FALSE(b.chain.find(id_of(lost).value()));
    CHECK(c.result(database::get_recent_transaction_by_id(id_of(lost).value())) == "null");

    fault.effect = broadcast_effect::hold;
    auto const held = next();
    CHECK(c.ask(network_broadcast::broadcast_transaction(held)) == R"({"id":1,"result":null})");
    b.chain.produce_block();
    CHECK_FALSE(b.chain.find(id_of(held).value()));
    CHECK(b.chain.release_held() == 1);
    auto const block = b.chain.produce_block();
    CHECK(b.chain.find(id_of(held).value()) == transaction_place{block_num_of(block), 0});
    CHECK(b.chain.release_held() == 0);

    fault = {};
    fault.answer = broadcast_answer::withhold;
    auto const silent = next();
    CHECK_FALSE(c.send(network_broadcast::broadcast_transaction(silent)));
    CHECK(c.said.empty());
    b.chain.produce_block();
    CHECK(b.chain.find(id_of(silent).value()));

    fault.answer = broadcast_answer::close;
    fault.delay = std::chrono::milliseconds(5);
    auto const cut = next();
    CHECK_FALSE(c.send(network_broadcast::broadcast_transaction(cut)));
    REQUIRE(c.said.size() == 1);
    CHECK(c.said[0].drop);
    CHECK(c.said[0].frames.empty());
    CHECK(c.said[0].delay == std::chrono::milliseconds(5));
    CHECK(b.chain.pending() == std::vector<transaction_id>{id_of(cut).value()});
    c.said.clear();

    fault.answer = broadcast_answer::send;
    CHECK_FALSE(c.send(network_broadcast::broadcast_transaction(next())));
    REQUIRE(c.said.size() == 1);
    CHECK(c.said[0].frames == std::vector<std::string>{R"({"id":1,"result":null})"});
    CHECK(c.said[0].delay == std::chrono::milliseconds(5));

    fault = {};
    fault.refuse = node_error(10, "Execution error: out of humour", "assert_exception");
    auto const said = c.ask(network_broadcast::broadcast_transaction(next()));
    auto const error = member(said, "error");
    CHECK(member(error, "message") == "\"Execution error: out of humour\"");
    b.chain.drop_pending();
    CHECK(b.chain.pending().empty());
}

TEST_CASE("testing/chain: every notice has the recorded notices' members and types")
{
    // the recorded session's numbers: 11 blocks, 12 pending, 13 objects, 14 a market, 16 a broadcast's callback
    std::map<std::string, shapes> expected;
    std::istringstream lines(read_recording_file(recordings::directory() + "/notices.jsonl").value());
    for (std::string line; std::getline(lines, line);)
    {
        auto const text = string_value(member(line, "frame"));
        if (!text || member(*text, "method") != "\"notice\"" || member(line, "session") != "1")
            continue;
        auto const params = array_items(member(*text, "params")).value();
        add_shape(expected[std::string(params.at(0))], "", params.at(1));
    }
    REQUIRE(expected["14"].size() > 10);

    busy_chain b;
    frame_client c(b.chain);
    c.ask(database::set_block_applied_callback(11));
    c.ask(database::set_pending_transaction_callback(12));
    c.ask(database::set_subscribe_callback(13, false));
    c.ask(database::subscribe_to_market(14, "GOLD", "BTS"));
    c.ask(database::get_full_accounts({"alice", "bob"}, true));
    limit_order_create order;
    order.seller = b.alice;
    order.amount_to_sell = {100, core_asset};
    order.min_to_receive = {1, b.gold};
    limit_order_cancel cancel;
    cancel.fee_paying_account = b.bob;
    cancel.order = limit_order_id(0);
    c.ask(network_broadcast::broadcast_transaction_with_callback(16, b.chain.sign({order, order}, {&b.alice_key})));
    b.act(b.bob, {cancel});
    b.chain.produce_block();
    b.act(b.alice, {transfer_of(b.alice, b.bob, 1)});
    b.chain.advance(std::chrono::hours(1)); // the first transactions expire
    b.chain.produce_blocks(2);
    std::map<std::string, int> seen;
    for (auto const& reply : c.said)
        for (auto const& text : reply.frames)
        {
            auto const params = array_items(member(text, "params")).value();
            std::string const callback(params.at(0));
            ++seen[callback];
            shapes own;
            add_shape(own, "", params.at(1));
            shapes recorded_here = expected[callback];
            recorded_here.insert(recorded().objects.begin(), recorded().objects.end());
            CHECK_MESSAGE(differences(recorded_here, own) == "", text.substr(0, 2'000));
        }
    CHECK(seen.size() == 5);
    CHECK(seen["11"] == 3);
    CHECK(seen["13"] >= 6);
}

TEST_CASE("testing/chain: the same seed makes the same blocks, another seed another chain")
{
    auto const run = [](std::uint64_t seed) {
        chain c(chain_options{.seed = seed});
        auto const alice = c.create_account("alice", 1'000'000'000);
        c.fund(alice, {5, core_asset});
        c.advance(std::chrono::seconds(20));
        c.produce_blocks(5);
        return to_json(c.network().chain_id) + to_json(*c.block(5));
    };
    CHECK(run(1) == run(1));
    CHECK(run(1) != run(2));
    chain c;
    auto const before = c.head_time();
    c.produce_block();
    c.advance(std::chrono::seconds(20));
    c.produce_block();
    CHECK(c.head_time().seconds == before.seconds + 3 + 21 + 3);
    c.produce_until_irreversible(2);
    CHECK(c.last_irreversible_block_num() >= 2);
    CHECK_THROWS_AS(c.create_account("bank"), node_refused);
    CHECK_THROWS_AS(c.create_account("Bank"), node_refused);
}

TEST_CASE("testing/chain: a market's fills, the newest first, and without those of blocks that were undone")
{
    busy_chain b;
    auto const fills = [&](std::string_view one, std::string_view other, std::uint32_t limit) {
        auto const text = b.chain.answer(frame(history::get_fill_order_history(one, other, limit)));
        return from_json<std::vector<order_history_object>>(member(text, "result")).value();
    };
    auto const trade = [&](std::int64_t gold) {
        limit_order_create order;
        order.seller = b.bob;
        order.amount_to_sell = {gold, b.gold};
        order.min_to_receive = {gold * 100, core_asset};
        b.act(b.bob, {order});
        std::swap(order.amount_to_sell, order.min_to_receive);
        order.seller = b.alice;
        b.act(b.alice, {order});
    };
    auto const before = fills("BTS", "GOLD", 100);
    std::size_t const n = before.size();
    REQUIRE(n >= 2);
    trade(30);
    trade(70);
    std::uint32_t const number = block_num_of(b.chain.produce_block());
    auto const after = fills("BTS", "GOLD", 100);
    REQUIRE(after.size() == n + 4);
    CHECK(std::equal(before.begin(), before.end(), after.begin() + 4));
    for (std::size_t i = 0; i < after.size(); ++i)
    {
        CHECK(after[i].key == history_key{core_asset, b.gold, -static_cast<std::int64_t>(after.size() - 1 - i)});
        CHECK(after[i].op.is_maker == (i % 2 == 0)); // the taker's is written before it
    }
    CHECK(after[0].time == b.chain.head_time());
    CHECK(after[1].op.account_id == b.alice);
    CHECK(after[1].op.receives == asset{70, b.gold});
    CHECK(after[0].op.account_id == b.bob);
    CHECK(after[0].op.pays == asset{70, b.gold});
    // As the operations are that the chain made for them.
    auto const made =
        from_json<std::vector<operation_history_object>>(
            member(b.chain.answer(frame(history::get_block_operation_history(number, std::nullopt))), "result"))
            .value();
    auto fill = after.rend() - 4;
    for (auto const& entry : made)
        if (auto const* const op = entry.op.get_if<fill_order>())
        {
            REQUIRE(fill != after.rend());
            CHECK((fill++)->op == *op);
        }
    CHECK(fill == after.rend());

    CHECK(fills("GOLD", "BTS", 100) == after);
    CHECK(fills("1.3.0", "GOLD", 3) == std::vector(after.begin(), after.begin() + 3));
    CHECK(fills("BTS", "GOLD", 0).empty());
    CHECK(fills("GOLD", "GOLD", 100).empty());
    CHECK(b.chain.answer(frame(history::get_fill_order_history("BTS", "NOSUCH", 20))).find("no such asset") !=
          std::string::npos);
    CHECK(b.chain.object(after[0].id) == to_json(after[0]));

    b.chain.undo_blocks(1, false);
    CHECK(fills("BTS", "GOLD", 100) == before);
    trade(50);
    b.chain.produce_block();
    auto const other = fills("BTS", "GOLD", 100);
    REQUIRE(other.size() == n + 2);
    CHECK(other[0].key.sequence == -static_cast<std::int64_t>(n + 1));
    CHECK(std::equal(before.begin(), before.end(), other.begin() + 2));
}

TEST_CASE("testing/chain: a block of one chain is taken by another of the same options")
{
    chain a;
    chain b;
    a.create_account("alice", 5'000'000);
    auto const block = a.produce_block();
    CHECK(b.push_block(block).has_value());
    CHECK(b.account("alice").has_value());
    CHECK(b.object(any_object_id(2, 1, 0)) == a.object(any_object_id(2, 1, 0)));
    auto const again = b.push_block(block);
    REQUIRE_FALSE(again.has_value());
    CHECK(again.error() == node_errc::unlinkable_block_exception);
    CHECK(again.error().message() == "Execution error: unlinkable block: block does not link to known chain");
    auto const undone = b.undo_blocks(1);
    CHECK(undone == std::vector<signed_block>{block});
    CHECK(b.pending().size() == 2);
}

TEST_CASE("testing/chain: blocks on the wall clock, while others ask")
{
    chain c;
    c.start_producing(std::chrono::milliseconds(2));
    std::uint32_t before = 0;
    for (int i = 0; i < 2'000 && c.head_block_num() < 20; ++i)
    {
        CHECK(c.head_block_num() >= before);
        before = c.head_block_num();
        c.answer(frame(database::get_dynamic_global_properties()));
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    c.stop_producing();
    CHECK(c.head_block_num() >= 20);
    std::uint32_t const at_end = c.head_block_num();
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    CHECK(c.head_block_num() == at_end);
}

TEST_CASE("testing/chain: blocks when they are needed, until what was broadcast is irreversible or proven absent")
{
    chain c;
    auto const alice = c.create_account("alice", 100'000'000'000);
    auto const key = c.key("alice");
    c.produce_blocks(20);
    c.start_producing(std::chrono::milliseconds(1), block_production::when_needed);
    auto const wait_until = [](auto condition) {
        auto const end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (!condition() && std::chrono::steady_clock::now() < end)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        return condition();
    };
    auto const stands_still = [&] {
        auto const before = c.head_block_num();
        std::this_thread::sleep_for(std::chrono::milliseconds(30));
        return c.head_block_num() == before;
    };
    CHECK(stands_still());
    CHECK(c.head_block_num() == 20);
    transfer op;
    op.from = alice;
    op.amount = {1, core_asset};
    auto const tx = c.sign({op}, {&key});
    REQUIRE(c.push(tx).has_value());
    auto const id = id_of(tx).value();
    CHECK(wait_until([&] {
        auto const place = c.find(id);
        return place && place->block_num <= c.last_irreversible_block_num();
    }));
    CHECK(wait_until(stands_still));
    CHECK(c.head_block_num() < 20 + 15); // 11 witnesses

    // One that is taken, and lost.
    c.on_broadcast([](signed_transaction const&) {
        return broadcast_fault{broadcast_effect::lose, broadcast_answer::send, {}, {}};
    });
    op.amount.amount = 2;
    auto const lost = c.sign({op}, {&key});
    c.answer(frame(network_broadcast::broadcast_transaction(lost)));
    CHECK(wait_until([&] { return c.block(c.last_irreversible_block_num())->timestamp > lost.expiration; }));
    CHECK(wait_until(stands_still));
    CHECK_FALSE(c.find(id_of(lost).value()));
}

TEST_CASE("testing/chain: a node serves it; notices come before answers, and connections go while blocks are made")
{
    auto const served = std::make_shared<chain>();
    auto const alice = served->create_account("alice", 100'000'000'000);
    auto const key = served->key("alice");
    served->produce_block();
    node n(served);
    {
        raw_websocket client(n.port());
        CHECK(client.ask(frame(database::set_pending_transaction_callback(12))) == R"({"id":1,"result":null})");
        CHECK(client.ask(frame(database::set_block_applied_callback(11))) == R"({"id":1,"result":null})");
        auto const tx = served->sign({transfer_of(alice, reserved_accounts::null, 1)}, {&key});
        client.send(frame(network_broadcast::broadcast_transaction(tx), 2));
        CHECK(member(client.read().value().payload, "params").starts_with("[12,[{\"ref_block_num\""));
        CHECK(client.read().value().payload == R"({"id":2,"result":null})");
        auto const late = served->sign({transfer_of(alice, reserved_accounts::null, 2)}, {&key});
        client.send(frame(network_broadcast::broadcast_transaction_synchronous(late), 3));
        CHECK(member(client.read().value().payload, "params").starts_with("[12,"));
        auto const block = served->produce_block();
        CHECK(client.read().value().payload == R"({"method":"notice","params":[11,[)" + to_json(id_of(block)) + "]]}");
        auto const confirmation = client.read().value().payload;
        CHECK(member(confirmation, "id") == "3");
        CHECK(member(member(confirmation, "result"), "trx_num") == "1");

        broadcast_fault fault;
        fault.answer = broadcast_answer::close;
        served->on_broadcast([&](signed_transaction const&) { return fault; });
        auto const cut = served->sign({transfer_of(alice, reserved_accounts::null, 3)}, {&key});
        client.send(frame(network_broadcast::broadcast_transaction(cut), 4));
        std::string last;
        while (auto const more = client.read())
            last = more->payload;
        CHECK(last.find("\"id\":4") == std::string::npos);
        CHECK(served->pending() == std::vector<transaction_id>{id_of(cut).value()});
        served->on_broadcast({});
    }
    served->start_producing(std::chrono::milliseconds(1));
    for (int round = 0; round < 4; ++round)
    {
        std::vector<std::thread> clients;
        for (int i = 0; i < 3; ++i)
            clients.emplace_back([&n] {
                try
                {
                    raw_websocket client(n.port());
                    client.send(frame(database::set_block_applied_callback(11)));
                    client.send(frame(database::set_subscribe_callback(13, true)));
                    for (int k = 0; k < 20 && client.read(); ++k)
                    {
                    }
                }
                catch (std::exception const&)
                { // the node has stopped
                }
            });
        std::this_thread::sleep_for(std::chrono::milliseconds(15));
        if (round % 2 == 1)
            n.stop();
        for (auto& thread : clients)
            thread.join();
        n.start();
    }
    served->stop_producing();
}

TEST_CASE("testing/chain: unknown methods and APIs, too few and wrong arguments")
{
    chain c;
    auto const ask = [&](std::string const& params) {
        return c.answer("{\"id\":7,\"method\":\"call\",\"params\":[" + params + "]}");
    };
    CHECK(ask(R"("database","no_such_method",[])").find(R"("error":{"code":-32601,"message":"Method not found")") !=
          std::string::npos);
    CHECK(ask(R"("database","get_ticker",["BTS","GOLD"])").find("-32601") != std::string::npos);
    CHECK(ask(R"("no_such_api","x",[])").find("-32601") != std::string::npos);
    CHECK(ask(R"("database","get_block",[])").find("too few arguments passed to method") != std::string::npos);
    CHECK(ask(R"("database","get_block",[{}])").find("\"code\":7,") != std::string::npos);
    CHECK(ask(R"("database","get_account_balances",["nobody",[]])").find("account_ptr: no such account") !=
          std::string::npos);
    CHECK(ask(R"("database","get_account_balances",["1.3.0",[]])").find("doesn't match expected value") !=
          std::string::npos);
    CHECK(ask(R"("database","get_limit_orders",["BTS","NOSUCH",5])").find("asset_ptr: no such asset") !=
          std::string::npos);
    CHECK(ask(R"("database","lookup_accounts",["",5000])").find("limit can not be greater than 1000") !=
          std::string::npos);
    CHECK(ask(R"("database","get_transaction",[99,0])").find("opt_block: ") != std::string::npos);
    CHECK(ask(R"(0,"get_chain_id",[])") == "{\"id\":7,\"result\":" + to_json(c.network().chain_id) + "}");
    CHECK(c.answer("{") != "");
    CHECK(c.answer(R"({"method":"call","params":[0,"get_chain_id",[]]})").empty());
}
