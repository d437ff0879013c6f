#include "support/recordings.hpp"
#include "support/vectors.hpp"

#include <bitshares/base/hex.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/protocol/transaction.hpp>
#include <bitshares/tx/fees.hpp>

#include <doctest/doctest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

using namespace bitshares;
using test::json_value;

namespace {

// All parameters, with the values of a new chain.
fee_schedule const& default_schedule()
{
    static fee_schedule const schedule = [] {
        fee_schedule s;
        std::vector<fee_parameters> all;
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            (all.emplace_back(fee_parameters::variant(std::in_place_index<I>)), ...);
        }(std::make_index_sequence<operation_count>());
        for (fee_parameters& p : all)
            s.parameters.insert(std::move(p));
        return s;
    }();
    return schedule;
}

std::int64_t price_of(operation const& op, fee_schedule const& schedule = default_schedule())
{
    auto const fee = required_fee(op, schedule);
    REQUIRE_MESSAGE(fee.has_value(), fee.error().message());
    CHECK(fee->asset_id == core_asset);
    return fee->amount;
}

memo_data memo_of(std::size_t bytes_of_text)
{
    memo_data memo;
    memo.message.resize(bytes_of_text);
    return memo;
}

account_create account_named(std::string name)
{
    account_create op;
    op.name = std::move(name);
    for (authority* a : {&op.owner, &op.active})
        a->key_auths = {{public_key{}, std::uint16_t{1}}};
    return op;
}

asset_create asset_named(std::string symbol)
{
    asset_create op;
    op.symbol = std::move(symbol);
    return op;
}

// The number behind the first "= " of a line.
std::int64_t number_in(std::string const& line, std::string const& behind)
{
    auto const at = line.find(behind);
    REQUIRE(at != std::string::npos);
    return std::stoll(line.substr(at + behind.size()));
}

// As the node prints them: an asset; [asset, [...]] for a proposal.
void print(operation_fee const& fee, std::string& out)
{
    std::string const own = to_json(fee.fee);
    if (!fee.proposed)
    {
        out += own;
        return;
    }
    out += '[' + own + ",[";
    for (std::size_t i = 0; i < fee.proposed->size(); ++i)
    {
        if (i > 0)
            out += ',';
        print((*fee.proposed)[i], out);
    }
    out += "]]";
}

std::string print(std::vector<operation_fee> const& fees)
{
    std::string out = "[";
    for (std::size_t i = 0; i < fees.size(); ++i)
    {
        if (i > 0)
            out += ',';
        print(fees[i], out);
    }
    return out + ']';
}

// What a chain costs, and at which rates its assets pay.
struct prices
{
    fee_schedule schedule;
    std::map<std::string, price> rates; // by id and by symbol

    prices(testing::recording const& recording, json_value const& parameters)
        : schedule(from_json<fee_schedule>(parameters["current_fees"].dump()).value())
    {
        for (auto const& [id, text] : recording.objects)
        {
            if (!id.starts_with("1.3."))
                continue;
            auto const object = json_value::parse(text);
            auto const rate = from_json<price>(object["options"]["core_exchange_rate"].dump()).value();
            rates[id] = rates[object["symbol"].text()] = rate;
        }
    }
};

struct tally
{
    std::size_t answers = 0, operations = 0, proposals = 0, refused = 0;
    std::set<std::uint64_t> types;
    std::set<std::string> assets;

    void compare(prices const& chain, json_value const& request, json_value const& response)
    {
        json_value const& arguments = request["params"][2];
        if (response.find("error"))
        {
            ++refused; // no such asset, or no operations
            return;
        }
        std::vector<operation> ops;
        for (json_value const& op : arguments[0].array())
            ops.push_back(from_json<operation>(op.dump(), {.mode = json_mode::lenient}).value());
        std::string const asset = arguments[1].text();
        REQUIRE_MESSAGE(chain.rates.contains(asset), asset);
        auto const fees = required_fees(ops, chain.schedule, chain.rates.at(asset));
        REQUIRE_MESSAGE(fees.has_value(), fees.error().message());
        CHECK(print(*fees) == response["result"].dump());
        ++answers;
        operations += ops.size();
        for (operation const& op : ops)
        {
            types.insert(op.tag());
            proposals += op.get_if<proposal_create>() != nullptr;
        }
        assets.insert(asset);
    }
};

