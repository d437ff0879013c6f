#include <bitshares/chain/journal.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace bitshares;
namespace fs = std::filesystem;

namespace {

thread_local std::vector<ino_t> synchronised;     // files and folders, in the order of their fsync
thread_local std::map<ino_t, off_t> data_on_disk; // how much of a file fdatasync was called for

} // namespace

// In place of the C library's, for the whole program.
extern "C" int fdatasync(int descriptor)
{
    struct ::stat about{};
    if (::fstat(descriptor, &about) == 0)
        data_on_disk[about.st_ino] = about.st_size;
    return static_cast<int>(::syscall(SYS_fdatasync, descriptor));
}

extern "C" int fsync(int descriptor)
{
    struct ::stat about{};
    if (::fstat(descriptor, &about) == 0)
        synchronised.push_back(about.st_ino);
    return static_cast<int>(::syscall(SYS_fsync, descriptor));
}

namespace {

struct scratch
{
    fs::path folder = fs::temp_directory_path() / ("bitshares-journal-" + std::to_string(::getpid()));
    fs::path file = folder / "journal";
    scratch()
    {
        fs::remove_all(folder);
        fs::create_directories(folder);
    }
    ~scratch() { fs::remove_all(folder); }

    std::string text() const
    {
        std::ifstream in(file, std::ios::binary);
        std::ostringstream all;
        all << in.rdbuf();
        return all.str();
    }
    void text(std::string const& t) const
    {
        std::ofstream out(file, std::ios::binary | std::ios::trunc);
        out << t;
    }
};

signed_transaction transaction_of(std::uint32_t expiration)
{
    signed_transaction tx;
    tx.expiration = {expiration};
    transfer op;
    op.amount = asset{100, core_asset};
    tx.operations.emplace_back(op);
    tx.signatures.emplace_back();
    return tx;
}

template <class T>
bool ok(result<T> const& r) // doctest would print the whole
{
    return r.has_value();
}

chain_id_type const chain{{1}};

tx_outcome outcome_of(signed_transaction const& tx, std::uint32_t block = 0)
{
    tx_outcome o;
    o.id = id_of(tx).value();
    o.block_num = block;
    return o;
}

// A journal with intents in all states.
void fill(tx_journal& journal)
{
    for (auto const last : {tx_state::prepared, tx_state::sending, tx_state::accepted, tx_state::included,
                            tx_state::irreversible, tx_state::refused, tx_state::expired})
    {
        auto const tx = transaction_of(100 + static_cast<std::uint32_t>(last));
        std::string const key = "in \"" + std::string(name_of(last)) + "\"\n";
        REQUIRE(ok(journal.prepare(key, chain, tx)));
        for (int s = 1; s <= static_cast<int>(last); ++s)
        {
            auto const state = static_cast<tx_state>(s);
            if (is_final(state) && state != last)
                continue;
            tx_outcome o = outcome_of(tx, state >= tx_state::included ? 77 : 0);
            if (state == tx_state::refused)
                o.refusal = node_error(10, "not \"enough\" \xc3\xa9");
            REQUIRE(ok(journal.record(key, state, o)));
        }
    }
}

} // namespace

TEST_CASE("chain/journal: what was recorded is there when it is opened again")
{
    scratch dir;
    std::map<std::string, tx_state> expected;
    {
        auto journal = tx_journal::open(dir.file).value();
        CHECK(journal.entries().empty());
        fill(journal);
        for (auto const& [key, e] : journal.entries())
            expected[key] = e.state;
    }
    CHECK(expected.size() == 7);
    auto const journal = tx_journal::open(dir.file).value();
    CHECK(journal.dropped() == 0);
    REQUIRE(journal.entries().size() == 7);
    for (auto const& [key, e] : journal.entries())
    {
        CHECK(e.state == expected.at(key));
        CHECK(key == "in \"" + std::string(name_of(e.state)) + "\"\n");
        CHECK(e.chain_id == chain);
        auto const tx = unpack<signed_transaction>(e.packed).value();
        CHECK(tx == transaction_of(100 + static_cast<std::uint32_t>(e.state)));
        CHECK(e.id == id_of(tx).value());
        CHECK(e.block_num == (e.state >= tx_state::included ? 77 : 0));
        CHECK(e.refusal.has_value() == (e.state == tx_state::refused));
        CHECK(e.attempts == 1);
    }
    CHECK(journal.find("in \"refused\"\n")->refusal->message() == "not \"enough\" \xc3\xa9");
    CHECK(journal.find("none") == nullptr);
    CHECK((fs::status(dir.file).permissions() & fs::perms::mask) == (fs::perms::owner_read | fs::perms::owner_write));
}

