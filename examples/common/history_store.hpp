#pragma once

#include <bitshares/base/result.hpp>
#include <bitshares/protocol/object_id.hpp>
#include <bitshares/protocol/time_point.hpp>
#include <bitshares/protocol/transaction.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/** @file
    Documents of the plugin `elasticsearch` in one file of SQLite: what `bts-es-feeder` writes and `bts-es-wrapper` answers
    from. One writer and any number of readers, of any number of programs, at the same time.
*/
namespace program {

/// The store cannot be read or written; the text names the file.
class store_failure : public std::runtime_error
{
    using std::runtime_error::runtime_error;
};

/// A question took longer than it may.
class store_timeout : public store_failure
{
    using store_failure::store_failure;
};

/// One operation in the history of one account.
struct stored_document
{
    bitshares::account_history_id id; ///< The document's `_id`.
    bitshares::account_id account;
    bitshares::operation_history_id operation;
    std::uint64_t sequence = 0;
    std::uint64_t operation_type = 0;
    std::uint32_t block_num = 0;
    bitshares::time_point_sec block_time;
    std::optional<bitshares::transaction_id> trx_id;
    std::string json; ///< The whole document, as the plugin writes it: what Elasticsearch has under `_source`.

    friend bool operator==(stored_document const&, stored_document const&) = default;
};

/** What a document's own members say of its place.

    @par Errors
    Those of @ref bitshares::from_json; `errc::missing_member` for what is no document of the plugin.
*/
bitshares::result<stored_document> read_stored_document(std::string json);

/// A name that was asked for and the store does not know, or a value that does not fit to it: the client's fault.
class bad_field : public std::runtime_error
{
    using std::runtime_error::runtime_error;
};

/** A member of the documents, to sort and count by: `operation_id_num`, `block_data.block_time`,
    `operation_history.op_object.fee.asset_id.keyword` ...

    An id is ordered by its number, where Elasticsearch orders it as text.
*/
class document_field
{
public:
    /// @param name With or without `.keyword`. @throws bad_field No document has such a member.
    explicit document_field(std::string_view name);

    /// Without `.keyword`.
    std::string const& name() const noexcept { return name_; }

    /// What Elasticsearch sorts and counts by; of members without a column of the store, as it was given.
    std::string elasticsearch_name() const { return keyword_ ? name_ + ".keyword" : name_; }

    /// Its values are texts, for Elasticsearch; times are not.
    bool is_text() const noexcept { return keyword_; }

    bool is_time() const noexcept { return kind_ == kind::time; }

    friend bool operator==(document_field const&, document_field const&) = default;

private:
    friend class history_store;

    enum class kind : std::uint8_t
    {
        number,
        time,        // seconds; told in milliseconds
        id,          // a number; told with its space and type
        transaction, // 20 bytes; told in hexadecimal
        member       // of the document itself
    };

    std::string name_;
    kind kind_ = kind::member;
    bool keyword_ = false;
    char const* column_ = nullptr;
    char const* prefix_ = "";         // of an id
    bool ascends_ = false;            // with the operations' ids
    bool ascends_of_account_ = false; // the same, in the history of one account
    bool unique_of_account_ = false;
};

struct document_sort
{
    document_field field;
    bool descending = false;

    friend bool operator==(document_sort const&, document_sort const&) = default;
};

/// An object that the operation names in one of its members, or its result.
struct document_mention
{
    std::string id;     ///< `1.3.121`
    std::string member; ///< What the path to it in the operation is like: `*asset*`, a star for anything.

    friend bool operator==(document_mention const&, document_mention const&) = default;
};

/// Which documents.
struct document_filter
{
    std::optional<bitshares::account_id> account = {};
    std::optional<std::uint64_t> operation_type = {};
    bitshares::time_point_sec from = {};                                 ///< The first time.
    bitshares::time_point_sec to = bitshares::time_point_sec::maximum(); ///< The last time.
    std::vector<document_mention> mentions = {};                         ///< All of them.

