#include <bitshares/crypto/signature.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/protocol/operation.hpp>
#include <bitshares/testing/chain_state.hpp>
#include <bitshares/tx/fees.hpp>

#include <doctest/doctest.h>

#include <random>
#include <set>

using namespace bitshares;
using testing::detail::chain_refusal;
using testing::detail::chain_state;

namespace {

testing::chain_options options(std::uint64_t seed = 7)
{
    testing::chain_options o;
    o.seed = seed;
    o.maintenance_interval = 300;
    return o;
}

/* Signs for the accounts that are named, with their active keys unless the name ends in ":owner". */
signed_transaction sign(chain_state const& chain, std::vector<operation> ops, std::vector<std::string> const& names,
                        std::uint32_t lifetime = 120)
{
    signed_transaction tx;
    for (operation& op : ops)
        if (op.fee().amount == 0)
            set_fee(op, chain.global().parameters.current_fees,
                    chain.objects().get<asset_object>(op.fee().asset_id).options.core_exchange_rate)
                .value();
    tx.operations = std::move(ops);
    auto const& id = chain.dynamic().head_block_id.data;
    tx.ref_block_num = static_cast<std::uint16_t>(chain.dynamic().head_block_number);
    for (std::size_t i = 0; i < 4; ++i)
        tx.ref_block_prefix |= std::uint32_t{id[4 + i]} << 8 * i;
    tx.expiration.seconds = chain.now().seconds + lifetime;
    while (chain.recent(bitshares::id_of(tx).value()) != nullptr)
        ++tx.expiration.seconds; // the same again is another transaction
    auto const digest = signing_digest(tx, chain.chain_id()).value();
    for (auto const& name : names)
    {
        bool const owner = name.ends_with(":owner");
        tx.signatures.push_back(
            chain.key(owner ? name.substr(0, name.size() - 6) : name, owner ? "owner" : "active").sign(digest));
    }
    return tx;
}

any_object_id made(processed_transaction const& tx)
{
    return std::get<any_object_id>(tx.operation_results.at(0));
}

account_id id_of(chain_state const& chain, std::string_view name)
{
    return chain.account(name)->id;
}

account_id add_account(chain_state& chain, std::string const& name, std::int64_t core)
{
    account_create op;
    op.registrar = op.referrer = id_of(chain, "bank");
    op.name = name;
    auto const key = [&](char const* role) {
        authority a;
        a.weight_threshold = 1;
        a.key_auths = {{chain.key(name, role).to_public(), std::uint16_t{1}}};
        return a;
    };
    op.owner = key("owner");
    op.active = key("active");
    account_id const id(made(chain.push(sign(chain, {op}, {"bank"}))).instance());
    transfer give;
    give.from = id_of(chain, "bank");
    give.to = id;
    give.amount = {core, core_asset};
    if (core > 0)
        chain.push(sign(chain, {give}, {"bank"}));
    return id;
}

asset_id add_asset(chain_state& chain, std::string const& symbol, asset_options o = {})
{
    asset_create op;
    op.issuer = id_of(chain, "bank");
    op.symbol = symbol;
    op.precision = 4;
    op.common_options = std::move(o);
    op.common_options.core_exchange_rate = {{200, core_asset}, {1, asset_id(1)}};
    return asset_id(made(chain.push(sign(chain, {op}, {"bank"}))).instance());
}

void issue(chain_state& chain, account_id to, asset const& amount)
{
    asset_issue op;
    op.issuer = id_of(chain, "bank");
    op.asset_to_issue = amount;
    op.issue_to_account = to;
    chain.push(sign(chain, {op}, {"bank"}));
}

/* alice and bob with core; GOLD, of which bob has some. */
struct market_chain
{
    explicit market_chain(asset_options gold_options = {}) : chain(options())
    {
        alice = add_account(chain, "alice", 100'000'000'000);
        bob = add_account(chain, "bob", 100'000'000'000);
        gold = add_asset(chain, "GOLD", std::move(gold_options));
        issue(chain, bob, {1'000'000, gold});
        chain.produce();
    }

    limit_order_create order(account_id seller, asset const& sells, asset const& wants) const
    {
        limit_order_create op;
        op.seller = seller;
        op.amount_to_sell = sells;
        op.min_to_receive = wants;
        return op;
    }
    limit_order_id place(std::string const& name, limit_order_create const& op)
    {
        return limit_order_id(made(chain.push(sign(chain, {op}, {name}))).instance());
    }
    limit_order_object const* find(limit_order_id id) const { return chain.objects().find<limit_order_object>(id); }
    account_statistics_object const& statistics(account_id id) const
    {
        return chain.objects().get<account_statistics_object>(account_statistics_id(id.instance));
    }

    chain_state chain;
    account_id alice;
    account_id bob;
    asset_id gold;
};

/* Code and words of a refusal. */
std::string refusal_of(chain_state& chain, signed_transaction const& tx)
{
    try
    {
        chain.push(tx);
        return {};
    }
    catch (chain_refusal const& refused)
    {
        node_error const e = refused.error(chain.now());
        return std::to_string(e.code()) + ' ' + e.message();
    }
}

std::vector<operation_history_object> history_of(chain_state const& chain, account_id account)
{
    std::vector<operation_history_object> found;
    for (std::uint64_t const i : chain.history(account))
        found.push_back(chain.objects().get<operation_history_object>(operation_history_id(i)));
    return found;
}

/* Every object of every type, as JSON. */
std::string dump(chain_state const& chain)
{
    std::string text;
    for (std::uint8_t const space : {std::uint8_t{1}, std::uint8_t{2}})
        for (std::uint8_t type = 0; type < 20; ++type)
            for (std::uint64_t i = 0; i < chain.objects().next_id({space, type, 0}).instance(); ++i)
                if (auto const found = chain.objects().find_any({space, type, i}); found.value)
                {
                    bitshares::detail::write_json(text, *found.type, found.value.get(), "BTS");
                    text += '\n';
                }
    return text;
}

/* Of each asset all that is somewhere, which must be its supply. */
std::map<asset_id, std::int64_t> everything(chain_state const& chain)
{
    std::map<asset_id, std::int64_t> sum;
    auto const& objects = chain.objects();
    objects.each<account_balance_object>([&](auto const& b) { sum[b.asset_type] += b.balance; });
    objects.each<limit_order_object>([&](auto const& o) {
        sum[o.sell_price.base.asset_id] += o.for_sale;
        if (o.deferred_paid_fee.amount > 0)
            sum[o.deferred_paid_fee.asset_id] += o.deferred_paid_fee.amount;
        sum[core_asset] += o.deferred_fee; // as it was paid, or taken out of the asset's fee pool
    });
    objects.each<vesting_balance_object>([&](auto const& v) { sum[v.balance.asset_id] += v.balance.amount; });
    objects.each<htlc_object>([&](auto const& h) { sum[h.transfer.asset_id] += h.transfer.amount; });
    objects.each<account_statistics_object>(
        [&](auto const& s) { sum[core_asset] += s.pending_fees + s.pending_vested_fees; });
    objects.each<asset_object>([&](auto const& a) {
        auto const& d = objects.template get<asset_dynamic_data_object>(a.dynamic_asset_data_id);
        sum[a.id] += d.accumulated_fees;
        sum[core_asset] += d.fee_pool;
    });
    return sum;
}

void check_supplies(chain_state const& chain)
{
    for (auto const& [id, amount] : everything(chain))
    {
        auto const& type = chain.objects().get<asset_object>(id);
        auto const& supply = chain.objects().get<asset_dynamic_data_object>(type.dynamic_asset_data_id);
        CHECK_MESSAGE(amount == supply.current_supply, type.symbol);
    }
}

} // namespace

TEST_CASE("testing/chain_state: blocks link, are signed by the witness whose turn it is, and hash as blocks do")
{
    chain_state chain(options());
    add_account(chain, "alice", 100);
    std::set<std::uint64_t> producers;
    block_id previous{};
    for (int i = 1; i <= 33; ++i)
    {
        auto const report = chain.produce();
        signed_block const& block = *chain.block(report.number);
        CHECK(block.previous == previous);
        CHECK(block_num_of(block) == static_cast<std::uint32_t>(i));
        CHECK(bitshares::id_of(block) == report.id);
        CHECK(merkle_root(block).value() == block.transaction_merkle_root);
        CHECK(block.timestamp.seconds == chain.options().genesis_time.seconds + 3 * static_cast<std::uint32_t>(i));
        auto const& witness = chain.objects().get<witness_object>(block.witness);
        CHECK(verify(signing_digest(block), block.witness_signature, witness.signing_key));
        CHECK(block.transactions.size() == (i == 1 ? 2u : 0u));
        producers.insert(block.witness.instance);
        previous = report.id;
    }
    CHECK(producers.size() == 11);
}

TEST_CASE("testing/chain_state: the irreversible block is the one that 70 % of the witnesses have built upon")
{
    chain_state chain(options());
    for (int i = 0; i < 60; ++i)
    {
        chain.produce();
        std::vector<std::uint32_t> confirmed;
        for (std::uint32_t n = 1; n <= 11; ++n)
            confirmed.push_back(chain.objects().get<witness_object>(witness_id(n)).last_confirmed_block_num);
        std::sort(confirmed.begin(), confirmed.end());
        CHECK(chain.dynamic().last_irreversible_block_num == confirmed[3]);
    }
    CHECK(chain.dynamic().last_irreversible_block_num >= 45);
}

TEST_CASE("testing/chain_state: slots left out are time, missed blocks, and zeros")
{
    chain_state chain(options());
    chain.produce();
    auto const before = chain.now();
    chain.skip_slots(3);
    chain.produce();
    CHECK(chain.now().seconds == before.seconds + 12);
    CHECK(chain.dynamic().current_aslot == 5);
    CHECK(chain.dynamic().recent_slots_filled.low == 0xffff'ffff'ffff'fff8u);
    std::int64_t missed = 0;
    chain.objects().each<witness_object>([&](witness_object const& w) { missed += w.total_missed; });
    CHECK(missed >= 2); // the block's own witness is not blamed
}

TEST_CASE("testing/chain_state: what a transaction that fails did is undone")
{
    market_chain m;
    chain_state& chain = m.chain;
    transfer give;
    give.from = m.alice;
    give.to = m.bob;
    give.amount = {1'000, core_asset};
    transfer too_much = give;
    too_much.amount.amount = 1'000'000'000'000;
    std::string const before = dump(chain);
    CHECK(
        refusal_of(chain,
                   sign(chain, {give, m.order(m.alice, {1'000, core_asset}, {10, m.gold}), too_much}, {"alice"})) ==
        "10 Execution error: Assert Exception: insufficient_balance: Insufficient Balance: 999974.98000 BTS, unable to "
        "transfer '10000000 BTS' from account 'alice' to 'bob' Unable to transfer 10000000 BTS from alice to bob");
    CHECK(dump(chain) == before);
    CHECK(chain.pending().empty());
}

TEST_CASE("testing/chain_state: orders match the best price first, the maker's price counts, the rest stays")
{
    market_chain m;
    auto const far = m.place("bob", m.order(m.bob, {1'000, m.gold}, {400'000, core_asset}));
    auto const near = m.place("bob", m.order(m.bob, {1'000, m.gold}, {200'000, core_asset}));
    auto const second = m.place("bob", m.order(m.bob, {1'000, m.gold}, {300'000, core_asset}));
    std::int64_t const core = m.chain.balance(m.bob, core_asset);
    auto const taker = m.place("alice", m.order(m.alice, {600'000, core_asset}, {1'600, m.gold}));
    CHECK(m.find(near) == nullptr);
    CHECK(m.find(second) == nullptr);
    CHECK(m.find(far)->for_sale == 1'000);
    REQUIRE(m.find(taker) != nullptr); // 200'000 and 300'000 are spent
    CHECK(m.find(taker)->for_sale == 100'000);
    CHECK(m.find(taker)->filled_amount == uint128{0, 500'000});
    CHECK(m.find(taker)->deferred_fee == 0);
    CHECK(m.find(far)->deferred_fee == 500'000);
    CHECK(m.chain.balance(m.alice, m.gold) == 2'000);
    CHECK(m.chain.balance(m.bob, core_asset) == core + 500'000);
    m.chain.produce();
    auto const alice = history_of(m.chain, m.alice);
    REQUIRE(alice.size() == 5); // created, funded, order, two fills
    auto const* const fill = alice[3].op.get_if<fill_order>();
    REQUIRE(fill != nullptr);
    CHECK(fill->order_id == any_object_id(taker));
    CHECK(fill->pays == asset{200'000, core_asset});
    CHECK(fill->receives == asset{1'000, m.gold});
    CHECK_FALSE(fill->is_maker);
    CHECK(fill->fill_price == price{{1'000, m.gold}, {200'000, core_asset}});
    CHECK(alice[3].is_virtual);
    CHECK(alice[3].virtual_op == 1);
    CHECK(alice[2].result == operation_result(any_object_id(taker)));
    check_supplies(m.chain);
}

TEST_CASE("testing/chain_state: an order that would pay for nothing is culled, and a kill-or-fill order killed")
{
    market_chain m;
    auto const maker = m.place("bob", m.order(m.bob, {10, m.gold}, {1'000, core_asset}));
    // 1'050 buys 10 at the maker's price, and 50 are left, for which there would be nothing at the taker's own price
    auto const taker = m.place("alice", m.order(m.alice, {1'050, core_asset}, {10, m.gold}));
    CHECK(m.find(maker) == nullptr);
    CHECK(m.find(taker) == nullptr);
    CHECK(m.chain.balance(m.alice, m.gold) == 10);
    m.chain.produce();
    auto const last = history_of(m.chain, m.alice).back();
    CHECK(last.op.get_if<limit_order_cancel>() != nullptr);
    CHECK(last.result == operation_result(asset{50, core_asset}));
    auto kill = m.order(m.alice, {1'000, core_asset}, {10, m.gold});
    kill.fill_or_kill = true;
    CHECK(refusal_of(m.chain, sign(m.chain, {kill}, {"alice"}))
              .starts_with("3050101 Execution error: Killing limit order due to unable to fill: Killing limit order "
                           "{\"fee\":{\"amount\":500000,"));
    m.place("bob", m.order(m.bob, {10, m.gold}, {1'000, core_asset}));
    CHECK(refusal_of(m.chain, sign(m.chain, {kill}, {"alice"})).empty());
    check_supplies(m.chain);
}

TEST_CASE(
    "testing/chain_state: a cancelled order gives back what is left and its fee; an expired one by the chain itself")
{
    market_chain m;
    std::int64_t const before = m.chain.balance(m.alice, core_asset);
    auto order = m.order(m.alice, {700'000, core_asset}, {10, m.gold});
    order.expiration.seconds = m.chain.now().seconds + 30;
    auto const one = m.place("alice", order);
    auto const two = m.place("alice", order);
    CHECK(m.statistics(m.alice).total_core_in_orders == 1'400'000);
    CHECK(m.chain.balance(m.alice, core_asset) == before - 2 * 1'200'000);
    limit_order_cancel cancel;
    cancel.fee_paying_account = m.bob;
    cancel.order = one;
    CHECK(refusal_of(m.chain, sign(m.chain, {cancel}, {"bob"})) ==
          "3050202 Execution error: Order owned by someone else: Limit order 1.7.0 is owned by someone else");
    cancel.fee_paying_account = m.alice;
    auto const done = m.chain.push(sign(m.chain, {cancel}, {"alice"}));
    CHECK(done.operation_results.at(0) == operation_result(asset{700'000, core_asset}));
    CHECK(refusal_of(m.chain, sign(m.chain, {cancel}, {"alice"})) ==
          "3050201 Execution error: Order does not exist: Limit order 1.7.0 does not exist");
    CHECK(m.chain.balance(m.alice, core_asset) == before - 1'200'000);
    while (m.chain.now() < order.expiration)
    {
        REQUIRE(m.find(two) != nullptr);
        m.chain.produce();
    }
    CHECK(m.find(two) == nullptr);
    CHECK(m.chain.balance(m.alice, core_asset) == before);
    CHECK(m.statistics(m.alice).total_core_in_orders == 0);
    auto const last = history_of(m.chain, m.alice).back();
    CHECK(last.op.get_if<limit_order_cancel>()->order == two);
    CHECK(last.is_virtual);
    CHECK(refusal_of(m.chain, sign(m.chain, {order}, {"alice"})) ==
          ""); // an order may expire with the head block's time, not before
    m.chain.produce();
    CHECK(refusal_of(m.chain, sign(m.chain, {order}, {"alice"})) ==
          "10 Execution error: Assert Exception: op.expiration >= d.head_block_time(): ");
}

TEST_CASE("testing/chain_state: market fees are the asset's, fees in an asset go through its pool")
{
    asset_options o;
    o.market_fee_percent = 100; // 1 %
    o.flags = 1;
    o.extensions.taker_fee_percent = 200;
    market_chain m(o);
    m.place("bob", m.order(m.bob, {1'000, m.gold}, {100'000, core_asset}));
    m.place("alice", m.order(m.alice, {100'000, core_asset}, {1'000, m.gold}));
    CHECK(m.chain.balance(m.alice, m.gold) == 980);
    auto const data = [&] { return m.chain.objects().get<asset_dynamic_data_object>(asset_dynamic_data_id(1)); };
    CHECK(data().accumulated_fees == 20);
    std::int64_t const pool = data().fee_pool;
    CHECK(pool == 30'000'000'000 / 2); // of the asset's own fee
    transfer give;
    give.from = m.bob;
    give.to = m.alice;
    give.amount = {1, core_asset};
    give.fee = {0, m.gold};
    m.chain.push(sign(m.chain, {give}, {"bob"}));
    CHECK(data().fee_pool == pool - 2'000'000);
    CHECK(data().accumulated_fees == 20 + 10'000);
    give.fee.amount = 9'999;
    CHECK(refusal_of(m.chain, sign(m.chain, {give}, {"bob"})) ==
          "4010007 Execution error: insufficient fee: Insufficient Fee Paid");
    // of an order it is deferred, and comes back as it was paid
    auto order = m.order(m.bob, {1'000, m.gold}, {100'000, core_asset});
    order.fee = {0, m.gold};
    std::int64_t const before = m.chain.balance(m.bob, m.gold);
    auto const id = m.place("bob", order);
    CHECK(m.find(id)->deferred_paid_fee == asset{2'500, m.gold});
    CHECK(m.find(id)->deferred_fee == 500'000);
    check_supplies(m.chain);
    limit_order_cancel cancel;
    cancel.fee_paying_account = m.bob;
    cancel.order = id;
    m.chain.push(sign(m.chain, {cancel}, {"bob"}));
    CHECK(m.chain.balance(m.bob, m.gold) == before);
    CHECK(data().fee_pool == pool - 2'000'000);
    check_supplies(m.chain);
}

TEST_CASE("testing/chain_state: proposals are executed with the last approval, by the review period at the end, or not "
          "at all")
{
    market_chain m;
    transfer give;
    give.fee = {2'000'000, core_asset};
    give.from = m.bob;
    give.to = m.alice;
    give.amount = {500, m.gold};
    proposal_create create;
    create.fee_paying_account = m.alice;
    create.expiration_time.seconds = m.chain.now().seconds + 60;
    create.proposed_ops = {{give}};
    auto const propose = [&] { return proposal_id(made(m.chain.push(sign(m.chain, {create}, {"alice"}))).instance()); };
    auto const there = [&](proposal_id id) { return m.chain.objects().find<proposal_object>(id); };
    auto const one = propose();
    REQUIRE(there(one) != nullptr);
    CHECK(there(one)->required_active_approvals == flat_set<account_id>{m.bob});
    proposal_update approve;
    approve.fee_paying_account = m.bob;
    approve.proposal = one;
    approve.active_approvals_to_add = {m.bob};
    m.chain.push(sign(m.chain, {approve}, {"bob"}));
    CHECK(there(one) == nullptr);
    CHECK(m.chain.balance(m.alice, m.gold) == 500);

    // one that fails stays, says why, and is tried again when it expires
    give.amount.amount = 999'400;
    create.proposed_ops = {{give}, {give}};
    approve.proposal = propose();
    m.chain.push(sign(m.chain, {approve}, {"bob"}));
    REQUIRE(there(approve.proposal) != nullptr);
    CHECK(there(approve.proposal)->fail_reason.find("unable to transfer") != std::string::npos);
    CHECK(m.chain.balance(m.alice, m.gold) == 500);
    issue(m.chain, m.bob, {2'000'000, m.gold});

    // with a review period it waits
    give.amount.amount = 1;
    create.proposed_ops = {{give}};
    create.review_period_seconds = 30;
    proposal_update later = approve;
    later.proposal = propose();
    m.chain.push(sign(m.chain, {later}, {"bob"}));
    CHECK(there(later.proposal) != nullptr);

    // one that nobody approves, and one that is vetoed
    create.review_period_seconds.reset();
    auto const forgotten = propose();
    proposal_delete veto;
    veto.proposal = forgotten;
    veto.fee_paying_account = m.alice;
    CHECK(refusal_of(m.chain, sign(m.chain, {veto}, {"alice"})).find("not authoritative for this proposal") !=
          std::string::npos);
    veto.proposal = propose();
    veto.fee_paying_account = m.bob;
    m.chain.push(sign(m.chain, {veto}, {"bob"}));
    CHECK(there(veto.proposal) == nullptr);

    m.chain.produce();
    proposal_update withdraw = later;
    withdraw.active_approvals_to_add.clear();
    withdraw.active_approvals_to_remove = {m.alice};
    CHECK_FALSE(refusal_of(m.chain, sign(m.chain, {withdraw}, {"bob", "alice"})).empty());
    while (m.chain.now() < create.expiration_time)
        m.chain.produce();
    CHECK(there(later.proposal) == nullptr);
    CHECK(there(forgotten) == nullptr);
    CHECK(there(approve.proposal) == nullptr);
    CHECK(m.chain.balance(m.alice, m.gold) == 500 + 1 + 2 * 999'400);
    auto const bob = history_of(m.chain, m.bob);
    CHECK(std::count_if(bob.begin(), bob.end(), [](auto const& entry) {
              return entry.is_virtual && entry.op.template get_if<transfer>() != nullptr;
          }) == 4);
    check_supplies(m.chain);
}

TEST_CASE("testing/chain_state: vesting balances give what their policy says")
{
    market_chain m;
    std::uint32_t const now = m.chain.now().seconds;
    auto const lock = [&](vesting_policy_initializer policy) {
        vesting_balance_create op;
        op.creator = m.alice;
        op.owner = m.bob;
        op.amount = {1'000, core_asset};
        op.policy = std::move(policy);
        return vesting_balance_id(made(m.chain.push(sign(m.chain, {op}, {"alice"}))).instance());
    };
    auto const linear = lock(linear_vesting_policy_initializer{{now}, 10, 100});
    auto const days = lock(cdd_vesting_policy_initializer{{0}, 50});
    auto const instant = lock(instant_vesting_policy_initializer{});
    auto const take = [&](vesting_balance_id id, std::int64_t amount, std::string const& who = "bob") {
        vesting_balance_withdraw op;
        op.vesting_balance = id;
        op.owner = id_of(m.chain, who);
        op.amount = {amount, core_asset};
        return refusal_of(m.chain, sign(m.chain, {op}, {who}));
    };
    std::string const not_yet = "10 Execution error: Assert Exception: vbo.is_withdraw_allowed( now, op.amount ): ";
    CHECK(take(instant, 1'001) == not_yet);
    CHECK(take(instant, 1'000, "alice") == "10 Execution error: Assert Exception: op.owner == vbo.owner: ");
    CHECK(take(instant, 1'000).empty());
    m.chain.produce();
    CHECK(take(linear, 1) == not_yet); // before the cliff
    CHECK(take(days, 61) == not_yet);  // 3 s of 50
    CHECK(take(days, 60).empty());
    m.chain.skip_slots(6);
    m.chain.produce(); // 24 s
    CHECK(take(linear, 241) == not_yet);
    CHECK(take(linear, 240).empty());
    CHECK(take(days, 395) == not_yet); // 940 * 21 / 50
    CHECK(take(days, 394).empty());
    m.chain.skip_slots(40);
    m.chain.produce();
    CHECK(take(linear, 760).empty());
    CHECK(take(days, 546).empty());
    CHECK(m.chain.objects().get<vesting_balance_object>(linear).balance.amount == 0);
    check_supplies(m.chain);
}

TEST_CASE("testing/chain_state: HTLCs are redeemed, extended and refunded")
{
    market_chain m;
    bytes const secret{1, 2, 3, 4};
    htlc_create create;
    create.from = m.alice;
    create.to = m.bob;
    create.amount = {5'000, core_asset};
    create.preimage_hash = sha256(secret);
    create.preimage_size = 4;
    create.claim_period_seconds = 30;
    auto const lock = [&](htlc_hash hash) {
        create.preimage_hash = std::move(hash);
        return htlc_id(made(m.chain.push(sign(m.chain, {create}, {"alice"}))).instance());
    };
    std::vector<htlc_id> const ids{
        lock(sha256(secret)), lock(ripemd160(secret)),
        lock(sha1_digest{from_json<sha1_digest>("\"12dada1fff4d4787ade3333147202c3b443e376f\"").value()}),
        lock(hash160_digest{ripemd160(sha256(secret).data).data}), lock(sha256(secret))};
    htlc_redeem redeem;
    redeem.redeemer = m.bob;
    for (std::size_t i = 0; i + 1 < ids.size(); ++i)
    {
        CAPTURE(i);
        redeem.htlc_id = ids[i];
        redeem.preimage = {1, 2, 3, 5};
        CHECK(refusal_of(m.chain, sign(m.chain, {redeem}, {"bob"}))
                  .ends_with("Provided preimage does not generate correct hash."));
        redeem.preimage = secret;
        std::int64_t const before = m.chain.balance(m.bob, core_asset);
        CHECK(refusal_of(m.chain, sign(m.chain, {redeem}, {"bob"})).empty());
        CHECK(m.chain.balance(m.bob, core_asset) == before + 5'000 - 400'000);
    }
    htlc_extend extend;
    extend.htlc_id = ids.back();
    extend.update_issuer = m.bob;
    extend.seconds_to_add = 30;
    CHECK(refusal_of(m.chain, sign(m.chain, {extend}, {"bob"})).ends_with("HTLC may only be extended by its creator."));
    extend.update_issuer = m.alice;
    CHECK(refusal_of(m.chain, sign(m.chain, {extend}, {"alice"})).empty());
    time_point_sec const end{m.chain.now().seconds + 60};
    std::int64_t const before = m.chain.balance(m.alice, core_asset);
    while (m.chain.now() < end)
    {
        REQUIRE(m.chain.objects().find<htlc_object>(ids.back()) != nullptr);
        m.chain.produce();
    }
    CHECK(m.chain.objects().find<htlc_object>(ids.back()) == nullptr);
    CHECK(m.chain.balance(m.alice, core_asset) == before + 5'000);
    CHECK(history_of(m.chain, m.bob).back().op.get_if<htlc_refund>() != nullptr);
    check_supplies(m.chain);
}

TEST_CASE("testing/chain_state: accounts are registered, updated and upgraded as a node allows it")
{
    chain_state chain(options());
    account_id const alice = add_account(chain, "alice", 5'000'000'000);
    account_create op;
    op.registrar = op.referrer = alice;
    op.name = "carol-1";
    op.owner = op.active = chain.account("alice")->active;
    CHECK(refusal_of(chain, sign(chain, {op}, {"alice"}))
              .ends_with("fee_paying_account->is_lifetime_member(): Only Lifetime members may register an account."));
    account_upgrade upgrade;
    upgrade.account_to_upgrade = alice;
    upgrade.upgrade_to_lifetime_member = true;
    CHECK(refusal_of(chain, sign(chain, {upgrade}, {"alice"})).empty());
    CHECK(chain.account("alice")->referrer == alice);
    CHECK(refusal_of(chain, sign(chain, {upgrade}, {"alice"})) ==
          "10 Execution error: Assert Exception: !account->is_lifetime_member():  Unable to upgrade account 'alice'");
    CHECK(refusal_of(chain, sign(chain, {op}, {"alice"})).empty());
    CHECK(refusal_of(chain, sign(chain, {op}, {"alice"})) ==
          "10 Execution error: Assert Exception: current_account_itr == acnt_indx.indices().get<by_name>().end(): "
          "Account 'carol-1' already exists.");
    account_id const carol = chain.account("carol-1")->id;

    account_update update;
    update.account = alice;
    update.owner = chain.account("bank")->active;
    CHECK(refusal_of(chain, sign(chain, {update}, {"alice"})) ==
          "4010002 Execution error: missing required owner authority: Missing Owner Authority " + alice.to_string());
    authority shared;
    shared.weight_threshold = 2;
    shared.account_auths = {{carol, std::uint16_t{1}}, {account_id(999), std::uint16_t{1}}};
    update.owner.reset();
    update.active = shared;
    CHECK(refusal_of(chain, sign(chain, {update}, {"alice"}))
              .starts_with("3050602 Execution error: Auth account not found: Account 1.2.999 specified"));
    shared.account_auths = {{carol, std::uint16_t{1}}, {id_of(chain, "bank"), std::uint16_t{1}}};
    update.active = shared;
    CHECK(refusal_of(chain, sign(chain, {update}, {"alice"})).empty());
    transfer give;
    give.from = alice;
    give.to = carol;
    give.amount = {1, core_asset};
    CHECK(refusal_of(chain, sign(chain, {give}, {"alice"})) ==
          "4010001 Execution error: missing required active authority: Missing Active Authority " + alice.to_string());
    CHECK(refusal_of(chain, sign(chain, {give}, {"alice", "bank"})).empty()); // alice's key is carol's, too
    CHECK(refusal_of(chain, sign(chain, {give}, {"alice", "bank", "init0"})) ==
          "4010004 Execution error: irrelevant signature included: Unnecessary signature(s) detected");
    check_supplies(chain);
}

TEST_CASE("testing/chain_state: no operation without a rule is accepted, alone or proposed")
{
    chain_state chain(options());
    int refused = 0;
    for (std::uint32_t tag = 0; tag < operation_count; ++tag)
    {
        auto const name = operation_traits(tag).name;
        CAPTURE(name);
        // the same members for all: those that an operation lacks are not looked at
        auto const op =
            from_json<operation>('[' + std::to_string(tag) + ",{\"fee\":{\"amount\":900000000000}}]").value();
        if (chain_state::has_rule(op))
            continue;
        ++refused;
        auto tx = sign(chain, {op}, {"bank"});
        auto const words = refusal_of(chain, tx);
        CHECK_MESSAGE(
            words.find(op.is_virtual() ? "virtual operation" : "no rule for the operation " + std::string(name)) !=
                std::string::npos,
            words);
        if (op.is_virtual())
            continue;
        proposal_create propose;
        propose.fee_paying_account = id_of(chain, "bank");
        propose.expiration_time.seconds = chain.now().seconds + 60;
        propose.proposed_ops = {{op}};
        CHECK_FALSE(refusal_of(chain, sign(chain, {propose}, {"bank"})).empty());
    }
    CHECK(refused == static_cast<int>(operation_count) - 17);
    CHECK(chain.pending().empty());
}

namespace {

/* One random transaction, which the chain may refuse. */
void act_at_random(market_chain& m, std::mt19937& random)
{
    auto const pick = [&](std::int64_t n) { return static_cast<std::int64_t>(random() % static_cast<unsigned>(n)); };
    bool const is_alice = pick(2) == 0;
    std::string const name = is_alice ? "alice" : "bob";
    account_id const own = is_alice ? m.alice : m.bob;
    account_id const other = is_alice ? m.bob : m.alice;
    asset_id const type = pick(2) == 0 ? core_asset : m.gold;
    std::vector<operation> ops;
    for (std::int64_t n = 1 + pick(2); n > 0; --n)
        switch (pick(9))
        {
        case 0:
        {
            transfer op;
            op.from = own;
            op.to = other;
            op.amount = {1 + pick(500'000), type};
            op.fee.asset_id = pick(3) == 0 ? m.gold : core_asset;
            ops.emplace_back(op);
            break;
        }
        case 1:
        {
            proposal_create op;
            op.fee_paying_account = own;
            op.expiration_time.seconds = m.chain.now().seconds + 3 + static_cast<std::uint32_t>(pick(40));
            transfer give;
            give.fee = {2'000'000, core_asset};
            give.from = other;
            give.to = own;
            give.amount = {1 + pick(1'000'000), type};
            op.proposed_ops = {{give}};
            ops.emplace_back(op);
            break;
        }
        case 2:
        {
            proposal_update op;
            op.fee_paying_account = own;
            std::uint64_t const next = m.chain.objects().next_id(proposal_id(0)).instance();
            op.proposal = proposal_id(next == 0 ? 0 : random() % next);
            op.active_approvals_to_add = {own};
            ops.emplace_back(op);
            break;
        }
        case 3:
        {
            htlc_create op;
            op.from = own;
            op.to = other;
            op.amount = {1 + pick(10'000), type};
            op.preimage_hash = sha256(bytes{7});
            op.preimage_size = 1;
            op.claim_period_seconds = 1 + static_cast<std::uint32_t>(pick(30));
            ops.emplace_back(op);
            break;
        }
        case 4:
        {
            htlc_redeem op;
            op.redeemer = own;
            std::uint64_t const next = m.chain.objects().next_id(htlc_id(0)).instance();
            op.htlc_id = htlc_id(next == 0 ? 0 : random() % next);
            op.preimage = {7};
            ops.emplace_back(op);
            break;
        }
        case 5:
        {
            limit_order_cancel op;
            op.fee_paying_account = own;
            std::uint64_t const next = m.chain.objects().next_id(limit_order_id(0)).instance();
            op.order = limit_order_id(next == 0 ? 0 : random() % next);
            ops.emplace_back(op);
            break;
        }
        default:
        {
            asset const gold{1 + pick(300), m.gold};
            asset const core{(80 + pick(40)) * (1 + pick(300)), core_asset};
            auto op = type == core_asset ? m.order(own, core, gold) : m.order(own, gold, core);
            op.fee.asset_id = pick(4) == 0 ? m.gold : core_asset;
            op.expiration.seconds = m.chain.now().seconds + static_cast<std::uint32_t>(pick(60));
            ops.emplace_back(op);
        }
        }
    try
    {
        m.chain.push(sign(m.chain, std::move(ops), {name}, 20 + static_cast<std::uint32_t>(pick(40))));
    }
    catch (chain_refusal const&)
    {}
}

} // namespace

TEST_CASE("testing/chain_state: whatever happens, nothing is lost or made; undone blocks leave no trace, applied again "
          "they do the same")
{
    for (unsigned seed = 1; seed <= 4; ++seed)
    {
        CAPTURE(seed);
        std::mt19937 random(seed);
        asset_options o;
        o.market_fee_percent = 30;
        o.flags = 1;
        market_chain m(o);
        market_chain twin(o); // sees the blocks only
        std::string const start = dump(m.chain);
        REQUIRE(dump(twin.chain) == start);
        std::vector<std::string> dumps{start};
        std::uint32_t const first = m.chain.dynamic().head_block_number;
        for (int block = 0; block < 40; ++block)
        {
            for (int i = 0; i < 6; ++i)
                act_at_random(m, random);
            if (random() % 8 == 0)
                m.chain.skip_slots(random() % 5);
            m.chain.produce();
            check_supplies(m.chain);
            dumps.push_back(dump(m.chain));
            twin.chain.apply(*m.chain.block(m.chain.dynamic().head_block_number));
            REQUIRE(dump(twin.chain) == dumps.back());
        }
        std::uint64_t const fills = m.chain.objects().next_id(operation_history_id(0)).instance();
        CHECK(fills > 100);
        auto const undone = m.chain.undo_blocks(1'000, false);
        CHECK(m.chain.dynamic().head_block_number == 0);
        for (signed_block const& block : undone)
        {
            m.chain.apply(block);
            if (std::uint32_t const number = block_num_of(block); number >= first)
                REQUIRE(dump(m.chain) == dumps[number - first]);
        }
    }
}

TEST_CASE("testing/chain_state: at maintenance fees become the chain's own, and the next one is behind the head")
{
    market_chain m;
    CHECK(m.statistics(id_of(m.chain, "bank")).pending_fees > 0);
    auto const pending = m.statistics(id_of(m.chain, "bank"));
    auto const first = m.chain.dynamic().next_maintenance_time;
    CHECK(m.chain.dynamic().accounts_registered_this_interval == 2);
    std::string const before = dump(m.chain);
    m.chain.skip_slots(250); // over two of them
    m.chain.produce();
    auto const& after = m.statistics(id_of(m.chain, "bank"));
    CHECK(after.pending_fees + after.pending_vested_fees == 0);
    CHECK(after.lifetime_fees_paid == pending.pending_fees + pending.pending_vested_fees);
    auto const& d = m.chain.dynamic();
    CHECK(d.next_maintenance_time > d.time);
    CHECK((d.next_maintenance_time.seconds - first.seconds) % 300 == 0);
    CHECK(d.next_maintenance_time.seconds - d.time.seconds <= 300);
    CHECK(d.last_vote_tally_time == d.time);
    CHECK(d.accounts_registered_this_interval == 0);
    check_supplies(m.chain);
    m.chain.undo_blocks(1, true);
    CHECK(dump(m.chain) == before);
}

TEST_CASE("testing/chain_state: new accounts cost more when many are made, until maintenance")
{
    chain_state chain(options());
    auto const fee = [&] { return chain.global().parameters.current_fees.find<account_create>()->basic_fee; };
    auto const usual = fee();
    for (int i = 0; i < 1'000; ++i)
    {
        add_account(chain, "many-" + std::to_string(i), 0);
        if (i % 100 == 99)
            chain.produce();
    }
    CHECK(fee() == usual << 4);
    chain.skip_slots(100);
    chain.produce();
    CHECK(fee() == usual);
}

TEST_CASE("testing/chain_state: a fork; its transactions are pending again, and can go into other blocks")
{
    market_chain m;
    transfer give;
    give.from = m.alice;
    give.to = m.bob;
    give.amount = {77, core_asset};
    auto const tx = sign(m.chain, {give}, {"alice"});
    transaction_id const id = bitshares::id_of(tx).value();
    m.chain.push(tx);
    auto const first = m.chain.produce();
    CHECK(m.chain.find(id) == testing::transaction_place{2, 0});
    CHECK(m.chain.recent(id) != nullptr);
    m.chain.produce();

    auto undone = m.chain.undo_blocks(2, true);
    REQUIRE(undone.size() == 2);
    CHECK_FALSE(m.chain.find(id));
    CHECK(m.chain.pending().size() == 1);
    m.chain.skip_slots(1);
    auto const other = m.chain.produce();
    CHECK(other.number == first.number);
    CHECK(other.id != first.id);
    CHECK(m.chain.find(id) == testing::transaction_place{2, 0});
    CHECK_THROWS_AS(m.chain.apply(undone[1]), chain_refusal); // links to the block that is no more

    m.chain.undo_blocks(1, false);
    CHECK(m.chain.pending().empty());
    m.chain.apply(undone[0]);
    m.chain.apply(undone[1]);
    CHECK(m.chain.find(id) == testing::transaction_place{2, 0});
    CHECK(m.chain.dynamic().head_block_id == bitshares::id_of(undone[1]));
}

TEST_CASE("testing/chain_state: a block that is not what it should be changes nothing")
{
    market_chain m;
    transfer give;
    give.from = m.alice;
    give.to = m.bob;
    give.amount = {77, core_asset};
    m.chain.push(sign(m.chain, {give}, {"alice"}));
    m.chain.produce();
    signed_block const good = m.chain.undo_blocks(1, false).at(0);
    m.chain.push(sign(m.chain, {give}, {"alice"}, 99));
    std::string const before = dump(m.chain);
    auto const sign_again = [&](signed_block& block) {
        auto const name = "init" + std::to_string(block.witness.instance - 1);
        block.witness_signature = m.chain.key(name, "signing").sign(signing_digest(block));
    };
    for (int fault = 0; fault < 6; ++fault)
    {
        CAPTURE(fault);
        signed_block block = good;
        switch (fault)
        {
        case 0: block.witness_signature.data[40] ^= 1; break;
        case 1: block.transactions.clear(); break; // not what the Merkle root says
        case 2:
            block.witness = witness_id(block.witness.instance % 11 + 1);
            sign_again(block);
            break;
        case 3:
            block.timestamp.seconds += 1;
            sign_again(block);
            break;
        case 4:
            block.timestamp.seconds -= 3;
            sign_again(block);
            break;
        default:
            block.transactions.push_back(block.transactions[0]); // a duplicate
            block.transaction_merkle_root = merkle_root(block).value();
            sign_again(block);
        }
        CHECK_THROWS_AS(m.chain.apply(block), chain_refusal);
        CHECK(dump(m.chain) == before);
        CHECK(m.chain.pending().size() == 1);
    }
    m.chain.apply(good);
    CHECK(m.chain.pending().size() == 1);
}
