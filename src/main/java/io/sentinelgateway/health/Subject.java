package io.sentinelgateway.health;

import io.sentinelgateway.config.ProbeTls;
import io.sentinelgateway.schema.Address;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a probe is made for. Immutable.
 *
 * @param address where to connect to, with the port that is checked
 * @param patience how long a check may take; probes use it for the parts of one
 */
record Subject(Vertx vertx, Address address, Duration patience) {

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
    return tls == null ? host() : tls.serverName().orElse(host());
  }

  int patienceMillis() {
    return (int) Math.max(1, patience.toMillis());
  }

  /** Sets what concerns connecting; without TLS settings it is in the clear. */
  <T extends ClientOptionsBase> T connecting(T options, @Nullable ProbeTls tls) {
    options.setConnectTimeout(patienceMillis());
    if (tls != null) {
      options.setSsl(true).setTrustAll(tls.insecure());
      tls.trust()
          .ifPresent(
              file ->
                  options.setTrustOptions(
                      new PemTrustOptions().addCertValue(Buffer.buffer(file.content()))));
    }
    return options;
  }

  /** The same for HTTP, where the name in the certificate is judged by the client. */
  <T extends HttpClientOptions> T http(T options, @Nullable ProbeTls tls) {
    connecting(options, tls);
    options.setVerifyHost(tls == null || !tls.insecure()).setForceSni(tls != null);
    return options;
  }
}