TEST_CASE("chain/journal: a key has one transaction until that can never be included")
{
    scratch dir;
    auto journal = tx_journal::open(dir.file).value();
    auto const first = transaction_of(1), second = transaction_of(2);
    REQUIRE(ok(journal.prepare("a", chain, first)));
    CHECK(ok(journal.prepare("a", chain, first))); // the same: nothing changes
    CHECK(journal.find("a")->attempts == 1);
    CHECK(journal.prepare("a", chain_id_type{{2}}, first).error().code() == errc::journal_conflict);
    for (tx_state const state : {tx_state::prepared, tx_state::sending, tx_state::accepted, tx_state::included})
    {
        if (state != tx_state::prepared)
            REQUIRE(ok(journal.record("a", state, outcome_of(first))));
        CHECK(journal.prepare("a", chain, second).error().code() == errc::journal_conflict);
    }
    REQUIRE(ok(journal.record("a", tx_state::expired, outcome_of(first))));
    CHECK(journal.prepare("a", chain, first).error().code() == errc::journal_conflict); // it never can be any more
    REQUIRE(ok(journal.prepare("a", chain, second)));
    CHECK(journal.find("a")->attempts == 2);
    CHECK(journal.find("a")->state == tx_state::prepared);
    REQUIRE(ok(journal.record("a", tx_state::refused, outcome_of(second))));
    REQUIRE(ok(journal.prepare("a", chain, transaction_of(3))));
    REQUIRE(ok(journal.record("a", tx_state::irreversible, outcome_of(transaction_of(3), 5))));
    CHECK(journal.prepare("a", chain, transaction_of(4)).error().code() == errc::journal_conflict);
    CHECK(journal.record("a", tx_state::sending, outcome_of(first)).error().code() == errc::journal_conflict);
    CHECK(journal.record("b", tx_state::sending, outcome_of(first)).error().code() == errc::journal_conflict);
    CHECK(journal.prepare("b", chain, transaction_of(3)).error().code() == errc::journal_conflict); // it is the other's
    CHECK(journal.prepare("\xff", chain, first).error().code() == errc::invalid_json);
}

TEST_CASE("chain/journal: a transaction has a chain")
{
    scratch dir;
    auto journal = tx_journal::open(dir.file).value();
    CHECK(journal.prepare("a", chain_id_type(), transaction_of(1)).error().code() == errc::wrong_chain);
    CHECK(journal.find("a") == nullptr);
    CHECK(ok(journal.prepare("a", chain, transaction_of(1))));
}

TEST_CASE(
    "chain/journal: a transaction stands for one key, also when it is opened again, until another is in its place")
{
    scratch dir;
    auto const first = transaction_of(1), second = transaction_of(2);
    {
        auto journal = tx_journal::open(dir.file).value();
        REQUIRE(ok(journal.prepare("a", chain, first)));
        REQUIRE(ok(journal.record("a", tx_state::expired, outcome_of(first))));
        CHECK(journal.prepare("b", chain, first).error().code() == errc::journal_conflict);
        REQUIRE(ok(journal.prepare("a", chain, second)));
        CHECK(journal.prepare("b", chain, second).error().code() == errc::journal_conflict);
    }
    auto journal = tx_journal::open(dir.file).value();
    CHECK(journal.prepare("b", chain, second).error().detail().ends_with("stands for a"));
    CHECK(ok(journal.prepare("a", chain, second)));
    CHECK(ok(journal.prepare("b", chain, first)));
    CHECK(journal.prepare("c", chain, first).error().detail().ends_with("stands for b"));
}

