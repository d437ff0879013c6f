#include "keys.hpp"

#include "online.hpp"
#include "terminal_text.hpp"

#include <bitshares/wallet/private_file.hpp>
#include <bitshares/wallet/wif_file.hpp>

#include <CLI/CLI.hpp>

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <iostream>
#include <iterator>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <termios.h>
#include <unistd.h>

namespace program {

using namespace bitshares;

namespace {

constexpr std::size_t max_file = std::size_t{1} << 20;

// What the owner of the file can mend is said as a matter of usage.
std::string refusal(char const* option, std::string const& path, error const& why)
{
    return std::string(option) + ": " + why.message() +
           (why.code() == errc::file_not_private ? "; chmod 600 " + path : std::string());
}

std::sig_atomic_t volatile signalled = 0;

/* While it lives, what asks the program to end does so only where it waits for a person: the terminal gets its echo back first.
   Blocked elsewhere, so that no signal comes between a look at `signalled` and a read. */
class signals_while_waiting
{
public:
    signals_while_waiting()
    {
        signalled = 0;
        sigset_t ours;
        sigemptyset(&ours);
        for (int const number : numbers)
            sigaddset(&ours, number);
        ::pthread_sigmask(SIG_BLOCK, &ours, &usual_);
        struct sigaction action = {};
        action.sa_handler = [](int) { signalled = 1; };
        for (std::size_t i = 0; i < std::size(numbers); ++i)
            ::sigaction(numbers[i], &action, &before_[i]);
    }
    signals_while_waiting(signals_while_waiting const&) = delete;
    signals_while_waiting& operator=(signals_while_waiting const&) = delete;
    ~signals_while_waiting()
    {
        for (std::size_t i = 0; i < std::size(numbers); ++i)
            ::sigaction(numbers[i], &before_[i], nullptr);
        ::pthread_sigmask(SIG_SETMASK, &usual_, nullptr);
    }

    /// Until a read would not wait. @throws interrupted
    void wait(int descriptor) const
    {
        ::pollfd input = {descriptor, POLLIN, 0};
        while (::ppoll(&input, 1, nullptr, &usual_) < 0 && errno == EINTR && signalled == 0)
            ;
        if (signalled != 0)
            throw interrupted();
    }

private:
    static constexpr int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    sigset_t usual_;
    struct sigaction before_[std::size(numbers)] = {};
};

/// The terminal, without echo while it lives.
class silent_terminal
{
public:
    silent_terminal() : fd_(::open("/dev/tty", O_RDWR | O_CLOEXEC))
    {
        if (fd_ < 0 || ::tcgetattr(fd_, &before_) != 0)
            return;
        termios quiet = before_;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        quiet.c_lflag |= ECHONL;
        changed_ = ::tcsetattr(fd_, TCSAFLUSH, &quiet) == 0;
    }
    ~silent_terminal()
    {
        if (changed_)
            ::tcsetattr(fd_, TCSAFLUSH, &before_);
        if (fd_ >= 0)
            ::close(fd_);
    }
    silent_terminal(silent_terminal const&) = delete;
    silent_terminal& operator=(silent_terminal const&) = delete;

    bool usable() const { return changed_; }

    secure_string ask(std::string const& prompt)
    {
        if (::write(fd_, prompt.data(), prompt.size()) < 0)
            throw usage_error("the terminal cannot be written");
        secure_string line;
        for (char c = 0;;)
        {
            signals_.wait(fd_);
            ::ssize_t const got = ::read(fd_, &c, 1);
            if (got == 1 && c != '\n')
                line.push_back(c);
            else if (got == 1)
                return line;
            else if (got == 0 || errno != EINTR)
                throw interrupted();
        }
    }

private:
    signals_while_waiting const signals_; // the first to come and the last to go
    int fd_;
    termios before_{};
    bool changed_ = false;
};

} // namespace

void add_key_options(CLI::App& command, key_options& o)
{
    command.add_option("--keyring", o.keyring, "File with keys under a passphrase, as bts wallet import makes it")
        ->type_name("FILE")
        ->check(check_not_empty);
    command
        .add_option("--passphrase-file", o.passphrase_file,
                    "Its first line is the keyring's passphrase; /dev/fd/N works, too (default: asked on the terminal)")
        ->type_name("FILE")
        ->check(check_not_empty);
    command
        .add_option("--key-file", o.key_file,
                    "File with private keys, a WIF each line; says so where others than its owner can read it")
        ->type_name("FILE")
        ->check(check_not_empty);
}

void keep_secrets_from_core_dumps()
{
    ::rlimit const none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    ::prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L);
}

secure_string read_passphrase(std::string const& file, std::string const& prompt, bool again)
{
    keep_secrets_from_core_dumps();
    if (!file.empty())
    {
        auto const text = read_private_file(file, max_file);
        if (!text)
            throw usage_error(refusal("--passphrase-file", file, text.error()));
        std::string_view line(reinterpret_cast<char const*>(text->data()), text->size());
        line = line.substr(0, line.find('\n'));
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        return secure_string(line);
    }
    silent_terminal terminal;
    if (!terminal.usable())
        throw usage_error("there is no terminal to ask for the passphrase; give --passphrase-file");
    secure_string passphrase = terminal.ask(prompt);
    if (again && !(terminal.ask("Once more: ") == passphrase))
        throw usage_error("the two are not the same");
    return passphrase;
}

bool is_confirmed(std::string const& question)
{
    signals_while_waiting const signals;
    std::cerr << printable(question) << " [y/N] " << std::flush;
    std::string answer;
    for (char c = 0;;)
    {
        signals.wait(STDIN_FILENO);
        ::ssize_t const got = ::read(STDIN_FILENO, &c, 1);
        if (got == 1 && c == '\n')
            return answer == "y" || answer == "Y" || answer == "yes";
        if (got == 1)
            answer.push_back(c);
        else if (got == 0 || errno != EINTR)
            throw interrupted();
    }
}

keyring load_keys(key_options const& o)
{
    keep_secrets_from_core_dumps();
    keyring keys;
    if (!o.keyring.empty())
    {
        secure_string const passphrase = read_passphrase(o.passphrase_file, "Passphrase of " + o.keyring + ": ");
        keys = load_keyring(o.keyring, passphrase.view()).value();
    }
    else if (!o.passphrase_file.empty())
        throw usage_error("--passphrase-file is of a keyring; name it by --keyring");
    if (!o.key_file.empty())
    {
        auto found = read_wif_file(o.key_file);
        if (!found && found.error().code() == errc::file_not_private)
        {
            std::cerr << "--key-file: others can read " << printable(o.key_file)
                      << ", and use what is in it; chmod 600 " << printable(o.key_file) << '\n';
            found = read_wif_file(o.key_file, file_access::any);
        }
        if (!found)
            throw usage_error(refusal("--key-file", o.key_file, found.error()));
        for (private_key& key : *found)
            if (auto const added = keys.add(std::move(key)); !added && added.error().code() != errc::duplicate_key)
                throw exception(added.error());
    }
    return keys;
}

} // namespace program
