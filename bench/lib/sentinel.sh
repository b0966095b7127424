# shellcheck shell=bash disable=SC2034,SC2154 # the settings are those of the scripts that read this
# Ours in every shape, and what this build and this machine let it do.

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
  local transport=${BENCH_TRANSPORT:-epoll}
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
$(! secure || echo "    tls: {certificates: [{cert: $work/tls.crt, key: $work/tls.key}]}")
$([[ $shape != http2* ]] || echo "    protocols: [http2]")
upstreams:
$(if [ "$1" = sentinel-guarded ]; then guarded_upstreams; else plain_upstreams; fi)
routes:
$(if [ "$1" = sentinel-guarded ]; then guarded_routes; else "sentinel_$shape"; fi)
CONF
}

plain_upstreams() {
  echo "  origin: {targets: [{address: \"127.0.0.1:${port_of[origin]}\"}], connections: {max: 128}}"
}

# Everything that can guard an upstream, and nothing of it has anything to do.
guarded_upstreams() {
  cat <<CONF
  origin:
    targets: [{address: "127.0.0.1:${port_of[origin]}", weight: 2}, {address: "localhost:${port_of[origin]}"}]
    connections: {max: 128}
    balancer: {type: peak-ewma}
    health:
      active: {type: http, path: /bench, interval: 1s}
      passive: {consecutive-failures: 5, outliers: {success-rate: 2, latency: 5}}
      panic-below: 30%
      slow-start: 1s
    circuit-breaker: {failure-rate: 50%, slow-rate: 50%, slow-after: 2s}
    limits: {requests: 10000, pending: 100, adaptive: {minimum: 200, initial: 1000, maximum: 10000}}
    fallback: {upstream: spare, on: [no-target, breaker-open, overloaded, "503"]}
  spare: {targets: [{address: "127.0.0.1:${port_of[origin]}"}]}
CONF
}

guarded_routes() {
  cat <<'CONF'
  all:
    forward:
      split: [{upstream: origin, weight: 100}, {upstream: spare, when: {headers: {x-canary: "1"}}}]
      sticky: {key: "{client-address}"}
      mirror: {upstream: spare, percent: 0%}
      retry: {on: [connect-failure, stale-connection, reset, timeout, "503"], attempt-timeout: 10s}
      hedge: {percentile: 100%}
CONF
}

sentinel_plain() { echo "  all: {forward: {upstream: origin}}"; }

sentinel_tls() { sentinel_plain; }

sentinel_http2() { sentinel_plain; }

sentinel_http2-tls() { sentinel_plain; }

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
