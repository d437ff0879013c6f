#!/usr/bin/env bash
# The long ones: every fuzzer of tests/fuzz, each for a time of its own, from its corpus; a program that pays is killed 500 times
# (kill), one that exports 200 times, from every kind of source (export); calls, subscriptions and payments over a pool meet
# 10,000 schedules of simulated faults and 1,000 real faults, subscriptions alone 1,000 of forks (pool); all programs run under the
# thread sanitizer (threads). Elasticsearch 6.2 and 8.6, and OpenSearch with users, are started, fed and read (servers).
# bts-scoreboard judges the bars of a pool, optimised and alone on the machine; clients that are installed in build/peers are shown
# beside it (scoreboard).
#
#   bash tests/soak.sh [--seconds N] [--no-build] [FUZZER|kill|export|pool|threads|servers|scoreboard ...]
#                                                                       default: all; 600 s each, two at a time
#   bash tests/soak.sh --list                                           the fuzzers' names
#
# New inputs stay in build/fuzz/<name>; a finding is printed, kept in build/fuzz/findings, and makes the exit code 1.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
seconds=600
build=yes
names=()
all_fuzzers() {
    local source
    for source in tests/fuzz/*.cpp; do
        [ "$source" = tests/fuzz/replay_main.cpp ] || basename "$source" .cpp
    done
}
while [ $# -gt 0 ]; do
    case $1 in
        --seconds) seconds=$2; shift ;;
        --no-build) build=no ;;
        --list) all_fuzzers; exit 0 ;;
        -*) sed -n '2,13s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 2 ;;
        *) names+=("$1") ;;
    esac
    shift
done
if [ $build = yes ]; then
    bash cmake/install-deps.sh --long
    if [ "${names[*]}" != scoreboard ]; then # it has no use for it
        cmake --preset debug
        cmake --build --preset debug -j "${BITSHARES_JOBS:-2}"
    fi
fi
if [ ${#names[@]} -eq 0 ]; then
    mapfile -t names < <(all_fuzzers)
    names+=(kill export pool threads servers scoreboard)
fi
fuzzers=()
kill=no
export=no
pool=no
threads=no
servers=no
scoreboard=no
for name in "${names[@]}"; do
    case $name in
        kill) kill=yes ;;
        export) export=yes ;;
        pool) pool=yes ;;
        threads) threads=yes ;;
        servers) servers=yes ;;
        scoreboard) scoreboard=yes ;;
        *) fuzzers+=("$name") ;;
    esac
done
[ ${#names[@]} -gt 0 ] || { echo "no fuzzer in tests/fuzz" >&2; exit 1; }

findings=$root/build/fuzz/findings
mkdir -p "$findings"
fuzz() {
    local name=$1 corpus=$root/build/fuzz/$1
    mkdir -p "$corpus"
    # 4096 bytes are enough for every structure; a leak or 2 GiB of memory is a finding as well as a crash.
    if ASAN_OPTIONS=detect_leaks=1 timeout $((seconds * 2 + 120)) "build/debug/bin/fuzz_$name" \
        -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="$findings/$name-" "$corpus" "tests/fuzz/corpus/$name" >"$corpus.log" 2>&1; then
        echo "fuzz_$name: $(grep -oE 'number_of_executed_units: *[0-9]+' "$corpus.log" | grep -oE '[0-9]+$' || echo no) inputs, nothing found"
    else
        echo "fuzz_$name: FOUND something"
        tail -n 40 "$corpus.log"
        return 1
    fi
}

# Two at a time: a machine has two cores.
failed=0
if [ $scoreboard = yes ]; then
    if [ $build = yes ]; then
        cmake --preset release
        cmake --build --preset release -j "${BITSHARES_JOBS:-2}" --target bts-scoreboard
    fi
    peers=()
    if [ -d build/peers ]; then peers=(--peers build/peers); fi
    # Its exit code is the verdict on the library alone.
    build/release/bin/bts-scoreboard "${peers[@]}" || failed=1
fi
if [ $kill = yes ]; then
    # Each state of the journal is to be hit at least 20 times: the test counts, and prints them.
    BITSHARES_KILLS=500 build/debug/bin/bitshares_integration_tests --test-case='integration/kill*' || failed=1
fi
if [ $export = yes ]; then
    BITSHARES_EXPORT_KILLS=200 build/debug/bin/bitshares_integration_tests \
        --test-case='integration/export_formats: killed*' || failed=1
fi
if [ $pool = yes ]; then
    # What fails says its seed; BITSHARES_POOL_SEED=N and BITSHARES_SUBSCRIPTION_SEED=N play it again.
    BITSHARES_POOL_SCHEDULES=10000 BITSHARES_SUBSCRIPTION_SEEDS=1000 build/debug/bin/bitshares_unit_tests \
        --test-case='net/pool_simulation*,rpc/subscription*' || failed=1
    BITSHARES_POOL_FAULTS=1000 build/debug/bin/bitshares_integration_tests --test-case='integration/node_pool*' || failed=1
fi
if [ $threads = yes ]; then
    # The long mode has the library's threads under this sanitizer; here the programs have theirs, too.
    cmake --preset tsan -B build/tsan-programs -DBITSHARES_BUILD_EXAMPLES=ON
    cmake --build build/tsan-programs -j "${BITSHARES_JOBS:-2}"
    build/tsan-programs/bin/bitshares_integration_tests || failed=1
fi
if [ $servers = yes ]; then
    bash tests/search_servers.sh --more build/debug/bin/bitshares_integration_tests || failed=1
fi
names=("${fuzzers[@]}")
for ((i = 0; i < ${#names[@]}; i += 2)); do
    fuzz "${names[i]}" &
    first=$!
    second=
    if [ $((i + 1)) -lt ${#names[@]} ]; then
        fuzz "${names[i + 1]}" &
        second=$!
    fi
    wait "$first" || failed=1
    if [ -n "$second" ]; then wait "$second" || failed=1; fi
done
exit $failed
