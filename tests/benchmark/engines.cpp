// JSON and binary against what they are built on: RapidJSON with a handler that does nothing, and SHA-256 of the same bytes.

#include "harness.hpp"

#include <bitshares/base/hash.hpp>
#include <bitshares/protocol/binary.hpp>
#include <bitshares/protocol/json.hpp>
#include <bitshares/protocol/objects.hpp>
#include <bitshares/protocol/operation.hpp>
#include <bitshares/testing/recording.hpp>

#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cstdlib>
#include <set>

namespace {

namespace bts = bitshares;
using benchmark::figure;

using page = std::vector<bts::operation_history_object>;

struct null_handler : rapidjson::BaseReaderHandler<rapidjson::UTF8<>, null_handler>
{
    bool Default()
    {
        ++events;
        return true;
    }
    std::size_t events = 0;
};

template <unsigned Flags>
void parse_into_nothing(std::string const& json)
{
    rapidjson::MemoryStream stream(json.data(), json.size());
    null_handler handler;
    rapidjson::Reader reader;
    reader.Parse<Flags>(stream, handler);
    benchmark::keep(handler.events);
}

// The results of every recorded page of get_account_history, as the node printed them.
std::vector<std::string> recorded_pages()
{
    std::vector<std::string> pages;
    auto const recording = bts::testing::recording::load(BITSHARES_TESTS_DIR "/recordings").value();
    for (auto const& account : recording.accounts)
        for (auto const& exchange : account.pages.at("get_account_history.limit100"))
        {
            std::size_t const begin = exchange.response.find("\"result\":[");
            if (begin != std::string::npos)
                pages.push_back(exchange.response.substr(begin + 9, exchange.response.size() - begin - 10));
        }
    return pages;
}

// One token of JSON text, to be given to a writer.
struct token
{
    enum kind_type
    {
        null,
        boolean,
        int32,
        uint32,
        string,
        key,
        begin_object,
        end_object,
        begin_array,
        end_array
    } kind;
    std::int64_t number = 0;
    std::string text = {};
};

struct token_recorder : rapidjson::BaseReaderHandler<rapidjson::UTF8<>, token_recorder>
{
    std::vector<token> tokens;
    bool put(token t)
    {
        tokens.push_back(std::move(t));
        return true;
    }
    bool Default() { std::abort(); } // a node prints nothing else
    bool Null() { return put({token::null}); }
    bool Bool(bool b) { return put({token::boolean, b}); }
    bool Int(int i) { return put({token::int32, i}); }
    bool Uint(unsigned u) { return put({token::uint32, u}); }
    bool String(char const* s, rapidjson::SizeType n, bool) { return put({token::string, 0, {s, n}}); }
    bool Key(char const* s, rapidjson::SizeType n, bool) { return put({token::key, 0, {s, n}}); }
    bool StartObject() { return put({token::begin_object}); }
    bool EndObject(rapidjson::SizeType) { return put({token::end_object}); }
    bool StartArray() { return put({token::begin_array}); }
    bool EndArray(rapidjson::SizeType) { return put({token::end_array}); }
};

void write_tokens(std::vector<token> const& tokens, rapidjson::Writer<rapidjson::StringBuffer>& writer)
{
    for (token const& t : tokens)
        switch (t.kind)
        {
        case token::null: writer.Null(); break;
        case token::boolean: writer.Bool(t.number != 0); break;
        case token::int32: writer.Int(static_cast<int>(t.number)); break;
        case token::uint32: writer.Uint(static_cast<unsigned>(t.number)); break;
        case token::string: writer.String(t.text.data(), static_cast<rapidjson::SizeType>(t.text.size())); break;
        case token::key: writer.Key(t.text.data(), static_cast<rapidjson::SizeType>(t.text.size())); break;
        case token::begin_object: writer.StartObject(); break;
        case token::end_object: writer.EndObject(); break;
        case token::begin_array: writer.StartArray(); break;
        case token::end_array: writer.EndArray(); break;
        }
}

constexpr int rounds = 9;
constexpr double least = 0.1; // seconds of each side in each round

bool json_read_history()
{
    auto const pages = recorded_pages();
    double megabytes = 0;
    for (auto const& p : pages)
        megabytes += static_cast<double>(p.size()) / 1e6;
    auto const own = [&] {
        for (auto const& p : pages)
            benchmark::keep(bts::from_json<page>(p).value().size());
    };
    auto const validating = [&] {
        for (auto const& p : pages)
            parse_into_nothing<rapidjson::kParseValidateEncodingFlag>(p);
    };
    auto const flagless = [&] {
        for (auto const& p : pages)
            parse_into_nothing<rapidjson::kParseDefaultFlags>(p);
    };
    auto const t = benchmark::interleaved<benchmark::thread_clock>(rounds, least, own, validating, flagless);
    // The library validates UTF-8 by itself and parses without flags; the limit is a parser that validates. A reader who
    // holds that "the same flags" are none finds that ratio beside it, and it has to pass, too.
    figure const f{"json_read_history", "MB/s", 0.5, 508};
    double const flagless_ratio = benchmark::ratio_of(t[0], t[2]);
    char extra[64];
    std::snprintf(extra, sizeof extra, ",\"flagless_limit\":%.6g,\"flagless_ratio\":%.3f",
                  megabytes / benchmark::median(t[2]), flagless_ratio);
    return benchmark::report(f, megabytes / benchmark::median(t[0]), megabytes / benchmark::median(t[1]),
                             benchmark::ratio_of(t[0], t[1]), extra) &&
           flagless_ratio >= f.bar;
}

bool json_write_operation()
{
    std::vector<bts::operation> operations;
    for (auto const& p : recorded_pages())
        for (auto& entry : bts::from_json<page>(p).value())
            operations.push_back(std::move(entry.op));

    double megabytes = 0;
    std::vector<std::vector<token>> tokens;
    for (auto const& op : operations)
    {
        std::string const json = bts::to_json(op);
        megabytes += static_cast<double>(json.size()) / 1e6;
        token_recorder recorder;
        rapidjson::MemoryStream stream(json.data(), json.size());
        rapidjson::Reader().Parse(stream, recorder);
        rapidjson::StringBuffer buffer;
        rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
        write_tokens(recorder.tokens, writer);
        if (buffer.GetString() != json)
        {
            std::fprintf(stderr, "the writer's text differs from the library's\n%s\n%s\n", buffer.GetString(),
                         json.c_str());
            return false;
        }
        tokens.push_back(std::move(recorder.tokens));
    }

    std::string out;
    auto const own = [&] {
        for (auto const& op : operations)
        {
            out.clear();
            bts::write_json(out, op);
            benchmark::keep(out.data());
        }
    };
    rapidjson::StringBuffer buffer;
    auto const limit = [&] {
        for (auto const& list : tokens)
        {
            buffer.Clear();
            rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
            write_tokens(list, writer);
            benchmark::keep(buffer.GetString());
        }
    };
    auto const t = benchmark::interleaved<benchmark::thread_clock>(rounds, least, own, limit);
    return benchmark::report({"json_write_operation", "MB/s", 0.5, 862}, megabytes / benchmark::median(t[0]),
                             megabytes / benchmark::median(t[1]), benchmark::ratio_of(t[0], t[1]));
}

// A transfer with a memo of 48 bytes, the middle of what accounts have.
bts::operation transfer_example()
{
    std::string const key = "BTS6MRyAjQq8ud7hVNYcfnVPJqcVpscN5So8BhtHuGYqET5GDW5CV";
    return bts::from_json<bts::operation>(
               R"([0,{"fee":{"amount":2089843,"asset_id":"1.3.0"},"from":"1.2.1234567","to":"1.2.19",)"
               R"("amount":{"amount":"123456789012","asset_id":"1.3.113"},"memo":{"from":")" +
                   key + R"(","to":")" + key + R"(","nonce":"1792617245223878254","message":")" + std::string(96, '7') +
                   R"("},"extensions":[]}])",
               {.mode = bts::json_mode::strict})
        .value();
}

