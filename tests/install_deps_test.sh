#!/usr/bin/env bash
# What cmake/install-deps.sh does on machines that lack one thing or another: a copy of it runs where every program that it
# calls is a double. Needs neither root nor a network, and changes nothing outside of a temporary directory.
set -euo pipefail
script=$(cd "$(dirname "${BASH_SOURCE[0]}")/../cmake" && pwd)/install-deps.sh
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# A machine that has everything: `missing/PACKAGE` takes something away, `log` tells what was done to it.
machine() { # UID
    box=$scratch/box
    rm -rf "$box"
    mkdir -p "$box/bin" "$box/missing" "$box/project/cmake"
    cp "$script" "$box/project/cmake/"
    touch "$box/log"
    for tool in bash env cat sed sort head dirname rm mkdir mv touch true; do
        ln -s "$(type -P "$tool")" "$box/bin/$tool"
    done
    double id "echo $1"
    double ninja ''
    double pkg-config ''
    double dpkg 'echo "dpkg $*" >>"$box/log"; mkdir -p "$3/usr/include/boost" && touch "$3/usr/include/boost/version.hpp"'
    double cmake 'echo "cmake version 3.25.1"'
    double python3 '[ "${1:-}" != -c ] || [ ! -e "$box/missing/python3-venv" ]'
    double clang++-19 '[ ! -e "$box/missing/libclang-rt-19-dev" ] && echo "$box/bin/clang++-19"'
    double clang-format-19 ''
    double ld.lld-19 ''
    double llvm-symbolizer-19 ''
    double bean-check ''
    double ledger ''
    for tool in javac mvn curl unzip openssl nginx haproxy; do double "$tool" ''; done
    double apt-cache '[ ! -e "$box/old-lists" ]'
    # A compiler that finds the headers of what is not missing, and those of Boost also where they were unpacked.
    double g++ '
text=$(cat)
case $text in
    *BOOST_VERSION*) package=libboost1.81-dev ;;
    *__GNUC__*) package=g++ ;;
    *openssl/*) package=libssl-dev ;;
    *rapidjson/*) package=rapidjson-dev ;;
    *secp256k1*) package=libsecp256k1-dev ;;
    *zlib*) package=zlib1g-dev ;;
    *lzma.h*) package=liblzma-dev ;;
    *doctest/*) package=doctest-dev ;;
    *CLI/*) package=libcli11-dev ;;
    *sqlite3.h*) package=libsqlite3-dev ;;
    *) exit 1 ;;
esac
[ $package != libboost1.81-dev ] || [ ! -e "$box/project/build/deps/usr/include/boost/version.hpp" ] || exit 0
[ ! -e "$box/missing/$package" ]'
    # `conflict/PACKAGE`: apt would have to remove something for it. What is installed is no longer missing.
    double apt-get '
words=() simulate=no
while [ $# -gt 0 ]; do
    case $1 in
        -o) shift ;;
        -s) simulate=yes ;;
        --no-remove) safe=yes ;;
        -*) ;;
        *) words+=("$1") ;;
    esac
    shift
done
action=${words[0]} packages=("${words[@]:1}")
case $action in
    update) echo update >>"$box/log"; [ ! -e "$box/offline" ] && rm -f "$box/old-lists" ;;
    download)
        echo "download ${packages[*]}" >>"$box/log"
        [ ! -e "$box/offline" ] && touch "${packages[0]}_1_amd64.deb"
        ;;
    install)
        for package in "${packages[@]}"; do
            if [ -e "$box/conflict/$package" ]; then
                [ "${safe:-no}" = yes ] || echo "REMOVED SOMETHING" >>"$box/log"
                exit 100
            fi
            [ ! -e "$box/old-lists" ] || exit 100
        done
        [ $simulate = no ] || exit 0
        echo "install ${packages[*]}${safe:+ (removing nothing)}" >>"$box/log"
        [ ! -e "$box/offline" ] || exit 100
        [ -e "$box/useless" ] || for package in "${packages[@]}"; do rm -f "$box/missing/$package"; done
        ;;
esac'
}

double() { # NAME BODY
    printf '#!%s\nset -u\nbox=%q\n%s\n' "$BASH" "$box" "$2" >"$box/bin/$1"
    chmod +x "$box/bin/$1"
}

lacks() { # PACKAGE ...
    local package
    for package in "$@"; do
        touch "$box/missing/$package"
        case $package in
            cmake | python3 | pkg-config | clang-format-19 | ledger) rm "$box/bin/$package" ;;
            ninja-build) rm "$box/bin/ninja" ;;
            clang-19) rm "$box/bin/clang++-19" ;;
            beancount) rm "$box/bin/bean-check" ;;
            lld-19) rm "$box/bin/ld.lld-19" ;;
            llvm-19) rm "$box/bin/llvm-symbolizer-19" ;;
        esac
    done
}

conflicts() {
    mkdir -p "$box/conflict"
    (cd "$box/conflict" && touch "$@")
}

with_sudo() { double sudo '[ "${1:-}" != -n ] || exec "${@:2}"; echo "sudo ${1##*/}" >>"$box/log"; exec "$@"'; }

