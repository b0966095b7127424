package io.sentinelgateway.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.handler.ssl.util.KeyManagerFactoryWrapper;
import io.netty.util.ReferenceCountUtil;
import io.sentinelgateway.config.TlsConfig;
import io.sentinelgateway.config.TlsConfig.Version;
import java.lang.ref.Cleaner;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLException;

/**
 * TLS of one listener: versions, cipher suites, and certificates that can be replaced. Thread-safe;
 * shared by all event loops, and by a listener with the one that takes its place.
 *
 * <p>A context lives outside of the heap with BoringSSL. Who uses it last is hard to say while
 * listeners come and go on several loops, so it is freed when nobody can reach this object any
 * more; connections hold it by a count of their own.
 */
public final class ServerTls {

  /** Forward secrecy and authenticated encryption only; those of TLS 1.3 come first. */
  private static final List<String> CIPHER_SUITES =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  /** Parsed keys that BoringSSL keeps, replaced ones included until there are so many. */
  private static final int PARSED_KEYS = 4096;

  private static final Cleaner CLEANER = Cleaner.create();

  private final ServerKeys keys;
  private final SslContext context;

  private ServerTls(ServerKeys keys, SslContext context) {
    this.keys = keys;
    this.context = context;
    CLEANER.register(this, () -> ReferenceCountUtil.release(context));
  }

  /**
   * Never on an event loop.
   *
   * @param certificates the first ones
   * @param protocols that a client may choose (ALPN), what is liked best first
   * @throws IllegalArgumentException when the provider refuses the settings
   */
  public static ServerTls create(
      TlsConfig config, TlsProvider provider, CertificateSet certificates, List<String> protocols) {
    ServerKeys keys = new ServerKeys(certificates);
    KeyManagerFactory factory = new KeyManagerFactoryWrapper(keys);
    try {
      return new ServerTls(
          keys,
          SslContextBuilder.forServer(
                  provider.boring()
                      ? new OpenSslCachingX509KeyManagerFactory(factory, PARSED_KEYS)
                      : factory)
              .sslProvider(provider.netty())
              .protocols(protocols(config))
              .ciphers(CIPHER_SUITES, SupportedCipherSuiteFilter.INSTANCE)
              .applicationProtocolConfig(alpn(protocols))
              .build());
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

  private static List<String> protocols(TlsConfig config) {
    return Arrays.stream(Version.values())
        .filter(version -> version.compareTo(config.minVersion()) >= 0)
        .filter(version -> version.compareTo(config.maxVersion()) <= 0)
        .map(version -> version == Version.TLS_1_2 ? "TLSv1.2" : "TLSv1.3")
        .toList();
  }

  /** Handshakes that begin from now on use these certificates; open connections stay. */
  public void use(CertificateSet certificates) {
    keys.use(certificates);
  }

  /** For the pipeline of one connection. It has no time limit of its own. */
  public SslHandler handler(ByteBufAllocator allocator) {
    SslHandler handler = context.newHandler(allocator);
    handler.setHandshakeTimeoutMillis(0);
    return handler;
  }
}
