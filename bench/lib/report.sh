# shellcheck shell=bash disable=SC2154 # the settings are those of bench/run
# Turns the single results into one table of medians and ratios.

median_of() {
  awk -F'\t' -v m="$1" -v p="$2" '$1 == m && $2 == p {print $3}' "$work/results.tsv" | sort -n |
    awk '{v[NR] = $1} END {if (NR) print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2}'
}

# The machine and what runs on it, as it was while it ran.
describe() {
  echo "- $date; $(uname -sr), $(nproc) processors, $(awk -F': ' '/model name/ {print $2; exit}' /proc/cpuinfo)"
  echo "- $(nginx -v 2>&1 | sed 's/nginx version: //'); $(haproxy -v | sed -n '1s/ - .*//p')"
  if [ -n "${pid_of[sentinel]:-}" ]; then
    local java
    java=$(readlink "/proc/${pid_of[sentinel]}/exe")
    echo "- sentinel $(git -C "$top" describe --always --dirty 2>/dev/null || echo 'of unknown revision');" \
      "$("$java" -version 2>&1 | sed -n 2p); transport ${BENCH_TRANSPORT:-auto}"
  fi
  echo "- $rounds interleaved rounds of $seconds s, medians; 64 keep-alive connections, 128-byte answers, five browser" \
    "fields; access log on in all$([[ " ${proxies[*]} " == *" vertx "* ]] && echo ' but vertx')"
}

# Three significant digits are what such a measurement gives; a dash where there is none.
plain() {
  awk -v v="$1" 'BEGIN {if (v == "") print "–"; else printf(v >= 100 ? "%.0f\n" : "%.1f\n", v)}'
}

# One line of the table: title, measure, and whether its ratios are shown.
row() {
  local title=$1 measure=$2 name value cells='' base
  for name in origin "${proxies[@]}"; do
    value=$(median_of "$measure" "$name")
    cells+=" $(plain "$value") |"
  done
  for base in nginx haproxy; do
    if [ -n "$(median_of "$measure" "$base")" ] && [ -n "$(median_of "$measure" sentinel)" ]; then
      cells+=" $(divide "$(median_of "$measure" sentinel)" "$(median_of "$measure" "$base")") |"
    else
      cells+=" – |"
    fi
  done
  echo "| $title |$cells"
}

report() {
  local name rate head='| | direct |' rule='|---|---|'
  for name in "${proxies[@]}" "sentinel ÷ nginx" "sentinel ÷ HAProxy"; do
    head+=" $name |"
    rule+='---|'
  done
  cat "$work/machine.txt"
  printf '\n%s\n%s\n' "$head" "$rule"
  row 'requests/s at saturation' saturation
  row 'processor µs/request at saturation' cost
  for rate in "${rates[@]}"; do
    row "processor µs/request at $rate req/s" "cost-$rate"
    row "p50 µs at $rate req/s" "p50-$rate"
    row "p99 µs at $rate req/s" "p99-$rate"
  done
  [ "$idle" != yes ] || row "resident bytes per idle connection ($idle_count)" idle
}
