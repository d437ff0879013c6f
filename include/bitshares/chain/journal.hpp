#pragma once

#include <bitshares/chain/outcome.hpp>
#include <bitshares/protocol/network.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// The stages of writing a record, for tests that end the process there.
enum class journal_stage : std::uint8_t
{
    begin,   ///< Nothing of the record is in the file.
    torn,    ///< Half of it is.
    written, ///< All of it is, but it may be lost with the machine.
    durable  ///< It is on the disk.
};

/// How a @ref tx_journal works. Each setter returns the options, so that they chain.
class journal_options
{
public:
    using observer = std::function<void(tx_state, journal_stage)>;

    journal_options() = default;

    /// Called at every stage of every record. For tests; default: nobody.
    journal_options& observe(observer o)
    {
        observer_ = std::move(o);
        return *this;
    }

    /** Whether a file that is not there, or is empty, is a journal to begin. Default: yes.

        A program that is run again and again says no in every run but its first: a wrong path, or a folder that is not
        mounted, would otherwise be a memory that has forgotten everything, and all would be paid once more.
    */
    journal_options& may_begin(bool on)
    {
        may_begin_ = on;
        return *this;
    }

    observer const& observed_by() const noexcept { return observer_; }
    bool may_begin() const noexcept { return may_begin_; }

private:
    observer observer_;
    bool may_begin_ = true;
};

/** Remembers on disk which transaction stands for which intent, so that nothing is done twice and no outcome is lost, also when
    the process or the machine dies at any moment.

    An intent has a key, which its owner gives it once and for ever: the number of a withdrawal, of an invoice. Under it the
    signed bytes are recorded before they are sent for the first time, and from then on only these bytes are sent, until it
    is proven that they can never be included. States, each recorded when it is reached (see @ref tx_state):
    @li `prepared`: the bytes. Nothing was sent.
    @li `sending`: from here on they may have been sent. After a crash they are looked for in the chain and sent again.
    @li `accepted`: a node has them.
    @li `included`: in a block; not an end, a fork can undo it.
    @li `irreversible`: done. The key can never be used again.
    @li `refused`, `expired`: done, and not in the chain. Another transaction may be tried under the key.

    The file only grows: a line for each record, checksum and JSON, synchronised with the disk before the function returns. A
    last line that is not whole is what a crash left; whoever wrote it never got further, and it is dropped. Anything else
    that is not as it was written is an error. One process at a time has it open.

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe.
*/
class tx_journal
{
public:
    /// What is known of an intent.
    struct entry
    {
        chain_id_type chain_id;
        transaction_id id;
        bytes packed; ///< The signed transaction.
        tx_state state = tx_state::prepared;
        std::uint32_t block_num = 0; ///< As in @ref tx_outcome.
        std::uint32_t trx_num = 0;
        std::optional<node_error> refusal;
        std::uint32_t attempts = 0; ///< Transactions prepared so far, this one included.
    };
    using entries_type = std::map<std::string, entry, std::less<>>;

    /** Opens a journal, or begins one.

        @par Errors
        @li `errc::file_error`: it cannot be read or written; or it is not there, or empty, and must not be begun (see
            @ref journal_options::may_begin).
        @li `errc::journal_in_use`: another process has it open.
        @li `errc::journal_damaged`: a record is not as it was written, and it is not the last; the detail names the line.
        @li `errc::unknown_format`: the file is something else, or of a later version.
    */
    BITSHARES_LAZY_DECL static result<tx_journal> open(std::string const& file, journal_options options = {});

    BITSHARES_DECL tx_journal(tx_journal&&) noexcept;
    BITSHARES_DECL tx_journal& operator=(tx_journal&&) noexcept;
    BITSHARES_DECL ~tx_journal();

    /// All intents ever, by their keys.
    BITSHARES_DECL entries_type const& entries() const noexcept;

    /// An intent; null where there is none of this key.
    BITSHARES_DECL entry const* find(std::string_view key) const;

    /** Records the transaction that shall stand for an intent. Nothing may be sent before this returns.

        Where the key has this transaction already, nothing changes.
        @par Errors
        @li `errc::journal_conflict`: the key has another transaction, and it is not proven that this can never be
            included; or it is irreversible; or it is of another chain. Or another key has this very transaction: two
            payments of the same amount to the same account need different expirations.
        @li `errc::wrong_chain`: the chain id is all zeros, as of a client that was not told one.
        @li `errc::file_error`: it is not recorded. The journal takes no more records until it is opened again.
        @li As @ref pack.
    */
    BITSHARES_LAZY_DECL result<void> prepare(std::string_view key, chain_id_type const& chain_id,
                                             signed_transaction const& tx)
    {
        auto packed = pack(tx);
        auto const id = id_of(tx);
        if (!packed || !id)
            return packed ? id.error() : packed.error();
        return prepare(key, chain_id, *id, std::move(*packed));
    }

    /// As above, of the signed bytes.
    BITSHARES_LAZY_DECL result<void> prepare(std::string_view key, chain_id_type const& chain_id,
                                             transaction_id const& id, bytes packed);

    /** Records how far an intent has come. @pre It was prepared.

        @par Errors
        @li `errc::file_error`, as above.
    */
    BITSHARES_LAZY_DECL result<void> record(std::string_view key, tx_state state, tx_outcome const& outcome);

    /// Of a file that was cut: how many bytes of a last record were dropped when it was opened.
    BITSHARES_DECL std::size_t dropped() const noexcept;

private:
    struct state;

    BITSHARES_DECL explicit tx_journal(std::unique_ptr<state> s);

    std::unique_ptr<state> state_;
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/chain/journal.ipp>
#endif
