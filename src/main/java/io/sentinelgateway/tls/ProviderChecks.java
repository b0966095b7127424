package io.sentinelgateway.tls;

import io.sentinelgateway.config.CipherSuite;
import io.sentinelgateway.config.TlsConfig;
import io.sentinelgateway.config.TlsConfig.CertificateConfig;
import io.sentinelgateway.schema.Problems;
import java.util.List;

/** Judges whether a provider can do what is configured: what it cannot is refused, not ignored. */
final class ProviderChecks {

  private static final String BORINGSSL =
      " cannot be had with the JDK's TLS (expected: server.tls-provider: boringssl)";

  private ProviderChecks() {}

  static void report(TlsConfig tls, TlsProvider provider, Problems problems) {
    suites(tls.cipherSuites(), provider, problems);
    if (!provider.boring()) {
      jdk(tls, problems);
    }
  }

  /** BoringSSL's TLS 1.3 has three suites in an order of its own, by design. */
  static void suites(List<CipherSuite> listed, TlsProvider provider, Problems problems) {
    long newest = listed.stream().filter(CipherSuite::newest).distinct().count();
    problems
        .at("cipher-suites")
        .require(
            !provider.boring() || newest == 0 || newest == 3,
            newest
                + " of TLS 1.3 (expected: all three of it or none; BoringSSL speaks it with all"
                + " three)");
  }

  private static void jdk(TlsConfig tls, Problems problems) {
    problems.at("groups").require(tls.groups().isEmpty(), "a choice of groups" + BORINGSSL);
    Problems tickets = problems.at("session-tickets");
    tickets.at("keys").require(tls.sessionTickets().keys().isEmpty(), "keys in a file" + BORINGSSL);
    List<CertificateConfig> certificates = tls.certificates();
    for (int i = 0; i < certificates.size(); i++) {
      problems
          .at("certificates")
          .at(i)
          .at("ocsp")
          .require(certificates.get(i).ocsp().isEmpty(), "stapling" + BORINGSSL);
    }
  }
}
