#!/usr/bin/env bash
# Installs, builds, starts a test node on the loopback, exports an account's whole history, and says where it is.
#
#   bash examples/run.sh [ACCOUNT]        default: exporter-alice
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
account=${1:-exporter-alice}
usage() { sed -n '2,4s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; }
case $account in
    -h | --help) usage; exit 0 ;;
    -*) usage >&2; exit 2 ;;
esac
jobs=${BITSHARES_JOBS:-2}
out=$root/out/$account.csv
started=$SECONDS

bash "$root/cmake/install-deps.sh"
cd "$root"
cmake --preset release >/dev/null
cmake --build build/release --target bts-export bts-devnet -j "$jobs"
built=$((SECONDS - started))

scratch=$(mktemp -d)
node=
stop() {
    if [ -n "$node" ]; then
        kill "$node" 2>/dev/null || true
        wait "$node" 2>/dev/null || true
        node=
    fi
    rm -rf "$scratch"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

build/release/bin/bts-devnet --port-file "$scratch/port" --recordings tests/recordings >"$scratch/node.log" 2>&1 &
node=$!
for _ in $(seq 600); do
    [ -s "$scratch/port" ] && break
    if ! kill -0 "$node" 2>/dev/null; then
        node=
        echo "bts-devnet ended before it listened:" >&2
        cat "$scratch/node.log" >&2
        exit 3
    fi
    sleep 0.1
done
[ -s "$scratch/port" ] || { echo "bts-devnet does not listen after 60 s" >&2; cat "$scratch/node.log" >&2; exit 3; }
url=ws://127.0.0.1:$(grep -oE '[0-9]+' "$scratch/port" | tail -n 1)

mkdir -p "$root/out"
events=$root/out/$account.events.csv
balances=$root/out/$account.balances.csv
rm -f "$out" "$events" "$balances"
build/release/bin/bts-export --node "$url" --account "$account" --out "$out" # or no file: it agrees with the node's balances
build/release/bin/bts-export --node "$url" --account "$account" --out "$events" --events
build/release/bin/bts-export --node "$url" --account "$account" --out "$balances" --balances

echo
echo "account   $account"
awk -v file="out/$account.events.csv" '
    # RFC 4180: a quoted cell may hold commas, quotes and line ends.
    function finish_cell() { cells[++n] = cell; cell = "" }
    function finish_row(   i) {
        finish_cell()
        if (!rows_seen++) { for (i = 1; i <= n; ++i) column[cells[i]] = i }
        else {
            ++rows
            t = cells[column["time"]]; type = cells[column["type"]]
            if (t != "" && (first == "" || t < first)) first = t
            if (t > last) last = t
            ++count[type]
        }
        n = 0
    }
    {
        sub(/\r$/, "")
        for (i = 1; i <= length($0); ++i) {
            c = substr($0, i, 1)
            if (quoted) {
                if (c != "\"") cell = cell c
                else if (substr($0, i + 1, 1) == "\"") { cell = cell c; ++i }
                else quoted = 0
            }
            else if (c == "\"") quoted = 1
            else if (c == ",") finish_cell()
            else cell = cell c
        }
        if (quoted) cell = cell "\n"; else finish_row()
    }
    END {
        if (!("time" in column) || !("type" in column)) { print "no columns time and type in " file > "/dev/stderr"; exit 1 }
        printf "rows      %d\nfrom      %s\nto        %s\n", rows, first, last
        sort = "sort -k1,1nr -k2,2"
        for (type in count) printf "          %7d  %s\n", count[type], type | sort
        close(sort)
        exit rows == 0
    }' "$events"
echo "events    $events"
echo "balances  $balances"
echo "ledger    $(($(wc -l <"$out") - 1)) lines, which add up to the node's balances"
echo "file      $out"
echo "programs  $root/build/release/bin"
echo "seconds   $((SECONDS - started)), of which $built to install and build"
