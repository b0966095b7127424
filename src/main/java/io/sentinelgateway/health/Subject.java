package io.sentinelgateway.health;

import io.sentinelgateway.config.CipherSuite;
import io.sentinelgateway.config.OriginProtocol;
import io.sentinelgateway.config.OriginTlsConfig;
import io.sentinelgateway.config.ProbeTls;
import io.sentinelgateway.schema.Address;
import io.sentinelgateway.schema.PemFile;
import io.sentinelgateway.target.TargetTls;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TrustOptions;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a probe is made for. Immutable.
 *
 * @param address where to connect to, with the port that is checked
 * @param patience how long a check may take; probes use it for the parts of one
 * @param own how TLS is spoken with the target, also by a check that has no settings for it; {@code
 *     null} for in the clear
 * @param protocol what requests speak there
 */
record Subject(
    Vertx vertx,
    Address address,
    Duration patience,
    @Nullable TargetTls own,
    OriginProtocol protocol) {

  SocketAddress socket() {
    return address.unix()
        ? SocketAddress.domainSocketAddress(address.host())
        : SocketAddress.inetSocketAddress(address.port(), address.host());
  }

  /** Name for Host and SNI where none is configured; a Unix socket has none of its own. */
  String host() {
    return address.unix() ? "localhost" : address.host();
  }

  /** Name to ask for and to find in the certificate. */
  String serverName(@Nullable ProbeTls tls) {
    if (tls != null) {
      return tls.serverName().orElse(host());
    }
    return own == null ? host() : own.settings().serverName().orElse(host());
  }

  /** Whether to connect over TLS. */
  boolean secure(@Nullable ProbeTls tls) {
    return tls != null || own != null;
  }

  /** Whether the certificate must be for the name. */
  boolean verifies(@Nullable ProbeTls tls) {
    return tls == null
        ? own == null || own.settings().verify() == OriginTlsConfig.Verify.FULL
        : !tls.insecure();
  }

  int patienceMillis() {
    return (int) Math.max(1, patience.toMillis());
  }

  /** Sets what concerns connecting; without any TLS settings it is in the clear. */
  <T extends ClientOptionsBase> T connecting(T options, @Nullable ProbeTls tls) {
    options.setConnectTimeout(patienceMillis());
    if (tls != null) {
      options.setSsl(true).setTrustAll(tls.insecure());
      tls.trust()
          .ifPresent(
              file ->
                  options.setTrustOptions(
                      new PemTrustOptions().addCertValue(Buffer.buffer(file.content()))));
    } else if (own != null) {
      likeRequests(options.setSsl(true), own);
    }
    return options;
  }

  private static void likeRequests(ClientOptionsBase options, TargetTls own) {
    OriginTlsConfig settings = own.settings();
    options.setTrustOptions(TrustOptions.wrap(own.trust()));
    options.setEnabledSecureTransportProtocols(settings.protocols());
    CipherSuite.meant(settings.cipherSuites())
        .forEach(suite -> options.addEnabledCipherSuite(suite.registered()));
    PemFile cert = settings.cert().orElse(null);
    PemFile key = settings.key().orElse(null);
    if (cert != null && key != null) {
      options.setKeyCertOptions(
          new PemKeyCertOptions()
              .addCertValue(Buffer.buffer(cert.content()))
              .addKeyValue(Buffer.buffer(key.content())));
    }
  }

  /**
   * The same for HTTP, where the name in the certificate is judged by the client.
   *
   * @param spoken is agreed on by ALPN over TLS, and known before without
   */
  <T extends HttpClientOptions> T http(T options, @Nullable ProbeTls tls, OriginProtocol spoken) {
    connecting(options, tls);
    boolean newer =
        spoken == OriginProtocol.HTTP2 || (spoken == OriginProtocol.AUTO && secure(tls));
    if (newer) {
      options.setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false);
    }
    if (secure(tls)) {
      options.setUseAlpn(true).setAlpnVersions(versions(spoken));
    }
    options.setVerifyHost(verifies(tls)).setForceSni(secure(tls));
    return options;
  }

  private static List<HttpVersion> versions(OriginProtocol spoken) {
    return switch (spoken) {
      case HTTP1 -> List.of(HttpVersion.HTTP_1_1);
      case HTTP2 -> List.of(HttpVersion.HTTP_2);
      case AUTO -> List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1);
    };
  }
}
