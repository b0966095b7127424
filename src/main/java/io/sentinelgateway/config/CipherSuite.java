package io.sentinelgateway.config;

import io.sentinelgateway.schema.Word;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The cipher suites that can be had: those with forward secrecy and authenticated encryption, by
 * their names in the IANA registry. The order is the one in which they are preferred.
 */
public enum CipherSuite {
  @Word("TLS_AES_128_GCM_SHA256")
  AES_128_GCM_SHA256,
  @Word("TLS_AES_256_GCM_SHA384")
  AES_256_GCM_SHA384,
  @Word("TLS_CHACHA20_POLY1305_SHA256")
  CHACHA20_POLY1305_SHA256,
  @Word("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")
  ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
  @Word("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")
  ECDHE_RSA_WITH_AES_128_GCM_SHA256,
  @Word("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384")
  ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
  @Word("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384")
  ECDHE_RSA_WITH_AES_256_GCM_SHA384,
  @Word("TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256")
  ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
  @Word("TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256")
  ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256;

  private static final Set<CipherSuite> TLS_1_3 =
      EnumSet.of(AES_128_GCM_SHA256, AES_256_GCM_SHA384, CHACHA20_POLY1305_SHA256);

  /** The name in the registry. */
  public String registered() {
    return "TLS_" + name();
  }

  /** True for one of TLS 1.3; those of TLS 1.2 are others. */
  public boolean newest() {
    return TLS_1_3.contains(this);
  }

  /**
   * What is meant by a list: it rules the versions that it names a suite of; the others have all of
   * theirs.
   */
  public static List<CipherSuite> meant(List<CipherSuite> listed) {
    List<CipherSuite> all = new ArrayList<>(listed);
    boolean newest = listed.stream().anyMatch(CipherSuite::newest);
    boolean older = !listed.stream().allMatch(CipherSuite::newest);
    for (CipherSuite suite : values()) {
      if (suite.newest() ? !newest : !older) {
        all.add(suite);
      }
    }
    return all;
  }
}
