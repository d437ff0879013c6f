// Text as a file that operations are read from, again. What was read of it is written as bts-export does, and read again.

#include "support.hpp"

#include <bitshares/history/formats.hpp>
#include <bitshares/history/source.hpp>

#include <cstdlib>
#include <sys/mman.h>
#include <unistd.h>
#include <vector>

using namespace bitshares;

namespace {

/// A file without a place in a folder.
class memory_file
{
public:
    memory_file() : fd_(::memfd_create("fuzz", 0)), path_("/proc/self/fd/" + std::to_string(fd_)) {}
    memory_file(memory_file const&) = delete;
    memory_file& operator=(memory_file const&) = delete;
    ~memory_file() { ::close(fd_); }

    std::string const& path() const { return path_; }

    void set(std::string_view text) const
    {
        bool const good =
            ::ftruncate(fd_, 0) == 0 && ::pwrite(fd_, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size());
        fuzz::require(good, "the file is written");
    }

private:
    int fd_;
    std::string path_;
};

constexpr account_id whose(18);

// False: it was refused, and what came before is in `records`.
bool read(std::string const& path, history_filter const& filter, std::vector<history_record>& records)
{
    records.clear();
    auto const source = make_file_source(path, "BTS");
    source_range range;
    range.filter = filter;
    auto const reader = source->read(whose, range);
    std::vector<history_record> page;
    try
    {
        while (reader->next(page))
            records.insert(records.end(), page.begin(), page.end());
    }
    catch (exception const& e)
    {
        fuzz::require(e.code() == errc::invalid_recording, "only what stands in the file is wrong");
        return false;
    }
    fuzz::require(reader->checked() >= records.size(), "what is told was checked");
    return true;
}

std::string written(std::vector<history_record> const& records)
{
    std::string text, scratch;
    history_labels labels;
    history_row row;
    for (history_record const& record : records)
    {
        classify(record, whose, row);
        labels.need(row);
        for (asset_id const id : std::vector(labels.assets_missing()))
            labels.put(id, {"X" + std::to_string(id.instance), 5});
        labels.give_up();
        append_row(text, *find_export_format("jsonl"), {row, labels}, false, scratch);
    }
    return text;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    static memory_file const file, again_file;
    auto const text = fuzz::text_of(data, size);
    file.set(text);
    std::vector<history_record> records, again;
    bool const whole = read(file.path(), {}, records);
    for (std::size_t i = 1; i < records.size(); ++i)
        fuzz::require(records[i - 1].id < records[i].id, "ids ascend");

    // A line ends at its end, whatever way it ends.
    std::string other;
    for (char const c : text)
        other.append(c == '\n' ? "\r\n" : std::string_view(&c, 1));
    again_file.set(other);
    fuzz::require(read(again_file.path(), {}, again) == whole && again == records, "lines may end with CR LF");

    std::string const as_export = written(records);
    again_file.set(as_export);
    fuzz::require(read(again_file.path(), {}, again) && again.size() == records.size(), "what was written is read");
    fuzz::require(written(again) == as_export, "and is the same");

    if (records.empty())
        return 0;
    history_filter part;
    part.first = records[records.size() / 3].id;
    part.last = records[records.size() / 2].id;
    std::erase_if(records, [&](history_record const& r) { return !part.matches(r); });
    fuzz::require(read(again_file.path(), part, again) && again.size() == records.size(), "a part of it is that part");
    return 0;
}
