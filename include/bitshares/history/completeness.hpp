#pragma once

#include <bitshares/base/hash.hpp>
#include <bitshares/base/reflect.hpp>
#include <bitshares/history/paging.hpp>
#include <bitshares/history/record.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

/// An operation beside something that is wrong.
struct history_neighbour
{
    std::uint64_t sequence = 0;
    operation_history_id id;
    std::uint32_t block_num = 0;

    friend bool operator==(history_neighbour const&, history_neighbour const&) = default;

    BITSHARES_FIELDS((sequence), (id), (block_num))
};

/// Operations that are not there.
struct history_gap
{
    std::uint64_t first = 0;                 ///< The lowest sequence number that is missing.
    std::uint64_t last = 0;                  ///< The highest.
    std::optional<history_neighbour> before; ///< The operation with the next lower number; absent at the beginning.
    std::optional<history_neighbour> after;  ///< The operation with the next higher number; absent at the end.
    std::string reason;                      ///< The source's own words; empty where it gave none.

    friend bool operator==(history_gap const&, history_gap const&) = default;

    BITSHARES_FIELDS((first), (last), (before), (after), (reason))
};

/// An operation that does not fit to the one that came before it.
struct history_fault
{
    std::string what; ///< `duplicate`, `order` (of sequence numbers), `id_order`, `block_order` or `time_order`.
    history_neighbour before;
    history_neighbour at;

    friend bool operator==(history_fault const&, history_fault const&) = default;

    BITSHARES_FIELDS((what), (before), (at))
};

/// What another source says of the sample.
struct history_comparison
{
    std::string source;
    std::uint64_t compared = 0;
    std::vector<history_neighbour> different; ///< It says something else of them.
    std::vector<history_neighbour> lacking;   ///< It does not have them: they prove nothing.
    std::string error;                        ///< Why the rest of the sample was not compared; empty where all was.

    BITSHARES_FIELDS((source), (compared), (different), (lacking), (error))
};

/// What came from one of several sources.
struct history_part
{
    std::string source;
    std::uint64_t first = 0; ///< Sequence numbers of the first and the last operation; others may lie between.
    std::uint64_t last = 0;
    std::uint64_t operations = 0;
    std::string error; ///< Why it could not be read further; empty where it was not so.

    BITSHARES_FIELDS((source), (first), (last), (operations), (error))
};

/// Sequence numbers of the first and the last operation of a range of times.
struct history_bounds
{
    std::optional<std::uint64_t> first; ///< Absent: not known, so that none of the whole history may be missing before.
    std::optional<std::uint64_t> last;  ///< Absent: not known, so that none may be missing behind.
    std::string unknown;                ///< Why one of them is not known: the reason of the gap.
};

/// What a report says beside what was found.
struct completeness_subject
{
    std::string source; ///< Where the operations came from.
    std::string chain_id;
    std::string account; ///< Its name.
    std::string account_id;
    std::string format;
    std::string file; ///< Its name, without folders.
    std::uint64_t bytes = 0;
    std::uint64_t rows = 0;
    std::string sha256;                            ///< Of the whole file, hexadecimal.
    std::optional<time_point_sec> from;            ///< The first time of the range that was asked for.
    std::optional<time_point_sec> to;              ///< The first time behind it.
    std::vector<std::string> types;                ///< Of the rows; empty for all.
    std::optional<std::uint32_t> first_block = {}; ///< Of the rows.
    std::optional<std::uint32_t> last_block = {};  ///< Of the rows.
    std::vector<std::string> assets = {};          ///< Of the rows: ids, of which each names one.
    std::vector<std::string> counterparties = {};  ///< As above.
    std::optional<bool> reconciled;                ///< The balances agree; absent where none were compared.
    std::string difference;                        ///< How they differ.
    std::vector<history_part> parts; ///< Of several sources, what came from each; empty where there was one.
};

/** Proves that the operations of an export are all that there are, or names what is missing.

    It is fed with the records in the order in which they are written, asks nobody and needs constant memory. What it proves:
    the sequence numbers have no hole from the first to the last that the range has, none comes twice, ids, blocks and times
    do not go back, the newest operation has the number that the source counts. Virtual operations have sequence numbers as others;
    a source that leaves them out has holes, and @ref virtual_missing says so.

    A sample of the operations, the same in every run, is remembered by its digests, to be compared with another source.
*/
class completeness
{
public:
    static constexpr std::size_t max_listed = 1'000; ///< Gaps and faults; further ones are counted only.
    static constexpr std::size_t sample_size = 16;   ///< At most.

