#!/usr/bin/env bash
# Real search servers: starts them on the loopback, loads documents, and runs the tests that are made for them.
#
#   bash tests/search_servers.sh [PROGRAM]            OpenSearch 2.19 (three nodes behind nginx), Elasticsearch 7.17, and
#                                                     three independent instances behind HAProxy; Elasticsearch 7.17
#                                                     with users
#   bash tests/search_servers.sh --more [PROGRAM]     Elasticsearch 6.2 and 8.6, OpenSearch 2.19 with users
#
# PROGRAM: build/release/bin/bitshares_integration_tests. Environment: SEARCH_DOCUMENTS (200000), SEARCH_PORT
# (of the ports that are used the first but 10; 19600, or one of the next thousands)
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
servers=examples/es_cluster/servers.sh
more=no
if [ "${1:-}" = --more ]; then more=yes; shift; fi
program=${1:-build/release/bin/bitshares_integration_tests}
documents=${SEARCH_DOCUMENTS:-200000}

# Somebody else's servers may be where these would be.
are_free() { # FIRST
    local place
    for place in 10 20 30 31 32 40 50 60 70 71 72 80 110 120 130 131 132 140 150 160 180; do
        if (exec 3<>"/dev/tcp/127.0.0.1/$(($1 + place))") 2>/dev/null; then return 1; fi
    done
}
port=${SEARCH_PORT:-}
for first in 19600 20600 21600 22600 23600; do
    if [ -z "$port" ] && are_free $first; then port=$first; fi
done
[ -n "$port" ] || { echo 'search_servers.sh: no ports are free; give SEARCH_PORT' >&2; exit 1; }
export SEARCH_SERVERS_DIR=${SEARCH_SERVERS_DIR:-$root/build/search-servers}

mine=()
starting=()
finish() { # what still starts, first: it would not be there yet
    kill ${starting[@]+"${starting[@]}"} 2>/dev/null || true
    wait
    if [ ${#mine[@]} -gt 0 ]; then bash "$servers" down "${mine[@]}" >/dev/null 2>&1 || true; fi
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

up() { # SERVER NAME PORT [NODES [OPTION...]]: begins to start it
    bash "$servers" down "$2" >/dev/null 2>&1 || true # of a run that was killed
    mine+=("$2")
    SEARCH_SERVERS_HEAP=${heap:-512m} bash "$servers" up "$1" --name "$2" --port "$3" --nodes "${4:-1}" "${@:5}" &
    starting+=($!)
}
up_all() { # waits for all that start
    local child
    for child in "${starting[@]}"; do wait "$child"; done
    starting=()
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
    bash "$servers" fetch elasticsearch-6.2.4 elasticsearch-8.6.2 opensearch-2.19.1 opensearch-security-2.19.1
    heap=1g up elasticsearch-6.2.4 test-es6 $((port + 10))
    heap=1g up elasticsearch-8.6.2 test-es8 $((port + 20))
    heap=256m up opensearch-2.19.1 test-users $((port + 80)) 1 --users yes
    up_all
    template http://127.0.0.1:$((port + 10))/_template/histories histories-6.json "${alone[@]}"
    template http://127.0.0.1:$((port + 20))/_index_template/histories histories.json "${alone[@]}"
    BITSHARES_SEARCH_SERVERS="{\"servers\":[\"http://127.0.0.1:$((port + 10))\",\"http://127.0.0.1:$((port + 20))\"],
\"documents\":$documents,\"with_users\":[\"127.0.0.1:$((port + 80))\"]}"
else
    bash "$servers" fetch opensearch-2.19.1 elasticsearch-7.17.29
    heap=400m up opensearch-2.19.1 test-cluster $((port + 30)) 3
    up elasticsearch-7.17.29 test-es7 $((port + 40))
    heap=256m up opensearch-2.19.1 test-one $((port + 50))
    heap=256m up opensearch-2.19.1 test-two $((port + 60))
    heap=256m up elasticsearch-7.17.29 test-users $((port + 80)) 1 --users yes
    up_all
    template http://127.0.0.1:$((port + 30))/_index_template/histories histories.json -e ''
    for place in 40 50 60; do
        template "http://127.0.0.1:$((port + place))/_index_template/histories" histories.json "${alone[@]}"
    done
    balancer nginx test-nginx $((port + 70)) $((port + 30)),$((port + 31)),$((port + 32))
    balancer haproxy test-haproxy $((port + 71)) $((port + 40)),$((port + 50)),$((port + 60))
    mine+=(test-scripted-nginx test-scripted-haproxy) # which the tests start
    run=$(bash "$servers" directory)/run
    BITSHARES_SEARCH_SERVERS=$(cat <<END
{"servers":["http://127.0.0.1:$((port + 30))","http://127.0.0.1:$((port + 40))"],"documents":$documents,
"cluster":{"servers":["http://127.0.0.1:$((port + 30))","http://127.0.0.1:$((port + 31))","http://127.0.0.1:$((port + 32))"],
"balancer":"https://reader:reader-password@127.0.0.1:$((port + 70))","ca_file":"$run/test-nginx/certificate.pem",
"kill":"bash $servers kill test-cluster 1"},
"instances":{"servers":["http://127.0.0.1:$((port + 40))","http://127.0.0.1:$((port + 50))","http://127.0.0.1:$((port + 60))"],
"balancer":"https://reader:reader-password@127.0.0.1:$((port + 71))","ca_file":"$run/test-haproxy/certificate.pem",
"kill":"bash $servers kill test-two"},
"with_users":["127.0.0.1:$((port + 80))"],
"balancers":{"command":"bash $servers","directory":"$run","port":$((port + 72))}}
END
    )
fi
export BITSHARES_SEARCH_SERVERS
"$program" --test-case='integration/search_servers*'
