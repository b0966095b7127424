# shellcheck shell=bash disable=SC2034,SC2154
# Small requests over TLS 1.3 connections that stay.

tls_small_setup=tls

tls_small() {
  drive "$1" "$(address "$1")" -c "$connections" || return 0
  note tls-small "$1" "$(per_request)"
}

tls_small_rows() { row 'TLS 1.3: processor µs/request at saturation' tls-small; }
