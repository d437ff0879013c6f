#include <bitshares/base/hex.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/protocol/network.hpp>
#include <support/process.hpp>

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

namespace bts = bitshares;
using support::process;

namespace {

// The vectors, as far as these tests need them.
struct operation_vector
{
    std::string id;
    bts::raw_json op;
    std::string hex, core_hex;
    BITSHARES_FIELDS((id), (op), (hex), (core_hex))
};
struct operation_vectors
{
    std::vector<operation_vector> agreed, single, core_only, disputed;
    BITSHARES_FIELDS((agreed), (single), (core_only), (disputed))
};
struct transaction_vector
{
    std::string id, chain_id, serialized_hex, digest, transaction_id;
    bts::raw_json transaction;
    BITSHARES_FIELDS((id), (chain_id), (serialized_hex), (digest), (transaction_id), (transaction))
};
struct transaction_vectors
{
    std::vector<transaction_vector> transactions;
    BITSHARES_FIELDS((transactions))
};

// What bts prints.
struct error_text
{
    std::string code, message, path;
    BITSHARES_FIELDS((code), (message), (path))
};
struct answer
{
    std::optional<std::string> hex, id, digest;
    std::optional<bts::raw_json> op;
    std::optional<error_text> error;
    BITSHARES_FIELDS((hex), (id), (digest), (op), (error))
};

constexpr bts::json_options strict{.mode = bts::json_mode::strict};

template <class T>
T read_vectors(std::string const& name)
{
    std::ifstream file(BITSHARES_TESTS_DIR "/vectors/" + name);
    REQUIRE_MESSAGE(file.is_open(), name);
    return bts::from_json<T>(std::string(std::istreambuf_iterator<char>(file), {})).value();
}

std::vector<std::string> command(std::vector<std::string> arguments)
{
    arguments.insert(arguments.begin(), BITSHARES_PROGRAMS_DIR "/bts");
    return arguments;
}

struct outcome
{
    std::vector<answer> answers;
    int exit_code = -1;
};

outcome run(std::vector<std::string> arguments, std::string const& input)
{
    process bts_process(command(std::move(arguments)));
    std::string const output = bts_process.communicate(input);
    outcome result{{}, bts_process.wait()};
    for (std::size_t begin = 0; begin < output.size();)
    {
        std::size_t const end = output.find('\n', begin);
        REQUIRE(end != std::string::npos);
        result.answers.push_back(bts::from_json<answer>(output.substr(begin, end - begin), strict).value());
        begin = end + 1;
    }
    return result;
}

// Vectors are printed with spaces and line ends, of which a line must have none of the latter.
std::string one_line(std::string text)
{
    for (char& c : text)
        if (c == '\n')
            c = ' ';
    return text + '\n';
}

std::string const transfer = R"([0,{"fee":{"amount":0,"asset_id":"1.3.0"},"from":"1.2.17","to":"1.2.128",)"
                             R"("amount":{"amount":0,"asset_id":"1.3.0"},"extensions":[]}])";
std::string const transfer_hex = "000000000000000000001180010000000000000000000000";
std::string const key_op =
    R"([37,{"fee":{"amount":0,"asset_id":"1.3.0"},"deposit_to_account":"1.2.17","balance_to_claim":"1.15.0",)"
    R"("balance_owner_key":"PREFIX6MRyAjQq8ud7hVNYcfnVPJqcVpscN5So8BhtHuGYqET5GDW5CV",)"
    R"("total_claimed":{"amount":1,"asset_id":"1.3.0"}}])";

std::string with_prefix(std::string const& prefix)
{
    std::string text = key_op;
    return text.replace(text.find("PREFIX"), 6, prefix);
}

std::string error_code(answer const& a)
{
    return a.error ? a.error->code : "none";
}

} // namespace

