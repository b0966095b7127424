# shellcheck shell=bash disable=SC2154 # work, top and files are set by bench/run
# The servers of the benchmark: one function starts each, on its processor, with its log in the work folder.
# Every process that is started is remembered and ended at the end; no other one is touched.

proxy_core=0 # the proxy that is measured
load_core=1  # load generator and origin server

started=()
declare -A pid_of port_of

# Starts "$3 …" on processor $2 under the name $1; standard output goes to its log, as an access log may.
spawn() {
  local name=$1 core=$2
  shift 2
  taskset -c "$core" "$@" >>"$work/$name.log" 2>>"$work/$name.err" </dev/null &
  pid_of[$name]=$!
  started+=("$!")
}

stop_all() {
  local pid
  for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${started[@]}"; do wait "$pid" 2>/dev/null || true; done
  started=()
}

# A port below the ephemeral range that nobody listens on.
free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 10000))
    [[ " ${port_of[*]:-} " == *" $port "* ]] && continue
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
  done
  port_of[$1]=$port
}

# Waits until the server named $1 answers with 200, at most 30 seconds.
await() {
  local name=$1 tries
  for ((tries = 0; tries < 300; tries++)); do
    kill -0 "${pid_of[$name]}" 2>/dev/null || break
    if curl -sf -o /dev/null -m 1 "http://127.0.0.1:${port_of[$name]}/bench"; then return; fi
    sleep 0.1
  done
  echo "bench: $name does not answer; its messages:" >&2
  tail -n 5 "$work/$name.err" "$work/$name.log" >&2
  return 1
}

nginx_frame() {
  cat <<CONF
worker_processes 1;
worker_rlimit_nofile $files;
pid $work/$1.pid;
error_log $work/$1.err warn;
events { worker_connections $((files - 100)); }
http {
  client_body_temp_path $work/$1.tmp;
  proxy_temp_path $work/$1.tmp;
  fastcgi_temp_path $work/$1.tmp;
  uwsgi_temp_path $work/$1.tmp;
  scgi_temp_path $work/$1.tmp;
  keepalive_timeout 600s;
  keepalive_requests 1000000000;
$(cat)
}
CONF
}

spawn_nginx() {
  spawn "$1" "$2" nginx -p "$work" -e "$work/$1.err" -c "$work/$1.conf" -g 'daemon off;'
}

start_origin() {
  free_port origin
  nginx_frame origin >"$work/origin.conf" <<CONF
  access_log off;
  server {
    listen 127.0.0.1:${port_of[origin]} backlog=4096 reuseport;
    default_type text/plain;
    location / { return 200 "$(head -c 128 /dev/zero | tr '\0' x)"; }
  }
CONF
  spawn_nginx origin "$load_core"
  await origin
}

# Its log is buffered, because ours is written in batches too.
start_nginx() {
  free_port nginx
  nginx_frame nginx >"$work/nginx.conf" <<CONF
  log_format line escape=json '{"time":"\$time_iso8601","id":"\$request_id","client":"\$remote_addr",'
    '"method":"\$request_method","target":"\$request_uri","status":\$status,"bytes":\$body_bytes_sent,'
    '"duration":\$request_time,"upstream":"\$upstream_addr","upstream_duration":\$upstream_response_time}';
  access_log $work/nginx.access line buffer=64k flush=1s;
  upstream origin {
    server 127.0.0.1:${port_of[origin]};
    keepalive 128;
    keepalive_requests 1000000000;
    keepalive_timeout 600s;
  }
  server {
    listen 127.0.0.1:${port_of[nginx]} backlog=4096;
    location / {
      proxy_pass http://origin;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host \$http_host;
      proxy_set_header X-Forwarded-For \$remote_addr;
      proxy_set_header X-Forwarded-Proto \$scheme;
      proxy_set_header X-Forwarded-Host \$http_host;
      proxy_set_header X-Forwarded-Port \$server_port;
      proxy_set_header Via "1.1 nginx";
    }
  }
CONF
  spawn_nginx nginx "$proxy_core"
  await nginx
}

# Its log goes to standard output, a file here: HAProxy has no buffered file, each line is a write.
start_haproxy() {
  free_port haproxy
  cat >"$work/haproxy.cfg" <<CONF
global
  nbthread 1
  maxconn $(((files - 200) / 2))
  log stdout format raw local0
defaults
  mode http
  log global
  option httplog
  http-reuse always
  timeout connect 5s
  timeout client 600s
  timeout server 600s
  timeout http-keep-alive 600s
frontend web
  bind 127.0.0.1:${port_of[haproxy]} backlog 4096
  option forwardfor
  http-request set-header X-Forwarded-Proto http
  http-request set-header X-Forwarded-Host %[req.hdr(host)]
  http-request set-header X-Forwarded-Port %[dst_port]
  http-request set-header Via "1.1 haproxy"
  default_backend origin
backend origin
  server origin 127.0.0.1:${port_of[origin]} pool-max-conn 128
CONF
  spawn haproxy "$proxy_core" haproxy -db -f "$work/haproxy.cfg"
  await haproxy
}

start_sentinel() {
  free_port sentinel
  free_port admin
  cat >"$work/sentinel.yaml" <<CONF
version: 1
server: {instances: 1, transport: ${BENCH_TRANSPORT:-auto}}
admin: {address: "127.0.0.1:${port_of[admin]}"}
log: {access: {to: "$work/sentinel.access"}}
listeners:
  web:
    address: "127.0.0.1:${port_of[sentinel]}"
    timeouts: {idle: 10m}
    limits: {requests-per-connection: 2147483647}
upstreams:
  origin: {targets: [{address: "127.0.0.1:${port_of[origin]}"}], connections: {max: 128}}
routes:
  all: {forward: {upstream: origin}}
CONF
  spawn sentinel "$proxy_core" "$top/bin/sentinel" run --config "$work/sentinel.yaml"
  await sentinel
}

# vertx-http-proxy as it comes, with its own pool and without an access log, out of the same jar, on the same
# Java. It is started after ours.
start_vertx() {
  free_port vertx
  local java=${SENTINEL_JAVA:-java}
  [ -z "${pid_of[sentinel]:-}" ] || java=$(readlink "/proc/${pid_of[sentinel]}/exe")
  spawn vertx "$proxy_core" "$java" -XX:+UseParallelGC -cp "$top/target/sentinel.jar" \
    "$top/bench/baseline/BareProxy.java" "${port_of[vertx]}" "${port_of[origin]}"
  await vertx
}

# The server itself and its children: nginx works in a child.
tree_of() {
  echo "${pid_of[$1]}"
  pgrep -P "${pid_of[$1]}" || true
}

# Processor time of a server so far, user and system, in microseconds.
cpu_micros() {
  local pid stat ticks=0
  for pid in $(tree_of "$1"); do
    stat=$(<"/proc/$pid/stat") || continue
    # The name in parentheses may hold spaces; utime and stime are the 12th and 13th field after it.
    read -r -a stat <<<"${stat##*) }"
    ticks=$((ticks + stat[11] + stat[12]))
  done
  echo $((ticks * 1000000 / $(getconf CLK_TCK)))
}

# Resident memory of a server in bytes.
resident() {
  local pid kib=0
  for pid in $(tree_of "$1"); do
    kib=$((kib + $(awk '/^VmRSS/ {print $2}' "/proc/$pid/status")))
  done
  echo $((kib * 1024))
}

# What was logged is not needed: the files, on a memory disk, begin anew. They are all opened for appending.
forget_logs() {
  local log
  for log in "$work"/*.access "$work"/haproxy.log; do
    [ ! -e "$log" ] || : >"$log"
  done
}
