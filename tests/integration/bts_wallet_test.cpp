#include <bitshares/base/hex.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/wallet/cli_wallet.hpp>
#include <bitshares/wallet/keyring.hpp>
#include <bitshares/wallet/ui_backup.hpp>
#include <support/folder.hpp>
#include <support/json_value.hpp>
#include <support/process.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <pty.h>
#include <string>
#include <sys/stat.h>
#include <termios.h>
#include <vector>

namespace bts = bitshares;
using support::folder;
using support::process;

namespace {

std::string recorded(std::string const& name)
{
    return BITSHARES_TESTS_DIR "/recordings/cli_wallet/" + name;
}

void write_private(std::string const& path, std::string const& text)
{
    std::ofstream(path) << text;
    ::chmod(path.c_str(), 0600);
}

std::string content(std::string const& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

struct outcome
{
    std::string output;
    int exit_code = -1;
};

outcome run(std::vector<std::string> arguments, std::string const& input = {})
{
    std::vector<std::string> command = {BITSHARES_PROGRAMS_DIR "/bts", "wallet"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    process bts(command);
    outcome got;
    got.output = bts.communicate(input);
    got.exit_code = bts.wait();
    return got;
}

// A folder with a keyring's passphrase and the password of cli_wallet's files.
struct workshop
{
    workshop()
    {
        write_private(passphrase, "my phrase\nnot this\n");
        write_private(password, "supersecret-A1\r\n"); // as some editors write lines
    }

    outcome import(std::string const& file, std::vector<std::string> more = {})
    {
        std::vector<std::string> arguments = {
            "import", "--keyring", keyring, "--passphrase-file", passphrase, "--file-password-file", password,
            "--cost", "10",        file};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return run(arguments);
    }
    outcome list(std::vector<std::string> more = {"--json"})
    {
        std::vector<std::string> arguments = {"list", "--keyring", keyring, "--passphrase-file", passphrase};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return run(arguments);
    }
    outcome write(std::string const& format, std::string const& to, std::vector<std::string> more = {"--yes"})
    {
        std::vector<std::string> arguments = {
            "export", "--keyring", keyring, "--passphrase-file",    passphrase, "--format",
            format,   "--to",      to,      "--file-password-file", password};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return run(arguments);
    }

    support::folder folder;
    std::string keyring = folder.file("keys");
    std::string passphrase = folder.file("passphrase");
    std::string password = folder.file("password");
};

// What a terminal shows while `typed` lines are given, each when the program asks. `echoes`: whether it does, in the end.
std::string on_terminal(std::vector<std::string> const& arguments, std::vector<std::string> const& typed,
                        int& exit_code, bool* echoes = nullptr)
{
    int terminal = -1;
    pid_t const child = ::forkpty(&terminal, nullptr, nullptr, nullptr);
    if (child == 0)
    {
        std::vector<std::string> command = {BITSHARES_PROGRAMS_DIR "/bts", "wallet"};
        command.insert(command.end(), arguments.begin(), arguments.end());
        std::vector<char*> words;
        for (auto& word : command)
            words.push_back(word.data());
        words.push_back(nullptr);
        ::execv(words[0], words.data());
        ::_exit(127);
    }
    REQUIRE(child > 0);
    std::string shown;
    std::size_t answered = 0; // characters seen when the last line was typed
    auto line = typed.begin();
    for (;;)
    {
        pollfd waiting{terminal, POLLIN, 0};
        if (::poll(&waiting, 1, 30'000) <= 0)
            break;
        char data[4096];
        ::ssize_t const got = ::read(terminal, data, sizeof data);
        if (got <= 0)
            break;
        shown.append(data, static_cast<std::size_t>(got));
        bool const asks = shown.ends_with(": ") || shown.ends_with("[y/N] ");
        if (asks && shown.size() > answered && line != typed.end())
        {
            std::string const text = *line == "\x03" ? *line++ : *line++ + "\n"; // Ctrl-C is no line
            answered = shown.size();
            REQUIRE(::write(terminal, text.data(), text.size()) == static_cast<::ssize_t>(text.size()));
        }
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    if (echoes != nullptr)
    {
        termios state = {};
        *echoes = ::tcgetattr(terminal, &state) == 0 && (state.c_lflag & ECHO) != 0;
    }
    ::close(terminal);
    exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return shown;
}

} // namespace

TEST_CASE("bts wallet: cli_wallet's file is imported, listed, and exported in every form")
{
    workshop w;
    REQUIRE(w.import(recorded("wallet_full.json")).exit_code == 0);
    auto const keys = bts::load_keyring(w.keyring, "my phrase").value(); // which also proves its mode
    CHECK(keys.size() == 19);

    auto const listed = w.list();
    CHECK(listed.exit_code == 0);
    std::map<std::string, std::string> labels;
    std::size_t begin = 0;
    for (std::size_t end = 0; (end = listed.output.find('\n', begin)) != std::string::npos; begin = end + 1)
    {
        auto const line = test::json_value::parse(std::string_view(listed.output).substr(begin, end - begin));
        labels[line["public_key"].text()] = line["label"].text();
        auto const key = bts::public_key::from_string(line["public_key"].text(), "BTS").value();
        CHECK(line["addresses"].size() == 5);
        CHECK(line["addresses"][0].text() == bts::address_of(key).to_string("BTS"));
    }
    CHECK(labels.size() == 19);
    for (auto const& entry : keys.entries())
        CHECK(labels[entry.key.to_string("BTS")] == entry.label);
    // For a person: a line each.
    auto const text = w.list({}).output;
    CHECK(std::count(text.begin(), text.end(), '\n') == 19);
    CHECK(text.find("BTS7CvmTAbAViyLZeoPbwhbe2D9cktcBwRmMw8Yy14k2t8WfPkjHx") != text.npos);
    CHECK(text.find("alice-blind") != text.npos);

    auto const same = [&](auto const& halves) {
        REQUIRE(halves.size() == keys.size());
        for (auto const& half : halves)
            CHECK(keys.contains(half));
    };
    std::vector<bts::public_key> halves;
    auto const json = w.folder.file("out.json"), bin = w.folder.file("out.bin"), wif = w.folder.file("out.wif");
    REQUIRE(w.write("json", json).exit_code == 0);
    REQUIRE(w.write("bin", bin).exit_code == 0);
    REQUIRE(w.write("wif", wif).exit_code == 0);
    auto const wallet = bts::read_cli_wallet(content(json), "supersecret-A1").value();
    CHECK(wallet.keys.size() == 19);
    CHECK(wallet.chain_id == bts::mainnet().chain_id);
    auto const bytes = content(bin);
    auto const backup = bts::read_ui_backup(
        std::span(reinterpret_cast<std::uint8_t const*>(bytes.data()), bytes.size()), "supersecret-A1");
    for (auto const& key : backup.value().keys)
        halves.push_back(key.key);
    same(halves);
    for (auto const& file : {json, bin, wif})
    {
        struct stat about = {};
        REQUIRE(::stat(file.c_str(), &about) == 0);
        CHECK((about.st_mode & 07777) == 0600);
        // Into another keyring: keys and labels are the same.
        workshop other;
        CHECK(other.import(file).exit_code == 0);
        auto const again = bts::load_keyring(other.keyring, "my phrase").value();
        REQUIRE(again.size() == keys.size());
        for (auto const& entry : keys.entries())
        {
            REQUIRE(again.contains(entry.key));
            CHECK(*again.find(entry.key) == *keys.find(entry.key));
        }
        if (file != json) // cli_wallet's labels are all different ones, so that some were left out
        {
            CHECK(std::is_permutation(again.entries().begin(), again.entries().end(), keys.entries().begin()));
        }
    }
    // There already: nothing changes, not even the file.
    auto const before = content(w.keyring);
    CHECK(run({"import", "--keyring", w.keyring, "--passphrase-file", w.passphrase, wif}).exit_code == 0);
    CHECK(content(w.keyring) == before);
    // A file that is there stays.
    CHECK(w.write("wif", json).exit_code == 2);
    CHECK(content(json).starts_with("{"));
    CHECK(w.write("wif", json, {"--yes", "--replace"}).exit_code == 0);
    CHECK(content(json) == content(wif));
}

TEST_CASE("bts wallet: keys of lines, from the standard input or a file that is its owner's alone")
{
    workshop w;
    std::string const first = "5KQwrPbwdL6PhXujxW37FSSQZ1JiwsST4cqQzDeyXtP79zkvFD3";
    std::string const second = "5JjQbkyeRbai4BttJ4GS68E7S9F5jh4vNu51Wo1n2sy5kP6WYVS";
    std::vector<std::string> const import = {
        "import", "--keyring", w.keyring, "--passphrase-file", w.passphrase, "--cost", "10", "--label", "spare", "-"};
    CHECK(run(import, "# mine\n\n" + first + "  savings book \r\n" + second).exit_code == 0);
    auto const keys = bts::load_keyring(w.keyring, "my phrase").value();
    REQUIRE(keys.size() == 2);
    CHECK(keys.entries()[0].label == "savings book");
    CHECK(keys.entries()[1].label == "spare");
    CHECK(keys.find(keys.entries()[1].key)->to_wif().view() == second);

    auto const file = w.folder.file("lines");
    write_private(file, second + "\n" + "5Jbad\n");
    auto const before = content(w.keyring);
    CHECK(w.import(file).exit_code == 1);
    ::chmod(file.c_str(), 0644);
    CHECK(w.import(file).exit_code == 2);
    CHECK(content(w.keyring) == before);
}

TEST_CASE("bts wallet: what is wrong has an exit code of its own, and changes no file")
{
    workshop w;
    REQUIRE(w.import(recorded("wallet_keys.json")).exit_code == 0);
    auto const before = content(w.keyring);
    auto const wrong = w.folder.file("wrong");
    write_private(wrong, "not it\n");
    auto const list = [&](std::string const& passphrase_file) {
        return run({"list", "--keyring", w.keyring, "--passphrase-file", passphrase_file}).exit_code;
    };
    CHECK(list(wrong) == 1);
    CHECK(list(w.folder.file("none")) == 2);
    ::chmod(w.passphrase.c_str(), 0644);
    CHECK(list(w.passphrase) == 2); // others can read the passphrase
    ::chmod(w.passphrase.c_str(), 0600);
    ::chmod(w.keyring.c_str(), 0640);
    CHECK(list(w.passphrase) == 2);
    ::chmod(w.keyring.c_str(), 0600);
    CHECK(list(w.passphrase) == 0);

    CHECK(w.import(w.folder.file("none")).exit_code == 4);
    CHECK(w.import(BITSHARES_TESTS_DIR "/recordings/cli_wallet/index.json").exit_code == 1); // JSON of another kind
    write_private(w.password, "wrong\n");
    CHECK(w.import(recorded("wallet_full.json")).exit_code == 1);
    CHECK(w.write("wif", w.folder.file("no/such/place")).exit_code == 4);
    CHECK(w.write("wif", w.folder.file("asked"), {}).exit_code == 2); // no terminal to ask on
    CHECK(!std::filesystem::exists(w.folder.file("asked")));
    // A passphrase is no argument.
    CHECK(run({"list", "--keyring", w.keyring, "--passphrase", "my phrase"}).exit_code == 2);
    CHECK(run({"list"}).exit_code == 2);
    CHECK(run({}).exit_code == 2);
    CHECK(content(w.keyring) == before);
}

TEST_CASE("bts wallet: public keys are listed without the passphrase only where that was asked for")
{
    workshop w;
    REQUIRE(w.import(recorded("wallet_keys.json")).exit_code == 0);
    auto const without = [&] { return run({"list", "--keyring", w.keyring, "--no-passphrase", "--json"}); };
    CHECK(without().exit_code == 2);
    REQUIRE(w.import(recorded("wallet_keys.json"), {"--list-public-keys"}).exit_code == 0);
    CHECK(without().exit_code == 0);
    CHECK(without().output == w.list().output);

    auto const fresh = w.folder.file("fresh");
    write_private(fresh, "another\n");
    auto const change = [&](std::string const& from, std::string const& to, std::vector<std::string> more) {
        more.insert(more.begin(),
                    {"passphrase", "--keyring", w.keyring, "--passphrase-file", from, "--new-passphrase-file", to});
        return run(more).exit_code;
    };
    CHECK(change(fresh, w.passphrase, {}) == 1);
    CHECK(change(w.passphrase, fresh, {}) == 0);
    CHECK(without().exit_code == 0);
    CHECK(w.list().exit_code == 1); // the old passphrase
    CHECK(change(fresh, w.passphrase, {"--hide-public-keys", "--cost", "11"}) == 0);
    CHECK(without().exit_code == 2);
    auto const data = bts::read_private_file(w.keyring, 1 << 20).value();
    CHECK(bts::inspect_keyring({data.data(), data.size()}).value().cost == bts::keyring_cost{11, 8, 1});
}

TEST_CASE("bts wallet: on a terminal passphrases are asked and not shown, and export asks first")
{
    workshop w;
    int code = -1;
    auto shown = on_terminal({"import", "--keyring", w.keyring, "--cost", "10", recorded("wallet_keys.json")},
                             {"typed phrase", "typed phrase", "supersecret-A1"}, code);
    CHECK(code == 0);
    CHECK(shown.find("Passphrase for the new keyring") != shown.npos);
    CHECK(shown.find("8 keys imported") != shown.npos);
    CHECK(shown.find("typed phrase") == shown.npos);
    CHECK(shown.find("supersecret") == shown.npos);
    CHECK(bts::load_keyring(w.keyring, "typed phrase").value().size() == 8);

    auto const other = w.folder.file("other");
    shown = on_terminal({"import", "--keyring", other, recorded("wallet_keys.json")}, {"one", "two"}, code);
    CHECK(code == 2); // the two are not the same
    CHECK(!std::filesystem::exists(other));

    auto const to = w.folder.file("out");
    shown = on_terminal({"export", "--keyring", w.keyring, "--format", "wif", "--to", to}, {"typed phrase", "n"}, code);
    CHECK(shown.find("8 keys in clear. Write it? [y/N]") != shown.npos);
    CHECK(code == 2);
    CHECK(!std::filesystem::exists(to));
    shown =
        on_terminal({"export", "--keyring", w.keyring, "--format", "wif", "--to", to}, {"typed phrase", "\x03"}, code);
    CHECK(code == 5);
    CHECK_FALSE(std::filesystem::exists(to));
    shown = on_terminal({"export", "--keyring", w.keyring, "--format", "wif", "--to", to}, {"typed phrase", "y"}, code);
    CHECK(code == 0);
    CHECK(std::filesystem::exists(to));
    CHECK(shown.find("5J") == shown.npos);

    // Ctrl-C while it asks.
    bool echoes = false;
    auto const before = content(w.keyring);
    shown = on_terminal({"passphrase", "--keyring", w.keyring}, {"typed phrase", "\x03"}, code, &echoes);
    CHECK(code == 5);
    CHECK(echoes);
    CHECK(content(w.keyring) == before);
}
