# shellcheck shell=bash disable=SC2034,SC2154
# Requests with content: what a byte costs.

posts_setup=posts
posts_sizes=(64KiB 1MiB)

posts() {
  local size length_of_one
  for size in "${posts_sizes[@]}"; do
    length_of_one=$(numfmt --from=iec-i "${size%B}")
    drive "$1" "$(address "$1")" -c "$carriers" -- post "$length_of_one" || continue
    note "post-$size" "$1" "$(per_gib $((requests * length_of_one)))"
  done
}

posts_rows() {
  local size
  for size in "${posts_sizes[@]}"; do row "processor s/GiB, requests of $size" "post-$size"; done
}
