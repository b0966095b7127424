# shellcheck shell=bash disable=SC2034,SC2154
# A thousand routes by host and path prefix; the load goes round all of them.

routes_setup=routes

routes() {
  drive "$1" "$(address "$1")" -c "$connections" -- routes "$hosts" "$prefixes" || return 0
  note routes "$1" "$(per_request)"
}

routes_rows() {
  row "processor µs/request with $((hosts * prefixes)) routes" routes
  beside 'the same ÷ one route' routes cost
}
