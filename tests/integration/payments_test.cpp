// bts's commands that move money, and the programs for deposits and withdrawals, as processes, against a chain in memory.

#include <bitshares/base/hex.hpp>
#include <bitshares/crypto/memo.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/testing/chain.hpp>
#include <bitshares/testing/node.hpp>
#include <bitshares/wallet/keyring.hpp>
#include <support/folder.hpp>
#include <support/json_value.hpp>
#include <support/process.hpp>
#include <support/terminal.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <random>
#include <sstream>
#include <thread>

using namespace bitshares;
using test::json_value;

namespace {

constexpr std::int64_t BTS = 100'000;

/// A chain that makes a block every so often, its node, and the keys of its accounts in files.
struct served_chain
{
    explicit served_chain(std::chrono::milliseconds interval = std::chrono::milliseconds(100))
        : chain(std::make_shared<testing::chain>()), node(chain)
    {
        alice = chain->create_account("alice", 10'000 * BTS);
        bob = chain->create_account("bob", 1'000 * BTS);
        chain->produce_blocks(30);
        for (auto const* const name : {"alice", "bob"})
        {
            keep(std::string(name) + ".keys", {{name, "active"}, {name, "memo"}});
            keep(std::string(name) + ".memo", {{name, "memo"}});
        }
        chain->start_producing(interval, testing::block_production::when_needed);
    }

    void keep(std::string const& file, std::vector<std::pair<std::string, std::string>> const& roles)
    {
        std::string const path = folder.file(file);
        std::ofstream out(path);
        for (auto const& [account, role] : roles)
            out << chain->key(account, role).to_wif().view() << '\n';
        out.close();
        std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    }

    std::string keys(std::string const& file) const { return folder.file(file); }

    /// A keyring with the keys of one account, and its passphrase in a file: what the programs are given for them.
    std::vector<std::string> keyring(std::string const& account)
    {
        bitshares::keyring keys;
        for (auto const* const role : {"active", "memo"})
            REQUIRE(keys.add(chain->key(account, role)).has_value());
        std::string const path = folder.file(account + ".keyring"), passphrase = folder.file(account + ".passphrase");
        REQUIRE(save_keyring(path, keys, phrase, existing_file::keep, keyring_options{.cost = {10, 8, 1}}).has_value());
        write(account + ".passphrase", std::string(phrase) + "\n");
        std::filesystem::permissions(passphrase,
                                     std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
        return {"--keyring", path, "--passphrase-file", passphrase};
    }
    static constexpr std::string_view phrase = "a phrase of several words";

    void write(std::string const& file, std::string const& text) { std::ofstream(folder.file(file)) << text; }

    std::string read(std::string const& file) const
    {
        std::ifstream in(folder.file(file), std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }

    support::folder folder;
    std::shared_ptr<testing::chain> chain;
    testing::node node;
    account_id alice, bob;
};

std::vector<std::string> command(char const* program, std::vector<std::string> const& arguments,
                                 std::string const& directory = ".")
{
    std::vector<std::string> whole{"/bin/sh", "-c", "cd \"$0\" && unset BTS_NODE; exec \"$@\" 2>&1", directory,
                                   std::string(BITSHARES_PROGRAMS_DIR) + "/" + program};
    whole.insert(whole.end(), arguments.begin(), arguments.end());
    return whole;
}

struct finished
{
    int exit = -1;
    std::string out; // standard error, too

    bool says(std::string const& part) const { return out.find(part) != std::string::npos; }

    /// The last line.
    json_value json() const
    {
        std::string text = out;
        while (text.ends_with('\n'))
            text.pop_back();
        return json_value::parse(text.substr(text.rfind('\n') + 1));
    }
};

finished run(char const* program, std::vector<std::string> const& arguments)
{
    support::process p(command(program, arguments));
    finished f;
    f.out = p.communicate({});
    f.exit = p.wait();
    return f;
}

/// Kills the program so many times, the first time when it has begun to work, then at random moments around the time
/// that this took, or sooner where it had ended before: what a machine needs for it differs by a factor of ten.
template <typename Begun>
int kill_often(char const* program, std::vector<std::string> const& arguments, std::uint32_t seed, Begun const& begun)
{
    using clock = std::chrono::steady_clock;
    constexpr int times = 25;
    std::mt19937 random(seed);
    clock::duration first{};
    int killed = 0;
    for (int i = 0; killed < times && i < 10 * times; ++i)
    {
        support::process p(command(program, arguments));
        if (i == 0)
        {
            auto const start = clock::now();
            while (!begun() && clock::now() - start < std::chrono::seconds(60))
                std::this_thread::sleep_for(std::chrono::milliseconds(2));
            CHECK(begun());
            first = clock::now() - start;
        }
        else
            std::this_thread::sleep_for(first * (random() % 150) / 100);
        p.signal(SIGKILL);
        if (p.wait() == 128 + SIGKILL)
            ++killed;
        else
            first -= first / 4;
    }
    return killed;
}

finished bts(served_chain const& c, std::vector<std::string> arguments)
{
    arguments.insert(arguments.end(), {"--node", c.node.url()});
    return run("bts", arguments);
}

} // namespace

TEST_CASE("integration/payments: a transfer arrives once, with its memo, and is told as JSON")
{
    served_chain c;
    auto const before_alice = c.chain->balance(c.alice), before_bob = c.chain->balance(c.bob);
    auto const f = bts(c, {"transfer", "alice", "bob", "12.34567", "BTS", "--memo", "for lunch: ü", "--key-file",
                           c.keys("alice.keys"), "--yes", "--json"});
    INFO(f.out);
    REQUIRE(f.exit == 0);
    auto const json = f.json();
    CHECK((json["state"].text() == "included" || json["state"].text() == "irreversible")); // blocks come quickly here
    auto const block = c.chain->block(static_cast<std::uint32_t>(std::stoul(json["block_num"].text())));
    REQUIRE(block.has_value());
    auto const& tx = block->transactions.at(std::stoul(json["trx_num"].text()));
    CHECK(to_hex(id_of(tx).value().data) == json["id"].text());
    REQUIRE(tx.operations.size() == 1);
    auto const* const op = tx.operations[0].get_if<transfer>();
    REQUIRE(op != nullptr);
    REQUIRE(op->memo.has_value());
    CHECK(decrypt_memo(*op->memo, c.chain->key("bob", "memo")).value() == "for lunch: ü");
    CHECK(c.chain->balance(c.bob) - before_bob == 1'234'567);
    CHECK(before_alice - c.chain->balance(c.alice) == 1'234'567 + op->fee.amount);
    CHECK(tx.signatures.size() == 1);
}

TEST_CASE("integration/payments: no node is told which keys there are")
{
    served_chain c;
    std::mutex mutex;
    std::string asked;
    testing::node_options options;
    options.on_request = [&](std::string_view frame) -> std::optional<testing::node_reply> {
        std::lock_guard const lock(mutex);
        asked.append(frame) += '\n';
        return std::nullopt;
    };
    {
        testing::node const curious(c.chain, options);
        auto const f = run("bts", {"transfer", "alice", "bob", "1", "BTS", "--key-file", c.keys("alice.keys"), "--yes",
                                   "--node", curious.url()});
        REQUIRE_MESSAGE(f.exit == 0, f.out);
    }
    CHECK(asked.find("broadcast_transaction") != std::string::npos);
    for (auto const* const method : {"get_key_references", "get_required_signatures", "get_potential_signatures",
                                     "get_potential_address_signatures", "verify_authority"})
        CHECK_MESSAGE(asked.find(method) == std::string::npos, method);
    for (auto const* const role : {"active", "memo"})
    {
        public_key const key = c.chain->key("alice", role).to_public();
        CHECK(asked.find(key.to_string("BTS")) == std::string::npos);
    }
}

TEST_CASE("integration/payments: what is not allowed to be sent is not, and the reason says what to do")
{
    served_chain c;
    auto const requests = [&] { return c.chain->pending().size(); };
    auto const before = c.chain->balance(c.bob);

    auto const dry = bts(c, {"transfer", "alice", "bob", "1", "BTS", "--key-file", c.keys("alice.keys"), "--dry-run"});
    INFO(dry.out);
    CHECK(dry.exit == 0);
    CHECK(dry.says("alice gives 1.00000 BTS; bob gets 1.00000 BTS"));
    CHECK(dry.says("signed by " + c.chain->key("alice").to_public().to_string("BTS")));

    auto const without = bts(c, {"transfer", "alice", "bob", "1", "BTS", "--dry-run"});
    CHECK(without.exit == 0);
    CHECK(without.says("it cannot be signed with the keys that there are"));
    CHECK(without.says("alice"));

    auto const foreign = bts(c, {"transfer", "alice", "bob", "1", "BTS", "--key-file", c.keys("bob.keys"), "--yes"});
    CHECK(foreign.exit == 1);
    CHECK_MESSAGE(foreign.says("nothing was sent"), foreign.out);

    auto const unasked = bts(c, {"transfer", "alice", "bob", "1", "BTS", "--key-file", c.keys("alice.keys")});
    CHECK(unasked.exit == 2);
    CHECK_MESSAGE(unasked.says("--yes"), unasked.out);

    std::filesystem::permissions(c.keys("alice.keys"), std::filesystem::perms::group_read,
                                 std::filesystem::perm_options::add);
    auto const open = bts(c, {"transfer", "alice", "bob", "1", "BTS", "--key-file", c.keys("alice.keys"), "--dry-run"});
    CHECK(open.exit == 0);
    CHECK_MESSAGE(open.says("chmod 600"), open.out);
    CHECK(!open.says(std::string(c.chain->key("alice").to_wif().view())));

    CHECK(bts(c, {"transfer", "alice", "nobody-here", "1", "BTS", "--yes"}).exit == 1);
    CHECK(bts(c, {"transfer", "alice", "bob", "1.000001", "BTS", "--yes"}).exit == 1);
    CHECK(bts(c, {"transfer", "alice", "bob", "0", "BTS", "--yes"}).exit == 1);
    CHECK(bts(c, {"transfer", "alice", "bob", "1", "NOTHERE", "--yes"}).exit == 1);
    CHECK(run("bts", {"transfer", "alice", "bob", "1", "BTS", "--yes", "--node", "ws://127.0.0.1:1"}).exit == 3);
    CHECK(c.chain->balance(c.bob) == before);
    CHECK(requests() == 0);
}

TEST_CASE("integration/payments: a node's refusal is told, and nothing has happened")
{
    served_chain c;
    auto const f =
        bts(c, {"transfer", "bob", "alice", "999999", "BTS", "--key-file", c.keys("bob.keys"), "--yes", "--json"});
    CHECK(f.exit == 1);
    CHECK_MESSAGE(f.json()["state"].text() == "refused", f.out);
    CHECK(!f.json()["refusal"]["message"].text().empty());
    CHECK(c.chain->balance(c.bob) == 1'000 * BTS);
}

TEST_CASE("integration/payments: an order is placed and taken back; an account is upgraded")
{
    served_chain c;
    auto const usd = c.chain->create_asset("TOKEN", 2);
    c.chain->fund(c.bob, {50'000, usd});
    c.chain->produce_block();
    auto const placed = bts(c, {"order", "alice", "100", "BTS", "5.25", "TOKEN", "--expires", "2027-06-01T00:00:00",
                                "--key-file", c.keys("alice.keys"), "--yes", "--json"});
    INFO(placed.out);
    REQUIRE(placed.exit == 0);
    auto const rest = c.chain->balance(c.alice);
    std::string const id = placed.json()["id"].text();
    auto const order = c.chain->object(limit_order_id(0));
    REQUIRE(!order.empty());
    CHECK(json_value::parse(order)["for_sale"].text() == "10000000");

    auto const canceled = bts(c, {"cancel", "1.7.0", "--key-file", c.keys("alice.keys"), "--yes", "--json"});
    CHECK_MESSAGE(canceled.exit == 0, canceled.out);
    CHECK(c.chain->object(limit_order_id(0)).empty());
    CHECK(c.chain->balance(c.alice) > rest);
    CHECK(bts(c, {"cancel", "1.7.0", "--key-file", c.keys("alice.keys"), "--yes"}).exit == 1);

    c.chain->fund(c.alice, {1'000'000 * BTS, core_asset});
    c.chain->produce_block();
    auto const upgraded = bts(c, {"upgrade", "alice", "--key-file", c.keys("alice.keys"), "--yes", "--json"});
    CHECK_MESSAGE(upgraded.exit == 0, upgraded.out);
    CHECK(c.chain->account("alice")->lifetime_referrer == c.alice);

    // What became of the first, by its id alone and as the file of a signed transaction.
    auto const found = bts(c, {"outcome", id, "--json"});
    CHECK(found.exit == 0);
    CHECK(found.json()["block_num"].text() == placed.json()["block_num"].text());
    c.write("order.json", placed.json()["transaction"].dump());
    auto const followed = bts(c, {"outcome", c.folder.file("order.json"), "--irreversible", "--json"});
    CHECK_MESSAGE(followed.exit == 0, followed.out);
    CHECK(followed.json()["state"].text() == "irreversible");
    CHECK(followed.json()["id"].text() == id);
    auto const unknown = bts(c, {"outcome", std::string(40, 'a'), "--blocks", "5", "--json"});
    CHECK(unknown.exit == 4);
    CHECK(unknown.json()["state"].text() == "not_found");
}

TEST_CASE("integration/payments: a broadcast whose answer is lost is followed, not repeated")
{
    served_chain c;
    auto const before = c.chain->balance(c.bob);
    std::atomic<int> broadcasts = 0;
    c.chain->on_broadcast([&](signed_transaction const&) {
        testing::broadcast_fault fault;
        if (++broadcasts == 1)
            fault.answer = testing::broadcast_answer::close;
        return fault;
    });
    auto const f = bts(c, {"transfer", "alice", "bob", "3", "BTS", "--key-file", c.keys("alice.keys"), "--yes",
                           "--json", "--save", c.folder.file("saved.json")});
    CHECK_MESSAGE(f.exit == 0, f.out);
    CHECK(c.chain->balance(c.bob) - before == 3 * BTS);
    auto const saved = from_json<signed_transaction>(c.read("saved.json"));
    REQUIRE(saved.has_value());
    CHECK(to_hex(id_of(*saved).value().data) == f.json()["id"].text());
}

TEST_CASE("integration/payments: Ctrl-C after sending says that it may have been paid, and what it is")
{
    served_chain c;
    c.chain->stop_producing();
    support::process p(command("bts", {"transfer", "alice", "bob", "2", "BTS", "--key-file", c.keys("alice.keys"),
                                       "--yes", "--save", c.folder.file("paid.json"), "--node", c.node.url()}));
    std::string all;
    for (std::string line = p.read_line(60'000); !line.empty(); line = p.read_line(60'000))
    {
        all += line + '\n';
        if (line == "accepted by the node")
            p.signal(SIGINT);
    }
    CHECK_MESSAGE(p.wait() == 5, all);
    CHECK_MESSAGE(all.find("do not pay again") != std::string::npos, all);
    CHECK(all.find("bts outcome " + c.folder.file("paid.json")) != std::string::npos);
    REQUIRE(c.chain->pending().size() == 1);
    // Before the node was asked: whatever happens, it can be found.
    CHECK(all.find("transaction " + to_hex(c.chain->pending()[0].data)) < all.find("accepted by the node"));
    c.chain->start_producing(std::chrono::milliseconds(20));
    auto const f = bts(c, {"outcome", c.folder.file("paid.json"), "--json"});
    CHECK_MESSAGE(f.exit == 0, f.out);
    CHECK(c.chain->balance(c.bob) == 1'002 * BTS);
}

TEST_CASE("integration/payments: without --save, what is in doubt is kept in a file of its own")
{
    served_chain c;
    c.chain->stop_producing();
    support::process p(command(
        "bts",
        {"transfer", "alice", "bob", "2", "BTS", "--key-file", c.keys("alice.keys"), "--yes", "--node", c.node.url()},
        c.folder.path()));
    std::string all;
    for (std::string line = p.read_line(60'000); !line.empty(); line = p.read_line(60'000))
    {
        all += line + '\n';
        if (line == "accepted by the node")
            p.signal(SIGINT);
    }
    CHECK_MESSAGE(p.wait() == 5, all);
    REQUIRE(c.chain->pending().size() == 1);
    std::string const file = "bts-" + to_hex(c.chain->pending()[0].data) + ".json";
    CHECK_MESSAGE(all.find("bts outcome " + file + " goes on") != std::string::npos, all);
    c.chain->start_producing(std::chrono::milliseconds(20));
    auto const f = bts(c, {"outcome", c.folder.file(file), "--json"});
    CHECK_MESSAGE(f.exit == 0, f.out);
    CHECK(c.chain->balance(c.bob) == 1'002 * BTS);

    // Where no file can be made, the transaction is shown.
    c.chain->stop_producing();
    support::process q(command(
        "bts",
        {"transfer", "alice", "bob", "3", "BTS", "--key-file", c.keys("alice.keys"), "--yes", "--node", c.node.url()},
        "/proc"));
    all.clear();
    for (std::string line = q.read_line(); !line.empty(); line = q.read_line())
    {
        all += line + '\n';
        if (line == "accepted by the node")
            q.signal(SIGINT);
    }
    CHECK_MESSAGE(q.wait() == 5, all);
    REQUIRE(c.chain->pending().size() == 1);
    auto const begin = all.find("\n{");
    REQUIRE_MESSAGE(begin != all.npos, all);
    auto const shown = from_json<signed_transaction>(all.substr(begin + 1, all.find('\n', begin + 1) - begin - 1));
    REQUIRE_MESSAGE(shown.has_value(), all);
    CHECK(id_of(*shown).value() == c.chain->pending()[0]);
}

TEST_CASE("integration/payments: the question before signing is answered on a terminal")
{
    served_chain c(std::chrono::milliseconds(20));
    std::string const on_chain = "on the chain " + to_hex(c.chain->network().chain_id.data);
    std::string const question = "Sign and send this " + on_chain + "? [y/N] ";
    std::atomic<int> broadcasts = 0;
    c.chain->on_broadcast([&](signed_transaction const&) {
        ++broadcasts;
        return testing::broadcast_fault();
    });
    auto const before = c.chain->balance(c.bob);
    auto const transfer = command(
        "bts", {"transfer", "alice", "bob", "4", "BTS", "--key-file", c.keys("alice.keys"), "--node", c.node.url()});
    // No, nothing, something else, the end of the input, Ctrl-C.
    for (std::string const answer : {"n\n", "\n", "yep\n", "\x04", "y\x03"})
    {
        CAPTURE(answer);
        support::on_terminal t(transfer, 100, 30);
        REQUIRE_MESSAGE(t.says(question), t.all());
        CHECK_MESSAGE(t.all().find("alice gives 4.00000 BTS; bob gets 4.00000 BTS") < t.all().find(question), t.all());
        CHECK(t.all().find("signed by " + c.chain->key("alice").to_public().to_string("BTS")) < t.all().find(question));
        CHECK_MESSAGE(t.all().find(on_chain + ", as the node says") < t.all().find(question), t.all());
        t.type(answer);
        CHECK_MESSAGE(t.says("bts: nothing was sent"), t.all());
        CHECK(t.wait() == 5);
    }
    CHECK(broadcasts == 0);
    CHECK(c.chain->balance(c.bob) == before);
    for (std::string const answer : {"y\n", "yes\n"})
    {
        CAPTURE(answer);
        support::on_terminal t(transfer, 100, 30);
        REQUIRE_MESSAGE(t.says(question), t.all());
        CHECK(c.chain->balance(c.bob) == before + (broadcasts != 0 ? 4 * BTS : 0));
        t.type(answer);
        CHECK_MESSAGE(t.says("as its transaction 0"), t.all());
        CHECK(t.wait() == 0);
    }
    CHECK(broadcasts == 2);
    CHECK(c.chain->balance(c.bob) == before + 8 * BTS);

    // A person may think longer than the transaction would live: what is signed is made after the answer.
    {
        support::on_terminal t(transfer, 100, 30);
        REQUIRE_MESSAGE(t.says(question), t.all());
        c.chain->produce_blocks(30);
        t.type("y\n");
        CHECK_MESSAGE(t.says("as its transaction 0"), t.all());
        CHECK(t.wait() == 0);
        CHECK(broadcasts == 3);
        CHECK(c.chain->balance(c.bob) == before + 12 * BTS);
    }

    // A node that is gone when it is answered: nothing was sent, and nothing that could be is left behind.
    {
        testing::node other(c.chain);
        auto const file = c.folder.file("unsent.json");
        support::on_terminal t(command("bts", {"transfer", "alice", "bob", "4", "BTS", "--key-file",
                                               c.keys("alice.keys"), "--save", file, "--node", other.url()}),
                               100, 30);
        REQUIRE_MESSAGE(t.says(question), t.all());
        other.stop();
        t.type("y\n");
        CHECK_MESSAGE(t.wait() == 3, t.all());
        CHECK_FALSE(std::filesystem::exists(file));
        CHECK(broadcasts == 3);
    }

    // With a keyring, its passphrase is asked for as well, and not shown.
    auto const keys = c.keyring("alice");
    auto with_keyring =
        command("bts", {"transfer", "alice", "bob", "1", "BTS", "--node", c.node.url(), keys[0], keys[1]});
    with_keyring[2].insert(0, "ulimit -S -c \"$(ulimit -H -c)\"; "); // core dumps, as far as it goes
    support::on_terminal t(with_keyring, 100, 30);
    REQUIRE_MESSAGE(t.says("Passphrase of " + keys[1] + ": "), t.all());
    t.type(std::string(c.phrase) + "\n");
    REQUIRE_MESSAGE(t.says(question), t.all());
    std::ifstream limits("/proc/" + std::to_string(t.id()) + "/limits"); // it holds keys: no core dump may
    for (std::string line; std::getline(limits, line);)
        if (line.starts_with("Max core file size"))
            CHECK_MESSAGE(line[line.find_first_not_of(' ', 18)] == '0', line);
    CHECK(limits.eof());
    t.type("y\n");
    CHECK(t.wait() == 0);
    CHECK(t.all().find(c.phrase) == std::string::npos);
    CHECK(c.chain->balance(c.bob) == before + 13 * BTS);
}

TEST_CASE("integration/payments: a keyring signs, pays, pays out and reads memos")
{
    served_chain c(std::chrono::milliseconds(20));
    auto const alice = c.keyring("alice"), bob = c.keyring("bob");
    auto const with = [](std::vector<std::string> arguments, std::vector<std::string> const& keys) {
        arguments.insert(arguments.end(), keys.begin(), keys.end());
        return arguments;
    };
    auto const before = c.chain->balance(c.bob);
    auto const paid =
        bts(c, with({"transfer", "alice", "bob", "5", "BTS", "--memo", "by keyring", "--yes", "--json"}, alice));
    REQUIRE_MESSAGE(paid.exit == 0, paid.out);
    CHECK(c.chain->balance(c.bob) == before + 5 * BTS);
    // Another account's keys do not do, nor does a wrong passphrase; the phrase is told nowhere.
    auto const foreign = bts(c, with({"transfer", "alice", "bob", "5", "BTS", "--yes"}, bob));
    CHECK_MESSAGE(foreign.exit == 1, foreign.out);
    auto wrong = alice;
    wrong.back() = c.keys("alice.keys");
    auto const refused = bts(c, with({"transfer", "alice", "bob", "5", "BTS", "--yes"}, wrong));
    CHECK_MESSAGE(refused.exit != 0, refused.out);
    CHECK(!refused.says("5K"));
    CHECK(!refused.says("5J"));
    CHECK(c.chain->balance(c.bob) == before + 5 * BTS);

    // tx sign: the same signature as from the file with the same key.
    auto const sign = [&](std::vector<std::string> const& keys) {
        support::process p(
            command("bts", with({"tx", "sign", "--chain-id", to_hex(c.chain->network().chain_id.data)}, keys)));
        finished f;
        auto unsigned_tx = from_json<signed_transaction>(paid.json()["transaction"].dump()).value();
        unsigned_tx.signatures.clear();
        f.out = p.communicate(to_json(unsigned_tx) + "\n");
        f.exit = p.wait();
        return f;
    };
    c.keep("alice.active", {{"alice", "active"}});
    auto const by_file = sign({"--key-file", c.keys("alice.active")});
    REQUIRE_MESSAGE(by_file.exit == 0, by_file.out);
    // Of a keyring every key signs; so this one has the active key alone.
    bitshares::keyring one;
    REQUIRE(one.add(c.chain->key("alice")).has_value());
    REQUIRE(
        save_keyring(alice[1], one, c.phrase, existing_file::replace, keyring_options{.cost = {10, 8, 1}}).has_value());
    auto const by_keyring = sign(alice);
    CHECK_MESSAGE(by_keyring.exit == 0, by_keyring.out);
    CHECK(by_keyring.json()["transaction"].dump() == by_file.json()["transaction"].dump());
    CHECK(by_keyring.json()["id"].text() == paid.json()["id"].text());

    c.write("queue", R"({"key":"k-1","to":"bob","amount":"6","symbol":"BTS","memo":""})"
                     "\n");
    auto const out = run("bts-withdrawals", with({"--from", "alice", "--queue", c.folder.file("queue"), "--journal",
                                                  c.folder.file("journal"), "--node", c.node.url(), "--new-journal",
                                                  "--chain-id", to_hex(c.chain->network().chain_id.data)},
                                                 alice));
    CHECK_MESSAGE(out.exit == 0, out.out);
    CHECK(c.chain->balance(c.bob) == before + 11 * BTS);

    auto const in =
        run("bts-deposits",
            with({"--account", "bob", "--credits", c.folder.file("credits"), "--node", c.node.url(), "--quiet"}, bob));
    CHECK_MESSAGE(in.exit == 0, in.out);
    CHECK_MESSAGE(c.read("credits").find("\"by keyring\"") != std::string::npos, c.read("credits"));
}

TEST_CASE("integration/payments: deposits that a node has forgotten are no deposits skipped")
{
    served_chain c(std::chrono::milliseconds(20));
    auto const key = c.chain->key("alice");
    auto const pay = [&](std::int64_t amount) {
        transfer op;
        op.from = c.alice;
        op.to = c.bob;
        op.amount = {amount, core_asset};
        REQUIRE(c.chain->push(c.chain->sign({op}, {&key})).has_value());
        c.chain->produce_until_irreversible(c.chain->head_block_num() + 1);
    };
    for (int i = 1; i < 5; ++i)
        pay(i);
    std::atomic<int> removed = 1; // read on the node's thread
    testing::node_options options;
    options.on_request = [&](std::string_view frame) -> std::optional<testing::node_reply> {
        if (frame.find("get_objects") == std::string_view::npos)
            return std::nullopt;
        std::string reply = c.chain->answer(frame);
        if (auto const at = reply.find("\"removed_ops\":0"); at != std::string::npos)
            reply.replace(at, 15, "\"removed_ops\":" + std::to_string(removed));
        testing::node_reply changed;
        changed.frames.push_back(std::move(reply));
        return changed;
    };
    testing::node const forgetful(c.chain, options);
    auto const credit = [&](testing::node const& node) {
        return run("bts-deposits", {"--account", "bob", "--credits", c.folder.file("credits"), "--key-file",
                                    c.keys("bob.memo"), "--quiet", "--node", node.url()});
    };
    auto const first = credit(forgetful);
    CHECK_MESSAGE(first.exit == 4, first.out);
    CHECK(c.read("credits").empty());
    auto const whole = credit(c.node);
    REQUIRE_MESSAGE(whole.exit == 0, whole.out);
    std::string const before = c.read("credits");
    for (int i = 5; i < 9; ++i)
        pay(i);
    removed = 8; // the cursor's operation, and some behind it
    auto const later = credit(forgetful);
    CHECK_MESSAGE(later.exit == 4, later.out);
    CHECK(c.read("credits") == before);
    CHECK(credit(c.node).exit == 0);
    CHECK(c.read("credits").size() > before.size());
}

TEST_CASE("integration/payments: deposits are followed on when a node could not answer for a while")
{
    served_chain c;
    std::atomic<int> refused = 0;
    testing::node_options options;
    options.on_request = [&](std::string_view frame) -> std::optional<testing::node_reply> {
        if (frame.find("\"get_dynamic_global_properties\"") == std::string_view::npos || refused == 2)
            return std::nullopt;
        ++refused;
        auto const at = frame.find("\"id\":") + 5;
        testing::node_reply reply;
        reply.frames.push_back("{\"id\":" + std::string(frame.substr(at, frame.find_first_of(",}", at) - at)) +
                               R"(,"jsonrpc":"2.0","error":{"code":-32603,"message":"Internal error"}})");
        return reply;
    };
    testing::node const troubled(c.chain, options);
    support::process p(command("bts-deposits", {"--account", "bob", "--credits", c.folder.file("credits"), "--follow",
                                                "--interval", "1", "--node", troubled.url()}));
    auto const until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (c.read("credits").empty() && std::chrono::steady_clock::now() < until)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    CHECK_FALSE(c.read("credits").empty());
    p.signal(SIGINT);
    std::string const all = p.communicate({});
    CHECK_MESSAGE(p.wait() == 0, all);
    CHECK_MESSAGE(all.find("the node refuses: ") != std::string::npos, all);
    CHECK(refused == 2);
}

TEST_CASE("integration/payments: deposits are credited exactly once, whatever kills the program")
{
    served_chain c(std::chrono::milliseconds(20));
    constexpr int payments = 40;
    auto const alice_memo = c.chain->key("alice", "memo");
    auto const alice_key = c.chain->key("alice");
    std::thread payer([&] {
        for (int i = 0; i < payments; ++i)
        {
            transfer op;
            op.from = c.alice;
            op.to = c.bob;
            op.amount = {1'000 + i, core_asset};
            if (i % 2 == 0)
                op.memo = encrypt_memo(alice_memo, c.chain->account("bob")->options.memo_key,
                                       "invoice " + std::to_string(i), static_cast<std::uint64_t>(i) + 1)
                              .value();
            auto const done = c.chain->push(c.chain->sign({op}, {&alice_key}));
            CHECK(done.has_value());
            std::this_thread::sleep_for(std::chrono::milliseconds(40));
        }
    });
    std::vector<std::string> const arguments{
        "--account", "bob",        "--credits", c.folder.file("credits"), "--key-file", c.keys("bob.memo"),
        "--node",    c.node.url(), "--quiet"};
    auto following = arguments;
    following.insert(following.end(), {"--follow", "--interval", "1"});
    CHECK(kill_often("bts-deposits", following, 7, [&] { return c.read("credits").size() > 100; }) == 25);
    payer.join();
    std::uint32_t const last = c.chain->head_block_num();
    c.chain->produce_until_irreversible(last);
    auto const whole = run("bts-deposits", arguments);
    INFO(whole.out);
    REQUIRE(whole.exit == 0);

    std::map<std::string, std::string> credited; // units, memo
    std::istringstream lines(c.read("credits"));
    std::int64_t units = 0;
    int count = 0;
    for (std::string line; std::getline(lines, line);)
    {
        auto const json = json_value::parse(line);
        if (json.find("cursor") != nullptr)
            continue;
        ++count;
        CHECK(json["from"].text() == (json["units"].text() == "100000000" ? "bank" : "alice"));
        auto const memo = json["memo"];
        credited[json["units"].text()] = memo.is_null() ? std::string() : memo.text();
        units += std::stoll(json["units"].text());
    }
    CHECK(count == payments + 1); // and what bob began with
    CHECK(units == c.chain->balance(c.bob));
    for (int i = 0; i < payments; ++i)
        CHECK(credited[std::to_string(1'000 + i)] == (i % 2 == 0 ? "invoice " + std::to_string(i) : ""));
    // Nothing new: nothing is written.
    std::string const before = c.read("credits");
    CHECK(run("bts-deposits", arguments).exit == 0);
    CHECK(c.read("credits") == before);
    // A line that was not whole is cut off and written again; one that is damaged is an error.
    c.write("credits", before.substr(0, before.size() - 20));
    CHECK(run("bts-deposits", arguments).exit == 0);
    CHECK(c.read("credits") == before);
    c.write("credits", "hello\n" + before);
    CHECK(run("bts-deposits", arguments).exit == 1);
}

TEST_CASE("integration/payments: withdrawals are paid exactly once, whatever kills the program")
{
    served_chain c(std::chrono::milliseconds(20));
    constexpr int payments = 30;
    std::string queue;
    std::int64_t sum = 0;
    for (int i = 0; i < payments; ++i)
    {
        // Every third the same amount: they are different withdrawals all the same.
        int const units = i % 3 == 0 ? 500 : 1'000 + i;
        sum += units;
        queue += "{\"key\":\"w-" + std::to_string(i) + "\",\"to\":\"bob\",\"amount\":\"0.0" +
                 std::string(units < 1000 ? "0" : "") + std::to_string(units) + "\",\"symbol\":\"BTS\",\"memo\":\"" +
                 (i % 5 == 0 ? "number " + std::to_string(i) : std::string()) + "\"}\n";
    }
    c.write("queue", queue);
    auto const before = c.chain->balance(c.bob);
    std::vector<std::string> const arguments{"--from",     "alice",
                                             "--queue",    c.folder.file("queue"),
                                             "--journal",  c.folder.file("journal"),
                                             "--key-file", c.keys("alice.keys"),
                                             "--node",     c.node.url(),
                                             "--at-once",  "4"};
    auto const with = [&](std::vector<std::string> const& more) {
        auto all = arguments;
        all.insert(all.end(), more.begin(), more.end());
        return all;
    };
    // A journal that is not there is not taken for an empty one: everything that ever was paid would be paid again.
    auto const without = run("bts-withdrawals", arguments);
    CHECK_MESSAGE(without.exit == 2, without.out);
    CHECK(without.says("--new-journal"));
    CHECK_FALSE(std::filesystem::exists(c.folder.file("journal")));
    auto const on_which = run("bts-withdrawals", with({"--new-journal"}));
    CHECK_MESSAGE(on_which.exit == 2, on_which.out);
    CHECK(on_which.says("--chain-id"));
    std::vector<std::string> const begin{"--new-journal", "--chain-id", to_hex(c.chain->network().chain_id.data)};
    c.write("queue", "");
    auto const begun = run("bts-withdrawals", with(begin));
    REQUIRE_MESSAGE(begun.exit == 0, begun.out);
    CHECK(run("bts-withdrawals", with(begin)).exit == 0); // nothing stands there yet
    c.write("queue", queue);
    CHECK(c.chain->balance(c.bob) == before);
    CHECK(kill_often("bts-withdrawals", arguments, 11, [&] { return c.chain->balance(c.bob) > before; }) == 25);
    auto const whole = run("bts-withdrawals", arguments);
    INFO(whole.out);
    REQUIRE(whole.exit == 0);
    CHECK(c.chain->balance(c.bob) - before == sum);
    std::istringstream lines(whole.out);
    std::map<std::string, int> told;
    for (std::string line; std::getline(lines, line);)
        if (auto const json = json_value::parse(line); json["state"].text() == "irreversible")
            ++told[json["key"].text()];
    CHECK(told.size() == payments);
    // Again: all is told, nothing is paid.
    CHECK(run("bts-withdrawals", arguments).exit == 0);
    CHECK(c.chain->balance(c.bob) - before == sum);
    // The same key with another payment, or for another's account behind the recipient's.
    auto const again = [&](std::string const& line, std::vector<std::string> const& more = {}) {
        c.write("queue", line + "\n");
        auto all = arguments;
        all.insert(all.end(), more.begin(), more.end());
        return run("bts-withdrawals", all);
    };
    auto const other = again(R"({"key":"w-1","to":"bob","amount":"7","symbol":"BTS","memo":""})");
    CHECK(other.exit == 1);
    CHECK_MESSAGE(other.says("another payment under the key w-1"), other.out);
    auto const readdressed = again(R"({"key":"w-0","to":"bob","amount":"0.00500","symbol":"BTS","memo":"another"})");
    CHECK_MESSAGE(readdressed.exit == 1, readdressed.out);
    CHECK(again(R"({"key":"w-0","to":"bob","amount":"0.00500","symbol":"BTS","memo":"number 0"})").exit == 0);
    auto const dear = again(R"({"key":"x-1","to":"bob","amount":"7","symbol":"BTS","memo":""})", {"--max-fee", "0.5"});
    CHECK_MESSAGE(dear.exit == 4, dear.out);
    CHECK(dear.says("--max-fee"));
    CHECK(c.chain->balance(c.bob) - before == sum);
    auto const anew = run("bts-withdrawals", with(begin));
    CHECK_MESSAGE(anew.exit == 2, anew.out);
    CHECK(anew.says("leave --new-journal out"));
    CHECK(c.chain->balance(c.bob) - before == sum);
    // A node that is dead keeps nobody from being paid by another.
    std::vector<std::string> second{"--node", "ws://127.0.0.1:1"};
    second.insert(second.end(), arguments.begin(), arguments.end());
    auto const paid = run("bts-withdrawals", second);
    CHECK_MESSAGE(paid.exit == 0, paid.out);
    CHECK(c.chain->balance(c.bob) - before == sum + 7 * BTS);
}

TEST_CASE("integration/payments: Ctrl-C ends withdrawals; the next run brings them to their end")
{
    served_chain c;
    c.chain->stop_producing(); // nothing ever comes to its end
    std::string queue;
    for (int i = 0; i < 5; ++i)
        queue += "{\"key\":\"w-" + std::to_string(i) +
                 "\",\"to\":\"bob\",\"amount\":\"1\",\"symbol\":\"BTS\",\"memo\":\"\"}\n";
    c.write("queue", queue);
    auto const before = c.chain->balance(c.bob);
    std::vector<std::string> arguments{"--from",     "alice",
                                       "--queue",    c.folder.file("queue"),
                                       "--journal",  c.folder.file("journal"),
                                       "--key-file", c.keys("alice.keys"),
                                       "--node",     c.node.url(),
                                       "--at-once",  "3"};
    auto first = arguments;
    first.insert(first.end(), {"--new-journal", "--chain-id", to_hex(c.chain->network().chain_id.data)});
    {
        support::process p(command("bts-withdrawals", first));
        auto const until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        while (c.chain->pending().size() < 3 && std::chrono::steady_clock::now() < until)
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        CHECK(c.chain->pending().size() == 3);
        std::this_thread::sleep_for(std::chrono::milliseconds(300)); // most likely they wait for the next look
        p.signal(SIGINT);
        std::atomic<bool> ended = false;
        std::thread watchdog([&, id = p.id()] {
            for (int i = 0; i < 1200 && !ended; ++i)
                std::this_thread::sleep_for(std::chrono::milliseconds(50));
            if (!ended)
                ::kill(id, SIGKILL);
        });
        int const code = p.wait();
        ended = true;
        watchdog.join();
        CHECK(code == 5);
        CHECK(c.chain->pending().size() == 3);
    }
    c.chain->start_producing(std::chrono::milliseconds(20), testing::block_production::when_needed);
    auto const rest = run("bts-withdrawals", arguments);
    CHECK_MESSAGE(rest.exit == 0, rest.out);
    CHECK(c.chain->balance(c.bob) - before == 5 * BTS);
}

TEST_CASE("integration/payments: to look for an outcome is not to pay")
{
    served_chain c;
    auto const before = c.chain->balance(c.bob);
    std::atomic<int> broadcasts = 0;
    c.chain->on_broadcast([&](signed_transaction const&) {
        ++broadcasts;
        return testing::broadcast_fault();
    });
    auto const write = [&](std::int64_t amount) {
        transfer op;
        op.from = c.alice;
        op.to = c.bob;
        op.amount = {amount * BTS, core_asset};
        auto const key = c.chain->key("alice");
        c.write("signed.json", to_json(c.chain->sign({op}, {&key}), "BTS"));
    };
    write(1);
    c.chain->start_producing(std::chrono::milliseconds(10)); // its time passes
    auto const looked = bts(c, {"outcome", c.folder.file("signed.json"), "--json"});
    CHECK_MESSAGE(looked.exit == 4, looked.out);
    CHECK(looked.json()["state"].text() == "expired");
    CHECK(std::stoul(looked.json()["block_num"].text()) > 30); // that completes the proof
    CHECK(broadcasts == 0);
    CHECK(c.chain->balance(c.bob) == before);
    c.chain->start_producing(std::chrono::milliseconds(10), testing::block_production::when_needed);
    write(2);
    auto const sent = bts(c, {"outcome", c.folder.file("signed.json"), "--json", "--resend"});
    CHECK_MESSAGE(sent.exit == 0, sent.out);
    CHECK(broadcasts == 1);
    CHECK(c.chain->balance(c.bob) == before + 2 * BTS);
}

TEST_CASE("integration/payments: what expired is told with the block that proves it, and with what a node said")
{
    served_chain c(std::chrono::milliseconds(20));
    c.chain->on_broadcast([](signed_transaction const&) {
        return testing::broadcast_fault{testing::broadcast_effect::lose, testing::broadcast_answer::send, {}, {}};
    });
    for (bool const json : {true, false})
    {
        std::vector<std::string> arguments{"transfer",           "alice", "bob",          "1", "BTS", "--key-file",
                                           c.keys("alice.keys"), "--yes", "--expires-in", "10"};
        if (json)
            arguments.push_back("--json");
        auto const f = bts(c, arguments);
        CHECK_MESSAGE(f.exit == 4, f.out);
        if (json)
        {
            CHECK(f.json()["state"].text() == "expired");
            CHECK(std::stoul(f.json()["block_num"].text()) > 30);
        }
        else
        {
            CHECK_MESSAGE(f.says("in none of the blocks up to block "), f.out);
            CHECK_FALSE(f.says("up to block 0"));
        }
    }
}
