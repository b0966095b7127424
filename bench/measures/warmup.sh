# shellcheck shell=bash disable=SC2034,SC2154
# The first seconds of a fresh process on one processor: at saturation from its first answer on, and, in another
# process, what clients see at a modest rate. The load generator knocks until the process is there.

warmup_setup=own
warmup_columns="sentinel sentinel-uring"
warmup_rounds=3

warmup() {
  local name=$1 reached speed errors p99
  launch_sentinel "$name"
  read -r reached speed errors < <(generate ramp "$name" -wait 30 -seconds "$warmup_seconds" \
    -connections "$connections") || true
  stop "$name"
  [ "${errors:-1}" -ne 0 ] || note warmup "$name" "$reached"
  launch_sentinel "$name"
  read -r _ errors _ p99 _ < <(generate rate "$name" -wait 30 -rate 2000 -lead 0 -seconds 2 -patience 20 \
    -connections "$connections") || true
  stop "$name"
  if [ "${errors:-1}" -eq 0 ]; then note warmup-p99 "$name" "$p99"; fi
}

warmup_rows() {
  row 'seconds to nine tenths of the steady rate' warmup
  row 'p99 µs of the first two seconds at 2000 req/s' warmup-p99
}
