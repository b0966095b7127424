# shellcheck shell=bash disable=SC2034,SC2154 # the settings are those of the scripts that read this
# What a measure is made of: load for $length seconds, the processor time it cost, a note of the result.

connections=64 # of small requests
carriers=16    # of large content: enough to fill the machine, few enough to stay within its caches

headers=(
  -H 'User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0'
  -H 'Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'
  -H 'Accept-Language: en-GB,en;q=0.5'
  -H 'Accept-Encoding: gzip, deflate, br'
  -H 'Cookie: session=0123456789abcdef0123456789abcdef'
)

# One result: measure, proxy, value. Medians are taken at the end; what only warms up is not written down.
note() { [ "$recording" = no ] || printf '%s\t%s\t%s\n' "$@" >>"$work/results.tsv"; }

divide() { awk -v a="$1" -v b="$2" 'BEGIN {printf "%.4f\n", a / b}'; }

# The load of the present shape, on as many connections as it is told, against the URL $2 of the proxy $1; more
# arguments are those of wrk.
# Sets requests, took (µs), bytes and spent (µs of the proxy's processor). False when a request failed.
drive() {
  local name=$1 url=$2 before output errors late
  shift 2
  forget_logs
  before=$(cpu_micros "$name")
  if [[ $shape == http2* ]]; then output=$(multiplex "$url"); else output=$(saturate "$url" "$@"); fi
  spent=$(($(cpu_micros "$name") - before))
  read -r requests took bytes errors late < <(sed -n 's/^total //p' <<<"$output") || true
  if [ "${requests:-0}" -eq 0 ] || [ "$errors" -ne 0 ]; then
    say "bench: ${errors:-no} errors of ${requests:-0} requests from $name at $url; left out" "$(tail -n 3 <<<"$output")"
    return 1
  fi
  [ "$late" -eq 0 ] || say "bench: answers of $name took over 2 s: is the machine doing something else?"
}

# wrk; its last line is "total REQUESTS MICROS BYTES ERRORS LATE".
saturate() {
  local url=$1
  shift
  OPENSSL_CONF=$work/openssl.conf taskset -c "$load_core" wrk -t1 -d"${length}s" \
    -s "$top/bench/load/totals.lua" "${headers[@]}" "$url" "$@" 2>&1 || true
}

# The same line from h2load: as many requests under way as wrk has connections, on fewer connections.
multiplex() {
  taskset -c "$load_core" h2load -t1 -c"$carriers" -m$((connections / carriers)) -D"$length" \
    --tls13-ciphers=TLS_AES_128_GCM_SHA256 "${headers[@]}" "$1" 2>&1 | awk -v micros=$((length * 1000000)) '
    { print }
    /^requests:/ { succeeded = $8; failed = $10 + $12 + $14 }
    /^traffic:/ { bytes = $3; gsub(/[^0-9]/, "", bytes) }
    END { printf "total %d %d %d %d 0\n", succeeded, micros, bytes, failed }'
}

# bench/load, $1 to proxy $2, on its processor and on one thread.
generate() {
  local command=$1 name=$2
  shift 2
  GODEBUG=asyncpreemptoff=1 GOMAXPROCS=1 taskset -c "$load_core" \
    "$work/load" "$command" -to "127.0.0.1:${port_of[$name]}" "$@"
}

per_request() { divide "$spent" "$requests"; }
per_second() { divide "$((requests * 1000000))" "$took"; }

# Processor seconds per GiB, of $1 bytes.
per_gib() { awk -v micros="$spent" -v bytes="$1" 'BEGIN {printf "%.4f\n", micros / 1e6 / (bytes / 2 ^ 30)}'; }
