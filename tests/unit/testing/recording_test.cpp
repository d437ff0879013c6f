#include <bitshares/testing/recording.hpp>
#include <support/recordings.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <unistd.h>

using namespace bitshares::testing;
using bitshares::errc;
namespace fs = std::filesystem;

namespace {

/* A copy of chain c that a test may damage. */
class scratch_copy
{
public:
    scratch_copy() : path_(fs::temp_directory_path() / ("bitshares-recording-" + std::to_string(::getpid())))
    {
        fs::remove_all(path_);
        fs::copy(recordings::directory() + "/chain_c", path_, fs::copy_options::recursive);
    }
    scratch_copy(scratch_copy const&) = delete;
    scratch_copy& operator=(scratch_copy const&) = delete;
    ~scratch_copy() { fs::remove_all(path_); }

    fs::path const& path() const { return path_; }
    void write(std::string const& name, std::string const& text) const
    {
        std::ofstream(path_ / name, std::ios::binary | std::ios::trunc) << text;
    }

private:
    fs::path path_;
};

void check_error(fs::path const& directory, errc code, std::string const& file)
{
    auto const r = recording::load(directory);
    REQUIRE_FALSE(r.has_value());
    CHECK(r.error().code() == code);
    CHECK_MESSAGE(r.error().detail().find(file) != std::string::npos, r.error().detail());
}

} // namespace

TEST_CASE("testing/recording: both chains are read whole")
{
    auto const& main = recordings::main_chain();
    CHECK(main.chain_id == "d3bdc2c80236a579b9a1bea60a0cd18b5c1cb130cfea6f13dadd28ead5087e8c");
    CHECK(main.accounts.size() == 4);
    CHECK(main.operations.size() == 1380);
    CHECK(main.blocks.size() == 929);
    CHECK(main.calls.size() == 1965);
    CHECK(main.objects.at("1.2.18").find("\"name\":\"exporter-alice\"") != std::string::npos);
    CHECK(main.account_ids.at("exporter-alice") == "1.2.18");

    auto const& c = recordings::chain_c();
    CHECK(c.chain_id != main.chain_id);
    CHECK(c.operations.size() == 80);
    CHECK(c.calls.empty());
}

TEST_CASE("testing/recording: a history has as many operations as the node counts, in order, as in the blocks")
{
    std::size_t histories = 0;
    for (auto const* const chain : {&recordings::main_chain(), &recordings::chain_c()})
        for (auto const& account : chain->accounts)
        {
            ++histories;
            CHECK(account.operations.size() == account.total_ops);
            CHECK(account.removed_ops == 0);
            CHECK(std::is_sorted(account.operations.begin(), account.operations.end(),
                                 [](auto const& a, auto const& b) { return a.id < b.id && a.time <= b.time; }));
            for (auto const& operation : account.operations)
                CHECK(chain->operations.at(static_cast<std::size_t>(operation.id)).json == operation.json);
            CHECK(chain->account(account.name) == &account);
            CHECK(chain->account(account.id) == &account);
        }
    CHECK(histories == 8);
    CHECK(recordings::main_chain().account("exporter-alice")->total_ops == 319);
    CHECK(recordings::main_chain().account("nobody") == nullptr);
}

TEST_CASE("testing/recording: what an operation's entry says")
{
    auto const op = read_recorded_operation(
        R"({"id":"1.11.7","op":[4,{}],"result":[0,{}],"block_num":9,"trx_in_block":2,"op_in_trx":0,"virtual_op":1,"is_virtual":true,"block_time":"1970-01-01T00:01:05"})");
    REQUIRE(op.has_value());
    CHECK(op->id == 7);
    CHECK(op->tag == 4);
    CHECK(op->block == 9);
    CHECK(op->transaction == 2);
    CHECK(op->time == 65);
    CHECK(read_recorded_operation(R"({"id":"1.11.7"})").error().code() == errc::invalid_recording);
}

TEST_CASE("testing/recording: what is missing or damaged is named")
{
    scratch_copy const copy;
    REQUIRE(recording::load(copy.path()).has_value());

    SUBCASE("no folder")
    {
        check_error(copy.path() / "nowhere", errc::file_error, "accounts.json");
    }
    SUBCASE("no accounts")
    {
        fs::remove(copy.path() / "accounts.json.gz");
        check_error(copy.path(), errc::file_error, "accounts.json");
    }
    SUBCASE("accounts without a chain id")
    {
        copy.write("accounts.json", R"({"accounts":{}})");
        check_error(copy.path(), errc::invalid_recording, "accounts.json");
    }
    SUBCASE("a file cut short")
    {
        fs::resize_file(copy.path() / "blocks.json.gz", 10'000);
        check_error(copy.path(), errc::invalid_recording, "blocks.json");
    }
    SUBCASE("a file that is no archive, and no JSON")
    {
        copy.write("objects.json.gz", "hello");
        check_error(copy.path(), errc::invalid_recording, "objects.json");
    }
    SUBCASE("headers without numbers")
    {
        copy.write("headers.json", R"({"batches":[{"request":"","response":"{\"id\":1,\"result\":[[{}]]}"}]})");
        check_error(copy.path(), errc::invalid_recording, "headers.json");
    }
    SUBCASE("an account without its final state")
    {
        for (auto const* const name : {"final_state.json.gz", "final_state.json"})
            fs::remove(copy.path() / "history/trader-bob" / name);
        check_error(copy.path(), errc::file_error, "trader-bob");
    }
    SUBCASE("a page is missing")
    {
        for (auto const& entry : fs::directory_iterator(copy.path() / "history/trader-bob"))
            if (entry.path().string().ends_with(".jsonl.gz"))
                fs::remove(entry.path());
        check_error(copy.path(), errc::invalid_recording, "trader-bob");
    }
    SUBCASE("two pages say different things of an operation")
    {
        fs::path const file = copy.path() / "history/trader-bob/get_account_history.limit37.jsonl.gz";
        std::string text = read_recording_file(file).value();
        std::size_t const at = text.find("\\\"trx_in_block\\\":0");
        REQUIRE(at != std::string::npos);
        text[at + 17] = '7';
        std::ofstream(file, std::ios::binary | std::ios::trunc) << text; // not compressed: read as it is
        check_error(copy.path(), errc::invalid_recording, "trader-bob");
    }
}
