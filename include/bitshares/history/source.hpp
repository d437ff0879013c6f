#pragma once

#include <bitshares/history/completeness.hpp>
#include <bitshares/history/filter.hpp>
#include <bitshares/history/paging.hpp>
#include <bitshares/net/blocking_client.hpp>
#include <bitshares/net/http.hpp>
#include <bitshares/net/node_url.hpp>
#include <bitshares/net/transport.hpp>
#include <bitshares/protocol/json.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/** @file
    Where an account's history can be read, all in the same way: a node, Elasticsearch, its wrapper, a file.
*/

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/** Names a place where histories are.

    @li `ws://host/path`, `wss://...`: a node.
    @li `es+http://[user:password@]host:9200/path[?index=bitshares-*]`, `es+https://...`: Elasticsearch or OpenSearch with the
        documents of the plugin `elasticsearch`.
    @li `wrapper+http://host/path`, `wrapper+https://...`: a wrapper before it, of any family.
    @li `file:path`: an earlier export in the format `jsonl`, or documents of the plugin, one a line.

    Several servers of one cluster, or that have the same documents, stand behind each other with commas:
    `es+https://a:9200,https://b:9200`. A comma in a password is written `%2C`.
*/
class source_url
{
public:
    enum class kind_type : std::uint8_t
    {
        node,
        elasticsearch,
        wrapper,
        file
    };

    /// @throws exception `errc::invalid_url`, as @ref from_string.
    source_url(std::string_view text); // NOLINT(google-explicit-constructor): they are written as texts
    source_url(char const* text) : source_url(std::string_view(text)) {}        // NOLINT(google-explicit-constructor)
    source_url(std::string const& text) : source_url(std::string_view(text)) {} // NOLINT(google-explicit-constructor)

    /** Reads the text.

        @par Errors
        @li `errc::invalid_url`: the detail says what is wrong; it never repeats credentials.
    */
    BITSHARES_DECL static result<source_url> from_string(std::string_view text);

    kind_type kind() const noexcept { return kind_; }
    std::optional<node_url> const& node() const noexcept { return node_; }     ///< Of a node.
    std::vector<http_url> const& servers() const noexcept { return servers_; } ///< Of Elasticsearch or a wrapper.
    std::string const& index() const noexcept { return index_; }               ///< Of Elasticsearch.
    std::string const& path() const noexcept { return path_; }                 ///< Of a file.

    /// Without credentials: for people and logs.
    BITSHARES_DECL std::string to_string() const;

private:
    source_url() = default;

    kind_type kind_ = kind_type::file;
    std::optional<node_url> node_;
    std::vector<http_url> servers_;
    std::string index_;
    std::string path_;
};

inline source_url::source_url(std::string_view text) : source_url(from_string(text).value()) {}

/// Which part of an account's history is read, in which order, and how eagerly.
struct source_range
{
    history_order order = history_order::oldest_first; ///< Wrappers and files: only this.
    history_filter filter = {};
    std::optional<account_statistics_id> statistics =
        {};                               ///< Of the account, where it does not have its number. For nodes.
    std::uint32_t page_size = 0;          ///< Operations a request; 0: what suits the source.
    std::uint32_t requests_in_flight = 4; ///< Of nodes.
};

/** A history that is being read.

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe.
*/
class history_reader
{
public:
    history_reader() = default;
    history_reader(history_reader const&) = delete;
    history_reader& operator=(history_reader const&) = delete;
    virtual ~history_reader() = default;

    /** The next page, in order; it may be empty. False: the history is at its end.

        @throws exception The errors of the source; `errc::history_incomplete` where it knows that something is missing.
        @throws node_refused Of a node.
    */
    virtual bool next(std::vector<history_record>& page) = 0;

    /** What the source says that the account has; of one that does not count, the sequence number of the newest operation in
        the range. @pre A page was read, or there was none. */
    virtual history_count count() const = 0;

    /// Operations in the range that are to be checked; absent where the source does not know it.
    virtual std::optional<std::uint64_t> expected() const = 0;

    /// Operations that were read and checked, those included that the filter left out.
    virtual std::uint64_t checked() const = 0;

    /// @copydoc history_paging::surveyed
    virtual std::uint64_t surveyed() const { return 0; }

