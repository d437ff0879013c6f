// Without libFuzzer: one run over every file of the folders given, so that old findings stay fixed with every compiler.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size);

namespace {

bool replay(std::filesystem::path const& file)
{
    std::ifstream stream(file, std::ios::binary);
    std::vector<char> const bytes{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
    if (!stream.is_open() || stream.bad())
    {
        std::fprintf(stderr, "cannot read %s\n", file.c_str());
        return false;
    }
    std::fprintf(stderr, "%s\n", file.c_str()); // the last line before a crash names the input
    // A copy of exactly this size on the heap: a sanitizer then sees one byte too far.
    std::vector<std::uint8_t> const input(bytes.begin(), bytes.end());
    LLVMFuzzerTestOneInput(input.data(), input.size());
    return true;
}

} // namespace

int main(int argc, char** argv)
{
    std::size_t count = 0;
    for (int i = 1; i < argc; ++i)
    {
        if (argv[i][0] == '-') // libFuzzer's options
            continue;
        if (!std::filesystem::is_directory(argv[i]))
        {
            if (!replay(argv[i]))
                return 1;
            ++count;
            continue;
        }
        for (auto const& entry : std::filesystem::recursive_directory_iterator(argv[i]))
        {
            if (!entry.is_regular_file())
                continue;
            if (!replay(entry.path()))
                return 1;
            ++count;
        }
    }
    std::printf("%zu inputs replayed\n", count);
    return count == 0 ? 1 : 0; // an empty corpus proves nothing
}
