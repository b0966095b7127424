package io.sentinelgateway.tls;

import io.sentinelgateway.config.TlsConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The certificates of one listener, indexed by name. An exact name goes before a wildcard, which
 * stands for one label (RFC 9525 section 6.3). Of several certificates with the same name the first
 * one has it. Immutable.
 */
public final class CertificateSet {

  private final List<ServerCertificate> certificates;
  private final Map<String, ServerCertificate> byName = new HashMap<>();
  private final Map<String, ServerCertificate> byAlias = new HashMap<>();

  private CertificateSet(List<ServerCertificate> certificates) {
    this.certificates = certificates;
    for (ServerCertificate certificate : certificates) {
      byAlias.putIfAbsent(certificate.alias(), certificate);
      certificate.names().forEach(name -> byName.putIfAbsent(name, certificate));
    }
  }

  /**
   * Never on an event loop.
   *
   * @throws IllegalArgumentException with a message for the user
   */
  public static CertificateSet of(TlsConfig config) {
    return new CertificateSet(
        config.certificates().stream()
            .map(each -> ServerCertificate.of(each, config.clientAuth(each)))
            .toList());
  }

  /**
   * The certificate for a client that asks for this name.
   *
   * @param name {@code null} for one that asks for none
   */
  ServerCertificate choose(@Nullable String name) {
    ServerCertificate chosen = name == null ? null : find(name.toLowerCase(Locale.ROOT));
    return chosen == null ? certificates.get(0) : chosen;
  }

  private @Nullable ServerCertificate find(String name) {
    ServerCertificate exact = byName.get(name);
    int dot = name.indexOf('.');
    return exact != null || dot < 0 ? exact : byName.get("*" + name.substring(dot));
  }

  @Nullable ServerCertificate get(String alias) {
    return byAlias.get(alias);
  }

  /** In the order of the configuration. */
  public List<ServerCertificate> certificates() {
    return certificates;
  }
}