TEST_CASE("examples/bts: every operation of the vectors becomes the core's bytes, and comes back")
{
    auto const vectors = read_vectors<operation_vectors>("operations.json");
    std::vector<operation_vector> all;
    for (auto const* list : {&vectors.agreed, &vectors.single, &vectors.core_only, &vectors.disputed})
        all.insert(all.end(), list->begin(), list->end());
    REQUIRE(all.size() > 200);
    std::string input;
    for (auto const& v : all)
        input += one_line(v.op.text);
    auto const encoded = run({"op", "encode", "--lenient"}, input);
    CHECK(encoded.exit_code == 0);
    auto const strictly = run({"op", "encode"}, input);
    REQUIRE(encoded.answers.size() == all.size());
    REQUIRE(strictly.answers.size() == all.size());
    std::string hex_lines;
    int refused = 0;
    for (std::size_t i = 0; i < all.size(); ++i)
    {
        CAPTURE(all[i].id);
        REQUIRE_MESSAGE(encoded.answers[i].hex, encoded.answers[i].error->message);
        CHECK(*encoded.answers[i].hex == (all[i].hex.empty() ? all[i].core_hex : all[i].hex));
        hex_lines += "{\"hex\":\"" + *encoded.answers[i].hex + "\"}\n";
        if (error_code(strictly.answers[i]) ==
            "control_character") // text that a node would misread, and therefore sign something else
            ++refused;
        else
            CHECK(strictly.answers[i].hex == encoded.answers[i].hex);
    }
    CHECK(refused == 1);
    auto const decoded = run({"op", "decode"}, hex_lines);
    CHECK(decoded.exit_code == 0);
    REQUIRE(decoded.answers.size() == all.size());
    std::string op_lines;
    for (auto const& a : decoded.answers)
    {
        REQUIRE(a.op);
        op_lines += a.op->text + '\n';
    }
    auto const again = run({"op", "encode", "--lenient"}, op_lines);
    CHECK(again.exit_code == 0);
    REQUIRE(again.answers.size() == all.size());
    for (std::size_t i = 0; i < all.size(); ++i)
        CHECK(again.answers[i].hex == encoded.answers[i].hex);
}

TEST_CASE("examples/bts: bytes, id and digest of every transaction of the vectors, signed or not")
{
    auto const vectors = read_vectors<transaction_vectors>("transactions.json");
    REQUIRE(vectors.transactions.size() > 30);
    std::map<std::string, std::vector<transaction_vector const*>> by_chain;
    for (auto const& v : vectors.transactions)
        by_chain[v.chain_id].push_back(&v);
    for (auto const& [chain_id, list] : by_chain)
        for (bool const with_signature : {false, true})
            for (std::string const what : {"encode", "id", "digest"})
            {
                std::string input;
                for (auto const* v : list)
                {
                    std::string line = one_line(v->transaction.text);
                    if (with_signature && line.find("\"signatures\"") == line.npos)
                        line.insert(line.rfind('}'), ",\"signatures\":[\"" + std::string(130, '1') + "\"]");
                    input += line;
                }
                auto const result = run({"tx", what, "--chain-id", chain_id}, input);
                CHECK(result.exit_code == 0);
                REQUIRE(result.answers.size() == list.size());
                for (std::size_t i = 0; i < list.size(); ++i)
                {
                    CAPTURE(list[i]->id);
                    REQUIRE_FALSE(result.answers[i].error);
                    CHECK(result.answers[i].hex == list[i]->serialized_hex);
                    CHECK(result.answers[i].id == list[i]->transaction_id);
                    CHECK(result.answers[i].digest == list[i]->digest);
                }
            }
}

TEST_CASE("examples/bts: a bad line is answered in its place, the others are processed, and the exit code is 1")
{
    std::string misspelt = transfer;
    misspelt.replace(misspelt.find("amount\":0"), 6, "amuont");
    auto const result =
        run({"op", "encode"}, transfer + "\n" + misspelt + "\n\nnonsense\n" + transfer); // the last line lacks its end
    CHECK(result.exit_code == 1);
    REQUIRE(result.answers.size() == 5);
    CHECK(result.answers[0].hex == transfer_hex);
    CHECK(error_code(result.answers[1]) == "unknown_member");
    CHECK(result.answers[1].error->path == "/1/fee/amuont");
    CHECK(error_code(result.answers[2]) == "invalid_json");
    CHECK(error_code(result.answers[3]) == "invalid_json");
    CHECK(result.answers[4].hex == transfer_hex);
}

