#pragma once

#include <bitshares/protocol/objects.hpp>

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

namespace deposits {

/// Where in the chain an operation stands; the same with every node, unlike 1.11.x.
struct position
{
    std::uint32_t block = 0;
    std::uint32_t transaction = 0;
    std::uint32_t operation = 0;
    std::uint32_t virtual_operation = 0;

    friend auto operator<=>(position const&, position const&) = default;
};

/// `12345.0.0.0`
std::string to_string(position const& p);
std::optional<position> read_position(std::string_view text);

/** The file of credits: a line each, and the cursor in the same file, so that they cannot disagree.

    Lines are appended and go to the disk before @ref commit returns. A last line that is not whole is what a crash left: it
    was never acted upon, and is cut off. One process at a time.
*/
class credits_file
{
public:
    /** Opens the file, or begins it.

        @throws program::file_failure It cannot be read or written, or another process has it.
        @throws std::runtime_error It is something else.
    */
    explicit credits_file(std::string path);
    ~credits_file();

    credits_file(credits_file const&) = delete;
    credits_file& operator=(credits_file const&) = delete;

    /// The newest operation that was dealt with; empty where there is none.
    std::optional<position> const& cursor() const noexcept { return cursor_; }
    std::uint64_t credits() const noexcept { return credits_; }

    /// Adds a credit, for @ref commit to write. @param json `{...}`; its first member has to be the position.
    void add(position const& at, std::string const& json);

    /// Everything up to here was dealt with.
    void pass(position const& at);

    /// Writes what was added, to the disk. @throws program::file_failure Nothing is to be acted upon then.
    void commit();

private:
    void read();
    void synchronise();

    std::string path_;
    int file_ = -1;
    std::optional<position> cursor_;
    std::optional<position> passed_; // since the last line that was written
    std::uint64_t passed_count_ = 0;
    std::uint64_t credits_ = 0;
    std::string buffer_;
};

} // namespace deposits
