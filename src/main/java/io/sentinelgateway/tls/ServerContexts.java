package io.sentinelgateway.tls;

import io.sentinelgateway.config.ClientAuthConfig;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The certificates of one listener with the contexts that serve them: one for all certificates
 * whose clients are asked the same. Immutable.
 */
public final class ServerContexts {

  private final CertificateSet certificates;
  private final Map<ClientAuthConfig, ServerContext> byAsked;
  private final @Nullable TicketKeys sharedTickets;

  ServerContexts(
      CertificateSet certificates,
      Map<ClientAuthConfig, ServerContext> byAsked,
      @Nullable TicketKeys sharedTickets) {
    this.certificates = certificates;
    this.byAsked = Map.copyOf(byAsked);
    this.sharedTickets = sharedTickets;
  }

  public CertificateSet certificates() {
    return certificates;
  }

  /** Keys of tickets that other replicas have too; {@code null}: there are none. */
  @Nullable TicketKeys sharedTickets() {
    return sharedTickets;
  }

  Map<ClientAuthConfig, ServerContext> byAsked() {
    return byAsked;
  }

  /** True when the same is asked of all clients. */
  boolean uniform() {
    return byAsked.size() == 1;
  }

  /** What is asked of clients that ask for this name; {@code null}: for none. */
  ClientAuthConfig asked(@Nullable String name) {
    return certificates.choose(name).asked();
  }

  /** For clients that ask for this name; {@code null}: for none. */
  ServerContext choose(@Nullable String name) {
    ServerContext chosen = byAsked.get(asked(name));
    if (chosen == null) {
      throw new IllegalStateException("no context for " + asked(name).mode());
    }
    return chosen;
  }
}
