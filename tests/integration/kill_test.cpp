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

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <sstream>
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
        chain->start_producing(std::chrono::milliseconds(10), testing::block_production::when_needed);
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

// The journal as a kill left it: a copy, for to open the file itself would mend it before the payer has to.
struct left_behind
{
    explicit left_behind(world const& w)
    {
        std::string const file = w.folder.file("journal"), copy = w.folder.file("copy");
        if (!std::filesystem::exists(file))
            return;
        std::filesystem::copy_file(file, copy, std::filesystem::copy_options::overwrite_existing);
        std::ifstream in(copy, std::ios::binary);
        std::string const text(std::istreambuf_iterator<char>(in), {});
        auto const journal = tx_journal::open(copy);
        if (!journal)
        {
            error = journal.error().message();
            return;
        }
        torn = journal->dropped() != 0;
        // What the last whole record says.
        std::string_view const whole = std::string_view(text).substr(0, text.rfind('\n') + 1);
        constexpr std::string_view member = "\"state\":\"";
        if (auto const at = whole.rfind(member); at != whole.npos)
        {
            auto const from = at + member.size();
            std::string const name(whole.substr(from, whole.find('"', from) - from));
            if (tx_state_of(name))
                state = name;
        }
    }

    std::string state = "none";
    bool torn = false; // half a record behind it
    std::string error; // cannot be opened
};

struct tally
{
    int kills = 0;
    std::map<std::string, int> at;   // by where it was killed
    std::map<std::string, int> left; // by the last record that the journal had then
    int torn = 0;

    std::string to_string() const
    {
        std::string text = std::to_string(kills) + " kills, while recording";
        for (auto const& [state, count] : at)
            text += " " + state + "=" + std::to_string(count);
        if (!left.empty())
            text += "; the journal had";
        for (auto const& [state, count] : left)
            text += " " + state + "=" + std::to_string(count);
        return left.empty() ? text : text + ", half a record behind it " + std::to_string(torn);
    }
};

// Every state at every stage in turn, and at any moment; then a run that nobody kills.
tally kill_often(world& w, bool with_journal, int wanted)
{
    tally t;
    for (int round = 0; t.kills < wanted && round < 3 * wanted + 50; ++round)
    {
        w.add_intents(1);
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
        if (!run_until_killed(w, with_journal, where, after))
            continue;
        ++t.kills;
        ++t.at[where.empty() ? "any moment" : where.substr(0, where.find(':'))];
        if (!with_journal)
            continue;
        left_behind const left(w);
        REQUIRE_MESSAGE(left.error.empty(), left.error);
        ++t.left[left.state];
        t.torn += left.torn;
    }
    {
        std::lock_guard const lock(w.mutex);
        w.refuse = w.lose = false;
    }
    support::process last(w.command(with_journal));
    REQUIRE(last.wait() == 0);
    CHECK(t.kills == wanted);
    for (char const* const state : states)
        CHECK_MESSAGE(t.at[state] >= std::max(1, wanted / 25), state);
    return t;
}

// What the payer takes for paid, by its own book.
std::set<int> book(world const& w, bool with_journal)
{
    std::set<int> paid;
    if (with_journal)
    {
        auto const journal = tx_journal::open(w.folder.file("journal")).value();
        for (int i = 0; i < w.intents; ++i)
        {
            CAPTURE(i);
            auto const* const e = journal.find("intent-" + std::to_string(i));
            REQUIRE(e != nullptr);
            if (e->state == tx_state::irreversible)
            {
                auto const place = w.chain->find(e->id);
                REQUIRE(place.has_value());
                CHECK(place->block_num == e->block_num);
                CHECK(place->index == e->trx_num);
                paid.insert(i);
            }
            else
                CHECK(e->state == tx_state::refused);
        }
        return paid;
    }
    std::ifstream in(w.folder.file("queue.done"));
    for (std::string line; std::getline(in, line);)
    {
        std::istringstream words(line);
        std::string name, what;
        words >> name >> what;
        if (what == "paid")
            paid.insert(std::stoi(name.substr(name.find('-') + 1)));
    }
    return paid;
}

struct comparison
{
    int once = 0, not_paid = 0; // as the book says
    int twice = 0, lost = 0;    // paid again; the book does not know what became of it
    int too_many = 0;           // payments
};

comparison compare(world const& w, bool with_journal)
{
    comparison c;
    auto const booked = book(w, with_journal);
    auto const paid = w.ledger();
    for (int i = 0; i < w.intents; ++i)
    {
        auto const found = paid.find(world::amount_of(i));
        int const times = found == paid.end() ? 0 : found->second;
        c.too_many += std::max(0, times - 1);
        if (times > 1)
            ++c.twice;
        else if (times != static_cast<int>(booked.count(i)))
            ++c.lost;
        else
            ++(times == 1 ? c.once : c.not_paid);
    }
    return c;
}

} // namespace

TEST_CASE("integration/kill: whatever is paid from a journal is paid once, wherever the program is killed")
{
    world w;
    int const wanted = kills_wanted();
    tally t = kill_often(w, true, wanted);
    std::cout << t.to_string() << '\n';
    int const least = std::max(1, wanted / 25); // 20 of 500
    for (char const* const state : states)
        CHECK_MESSAGE(t.left[state] >= least, state);
    CHECK(t.torn >= least);
    auto const c = compare(w, true);
    std::cout << c.once << " of " << w.intents << " intents paid once, " << c.not_paid << " refused and not paid\n";
    CHECK(c.twice == 0);
    CHECK(c.lost == 0);
    CHECK(c.once > 0);
    CHECK(c.not_paid > 0);
}

TEST_CASE("integration/kill: without the journal the same kills pay twice")
{
    world w;
    tally const t = kill_often(w, false, kills_wanted());
    auto const c = compare(w, false);
    std::cout << "without the journal: " << t.to_string() << "; " << c.twice << " of " << w.intents
              << " intents paid twice or more, by " << c.too_many << " payments too many, of " << c.lost
              << " the outcome lost\n";
    CHECK(c.twice > 0);
}
