# shellcheck shell=bash disable=SC2034,SC2154
# Small requests over HTTP/2 connections by prior knowledge, several under way on each.

http2_setup=http2

http2() {
  drive "$1" "$(address "$1")" || return 0
  note http2 "$1" "$(per_request)"
}

http2_rows() { row 'HTTP/2: processor µs/request at saturation' http2; }