constexpr int repeated = 64; // calls between two looks at the clock

bool binary(figure const& f, bool packing)
{
    bts::operation const op = transfer_example();
    bts::bytes const packed = bts::pack(op).value();
    auto const pack = [&] {
        for (int i = 0; i < repeated; ++i)
            benchmark::keep(bts::pack(op).value().data());
    };
    auto const unpack = [&] {
        for (int i = 0; i < repeated; ++i)
            benchmark::keep(bts::unpack<bts::operation>(packed).has_value());
    };
    auto const two_digests = [&] {
        for (int i = 0; i < 2 * repeated; ++i)
            benchmark::keep(bts::sha256(packed));
    };
    auto const t = packing ? benchmark::interleaved<benchmark::thread_clock>(rounds, least, pack, two_digests)
                           : benchmark::interleaved<benchmark::thread_clock>(rounds, least, unpack, two_digests);
    return benchmark::report(f, repeated / benchmark::median(t[0]), repeated / benchmark::median(t[1]),
                             benchmark::ratio_of(t[0], t[1]), ",\"bytes\":" + std::to_string(packed.size()));
}

} // namespace

int main(int argc, char** argv)
{
    std::set<std::string_view> const names(argv + 1, argv + argc);
    auto const wanted = [&](std::string_view name) { return names.empty() || names.contains(name); };
    bool good = true;
    if (wanted("json_read_history"))
        good &= json_read_history();
    if (wanted("json_write_operation"))
        good &= json_write_operation();
    // Two digests of 200 bytes take 0.30 us with a fetched algorithm and a reused context.
    if (wanted("binary_pack_transfer"))
        good &= binary({"binary_pack_transfer", "operations/s", 1, 3.3e6}, true);
    if (wanted("binary_unpack_transfer"))
        good &= binary({"binary_unpack_transfer", "operations/s", 1, 3.3e6}, false);
    return good ? 0 : 1;
}
