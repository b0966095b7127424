# shellcheck shell=bash disable=SC2034,SC2154 # work, top and files are set by the script that reads this
# Processes, ports and what the kernel counts for them. Every process that is started is remembered and ended at the
# end; no other one is touched.

load_core=1 # load generator, and the origin server unless a setup says otherwise

started=()
declare -A pid_of port_of

say() { printf '%s\n' "$*" >&2; }

# As many open files as the system gives, and a folder on a memory disk: no disk is measured.
prepare_work() {
  ulimit -n "$(ulimit -Hn)"
  files=$(ulimit -n)
  [ "$files" != unlimited ] && [ "$files" -le 100000 ] || files=100000
  [ ! -w /dev/shm ] || export TMPDIR=/dev/shm
  work=$(mktemp -dt "sentinel-$1.XXXXXX")
  chmod 755 "$work"
  trap 'stop_all; rm -rf "$work"' EXIT
  trap 'exit 130' INT TERM
}

# Ends the script when a program is missing; each argument is "program package".
require() {
  local need
  for need in "$@"; do
    command -v "${need% *}" >/dev/null || {
      say "bench: ${need% *} is missing (Debian: apt-get install ${need#* })"
      exit 1
    }
  done
  [ "$(nproc)" -ge 2 ] || {
    say "bench: one processor (expected: two, one for the proxy and one for load and origin)"
    exit 1
  }
}

build_load() {
  (cd "$top/bench/load" && CGO_ENABLED=0 go build -o "$work/load" .)
}

# Starts "$3 …" on processors $2 under the name $1; standard output goes to its log, as an access log may.
spawn() {
  local name=$1 cores=$2
  shift 2
  taskset -c "$cores" "$@" >>"$work/$name.log" 2>>"$work/$name.err" </dev/null &
  pid_of[$name]=$!
  started+=("$!")
}

stop() {
  kill "${pid_of[$1]}" 2>/dev/null || true
  wait "${pid_of[$1]}" 2>/dev/null || true
}

stop_all() {
  local pid
  for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${started[@]}"; do wait "$pid" 2>/dev/null || true; done
  started=()
}

# A port below the ephemeral range that nobody listens on.
free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 10000))
    [[ " ${port_of[*]:-} " == *" $port "* ]] && continue
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
  done
  port_of[$1]=$port
}

# Waits until the server named $1 answers with 200, at most 30 seconds.
await() {
  local name=$1 tries curl_version=()
  [[ $shape != http2* || $name == origin ]] || curl_version=(--http2-prior-knowledge)
  for ((tries = 0; tries < 300; tries++)); do
    kill -0 "${pid_of[$name]}" 2>/dev/null || break
    if curl "${curl_version[@]}" -skf -o /dev/null -m 1 -H 'Host: h0.example' "$(address "$name")"; then return; fi
    sleep 0.1
  done
  say "bench: $name does not answer; its messages:"
  tail -n 5 "$work/$name.err" "$work/$name.log" >&2
  return 1
}

# The server itself and its children: nginx works in a child.
tree_of() {
  echo "${pid_of[$1]}"
  pgrep -P "${pid_of[$1]}" || true
}

# Processor time of a server so far, user and system, in microseconds.
cpu_micros() {
  local pid stat ticks=0
  for pid in $(tree_of "$1"); do
    stat=$(<"/proc/$pid/stat") || continue
    # The name in parentheses may hold spaces; utime and stime are the 12th and 13th field after it.
    read -r -a stat <<<"${stat##*) }"
    ticks=$((ticks + stat[11] + stat[12]))
  done
  echo $((ticks * 1000000 / $(getconf CLK_TCK)))
}

# Resident memory of a server in bytes.
resident() {
  local pid kib=0
  for pid in $(tree_of "$1"); do
    kib=$((kib + $(awk '/^VmRSS/ {print $2}' "/proc/$pid/status")))
  done
  echo $((kib * 1024))
}

# The program of a JVM.
java_of() { readlink "/proc/${pid_of[$1]}/exe"; }

# Asks a JVM to collect its garbage, twice: what finalisation frees goes with the second. Nothing for other servers.
collect() {
  local tool
  tool=$(dirname "$(java_of "$1")")/jcmd
  [ -x "$tool" ] || return 0
  "$tool" "${pid_of[$1]}" GC.run >/dev/null
  sleep 0.5
  "$tool" "${pid_of[$1]}" GC.run >/dev/null
  sleep 0.5
}

# The sum of the series of $1's metrics whose line matches the pattern $2, as a whole number.
metric() {
  curl -sf "http://127.0.0.1:${port_of[$1-admin]}/metrics" |
    awk -v pattern="$2" '$0 ~ pattern && !/^#/ {sum += $NF} END {printf "%.0f\n", sum}'
}

# What was logged is not needed: the files, on a memory disk, begin anew. They are all opened for appending.
forget_logs() {
  local log
  for log in "$work"/*.access "$work"/haproxy.log; do
    [ ! -e "$log" ] || : >"$log"
  done
}
