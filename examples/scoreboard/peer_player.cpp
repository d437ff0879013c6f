#include "peer_player.hpp"

#include <bitshares/protocol/json.hpp>

#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <poll.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

namespace scoreboard {

namespace {

// What a script prints at its end.
struct said
{
    bool warmed = false;
    std::uint32_t answered = 0;
    std::uint32_t failed = 0;
    std::uint32_t hanging = 0;
    std::uint32_t gaps = 0;
    bitshares::raw_json last;
    std::string error;

    BITSHARES_FIELDS((warmed), (answered), (failed), (hanging), (gaps), (last), (error))
};

// A script, with pipes to and from it. It ends with the object.
class script
{
public:
    explicit script(std::vector<std::string> command)
    {
        int in[2], out[2];
        if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0)
            throw std::runtime_error("no pipes");
        std::vector<char*> arguments;
        for (std::string& word : command)
            arguments.push_back(word.data());
        arguments.push_back(nullptr);
        pid_ = ::fork();
        if (pid_ == 0)
        {
            ::dup2(in[0], STDIN_FILENO);
            ::dup2(out[1], STDOUT_FILENO);
            int const nowhere = ::open("/dev/null", O_WRONLY);
            ::dup2(nowhere, STDERR_FILENO);
            ::closefrom(STDERR_FILENO + 1); // a node that is stopped shall not go on listening in here
            ::execvp(arguments[0], arguments.data());
            ::_exit(127);
        }
        ::close(in[0]);
        ::close(out[1]);
        in_ = in[1];
        out_ = out[0];
    }
    script(script const&) = delete;
    script& operator=(script const&) = delete;
    ~script()
    {
        ::close(in_);
        ::close(out_);
        if (pid_ > 0)
        {
            ::kill(pid_, SIGKILL);
            ::waitpid(pid_, nullptr, 0);
        }
    }

    void go()
    {
        if (::write(in_, "go\n", 3) != 3)
            throw std::runtime_error("the script has ended");
    }

    std::string line(unsigned longest_ms)
    {
        auto const end = std::chrono::steady_clock::now() + std::chrono::milliseconds(longest_ms);
        for (;;)
        {
            if (std::size_t const at = text_.find('\n'); at != std::string::npos)
            {
                std::string found = text_.substr(0, at);
                text_.erase(0, at + 1);
                return found;
            }
            auto const left =
                std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()).count();
            pollfd waiting{out_, POLLIN, 0};
            char part[4096];
            ssize_t const got =
                left > 0 && ::poll(&waiting, 1, static_cast<int>(left)) > 0 ? ::read(out_, part, sizeof part) : 0;
            if (got <= 0)
                throw std::runtime_error("the client's script has ended or hangs");
            text_.append(part, static_cast<std::size_t>(got));
        }
    }

private:
    pid_t pid_ = -1;
    int in_ = -1;
    int out_ = -1;
    std::string text_;
};

unsigned watch_of(task const& t)
{
    return t.peer_watch != 0 ? t.peer_watch : t.watch;
}

std::string json_of(task const& t)
{
    std::string urls;
    for (std::string const& url : t.urls)
        urls += (urls.empty() ? "" : ",") + bitshares::json_quote(url);
    return "{\"urls\":[" + urls + "],\"chain_id\":\"" + t.chain_id + "\",\"warm\":" + (t.warm ? "true" : "false") +
           ",\"calls\":" + std::to_string(t.calls) +
           ",\"every\":" + std::to_string(t.peer_every != 0 ? t.peer_every : t.every) +
           ",\"watch\":" + std::to_string(watch_of(t)) + ",\"follow\":" + std::to_string(t.follow) +
           ",\"give_up\":" + std::to_string(t.give_up) + '}';
}

} // namespace

std::vector<peer> find_peers(std::string const& folder)
{
    std::filesystem::path const at = std::filesystem::absolute(folder);
    std::vector<peer> found;
    auto const add = [&](char const* name, std::filesystem::path const& package, std::string interpreter,
                         char const* script) {
        auto const path = at / "scoreboard" / script;
        if (exists(package) && exists(path))
            found.push_back({name, {std::move(interpreter), path.string()}});
    };
    add("bitsharesjs-ws 6.0.2", at / "node_modules" / "bitsharesjs-ws", "node", "bitsharesjs-ws.cjs");
    add("btsdex-api 0.7.2", at / "node_modules" / "btsdex-api", "node", "btsdex-api.cjs");
    auto const python = at / "venv" / "bin" / "python";
    add("python-bitshares 0.7.1", python, python.string(), "python-bitshares.py");
    return found;
}

outcome play_with_peer(peer const& who, task const& what, std::function<void()> const& go)
{
    std::vector<std::string> command = who.command;
    command.push_back(json_of(what));
    script client(std::move(command));
    std::string line = client.line(what.give_up + 20'000);
    if (line == "ready")
    {
        go();
        client.go();
        line = client.line(watch_of(what) + what.give_up + 20'000);
    }
    auto const read = bitshares::from_json<said>(line);
    if (!read)
        throw std::runtime_error("the client's script says " + line);
    outcome o;
    o.watched = watch_of(what);
    o.warmed = read->warmed;
    o.answered = read->answered;
    o.failed = read->failed;
    o.hanging = read->hanging;
    o.last = std::strtod(read->last.text.c_str(), nullptr);
    o.error = read->error;
    if (what.follow != 0)
        o.gaps = read->gaps;
    if (what.asked_elsewhere)
        o.left = what.asked_elsewhere();
    return o;
}

} // namespace scoreboard
