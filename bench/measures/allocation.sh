# shellcheck shell=bash disable=SC2034,SC2154
# Heap allocated per request. The JVM counts at collections only, so it is asked to collect before each look: what
# lies between two of them is exact, on every collector and every Java.

allocation_setup=plain
allocation_columns="sentinel sentinel-uring"

allocated() {
  collect "$1"
  metric "$1" '^jvm_gc_memory_allocated_bytes_total'
}

allocation() {
  local before
  before=$(allocated "$1")
  drive "$1" "$(address "$1")" -c "$connections" || return 0
  note allocation "$1" "$(divide $(($(allocated "$1") - before)) "$requests")"
}

allocation_rows() { row 'heap bytes allocated per request' allocation; }
