#!/usr/bin/env bash
# Whether tests/benchmark/run.sh tells a figure under its bar from one that could not be measured: a copy of it runs doubles of
# the programs. Then one real program must miss a bar that nothing can reach.
#
#   bash tests/benchmark/run_test.sh            the script and, where it is built, a program of build/release
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch"/{tests/benchmark,cmake,build/release/bin,bin}
cp "$root/tests/benchmark/run.sh" "$scratch/tests/benchmark/"

double() { # FILE EXIT-CODE: says that it was run, and with what
    printf '#!/bin/sh\necho "%s $*" >>%q/log\nexit %s\n' "${1##*/}" "$scratch" "$2" >"$scratch/$1"
    chmod +x "$scratch/$1"
}
programs() { # EXIT-CODES of engines, rpc_pipeline, export, include_time
    rm -f "$scratch/log"
    double cmake/install-deps.sh 0
    double bin/cmake 0
    double build/release/bin/benchmark_engines "$1"
    double build/release/bin/benchmark_authority 0
    double build/release/bin/benchmark_signing 0
    double build/release/bin/benchmark_rpc_pipeline "$2"
    double build/release/bin/benchmark_pool_overhead 0
    double build/release/bin/benchmark_export "$3"
    double build/release/bin/benchmark_es_export 0
    double build/release/bin/benchmark_wrapper 0
    double build/release/bin/benchmark_include_time "$4"
}
run() {
    code=0
    PATH=$scratch/bin:$PATH bash "$scratch/tests/benchmark/run.sh" "$@" >"$scratch/said" 2>&1 || code=$?
    ran=$(grep -o '^benchmark_[a-z_]*' "$scratch/log" | tr '\n' ' ' || true)
}

wrong=0
all="benchmark_engines benchmark_authority benchmark_signing benchmark_rpc_pipeline benchmark_pool_overhead benchmark_export benchmark_es_export benchmark_wrapper benchmark_include_time "
expect() { # WHAT CODE PROGRAMS
    if [ "$code" != "$2" ] || [ "$ran" != "$3" ]; then
        echo "benchmark: $1: exit code $code, expected $2; ran: $ran"
        wrong=1
    fi
}

programs 0 0 0 0
run
expect "all above their bars" 0 "$all"
run export_rows json_read_history
[ "$(grep -c ' export_rows$' "$scratch/log")" = 1 ] || { echo "benchmark: the program is not told which figure"; wrong=1; }

programs 1 0 0 0
run
expect "the first is under its bar: the others run all the same" 1 "$all"
programs 1 0 0 0
run --quick
expect "--quick proves no rate" 0 "benchmark_engines "
programs 0 0 0 1
run
expect "the last is under its bar" 1 "$all"
programs 1 0 139 0
run
expect "a crash is worse than a figure under its bar" 2 "benchmark_engines benchmark_authority benchmark_signing benchmark_rpc_pipeline benchmark_pool_overhead benchmark_export "
programs 139 0 0 0
run --quick
expect "a crash with --quick" 2 "benchmark_engines "
programs 0 0 0 0
rm "$scratch/build/release/bin/benchmark_rpc_pipeline"
run rpc_pipeline
expect "a program that is not there" 2 ""
programs 0 0 0 0
double bin/cmake 1
run
expect "a build that fails" 2 ""
programs 0 0 0 0
double cmake/install-deps.sh 1
run
expect "packages that are missing" 2 ""
programs 0 0 0 0
touch "$scratch/log"
run no_such_figure
expect "an unknown figure" 2 ""

program=$root/build/release/bin/benchmark_engines
if [ -x "$program" ]; then
    code=0
    line=$(BITSHARES_BAR_FACTOR=1000 "$program" binary_unpack_transfer) || code=$?
    ran=
    expect "$line" 1 ""
    grep -q '"name":"binary_unpack_transfer".*"bar":1000.00' <<<"$line" || { echo "benchmark: no bar of 1000: $line"; wrong=1; }
fi
exit $wrong
