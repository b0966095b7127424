# shellcheck shell=bash disable=SC2034,SC2154
# Answers with content over TLS 1.3: encryption is most of it.

tls_bodies_setup=tls

tls_bodies() {
  drive "$1" "$(address "$1" files/1MiB)" -c "$carriers" || return 0
  note tls-bodies "$1" "$(per_gib "$bytes")"
}

tls_bodies_rows() { row 'TLS 1.3: processor s/GiB, answers of 1MiB' tls-bodies; }
