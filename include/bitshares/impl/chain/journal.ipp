#pragma once

#include <bitshares/base/hex.hpp>
#include <bitshares/base/utf8.hpp>
#include <bitshares/chain/journal.hpp>
#include <bitshares/protocol/json.hpp>

#include <cerrno>
#include <fcntl.h>
#include <map>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace bitshares::inline BITSHARES_VERSION_NAMESPACE {

namespace detail {

inline constexpr std::string_view journal_format = "bitshares-journal-1";
inline constexpr std::size_t journal_check_size = 16; // hexadecimal digits in front of each line

// A line of the file. The first one has the format in place of a state.
struct journal_line
{
    std::uint64_t n = 0; // counts from 0
    std::string state;
    std::string key;
    std::optional<transaction_id> id;
    std::optional<chain_id_type> chain;
    std::optional<bytes> tx;
    std::optional<std::uint32_t> block;
    std::optional<std::uint32_t> index;
    std::optional<std::int64_t> code;
    std::optional<std::string> message;

    BITSHARES_FIELDS((n), (state), (key), (id), (chain), (tx), (block), (index), (code), (message))
};

inline std::string journal_check(std::string_view json)
{
    sha256_digest const hash = sha256({reinterpret_cast<std::uint8_t const*>(json.data()), json.size()});
    return to_hex(std::span(hash.data).first(journal_check_size / 2));
}

inline error journal_file_error(std::string const& file, char const* what, int code)
{
    return error(errc::file_error, file + ": " + what + ": " + std::generic_category().message(code));
}

// A file that is closed, and its lock with it.
class journal_file
{
public:
    explicit journal_file(int descriptor) : descriptor_(descriptor) {}
    journal_file(journal_file const&) = delete;
    journal_file& operator=(journal_file const&) = delete;
    ~journal_file()
    {
        if (descriptor_ >= 0)
            ::close(descriptor_);
    }
    int get() const noexcept { return descriptor_; }

private:
    int descriptor_;
};

// 0, or the error's number.
inline int write_all(int descriptor, std::string_view text)
{
    while (!text.empty())
    {
        ssize_t const n = ::write(descriptor, text.data(), text.size());
        if (n < 0 && errno != EINTR)
            return errno;
        if (n > 0)
            text.remove_prefix(static_cast<std::size_t>(n));
    }
    return 0;
}

} // namespace detail

struct tx_journal::state
{
    state(std::string f, int descriptor, journal_options o)
        : path(std::move(f)), file(descriptor), options(std::move(o))
    {}

    std::string path;
    detail::journal_file file;
    journal_options options;
    entries_type entries;
    std::map<transaction_id, std::string> keys; // of the entries' transactions
    std::uint64_t lines = 0;
    std::uint64_t size = 0; // of the file, whole records only
    std::size_t dropped = 0;
    bool broken = false;

    void observe(tx_state s, journal_stage stage) const
    {
        if (options.observed_by())
            options.observed_by()(s, stage);
    }

    BITSHARES_LAZY_DECL result<void> append(detail::journal_line line, std::optional<tx_state> what)
    {
        if (broken)
            return error(errc::file_error, path + ": an earlier record could not be written");
        line.n = lines;
        std::string text = to_json(line);
        text = detail::journal_check(text) + ' ' + text + '\n';
        auto const seen = [&](journal_stage stage) {
            if (what)
                observe(*what, stage);
        };
        seen(journal_stage::begin);
        std::string_view rest = text;
        int failed = 0;
        if (what && options.observed_by())
        {
            failed = detail::write_all(file.get(), rest.substr(0, rest.size() / 2));
            rest.remove_prefix(rest.size() / 2);
            seen(journal_stage::torn);
        }
        if (failed == 0)
            failed = detail::write_all(file.get(), rest);
        if (failed == 0)
        {
            seen(journal_stage::written);
            // After a failure of fsync the kernel may have dropped the pages: what is on the disk is not known.
            if (::fdatasync(file.get()) != 0)
                failed = errno;
        }
        if (failed != 0)
        {
            broken = true;
            // Not to be taken for a record by whoever opens it next. Where that fails, too, the next one reads what is there.
            [[maybe_unused]] int const cut = ::ftruncate(file.get(), static_cast<off_t>(size));
            return detail::journal_file_error(path, "cannot write", failed);
        }
        size += text.size();
        ++lines;
        seen(journal_stage::durable);
        return {};
    }

