#include "history_store.hpp"

#include <bitshares/base/hex.hpp>
#include <bitshares/protocol/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <map>
#include <sqlite3.h>
#include <variant>

namespace program {

using namespace bitshares;

namespace {

// What stands in the file's head: "BtsH".
constexpr int application_id = 0x42747348;
constexpr int layout_version = 1;

// An index serves who sorts and filters without a look at the documents themselves.
constexpr char layout[] = R"(
CREATE TABLE document (
    id INTEGER PRIMARY KEY,
    account INTEGER NOT NULL,
    operation INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    type INTEGER NOT NULL,
    block INTEGER NOT NULL,
    time INTEGER NOT NULL,
    trx BLOB,
    json TEXT NOT NULL
) STRICT;
CREATE INDEX by_account ON document (account, operation, time, type);
CREATE INDEX by_operation ON document (operation, time, type);
CREATE INDEX by_time ON document (time, operation);
CREATE INDEX by_trx ON document (trx, operation) WHERE trx IS NOT NULL;
CREATE TABLE checkpoint (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
)";

struct raw_account_history
{
    std::optional<account_history_id> id;
    std::optional<account_id> account;
    std::optional<operation_history_id> operation_id;
    std::optional<std::uint64_t> sequence;

    BITSHARES_FIELDS((id), (account), (operation_id), (sequence))
};

struct raw_block_data
{
    std::optional<std::uint32_t> block_num;
    std::optional<time_point_sec> block_time;
    std::optional<std::string> trx_id;

    BITSHARES_FIELDS((block_num), (block_time), (trx_id))
};

struct raw_document
{
    std::optional<raw_account_history> account_history;
    std::optional<std::uint64_t> operation_type;
    std::optional<raw_block_data> block_data;

    BITSHARES_FIELDS((account_history), (operation_type), (block_data))
};

std::int64_t signed_of(std::uint64_t number)
{
    return static_cast<std::int64_t>(std::min<std::uint64_t>(number, std::numeric_limits<std::int64_t>::max()));
}

template <class Integer>
std::optional<Integer> read_number(std::string_view text)
{
    Integer value = 0;
    auto const read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size())
        return std::nullopt;
    return value;
}

std::optional<transaction_id> read_transaction_id(std::string_view hex)
{
    transaction_id id;
    if (hex.size() != 2 * id.data.size() || !bitshares::detail::read_hex(hex, id.data.data()))
        return std::nullopt;
    return id;
}

} // namespace

result<stored_document> read_stored_document(std::string json)
{
    auto const raw = from_json<raw_document>(json);
    if (!raw)
        return raw.error();
    auto const missing = [](char const* path) { return error(errc::missing_member, path); };
    if (!raw->account_history)
        return missing("/account_history");
    auto const& account = *raw->account_history;
    if (!account.id || !account.account || !account.operation_id || !account.sequence)
        return missing("/account_history/{id,account,operation_id,sequence}");
    if (!raw->operation_type)
        return missing("/operation_type");
    if (!raw->block_data || !raw->block_data->block_num || !raw->block_data->block_time)
        return missing("/block_data/{block_num,block_time}");
    stored_document d;
    d.id = *account.id;
    d.account = *account.account;
    d.operation = *account.operation_id;
    d.sequence = *account.sequence;
    d.operation_type = *raw->operation_type;
    d.block_num = *raw->block_data->block_num;
    d.block_time = *raw->block_data->block_time;
    if (auto const& trx = raw->block_data->trx_id; trx && !trx->empty())
    {
        d.trx_id = read_transaction_id(*trx);
        if (!d.trx_id)
            return error(errc::invalid_hex, "/block_data/trx_id: not 40 digits");
    }
    d.json = std::move(json);
    return d;
}