    friend bool operator==(document_filter const&, document_filter const&) = default;
};

/** Which documents, in which order, and which part of them. What is equal by `sort` follows in the order of the operations'
    ids, in the direction of the first field: the same question has the same answer. */
struct document_search
{
    document_filter filter = {};
    std::vector<document_sort> sort = {};
    std::vector<std::string> after = {}; ///< A value for each field of `sort`: only what is behind. Empty: all.
    std::uint64_t from = 0;              ///< Documents to leave out.
    std::uint64_t size = 10;

    friend bool operator==(document_search const&, document_search const&) = default;
};

/// How many documents have a value.
struct document_bucket
{
    std::string key;     ///< As JSON.
    std::string as_text; ///< Of a time: the same, for people. Otherwise empty.
    std::uint64_t count = 0;

    friend bool operator==(document_bucket const&, document_bucket const&) = default;
};

/// The newest block of which there is a document.
struct store_head
{
    std::uint32_t block_num = 0;
    bitshares::time_point_sec block_time;

    friend bool operator==(store_head const&, store_head const&) = default;
};

/** The store.

    That ids of operations, their blocks and their times ascend together is the chain's law; orders and ranges rely on it.

    @par Thread safety
    One thread at a time; another thread opens the file for itself.
    @par Exception safety
    All functions throw @ref store_failure, and then nothing was changed.
*/
class history_store
{
public:
    enum class mode : std::uint8_t
    {
        read, ///< The file has to be there.
        write ///< It is made where it is not there. One writer at a time; a second one waits up to five seconds.
    };

    history_store(std::string path, mode how);
    ~history_store();

    history_store(history_store&&) noexcept;
    history_store& operator=(history_store&&) noexcept;

    /** Writes documents, all or none, and with them what @ref checkpoint tells. One with an id that is there takes its place,
        so that doing it again changes nothing. Returns how many were new or different.

        @pre Each `json` is valid JSON.
    */
    std::size_t add(std::span<stored_document const> documents,
                    std::span<std::pair<std::string, std::string> const> checkpoints = {});

    /// A text that the writer keeps: how far it is.
    std::optional<std::string> checkpoint(std::string_view key);
    void set_checkpoint(std::string_view key, std::string_view value);

    /// The largest id of a document; absent where there is none.
    std::optional<bitshares::account_history_id> last_account_history_id();

    /// Absent where there is no document.
    std::optional<store_head> head();

    /// Up to now on, a question that takes longer throws @ref store_timeout. 0: as long as it takes, as in the beginning.
    void set_time_limit(std::chrono::milliseconds limit);

    /// Calls `use` with the JSON of each document, in order. @throws bad_field A value of `after` does not fit.
    template <class Use>
    void search(document_search const& what, Use&& use)
    {
        search_documents(
            what, [](void* f, std::string_view json) { (*static_cast<Use*>(f))(json); }, std::addressof(use));
    }

    /// The documents of a transaction, by the operations' ids.
    template <class Use>
    void transaction(bitshares::transaction_id const& id, std::uint64_t from, std::uint64_t size, Use&& use)
    {
        search_transaction(
            id, from, size, [](void* f, std::string_view json) { (*static_cast<Use*>(f))(json); }, std::addressof(use));
    }

    /// A document of the operation: of the account that it was written for first.
    std::optional<std::string> operation(bitshares::operation_history_id id);

    /// The `size` values that most documents have, and then by value; documents without one do not count.
    std::vector<document_bucket> count(document_filter const& filter, document_field const& field, std::uint64_t size);

    std::string const& path() const noexcept;

private:
    using use_function = void (*)(void* use, std::string_view json);

    void search_documents(document_search const& what, use_function use, void* with);
    void search_transaction(bitshares::transaction_id const& id, std::uint64_t from, std::uint64_t size,
                            use_function use, void* with);

    struct implementation;
    std::unique_ptr<implementation> impl_;
};

} // namespace program
