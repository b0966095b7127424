# shellcheck shell=bash disable=SC2154 # the settings are those of bench/run
# Turns the single results into one table of medians and ratios.

missing=() # values that a measure should have given and did not

median_of() {
  awk -F'\t' -v m="$1" -v p="$2" '$1 == m && $2 == p {print $3}' "$work/results.tsv" | sort -n |
    awk '{v[NR] = $1} END {if (NR) print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2}'
}

# The machine and what runs on it, as it was while it ran.
describe() {
  local name
  echo "- \`$command\`, $date"
  echo "- $(uname -sr), $(nproc) processors, $(awk -F': ' '/model name/ {print $2; exit}' /proc/cpuinfo)," \
    "$(awk '/MemTotal/ {printf "%.0f GiB\n", $2 / 2 ^ 20}' /proc/meminfo)"
  echo "- $(nginx -v 2>&1 | sed 's/nginx version: //'); $(haproxy -v | sed -n '1s/ - .*//p');" \
    "$(wrk -v 2>&1 | sed -n '1s/ \[.*//p'); $(h2load --version); $(go version | cut -d' ' -f3)"
  for name in sentinel sentinel-guarded sentinel-uring; do
    [ ! -s "$work/$name.ready" ] || echo "- $name: revision $revision; $(<"$work/$name.ready")"
  done
  [[ " ${proxies[*]} " != *" vertx "* ]] || echo "- vertx: vertx-http-proxy alone, out of our jar; no access log"
  [[ " ${proxies[*]} " != *" scg "* ]] || echo "- scg: Spring Cloud Gateway $(scg_version); no access log"
  echo "- $rounds interleaved rounds of $seconds s, medians; processor time is user and system of the whole process"
  [ ! -s "$work/left-out" ] || sed 's/^/- /' "$work/left-out"
}

scg_version() {
  unzip -l "$top/bench/baseline/spring-cloud-gateway/target/gateway.jar" |
    sed -n 's/.*spring-cloud-gateway-server-webflux-\(.*\)\.jar/\1/p'
}

# Three significant digits are what such a measurement gives; a share of a hundred has two after the point, because
# only they tell. A dash where there is none.
plain() {
  awk -v v="$1" -v share="$2" 'BEGIN {
    if (v == "") print "–"
    else if (share == "yes") printf("%.2f\n", v)
    else {
      size = v < 0 ? -v : v
      printf(size >= 100 ? "%.0f\n" : size >= 10 ? "%.1f\n" : size >= 1 ? "%.2f\n" : "%.3f\n", v)
    } }'
}

# The line of a measure: title, name of its results. What stands beside what: see "ratios".
row() {
  local title=$1 result=$2 name value base cells='' share=no
  [[ $title != *" in % "* ]] || share=yes
  for name in "${table_columns[@]}"; do
    value=$(median_of "$result" "$name")
    cells+=" $(plain "$value" "$share") |"
    [ -n "$value" ] || ! due "$result" "$name" || missing+=("$title: $name")
  done
  for base in "${ratios[@]}"; do cells+=" $(quotient "$result" sentinel "$result" "$base") |"; done
  echo "| $title |$cells"
}

# A line that sets one result beside another one of the same proxy, where both are there.
beside() {
  local title=$1 result=$2 reference=$3 name cells='' base
  [ -n "$(median_of "$reference" "${proxies[0]}")" ] || return 0
  for name in "${table_columns[@]}"; do cells+=" $(quotient "$result" "$name" "$reference" "$name") |"; done
  for base in "${ratios[@]}"; do cells+=" |"; done
  echo "| $title |$cells"
}

quotient() {
  awk -v upper="$(median_of "$1" "$2")" -v lower="$(median_of "$3" "$4")" 'BEGIN {
    if (upper == "" || lower + 0 == 0) print "–"
    else printf("%.2f\n", upper / lower) }'
}

# Whether the present measure owes the result $1 of the column $2.
due() {
  case $1-$2 in
    cost-*-origin | p50-"${rates[0]}"-vertx | p99-"${rates[0]}"-vertx | cost-"${rates[0]}"-vertx | \
      p50-"${rates[0]}"-scg | p99-"${rates[0]}"-scg | cost-"${rates[0]}"-scg) return 1 ;;
  esac
  [[ " $(columns_of "$measure") " == *" $2 "* ]]
}

report() {
  local name head='| |' rule='|---|' measure
  ratios=()
  for name in nginx haproxy vertx scg; do
    [[ " ${proxies[*]} " != *" $name "* ]] || ratios+=("$name")
  done
  [[ " ${proxies[*]} " == *" sentinel "* ]] || ratios=()
  table_columns=(origin "${proxies[@]}")
  [[ " ${measures[*]} " == *" rates "* ]] || table_columns=("${proxies[@]}")
  for name in "${table_columns[@]/#origin/direct}" "${ratios[@]/#/sentinel ÷ }"; do
    head+=" $name |"
    rule+='---|'
  done
  describe
  printf '\n%s\n%s\n' "$head" "$rule"
  for measure in "${measures[@]}"; do "${measure//-/_}_rows"; done
}
