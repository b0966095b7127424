package io.sentinelgateway.runtime;

import io.netty.handler.ssl.ApplicationProtocolNames;
import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.config.ListenerConfig.Protocol;
import io.sentinelgateway.config.TlsConfig;
import io.sentinelgateway.tls.CertificateSet;
import io.sentinelgateway.tls.ServerContexts;
import io.sentinelgateway.tls.ServerTls;
import io.sentinelgateway.tls.TlsProvider;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a snapshot's listener speaks TLS. Immutable, but for what {@link #adopt} does.
 *
 * @param server lives on in later snapshots while nothing but certificates changes
 * @param contexts those of this snapshot, with its certificates
 * @param provider whose code it is
 */
public record ListenerTls(ServerTls server, ServerContexts contexts, TlsProvider provider) {

  /** Handshakes use this snapshot's certificates from now on. */
  public void adopt() {
    server.use(contexts);
  }

  public CertificateSet certificates() {
    return contexts.certificates();
  }

  /** Of every listener that speaks it, by id. Equal settings keep the same instance. */
  static Map<String, ListenerTls> of(GatewayConfig config, @Nullable RuntimeSnapshot previous) {
    Map<String, ListenerTls> all = new LinkedHashMap<>();
    config
        .listeners()
        .forEach(
            (id, listener) -> {
              if (listener.tls().isPresent()) {
                all.put(id, of(id, config, previous));
              }
            });
    return Collections.unmodifiableMap(all);
  }

  private static ListenerTls of(
      String id, GatewayConfig config, @Nullable RuntimeSnapshot previous) {
    ListenerTls old = previous == null ? null : previous.tls().get(id);
    List<String> alpn = alpn(config, id);
    if (old == null || previous == null || !alpn.equals(alpn(previous.config(), id))) {
      return fresh(id, config, alpn);
    }
    TlsConfig wanted = tls(config, id);
    TlsConfig before = tls(previous.config(), id);
    if (wanted.equals(before)) {
      return old;
    }
    return wanted.sameHandshakes(before) ? renewed(id, old, wanted) : fresh(id, config, alpn);
  }

  private static ListenerTls renewed(String id, ListenerTls old, TlsConfig wanted) {
    try {
      CertificateSet certificates = CertificateSet.of(wanted);
      return new ListenerTls(
          old.server(), old.server().prepare(wanted, certificates), old.provider());
    } catch (IllegalArgumentException e) {
      throw new UnusableConfigException("listeners", id, e);
    }
  }

  private static ListenerTls fresh(String id, GatewayConfig config, List<String> alpn) {
    TlsConfig wanted = tls(config, id);
    try {
      CertificateSet certificates = CertificateSet.of(wanted);
      TlsProvider provider = TlsProvider.choose(config.server().tlsProvider());
      ServerTls server = ServerTls.create(wanted, provider, certificates, alpn);
      return new ListenerTls(server, server.contexts(), provider);
    } catch (IllegalArgumentException e) {
      throw new UnusableConfigException("listeners", id, e);
    }
  }

  /** HTTP/2 comes first: a client that offers both gets it. */
  private static List<String> alpn(GatewayConfig config, String id) {
    List<Protocol> protocols = config.listeners().get(id).protocols();
    List<String> names = new ArrayList<>(2);
    if (protocols.contains(Protocol.HTTP2)) {
      names.add(ApplicationProtocolNames.HTTP_2);
    }
    if (protocols.contains(Protocol.HTTP1)) {
      names.add(ApplicationProtocolNames.HTTP_1_1);
    }
    return names;
  }

  private static TlsConfig tls(GatewayConfig config, String id) {
    return config.listeners().get(id).tls().orElseThrow();
  }
}
