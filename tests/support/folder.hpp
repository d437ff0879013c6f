#pragma once

#include <filesystem>
#include <set>
#include <stdexcept>
#include <stdlib.h> // mkdtemp
#include <string>

namespace support {

/// A folder of a test's own, gone with all that is in it when the test ends.
class folder
{
public:
    explicit folder(std::filesystem::path const& parent = std::filesystem::temp_directory_path())
    {
        path_ = (parent / "bitshares-test-XXXXXX").string();
        if (::mkdtemp(path_.data()) == nullptr)
            throw std::runtime_error("mkdtemp: " + path_);
    }
    folder(folder const&) = delete;
    folder& operator=(folder const&) = delete;
    ~folder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    std::string const& path() const { return path_; }
    std::string file(std::string const& name) const { return path_ + "/" + name; }

    /// What is in it, sorted, a blank behind each.
    std::string names() const
    {
        std::set<std::string> sorted;
        for (auto const& entry : std::filesystem::directory_iterator(path_))
            sorted.insert(entry.path().filename().string());
        std::string text;
        for (auto const& name : sorted)
            text += name + " ";
        return text;
    }

private:
    std::string path_;
};

} // namespace support