document_field::document_field(std::string_view name)
{
    if (name.ends_with(".keyword"))
    {
        name.remove_suffix(8);
        keyword_ = true;
    }
    struct known_field
    {
        std::string_view name;
        kind what;
        char const* column;
        char const* prefix;
        bool ascends;
        bool ascends_of_account;
        bool unique_of_account;
    };
    static constexpr known_field known[] = {
        {"operation_id_num", kind::number, "operation", "", true, true, true},
        {"block_data.block_time", kind::time, "time", "", true, true, false},
        {"block_data.block_num", kind::number, "block", "", true, true, false},
        {"account_history.sequence", kind::number, "sequence", "", false, true, true},
        {"account_history.operation_id", kind::id, "operation", "1.11.", true, true, true},
        {"account_history.id", kind::id, "id", "2.9.", true, true, true},
        {"account_history.account", kind::id, "account", "1.2.", false, false, false},
        {"operation_type", kind::number, "type", "", false, false, false},
        {"block_data.trx_id", kind::transaction, "trx", "", false, false, false},
    };
    name_ = std::string(name);
    for (auto const& field : known)
        if (field.name == name)
        {
            kind_ = field.what;
            keyword_ = kind_ == kind::id || kind_ == kind::transaction;
            column_ = field.column;
            prefix_ = field.prefix;
            ascends_ = field.ascends;
            ascends_of_account_ = field.ascends_of_account;
            unique_of_account_ = field.unique_of_account;
            return;
        }
    // Elasticsearch would say the same of a name that is in no document.
    bool const plain = name.size() <= 200 && !name.ends_with('.') && name.find("..") == name.npos &&
                       std::all_of(name.begin(), name.end(), [](char c) {
                           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                                  c == '_' || c == '.' || c == '-';
                       });
    if (!plain || !(name.starts_with("operation_history.") || name.starts_with("additional_data.") ||
                    name == "account_history.next"))
        throw bad_field("no document has a member '" + std::string(name.substr(0, 200)) + "'");
}