    // Takes a line into the entries; false where it makes no sense.
    BITSHARES_LAZY_DECL bool apply(detail::journal_line const& line)
    {
        auto const what = tx_state_of(line.state);
        if (!what || !line.id)
            return false;
        if (*what == tx_state::prepared)
        {
            if (!line.chain || !line.tx)
                return false;
            std::uint32_t attempts = 0;
            if (auto const before = entries.find(line.key); before != entries.end())
            {
                attempts = before->second.attempts;
                if (auto const of = keys.find(before->second.id); of != keys.end() && of->second == line.key)
                    keys.erase(of);
            }
            keys.try_emplace(*line.id, line.key);
            entries[line.key] = entry{*line.chain, *line.id, *line.tx, *what, 0, 0, std::nullopt, attempts + 1};
            return true;
        }
        auto const found = entries.find(line.key);
        if (found == entries.end() || found->second.id != *line.id)
            return false;
        entry& e = found->second;
        e.state = *what;
        e.block_num = line.block.value_or(0);
        e.trx_num = line.index.value_or(0);
        e.refusal.reset();
        if (line.code)
            e.refusal.emplace(*line.code, line.message.value_or(std::string()));
        return true;
    }

    BITSHARES_LAZY_DECL result<void> read(std::string_view text)
    {
        while (!text.empty())
        {
            std::size_t const end = text.find('\n');
            std::string_view const line = text.substr(0, end);
            bool const last = end == std::string_view::npos || end + 1 == text.size();
            bool const whole = end != std::string_view::npos && line.size() > detail::journal_check_size + 1 &&
                               line[detail::journal_check_size] == ' ' &&
                               line.substr(0, detail::journal_check_size) ==
                                   detail::journal_check(line.substr(detail::journal_check_size + 1));
            if (!whole)
            {
                if (lines == 0 && !could_be_first(line))
                    return error(errc::unknown_format, path);
                if (!last)
                    return damaged("its checksum is wrong");
                dropped = text.size();
                return {};
            }
            auto const read = from_json<detail::journal_line>(line.substr(detail::journal_check_size + 1), {});
            if (!read)
                return damaged(read.error().message());
            if (read->n != lines)
                return damaged("it has the number " + std::to_string(read->n));
            if (lines == 0 ? read->state != detail::journal_format : !apply(*read))
                return lines == 0 ? error(errc::unknown_format, path) : damaged("it says nothing");
            ++lines;
            size += line.size() + 1;
            text.remove_prefix(line.size() + 1);
        }
        return {};
    }

    // Whether a cut first line is what a crash left of ours, and not somebody's other file.
    BITSHARES_LAZY_DECL static bool could_be_first(std::string_view line)
    {
        if (line.find_first_not_of('\0') == std::string_view::npos)
            return true;
        std::string first = to_json(header());
        first = detail::journal_check(first) + ' ' + first;
        return first.starts_with(line);
    }

    BITSHARES_LAZY_DECL static detail::journal_line header()
    {
        detail::journal_line line;
        line.state = detail::journal_format;
        return line;
    }

    error damaged(std::string const& why) const
    {
        return error(errc::journal_damaged, path + ", line " + std::to_string(lines + 1) + ": " + why);
    }
};

BITSHARES_DECL tx_journal::tx_journal(std::unique_ptr<state> s) : state_(std::move(s)) {}
BITSHARES_DECL tx_journal::tx_journal(tx_journal&&) noexcept = default;
BITSHARES_DECL tx_journal& tx_journal::operator=(tx_journal&&) noexcept = default;
BITSHARES_DECL tx_journal::~tx_journal() = default;

