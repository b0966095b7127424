# shellcheck shell=bash disable=SC2034,SC2154
# Answers with content: what a byte costs.

bodies_setup=plain
bodies_sizes=(64KiB 1MiB 10MiB)

bodies() {
  local size
  for size in "${bodies_sizes[@]}"; do
    drive "$1" "$(address "$1" "files/$size")" -c "$carriers" || continue
    note "body-$size" "$1" "$(per_gib "$bytes")"
  done
}

bodies_rows() {
  local size
  for size in "${bodies_sizes[@]}"; do row "processor s/GiB, answers of $size" "body-$size"; done
}