    /// @copydoc history_paging::uses_fallback
    virtual bool uses_fallback() const { return false; }

    /// Nothing says whose operations were read: a file in the format `jsonl` without the report beside it.
    virtual bool anonymous() const { return false; }
};

/** A place where histories are.

    @par Thread safety
    Safe from several threads; but destruction.
*/
class history_source
{
public:
    history_source() = default;
    history_source(history_source const&) = delete;
    history_source& operator=(history_source const&) = delete;
    virtual ~history_source() = default;

    /// @ref source_url::to_string, or what it was given as.
    virtual std::string const& name() const = 0;

    /** Begins to read an account's history. The source outlives the reader.

        @throws std::invalid_argument The range's order is not one that the source has.
        @throws exception `errc::file_error`: a file that cannot be read.
    */
    virtual std::unique_ptr<history_reader> read(account_id account, source_range range) = 0;

    /// Ends what is under way with `errc::cancelled`, also from another thread.
    virtual void close() = 0;
};

/// How sources are reached.
struct source_means
{
    transport_factory transports = {}; ///< For nodes; @ref websocket.
    client_options client = {};        ///< For nodes.
    http_factory http = {};            ///< For Elasticsearch and wrappers; @ref http_clients.
    std::string key_prefix = "BTS";    ///< Of keys in operations.
};

/** Opens a source. Nothing is asked before something is read.

    @throws std::invalid_argument The means for this kind of source are not there.
*/
BITSHARES_LAZY_DECL std::unique_ptr<history_source> open_source(source_url const& url, source_means const& means);

/// A node that is connected already. @param name For reports.
BITSHARES_LAZY_DECL std::unique_ptr<history_source> make_node_source(std::shared_ptr<blocking_client> node,
                                                                     std::string name);

/** A file: operations of the account, oldest first, one a line, in the format `jsonl` of @ref export_formats, or as documents
    of the plugin `elasticsearch` (bare, as hits with `_source`, or as the body of a `_bulk`). Documents of other accounts are
    passed over; of `jsonl`, which does not tell the account, the report beside the file has to be the account's, where it is
    there.

    @par Errors of reading
    @li `errc::invalid_recording`: a line that is none of that, or out of order; the detail has its number.
    @li `errc::file_error`: the file cannot be read, or is another account's.
*/
BITSHARES_LAZY_DECL std::unique_ptr<history_source> make_file_source(std::string path, std::string key_prefix = "BTS");

/** Reads one history out of several sources, oldest first: each fills the gaps of the ones before. What the first does not
    have at the beginning, in between or at the end, and all that is left when it fails, is asked of the next; but at the
    beginning of a range of ids or blocks.

    What no source has is left out: the sequence numbers show it. Where another source has to go on is found by times and
    sequence numbers, which all sources tell alike; ids each node counts for itself.
*/
class joined_history final : public history_reader
{
public:
    /** @param sources Outlive it. @pre At least one.
        @throws std::invalid_argument Newest first, of several sources. */
    BITSHARES_LAZY_DECL joined_history(std::vector<history_source*> sources, account_id account, source_range range)
        : impl_(make(std::move(sources), account, std::move(range)))
    {}

    /// @throws exception All sources failed; the error of the last one, with the details of all.
    bool next(std::vector<history_record>& page) override { return impl_->next(page); }
    history_count count() const override { return impl_->count(); }
    std::optional<std::uint64_t> expected() const override { return impl_->expected(); }
    std::uint64_t checked() const override { return impl_->checked(); }
    std::uint64_t surveyed() const override { return impl_->surveyed(); }
    bool uses_fallback() const override { return impl_->uses_fallback(); }
    /// @copydoc history_reader::anonymous So of any of the sources.
    bool anonymous() const override { return impl_->anonymous(); }

    /// What came from where, in the order of the sources.
    std::vector<history_part> const& parts() const { return impl_->parts; }

private:
    struct reader_with_parts : history_reader
    {
        std::vector<history_part> parts;
    };

    template <class>
    friend class joined_reader;
    BITSHARES_LAZY_DECL static std::unique_ptr<reader_with_parts> make(std::vector<history_source*> sources,
                                                                       account_id account, source_range range);

    std::unique_ptr<reader_with_parts> impl_;
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/history/source.ipp>
#endif