BITSHARES_LAZY result<tx_journal> tx_journal::open(std::string const& file, journal_options options)
{
    int const create = options.may_begin() ? O_CREAT : 0;
    int const descriptor = ::open(file.c_str(), O_RDWR | create | O_APPEND | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return detail::journal_file_error(file, "cannot open", errno);
    auto made = std::make_unique<state>(file, descriptor, std::move(options));
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0)
        return errno == EWOULDBLOCK ? error(errc::journal_in_use, file)
                                    : detail::journal_file_error(file, "cannot lock", errno);
    struct ::stat about{};
    if (::fstat(descriptor, &about) != 0 || !S_ISREG(about.st_mode))
        return error(errc::file_error, file + ": not a file");
    std::string text;
    for (char piece[65536];;)
    {
        ssize_t const n = ::read(descriptor, piece, sizeof piece);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return detail::journal_file_error(file, "cannot read", errno);
        if (n == 0)
            break;
        text.append(piece, static_cast<std::size_t>(n));
    }
    if (auto const read = made->read(text); !read)
        return read.error();
    if (made->lines == 0 && !made->options.may_begin())
        return error(errc::file_error, file + ": nothing is recorded there");
    // What a crash left must not stand in front of the next record.
    if (made->dropped != 0 && ::ftruncate(descriptor, static_cast<off_t>(made->size)) != 0)
        return detail::journal_file_error(file, "cannot cut", errno);
    if (made->lines == 0)
        if (auto const begun = made->append(state::header(), std::nullopt); !begun)
            return begun.error();
    // What was read may be in memory only: whoever wrote it was killed before it was on the disk.
    if (::fsync(descriptor) != 0)
        return detail::journal_file_error(file, "cannot synchronise", errno);
    std::size_t const name = file.find_last_of('/') + 1; // 0 where there is no folder in the path
    std::string const parent = name == 0 ? "." : file.substr(0, name);
    detail::journal_file const folder(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.get() < 0 || ::fsync(folder.get()) != 0)
        return detail::journal_file_error(file, "cannot synchronise its folder", errno);
    return tx_journal(std::move(made));
}

BITSHARES_DECL tx_journal::entries_type const& tx_journal::entries() const noexcept
{
    return state_->entries;
}

BITSHARES_DECL tx_journal::entry const* tx_journal::find(std::string_view key) const
{
    auto const found = state_->entries.find(key);
    return found == state_->entries.end() ? nullptr : &found->second;
}

BITSHARES_DECL std::size_t tx_journal::dropped() const noexcept
{
    return state_->dropped;
}

BITSHARES_LAZY result<void> tx_journal::prepare(std::string_view key, chain_id_type const& chain_id,
                                                transaction_id const& id, bytes packed)
{
    if (valid_utf8(key) != key)
        return error(errc::invalid_json, "the key is not UTF-8");
    if (chain_id == chain_id_type())
        return error(errc::wrong_chain, "the journal has to know the transaction's chain");
    if (entry const* const e = find(key))
    {
        if (e->chain_id != chain_id)
            return error(errc::journal_conflict, "it is of the chain " + to_hex(e->chain_id.data));
        if (e->id == id && !is_final(e->state))
            return {};
        if (e->id == id || (e->state != tx_state::refused && e->state != tx_state::expired))
            return error(errc::journal_conflict,
                         "transaction " + to_hex(e->id.data) + " is " + std::string(name_of(e->state)));
    }
    // The chain would include it once, and both would be told that it was theirs.
    if (auto const other = state_->keys.find(id); other != state_->keys.end() && other->second != key)
        return error(errc::journal_conflict, "the same transaction stands for " + other->second);
    detail::journal_line line;
    line.state = name_of(tx_state::prepared);
    line.key = key;
    line.id = id;
    line.chain = chain_id;
    line.tx = std::move(packed);
    if (auto const done = state_->append(line, tx_state::prepared); !done)
        return done.error();
    state_->apply(line);
    return {};
}

BITSHARES_LAZY result<void> tx_journal::record(std::string_view key, tx_state what, tx_outcome const& outcome)
{
    detail::journal_line line;
    line.state = name_of(what);
    line.key = key;
    line.id = outcome.id;
    if (outcome.block_num != 0)
    {
        line.block = outcome.block_num;
        line.index = outcome.trx_num;
    }
    if (outcome.refusal)
    {
        line.code = outcome.refusal->code();
        line.message = outcome.refusal->message();
    }
    entry const* const e = find(key);
    if (!e || e->id != outcome.id)
        return error(errc::journal_conflict, "no such transaction was prepared");
    if (auto const done = state_->append(line, what); !done)
        return done.error();
    state_->apply(line);
    return {};
}

} // namespace bitshares::inline BITSHARES_VERSION_NAMESPACE
