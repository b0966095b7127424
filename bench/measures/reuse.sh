# shellcheck shell=bash disable=SC2034,SC2154
# How many requests find an open connection to the origin server, by what the origin server counts: it is asked the
# same of every proxy.

reuse_setup=plain
reuse_clients=(64 512)

# Connections and requests so far.
origin_counts() {
  curl -sf "http://127.0.0.1:${port_of[origin]}/counters" | awk 'NR == 3 {print $1, $3}'
}

reuse() {
  local clients opened asked opened_after asked_after
  for clients in "${reuse_clients[@]}"; do
    read -r opened asked < <(origin_counts)
    drive "$1" "$(address "$1")" -c "$clients" || continue
    read -r opened_after asked_after < <(origin_counts)
    # The second look itself was a connection and a request.
    note "reuse-$clients" "$1" "$(awk -v opened=$((opened_after - opened - 1)) -v asked=$((asked_after - asked - 1)) \
      'BEGIN {printf "%.4f\n", 100 * (1 - opened / asked)}')"
  done
}

reuse_rows() {
  local clients
  for clients in "${reuse_clients[@]}"; do
    row "requests over a reused connection in % ($clients clients)" "reuse-$clients"
  done
}
