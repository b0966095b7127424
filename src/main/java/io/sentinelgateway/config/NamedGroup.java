package io.sentinelgateway.config;

import io.sentinelgateway.schema.Word;

/** A group in which keys are agreed on (RFC 8446 section 4.2.7). */
public enum NamedGroup {
  /** X25519 with ML-KEM-768: safe also from a quantum computer of later days. */
  @Word("X25519MLKEM768")
  X25519_MLKEM768("X25519MLKEM768"),
  @Word("X25519")
  X25519("X25519"),
  @Word("P-256")
  P_256("P-256"),
  @Word("P-384")
  P_384("P-384"),
  @Word("P-521")
  P_521("P-521");

  private final String word;

  NamedGroup(String word) {
    this.word = word;
  }

  /** The name that BoringSSL knows it by. */
  public String word() {
    return word;
  }
}
