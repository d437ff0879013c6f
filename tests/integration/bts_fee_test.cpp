// bts fee: recorded answers of get_required_fees, through the program.

#include <bitshares/base/hex.hpp>
#include <support/json_value.hpp>
#include <support/process.hpp>
#include <support/recordings.hpp>

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <unistd.h>
#include <vector>

namespace bts = bitshares;
using support::process;
using test::json_value;

namespace {

struct outcome
{
    std::vector<std::string> lines;
    int exit_code = -1;
};

outcome run(std::vector<std::string> arguments, std::string const& input)
{
    arguments.insert(arguments.begin(), {BITSHARES_PROGRAMS_DIR "/bts", "fee"});
    process program(arguments);
    std::string const output = program.communicate(input);
    outcome result;
    result.exit_code = program.wait();
    for (std::size_t begin = 0; begin < output.size();)
    {
        std::size_t const end = output.find('\n', begin);
        REQUIRE(end != std::string::npos);
        result.lines.push_back(output.substr(begin, end - begin));
        begin = end + 1;
    }
    return result;
}

class schedule_file
{
public:
    explicit schedule_file(std::string const& content)
        : path_(std::filesystem::temp_directory_path() /
                ("bts_fee_" + std::to_string(::getpid()) + '_' + std::to_string(++count_)))
    {
        std::ofstream(path_) << content;
    }
    schedule_file(schedule_file const&) = delete;
    ~schedule_file() { std::filesystem::remove(path_); }

    std::string path() const { return path_.string(); }

private:
    static inline int count_ = 0;
    std::filesystem::path path_;
};

std::string const transfer = R"([0,{"fee":{"amount":0,"asset_id":"1.3.0"},"from":"1.2.17","to":"1.2.128",)"
                             R"("amount":{"amount":0,"asset_id":"1.3.0"},"extensions":[]}])";
std::string const two_parameters = R"({"parameters":[[0,{"fee":2000000,"price_per_kbyte":1000000}],)"
                                   R"([22,{"fee":7,"price_per_kbyte":0}]],"scale":10000})";

} // namespace

TEST_CASE("examples/bts: fee gives what recorded nodes answered, in each asset")
{
    auto const& recording = recordings::main_chain();
    auto const global = json_value::parse(recording.objects.at("2.0.0"));
    schedule_file const file(global["parameters"]["current_fees"].dump());
    std::map<std::string, std::string> ids; // by id or symbol, as the calls name assets
    for (auto const& [id, text] : recording.objects)
        if (id.starts_with("1.3."))
            ids[id] = ids[json_value::parse(text)["symbol"].text()] = id;

    std::map<std::string, std::pair<std::string, std::vector<std::string>>> batches; // input and answers by asset
    for (auto const& call : recording.calls)
    {
        if (call.request.find("\"get_required_fees\"") == std::string::npos || call.kind != "ok")
            continue;
        auto const request = json_value::parse(call.request);
        auto const response = json_value::parse(call.response);
        json_value const& ops = request["params"][2][0];
        auto& [input, answers] = batches[ids.at(request["params"][2][1].text())];
        for (std::size_t i = 0; i < ops.array().size(); ++i)
        {
            input += ops[i].dump() + '\n';
            answers.push_back("{\"fee\":" + response["result"][i].dump() + '}');
        }
    }
    std::size_t compared = 0, nested = 0;
    for (auto const& [asset, batch] : batches)
    {
        CAPTURE(asset);
        std::vector<std::string> arguments{"--lenient", "--schedule", file.path()};
        if (asset != "1.3.0")
        {
            auto const rate = json_value::parse(recording.objects.at(asset))["options"]["core_exchange_rate"];
            arguments.insert(arguments.end(), {"--asset", asset, "--rate", rate.dump()});
        }
        auto const priced = run(arguments, batch.first);
        CHECK(priced.exit_code == 0);
        REQUIRE(priced.lines.size() == batch.second.size());
        for (std::size_t i = 0; i < priced.lines.size(); ++i)
        {
            CHECK(priced.lines[i] == batch.second[i]);
            nested += priced.lines[i].starts_with("{\"fee\":[");
        }
        compared += priced.lines.size();
    }
    MESSAGE(compared << " fees in " << batches.size() << " assets, " << nested << " of proposals");
    REQUIRE(compared >= 200);
    REQUIRE(batches.size() >= 3);
    REQUIRE(nested >= 1);
}

