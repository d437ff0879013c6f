#!/usr/bin/env bash
# Real search servers on the loopback, and the balancer before them: what the tests run, and a place to try a deployment.
#
#   servers.sh up SERVER [--name NAME] [--nodes N] [--port PORT]      N nodes as one cluster, at PORT, PORT+1 ... (19200)
#   servers.sh up SERVER --users yes ...                              the same with users, who have the roles of roles/ (not 6):
#                                                                     reader:reader-password, feeder:feeder-password
#   servers.sh balancer nginx|haproxy --to PORT[,PORT ...] [--name NAME] [--port PORT] [--rate N]
#                                                                     TLS, login, allow-list (19243); N requests a second of one
#                                                                     reader, and twice as many at once (200)
#   servers.sh kill NAME [N]        ends node N (0) of NAME at once, as a crash does
#   servers.sh down [NAME ...]      stops what is named, or all, and removes its data
#   servers.sh status               what runs
#   servers.sh fetch SERVER ...     only the download
#   servers.sh directory            where all of it is: run/NAME has logs, data, and a balancer's certificate.pem
#
# SERVER: opensearch-2.19.1, elasticsearch-7.17.29, elasticsearch-8.6.2, elasticsearch-6.2.4. They come from Maven Central
# and are kept; nothing is downloaded twice. Elasticsearch does not run as root: user `nobody` runs it there.
#
# Needed: a JDK 17, maven, curl, unzip; nginx or haproxy and openssl for the balancer (Debian: cmake/install-deps.sh --long).
# Environment: SEARCH_SERVERS_DIR (build/search-servers), SEARCH_SERVERS_HEAP (512m; of one node), JAVA_HOME
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
base=${SEARCH_SERVERS_DIR:-$(cd "$here/../.." && pwd)/build/search-servers}
heap=${SEARCH_SERVERS_HEAP:-512m}
patience=600 # seconds until a server must answer