TEST_CASE("chain/journal: what is read when it is opened is on the disk before it is relied upon")
{
    scratch dir;
    auto const inode = [](fs::path const& path) {
        struct ::stat about{};
        REQUIRE(::stat(path.c_str(), &about) == 0);
        return about.st_ino;
    };
    std::string whole;
    for (int opening = 0; opening < 3; ++opening)
    {
        CAPTURE(opening);
        if (opening == 2)
            dir.text(whole + "cut"); // by a crash
        synchronised.clear();
        auto journal = tx_journal::open(dir.file).value();
        CHECK(std::count(synchronised.begin(), synchronised.end(), inode(dir.file)) == 1);
        CHECK(std::count(synchronised.begin(), synchronised.end(), inode(dir.folder)) == 1);
        if (opening == 0)
            REQUIRE(ok(journal.prepare("a", chain, transaction_of(1))));
        whole = dir.text();
    }
}

TEST_CASE("chain/journal: each record is on the disk before anything else is done")
{
    scratch dir;
    auto const on_disk = [&] {
        struct ::stat about{};
        REQUIRE(::stat(dir.file.c_str(), &about) == 0);
        auto const found = data_on_disk.find(about.st_ino);
        return found == data_on_disk.end() ? 0 : found->second;
    };
    int written = 0, durable = 0;
    auto journal = tx_journal::open(dir.file, journal_options().observe([&](tx_state, journal_stage stage) {
                       auto const size = static_cast<off_t>(fs::file_size(dir.file));
                       if (stage == journal_stage::written)
                       {
                           ++written;
                           CHECK(on_disk() < size);
                       }
                       if (stage == journal_stage::durable)
                       {
                           ++durable;
                           CHECK(on_disk() == size);
                       }
                   })).value();
    fill(journal);
    CHECK(written > 20);
    CHECK(durable == written);
    CHECK(on_disk() == static_cast<off_t>(fs::file_size(dir.file)));
}

TEST_CASE("chain/journal: one that has to be there is not begun")
{
    scratch dir;
    auto const strict = journal_options().may_begin(false);
    CHECK(tx_journal::open(dir.file, strict).error().code() == errc::file_error);
    CHECK_FALSE(fs::exists(dir.file));
    std::string whole;
    {
        auto journal = tx_journal::open(dir.file).value();
        whole = dir.text();
        REQUIRE(ok(journal.prepare("a", chain, transaction_of(1))));
    }
    CHECK(tx_journal::open(dir.file, strict).value().entries().size() == 1);
    // Begun, and nothing recorded: the run that began it was killed.
    dir.text(whole);
    CHECK(tx_journal::open(dir.file, strict).value().entries().empty());
    for (std::string const& nothing : {std::string(), whole.substr(0, whole.size() / 2), std::string(100, '\0')})
    {
        dir.text(nothing);
        CHECK(tx_journal::open(dir.file, strict).error().code() == errc::file_error);
        CHECK(dir.text() == nothing);
    }
}

TEST_CASE("chain/journal: one process at a time")
{
    scratch dir;
    std::optional<tx_journal> journal(tx_journal::open(dir.file).value());
    CHECK(tx_journal::open(dir.file).error().code() == errc::journal_in_use);
    journal.reset();
    CHECK(ok(tx_journal::open(dir.file)));
}

TEST_CASE("chain/journal: cut anywhere, all whole records are there, and the next one follows them")
{
    scratch dir;
    {
        auto journal = tx_journal::open(dir.file).value();
        fill(journal);
    }
    std::string const whole = dir.text();
    std::size_t before = 0;
    for (std::size_t cut = 0; cut <= whole.size(); cut += (cut % 7) + 1)
    {
        CAPTURE(cut);
        dir.text(whole.substr(0, cut));
        std::size_t const lines =
            static_cast<std::size_t>(std::count(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(cut), '\n'));
        {
            auto opened = tx_journal::open(dir.file);
            REQUIRE(ok(opened));
            CHECK(opened->entries().size() >= before);
            before = opened->entries().size();
            std::size_t const end = lines == 0 ? 0 : whole.rfind('\n', cut - 1) + 1;
            CHECK(opened->dropped() == cut - end);
            REQUIRE(ok(opened->prepare("next", chain, transaction_of(9))));
        }
        auto const again = tx_journal::open(dir.file).value();
        CHECK(again.dropped() == 0);
        CHECK(again.find("next") != nullptr);
        CHECK(again.entries().size() == before + 1);
    }
    CHECK(before == 7);
}

