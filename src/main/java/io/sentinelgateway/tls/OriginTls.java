package io.sentinelgateway.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import io.sentinelgateway.config.CipherSuite;
import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.config.OriginProtocol;
import io.sentinelgateway.config.OriginTlsConfig;
import io.sentinelgateway.config.OriginTlsConfig.Verify;
import io.sentinelgateway.schema.Address;
import io.sentinelgateway.schema.PemFile;
import io.sentinelgateway.target.TargetTls;
import io.sentinelgateway.target.TlsPolicy;
import java.lang.ref.Cleaner;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS towards origin servers by one set of settings. Thread-safe; shared by all event loops.
 *
 * <p>Sessions that may be resumed are kept within the context, and a resumed session is not
 * verified again. So each set of settings, the contents of its files included, has a context of its
 * own, and nothing that was agreed on under one can be used under another. As in {@link ServerTls},
 * the context is freed when nobody can reach this object any more.
 */
public final class OriginTls implements TargetTls {

  private static final int SESSIONS = 10_000;
  private static final long SESSION_SECONDS = 3600;
  private static final Cleaner CLEANER = Cleaner.create();

  private final SslContext context;
  private final OriginTrust trust;
  private final OriginTlsConfig settings;

  private OriginTls(SslContext context, OriginTrust trust, OriginTlsConfig settings) {
    this.context = context;
    this.trust = trust;
    this.settings = settings;
    CLEANER.register(this, () -> ReferenceCountUtil.release(context));
  }

  /**
   * One for each of the settings that a configuration's upstreams have. Never on an event loop.
   *
   * @param known those that live already; equal settings keep the same instance
   * @throws IllegalArgumentException when files or settings cannot be used
   */
  public static Map<TlsPolicy, TargetTls> all(
      GatewayConfig config, Map<TlsPolicy, TargetTls> known) {
    Map<TlsPolicy, TargetTls> all = new HashMap<>();
    config
        .upstreams()
        .values()
        .forEach(
            upstream ->
                TlsPolicy.of(upstream)
                    .ifPresent(
                        policy ->
                            all.computeIfAbsent(
                                policy,
                                absent -> {
                                  TargetTls old = known.get(policy);
                                  return old == null ? create(policy, config) : old;
                                })));
    return all;
  }

  private static OriginTls create(TlsPolicy policy, GatewayConfig whole) {
    return create(policy, TlsProvider.choose(whole.server().tlsProvider()));
  }

  /**
   * Never on an event loop.
   *
   * @throws IllegalArgumentException when files or settings cannot be used
   */
  static OriginTls create(TlsPolicy policy, TlsProvider provider) {
    OriginTlsConfig config = policy.settings();
    OriginTrust trust = OriginTrust.of(config);
    SslContextBuilder builder =
        SslContextBuilder.forClient()
            .sslProvider(provider.netty())
            .protocols(config.protocols())
            .ciphers(
                CipherSuite.meant(config.cipherSuites()).stream()
                    .map(CipherSuite::registered)
                    .toList(),
                SupportedCipherSuiteFilter.INSTANCE)
            .applicationProtocolConfig(alpn(policy.protocol()))
            .trustManager(trust)
            .endpointIdentificationAlgorithm(config.verify() == Verify.FULL ? "HTTPS" : null)
            .sessionCacheSize(SESSIONS)
            .sessionTimeout(SESSION_SECONDS);
    PemFile cert = config.cert().orElse(null);
    PemFile key = config.key().orElse(null);
    if (cert != null && key != null) {
      List<X509Certificate> chain = Pem.certificates(cert, "cert");
      builder.keyManager(Pem.key(key, chain.get(0).getPublicKey()), chain);
    }
    try {
      return new OriginTls(builder.build(), trust, config);
    } catch (SSLException e) {
      throw new IllegalArgumentException("TLS cannot be set up: " + e.getMessage(), e);
    }
  }

  /** A target that agrees to none goes on without: the behaviour that both providers have. */
  private static ApplicationProtocolConfig alpn(OriginProtocol protocol) {
    List<String> names =
        switch (protocol) {
          case HTTP1 -> List.of(ApplicationProtocolNames.HTTP_1_1);
          case HTTP2 -> List.of(ApplicationProtocolNames.HTTP_2);
          case AUTO -> List.of(ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1);
        };
    return new ApplicationProtocolConfig(
        Protocol.ALPN,
        SelectorFailureBehavior.NO_ADVERTISE,
        SelectedListenerFailureBehavior.ACCEPT,
        names);
  }

  @Override
  public SslHandler handler(ByteBufAllocator allocator, Address target, long limitMillis) {
    String name = name(target);
    SslHandler handler = context.newHandler(allocator, name, Math.max(0, target.port()));
    SNIHostName asked = hostName(name);
    if (asked != null) {
      // The providers leave out names without a dot, which are usual among containers.
      SSLParameters parameters = handler.engine().getSSLParameters();
      parameters.setServerNames(List.<SNIServerName>of(asked));
      handler.engine().setSSLParameters(parameters);
    }
    handler.setHandshakeTimeoutMillis(limitMillis);
    return handler;
  }

  /** Certificates and SNI know no final dot (RFC 6066 section 3). */
  private String name(Address target) {
    String name = settings.serverName().orElse(target.unix() ? "localhost" : target.host());
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }

  /** RFC 6066 section 3: addresses are not asked for; nor can some names be that only some use. */
  private static @Nullable SNIHostName hostName(String name) {
    if (NetUtil.isValidIpV4Address(name) || NetUtil.isValidIpV6Address(name)) {
      return null;
    }
    try {
      return new SNIHostName(name);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  @Override
  public OriginTlsConfig settings() {
    return settings;
  }

  @Override
  public X509TrustManager trust() {
    return trust;
  }
}
