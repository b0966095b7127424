# shellcheck shell=bash disable=SC2034,SC2154
# A new TLS 1.3 connection with a full handshake (X25519, ECDSA on P-256) for each request; no session is resumed.

tls_handshake_setup=tls

tls_handshake() {
  local before spent requests took errors
  forget_logs
  before=$(cpu_micros "$1")
  read -r requests took errors < <(generate handshake "$1" -seconds "$length" -connections "$connections") || true
  spent=$(($(cpu_micros "$1") - before))
  if [ "${requests:-0}" -eq 0 ] || [ "$errors" -ne 0 ]; then
    say "bench: ${errors:-no} errors of ${requests:-0} TLS connections to $1; left out"
    return
  fi
  note tls-handshake "$1" "$(per_request)"
}

tls_handshake_rows() { row 'TLS 1.3: processor µs per connection with one request' tls-handshake; }
