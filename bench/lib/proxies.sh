# shellcheck shell=bash disable=SC2154 # work, top, files and the tables are set by the scripts that read this
# The origin servers and the proxies: one function starts each, in the shape that "arrange" has chosen.

hosts=100 prefixes=10 # of the thousand routes
browser_safety=(X-Content-Type-Options=nosniff X-Frame-Options=DENY Referrer-Policy=strict-origin-when-cross-origin)

# Chooses what the servers that are started from now on are like.
#
#   plain   one route, one event loop, small answers and files
#   posts   the same before an origin server that reads content
#   routes  a thousand routes by host and prefix
#   chain   a filter chain as many sites have it
#   loops   plain on two event loops and two processors
#   tls     plain, and TLS 1.3 towards the client
#   own     plain, but the measure starts and ends the proxies itself
arrange() {
  shape=plain loops=1 proxy_cores=0 origin_core=$load_core origin_program=nginx
  case $1 in
    routes | chain | tls) shape=$1 ;;
    posts) origin_program=load ;;
    loops)
      loops=2 proxy_cores=0,1
      [ "$(nproc)" -lt 4 ] || proxy_cores=0,2 origin_core=3
      ;;
  esac
}

# Where the server named $1 is asked for $2, or for what every shape answers.
address() {
  local scheme=http path=${2:-bench}
  if [ "$1" != origin ]; then
    case $shape in
      tls) scheme=https ;;
      chain) path=api/$path ;;
      routes) path=p0/$path ;;
    esac
  fi
  echo "$scheme://127.0.0.1:${port_of[$1]}/$path"
}

# A certificate for the TLS shape, once: P-256, self-signed.
make_certificate() {
  [ ! -e "$work/tls.pem" ] || return 0
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 2 -subj /CN=bench.example \
    -addext subjectAltName=DNS:bench.example -keyout "$work/tls.key" -out "$work/tls.crt" 2>/dev/null
  cat "$work/tls.crt" "$work/tls.key" >"$work/tls.pem"
  # What wrk offers: the one cipher suite that all proxies are to use.
  cat >"$work/openssl.conf" <<'CONF'
openssl_conf = modules
[modules]
ssl_conf = contexts
[contexts]
system_default = every
[every]
MinProtocol = TLSv1.3
Ciphersuites = TLS_AES_128_GCM_SHA256
CONF
}

# The files that the origin server sends.
make_files() {
  [ ! -e "$work/files" ] || return 0
  mkdir "$work/files"
  head -c $((64 << 10)) /dev/zero | tr '\0' x >"$work/files/64KiB"
  head -c $((1 << 20)) /dev/zero | tr '\0' x >"$work/files/1MiB"
  head -c $((10 << 20)) /dev/zero | tr '\0' x >"$work/files/10MiB"
}

nginx_frame() {
  cat <<CONF
worker_processes $2;
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

# nginx answers from memory and from files; it cannot read content without a proxy behind it, so the load generator
# takes that part.
start_origin() {
  free_port origin
  if [ "$origin_program" = load ]; then
    GOMAXPROCS=1 spawn origin "$origin_core" "$work/load" origin -listen "127.0.0.1:${port_of[origin]}"
    await origin
    return
  fi
  make_files
  nginx_frame origin 1 >"$work/origin.conf" <<CONF
  access_log off;
  sendfile on;
  server {
    listen 127.0.0.1:${port_of[origin]} backlog=4096 reuseport;
    default_type text/plain;
    location / { return 200 "$(head -c 128 /dev/zero | tr '\0' x)"; }
    location /files/ { root $work; }
    location = /counters { stub_status; }
  }
CONF
  spawn_nginx origin "$origin_core"
  await origin
}

start() {
  case $1 in
    sentinel*) start_sentinel "$1" ;;
    *) "start_$1" ;;
  esac
}