TEST_CASE("examples/bts: fee takes a rate in either orientation, or as two amounts")
{
    schedule_file const file(two_parameters);
    std::string const seven = R"({"amount":7,"asset_id":"1.3.0"})", three = R"({"amount":3,"asset_id":"1.3.5"})";
    std::string const expected = R"({"fee":{"amount":857143,"asset_id":"1.3.5"}})";
    for (std::string const& rate : {R"({"base":)" + seven + R"(,"quote":)" + three + '}',
                                    R"({"base":)" + three + R"(,"quote":)" + seven + '}', std::string("7/3")})
    {
        auto const priced = run({"--schedule", file.path(), "--asset", "1.3.5", "--rate", rate}, transfer + '\n');
        CHECK(priced.exit_code == 0);
        REQUIRE(priced.lines.size() == 1);
        CHECK(priced.lines[0] == expected);
    }
    auto const core = run({"--schedule", file.path(), "--asset", "1.3.0"}, transfer + '\n');
    REQUIRE(core.lines.size() == 1);
    CHECK(core.lines[0] == R"({"fee":{"amount":2000000,"asset_id":"1.3.0"}})");
    auto const proposal =
        run({"--schedule", file.path()},
            R"([22,{"fee":{"amount":0,"asset_id":"1.3.0"},"fee_paying_account":"1.2.17","expiration_time":)"
            R"("2026-01-01T00:00:00","proposed_ops":[{"op":)" +
                transfer + R"(}],"extensions":[]}])" + "\n");
    REQUIRE(proposal.lines.size() == 1);
    CHECK(proposal.lines[0] == R"({"fee":[{"amount":7,"asset_id":"1.3.0"},[{"amount":2000000,"asset_id":"1.3.0"}]]})");
}

TEST_CASE("examples/bts: fee refuses bad command lines, schedules and operations")
{
    schedule_file const file(two_parameters);
    CHECK(run({}, "").exit_code == 2);
    CHECK(run({"--schedule", "/nonexistent/schedule"}, "").exit_code == 2);
    for (std::vector<std::string> const& arguments :
         {std::vector<std::string>{"--asset", "1.3.5"},
          {"--asset", "USD"},
          {"--asset", "1.2.5", "--rate", "7/3"},
          {"--rate", "7/3"},
          {"--asset", "1.3.5", "--rate", "7"},
          {"--asset", "1.3.5", "--rate", "7/0"},
          {"--asset", "1.3.5", "--rate", "-7/3"},
          {"--asset", "1.3.5", "--rate", "7/3x"},
          {"--asset", "1.3.5", "--rate", "{}"},
          {"--asset", "1.3.6", "--rate",
           R"({"base":{"amount":7,"asset_id":"1.3.0"},"quote":{"amount":3,"asset_id":"1.3.5"}})"},
          {"--asset", "1.3.5", "--rate",
           R"({"base":{"amount":7,"asset_id":"1.3.4"},"quote":{"amount":3,"asset_id":"1.3.5"}})"}})
    {
        std::vector<std::string> all{"--schedule", file.path()};
        all.insert(all.end(), arguments.begin(), arguments.end());
        auto const priced = run(all, transfer + '\n');
        CHECK_MESSAGE(priced.exit_code == 2, arguments.back());
        CHECK(priced.lines.empty());
    }
    std::vector<std::string> const contents{"",
                                            "{}",
                                            "[]",
                                            R"({"parameters":[]})",
                                            R"({"scale":10000})",
                                            R"({"parameters":[],"scale":10000})",
                                            R"({"parameters":[[0,{"fee":1,"price_per_kbyte":1}]]})",
                                            R"({"parameters":{"current_fees":{}},"scale":1})"};
    for (std::string const& content : contents)
    {
        schedule_file const bad(content);
        auto const priced = run({"--schedule", bad.path()}, transfer + '\n');
        CHECK_MESSAGE(priced.exit_code == 1, content);
        CHECK(priced.lines.empty());
    }

    std::string const unknown_in_proposal =
        R"([22,{"fee":{"amount":0,"asset_id":"1.3.0"},"fee_paying_account":"1.2.17","expiration_time":)"
        R"("2026-01-01T00:00:00","proposed_ops":[{"op":[99,{}]}],"extensions":[]}])";
    auto const answers = run({"--schedule", file.path()}, "nonsense\n" + transfer + "\n[0,{\"fee\":{\"amount\":0}}]\n");
    CHECK(answers.exit_code == 1);
    REQUIRE(answers.lines.size() == 3);
    CHECK(json_value::parse(answers.lines[0])["error"]["code"].text() == "invalid_json");
    CHECK(answers.lines[1] == R"({"fee":{"amount":2000000,"asset_id":"1.3.0"}})");
    CHECK(json_value::parse(answers.lines[2])["error"]["code"].text() == "missing_member");
    auto const lenient = run({"--schedule", file.path(), "--lenient"}, unknown_in_proposal + '\n');
    REQUIRE(lenient.lines.size() == 1);
    auto const error = json_value::parse(lenient.lines[0])["error"];
    CHECK(error["code"].text() == "unknown_tag");
    CHECK(error["path"].text() == "/1/proposed_ops/0/op");
}
