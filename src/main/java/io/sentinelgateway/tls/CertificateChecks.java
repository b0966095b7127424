package io.sentinelgateway.tls;

import io.sentinelgateway.config.ClientAuthConfig;
import io.sentinelgateway.config.ClientAuthConfig.Mode;
import io.sentinelgateway.config.TlsConfig;
import io.sentinelgateway.config.TlsConfig.CertificateConfig;
import io.sentinelgateway.schema.PemFile;
import io.sentinelgateway.schema.Problems;
import java.security.cert.X509CRL;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Judges the certificates that listeners show and ask for. Stateless; never on an event loop. */
final class CertificateChecks {

  private CertificateChecks() {}

  /** Adds every problem at its place within the settings of a listener. */
  static void report(TlsConfig tls, Problems problems, Instant now) {
    Map<String, Integer> owners = new HashMap<>();
    List<CertificateConfig> configs = tls.certificates();
    for (int i = 0; i < configs.size(); i++) {
      CertificateConfig config = configs.get(i);
      int index = i;
      Problems here = problems.at("certificates").at(i);
      attempt(
          here,
          () -> {
            ServerCertificate certificate = ServerCertificate.of(config, tls.clientAuth(config));
            judge(certificate, config, here, now);
            overlaps(certificate, index, owners, here);
          });
      config.clientAuth().ifPresent(auth -> report(auth, here.at("client-auth"), now));
    }
    tls.clientAuth().ifPresent(auth -> report(auth, problems.at("client-auth"), now));
    Problems tickets = problems.at("session-tickets");
    tls.sessionTickets().keys().ifPresent(file -> attempt(tickets, () -> TicketKeys.of(file)));
  }

  private static void report(ClientAuthConfig auth, Problems here, Instant now) {
    if (auth.mode() == Mode.NONE || auth.ca().isEmpty()) {
      return;
    }
    attempt(here, () -> ClientTrust.of(auth));
    auth.crl().ifPresent(file -> attempt(here, () -> outdated(file, here.at("crl"), now)));
  }

  private static void outdated(PemFile file, Problems here, Instant now) {
    for (X509CRL list : ClientTrust.lists(file)) {
      Date next = list.getNextUpdate();
      if (next != null && next.toInstant().isBefore(now)) {
        String issuer = list.getIssuerX500Principal().getName();
        here.warn(
            file
                + " is out of date since "
                + next.toInstant()
                + ": certificates of "
                + issuer
                + " are refused");
      }
    }
  }

  private static void attempt(Problems here, Runnable work) {
    try {
      work.run();
    } catch (BadCertificateException e) {
      here.at(e.setting()).error(String.valueOf(e.getMessage()));
    }
  }

  private static void judge(
      ServerCertificate certificate, CertificateConfig config, Problems here, Instant now) {
    here.at("key")
        .require(
            certificate.keyMatches(),
            config.key() + " does not match " + config.cert() + " (expected: its private key)");
    if (certificate.expires().isBefore(now)) {
      here.at("cert").warn(config.cert() + " expired at " + certificate.expires());
    }
    if (certificate.begins().isAfter(now)) {
      here.at("cert").warn(config.cert() + " is not valid before " + certificate.begins());
    }
  }

  private static void overlaps(
      ServerCertificate certificate, int index, Map<String, Integer> owners, Problems here) {
    for (String name : certificate.names()) {
      Integer owner = owners.putIfAbsent(name, index);
      if (owner != null) {
        here.at("cert")
            .warn(name + " is a name of certificates[" + owner + "] too, which serves it");
      }
    }
  }
}