TEST_CASE("chain/journal: a last record of anything is dropped; damage before it is an error")
{
    scratch dir;
    {
        auto journal = tx_journal::open(dir.file).value();
        fill(journal);
    }
    std::string const whole = dir.text();
    for (std::string const& tail : {std::string(500, '\0'), std::string("garbage"),
                                    std::string("0123456789abcdef {}\n"), std::string(100, '\0') + "\n"})
    {
        dir.text(whole + tail);
        auto const opened = tx_journal::open(dir.file);
        REQUIRE(ok(opened));
        CHECK(opened->dropped() == tail.size());
        CHECK(opened->entries().size() == 7);
    }
    std::size_t const last = whole.rfind('\n', whole.size() - 2) + 1;
    std::size_t const first = whole.find('\n');
    for (std::size_t at = first + 1; at < last; at += 11)
    {
        std::string damaged = whole;
        damaged[at] = static_cast<char>(damaged[at] ^ 1);
        dir.text(damaged);
        CAPTURE(at);
        CHECK(tx_journal::open(dir.file).error().code() == errc::journal_damaged);
        CHECK(dir.text() == damaged); // nothing is done to it
    }
    // A record that is missing or stands twice.
    std::size_t const second = whole.find('\n', first + 1), third = whole.find('\n', second + 1);
    dir.text(whole.substr(0, first + 1) + whole.substr(second + 1));
    CHECK(tx_journal::open(dir.file).error().code() == errc::journal_damaged);
    dir.text(whole.substr(0, third + 1) + whole.substr(second + 1));
    CHECK(tx_journal::open(dir.file).error().code() == errc::journal_damaged);
    dir.text("PNG\nsomething\n");
    CHECK(tx_journal::open(dir.file).error().code() == errc::unknown_format);
    CHECK(tx_journal::open(dir.folder / "none" / "journal").error().code() == errc::file_error);
}

TEST_CASE("chain/journal: where a record cannot be written, none is written behind it, and nothing of it is left")
{
    CHECK(tx_journal::open("/dev/full").error().code() == errc::file_error);

    scratch dir;
    auto journal = tx_journal::open(dir.file).value();
    REQUIRE(ok(journal.prepare("a", chain, transaction_of(1))));
    std::string const before = dir.text();
    struct rlimit whole{};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &whole) == 0);
    struct rlimit full = whole;
    full.rlim_cur = before.size() + 20;
    auto* const old = std::signal(SIGXFSZ, SIG_IGN);
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &full) == 0);
    auto const failed = journal.prepare("b", chain, transaction_of(2));
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &whole) == 0);
    std::signal(SIGXFSZ, old);

    CHECK(failed.error().code() == errc::file_error);
    CHECK(journal.find("b") == nullptr);
    CHECK(dir.text() == before);
    CHECK(journal.record("a", tx_state::sending, outcome_of(transaction_of(1))).error().code() == errc::file_error);
    CHECK(journal.find("a")->state == tx_state::prepared);
}

TEST_CASE("chain/journal: every stage of every record can be observed")
{
    scratch dir;
    std::vector<std::pair<tx_state, journal_stage>> seen;
    std::vector<std::size_t> sizes;
    auto journal = tx_journal::open(dir.file, journal_options().observe([&](tx_state s, journal_stage stage) {
                       seen.emplace_back(s, stage);
                       sizes.push_back(fs::file_size(dir.file));
                   })).value();
    REQUIRE(ok(journal.prepare("a", chain, transaction_of(1))));
    CHECK(seen == decltype(seen){{tx_state::prepared, journal_stage::begin},
                                 {tx_state::prepared, journal_stage::torn},
                                 {tx_state::prepared, journal_stage::written},
                                 {tx_state::prepared, journal_stage::durable}});
    CHECK(sizes[0] < sizes[1]);
    CHECK(sizes[1] < sizes[2]);
    CHECK(sizes[2] == sizes[3]);
}
