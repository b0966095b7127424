# shellcheck shell=bash disable=SC2034,SC2154 # the settings are those of the scripts that read this
# What the servers are like that a measure looks at, where they are asked, and the origin server behind them.

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
#   http2   plain, and HTTP/2 towards the client, by prior knowledge; http2-tls by ALPN over TLS 1.3
#   own     plain, but the measure starts and ends the proxies itself
arrange() {
  shape=plain loops=1 proxy_cores=0 origin_core=$load_core origin_program=nginx
  case $1 in
    routes | chain | tls | http2 | http2-tls) shape=$1 ;;
    posts) origin_program=load ;;
    loops)
      loops=2 proxy_cores=0,1
      [ "$(nproc)" -lt 4 ] || proxy_cores=0,2 origin_core=3
      ;;
  esac
}

# Whether the servers of the present shape speak TLS with the client.
secure() { [[ $shape == *tls ]]; }

# Where the server named $1 is asked for $2, or for what every shape answers.
address() {
  local scheme=http path=${2:-bench}
  if [ "$1" != origin ]; then
    case $shape in
      *tls) scheme=https ;;
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

start() {
  case $1 in
    sentinel*) start_sentinel "$1" ;;
    *) "start_$1" ;;
  esac
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