run() { # ARGUMENTS: sets code, said (stderr) and printed (stdout)
    code=0
    (cd / && PATH=$box/bin "$BASH" "$box/project/cmake/install-deps.sh" "$@") >"$box/printed" 2>"$box/said" </dev/null || code=$?
    printed=$(<"$box/printed")
    said=$(<"$box/said")
    log=$(<"$box/log")
}

passed=0
failed=0
check() { # WHAT COMMAND ...
    local what=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED: %s: %s: %s\n  exit code %s\n  done: %s\n  said: %s\n' "$about" "$what" "$*" "$code" "$log" "$said"
    fi
}
is() { [ "$1" = "$2" ]; }
has() { [[ $1 == *"$2"* ]]; }
has_not() { [[ $1 != *"$2"* ]]; }
unpacked() { [ -e "$box/project/build/deps/usr/include/boost/version.hpp" ]; }
not() { ! "$@"; }

about="a machine that has everything"
machine 0
run
check "passes" is "$code" 0
check "nothing is done" is "$log" ""
check "nothing is said" is "$said$printed" ""
machine 1000
run
check "no root is needed" is "$code" 0
run --list
check "nothing is listed" is "$code $printed" "0 "

about="root, something is missing"
machine 0
lacks libssl-dev doctest-dev
run
check "passes" is "$code" 0
check "exactly that is installed, nothing removed" is "$log" "install libssl-dev doctest-dev (removing nothing)"
run
check "the second time there is nothing to do" is "$log" "install libssl-dev doctest-dev (removing nothing)"

about="root, everything is missing, Boost fits"
machine 0
all=(g++ ninja-build pkg-config libssl-dev rapidjson-dev libsecp256k1-dev zlib1g-dev liblzma-dev doctest-dev libcli11-dev libsqlite3-dev libboost1.81-dev)
lacks "${all[@]}"
run
check "passes" is "$code" 0
check "all is installed at once" is "$log" "install ${all[*]} (removing nothing)"
check "nothing is unpacked" not unpacked

about="root, Boost would remove other packages"
machine 0
lacks zlib1g-dev libboost1.81-dev
conflicts libboost1.81-dev
run
check "passes" is "$code" 0
check "says so" has "$said" "would remove other packages"
check "Boost is not installed" has_not "$log" "install libboost"
check "nothing is removed" has_not "$log" REMOVED
check "the rest is installed" has "$log" "install zlib1g-dev (removing nothing)"
check "its headers are unpacked" unpacked
check "no part is left behind" not test -e "$box/project/build/deps/part"
run
check "the second time there is nothing to do" is "$code $said" "0 "

