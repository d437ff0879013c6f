#!/usr/bin/env bash
# Installs, builds and tests. Exit code 0 only if all passed; the last line is "N passed, N failed".
#
#   bash tests/run.sh            what a user wants to know: builds with the machine's compiler and runs the tests
#   bash tests/run.sh --long     (or CI=true) also: sanitizers, threads, every header alone, consumers, Conan, fuzzers, benchmarks
#   bash tests/run.sh STEP ...   only these steps; --steps lists them, also coverage, which is in no mode
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
jobs=${BITSHARES_JOBS:-2}
fuzz_seconds=${BITSHARES_FUZZ_SECONDS:-20} # of what reads keys, wallets and transactions; the others have half of it
step_seconds=${BITSHARES_STEP_SECONDS:-2700} # a step that hangs ends, too
logs=$root/build/logs

# Steps joined by + run at the same time: one program of tests keeps one core busy, and the next build fills the other.
short_steps=(structure install-deps build unit+integration fuzz-replay example)
long_steps=(structure+install-deps+format+headers build fuzz-replay+example benchmark
    unit+integration+debug-build debug-unit+debug-integration+find_package+add_subdirectory+pkg_config+conan
    fuzz+tsan-build+search-servers tsan-unit+tsan-integration)
more_steps=(coverage) # only when they are named
all_steps="${long_steps[*]} ${more_steps[*]}"
all_steps=${all_steps//+/ }

long=no
steps=()
if [ -n "${CI:-}" ] && [ "$CI" != false ]; then long=yes; fi
usage() { sed -n '2,6s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; }
for argument in "$@"; do
    case $argument in
        --long) long=yes ;;
        --steps) tr ' ' '\n' <<<"$all_steps"; exit 0 ;;
        -h | --help) usage; exit 0 ;;
        -*) usage >&2; exit 2 ;;
        *)
            [[ " $all_steps " == *" $argument "* ]] || { echo "no step $argument; see --steps" >&2; exit 2; }
            steps+=("$argument")
            long=yes
            ;;
    esac
