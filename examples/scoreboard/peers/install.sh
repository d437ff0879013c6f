#!/usr/bin/env bash
# Installs the clients that `bts-scoreboard --peers` measures, from their registries (npm, PyPI), with the scripts that drive
# them. Python 3 with venv, Node.js and npm have to be there.
#
#   bash examples/scoreboard/peers/install.sh [DIR]      DIR: build/peers
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
peers=${1:-$here/../../../build/peers}
for tool in python3 node npm; do command -v "$tool" >/dev/null || { echo "$tool is not installed" >&2; exit 2; }; done
mkdir -p "$peers/scoreboard"
[ -e "$peers/venv/bin/python" ] || python3 -m venv "$peers/venv"
"$peers/venv/bin/pip" install -q --disable-pip-version-check bitshares==0.7.1 graphenelib==1.6.1 secp256k1==0.14.0
npm install --prefix "$peers" --no-audit --no-fund --silent bitsharesjs-ws@6.0.2 btsdex-api@0.7.2
cp "$here"/*.cjs "$here"/*.py "$peers/scoreboard/"