about="neither root nor sudo"
machine 1000
lacks libsecp256k1-dev rapidjson-dev
run
check "fails" is "$code" 1
check "nothing is done" is "$log" ""
check "names what is missing" has "$said" "missing: rapidjson-dev libsecp256k1-dev"
check "names the command" has "$said" "apt-get install --no-install-recommends rapidjson-dev libsecp256k1-dev"
check "says why" has "$said" "no root and no sudo"
run --list
check "lists what is missing" is "$code $printed" "1 rapidjson-dev
libsecp256k1-dev"
lacks libboost1.81-dev
run
check "fails with Boost missing, too" is "$code" 1
check "names Boost, too" has "$said" "--no-install-recommends rapidjson-dev libsecp256k1-dev libboost1.81-dev"
check "nothing is unpacked in vain" is "$log" ""

about="neither root nor sudo, only Boost is missing"
machine 1000
lacks libboost1.81-dev
run
check "passes" is "$code" 0
check "its headers are unpacked" unpacked
check "nothing is installed" has_not "$log" install
machine 1000
lacks libboost1.81-dev
touch "$box/offline"
run
check "fails without a network" is "$code" 1
check "names Boost" has "$said" "missing: libboost1.81-dev"

about="sudo without a password"
machine 1000
with_sudo
lacks doctest-dev
run
check "passes" is "$code" 0
check "installs by sudo" is "$log" "sudo env
install doctest-dev (removing nothing)"

about="sudo that asks for a password, and nobody there"
machine 1000
double sudo 'exit 1'
lacks doctest-dev
run
check "fails instead of waiting" is "$code" 1
check "says why" has "$said" "no root and no sudo"
check "nothing is installed" is "$log" ""

about="no package can be installed without removing others"
machine 0
lacks doctest-dev
conflicts doctest-dev
run
check "fails" is "$code" 1
check "nothing is installed or removed" is "$log" update
check "says why" has "$said" "without removing other packages"
check "names it" has "$said" "missing: doctest-dev"

about="old package lists"
machine 0
touch "$box/old-lists"
lacks doctest-dev
run
check "passes" is "$code" 0
check "they are updated first" is "$log" "update
install doctest-dev (removing nothing)"

machine 0
touch "$box/old-lists"
lacks libboost1.81-dev
run
check "what old lists cannot give is not taken for a conflict" is "$log" "update
install libboost1.81-dev (removing nothing)"

about="no network"
machine 0
touch "$box/offline"
lacks doctest-dev
run
check "fails" is "$code" 1
check "names it" has "$said" "missing: doctest-dev"

about="a Boost that is installed and not found"
machine 0
lacks libboost1.81-dev
touch "$box/useless"
run
check "fails" is "$code" 1
check "says so" has "$said" "Boost 1.81 is still not found"

about="no apt-get"
machine 0
rm "$box/bin/apt-get"
lacks doctest-dev
run
check "fails" is "$code" 1
check "names it" has "$said" "missing: doctest-dev"

about="a cmake that is too old"
machine 0
double cmake 'echo "cmake version 3.18.4"'
run
check "fails" is "$code" 1
check "says what is needed" has "$said" "cmake is 3.18; 3.24 or newer is needed"

about="--long"
machine 0
lacks clang-19 libclang-rt-19-dev lld-19 clang-format-19 llvm-19 python3-venv beancount ledger doctest-dev
run --list
check "without it these are not asked for" is "$printed" doctest-dev
run --long --list
check "lists them" has "$printed" "doctest-dev
clang-19
libclang-rt-19-dev
lld-19
clang-format-19
llvm-19
python3-venv
beancount
ledger"

about="an unknown argument"
machine 0
run --everything
check "is a matter of usage" is "$code" 2
check "nothing is done" is "$log" ""
check "the usage is shown" has "$printed" "--list"

printf 'install-deps: %s passed, %s failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