struct history_store::implementation
{
    using statement = std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)>;
    using clock = std::chrono::steady_clock;

    std::string path;
    std::unique_ptr<sqlite3, decltype(&sqlite3_close)> db{nullptr, &sqlite3_close};
    std::map<std::string, statement, std::less<>> statements; // goes before db
    std::chrono::milliseconds limit{0};
    clock::time_point deadline;

    [[noreturn]] void fail(int code) const
    {
        if (code == SQLITE_INTERRUPT)
            throw store_timeout(path + ": the question takes longer than " + std::to_string(limit.count()) + " ms");
        std::string const why = db ? sqlite3_errmsg(db.get()) : sqlite3_errstr(code);
        throw store_failure(path + ": " + why + " (SQLite " + std::to_string(code) + ")");
    }
    void check(int code) const
    {
        if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW)
            fail(code);
    }

    void execute(char const* sql) const { check(sqlite3_exec(db.get(), sql, nullptr, nullptr, nullptr)); }

    int pragma(char const* name)
    {
        run const r(*this, std::string("PRAGMA ") + name);
        return r.step() ? static_cast<int>(r.number(0)) : 0;
    }

    // One execution of a statement, which is compiled once for all of them.
    class run
    {
    public:
        run(implementation& store, std::string const& sql) : store_(store)
        {
            if (auto const it = store.statements.find(sql); it != store.statements.end())
                statement_ = it->second.get();
            else
            {
                // Strangers' lists of fields make many different ones.
                if (store.statements.size() >= 64)
                    store.statements.clear();
                store.check(sqlite3_prepare_v3(store.db.get(), sql.data(), static_cast<int>(sql.size()),
                                               SQLITE_PREPARE_PERSISTENT, &statement_, nullptr));
                store.statements.emplace(sql, statement(statement_, &sqlite3_finalize));
            }
            store.deadline = clock::now() + store.limit;
        }
        ~run()
        {
            sqlite3_reset(statement_);
            sqlite3_clear_bindings(statement_);
        }
        run(run const&) = delete;
        run& operator=(run const&) = delete;

        run& bind(std::int64_t value)
        {
            store_.check(sqlite3_bind_int64(statement_, ++bound_, value));
            return *this;
        }
        // Outlives the run.
        run& bind(std::string_view text)
        {
            store_.check(
                sqlite3_bind_text64(statement_, ++bound_, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8));
            return *this;
        }
        run& bind(std::optional<transaction_id> const& id)
        {
            if (!id)
                store_.check(sqlite3_bind_null(statement_, ++bound_));
            else
                store_.check(
                    sqlite3_bind_blob64(statement_, ++bound_, id->data.data(), id->data.size(), SQLITE_STATIC));
            return *this;
        }

        bool step() const
        {
            int const code = sqlite3_step(statement_);
            store_.check(code);
            return code == SQLITE_ROW;
        }

        int type(int column) const { return sqlite3_column_type(statement_, column); }
        std::int64_t number(int column) const { return sqlite3_column_int64(statement_, column); }
        std::string_view text(int column) const
        {
            auto const* const data = static_cast<char const*>(sqlite3_column_blob(statement_, column));
            return data ? std::string_view(data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)))
                        : std::string_view();
        }

    private:
        implementation& store_;
        sqlite3_stmt* statement_ = nullptr;
        int bound_ = 0;
    };

    // Undone where it is not committed.
    class transaction
    {
    public:
        explicit transaction(implementation& store) : store_(store) { store.execute("BEGIN IMMEDIATE"); }
        ~transaction()
        {
            if (open_)
                sqlite3_exec(store_.db.get(), "ROLLBACK", nullptr, nullptr, nullptr);
        }
        transaction(transaction const&) = delete;
        transaction& operator=(transaction const&) = delete;

        void commit()
        {
            store_.execute("COMMIT");
            open_ = false;
        }

    private:
        implementation& store_;
        bool open_ = true;
    };

    // A condition with its values, as they are bound one after the other.
    using value = std::variant<std::int64_t, std::string, transaction_id>;
    struct condition
    {
        std::string sql;
        std::vector<value> values;
    };

    static std::string member_path(document_field const& field)
    {
        std::string path = "$";
        std::string_view rest = field.name_;
        while (!rest.empty())
        {
            std::string_view const part = rest.substr(0, rest.find('.'));
            rest.remove_prefix(std::min(part.size() + 1, rest.size()));
            path.append(".\"").append(part).append("\"");
        }
        return path;
    }

    static void add_expression(condition& c, document_field const& field)
    {
        if (field.column_)
            c.sql += field.column_;
        else
        {
            c.sql += "json_extract(json, ?)";
            c.values.emplace_back(member_path(field));
        }
    }

    // The fields from `first` on have the order of the operations' ids, by the chain's law.
    static bool as_operations(document_search const& what, std::size_t first)
    {
        for (std::size_t i = first; i < what.sort.size(); ++i)
        {
            auto const& [field, descending] = what.sort[i];
            bool const ascends = field.ascends_ || (what.filter.account && field.ascends_of_account_);
            if (!ascends || descending != what.sort.front().descending)
                return false;
            if (what.filter.account && field.unique_of_account_)
                break;
        }
        return true;
    }

    // The first operation of a time, by the chain's law; none is behind all.
    std::int64_t first_operation(time_point_sec time)
    {
        if (time.seconds == 0)
            return 0;
        run r(*this,
              "SELECT operation FROM document INDEXED BY by_time WHERE time >= ? ORDER BY time, operation LIMIT 1");
        r.bind(std::int64_t{time.seconds});
        return r.step() ? r.number(0) : std::numeric_limits<std::int64_t>::max();
    }

    condition where(document_filter const& filter)
    {
        condition c;
        c.sql = " FROM document INDEXED BY ";
        if (filter.account)
        {
            c.sql += "by_account WHERE account = ? AND ";
            c.values.emplace_back(signed_of(filter.account->instance));
        }
        else
            c.sql += "by_operation WHERE ";
        c.sql += "operation >= ? AND time BETWEEN ? AND ?";
        c.values.emplace_back(first_operation(filter.from));
        c.values.emplace_back(std::int64_t{filter.from.seconds});
        c.values.emplace_back(std::int64_t{filter.to.seconds});
        if (filter.to != time_point_sec::maximum())
        {
            c.sql += " AND operation < ?";
            c.values.emplace_back(first_operation({filter.to.seconds + 1}));
        }
        if (filter.operation_type)
        {
            c.sql += " AND type = ?";
            c.values.emplace_back(signed_of(*filter.operation_type));
        }
        for (document_mention const& mention : filter.mentions)
        {
            // Few documents have the text at all: only those are looked into, as an object or in the plugin's other variant.
            c.sql += " AND instr(json, ?) AND (instr(json_extract(json, '$.operation_history.operation_result'), ?) "
                     "OR EXISTS (SELECT 1 FROM json_tree(coalesce("
                     "json_extract(document.json, '$.operation_history.op_object'), "
                     "nullif(json_extract(document.json, '$.operation_history.op'), ''), 'null')) "
                     "WHERE atom = ? AND fullkey GLOB ?))";
            c.values.emplace_back(mention.id);
            c.values.emplace_back('"' + mention.id + '"');
            c.values.emplace_back(mention.id);
            c.values.emplace_back(mention.member);
        }
        return c;
    }

    static value after_value(document_field const& field, std::string const& text)
    {
        auto const bad = [&] { return bad_field("search_after: '" + text.substr(0, 100) + "' is no " + field.name()); };
        switch (field.kind_)
        {
        case document_field::kind::number:
        case document_field::kind::id:
        {
            std::string_view digits = text;
            if (digits.starts_with(field.prefix_))
                digits.remove_prefix(std::string_view(field.prefix_).size());
            if (auto const number = read_number<std::int64_t>(digits))
                return *number;
            throw bad();
        }
        case document_field::kind::time:
            if (auto const milliseconds = read_number<std::int64_t>(text))
                return *milliseconds / 1000;
            if (auto const time = time_point_sec::from_string(std::string_view(text).substr(0, 19)))
                return std::int64_t{time->seconds};
            throw bad();
        case document_field::kind::transaction:
            if (auto const id = read_transaction_id(text))
                return *id;
            throw bad();
        case document_field::kind::member: break;
        }
        if (auto const number = read_number<std::int64_t>(text))
            return *number;
        return text;
    }

    // What is behind the values, read as the words of a dictionary.
    static void add_after(condition& c, document_search const& what)
    {
        if (what.after.size() != what.sort.size())
            throw bad_field("search_after has " + std::to_string(what.after.size()) + " values, sort_by has " +
                            std::to_string(what.sort.size()) + " fields");
        // The first field alone bounds what the index has to be read for.
        auto const& first = what.sort.front();
        c.sql += " AND ";
        add_expression(c, first.field);
        c.sql += first.descending ? " <= ?" : " >= ?";
        c.values.push_back(after_value(first.field, what.after.front()));
        c.sql += " AND (";
        for (std::size_t last = 0; last < what.sort.size(); ++last)
        {
            c.sql += last == 0 ? "(" : " OR (";
            for (std::size_t i = 0; i <= last; ++i)
            {
                auto const& s = what.sort[i];
                c.sql += i == 0 ? "" : " AND ";
                add_expression(c, s.field);
                c.sql += i < last ? " = ?" : s.descending ? " < ?" : " > ?";
                c.values.push_back(after_value(s.field, what.after[i]));
            }
            c.sql += ')';
        }
        c.sql += ')';
    }

    static void bind(run& r, condition const& c)
    {
        for (auto const& v : c.values)
            std::visit([&r](auto const& one) { bind_one(r, one); }, v);
    }
    static void bind_one(run& r, std::int64_t v) { r.bind(v); }
    static void bind_one(run& r, std::string const& v) { r.bind(std::string_view(v)); }
    static void bind_one(run& r, transaction_id const& v) { r.bind(std::optional(v)); }
};

