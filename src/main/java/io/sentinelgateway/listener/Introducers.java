package io.sentinelgateway.listener;

import io.sentinelgateway.config.ProxyProtocolConfig;
import io.sentinelgateway.observe.ListenerMetrics;
import io.sentinelgateway.observe.Refusal;
import io.sentinelgateway.runtime.TrustedProxies;
import io.sentinelgateway.wire.Introductions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who may say, by the PROXY protocol, for whom a connection comes. Whether a header comes is never
 * guessed from the first octets: then a client could send one itself. Immutable.
 */
public final class Introducers {

  private final TrustedProxies balancers;
  private final boolean required;

  public Introducers(ProxyProtocolConfig config) {
    this.balancers = new TrustedProxies(config.from());
    this.required = config.required();
  }

  /** Whether a connection from there must begin with the header. */
  public boolean includes(InetAddress peer) {
    return balancers.test(peer);
  }

  /** Whether a connection from there is not served at all. */
  public boolean refuses(InetAddress peer) {
    return required && !balancers.test(peer);
  }

  /**
   * What a header, or something else in its place, does to a connection.
   *
   * @param introduced gets the client that the header names; {@code null} when it names none
   */
  public static Introductions introduction(
      Consumer<@Nullable InetSocketAddress> introduced, ListenerMetrics metrics) {
    return new Introductions() {
      @Override
      public void introduced(@Nullable InetSocketAddress source) {
        introduced.accept(source);
      }

      @Override
      public void refused() {
        metrics.connectionRefused(Refusal.PROXY_HEADER);
      }
    };
  }
}
