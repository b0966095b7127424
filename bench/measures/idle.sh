# shellcheck shell=bash disable=SC2034,SC2154
# Resident memory that a connection holds which was used once and stays open, in a fresh process.

idle_setup=own
idle_rounds=3

idle() {
  local name=$1 before grown line
  start "$name"
  drive "$name" "$(address "$name")" -c "$connections" || { stop "$name" && return; }
  collect_if_java "$name"
  before=$(resident "$name")
  coproc IDLE { generate idle "$name" -connections "$idle_count"; }
  # The descriptors are copied: bash forgets them once the process has ended.
  # shellcheck disable=SC2153 # coproc sets it
  local from to holder=$IDLE_PID
  started+=("$holder")
  exec {from}<&"${IDLE[0]}" {to}>&"${IDLE[1]}"
  eval "exec ${IDLE[1]}>&-"
  IFS= read -r -t 60 line <&"$from" || true
  if [ "$line" = "open $idle_count" ]; then
    sleep 2
    collect_if_java "$name"
    grown=$(($(resident "$name") - before))
  fi
  exec {to}>&-
  [ "$line" != "open $idle_count" ] || IFS= read -r -t 60 line <&"$from" || true
  exec {from}<&-
  wait "$holder" || true
  stop "$name"
  if [ "$line" = "alive $idle_count" ]; then
    note idle "$name" "$(divide "$grown" "$idle_count")"
  else
    say "bench: $name: $line (expected: alive $idle_count); left out"
  fi
}

# Garbage is not to be taken for connections.
collect_if_java() {
  case $1 in sentinel*) collect "$1" ;; esac
}

idle_rows() { row "resident bytes per idle connection ($idle_count)" idle; }