std::string name_of(testing::recording const& recording)
{
    return recording.directory.filename().string();
}

} // namespace

TEST_CASE("tx/fees: the core library's own fees")
{
    std::vector<std::string> lines;
    for (json_value const& line : vectors::file("crypto.json")["lines_fees_keys_wallet_stealth"].array())
        lines.push_back(line.text());
    auto const line = [&](std::string const& begin) {
        for (std::string const& l : lines)
            if (l.starts_with(begin))
                return l;
        FAIL("no line " << begin);
        return std::string();
    };
    std::size_t compared = 0;
    auto const same = [&](std::string const& begin, operation const& op) {
        std::string const l = line(begin);
        CHECK_MESSAGE(price_of(op) == number_in(l, "= "), l);
        if (auto const packed = pack(op); l.find("packsize ") != std::string::npos)
            CHECK_MESSAGE(static_cast<std::int64_t>(packed.value().size()) - 1 == number_in(l, "packsize "), l);
        ++compared;
    };
    transfer with_memo;
    with_memo.memo = memo_of(16);
    same("fee transfer =", transfer{});
    same("fee transfer+memo(5 chars)", with_memo);
    same("fee account_create premium alice", account_named("alice"));
    same("fee account_create cheap alice-1", account_named("alice-1"));
    same("fee account_create xyz", account_named("xyz"));
    same("fee account_create bcd", account_named("bcd"));
    same("fee asset_create ABC", asset_named("ABC"));
    same("fee ABCD =", asset_named("ABCD"));
    same("fee ABCDE =", asset_named("ABCDE"));
    same("fee sub asset", asset_named("ABC.DEF"));
    same("fee asset_issue no memo", asset_issue{});
    htlc_create lock;
    lock.claim_period_seconds = 86'401;
    same("fee htlc_create 86401s", lock);
    htlc_redeem redeem;
    redeem.preimage.resize(1'025);
    same("fee htlc_redeem 1025B", redeem);
    same("fee ticket_create", ticket_create{});
    same("fee custom_authority_create", custom_authority_create{});
    proposal_create proposal;
    proposal.proposed_ops.push_back({transfer{}});
    same("fee proposal_create", proposal);
    bitshares::assert three;
    three.predicates.resize(3);
    same("fee assert 3 predicates", three);

    for (bool const core_is_base : {true, false})
    {
        asset const seven{7, core_asset}, three_of_it{3, asset_id{5}};
        price const rate = core_is_base ? price{seven, three_of_it} : price{three_of_it, seven};
        operation op = transfer{};
        auto const fee = set_fee(op, default_schedule(), rate);
        std::string const l = line(core_is_base ? "set_fee CER base 7 core" : "set_fee CER base 3 of 1.3.5");
        CHECK(to_json(fee.value()) == l.substr(l.find('{')));
        CHECK(op.fee() == *fee);
        ++compared;
    }
    fee_schedule scaled = default_schedule();
    scaled.scale = 12'345;
    CHECK(price_of(transfer{}, scaled) == number_in(line("scale 12345"), "transfer "));
    fee_schedule const none;
    std::string const missing = line("missing param");
    CHECK(price_of(limit_order_create{}, none) == number_in(missing, "-> "));
    CHECK(price_of(bid_collateral{}, none) == number_in(missing, "bid "));
    compared += 3;
    MESSAGE(compared << " fees");
    REQUIRE(compared == 22);
}

TEST_CASE("tx/fees: what recorded nodes ask for each operation")
{
    for (auto const* recording : {&recordings::main_chain(), &recordings::chain_c()})
    {
        bool const is_main = recording == &recordings::main_chain();
        // The committee changed the fees in the course of each recording.
        prices const at_end(*recording, json_value::parse(recording->objects.at("2.0.0"))["parameters"]);
        std::string const genesis = testing::read_recording_file(recording->directory / "genesis.json").value();
        prices const at_begin(*recording, json_value::parse(genesis)["initial_parameters"]);
        std::uint64_t const changed_at = is_main ? 309 : 114; // heads with the new fees
        tally by_block, live, rpc;
        std::string const folder = recording->directory.string();
        auto const blocks = json_value::parse(testing::read_recording_file(folder + "/blocks.json").value());
        for (json_value const& block : blocks.array())
            for (json_value const& tx : block["transactions"].array())
                by_block.compare(at_end, json_value::parse(tx["get_required_fees"]["request"].text()),
                                 json_value::parse(tx["get_required_fees"]["response"].text()));
        std::string const text = testing::read_recording_file(folder + "/transactions_live.jsonl").value();
        for (std::size_t begin = 0, end; begin < text.size(); begin = end + 1)
        {
            end = std::min(text.find('\n', begin), text.size());
            if (end == begin)
                continue;
            auto const line = json_value::parse(std::string_view(text).substr(begin, end - begin));
            CAPTURE(line["head_block"].text());
            live.compare(line["head_block"].as_uint() < changed_at ? at_begin : at_end,
                         json_value::parse(line["get_required_fees"]["request"].text()),
                         json_value::parse(line["get_required_fees"]["response"].text()));
        }
        for (auto const& call : recording->calls)
            if (call.request.find("\"get_required_fees\"") != std::string::npos && call.kind != "none")
            {
                auto const request = json_value::parse(call.request);
                if (request.is_object() && request["params"][1].text() == "get_required_fees")
                    rpc.compare(at_end, request, json_value::parse(call.response));
            }
        for (auto const& [name, t] : {std::pair{std::string("blocks"), &by_block}, {"live", &live}, {"rpc", &rpc}})
            MESSAGE(name_of(*recording) << ", " << name << ": " << t->answers << " answers, " << t->operations
                                        << " operations of " << t->types.size() << " types, " << t->proposals
                                        << " proposals, " << t->assets.size() << " assets; " << t->refused
                                        << " refused");
        REQUIRE(by_block.answers == (is_main ? 535 : 76));
        REQUIRE(live.answers == (is_main ? 305 : 75));
        REQUIRE(by_block.types.size() >= (is_main ? 60 : 10));
        REQUIRE(by_block.proposals >= (is_main ? 5 : 1));
        if (is_main)
        {
            REQUIRE(rpc.answers >= 200);
            REQUIRE(rpc.assets.size() >= 4);
            REQUIRE(rpc.types.size() >= 60);
        }
    }
}

TEST_CASE("tx/fees: parameters that a schedule lacks are a sibling's, or those of a new chain")
{
    auto const with = [](fee_parameters p) {
        fee_schedule s;
        s.parameters.insert(std::move(p));
        return s;
    };
    CHECK(price_of(bid_collateral{}, with(fee_parameters::of<call_order_update>({.fee = 7}))) == 7);
    CHECK(price_of(asset_update_issuer{}, with(fee_parameters::of<asset_update>({.fee = 8}))) == 8);
    CHECK(price_of(asset_claim_pool{}, with(fee_parameters::of<asset_fund_fee_pool>({.fee = 9}))) == 9);
    CHECK(price_of(bid_collateral{}, {}) == 2'000'000);
    CHECK(price_of(htlc_extend{}, {}) == 100'000);
    CHECK(price_of(bid_collateral{}, with(fee_parameters::of<bid_collateral>({.fee = 5}))) == 5);
    // The node has one price for tickets, whatever the schedule says; but that it is there makes sub-assets cheap.
    CHECK(price_of(ticket_create{}, with(fee_parameters::of<ticket_create>({.fee = 1}))) == 5'000'000);
    CHECK(price_of(ticket_update{}, with(fee_parameters::of<ticket_update>({.fee = 1}))) == 5'000'000);
    CHECK(price_of(asset_named("ABC.DEF"), {}) == 500'000'000);
    fee_schedule both = with(fee_parameters::of<ticket_create>({}));
    CHECK(price_of(asset_named("ABC.DEF"), both) == 500'000'000);
    both.parameters.insert(fee_parameters::of<account_transfer>({.fee = 11}));
    CHECK(price_of(asset_named("ABC.DEF"), both) == 11);
    CHECK(price_of(asset_named("A.B"), both) == 11); // not by its length
    htlc_create with_memo;
    with_memo.extensions.memo = memo_of(16);
    CHECK(price_of(with_memo, {}) == 100'000 + 92 * 1'000'000 / 1024); // transfer's price for data
    CHECK(price_of(with_memo, with(fee_parameters::of<transfer>({.fee = 1, .price_per_kbyte = 1024}))) == 100'092);
}

TEST_CASE("tx/fees: each formula by its parameters")
{
    fee_schedule s;
    auto const set = [&s](fee_parameters p) {
        s.parameters = {};
        s.parameters.insert(std::move(p));
    };
    account_update update;
    set(fee_parameters::of<account_update>({.fee = 5, .price_per_kbyte = 1024 * 1024}));
    CHECK(price_of(update, s) == 5);
    update.new_options.emplace();
    CHECK(price_of(update, s) == 5 + static_cast<std::int64_t>((pack(operation(update)).value().size() - 1) * 1024));
    set(fee_parameters::of<account_whitelist>({.fee = -1}));
    CHECK(required_fee(account_whitelist{}, s).error().code() == errc::value_out_of_range);
    set(fee_parameters::of<account_upgrade>({.membership_annual_fee = 3, .membership_lifetime_fee = 4}));
    account_upgrade upgrade;
    CHECK(price_of(upgrade, s) == 3);
    upgrade.upgrade_to_lifetime_member = true;
    CHECK(price_of(upgrade, s) == 4);
    set(fee_parameters::of<blind_transfer>({.fee = 5, .price_per_output = 7}));
    blind_transfer blind;
    blind.outputs.resize(3);
    CHECK(price_of(blind, s) == 26);
    set(fee_parameters::of<transfer_to_blind>({.fee = 5, .price_per_output = 7}));
    transfer_to_blind to_blind;
    to_blind.outputs.resize(2);
    CHECK(price_of(to_blind, s) == 19);
    set(fee_parameters::of<htlc_create>({.fee = 1, .fee_per_day = 10}));
    htlc_create lock;
    for (auto const& [seconds, days] : {std::pair<std::uint32_t, int>{0, 0},
                                        {1, 1},
                                        {86'400, 1},
                                        {86'401, 2},
                                        {UINT32_MAX, 0}}) // the node's 32 bits wrap around
    {
        lock.claim_period_seconds = seconds;
        CHECK(price_of(lock, s) == 1 + 10 * days);
    }
    set(fee_parameters::of<htlc_extend>({.fee = 1, .fee_per_day = 10}));
    htlc_extend extend;
    extend.seconds_to_add = 86'401;
    CHECK(price_of(extend, s) == 21);
    set(fee_parameters::of<htlc_redeem>({.fee = 1, .fee_per_kb = 10}));
    htlc_redeem redeem;
    CHECK(price_of(redeem, s) == 1);
    redeem.preimage.resize(1'024);
    CHECK(price_of(redeem, s) == 11);
    set(fee_parameters::of<custom_authority_update>({.basic_fee = 1, .price_per_byte = 10}));
    custom_authority_update custom;
    CHECK(price_of(custom, s) == 11); // the count of restrictions
    custom.new_auth.emplace();
    CHECK(price_of(custom, s) == 81);
    set(fee_parameters::of<withdraw_permission_claim>({.fee = 1, .price_per_kbyte = 1024}));
    withdraw_permission_claim claim;
    CHECK(price_of(claim, s) == 1);
    claim.memo = memo_of(0);
    CHECK(price_of(claim, s) == 1 + 76);
    CHECK(price_of(balance_claim{}, s) == 0);
    CHECK(price_of(fill_order{}, s) == 0);
}

TEST_CASE("tx/fees: bounds")
{
    fee_schedule s;
    s.parameters.insert(fee_parameters::of<limit_order_cancel>({.fee = 1'000'000'000'000'000}));
    s.parameters.insert(fee_parameters::of<samet_fund_delete>({.fee = UINT64_MAX}));
    CHECK(price_of(limit_order_cancel{}, s) == 1'000'000'000'000'000);
    CHECK(required_fee(samet_fund_delete{}, s).error().code() == errc::value_out_of_range);
    s.scale = 10'001;
    CHECK(required_fee(limit_order_cancel{}, s).error().code() == errc::value_out_of_range);
    s.scale = 1;
    CHECK(price_of(limit_order_cancel{}, s) == 100'000'000'000);
    CHECK(required_fee(samet_fund_delete{}, s).error().code() == errc::value_out_of_range);
    s.scale = 0;
    CHECK(price_of(samet_fund_delete{}, s) == 0);
    s.scale = UINT32_MAX;
    CHECK(required_fee(samet_fund_delete{}, s).error().code() == errc::value_out_of_range);
    s.scale = 10'000;
    // At a rate: rounded up, and bounded again.
    CHECK(required_fee(limit_order_cancel{}, s, {{1, core_asset}, {2, asset_id{5}}}).error().code() ==
          errc::value_out_of_range);
    CHECK(required_fee(limit_order_cancel{}, s, {{1, asset_id{4}}, {2, asset_id{5}}}).error().code() ==
          errc::invalid_price);
    CHECK(required_fee(limit_order_cancel{}, s, {{0, core_asset}, {2, asset_id{5}}}).error().code() ==
          errc::invalid_price);
    CHECK(required_fee(limit_order_cancel{}, s, {}).error().code() == errc::invalid_price);
    operation const unknown(unknown_operation{99, "{}"});
    CHECK(required_fee(unknown, s).error().code() == errc::unknown_tag);
    proposal_create proposal;
    proposal.proposed_ops.push_back({unknown});
    CHECK(required_fee(proposal, s).error().code() == errc::unknown_tag);
    std::vector<operation> const ops{transfer{}, proposal};
    auto const fees = required_fees(ops, s);
    REQUIRE_FALSE(fees.has_value());
    CHECK(fees.error().code() == errc::unknown_tag);
    CHECK(fees.error().path() == "/1/proposed_ops/0/op");
}

TEST_CASE("tx/fees: a fee that is part of the bytes paid for is set until it stays")
{
    // The amount always has eight bytes, but the asset's id grows with its number.
    fee_schedule s;
    s.parameters.insert(fee_parameters::of<custom>({.fee = 0, .price_per_kbyte = 1024}));
    price const rate{{1, core_asset}, {1, asset_id{300}}};
    operation op = custom{};
    auto const first = required_fee(op, s, rate).value();
    auto const fee = set_fee(op, s, rate).value();
    CHECK(fee.amount == first.amount + 1);
    CHECK(op.fee() == fee);
    CHECK(required_fee(op, s, rate).value() == fee);
    operation again = op;
    CHECK(set_fee(again, s, rate).value() == fee);
    CHECK(again == op);
    // Once set in the core asset, it shrinks; the largest seen is kept, as the node's wallet does.
    CHECK(set_fee(op, s).value().amount == first.amount + 1);
}

TEST_CASE("tx/fees: proposals are priced with what they propose, four deep")
{
    auto const proposing = [](std::vector<operation> ops) {
        proposal_create p;
        for (operation& op : ops)
            p.proposed_ops.push_back({std::move(op)});
        return operation(p);
    };
    operation nested = proposing({transfer{}, limit_order_create{}});
    for (int depth = 1; depth < 4; ++depth)
        nested = proposing({nested});
    auto const fees = required_fees(std::vector<operation>{transfer{}, nested}, default_schedule());
    REQUIRE_MESSAGE(fees.has_value(), fees.error().message());
    REQUIRE(fees->size() == 2);
    CHECK_FALSE(fees->at(0).proposed.has_value());
    operation_fee const* at = &fees->at(1);
    for (int depth = 0; depth < 4; ++depth)
    {
        CHECK(at->fee.amount >= 2'000'000);
        REQUIRE(at->proposed.has_value());
        REQUIRE(at->proposed->size() == (depth < 3 ? 1 : 2));
        at = &at->proposed->at(0);
    }
    CHECK(at->fee.amount == 2'000'000);
    auto const deeper = required_fees(std::vector<operation>{proposing({nested})}, default_schedule());
    REQUIRE_FALSE(deeper.has_value());
    CHECK(deeper.error().code() == errc::depth_limit);
    CHECK(deeper.error().path().starts_with("/0/proposed_ops/0/op/proposed_ops/0"));
    // Without operations a fifth one is priced: the node counts when it goes into one.
    operation empty = proposing({});
    for (int depth = 0; depth < 4; ++depth)
        empty = proposing({empty});
    CHECK(required_fees(std::vector<operation>{empty}, default_schedule()).has_value());

    std::vector<operation> ops{proposing({transfer{}})};
    auto const set = set_fees(ops, default_schedule());
    REQUIRE(set.has_value());
    CHECK(ops[0].fee() == set->at(0).fee);
    CHECK(ops[0].get_if<proposal_create>()->proposed_ops[0].op.fee().amount == 2'000'000);
}

TEST_CASE("tx/fees: a paid fee counts at the core exchange rate, rounded down")
{
    fee_schedule s;
    s.parameters.insert(fee_parameters::of<limit_order_create>({.fee = 100}));
    price const rate{{3, core_asset}, {7, asset_id{5}}}; // 100 core are 233.3 of it: 234 are asked
    limit_order_create op;
    CHECK(required_fee(op, s, rate).value() == asset{234, asset_id{5}});
    op.fee = {234, asset_id{5}};
    CHECK(core_value_of_fee(op.fee, rate).value() == asset{100, core_asset});
    CHECK(check_fee(op, s, rate).has_value());
    op.fee.amount = 233;
    CHECK(core_value_of_fee(op.fee, rate).value() == asset{99, core_asset});
    auto const less = check_fee(op, s, rate);
    REQUIRE_FALSE(less.has_value());
    CHECK(less.error().code() == errc::insufficient_fee);
    CHECK(less.error().path() == "/fee/amount");
    price const other_way{rate.quote, rate.base};
    CHECK(core_value_of_fee(asset{234, asset_id{5}}, other_way).value() == asset{100, core_asset});
    op.fee = {100, core_asset};
    CHECK(check_fee(op, s, rate).has_value());
    CHECK(check_fee(op, s).has_value());
    op.fee = {1'000, asset_id{6}};
    CHECK(check_fee(op, s, rate).error().code() == errc::invalid_price);
    CHECK(core_value_of_fee(asset{1, asset_id{5}}, {{1, asset_id{5}}, {1, asset_id{6}}}).error().code() ==
          errc::invalid_price);
    CHECK(check_fee(unknown_operation{99, "{}"}, s).error().code() == errc::unknown_tag);
}
