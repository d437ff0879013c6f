#!/usr/bin/env bash
# Installs what a Debian 12 machine lacks to build this project. Does nothing when all is there.
#
#   bash cmake/install-deps.sh           what the library, the programs and the tests need
#   bash cmake/install-deps.sh --long    also what tests/run.sh --long needs: clang 19 with its sanitizers, Python's venv, Beancount,
#                                        Ledger; Java with Maven, nginx and HAProxy for search servers
#   bash cmake/install-deps.sh --list    only says what is missing; exit code 1 when something is
#
# It never removes a package. Where libboost1.81-dev would (it conflicts with the 1.74 -dev packages), or where there is
# no root, its headers are unpacked into build/deps, where CMakeLists.txt looks first.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
deps=$root/build/deps
long=no
list=no
for argument in "$@"; do
    case $argument in
        --long) long=yes ;;
        --list) list=yes ;;
        *) sed -n '2,10s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 2 ;;
    esac
done

say() { printf 'install-deps: %s\n' "$*" >&2; }

# A header counts wherever the compiler finds it: nobody is made to install a package beside his own build.
has_header() {
    printf '#include <%s>\n%s\n' "$1" "${2:-}" | g++ -x c++ -std=c++20 -I"$deps/usr/include" -fsyntax-only - 2>/dev/null
}
has_boost() {
    printf '#include <boost/version.hpp>\n#if BOOST_VERSION < 108100\n#error old\n#endif\n' |
        g++ -x c++ -I"$deps/usr/include" -fsyntax-only - 2>/dev/null
}
has_gxx() {
    printf '#if __GNUC__ < 12\n#error old\n#endif\n#include <string>\n' | g++ -x c++ -std=c++20 -fsyntax-only - 2>/dev/null
}
has_cli11() { has_header CLI/Version.hpp; }
has_venv() { python3 -c 'import venv, ensurepip' 2>/dev/null; }
has_clang_runtime() {
    local runtime
    runtime=$(clang++-19 -print-file-name=libclang_rt.asan-x86_64.a 2>/dev/null) && [ -e "$runtime" ] && return
    runtime=$(clang++-19 -print-runtime-dir 2>/dev/null) && compgen -G "$runtime/libclang_rt.asan*.a" >/dev/null
}
has_server() { command -v "$1" || [ -x "/usr/sbin/$1" ]; } # which is not in everybody's PATH

missing=()
lacks() { # PACKAGE COMMAND...: the package is needed when the command fails
    local package=$1
    shift
    "$@" >/dev/null 2>&1 || missing+=("$package")
}
lacks g++ has_gxx
lacks cmake command -v cmake
lacks ninja-build command -v ninja
lacks pkg-config command -v pkg-config
lacks python3 command -v python3
lacks libssl-dev has_header openssl/ssl.h
lacks rapidjson-dev has_header rapidjson/reader.h
lacks libsecp256k1-dev has_header secp256k1_recovery.h
lacks zlib1g-dev has_header zlib.h
lacks liblzma-dev has_header lzma.h
lacks doctest-dev has_header doctest/doctest.h
lacks libcli11-dev has_cli11
lacks libsqlite3-dev has_header sqlite3.h
lacks libboost1.81-dev has_boost
if [ $long = yes ]; then
    lacks clang-19 command -v clang++-19
    lacks libclang-rt-19-dev has_clang_runtime
    lacks lld-19 command -v ld.lld-19
    lacks clang-format-19 command -v clang-format-19
    lacks llvm-19 command -v llvm-symbolizer-19
    lacks python3-venv has_venv
    lacks ca-certificates test -e /etc/ssl/certs/ca-certificates.crt
    lacks beancount command -v bean-check
    lacks ledger command -v ledger
    lacks openjdk-17-jdk-headless command -v javac
    lacks maven command -v mvn
    lacks curl command -v curl
    lacks unzip command -v unzip
    lacks openssl command -v openssl
    lacks nginx has_server nginx
    lacks haproxy has_server haproxy
fi

if [ ${#missing[@]} -gt 0 ]; then
    if [ $list = yes ]; then
        printf '%s\n' "${missing[@]}"
        exit 1
    fi
elif [ $list = yes ]; then
    exit 0
fi

give_up() {
    say "$1"
    say "missing: ${missing[*]}"
    say "on Debian 12, as root: apt-get update && apt-get install --no-install-recommends ${missing[*]}"
    exit 1
}

if [ ${#missing[@]} -gt 0 ]; then
    say "missing: ${missing[*]}"
    command -v apt-get >/dev/null || give_up "this machine has no apt-get; install the equivalents of these Debian packages"

    as_root=()
    may_install=yes
    if [ "$(id -u)" != 0 ]; then
        if command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
            as_root=(sudo)
        else
            may_install=no
        fi
    fi

    boost=no
    packages=()
    for package in "${missing[@]}"; do
        if [ "$package" = libboost1.81-dev ]; then boost=yes; else packages+=("$package"); fi
    done

    if [ $may_install = no ] && [ ${#packages[@]} -gt 0 ]; then give_up "no root and no sudo"; fi

    # `--no-remove` makes apt refuse rather than remove, whatever this script has overlooked.
    apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 --no-install-recommends --no-remove)
    would_install() { "${apt[@]}" install -s "$@" >/dev/null 2>&1; }
    update() { [ $may_install = no ] || ${as_root[@]+"${as_root[@]}"} "${apt[@]}" update >&2 || say "apt-get update failed; going on with the old lists"; }

    if ! apt-cache show "${missing[@]}" >/dev/null 2>&1; then update; fi
    if [ $boost = yes ]; then
        if [ $may_install = yes ] && would_install ${packages[@]+"${packages[@]}"} libboost1.81-dev; then
            packages+=(libboost1.81-dev)
        else
            if [ $may_install = yes ]; then
                say "libboost1.81-dev would remove other packages; unpacking its headers into build/deps instead"
            else
                say "no root and no sudo; unpacking the headers of libboost1.81-dev into build/deps"
            fi
            command -v dpkg >/dev/null || give_up "this machine has no dpkg"
            rm -rf "$deps/part"
            mkdir -p "$deps/part"
            (cd "$deps/part" && apt-get -q download libboost1.81-dev >&2) || give_up "libboost1.81-dev cannot be downloaded"
            dpkg -x "$deps"/part/libboost1.81-dev_*.deb "$deps/part/tree"
            rm -rf "$deps/usr"
            mv "$deps/part/tree/usr" "$deps/usr"
            rm -rf "$deps/part"
        fi
    fi
    if [ ${#packages[@]} -gt 0 ]; then
        missing=("${packages[@]}")
        would_install "${packages[@]}" || { update; would_install "${packages[@]}"; } ||
            give_up "apt-get cannot install these without removing other packages"
        ${as_root[@]+"${as_root[@]}"} "${apt[@]}" install "${packages[@]}" >&2 ||
            { update; ${as_root[@]+"${as_root[@]}"} "${apt[@]}" install "${packages[@]}" >&2; } ||
            give_up "apt-get could not install"
    fi
    has_boost || give_up "Boost 1.81 is still not found"
fi

version=$(cmake --version | sed -n '1s/[^0-9]*\([0-9]*\.[0-9]*\).*/\1/p')
if [ "$(printf '%s\n3.24\n' "$version" | sort -V | head -n 1)" != 3.24 ]; then
    say "cmake is $version; 3.24 or newer is needed"
    exit 1
fi
