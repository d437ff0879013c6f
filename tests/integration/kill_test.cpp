// A program that pays from a queue is killed, over and over, and still pays everything exactly once.
// BITSHARES_KILLS: how often; 30 where it is not set.

#include <bitshares/base/hex.hpp>
#include <bitshares/chain/journal.hpp>
#include <bitshares/crypto/private_key.hpp>
#include <bitshares/testing/chain.hpp>
#include <bitshares/testing/node.hpp>
#include <support/folder.hpp>
#include <support/process.hpp>

#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <random>
#include <thread>

using namespace bitshares;

namespace {

constexpr std::array<char const*, 7> states{"prepared",     "sending", "accepted", "included",
                                            "irreversible", "refused", "expired"};
constexpr std::array<char const*, 4> stages{"begin", "torn", "written", "durable"};

int kills_wanted()
{
    char const* const text = std::getenv("BITSHARES_KILLS");
    return text ? std::max(1, std::atoi(text)) : 30;
}

// The chain, its node, and what the payer is given.
struct world
{
    world() : chain(std::make_shared<testing::chain>()), node(chain)
    {
        payer = chain->create_account("payer", 100'000'000'000);
        shop = chain->create_account("shop");
        chain->produce_blocks(30);
        std::ofstream(folder.file("key")) << chain->key("payer").to_wif().view() << '\n';
        std::ofstream(folder.file("queue"));
        chain->on_broadcast([this](signed_transaction const&) {
            testing::broadcast_fault fault;
            std::lock_guard const lock(mutex);
            auto const chance = [&](unsigned percent) { return fault_random() % 100 < percent; };
            if (refuse)
                fault.refuse = node_error(10, "Assert Exception: not today", "assert_exception");
            else if (lose)
                fault.effect = testing::broadcast_effect::lose;
            else if (chance(10))
                fault.answer = testing::broadcast_answer::close; // it arrives, and nobody is told
            else if (chance(5))
            {
                fault.effect = testing::broadcast_effect::lose;
                fault.answer = testing::broadcast_answer::close;
            }
            return fault;
        });
        chain->start_producing(std::chrono::milliseconds(10));
    }

    void add_intents(int count)
    {
        std::ofstream out(folder.file("queue"), std::ios::app);
        for (; count != 0; --count, ++intents)
            out << "intent-" << intents << ' ' << shop.instance << ' ' << amount_of(intents) << '\n';
    }
    static std::int64_t amount_of(int intent) { return 1'000 + intent; } // tells them apart on the chain

    std::vector<std::string> command(bool with_journal, std::string const& where = {}) const
    {
        std::vector<std::string> words{BITSHARES_PAYER,
                                       node.url(),
                                       to_hex(chain->network().chain_id.data),
                                       folder.file("key"),
                                       std::to_string(payer.instance),
                                       folder.file("queue"),
                                       with_journal ? folder.file("journal") : "-"};
        if (!where.empty())
            words.push_back(where);
        return words;
    }

    // How often each intent was paid, by the blocks.
    std::map<std::int64_t, int> ledger() const
    {
        std::map<std::int64_t, int> paid;
        for (std::uint32_t n = 1; n <= chain->head_block_num(); ++n)
        {
            auto const block = chain->block(n);
            for (auto const& tx : block->transactions)
                for (operation const& op : tx.operations)
                    if (auto const* const t = op.get_if<transfer>(); t && t->from == payer && t->to == shop)
                        ++paid[t->amount.amount];
        }
        return paid;
    }

    support::folder folder;
    std::shared_ptr<testing::chain> chain;
    testing::node node;
    account_id payer, shop;
    int intents = 0;

    std::mutex mutex;
    std::mt19937 random{7};
    std::mt19937 fault_random{11}; // of the node's thread
    bool refuse = false, lose = false;
};

// True where it was killed; false where it came to its end.
bool run_until_killed(world& w, bool with_journal, std::string const& where, std::chrono::milliseconds after)
{
    support::process p(w.command(with_journal, where));
    if (where.empty())
    {
        std::this_thread::sleep_for(after);
        p.signal(SIGKILL);
    }
    return p.wait() == 128 + SIGKILL;
}

// The state of the newest intent that the journal knows, as a crash left it.
std::string newest_state(world const& w)
{
    auto const journal = tx_journal::open(w.folder.file("journal"));
    if (!journal)
        return journal.error().message();
    std::string found = "none";
    for (int i = 0; i < w.intents; ++i)
        if (auto const* const e = journal->find("intent-" + std::to_string(i)))
            found = name_of(e->state);
    return found;
}

} // namespace

TEST_CASE("integration/kill: whatever is paid from a journal is paid once, wherever the program is killed")
{
    world w;
    std::map<std::string, int> left; // by what the journal had when it was killed
    std::map<std::string, int> at;   // by where it was killed
    int const wanted = kills_wanted();
    int kills = 0;
    for (int round = 0; kills < wanted && round < 3 * wanted + 50; ++round)
    {
        w.add_intents(1);
        // Every state at every stage in turn, and at any moment.
        std::size_t const turn = static_cast<std::size_t>(round) % (states.size() * stages.size() + 7);
        std::string where;
        if (turn < states.size() * stages.size())
            where = std::string(states[turn % states.size()]) + ":" + stages[turn / states.size()];
        {
            std::lock_guard const lock(w.mutex);
            w.refuse = where.starts_with("refused");
            w.lose = where.starts_with("expired");
        }
        std::chrono::milliseconds const after(5 + w.random() % 200);
        if (!run_until_killed(w, true, where, after))
            continue;
        ++kills;
        ++at[where.empty() ? "any moment" : where.substr(0, where.find(':'))];
        std::string const state = newest_state(w);
        REQUIRE_MESSAGE((state == "none" || tx_state_of(state)), state);
        ++left[state];
    }
    {
        std::lock_guard const lock(w.mutex);
        w.refuse = w.lose = false;
    }
    support::process last(w.command(true));
    REQUIRE(last.wait() == 0);

    std::string report;
    for (auto const& [state, count] : at)
        report += " " + state + "=" + std::to_string(count);
    report += "; the journal had";
    for (auto const& [state, count] : left)
        report += " " + state + "=" + std::to_string(count);
    std::cout << kills << " kills, while recording" << report << '\n';
    CHECK(kills == wanted);
    for (char const* const state : states)
    {
        CHECK_MESSAGE(at[state] >= (wanted >= 500 ? 20 : 1), state);
        if (wanted >= 500) // fewer need not leave each
            CHECK_MESSAGE(left[state] >= 1, state);
    }

    auto const paid = w.ledger();
    auto const journal = tx_journal::open(w.folder.file("journal")).value();
    int settled = 0, refused = 0;
    for (int i = 0; i < w.intents; ++i)
    {
        CAPTURE(i);
        auto const* const e = journal.find("intent-" + std::to_string(i));
        REQUIRE(e != nullptr);
        auto const found = paid.find(world::amount_of(i));
        int const times = found == paid.end() ? 0 : found->second;
        if (e->state == tx_state::irreversible)
        {
            CHECK(times == 1);
            auto const place = w.chain->find(e->id);
            REQUIRE(place.has_value());
            CHECK(place->block_num == e->block_num);
            CHECK(place->index == e->trx_num);
            ++settled;
        }
        else
        {
            CHECK(e->state == tx_state::refused);
            CHECK(times == 0);
            ++refused;
        }
    }
    std::cout << settled << " of " << w.intents << " intents paid once, " << refused << " refused and not paid\n";
    CHECK(paid.size() == static_cast<std::size_t>(settled));
}

TEST_CASE("integration/kill: without the journal the same is paid twice")
{
    world w;
    w.add_intents(10);
    bool twice = false;
    for (int round = 0; round < 60 && !twice; ++round)
    {
        w.add_intents(1);
        run_until_killed(w, false, {}, std::chrono::milliseconds(60 + w.random() % 150));
        for (auto const& [amount, times] : w.ledger())
            twice = twice || times > 1;
    }
    CHECK(twice);
}
