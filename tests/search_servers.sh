#!/usr/bin/env bash
# Real search servers: starts them on the loopback, loads documents, and runs the tests that are made for them.
#
#   bash tests/search_servers.sh [PROGRAM]            OpenSearch 2.19 (three nodes behind nginx), Elasticsearch 7.17, and
#                                                     three independent instances behind HAProxy
#   bash tests/search_servers.sh --more [PROGRAM]     Elasticsearch 6.2 and 8.6
#
# PROGRAM: build/release/bin/bitshares_integration_tests. Environment: SEARCH_DOCUMENTS (200000)
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
servers=examples/es_cluster/servers.sh
more=no
if [ "${1:-}" = --more ]; then more=yes; shift; fi
program=${1:-build/release/bin/bitshares_integration_tests}
documents=${SEARCH_DOCUMENTS:-200000}
export SEARCH_SERVERS_DIR=${SEARCH_SERVERS_DIR:-$root/build/search-servers}

mine=()
trap 'bash $servers down ${mine[@]+"${mine[@]}"} >/dev/null 2>&1 || true' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

starting=()
up() { # SERVER NAME PORT [NODES]: begins to start it
    bash "$servers" down "$2" >/dev/null 2>&1 || true # of a run that was killed
    mine+=("$2")
    SEARCH_SERVERS_HEAP=${heap:-512m} bash "$servers" up "$1" --name "$2" --port "$3" --nodes "${4:-1}" &
    starting+=($!)
}
up_all() { # waits for all that start
    local child
    for child in "${starting[@]}"; do wait "$child"; done
}
balancer() { # KIND NAME PORT SERVERS
    bash "$servers" down "$2" >/dev/null 2>&1 || true
    mine+=("$2")
    bash "$servers" balancer "$1" --name "$2" --port "$3" --to "$4"
}
template() { # URL FILE [SED ...]: as it is shipped, but for what follows
    local url=$1 file=examples/es_cluster/templates/$2
    shift 2
    sed "$@" "$file" | curl -sS --fail-with-body -X PUT -H 'Content-Type: application/json' -d @- "$url" >/dev/null
}
# A server alone has no place for replicas.
alone=(-e 's/"index.number_of_replicas": 1/"index.number_of_replicas": 0/')

if [ $more = yes ]; then
    bash "$servers" fetch elasticsearch-6.2.4 elasticsearch-8.6.2
    up elasticsearch-6.2.4 test-es6 19610
    up elasticsearch-8.6.2 test-es8 19620
    up_all
    template http://127.0.0.1:19610/_template/histories histories-6.json "${alone[@]}"
    template http://127.0.0.1:19620/_index_template/histories histories.json "${alone[@]}"
    BITSHARES_SEARCH_SERVERS='{"servers":["http://127.0.0.1:19610","http://127.0.0.1:19620"],"documents":'$documents'}'
else
    bash "$servers" fetch opensearch-2.19.1 elasticsearch-7.17.29
    heap=400m up opensearch-2.19.1 test-cluster 19630 3
    up elasticsearch-7.17.29 test-es7 19640
    heap=256m up opensearch-2.19.1 test-one 19650
    heap=256m up opensearch-2.19.1 test-two 19660
    up_all
    template http://127.0.0.1:19630/_index_template/histories histories.json -e ''
    for port in 19640 19650 19660; do
        template "http://127.0.0.1:$port/_index_template/histories" histories.json "${alone[@]}"
    done
    balancer nginx test-nginx 19670 19630,19631,19632
    balancer haproxy test-haproxy 19671 19640,19650,19660
    run=$(bash "$servers" directory)/run
    BITSHARES_SEARCH_SERVERS=$(cat <<END
{"servers":["http://127.0.0.1:19630","http://127.0.0.1:19640"],"documents":$documents,
"cluster":{"servers":["http://127.0.0.1:19630","http://127.0.0.1:19631","http://127.0.0.1:19632"],
"balancer":"https://reader:reader-password@127.0.0.1:19670","ca_file":"$run/test-nginx/certificate.pem",
"kill":"bash $servers kill test-cluster 1"},
"instances":{"servers":["http://127.0.0.1:19640","http://127.0.0.1:19650","http://127.0.0.1:19660"],
"balancer":"https://reader:reader-password@127.0.0.1:19671","ca_file":"$run/test-haproxy/certificate.pem",
"kill":"bash $servers kill test-two"}}
END
    )
fi
export BITSHARES_SEARCH_SERVERS
"$program" --test-case='integration/search_servers*'