done
if [ ${#steps[@]} -eq 0 ]; then
    if [ $long = yes ]; then steps=("${long_steps[@]}"); else steps=("${short_steps[@]}"); fi
fi
# Warnings are errors where this project is checked, not where a newer compiler meets it.
werror=OFF
if [ $long = yes ]; then werror=ON; fi

mkdir -p "$logs"

# Each step is a function; its exit code decides. Programs of doctest count case by case, every other step counts as one.
step_structure() { python3 tests/structure.py --self-test && python3 tests/structure.py; }
step_install-deps() { bash tests/install_deps_test.sh; }
step_format() {
    find include examples tests cmake -name '*.[hi]pp' -o -name '*.cpp' | sort >"$logs/format.files"
    xargs clang-format-19 --dry-run -Werror <"$logs/format.files"
}
build() { cmake --preset "$@" && nice cmake --build --preset "$1" -j "$jobs" -- -k 0; } # tests that run beside it go first
step_headers() { bash tests/headers_test.sh && build headers-only; }
step_build() { build release -DBITSHARES_WERROR=$werror; }
step_unit() {
    if [ $long = yes ]; then export BITSHARES_POOL_SCHEDULES=1000 BITSHARES_SUBSCRIPTION_SEEDS=100; fi
    build/release/bin/bitshares_unit_tests
}
step_integration() {
    if [ $long = yes ]; then export BITSHARES_JOURNALS=check BITSHARES_EXPORT_KILLS=20; fi
    build/release/bin/bitshares_integration_tests
}
step_fuzz-replay() { ctest --preset release -R '^fuzz_' --no-tests=error; }
step_example() { bash examples/run.sh; }
step_benchmark() { bash tests/benchmark/run.sh --quick && bash tests/benchmark/run_test.sh; }
step_debug-build() { build debug; }
step_debug-unit() { build/debug/bin/bitshares_unit_tests; }
step_debug-integration() { build/debug/bin/bitshares_integration_tests; }
step_fuzz() {
    local first=(unpack_transaction json_operation base58 wif memo ui_backup cli_wallet keyring) rest
    bash tests/soak.sh --seconds "$fuzz_seconds" --no-build "${first[@]}"
    mapfile -t rest < <(bash tests/soak.sh --list | grep -vxF "$(printf '%s\n' "${first[@]}")")
    bash tests/soak.sh --seconds $(((fuzz_seconds + 1) / 2)) --no-build "${rest[@]}"
}
step_tsan-build() { build tsan; }
step_tsan-unit() { build/tsan/bin/bitshares_unit_tests; }
step_tsan-integration() { build/tsan/bin/bitshares_integration_tests; }
step_search-servers() { nice bash tests/search_servers.sh; }
step_find_package() { CXX=clang++-19 nice bash tests/consumer/run.sh find_package; }
step_add_subdirectory() { CXX=clang++-19 nice bash tests/consumer/run.sh add_subdirectory; }
step_pkg_config() { CXX=clang++-19 nice bash tests/consumer/run.sh pkg_config; }
step_coverage() { build coverage && bash tests/coverage.sh; }
step_conan() { nice bash tests/consumer/run.sh conan; }

passed=0
failed=0
failing=()
finished=no

# Also when the script is stopped half way: whoever reads the last line must not take silence for success.
report() {
    if [ $finished = no ]; then
        failed=$((failed + 1))
        failing+=("interrupted")
    fi
    if [ ${#failing[@]} -gt 0 ]; then
        printf '\nfailed:\n'
        printf '  %s\n' "${failing[@]}"
    fi
    printf '%s passed, %s failed\n' "$passed" "$failed"
}
trap report EXIT
trap 'kill $(jobs -p) 2>/dev/null; exit 130' INT
trap 'kill $(jobs -p) 2>/dev/null; exit 143' TERM

if [ $long = yes ]; then bash cmake/install-deps.sh --long; else bash cmake/install-deps.sh; fi

# Runs a step; leaves its exit code and seconds beside its log.
run_step() {
    local since=$SECONDS code=0 child
    : >"$logs/$1.log"
    # timeout takes programs only, and ends all that the program began; what the functions need is said again.
    timeout --kill-after=20 "$step_seconds" bash -c "set -euo pipefail
        $(declare -p jobs fuzz_seconds logs long werror)
        $(declare -f build "step_$1")
        step_$1" >>"$logs/$1.log" 2>&1 </dev/null &
    child=$!
    trap 'kill "$child"' TERM
    wait "$child" || code=$?
    if [ $((SECONDS - since)) -ge "$step_seconds" ]; then echo "ERROR: no end within $step_seconds s" >>"$logs/$1.log"; fi
    echo "$code $((SECONDS - since))" >"$logs/$1.status"
}

report_step() {
    local step=$1 log=$logs/$1.log code took good=0 bad=0 cases
    read -r code took <"$logs/$step.status"
    # [doctest] test cases: 12 | 11 passed | 1 failed | 0 skipped
    if cases=$(sed 's/\x1b\[[0-9;]*m//g' "$log" | grep -E '^\[doctest\] test cases: '); then
        good=$(awk -F'[:|]' '{ s += $3 } END { print s + 0 }' <<<"$cases")
        bad=$(awk -F'[:|]' '{ s += $4 } END { print s + 0 }' <<<"$cases")
    elif [ "$code" = 0 ]; then
        good=1
    fi
    if [ "$code" != 0 ] && [ "$bad" = 0 ]; then bad=1; fi
    if [ "$code" = 0 ] && [ "$good" = 0 ]; then code=1 bad=1; fi # a run without a case proves nothing
    passed=$((passed + good))
    failed=$((failed + bad))
    if [ "$code" = 0 ]; then
        printf '%-20s ok      %4d s  %s\n' "$step" "$took" "$([ "$good" -gt 1 ] && echo "$good cases")"
    else
        broken+=" $step "
        failing+=("$step (exit code $code), see $log")
        printf '%-20s FAILED  %4d s\n' "$step" "$took"
        grep -E '^(TEST CASE:|.*(error|ERROR|FAILED):? )' "$log" | cut -c1-300 | head -n 40 || true
        echo '  ...'
        tail -n 25 "$log" | cut -c1-300
    fi
}

broken=
for group in "${steps[@]}"; do
    running=()
    for step in ${group//+/ }; do
        # Without its build a program would be missing or old.
        case $step in
            unit | integration | fuzz-replay | example | benchmark | search-servers) needs=build ;;
            debug-unit | debug-integration | fuzz) needs=debug-build ;;
            tsan-unit | tsan-integration) needs=tsan-build ;;
            *) needs= ;;
        esac
        if [ -n "$needs" ] && [[ $broken == *" $needs "* ]]; then
            failed=$((failed + 1))
            failing+=("$step: not run, $needs failed")
            continue
        fi
        echo '1 0' >"$logs/$step.status" # of a step that is killed
        run_step "$step" &
        running+=("$step")
    done
    wait
    for step in ${running[@]+"${running[@]}"}; do report_step "$step"; done
done
finished=yes
[ "$failed" = 0 ]