# Its log is buffered, because ours is written in batches too. Content is passed on as it comes, as the others do.
start_nginx() {
  free_port nginx
  nginx_frame nginx "$loops" >"$work/nginx.conf" <<CONF
  log_format line escape=json '{"time":"\$time_iso8601","id":"\$request_id","client":"\$remote_addr",'
    '"method":"\$request_method","target":"\$request_uri","status":\$status,"bytes":\$body_bytes_sent,'
    '"duration":\$request_time,"upstream":"\$upstream_addr","upstream_duration":\$upstream_response_time}';
  access_log $work/nginx.access line buffer=64k flush=1s;
  client_max_body_size 0;
  upstream origin {
    server 127.0.0.1:${port_of[origin]};
    keepalive 128;
    keepalive_requests 1000000000;
    keepalive_timeout 600s;
  }
  proxy_request_buffering off;
  proxy_max_temp_file_size 0;
  proxy_http_version 1.1;
  proxy_set_header Connection "";
  proxy_set_header Host \$http_host;
  proxy_set_header X-Forwarded-For \$remote_addr;
  proxy_set_header X-Forwarded-Proto \$scheme;
  proxy_set_header X-Forwarded-Host \$http_host;
  proxy_set_header X-Forwarded-Port \$server_port;
  proxy_set_header Via "1.1 nginx";
$("nginx_$shape" "127.0.0.1:${port_of[nginx]}")
CONF
  spawn_nginx nginx "$proxy_cores"
  await nginx
}