namespace {

int on_progress(void* deadline)
{
    return std::chrono::steady_clock::now() > *static_cast<std::chrono::steady_clock::time_point const*>(deadline);
}

} // namespace

history_store::history_store(std::string path, mode how) : impl_(std::make_unique<implementation>())
{
    impl_->path = std::move(path);
    sqlite3* db = nullptr;
    int const flags = how == mode::read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    int const opened =
        sqlite3_open_v2(impl_->path.c_str(), &db, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    impl_->db.reset(db);
    impl_->check(opened);
    sqlite3_busy_timeout(db, 5000);
    // A file that somebody else made is no reason to trust it.
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    if (how == mode::write)
    {
        impl_->execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
        implementation::transaction all(*impl_);
        if (impl_->pragma("application_id") == 0 && impl_->pragma("schema_version") == 0)
        {
            impl_->execute(layout);
            impl_->execute(("PRAGMA application_id = " + std::to_string(application_id) +
                            "; PRAGMA user_version = " + std::to_string(layout_version))
                               .c_str());
        }
        all.commit();
    }
    else
        impl_->execute("PRAGMA query_only = 1; PRAGMA cache_size = -16000");
    if (impl_->pragma("application_id") != application_id)
        throw store_failure(impl_->path + ": this is no store of histories");
    if (int const version = impl_->pragma("user_version"); version != layout_version)
        throw store_failure(impl_->path + ": its layout is of version " + std::to_string(version) +
                            ", this program knows version " + std::to_string(layout_version));
}

history_store::~history_store() = default;
history_store::history_store(history_store&&) noexcept = default;
history_store& history_store::operator=(history_store&&) noexcept = default;

std::string const& history_store::path() const noexcept
{
    return impl_->path;
}

void history_store::set_time_limit(std::chrono::milliseconds limit)
{
    impl_->limit = limit;
    bool const limited = limit.count() > 0;
    sqlite3_progress_handler(impl_->db.get(), limited ? 2000 : 0, limited ? on_progress : nullptr, &impl_->deadline);
}

std::size_t history_store::add(std::span<stored_document const> documents,
                               std::span<std::pair<std::string, std::string> const> checkpoints)
{
    static std::string const sql =
        "INSERT INTO document (id, account, operation, sequence, type, block, time, trx, json) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
        "account = excluded.account, operation = excluded.operation, "
        "sequence = excluded.sequence, type = excluded.type, block = excluded.block, "
        "time = excluded.time, trx = excluded.trx, json = excluded.json "
        "WHERE json <> excluded.json";
    implementation::transaction all(*impl_);
    std::size_t written = 0;
    for (stored_document const& d : documents)
    {
        implementation::run r(*impl_, sql);
        r.bind(signed_of(d.id.instance)).bind(signed_of(d.account.instance)).bind(signed_of(d.operation.instance));
        r.bind(signed_of(d.sequence)).bind(signed_of(d.operation_type)).bind(std::int64_t{d.block_num});
        r.bind(std::int64_t{d.block_time.seconds}).bind(d.trx_id).bind(std::string_view(d.json));
        r.step();
        written += static_cast<std::size_t>(sqlite3_changes(impl_->db.get()));
    }
    for (auto const& [key, text] : checkpoints)
        set_checkpoint(key, text);
    all.commit();
    return written;
}

std::optional<std::string> history_store::checkpoint(std::string_view key)
{
    implementation::run r(*impl_, "SELECT value FROM checkpoint WHERE key = ?");
    r.bind(key);
    return r.step() ? std::optional(std::string(r.text(0))) : std::nullopt;
}

void history_store::set_checkpoint(std::string_view key, std::string_view value)
{
    implementation::run r(*impl_, "INSERT INTO checkpoint (key, value) VALUES (?, ?) "
                                  "ON CONFLICT (key) DO UPDATE SET value = excluded.value");
    r.bind(key).bind(value).step();
}

std::optional<account_history_id> history_store::last_account_history_id()
{
    implementation::run const r(*impl_, "SELECT id FROM document ORDER BY id DESC LIMIT 1");
    if (!r.step())
        return std::nullopt;
    return account_history_id(static_cast<std::uint64_t>(r.number(0)));
}

std::optional<store_head> history_store::head()
{
    implementation::run const r(*impl_, "SELECT block, time FROM document INDEXED BY by_time WHERE time >= 0 "
                                        "ORDER BY time DESC, operation DESC LIMIT 1");
    if (!r.step())
        return std::nullopt;
    return store_head{static_cast<std::uint32_t>(r.number(0)), {static_cast<std::uint32_t>(r.number(1))}};
}

void history_store::search_documents(document_search const& what, use_function use, void* with)
{
    auto c = impl_->where(what.filter);
    c.sql.insert(0, "SELECT json");
    if (!what.after.empty() && !what.sort.empty())
        implementation::add_after(c, what);
    c.sql += " ORDER BY ";
    char const* direction = " ASC";
    if (!what.sort.empty())
        direction = what.sort.front().descending ? " DESC" : " ASC";
    for (std::size_t i = 0; i < what.sort.size() && !implementation::as_operations(what, i); ++i)
    {
        implementation::add_expression(c, what.sort[i].field);
        c.sql += what.sort[i].descending ? " DESC, " : " ASC, ";
    }
    c.sql.append("operation").append(direction).append(", id").append(direction).append(" LIMIT ? OFFSET ?");
    c.values.emplace_back(signed_of(what.size));
    c.values.emplace_back(signed_of(what.from));
    implementation::run r(*impl_, c.sql);
    implementation::bind(r, c);
    while (r.step())
        use(with, r.text(0));
}

void history_store::search_transaction(transaction_id const& id, std::uint64_t from, std::uint64_t size,
                                       use_function use, void* with)
{
    implementation::run r(*impl_, "SELECT json FROM document INDEXED BY by_trx WHERE trx = ? "
                                  "ORDER BY operation, id LIMIT ? OFFSET ?");
    std::optional const trx(id);
    r.bind(trx).bind(signed_of(size)).bind(signed_of(from));
    while (r.step())
        use(with, r.text(0));
}

std::optional<std::string> history_store::operation(operation_history_id id)
{
    implementation::run r(*impl_,
                          "SELECT json FROM document INDEXED BY by_operation WHERE operation = ? ORDER BY id LIMIT 1");
    r.bind(signed_of(id.instance));
    return r.step() ? std::optional(std::string(r.text(0))) : std::nullopt;
}

std::vector<document_bucket> history_store::count(document_filter const& filter, document_field const& field,
                                                  std::uint64_t size)
{
    implementation::condition c;
    c.sql = "SELECT ";
    implementation::add_expression(c, field);
    c.sql += " AS value, count(*) AS documents";
    auto w = impl_->where(filter);
    c.sql += w.sql;
    c.values.insert(c.values.end(), w.values.begin(), w.values.end());
    if (!field.column_)
    {
        c.sql += " AND json_type(json, ?) NOT IN ('null', 'array', 'object')";
        c.values.emplace_back(implementation::member_path(field));
    }
    else
        c.sql.append(" AND ").append(field.column_).append(" IS NOT NULL");
    c.sql += " GROUP BY value ORDER BY documents DESC, value LIMIT ?";
    c.values.emplace_back(signed_of(size));
    implementation::run r(*impl_, c.sql);
    implementation::bind(r, c);
    std::vector<document_bucket> buckets;
    while (r.step())
    {
        document_bucket b;
        b.count = static_cast<std::uint64_t>(r.number(1));
        switch (field.kind_)
        {
        case document_field::kind::number: b.key = std::to_string(r.number(0)); break;
        case document_field::kind::time:
            b.key = std::to_string(r.number(0) * 1000);
            b.as_text = time_point_sec{static_cast<std::uint32_t>(r.number(0))}.to_string() + ".000Z";
            break;
        case document_field::kind::id: b.key = json_quote(field.prefix_ + std::to_string(r.number(0))); break;
        case document_field::kind::transaction:
        {
            std::string_view const bytes = r.text(0);
            b.key = json_quote(to_hex({reinterpret_cast<std::uint8_t const*>(bytes.data()), bytes.size()}));
            break;
        }
        case document_field::kind::member:
            b.key = r.type(0) == SQLITE_TEXT ? json_quote(r.text(0)) : std::string(r.text(0));
            break;
        }
        buckets.push_back(std::move(b));
    }
    return buckets;
}

} // namespace program