TEST_CASE("examples/bts: reading is strict unless asked otherwise")
{
    std::string extra = transfer;
    extra.insert(extra.find("\"from\""), "\"comment\":{\"a\":[1]},");
    std::string missing = transfer;
    missing.erase(missing.find(",\"extensions\":[]"), 16);
    auto const strictly = run({"op", "encode"}, extra + "\n" + missing + "\n[99,{}]\n");
    CHECK(strictly.exit_code == 1);
    REQUIRE(strictly.answers.size() == 3);
    CHECK(error_code(strictly.answers[0]) == "unknown_member");
    CHECK(error_code(strictly.answers[1]) == "missing_member");
    CHECK(error_code(strictly.answers[2]) == "unknown_tag");
    auto const leniently = run({"op", "encode", "--lenient"}, extra + "\n" + missing + "\n[99,{}]\n");
    REQUIRE(leniently.answers.size() == 3);
    CHECK(leniently.answers[0].hex == transfer_hex);
    CHECK(leniently.answers[1].hex == transfer_hex);
    CHECK(error_code(leniently.answers[2]) == "unknown_tag"); // it can be read, not packed
}

TEST_CASE("examples/bts: decoding says what is wrong with the bytes")
{
    auto const result = run({"op", "decode"}, "{\"hex\":\"00\"}\n{\"hex\":\"0\"}\n{\"hex\":\"" + transfer_hex +
                                                  "00\"}\n{\"hex\":\"4e\"}\n{}\n{\"hex\":\"" + transfer_hex + "\"}\n");
    CHECK(result.exit_code == 1);
    REQUIRE(result.answers.size() == 6);
    CHECK(error_code(result.answers[0]) == "unexpected_end");
    CHECK(error_code(result.answers[1]) == "invalid_hex");
    CHECK(result.answers[1].error->path == "/hex");
    CHECK(error_code(result.answers[2]) == "trailing_bytes");
    CHECK(error_code(result.answers[3]) == "unknown_tag");
    CHECK(error_code(result.answers[4]) == "missing_member");
    REQUIRE(result.answers[5].op);
    CHECK(result.answers[5].op->text == transfer);
}

TEST_CASE("examples/bts: errors are valid JSON also where they quote text cut inside a character")
{
    std::string line = "{\"hex\":1,\"";
    for (int i = 0; i < 150; ++i)
        line += "\xc3\xa9";
    auto const result = run({"op", "decode"}, line + "\":1}\n" + line.replace(7, 1, "2").insert(10, "x") + "\":1}\n");
    REQUIRE(result.answers.size() == 2); // read strictly above, so their UTF-8 is valid
    CHECK(result.exit_code == 1);
}

TEST_CASE("examples/bts: the chain selects the prefix of keys, and --prefix overrides it")
{
    std::string const test_chain = bts::to_hex(bts::testnet().chain_id.data);
    std::string const main_chain = bts::to_hex(bts::mainnet().chain_id.data);
    auto const hex = run({"op", "encode"}, with_prefix("BTS") + "\n").answers.at(0).hex;
    REQUIRE(hex);
    CHECK(error_code(run({"op", "encode"}, with_prefix("TEST") + "\n").answers.at(0)) == "wrong_key_prefix");
    CHECK(run({"op", "encode", "--chain-id", test_chain}, with_prefix("TEST") + "\n").answers.at(0).hex == hex);
    CHECK(run({"op", "encode", "--chain-id", main_chain}, with_prefix("BTS") + "\n").answers.at(0).hex == hex);
    CHECK(run({"op", "encode", "--chain-id", test_chain, "--prefix", "XYZ"}, with_prefix("XYZ") + "\n")
              .answers.at(0)
              .hex == hex);
    auto const line = "{\"hex\":\"" + *hex + "\"}\n";
    CHECK(run({"op", "decode", "--prefix", "TEST"}, line).answers.at(0).op->text == with_prefix("TEST"));
    CHECK(run({"op", "decode"}, line).answers.at(0).op->text == with_prefix("BTS"));
}

