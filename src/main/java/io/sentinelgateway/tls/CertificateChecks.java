package io.sentinelgateway.tls;

import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.config.ListenerConfig;
import io.sentinelgateway.config.TlsConfig;
import io.sentinelgateway.config.TlsConfig.CertificateConfig;
import io.sentinelgateway.schema.Problems;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Judges the certificates of a configuration, and whether its provider is to be had: what takes
 * more than reading. Stateless; never on an event loop.
 */
public final class CertificateChecks {

  private CertificateChecks() {}

  /** Adds every problem at its place. */
  public static void report(GatewayConfig config, Problems problems, Instant now) {
    if (config.listeners().values().stream().allMatch(listener -> listener.tls().isEmpty())) {
      return;
    }
    try {
      TlsProvider.choose(config.server().tlsProvider());
    } catch (IllegalArgumentException e) {
      problems.at("server").at("tls-provider").error(String.valueOf(e.getMessage()));
    }
    config
        .listeners()
        .forEach((id, listener) -> report(listener, problems.at("listeners").at(id), now));
  }

  private static void report(ListenerConfig listener, Problems problems, Instant now) {
    List<CertificateConfig> configs = listener.tls().map(TlsConfig::certificates).orElse(List.of());
    Map<String, Integer> owners = new HashMap<>();
    for (int i = 0; i < configs.size(); i++) {
      Problems here = problems.at("tls").at("certificates").at(i);
      try {
        ServerCertificate certificate = ServerCertificate.of(configs.get(i));
        judge(certificate, configs.get(i), here, now);
        overlaps(certificate, i, owners, here);
      } catch (BadCertificateException e) {
        here.at(e.setting()).error(String.valueOf(e.getMessage()));
      }
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
