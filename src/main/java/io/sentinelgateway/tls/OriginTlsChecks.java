package io.sentinelgateway.tls;

import io.sentinelgateway.config.ClientAuthConfig;
import io.sentinelgateway.config.OriginTlsConfig;
import io.sentinelgateway.config.TlsConfig.CertificateConfig;
import io.sentinelgateway.schema.PemFile;
import io.sentinelgateway.schema.Problems;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Judges the files of TLS towards origin servers. Stateless; never on an event loop. */
final class OriginTlsChecks {

  private OriginTlsChecks() {}

  /** Adds every problem at its place within the settings of an upstream. */
  static void report(OriginTlsConfig tls, Problems here, Instant now) {
    authorities(tls.trust(), here);
    certificate(tls, here, now);
  }

  private static void authorities(List<PemFile> files, Problems here) {
    for (int i = 0; i < files.size(); i++) {
      try {
        Pem.certificates(files.get(i), "trust");
      } catch (BadCertificateException e) {
        here.at("trust").at(i).error(String.valueOf(e.getMessage()));
      }
    }
  }

  private static void certificate(OriginTlsConfig tls, Problems here, Instant now) {
    PemFile cert = tls.cert().orElse(null);
    PemFile key = tls.key().orElse(null);
    if (cert == null || key == null) {
      return;
    }
    try {
      ServerCertificate certificate =
          ServerCertificate.of(
              new CertificateConfig(cert, key, List.of(), Optional.empty(), Optional.empty()),
              ClientAuthConfig.NONE);
      here.at("key")
          .require(
              certificate.keyMatches(),
              key + " does not match " + cert + " (expected: its private key)");
      if (certificate.expires().isBefore(now)) {
        here.at("cert").warn(cert + " expired at " + certificate.expires());
      }
    } catch (BadCertificateException e) {
      here.at(e.setting()).error(String.valueOf(e.getMessage()));
    }
  }
}