TEST_CASE("examples/bts: it can be driven through two pipes, a line at a time")
{
    process bts_process(command({"op", "encode"}));
    for (int i = 0; i < 3; ++i)
    {
        REQUIRE(bts_process.write(transfer + "\n"));
        CHECK(bts_process.read_line() == "{\"hex\":\"" + transfer_hex + "\"}");
    }
    // Half a line is no line; the answer to the one before it comes all the same.
    REQUIRE(bts_process.write(transfer + "\n" + transfer.substr(0, 20)));
    CHECK(bts_process.read_line() == "{\"hex\":\"" + transfer_hex + "\"}");
    REQUIRE(bts_process.write(transfer.substr(20) + "\n"));
    CHECK(bts_process.read_line() == "{\"hex\":\"" + transfer_hex + "\"}");
    bts_process.close_input();
    CHECK(bts_process.wait() == 0);
}

TEST_CASE("examples/bts: long lines are errors, and memory does not grow with the input")
{
    process bts_process(command({"op", "encode"}));
    std::string const megabyte(std::size_t{1} << 20, '[');
    for (int round = 0; round < 2; ++round)
    {
        for (int i = 0; i < 60; ++i)
            REQUIRE(bts_process.write(megabyte));
        REQUIRE(bts_process.write("\n" + transfer + "\n"));
        CHECK(error_code(bts::from_json<answer>(bts_process.read_line(), strict).value()) == "size_limit");
        CHECK(bts_process.read_line() == "{\"hex\":\"" + transfer_hex + "\"}");
    }
#if !defined(__has_feature) // sanitizers have memory of their own
    CHECK(bts_process.peak_kilobytes() > 0);
    CHECK(bts_process.peak_kilobytes() < 64 << 10);
#endif
    bts_process.close_input();
    CHECK(bts_process.wait() == 1);
}

TEST_CASE("examples/bts: it ends quietly when its reader goes away, and on a signal")
{
    process gone(command({"op", "encode"}));
    gone.close_output();
    while (gone.write(transfer + "\n"))
    {
    }
    CHECK(gone.wait() == 5);

    process waiting(command({"op", "encode"}));
    REQUIRE(waiting.write(transfer + "\n"));
    CHECK_FALSE(waiting.read_line().empty());
    waiting.signal(SIGINT);
    CHECK(waiting.wait() == 5);
}

TEST_CASE("examples/bts: usage errors have exit code 2, help has 0 and examples at each level")
{
    struct
    {
        std::vector<std::string> arguments;
        int exit_code;
    } const cases[] = {{{}, 2},
                       {{"op"}, 2},
                       {{"nonsense"}, 2},
                       {{"op", "encode", "--nonsense"}, 2},
                       {{"tx", "digest"}, 2},
                       {{"tx", "digest", "--chain-id", "12"}, 2},
                       {{"tx", "digest", "--chain-id", std::string(64, 'x')}, 2},
                       {{"tx", "digest", "--chain-id", "mainnet"}, 0}, // as nodes' commands take it
                       {{"tx", "digest", "--chain-id", ""}, 2},
                       {{"op", "encode", "--prefix", ""}, 2},
                       {{"decode", "00", "--prefix", ""}, 2},
                       {{"--version"}, 0}};
    for (auto const& c : cases)
    {
        process bts_process(command(c.arguments));
        bts_process.communicate({});
        CHECK(bts_process.wait() == c.exit_code);
    }
    for (std::vector<std::string> words : {std::vector<std::string>{},
                                           {"op"},
                                           {"op", "encode"},
                                           {"op", "decode"},
                                           {"tx"},
                                           {"tx", "encode"},
                                           {"tx", "id"},
                                           {"tx", "digest"},
                                           {"call"},
                                           {"decode"},
                                           {"account"},
                                           {"orderbook"}})
    {
        words.push_back("--help");
        process bts_process(command(words));
        std::string const help = bts_process.communicate({});
        CHECK(help.find("Examples:") != std::string::npos);
        for (std::size_t begin = 0, end; (end = help.find('\n', begin)) != help.npos; begin = end + 1)
            CHECK(end - begin <= 120);
        if (words.size() == 3)
            CHECK(help.find("Without it, an unknown") != std::string::npos); // what --lenient changes
        CHECK(bts_process.wait() == 0);
    }
}
