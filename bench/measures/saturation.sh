# shellcheck shell=bash disable=SC2034,SC2154
# As many small requests as the connections carry.

saturation_setup=plain
saturation_columns="nginx haproxy sentinel sentinel-guarded sentinel-uring vertx scg"

saturation() {
  drive "$1" "$(address "$1")" -c "$connections" || return 0
  note saturation "$1" "$(per_second)"
  note cost "$1" "$(per_request)"
}

saturation_rows() {
  row 'requests/s at saturation' saturation
  row 'processor µs/request at saturation' cost
}
