package io.sentinelgateway.tls;

import io.netty.buffer.ByteBufAllocator;
import io.sentinelgateway.config.ClientAuthConfig;
import io.sentinelgateway.config.TlsConfig;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * TLS of one listener: versions and cipher suites, which stay, and certificates, demands on clients
 * and keys of tickets, which can be replaced. Thread-safe; shared by all event loops, and by a
 * listener with the one that takes its place.
 */
public final class ServerTls {

  private final TlsConfig settings;
  private final TlsProvider provider;
  private final List<String> protocols;
  private final ServerKeys keys;
  private volatile ServerContexts contexts;
  private volatile @Nullable TicketKeys tickets;
  private volatile long ticketsSinceNanos;

  private ServerTls(
      TlsConfig settings, TlsProvider provider, CertificateSet first, List<String> protocols) {
    this.settings = settings;
    this.provider = provider;
    this.protocols = List.copyOf(protocols);
    this.keys = new ServerKeys(first);
    this.contexts = contexts(settings, first, Map.of());
    seal();
  }

  /**
   * Never on an event loop.
   *
   * @param certificates the first ones
   * @param protocols that a client may choose (ALPN), what is liked best first
   * @throws IllegalArgumentException when the provider refuses the settings, or a file is no good
   */
  public static ServerTls create(
      TlsConfig config, TlsProvider provider, CertificateSet certificates, List<String> protocols) {
    return new ServerTls(config, provider, certificates, protocols);
  }

  /**
   * What settings make that differ in nothing but what {@link TlsConfig#sameHandshakes} leaves out;
   * in use only after {@link #use}. Never on an event loop.
   *
   * @throws IllegalArgumentException when a file is no good
   */
  public ServerContexts prepare(TlsConfig config, CertificateSet certificates) {
    return contexts(config, certificates, contexts.byAsked());
  }

  private ServerContexts contexts(
      TlsConfig config, CertificateSet certificates, Map<ClientAuthConfig, ServerContext> atHand) {
    Map<ClientAuthConfig, ServerContext> byAsked = new HashMap<>();
    for (ServerCertificate certificate : certificates.certificates()) {
      ClientAuthConfig asked = certificate.asked();
      if (!byAsked.containsKey(asked)) {
        ServerContext same = atHand.get(asked);
        byAsked.put(asked, same != null ? same : create(asked));
      }
    }
    TicketKeys shared = config.sessionTickets().keys().map(TicketKeys::of).orElse(null);
    return new ServerContexts(certificates, byAsked, shared);
  }

  private ServerContext create(ClientAuthConfig asked) {
    return ServerContext.create(settings, provider, protocols, keys, asked);
  }

  /** What is in use. */
  public ServerContexts contexts() {
    return contexts;
  }

  /** Handshakes that begin from now on use these; open connections stay. */
  public void use(ServerContexts next) {
    if (contexts != next) {
      keys.use(next.certificates());
      contexts = next;
      seal();
    }
  }

  private void seal() {
    ServerContexts now = contexts;
    TicketKeys shared = now.sharedTickets();
    TicketKeys wanted = shared == null ? tickets : shared;
    if (wanted != null) {
      now.byAsked().values().forEach(each -> each.use(wanted));
    }
  }

  /**
   * Makes another random key for tickets when it is time; before the first one, contexts have their
   * own. To be called when these are in use, and now and then, by one thread.
   */
  public void rotate(long nanoTime, SecureRandom random) {
    TicketKeys before = tickets;
    if (before == null) {
      tickets = TicketKeys.random(random);
    } else if (nanoTime - ticketsSinceNanos >= settings.sessionTickets().rotate().toNanos()) {
      tickets = before.rotated(random);
    } else {
      return;
    }
    ticketsSinceNanos = nanoTime;
    seal();
  }

  /** For one connection. */
  public TlsConnection accept(ByteBufAllocator allocator) {
    return new TlsConnection(this, contexts, allocator);
  }
}