    explicit completeness(history_order order = history_order::oldest_first) : newest_first_(order != history_order{})
    {}

    /** What the source counts.

        @param range Where an export that is not of the whole history begins and ends; absent: it is.
        @param forgotten_missing What the source has forgotten is a gap, too, as it is for a ledger.
    */
    BITSHARES_DECL void expect(history_count const& count, std::optional<history_bounds> range = std::nullopt,
                               bool forgotten_missing = false);

    /// The next record. @return False: something is missing before it, or it does not fit.
    BITSHARES_LAZY_DECL bool add(history_record const& record);

    /// The source cannot go on. What it did not give is a gap with these words.
    BITSHARES_DECL void give_up(std::string reason);

    /// There is no further record. To be called once, before the following.
    BITSHARES_DECL void finish();

    /// @name What was found
    /// @{
    bool complete() const noexcept { return gap_count_ == 0 && fault_count_ == 0 && !differs(); }
    bool differs() const noexcept { return comparison_ && !comparison_->different.empty(); }
    std::vector<history_gap> const& gaps() const noexcept { return gaps_; }
    std::vector<history_fault> const& faults() const noexcept { return faults_; }
    /// The operations with the lowest and the highest number; absent: there is none.
    std::optional<history_neighbour> const& lowest() const noexcept { return newest_first_ ? previous_ : first_; }
    std::optional<history_neighbour> const& highest() const noexcept { return newest_first_ ? first_ : previous_; }
    std::uint64_t operations() const noexcept { return operations_; }
    std::uint64_t virtual_operations() const noexcept { return virtual_; }
    std::uint64_t missing() const noexcept { return missing_; } ///< Operations.
    /// Operations are missing, and not one of those that are there is virtual: likely the source has none.
    bool virtual_missing() const noexcept { return gap_count_ != 0 && virtual_ == 0 && operations_ != 0; }
    /// The first thing that is missing or wrong, in words; empty where there is none.
    BITSHARES_DECL std::string first_problem() const;
    /// @}

    /// @name Another source
    /// @{
    struct sample
    {
        std::uint64_t rank = 0;
        history_neighbour at;
        time_point_sec time;
        std::string digest;

        BITSHARES_FIELDS((rank), (at), (time), (digest))
    };

    /// What another source is to be asked for. In no order.
    std::vector<sample> const& samples() const noexcept { return samples_; }

    /// Begins a comparison; the one before is forgotten.
    BITSHARES_DECL void compare(std::string source);
    /// What the source has at the place of a sample; nothing: it does not have it.
    BITSHARES_LAZY_DECL void compare(sample const& s, operation_history_object const* told);
    /// The source cannot be asked further.
    BITSHARES_DECL void comparison_failed(std::string reason);
    std::optional<history_comparison> const& comparison() const noexcept { return comparison_; }
    /// @}

    /// The report, a JSON object and a line's end.
    BITSHARES_LAZY_DECL std::string report(completeness_subject const& subject) const;

    /// What is remembered, for an export that goes on later: JSON, of this version.
    BITSHARES_LAZY_DECL std::string state() const;
    /// False: it is none; then nothing has changed.
    BITSHARES_LAZY_DECL bool set_state(std::string_view json);

private:
    BITSHARES_DECL void add_gap(std::uint64_t first, std::uint64_t last, std::optional<history_neighbour> before,
                                std::optional<history_neighbour> after, std::string reason);
    BITSHARES_DECL bool place(history_neighbour const& at, time_point_sec time, bool is_virtual);
    BITSHARES_DECL bool in_sample(std::uint64_t rank) const;
    BITSHARES_DECL void put_sample(sample s);

    bool newest_first_ = false;
    history_count count_;
    std::optional<history_bounds> range_;
    bool expected_ = false;
    bool forgotten_missing_ = false;
    std::optional<history_neighbour> first_, previous_;
    time_point_sec previous_time_;
    std::uint64_t operations_ = 0, virtual_ = 0, missing_ = 0, gap_count_ = 0, fault_count_ = 0;
    std::vector<history_gap> gaps_;
    std::vector<history_fault> faults_;
    std::string gave_up_;
    std::vector<sample> samples_;
    std::optional<history_comparison> comparison_;
};

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE

#ifdef BITSHARES_HEADER_ONLY
#include <bitshares/impl/history/completeness.ipp>
#endif
