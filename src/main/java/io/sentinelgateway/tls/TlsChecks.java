package io.sentinelgateway.tls;

import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.schema.Problems;
import java.time.Instant;
import java.util.Optional;

/**
 * Judges all TLS of a configuration, towards clients and origin servers: what takes more than
 * reading. Stateless; never on an event loop, because the provider may have to be loaded.
 */
public final class TlsChecks {

  private TlsChecks() {}

  /** Adds every problem at its place. */
  public static void report(GatewayConfig config, Problems problems, Instant now) {
    Optional<TlsProvider> provider = used(config) ? provider(config, problems) : Optional.empty();
    Problems listeners = problems.at("listeners");
    config
        .listeners()
        .forEach(
            (id, listener) ->
                listener
                    .tls()
                    .ifPresent(
                        tls -> {
                          Problems here = listeners.at(id).at("tls");
                          CertificateChecks.report(tls, here, now);
                          provider.ifPresent(by -> ProviderChecks.report(tls, by, here));
                        }));
    Problems upstreams = problems.at("upstreams");
    config
        .upstreams()
        .forEach(
            (id, upstream) ->
                upstream
                    .tls()
                    .ifPresent(
                        tls -> {
                          Problems here = upstreams.at(id).at("tls");
                          OriginTlsChecks.report(tls, here, now);
                          provider.ifPresent(
                              by -> ProviderChecks.suites(tls.cipherSuites(), by, here));
                        }));
  }

  private static boolean used(GatewayConfig config) {
    return config.listeners().values().stream().anyMatch(one -> one.tls().isPresent())
        || config.upstreams().values().stream().anyMatch(one -> one.tls().isPresent());
  }

  private static Optional<TlsProvider> provider(GatewayConfig config, Problems problems) {
    try {
      return Optional.of(TlsProvider.choose(config.server().tlsProvider()));
    } catch (IllegalArgumentException e) {
      problems.at("server").at("tls-provider").error(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }
}
