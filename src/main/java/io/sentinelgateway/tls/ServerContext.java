package io.sentinelgateway.tls;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.handler.ssl.util.KeyManagerFactoryWrapper;
import io.netty.util.ReferenceCountUtil;
import io.sentinelgateway.config.CipherSuite;
import io.sentinelgateway.config.ClientAuthConfig;
import io.sentinelgateway.config.ClientAuthConfig.Mode;
import io.sentinelgateway.config.NamedGroup;
import io.sentinelgateway.config.TlsConfig;
import io.sentinelgateway.config.TlsConfig.Version;
import java.lang.ref.Cleaner;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLException;

/**
 * By which rules handshakes go with clients of whom the same is asked. Sessions belong to it: none
 * is resumed by another one, where something else is asked. Thread-safe.
 *
 * <p>The provider's part lives outside of the heap with BoringSSL. Who uses it last is hard to say
 * while listeners come and go on several loops, so it is freed when nobody can reach this object
 * any more; connections hold it by a count of their own.
 */
final class ServerContext {

  /** Parsed keys that BoringSSL keeps, replaced ones included until there are so many. */
  private static final int PARSED_KEYS = 4096;

  private static final Cleaner CLEANER = Cleaner.create();

  private final ClientAuthConfig asked;
  private final SslContext netty;

  private ServerContext(ClientAuthConfig asked, SslContext netty) {
    this.asked = asked;
    this.netty = netty;
    CLEANER.register(this, () -> ReferenceCountUtil.release(netty));
  }

  /**
   * Never on an event loop.
   *
   * @param protocols that a client may choose (ALPN), what is liked best first
   * @param asked of clients
   * @throws IllegalArgumentException when the provider refuses the settings, or a file is no good
   */
  static ServerContext create(
      TlsConfig config,
      TlsProvider provider,
      List<String> protocols,
      ServerKeys keys,
      ClientAuthConfig asked) {
    KeyManagerFactory factory = new KeyManagerFactoryWrapper(keys);
    SslContextBuilder builder =
        SslContextBuilder.forServer(
                provider.boring()
                    ? new OpenSslCachingX509KeyManagerFactory(factory, PARSED_KEYS)
                    : factory)
            .sslProvider(provider.netty())
            .protocols(versions(config))
            .ciphers(
                CipherSuite.meant(config.cipherSuites()).stream()
                    .map(CipherSuite::registered)
                    .toList(),
                SupportedCipherSuiteFilter.INSTANCE)
            .applicationProtocolConfig(alpn(protocols));
    if (asked.mode() != Mode.NONE) {
      builder
          .clientAuth(asked.mode() == Mode.REQUIRE ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL)
          .trustManager(ClientTrust.of(asked));
    }
    if (!config.groups().isEmpty()) {
      String[] groups = config.groups().stream().map(NamedGroup::word).toArray(String[]::new);
      builder.option(OpenSslContextOption.GROUPS, groups);
    }
    if (provider.boring()) {
      builder.enableOcsp(OpenSsl.isOcspSupported());
    }
    try {
      return new ServerContext(asked, builder.build());
    } catch (SSLException e) {
      throw new IllegalArgumentException("TLS cannot be set up: " + e.getMessage(), e);
    }
  }

  /** A client that offers none of these goes on without: the behaviour that both providers have. */
  private static ApplicationProtocolConfig alpn(List<String> protocols) {
    return new ApplicationProtocolConfig(
        Protocol.ALPN,
        SelectorFailureBehavior.NO_ADVERTISE,
        SelectedListenerFailureBehavior.ACCEPT,
        protocols);
  }

  private static List<String> versions(TlsConfig config) {
    return Arrays.stream(Version.values())
        .filter(version -> version.compareTo(config.minVersion()) >= 0)
        .filter(version -> version.compareTo(config.maxVersion()) <= 0)
        .map(version -> version == Version.TLS_1_2 ? "TLSv1.2" : "TLSv1.3")
        .toList();
  }

  /** What is asked of clients. */
  ClientAuthConfig asked() {
    return asked;
  }

  /** Tickets are sealed and opened by these from now on; the JDK keeps its own. */
  void use(TicketKeys keys) {
    if (netty.sessionContext() instanceof OpenSslSessionContext sessions) {
      sessions.setTicketKeys(keys.derive(asked));
    }
  }

  SslContext netty() {
    return netty;
  }
}
