# shellcheck shell=bash disable=SC2034,SC2154
# The same over TLS 1.3, chosen by ALPN.

http2_tls_setup=http2-tls

http2_tls() {
  drive "$1" "$(address "$1")" || return 0
  note http2-tls "$1" "$(per_request)"
}

http2_tls_rows() { row 'HTTP/2 over TLS 1.3: processor µs/request at saturation' http2-tls; }
