# shellcheck shell=bash disable=SC2034,SC2154
# Two event loops on two processors. Below four processors the load runs on the same ones: then only the cost of a
# request means something, not how many there were.

loops_setup=loops

loops() {
  drive "$1" "$(address "$1")" -c "$connections" || return 0
  note loops "$1" "$(per_request)"
  note loops-speed "$1" "$(per_second)"
}

loops_rows() {
  if [ "$(nproc)" -ge 4 ]; then
    row 'requests/s on two loops' loops-speed
    beside 'the same ÷ one loop' loops-speed saturation
    row 'processor µs/request on two loops' loops
  else
    row 'processor µs/request on two loops (load on the same processors)' loops
  fi
  beside 'the same ÷ one loop' loops cost
}