die() { printf 'servers.sh: %s\n' "$*" >&2; exit 1; }
usage() { sed -n '2,22s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit "$1"; }
need() { command -v "$1" >/dev/null || die "$1 is not there; install it (Debian: bash cmake/install-deps.sh --long)"; }

java_home() {
    if [ -n "${JAVA_HOME:-}" ]; then echo "$JAVA_HOME"; return; fi
    need java
    local java
    java=$(readlink -f "$(command -v java)")
    echo "${java%/bin/java}"
}

# Elasticsearch refuses to be root, and its files must be in reach of whoever it is.
prepare_base() {
    mkdir -p "$base"
    base=$(cd "$base" && pwd -P)
    if [ "$(id -u)" = 0 ] && ! as_user test -x "$base" 2>/dev/null; then
        base=${TMPDIR:-/tmp}/bitshares-search-servers
        mkdir -p "$base"
        [ -O "$base" ] || die "$base belongs to somebody else; set SEARCH_SERVERS_DIR" # programs are kept there
        chmod 755 "$base"
        as_user test -x "$base" || die "user nobody cannot enter $base; set SEARCH_SERVERS_DIR"
    fi
}
as_user() {
    if [ "$(id -u)" = 0 ]; then setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; else "$@"; fi
}

maven() { # LOG ARGUMENT...
    local log=$1
    shift
    need mvn
    mvn -q -B "$@" >"$log" 2>&1 </dev/null || { tail -n 12 "$log" >&2; die "maven could not fetch it, see $log"; }
}

fetch() { # SERVER: into $base/dist/SERVER, once; two that fetch the same at a time do not meet half a copy
    local server=$1 version=${1#*-} part
    local home=$base/dist/$server
    [ -d "$home" ] && return
    mkdir -p "$base/dist" "$base/logs"
    part=$(mktemp -d "$base/dist/.part.XXXXXX")
    chmod 755 "$part"
    printf 'fetching %s\n' "$server" >&2
    case $server in
        opensearch-2.*)
            maven "$base/logs/$server.fetch.log" -f "$here/opensearch/pom.xml" "-Dopensearch=$version" \
                org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies "-DoutputDirectory=$part/lib"
            "$(java_home)/bin/javac" -cp "$part/lib/*" -d "$part/classes" "$here/opensearch/OpenSearchNode.java"
            cp "$here/opensearch/log4j2.properties" "$part/"
            ;;
        opensearch-security-2.*) # the plugin, without what the server has itself; together they are the class path
            version=${version#security-}
            fetch "opensearch-$version"
            local jar server_lib=$base/dist/opensearch-$version/lib
            need unzip
            maven "$base/logs/$server.fetch.log" org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy \
                "-Dartifact=org.opensearch.plugin:opensearch-security:$version.0:zip" "-DoutputDirectory=$part"
            mkdir "$part/lib"
            unzip -q "$part/opensearch-security-$version.0.zip" '*.jar' -d "$part/lib"
            unzip -q "$part/opensearch-security-$version.0.zip" 'config/*' -d "$part"
            rm "$part/opensearch-security-$version.0.zip"
            for jar in "$server_lib"/*.jar; do
                jar=$(basename "$jar" | sed -E 's/-[0-9][0-9A-Za-z.]*(-jre)?\.jar$//')
                rm -f "$part/lib/$jar"-[0-9]*.jar
            done
            "$(java_home)/bin/javac" -cp "$server_lib/*:$part/lib/*" -d "$part/classes" "$here/opensearch/OpenSearchNode.java"
            ;;
        elasticsearch-[678].*)
            local group=org.elasticsearch.distribution.integ-test-zip
            case $version in 6.*) group=org.elasticsearch.distribution.zip ;; esac
            need unzip
            maven "$base/logs/$server.fetch.log" org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy \
                "-Dartifact=$group:elasticsearch:$version:zip" "-DoutputDirectory=$part" -Dmdep.useBaseVersion=true
            unzip -q "$part/elasticsearch-$version.zip" -d "$part"
            rm "$part/elasticsearch-$version.zip"
            mv "$part/elasticsearch-$version"/* "$part/"
            chmod -R a+rX "$part"
            ;;
        *) rm -rf "$part"; die "no server $server; see --help" ;;
    esac
    mv -T "$part" "$home" 2>/dev/null || rm -rf "$part"
    [ -d "$home" ]
}

start() { # PIDFILE LOG COMMAND...: in a session of its own, so that it outlives this script and dies as one
    local pidfile=$1 log=$2
    shift 2
    (cd / && exec setsid "$@" >"$log" 2>&1 </dev/null) &
    echo $! >"$pidfile"
}

free() { # PORT
    ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null || die "port $1 is taken"
}

answers() { # URL
    local code
    code=$(curl -sk -o /dev/null -m 5 -w '%{http_code}' "$1" || true)
    [ "$code" = 200 ] || [ "$code" = 401 ]
}

failed() { # LOG WHAT: the log stays, what runs does not
    local run kept
    run=$(dirname "$1")
    kept=$base/logs/$(basename "$run").failed.log
    cat "$run"/*.log >"$kept"
    { grep -aE 'Exception: |Caused by|ERROR|emerg|ALERT' "$kept" || tail -n 12 "$kept"; } | head -n 12 >&2
    down "$(basename "$run")" >/dev/null
    die "$2; see $kept"
}

wait_for() { # PIDFILE LOG URL WHAT
    local since=$SECONDS
    until answers "$3"; do
        kill -0 "$(cat "$1")" 2>/dev/null || failed "$2" "$4 ended"
        [ $((SECONDS - since)) -lt $patience ] || failed "$2" "$4 gives no answer after $patience s"
        sleep 0.2
    done
}

# Files of the security plugin: the roles as they are shipped, and who has them.
opensearch_users() { # CONFIG CLASS_PATH: sets `settings`
    local config=$1 user security=$base/dist/opensearch-security-$version password
    mkdir -p "$config/opensearch-security"
    cp "$security"/config/{action_groups,allowlist,audit,config,nodes_dn,tenants,whitelist}.yml "$here/roles/opensearch.yml" \
        "$config/opensearch-security/"
    mv "$config/opensearch-security/opensearch.yml" "$config/opensearch-security/roles.yml"
    echo '_meta: {type: internalusers, config_version: 2}' >"$config/opensearch-security/internal_users.yml"
    for user in reader feeder; do
        password=$("$(java_home)/bin/java" -cp "$2" org.opensearch.security.tools.Hasher -p $user-password 2>/dev/null | tail -n 1)
        echo "$user: {hash: \"$password\"}" >>"$config/opensearch-security/internal_users.yml"
    done
    printf '%s\n' '_meta: {type: rolesmapping, config_version: 2}' 'histories_reader: {users: [reader]}' \
        'histories_writer: {users: [feeder]}' >"$config/opensearch-security/roles_mapping.yml"
    certificate "$config"
    settings+=(plugins.security.ssl.transport.{pemcert_filepath,pemtrustedcas_filepath}=certificate.pem
        plugins.security.ssl.transport.pemkey_filepath=key.pem plugins.security.ssl.transport.enforce_hostname_verification=false
        plugins.security.allow_default_init_securityindex=true)
}

up_opensearch() { # VERSION NAME NODES PORT USERS
    local version=$1 home=$base/dist/opensearch-$1 run=$base/run/$2 nodes=$3 port=$4 i seeds= masters= settings
    local classes="$home/classes:$home/lib/*" plugin=()
    for ((i = 0; i < nodes; ++i)); do
        seeds+=${seeds:+,}127.0.0.1:$((port + i + 100))
        masters+=${masters:+,}$2-$i
    done
    settings=("cluster.name=$2" discovery.type=single-node)
    if [ "$nodes" -gt 1 ]; then
        settings=("cluster.name=$2" "discovery.seed_hosts=$seeds" "cluster.initial_cluster_manager_nodes=$masters")
    fi
    if [ "$5" = yes ]; then
        local security=$base/dist/opensearch-security-$1
        fetch "opensearch-security-$1"
        classes="$security/classes:$home/lib/*:$security/lib/*"
        plugin=(-Dplugin=org.opensearch.security.OpenSearchSecurityPlugin)
        opensearch_users "$run/0/config" "$classes"
    fi
    for ((i = 0; i < nodes; ++i)); do
        start "$run/$i.pid" "$run/$i.log" "$(java_home)/bin/java" "-Xms$heap" "-Xmx$heap" -XX:+UseSerialGC \
            -Dlog4j2.configurationFile="file:$home/log4j2.properties" -Dlog4j2.disable.jmx=true ${plugin[@]+"${plugin[@]}"} \
            -cp "$classes" OpenSearchNode "$run/$i" "$2-$i" $((port + i)) "${settings[@]}"
    done
    for ((i = 0; i < nodes; ++i)); do
        wait_for "$run/$i.pid" "$run/$i.log" "http://127.0.0.1:$((port + i))/_cluster/health" "OpenSearch $1"
    done
    wait_for "$run/0.pid" "$run/0.log" "http://127.0.0.1:$port/_cluster/health?wait_for_nodes=$nodes&timeout=60s" \
        "the cluster of $nodes nodes"
}

up_elasticsearch() { # VERSION NAME PORT USERS
    local version=$1 home=$base/dist/elasticsearch-$1 run=$base/run/$2 port=$3 users=$4 transport=transport.port
    case $version in 6.*) transport=transport.tcp.port ;; esac
    mkdir -p "$run"/{config,data,logs,tmp}
    cp "$home"/config/log4j2.properties "$run/config/"
    {
        printf '%s: %s\n' cluster.name "$2" node.name "$2-0" path.data "$run/data" path.logs "$run/logs" \
            network.host 127.0.0.1 http.port "$port" "$transport" $((port + 100)) discovery.type single-node \
            cluster.routing.allocation.disk.threshold_enabled false
        case $version in
            6.*) ;;
            *) printf '%s: %s\n' action.destructive_requires_name false xpack.security.enabled \
                "$([ "$users" = yes ] && echo true || echo false)" ;;
        esac
    } >"$run/config/elasticsearch.yml"
    {
        printf -- '%s\n' "-Xms$heap" "-Xmx$heap" -XX:+UseSerialGC "-Djava.io.tmpdir=$run/tmp"
        case $version in
            6.*) printf -- '%s\n' -Djava.security.manager=allow --add-opens=java.base/java.nio=ALL-UNNAMED \
                --add-opens=java.base/java.lang=ALL-UNNAMED ;;
        esac
    } >"$run/config/jvm.options"
    if [ "$users" = yes ]; then
        cp "$home"/config/{users,users_roles,role_mapping.yml} "$run/config/"
        cat "$here/roles/elasticsearch.yml" >>"$run/config/roles.yml"
    fi
    if [ "$(id -u)" = 0 ]; then chown -R 65534:65534 "$run"/{config,data,logs,tmp}; fi
    local java runner=()
    java=$(java_home)
    if [ "$(id -u)" = 0 ]; then runner=(setpriv --reuid=65534 --regid=65534 --clear-groups); fi
    local environment=("HOME=$run/tmp" "ES_PATH_CONF=$run/config" "ES_TMPDIR=$run/tmp")
    case $version in 6.*) environment+=("JAVA_HOME=$java") ;; *) environment+=("ES_JAVA_HOME=$java") ;; esac
    if [ "$users" = yes ]; then
        local user
        for user in reader feeder; do
            env -u JAVA_HOME "${environment[@]}" ${runner[@]+"${runner[@]}"} "$home/bin/elasticsearch-users" useradd $user \
                -p $user-password -r "$([ $user = reader ] && echo histories_reader || echo histories_writer)" \
                >"$run/users.log" 2>&1 || failed "$run/users.log" "the users cannot be made"
        done
    fi
    start "$run/0.pid" "$run/0.log" env -u JAVA_HOME "${environment[@]}" ${runner[@]+"${runner[@]}"} "$home/bin/elasticsearch"
    wait_for "$run/0.pid" "$run/0.log" "http://127.0.0.1:$port/_cluster/health" "Elasticsearch $version"
}

reserve() { # NAME
    [[ $1 =~ ^[A-Za-z0-9._-]+$ ]] || die "a name has letters, digits, points and dashes only: $1"
    mkdir -p "$base/run" "$base/logs"
    mkdir "$base/run/$1" 2>/dev/null || die "$1 is there already; first: servers.sh down $1"
    chmod 755 "$base/run/$1"
}

up() {
    local server=${1:-} name= nodes=1 port=19200 users=no
    [ -n "$server" ] || usage 2
    shift
    while [ $# -gt 0 ]; do
        [ $# -ge 2 ] || usage 2
        case $1 in
            --name) name=$2 ;;
            --nodes) nodes=$2 ;;
            --users) users=$2 ;;
            --port) port=$2 ;;
            *) usage 2 ;;
        esac
        shift 2
    done
    name=${name:-$server}
    case $server:$nodes:$users in
        elasticsearch-6.*:*:yes) die "users: not of Elasticsearch 6" ;;
        *:1:* | opensearch-*:*:no) ;;
        *) die "more than one node: OpenSearch only, and without users" ;;
    esac
    need curl
    need setsid
    local i
    for ((i = 0; i < nodes; ++i)); do free $((port + i)) && free $((port + i + 100)); done # of HTTP, and between nodes
    fetch "$server"
    reserve "$name"
    local since=$SECONDS version=${server#*-}
    case $server in
        opensearch-*) up_opensearch "$version" "$name" "$nodes" "$port" "$users" ;;
        *) up_elasticsearch "$version" "$name" "$port" "$users" ;;
    esac
    printf '%s: %s, %s node(s), http://127.0.0.1:%s, ready after %s s\n' "$name" "$server" "$nodes" "$port" $((SECONDS - since))
}

certificate() { # DIRECTORY: throw-away, of this run only
    need openssl
    openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=localhost \
        -addext "subjectAltName=DNS:localhost,IP:127.0.0.1" -keyout "$1/key.pem" -out "$1/certificate.pem" 2>/dev/null
    cat "$1/certificate.pem" "$1/key.pem" >"$1/both.pem"
    chmod 600 "$1/key.pem" "$1/both.pem"
}

balancer() {
    local kind=${1:-} name= port=19243 to= rate=200 backend i=0 run
    case $kind in nginx | haproxy) shift ;; *) usage 2 ;; esac
    while [ $# -gt 0 ]; do
        [ $# -ge 2 ] || usage 2
        case $1 in
            --name) name=$2 ;;
            --to) to=$2 ;;
            --port) port=$2 ;;
            --rate) rate=$2 ;;
            *) usage 2 ;;
        esac
        shift 2
    done
    [ -n "$to" ] || usage 2
    name=${name:-$kind}
    PATH=$PATH:/usr/sbin:/sbin
    need "$kind"
    need curl
    free "$port"
    reserve "$name"
    run=$base/run/$name
    cp -r "$here/$kind/." "$run/"
    sed -i -e "s,rate=200r/s,rate=${rate}r/s,; s,burst=400,burst=$((2 * rate)),; s,rate(0) gt 400,rate(0) gt $((2 * rate))," \
        "$run/$kind".c*
    certificate "$run"
    local password
    password=$(openssl passwd -6 reader-password)
    case $kind in
        nginx)
            printf 'reader:%s\n' "$password" >"$run/passwords"
            printf 'listen 127.0.0.1:%s ssl;\n' "$port" >"$run/listen.conf"
            for backend in ${to//,/ }; do printf 'server 127.0.0.1:%s max_fails=0;\n' "$backend"; done >"$run/servers.conf"
            mkdir -p "$run/temporary"
            chmod 644 "$run/passwords"
            start "$run/0.pid" "$run/0.log" nginx -p "$run/" -c "$run/nginx.conf" -e stderr -g 'daemon off;'
            ;;
        haproxy)
            printf 'userlist readers\n    user reader password %s\n' "$password" >"$run/passwords.cfg"
            {
                printf 'backend search\n'
                for backend in ${to//,/ }; do printf '    server search%s 127.0.0.1:%s\n' $((i++)) "$backend"; done
            } >"$run/servers.cfg"
            start "$run/0.pid" "$run/0.log" env "LISTEN=127.0.0.1:$port" haproxy -W -C "$run" -f "$run/passwords.cfg" \
                -f "$run/haproxy.cfg" -f "$run/servers.cfg"
            ;;
    esac
    wait_for "$run/0.pid" "$run/0.log" "https://127.0.0.1:$port/" "$kind"
    printf '%s: %s, https://reader:reader-password@127.0.0.1:%s, certificate %s\n' "$name" "$kind" "$port" "$run/certificate.pem"
}

gone() { # PIDFILE
    local pid since=$SECONDS
    pid=$(cat "$1" 2>/dev/null) || return 0
    kill -TERM -- "-$pid" 2>/dev/null || true
    while kill -0 -- "-$pid" 2>/dev/null; do
        [ $((SECONDS - since)) -lt 30 ] || { kill -KILL -- "-$pid" 2>/dev/null || true; break; }
        sleep 0.1
    done
}

down() {
    local run name unknown=
    if [ $# = 0 ]; then
        for run in "$base"/run/*/; do [ -d "$run" ] && set -- "$@" "$(basename "$run")"; done
    fi
    for name in "$@"; do
        run=$base/run/$name
        [ -d "$run" ] || { unknown+=" $name"; continue; }
        for pidfile in "$run"/*.pid; do [ -e "$pidfile" ] && gone "$pidfile"; done
        rm -rf "$run"
        printf '%s: stopped\n' "$name"
    done
    [ -z "$unknown" ] || die "nothing is called$unknown"
}

status() {
    local run pidfile
    for run in "$base"/run/*/; do
        [ -d "$run" ] || continue
        for pidfile in "$run"*.pid; do
            [ -e "$pidfile" ] || continue
            if kill -0 "$(cat "$pidfile")" 2>/dev/null; then printf 'runs '; else printf 'ENDED'; fi
            printf '  %s %s  pid %s\n' "$(basename "$run")" "$(basename "$pidfile" .pid)" "$(cat "$pidfile")"
        done
    done
}

command=${1:-}
[ -n "$command" ] || usage 2
shift
case $command in
    -h | --help) usage 0 ;;
    up | balancer | down | status | fetch | kill | directory) prepare_base ;;
    *) usage 2 ;;
esac
case $command in
    kill)
        pidfile=$base/run/${1:?a name}/${2:-0}.pid
        [ -e "$pidfile" ] || die "no such node"
        kill -KILL -- "-$(cat "$pidfile")"
        ;;
    directory) echo "$base" ;;
    fetch) for server in "$@"; do fetch "$server"; done ;;
    *) "$command" "$@" ;;
esac
