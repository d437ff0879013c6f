#pragma once

#include <bitshares/protocol/object_id.hpp>
#include <bitshares/protocol/time_point.hpp>
#include <bitshares/testing/json_text.hpp>
#include <bitshares/testing/recording.hpp>

#include <zlib.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <set>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {
namespace testing {
namespace detail {

inline error damaged(std::filesystem::path const& file, std::string const& what)
{
    return {errc::invalid_recording, file.string() + ": " + what};
}

/* Looks a member up and remembers that one was missing, so that a file is read straight through and checked once. */
class fields
{
public:
    explicit fields(std::string_view json)
    {
        if (auto members = object_members(json))
            members_ = std::move(*members);
        else
            good_ = false;
    }

    bool good() const noexcept { return good_; }
    std::string_view raw(std::string_view name, bool needed = true)
    {
        for (auto const& [key, value] : members_)
            if (key == name)
                return value;
        if (needed)
            good_ = false;
        return {};
    }
    std::string text(std::string_view name, bool needed = true)
    {
        auto const json = raw(name, needed);
        auto value = string_value(json);
        if (!value && needed)
            good_ = false;
        return std::move(value).value_or(std::string());
    }
    std::uint64_t number(std::string_view name, bool needed = true)
    {
        auto const value = unsigned_value(raw(name, needed));
        if (!value && needed)
            good_ = false;
        return value.value_or(0);
    }
    std::uint32_t number32(std::string_view name)
    {
        std::uint64_t const value = number(name);
        if (value > 0xffffffff)
            good_ = false;
        return static_cast<std::uint32_t>(value);
    }

private:
    std::vector<std::pair<std::string, std::string_view>> members_;
    bool good_ = true;
};

inline exchange read_exchange(fields& f)
{
    exchange e;
    e.request = f.text("request");
    e.response = f.text("response");
    return e;
}

inline std::vector<std::string_view> lines_of(std::string_view text)
{
    std::vector<std::string_view> lines;
    while (!text.empty())
    {
        std::size_t const end = std::min(text.find('\n'), text.size());
        if (end > 0)
            lines.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

/* Reads one folder, a file a function. Throws `exception`; `recording::load` turns it into a result. */
class recording_reader
{
public:
    explicit recording_reader(std::filesystem::path const& directory) { recording_.directory = directory; }

    recording read()
    {
        read_accounts();
        read_objects();
        read_entries();
        read_headers();
        read_blocks();
        read_histories();
        read_calls();
        return std::move(recording_);
    }

private:
    std::string need(std::filesystem::path const& file) { return read_recording_file(file).value(); }
    bool there(char const* name) const
    {
        auto const file = recording_.directory / name;
        return std::filesystem::exists(file) || std::filesystem::exists(file.string() + ".gz");
    }
    [[noreturn]] static void fail(std::filesystem::path const& file, std::string const& what)
    {
        throw exception(damaged(file, what));
    }

    void read_accounts()
    {
        auto const file = recording_.directory / "accounts.json";
        std::string const text = need(file);
        fields f(first_value(text));
        recording_.chain_id = f.text("chain_id");
        auto const accounts = object_members(f.raw("accounts"));
        if (!f.good() || !accounts)
            fail(file, "no chain id or no accounts");
        for (auto const& [name, json] : *accounts)
        {
            fields account(json);
            recording_.account_ids[name] = account.text("id");
            if (!account.good())
                fail(file, "account " + name + " has no id");
        }
    }

    void read_objects()
    {
        if (!there("objects.json"))
            return;
        auto const file = recording_.directory / "objects.json";
        std::string const text = need(file);
        auto const types = object_members(first_value(text));
        if (!types)
            fail(file, "no object");
        for (auto const& [type, json] : *types)
        {
            auto const answers = array_items(member(json, "answers"));
            if (!answers)
                fail(file, type + " has no answers");
            for (auto const answer : *answers)
            {
                fields f(answer);
                exchange e = read_exchange(f);
                auto const objects = array_items(member(e.response, "result"));
                if (!f.good() || !objects)
                    fail(file, type + " has an answer without result");
                for (auto const object : *objects)
                    if (auto const id = string_value(member(object, "id")))
                        recording_.objects[*id] = object;
                recording_.exchanges.push_back(std::move(e));
            }
        }
    }

    // The entries of all histories (2.9.x), of which only the first are among the objects: the plugin wrote each down.
    void read_entries()
    {
        if (!there("es/string/all_documents.json"))
            return;
        auto const file = recording_.directory / "es/string/all_documents.json";
        std::string const text = need(file);
        auto const answers = array_items(first_value(text));
        if (!answers)
            fail(file, "no list of answers");
        for (auto const json : *answers)
        {
            fields f(json);
            std::string const answer = f.text("response");
            auto const hits = array_items(member(member(answer, "hits"), "hits"));
            if (!f.good() || !hits)
                fail(file, "an answer has no documents");
            for (auto const hit : *hits)
            {
                std::string_view const entry = member(member(hit, "_source"), "account_history");
                auto const id = string_value(member(entry, "id"));
                if (!id)
                    fail(file, "a document is of no account's history");
                recording_.objects.try_emplace(*id, entry);
            }
        }
    }

    void read_headers()
    {
        if (!there("headers.json"))
            return;
        auto const file = recording_.directory / "headers.json";
        std::string const text = need(file);
        auto const batches = array_items(member(first_value(text), "batches"));
        if (!batches)
            fail(file, "no batches");
        for (auto const batch : *batches)
        {
            fields f(batch);
            exchange e = read_exchange(f);
            auto const pairs = array_items(member(e.response, "result"));
            if (!f.good() || !pairs)
                fail(file, "a batch has no result");
            for (auto const pair : *pairs)
            {
                auto const items = array_items(pair);
                auto const number = items && items->size() == 2 ? unsigned_value(items->front()) : std::nullopt;
                if (!number || *number > 0xffffffff)
                    fail(file, "a header has no number");
                if (kind_of(items->back()) == json_kind::object)
                    recording_.blocks[static_cast<std::uint32_t>(*number)].header = items->back();
            }
            recording_.exchanges.push_back(std::move(e));
        }
    }

    void read_blocks()
    {
        if (!there("blocks.json"))
            return;
        auto const file = recording_.directory / "blocks.json";
        std::string const text = need(file);
        auto const blocks = array_items(first_value(text));
        if (!blocks)
            fail(file, "no list of blocks");
        for (auto const json : *blocks)
        {
            fields f(json);
            std::uint32_t const number = f.number32("block_num");
            fields get_block(f.raw("get_block"));
            fields get_operations(f.raw("get_block_operation_history"));
            exchange block = read_exchange(get_block);
            exchange operations = read_exchange(get_operations);
            recorded_block& entry = recording_.blocks[number];
            entry.id = f.text("block_id");
            entry.block = member(block.response, "result");
            entry.operations = member(operations.response, "result");
            auto const items = array_items(entry.operations);
            if (!f.good() || !get_block.good() || !get_operations.good() || entry.block.empty() || !items)
                fail(file, "block " + std::to_string(number) + " is not whole");
            for (auto const item : *items)
                recording_.operations.push_back(operation(item, file));
            recording_.exchanges.push_back(std::move(block));
            recording_.exchanges.push_back(std::move(operations));
        }
        auto& all = recording_.operations;
        std::sort(all.begin(), all.end(), [](auto const& a, auto const& b) { return a.id < b.id; });
    }

    void read_histories()
    {
        auto const folder = recording_.directory / "history";
        std::error_code ignored;
        std::vector<std::filesystem::path> folders;
        for (auto const& entry : std::filesystem::directory_iterator(folder, ignored))
            if (entry.is_directory())
                folders.push_back(entry.path());
        std::sort(folders.begin(), folders.end());
        for (auto const& path : folders)
            recording_.accounts.push_back(read_account(path));
    }

    recorded_account read_account(std::filesystem::path const& folder)
    {
        recorded_account account;
        auto const file = folder / "final_state.json";
        std::string const text = need(file);
        std::string_view const json = first_value(text);
        fields state(json);
        account.id = state.text("account");
        account.name = state.text("name");
        auto const members = object_members(json);
        if (!state.good() || !members)
            fail(file, "no account");
        for (auto const& [name, value] : *members)
        {
            if (kind_of(value) != json_kind::object)
                continue;
            fields f(value);
            account.final_state.push_back(read_exchange(f));
            if (!f.good())
                fail(file, name + " is not a request with its response");
            if (name != "statistics")
                continue;
            auto const objects = array_items(member(account.final_state.back().response, "result"));
            fields statistics(objects && !objects->empty() ? objects->front() : std::string_view());
            account.total_ops = statistics.number("total_ops");
            account.removed_ops = statistics.number("removed_ops");
            if (!statistics.good())
                fail(file, "the statistics count no operations");
        }
        read_pages(folder, account);
        return account;
    }

    void read_pages(std::filesystem::path const& folder, recorded_account& account)
    {
        std::map<std::string, std::filesystem::path> files; // by the name without endings
        for (auto const& entry : std::filesystem::directory_iterator(folder))
        {
            std::string const name = entry.path().filename().string();
            if (std::size_t const end = name.rfind(".jsonl"); end != std::string::npos)
                files[name.substr(0, end)] = entry.path();
        }
        std::map<std::uint64_t, recorded_operation> operations;
        for (auto const& [name, file] : files)
        {
            std::string const text = need(file);
            for (auto const line : lines_of(text))
            {
                fields f(line);
                exchange e = read_exchange(f);
                std::string_view const result = member(e.response, "result");
                auto const items = array_items(
                    kind_of(result) == json_kind::object ? member(result, "operation_history_objs") : result);
                if (!f.good() || !items)
                    fail(file, "a page is not whole");
                for (auto const item : *items)
                {
                    auto op = operation(item, file);
                    auto const id = op.id;
                    auto const [at, added] = operations.try_emplace(id, std::move(op));
                    if (!added && at->second.json != item)
                        fail(file, "1.11." + std::to_string(id) + " differs from another page");
                }
                account.pages[name].push_back(std::move(e));
            }
        }
        for (auto& [id, op] : operations)
            account.operations.push_back(std::move(op));
        // With operations removed by the node, the sequence numbers of the others are not known.
        if (account.operations.size() != account.total_ops || account.removed_ops != 0)
            fail(folder, "the pages have " + std::to_string(account.operations.size()) + " of " +
                             std::to_string(account.total_ops) + " operations");
    }

    void read_calls()
    {
        if (!there("rpc.jsonl"))
            return;
        auto const file = recording_.directory / "rpc.jsonl";
        std::string const text = need(file);
        for (auto const line : lines_of(text))
        {
            fields f(line);
            exchange e;
            e.session = f.number("session");
            e.sequence = f.number("seq");
            if (!f.good())
                fail(file, "a line has no session");
            e.note = f.text("note", false);
            e.http = f.text("transport", false) == "http";
            e.http_method = f.text("http_method", false);
            e.http_status = f.number("status", false);
            e.request = f.text("request", false);
            e.response = f.text("response", false);
            e.kind = f.text("kind", false);
            // Opening and closing, binary frames and those too long to keep have no request; the pipeline is a list of frames.
            if (kind_of(f.raw("request", false)) == json_kind::string)
                recording_.calls.push_back(std::move(e));
            else if (e.kind == "pipeline")
                read_pipeline(f, e, file);
        }
    }

    void read_pipeline(fields& f, exchange const& like, std::filesystem::path const& file)
    {
        auto const requests = array_items(f.raw("requests"));
        auto const responses = array_items(f.raw("responses"));
        if (!requests || !responses || requests->size() != responses->size())
            fail(file, "the pipeline's requests and responses do not fit");
        for (std::size_t i = 0; i < requests->size(); ++i)
        {
            exchange e = like;
            e.request = string_value((*requests)[i]).value_or(std::string());
            e.response = string_value((*responses)[i]).value_or(std::string());
            e.kind = member(e.response, "error").empty() ? "ok" : "error";
            recording_.calls.push_back(std::move(e));
        }
    }

    static recorded_operation operation(std::string_view json, std::filesystem::path const& file)
    {
        auto op = read_recorded_operation(json);
        if (!op)
            fail(file, op.error().detail());
        return std::move(*op);
    }

    recording recording_;
};

struct gzip_closer
{
    void operator()(gzFile file) const noexcept { ::gzclose(file); }
};

} // namespace detail

BITSHARES_DECL result<std::string> read_recording_file(std::filesystem::path const& path)
{
    std::error_code ec;
    auto const file = std::filesystem::exists(path, ec) ? path : std::filesystem::path(path.string() + ".gz");
    if (!std::filesystem::is_regular_file(file, ec))
        return error(errc::file_error, path.string() + " is not there");
    // zlib reads what is not compressed as it is.
    std::unique_ptr<std::remove_pointer_t<gzFile>, detail::gzip_closer> const in(::gzopen(file.string().c_str(), "rb"));
    if (!in)
        return error(errc::file_error, file.string() + " cannot be read");
    ::gzbuffer(in.get(), 1 << 17);
    std::string text;
    for (;;)
    {
        constexpr std::size_t step = 1 << 18;
        std::size_t const size = text.size();
        text.resize(size + step);
        int const n = ::gzread(in.get(), text.data() + size, static_cast<unsigned>(step));
        text.resize(size + static_cast<std::size_t>(std::max(n, 0)));
        if (n > 0)
            continue;
        int code = Z_OK;
        ::gzerror(in.get(), &code); // Z_BUF_ERROR: cut short
        if (n < 0 || (code != Z_OK && code != Z_STREAM_END))
            return detail::damaged(file, "its compression is damaged");
        return text;
    }
}

BITSHARES_DECL result<recorded_operation> read_recorded_operation(std::string_view json)
{
    recorded_operation op;
    op.json = json;
    detail::fields f(json);
    auto const id = operation_history_id::from_string(f.text("id"));
    auto const time = time_point_sec::from_string(f.text("block_time"));
    auto const tagged = array_items(f.raw("op"));
    auto const tag = tagged && tagged->size() == 2 ? unsigned_value(tagged->front()) : std::nullopt;
    op.block = f.number32("block_num");
    op.transaction = f.number32("trx_in_block");
    if (!f.good() || !id || !time || !tag)
        return error(errc::invalid_recording, "an entry of a history is not whole: " + std::string(json.substr(0, 80)));
    op.id = id->instance;
    op.time = time->seconds;
    op.tag = static_cast<std::uint32_t>(*tag);
    return op;
}

BITSHARES_DECL result<recording> recording::load(std::filesystem::path const& directory)
{
    try
    {
        return detail::recording_reader(directory).read();
    }
    catch (exception const& e)
    {
        return e.error();
    }
    catch (std::filesystem::filesystem_error const& e)
    {
        return error(errc::file_error, e.what());
    }
}

BITSHARES_DECL recorded_account const* recording::account(std::string_view name_or_id) const noexcept
{
    for (auto const& account : accounts)
        if (account.name == name_or_id || account.id == name_or_id)
            return &account;
    return nullptr;
}

} // namespace testing
} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
