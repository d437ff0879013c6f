#!/usr/bin/env bash
# Other clients side by side with this one: the same job, one after the other in one run, five times over; the median counts.
# They come from their registries (PyPI, npm) into build/peers; Python 3 with venv, Node.js and npm have to be there.
# One JSON line a client: name, client, value, unit, ratio (this library's rate / the client's).
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
peers=$root/build/peers
rounds=${BITSHARES_PEER_ROUNDS:-5}
for tool in python3 node npm; do command -v "$tool" >/dev/null || { echo "$tool is not installed" >&2; exit 2; }; done
mkdir -p "$peers"
{
  if ! [ -e "$peers/venv/bin/python" ]; then python3 -m venv "$peers/venv"; fi
  "$peers/venv/bin/pip" install -q --disable-pip-version-check bitshares==0.7.1 graphenelib==1.6.1 secp256k1==0.14.0
  npm install --prefix "$peers" --no-audit --no-fund --silent bitsharesjs@6.0.3
  bash cmake/install-deps.sh
  cmake --preset release -DBITSHARES_BUILD_BENCHMARKS=ON
  cmake --build --preset release --target benchmark_signing
} >&2 || exit 2

# The first line of JSON with the figure's name; its value.
ours() { build/release/bin/benchmark_signing sign_transfer | python3 -c 'import json, sys
print(next(f["value"] for f in map(json.loads, sys.stdin) if f["name"] == "sign_transfer"))'; }
declare -A rates
for ((round = 0; round < rounds; ++round)); do
  rates[this]+=" $(ours || true)"
  rates[python]+=" $("$peers/venv/bin/python" tests/benchmark/peers/sign.py)"
  rates[js]+=" $(NODE_PATH=$peers/node_modules node tests/benchmark/peers/sign.cjs 2>/dev/null)"
done
python3 - "${rates[this]}" "${rates[python]}" "${rates[js]}" <<'END'
import json, statistics, sys
names = ["this library", "python-bitshares 0.7.1 (secp256k1 0.14.0)", "bitsharesjs 6.0.3"]
medians = [statistics.median(map(float, text.split())) for text in sys.argv[1:]]
for name, median in zip(names, medians):
    print(json.dumps({"name": "sign_transfer", "client": name, "value": round(median, 1), "unit": "transactions/s",
                      "ratio": round(medians[0] / median, 2)}))
END
