#!/usr/bin/env bash
# Builds the release preset and prints one JSON line a figure:
#   name, value, unit, limit, ratio (achieved rate / limit rate; memory: allowed / used), bar
# A limit that is far from what such a machine should reach is flagged "suspect_limit":true.
#
#   bash tests/benchmark/run.sh [name ...]      without names: all
#   bash tests/benchmark/run.sh --quick         runs the engines and shows their figures; passes whatever the ratios are, for a
#                                               machine that is busy with other tests
#
# Exit code 1 when a ratio is under its bar, 2 when something could not be built or run.
set -euo pipefail

cd "$(dirname "$0")/../.."

# figure -> program that measures it
declare -A program_of=(
  [json_read_history]=benchmark_engines
  [json_write_operation]=benchmark_engines
  [binary_pack_transfer]=benchmark_engines
  [binary_unpack_transfer]=benchmark_engines
  [authority_check]=benchmark_authority
  [sign_transfer]=benchmark_signing
  [sign_transfer_2]=benchmark_signing
  [recover]=benchmark_signing
  [memo_encrypt]=benchmark_signing
  [rpc_pipeline]=benchmark_rpc_pipeline
  [pool_overhead]=benchmark_pool_overhead
  [pool_idle]=benchmark_pool_overhead # memory of an idle TLS connection, CPU of a pool of 26 nodes: takes a minute
  [export_rows]=benchmark_export
  [export_ledger]=benchmark_export
  [export_memory]=benchmark_export
  [es_export_memory]=benchmark_es_export
  [wrapper_rps]=benchmark_wrapper
  [include_time]=benchmark_include_time # both of
  [include_time_compiled]=benchmark_include_time
  [include_time_header_only]=benchmark_include_time
)
order=(benchmark_engines benchmark_authority benchmark_signing benchmark_rpc_pipeline benchmark_pool_overhead benchmark_export
  benchmark_es_export benchmark_wrapper benchmark_include_time)
if [ -n "${BITSHARES_ES_URL:-}" ]; then # a real server: examples/es_cluster/servers.sh
  program_of[es_export_1000]=benchmark_es_export
  program_of[es_export_5000]=benchmark_es_export
fi

quick=no
if [ "${1:-}" = --quick ]; then
  quick=yes
  set -- json_read_history json_write_operation binary_pack_transfer binary_unpack_transfer
fi

names=("$@")
[ ${#names[@]} -gt 0 ] || names=("${!program_of[@]}")

declare -A arguments=()
for name in "${names[@]}"; do
  if [ -z "${program_of[$name]:-}" ]; then
    echo "unknown figure '$name'; known: $(printf '%s\n' "${!program_of[@]}" | sort | tr '\n' ' ')" >&2
    exit 2
  fi
  arguments[${program_of[$name]}]+=" $name"
done

targets=("${!arguments[@]}")
[ -z "${arguments[benchmark_export]:-}" ] || targets+=(bts-devnet bts-export)
{
  bash cmake/install-deps.sh &&
  cmake --preset release -DBITSHARES_BUILD_BENCHMARKS=ON &&
  cmake --build --preset release --target "${targets[@]}"
} >&2 || exit 2

result=0
for program in "${order[@]}"; do
  [ -n "${arguments[$program]:-}" ] || continue
  # shellcheck disable=SC2086 -- a list of names without spaces
  build/release/bin/"$program" ${arguments[$program]} || { code=$?; [ "$code" -eq 1 ] || exit 2; result=1; }
done
[ "$quick" = no ] || exit 0 # a machine under load proves no rate: only that the benchmarks run
exit "$result"
