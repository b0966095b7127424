package io.sentinelgateway.passthrough;

import io.sentinelgateway.balance.PickContext;
import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.exchange.Client;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.Loop;
import io.sentinelgateway.http.RequestHead;
import io.sentinelgateway.resilience.Priority;
import io.sentinelgateway.target.Lease;
import io.sentinelgateway.target.Target;
import io.sentinelgateway.upstream.Limits;
import io.sentinelgateway.upstream.Upstream;
import io.vertx.core.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which target of an upstream a connection goes to, and one after the other where that fails; and
 * its place among all that may be under way at the upstream. Confined to one event loop.
 *
 * <p>Balancers know requests. A connection is shown to them as a request that has nothing but a
 * client and a host: rules that go by address see what they need, and rules that go by fields see
 * none.
 */
final class Choice implements PickContext {

  private static final Priority PRIORITY = Priority.NORMAL;

  private final Upstream upstream;
  private final Loop loop;
  private final Exchange exchange;
  private final List<Target> tried = new ArrayList<>(2);
  private @Nullable Limits held;

  /**
   * @param serverName empty for none
   */
  Choice(Upstream upstream, Client client, String serverName, Loop loop) {
    this.upstream = upstream;
    this.loop = loop;
    RequestHead head =
        new RequestHead(
            "", "tcp", serverName, -1, "/", null, HttpHeaders.headers(), client.address());
    this.exchange = Exchange.imagined(head, client, NoContent.INSTANCE, loop);
  }

  String upstream() {
    return upstream.id();
  }

  /**
   * Takes a place at the upstream; nobody waits for one.
   *
   * @return {@code null}, or why there is none
   */
  @Nullable ProxyError enter() {
    Limits limits = upstream.limits();
    if (limits == null || limits.tryEnter(PRIORITY)) {
      held = limits;
      return null;
    }
    ProxyError error = ProxyError.of(limits.reason(PRIORITY), upstream.id());
    upstream.state().rejected(error.cause());
    return error;
  }

  /** Leases a target that was not tried yet; {@code null} when there is none. */
  @Nullable Lease next() {
    Lease lease = upstream.lease(this, loop.nanoTime());
    if (lease != null) {
      tried.add(lease.target());
    }
    return lease;
  }

  /** Why there is none. */
  ProxyError refusal() {
    return upstream.refusal(loop.nanoTime());
  }

  /** Gives the place back. */
  void leave() {
    if (held != null) {
      held.release();
      held = null;
    }
  }

  @Override
  public boolean eligible(Target target) {
    return upstream.usable(target)
        && upstream.admits(target, loop)
        && tried.stream().noneMatch(before -> before.key().equals(target.key()));
  }

  @Override
  public Exchange exchange() {
    return exchange;
  }
}
