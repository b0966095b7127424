# shellcheck shell=bash disable=SC2034,SC2154
# What many sites have in front of an application: a field set, a field removed, security fields, a prefix stripped.

chain_setup=chain

chain() {
  drive "$1" "$(address "$1")" -c "$connections" || return 0
  note chain "$1" "$(per_request)"
}

chain_rows() {
  row 'processor µs/request with a filter chain' chain
  beside 'the same ÷ without' chain cost
}
