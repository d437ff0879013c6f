// What an #include costs a program: a unit that includes the library and calls nothing, against one that includes Beast's
// WebSocket and TLS headers. The compiler and its flags are those of this file.

#include "harness.hpp"

#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

constexpr int rounds = 5;

// The command that compiled this file, without its own input and output; the macros that select separate compilation too.
std::vector<std::string> compiler_command()
{
    std::ifstream file(BITSHARES_PROGRAMS_DIR "/../compile_commands.json");
    std::string const all{std::istreambuf_iterator<char>(file), {}};
    std::size_t const here = all.find("include_time.cpp\",");
    std::size_t const begin = all.rfind("\"command\": \"", here);
    std::size_t const end = all.find("\",\n", begin);
    if (here == all.npos || begin == all.npos || end == all.npos)
    {
        std::fprintf(stderr, "compile_commands.json does not tell how this program was compiled\n");
        std::exit(2);
    }
    std::istringstream words(all.substr(begin + 12, end - begin - 12));
    std::vector<std::string> command;
    for (std::string word; words >> word;)
    {
        if (word == "-o" || word == "-c" || word == "-MF" || word == "-MT" || word == "-MQ")
        {
            words >> word;
            continue;
        }
        bool const wanted =
            command.empty() || (word.starts_with("-I") || word.starts_with("-isystem") || word.starts_with("-std=") ||
                                word.starts_with("-O") || command.back() == "-isystem");
        if (wanted)
            command.push_back(word);
    }
    return command;
}

double seconds_of(std::vector<std::string> command, std::filesystem::path const& unit, std::string const& macro)
{
    if (!macro.empty())
        command.push_back("-D" + macro);
    std::filesystem::path const object = unit.string() + ".o";
    command.insert(command.end(), {"-c", unit.string(), "-o", object.string()});
    std::vector<char*> arguments;
    for (auto& word : command)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    pid_t const child = ::fork();
    if (child == 0)
    {
        ::execvp(arguments[0], arguments.data());
        ::_exit(127);
    }
    int status = 0;
    struct rusage usage = {};
    if (child < 0 || ::wait4(child, &status, 0, &usage) != child || status != 0)
    {
        std::fprintf(stderr, "the compiler failed\n");
        std::exit(2);
    }
    auto const passed = [](timeval const& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return passed(usage.ru_utime) + passed(usage.ru_stime);
}

} // namespace

int main(int argc, char** argv)
{
    std::set<std::string_view> const names(argv + 1, argv + argc);
    auto const command = compiler_command();
    std::filesystem::path const folder =
        std::filesystem::temp_directory_path() / ("bitshares_include_time_" + std::to_string(::getpid()));
    std::filesystem::create_directory(folder);
    auto const unit = [&](char const* name, char const* includes) {
        std::ofstream(folder / name) << includes << "int main() {}\n";
        return folder / name;
    };
    auto const own = unit("own.cpp", "#include <bitshares/bitshares.hpp>\n");
    auto const beast =
        unit("beast.cpp", "#include <boost/beast/websocket.hpp>\n#include <boost/beast/websocket/ssl.hpp>\n"
                          "#include <boost/asio/ssl.hpp>\n");
    std::vector<std::vector<double>> times(3);
    for (int round = 0; round < rounds; ++round)
    {
        times[0].push_back(seconds_of(command, own, "BITSHARES_SEPARATE_COMPILATION"));
        times[1].push_back(seconds_of(command, own, {}));
        times[2].push_back(seconds_of(command, beast, {}));
    }
    std::filesystem::remove_all(folder);

    // Rates: units a second. At most 1.5 and 2.5 times as long are ratios of at least 1/1.5 and 1/2.5.
    bool good = true;
    char const* const figures[] = {"include_time_compiled", "include_time_header_only"};
    for (std::size_t i = 0; i < 2; ++i)
        if (names.empty() || names.contains(figures[i]) || names.contains("include_time"))
        {
            char extra[96];
            std::snprintf(extra, sizeof extra, ",\"seconds\":%.3f,\"limit_seconds\":%.3f", benchmark::median(times[i]),
                          benchmark::median(times[2]));
            // Beast's headers alone took 1.9 to 2.3 s of a compiler.
            good &= benchmark::report({figures[i], "units/s", i == 0 ? 1 / 1.5 : 1 / 2.5, 1 / 2.1},
                                      1 / benchmark::median(times[i]), 1 / benchmark::median(times[2]),
                                      benchmark::ratio_of(times[i], times[2]), extra);
        }
    return good ? 0 : 1;
}
