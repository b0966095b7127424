# shellcheck shell=bash disable=SC2034,SC2154 # the settings are those of the scripts that read this
# HAProxy in every shape.

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
  bind 127.0.0.1:${port_of[haproxy]} backlog 4096 $(haproxy_protocol)
  option forwardfor
  http-request set-header X-Forwarded-Proto $(secure && echo https || echo http)
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

haproxy_http2() { haproxy_plain; }

haproxy_http2-tls() { haproxy_plain; }

# What its listening socket speaks, if not plain HTTP/1.1.
haproxy_protocol() {
  secure && echo -n "ssl crt $work/tls.pem ssl-min-ver TLSv1.3 ciphersuites TLS_AES_128_GCM_SHA256 no-tls-tickets "
  case $shape in
    http2) echo "proto h2" ;;
    http2-tls) echo "alpn h2" ;;
  esac
}

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
