#pragma once

#include <bitshares/base/hash.hpp>
#include <common/output_file.hpp>

#include <cstdint>
#include <future>
#include <memory>
#include <optional>
#include <string>

namespace exporter {

/** A file that appears whole or not at all, and whose writing can go on where a run was killed.

    It is written as FILE.partial, and takes its place by a rename when its bytes are on the disk. Beside it, FILE.checkpoint says
    up to where that is right, with what the writer has to know to go on; the rest is cut off when it is taken up again. Both are
    taken away when the object ends without @ref commit or @ref keep. Only one run at a time writes a file.
*/
class partial_file
{
public:
    /// @throws program::file_failure, as all its functions.
    explicit partial_file(std::string path);
    ~partial_file();

    partial_file(partial_file const&) = delete;
    partial_file& operator=(partial_file const&) = delete;

    /// To append to; call @ref drain from time to time.
    std::string& buffer() noexcept { return buffer_; }

    /// Writes the buffer where it is large.
    void drain()
    {
        if (buffer_.size() >= buffer_size)
            flush();
    }

    /** Goes on behind the checkpoint, or begins anew where there is none that fits what is there.

        @param since Also behind that of a file that is whole, of which the first part is taken over.
        @return What the writer gave to @ref checkpoint; absent: the file is empty.
    */
    std::optional<std::string> resume(bool since);

    /// Begins anew, and forgets the checkpoint.
    void restart();

    /// What was written until now is right. @param state JSON: what the writer has to know to go on.
    void checkpoint(std::string const& state);

    /// There is a checkpoint, of this run or one before.
    bool has_checkpoint() const noexcept { return checkpointed_; }

    /// Leaves what there is behind the checkpoint for another run.
    void keep() noexcept { keep_ = checkpointed_; }

    /// Puts the file in its place, instead of one that is there. @param with_checkpoint It stays, for @ref resume `since`.
    void commit(bool with_checkpoint);

    std::uint64_t size() const noexcept { return written_ + buffer_.size(); }
    std::string const& path() const noexcept { return path_; }

    /// Of all that was written, hexadecimal.
    std::string sha256();

    /// The file's name without folders.
    std::string name() const;

    /// Beside the file: its name with this at the end, or, where that would be too long, another that belongs to it alone.
    std::string beside(std::string const& ending) const;

private:
    static constexpr std::size_t buffer_size = 1 << 20;

    void open();
    void flush();
    void settle(); // what is hashed meanwhile
    [[noreturn]] void fail(char const* what) const;
    bool take_over(std::string const& from, std::uint64_t bytes, std::string const& sha256, bool copy);

    std::string path_;
    std::string directory_;
    std::string partial_;
    std::string checkpoint_;
    std::string fresh_checkpoint_;
    int file_ = -1;
    bool checkpointed_ = false;
    bool final_checkpoint_ = false; // it is of the file that is there: not this run's to take away
    bool forgotten_ = false;        // what a checkpoint says does not fit to the chain
    bool keep_ = false;
    bool committed_ = false;
    std::uint64_t written_ = 0;
    std::string buffer_, spare_;
    bitshares::sha256_stream hash_;
    std::future<std::shared_ptr<std::string>> hashing_; // beside the next rows' writing; behind what it uses
};

} // namespace exporter
