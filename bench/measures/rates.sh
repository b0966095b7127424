# shellcheck shell=bash disable=SC2034,SC2154
# Small requests at a fixed rate, where latency means something. "origin" is the same without a proxy.

rates_setup=plain
rates_columns="origin nginx haproxy sentinel sentinel-guarded sentinel-uring vertx scg"

rates() {
  local rate
  for rate in "${rates[@]}"; do
    case $1 in
      vertx | scg) [ "$rate" = "${rates[-1]}" ] || continue ;;
    esac
    at_rate "$1" "$rate"
  done
}

at_rate() {
  local name=$1 rate=$2 before requests errors p50 p99
  forget_logs
  before=$(cpu_micros "$name")
  read -r requests errors p50 p99 _ < <(generate rate "$name" -rate "$rate" -seconds "$length" -lead "$lead" \
    -connections "$connections") || true
  if [ "${errors:-1}" -ne 0 ]; then
    # Slower than the rate, or broken: not a figure to show. The others still have theirs.
    say "bench: ${errors:-no} errors of ${requests:-0} requests from $name at $rate/s; left out"
    return
  fi
  note "p50-$rate" "$name" "$p50"
  note "p99-$rate" "$name" "$p99"
  # What came before the measurement was paid for too. The origin server's own cost is nobody's question.
  [ "$name" = origin ] ||
    note "cost-$rate" "$name" "$(divide $(($(cpu_micros "$name") - before)) $((requests + lead * rate)))"
}

rates_rows() {
  local rate
  for rate in "${rates[@]}"; do
    row "processor µs/request at $rate req/s" "cost-$rate"
    row "p50 µs at $rate req/s" "p50-$rate"
    row "p99 µs at $rate req/s" "p99-$rate"
  done
}
