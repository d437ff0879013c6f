#!/usr/bin/env bash
# es_export_1000 and es_export_5000 with all that they need: a server that is started here and taken down again, and the official
# client in an environment of its own (build/peers/elasticsearch, from PyPI). Prints what tests/benchmark/run.sh does.
#
#   bash tests/benchmark/es.sh [name ...]
#
# Environment: SEARCH_PORT (19300); what examples/es_cluster/servers.sh takes
# Exit code 1 when a ratio is under its bar, 2 when something could not be built or run.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
servers=examples/es_cluster/servers.sh
server=elasticsearch-7.17.29
port=${SEARCH_PORT:-19300}
peer=$root/build/peers/elasticsearch
[ $# -gt 0 ] || set -- es_export_1000 es_export_5000

trap 'bash "$servers" down bench >/dev/null 2>&1 || true' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
{
  { bash "$servers" down bench >/dev/null 2>&1 || true; } && # of a run that was killed
    { [ -e "$peer/bin/python" ] || python3 -m venv "$peer"; } &&
    "$peer/bin/pip" install -q --disable-pip-version-check elasticsearch==7.17.12 &&
    bash "$servers" up "$server" --name bench --port "$port"
} >&2 || exit 2

BITSHARES_ES_URL=http://127.0.0.1:$port BITSHARES_PEER_PYTHON=$peer/bin/python bash tests/benchmark/run.sh "$@"
