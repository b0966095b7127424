# shellcheck shell=bash disable=SC2034,SC2154
# A new client connection for each request; those to the origin server are kept.

churn_setup=plain

churn() {
  drive "$1" "$(address "$1")" -c "$connections" -H 'Connection: close' || return 0
  note churn "$1" "$(per_request)"
}

churn_rows() { row 'processor µs/request, a connection each' churn; }