nginx_plain() {
  cat <<CONF
  server {
    listen $1 backlog=4096;
    location / { proxy_pass http://origin; }
  }
CONF
}

nginx_tls() {
  cat <<CONF
  server {
    listen $1 ssl backlog=4096;
    ssl_certificate $work/tls.crt;
    ssl_certificate_key $work/tls.key;
    ssl_protocols TLSv1.3;
    ssl_conf_command Ciphersuites TLS_AES_128_GCM_SHA256;
    ssl_session_cache off;
    ssl_session_tickets off;
    location / { proxy_pass http://origin; }
  }
CONF
}

nginx_chain() {
  local field
  cat <<CONF
  proxy_set_header X-Environment production;
  proxy_set_header Cookie "";
$(for field in "${browser_safety[@]}"; do echo "  add_header ${field%=*} ${field#*=} always;"; done)
  server {
    listen $1 backlog=4096;
    location /api/ { proxy_pass http://origin/; }
  }
CONF
}

nginx_routes() {
  local host prefix
  echo "  server_names_hash_max_size 4096;"
  for ((host = 0; host < hosts; host++)); do
    echo "  server {"
    echo "    listen $1;"
    echo "    server_name h$host.example;"
    for ((prefix = 0; prefix < prefixes; prefix++)); do
      echo "    location /p$prefix/ { proxy_pass http://origin; }"
    done
    echo "  }"
  done
}

# Its log goes to standard output, a file here: HAProxy has no buffered file, each line is a write.
start_haproxy() {
  free_port haproxy
  cat >"$work/haproxy.cfg" <<CONF
global
  nbthread $loops
  maxconn $(((files - 200) / 2))
  log stdout format raw local0
  tune.ssl.cachesize 0
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
  bind 127.0.0.1:${port_of[haproxy]} backlog 4096 $([ "$shape" != tls ] || echo "ssl crt $work/tls.pem \
ssl-min-ver TLSv1.3 ciphersuites TLS_AES_128_GCM_SHA256 no-tls-tickets")
  option forwardfor
  http-request set-header X-Forwarded-Proto $([ "$shape" = tls ] && echo https || echo http)
  http-request set-header X-Forwarded-Host %[req.hdr(host)]
  http-request set-header X-Forwarded-Port %[dst_port]
  http-request set-header Via "1.1 haproxy"
$("haproxy_$shape")
backend origin
  server origin 127.0.0.1:${port_of[origin]} pool-max-conn 128
CONF
  spawn haproxy "$proxy_cores" haproxy -db -f "$work/haproxy.cfg"
  await haproxy
}

haproxy_plain() { echo "  default_backend origin"; }

haproxy_tls() { haproxy_plain; }

haproxy_chain() {
  local field
  echo "  http-request set-header X-Environment production"
  echo "  http-request del-header Cookie"
  printf '  http-request replace-path /api(/.*) \\1\n'
  for field in "${browser_safety[@]}"; do echo "  http-response set-header ${field%=*} ${field#*=}"; done
  haproxy_plain
}

haproxy_routes() {
  local host prefix
  for ((host = 0; host < hosts; host++)); do
    for ((prefix = 0; prefix < prefixes; prefix++)); do echo "h$host.example/p$prefix/ origin"; done
  done >"$work/routes.map"
  echo "  use_backend %[base,map_beg($work/routes.map)]"
}

# Ours, on the transport that its name says.
start_sentinel() {
  launch_sentinel "$1"
  await "$1"
  # Its revision, transport and Java, in its own words.
  sed -n 's/.* \(sentinel .*\) is ready after .*; \(transport.*\)/\1; \2/p' "$work/$1".{log,err} |
    tail -n 1 >"$work/$1.ready"
}

# Its configuration has a folder of its own, because it is read again when something happens there: a log beside it
# would be something that happens all the time.
launch_sentinel() {
  free_port "$1"
  free_port "$1-admin"
  mkdir -p "$work/$1.conf"
  sentinel_config "$1" >"$work/$1.conf/sentinel.yaml"
  spawn "$1" "$proxy_cores" "$top/bin/sentinel" run --config "$work/$1.conf/sentinel.yaml"
}

sentinel_config() {
  local transport=${BENCH_TRANSPORT:-auto}
  [ "$1" != sentinel-uring ] || transport=io_uring
  cat <<CONF
version: 1
server: {instances: $loops, transport: $transport, quiet-period: 0s}
admin: {address: "127.0.0.1:${port_of[$1-admin]}"}
log: {access: {to: "$work/$1.access"}}
listeners:
  web:
    address: "127.0.0.1:${port_of[$1]}"
    timeouts: {idle: 10m}
    limits: {requests-per-connection: 2147483647}
$([ "$shape" != tls ] || echo "    tls: {certificates: [{cert: $work/tls.crt, key: $work/tls.key}]}")
upstreams:
  origin: {targets: [{address: "127.0.0.1:${port_of[origin]}"}], connections: {max: 128}}
routes:
$("sentinel_$shape")
CONF
}

sentinel_plain() { echo "  all: {forward: {upstream: origin}}"; }

sentinel_tls() { sentinel_plain; }

sentinel_chain() {
  cat <<'CONF'
  api:
    match: {path: {prefix: /api}}
    filters:
      - {type: headers, request: {set: {X-Environment: production}, remove: [Cookie]}}
      - {type: security-headers}
    forward: {upstream: origin, rewrite: {strip-prefix: /api}}
CONF
}

sentinel_routes() {
  local host prefix
  for ((host = 0; host < hosts; host++)); do
    for ((prefix = 0; prefix < prefixes; prefix++)); do
      echo "  h$host-p$prefix:" \
        "{match: {host: h$host.example, path: {prefix: /p$prefix}}, forward: {upstream: origin}}"
    done
  done
}

# Whether this build knows the key; anything else that is wrong shall be seen when it starts.
sentinel_has_tls() {
  arrange tls
  make_certificate
  port_of[sentinel]=1 port_of[sentinel-admin]=2 port_of[origin]=3
  sentinel_config sentinel >"$work/tls.yaml"
  unset 'port_of[sentinel]' 'port_of[sentinel-admin]' 'port_of[origin]'
  "$top/bin/sentinel" check --config "$work/tls.yaml" >"$work/tls.check" 2>&1 ||
    ! grep -q 'tls: unknown key' "$work/tls.check"
}

# Whether the kernel lets us have io_uring: the only way to know is to start with it.
sentinel_has_uring() {
  local able=0
  arrange plain
  start_origin && start sentinel-uring 2>/dev/null || able=1
  stop_all
  return "$able"
}

# The Java of ours, when ours runs; these are started after it.
same_java() {
  if [ -n "${pid_of[sentinel]:-}" ]; then java_of sentinel; else echo "${SENTINEL_JAVA:-java}"; fi
}

# vertx-http-proxy as it comes, with its own pool and without an access log, out of our jar.
start_vertx() {
  free_port vertx
  spawn vertx "$proxy_cores" "$(same_java)" -XX:+UseParallelGC -cp "$top/target/sentinel.jar" \
    "$top/bench/baseline/BareProxy.java" "${port_of[vertx]}" "${port_of[origin]}"
  await vertx
}

# Spring Cloud Gateway on one event loop, without an access log, as BareProxy.
start_scg() {
  local jar=$top/bench/baseline/spring-cloud-gateway/target/gateway.jar
  if [ -n "$(find "${jar%/target/*}" -newer "$jar" -name '*.*' -not -path '*/target/*' 2>&1)" ]; then
    say "building Spring Cloud Gateway, once"
    mvn -q -B -f "${jar%/target/*}" package >&2
  fi
  free_port scg
  PORT=${port_of[scg]} ORIGIN=${port_of[origin]} spawn scg "$proxy_cores" "$(same_java)" -XX:+UseParallelGC \
    -Dreactor.netty.ioWorkerCount=1 -jar "$jar"
  await scg
}
