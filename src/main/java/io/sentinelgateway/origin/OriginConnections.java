package io.sentinelgateway.origin;

import io.netty.channel.Channel;
import io.sentinelgateway.config.ConnectionsConfig.ProxyProtocol;
import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.exchange.Loop;
import io.sentinelgateway.observe.LoopMetrics;
import io.sentinelgateway.target.ClientAddresses;
import io.sentinelgateway.target.Connections;
import io.sentinelgateway.target.Target;
import io.sentinelgateway.target.TargetKey;
import io.sentinelgateway.wire.FlushBatch;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All connections of one event loop to origin servers. Confined to that loop; made in the context
 * in which its connections shall live.
 *
 * <p>The library's own pool is not used: it picks connections without regard to event loops (half
 * of the requests then cross threads), looks at all of them per request, and cannot tell a pooled
 * connection from a new one, which decides whether a failed request may be sent again.
 */
public final class OriginConnections implements Connections {

  private static final long SWEEP_MILLIS = 500;

  private final Loop loop;
  private final LoopSide side;
  private final Map<TargetKey, TargetPool> pools = new HashMap<>();
  private final DirectConnections direct;
  private final ClientPools clients;
  private final long sweeper;

  /**
   * @param loops number of event loops
   * @param flushes of this event loop
   * @param metrics count the connections
   */
  public OriginConnections(Loop loop, int loops, FlushBatch flushes, LoopMetrics metrics) {
    Context home = loop.vertx().getOrCreateContext();
    Lane lane = new Lane(home, new Octets(), flushes);
    this.loop = loop;
    this.side = new LoopSide(loop, loops, lane, new Dialer(loop.vertx(), home), metrics);
    this.direct = new DirectConnections(side);
    this.clients = new ClientPools(side);
    this.sweeper = loop.vertx().setPeriodic(SWEEP_MILLIS, id -> sweep());
  }

  @Override
  public void acquire(Target target, Waiter waiter) {
    of(target, waiter).acquire(waiter);
  }

  @Override
  public void renew(Target target, Waiter waiter) {
    TargetPool pool = of(target, waiter);
    pool.renew();
    pool.acquire(waiter);
  }

  @Override
  public boolean reachable(Target target) {
    // A look at shared state first: hardly ever is anything suspended.
    if (!target.state().places().suspended()) {
      return true;
    }
    TargetPool pool = pools.get(target.key());
    return pool == null || pool.reachable();
  }

  @Override
  public void withdraw(Target target, Waiter waiter) {
    TargetPool pool = personal(target) ? clients.get(target, waiter) : pools.get(target.key());
    if (pool != null) {
      pool.withdraw(waiter);
    }
  }

  /**
   * Makes a connection that no pool keeps, for one client. One of the two is called, once.
   *
   * @param client for whom it is, which the target is told if it wants to be; {@code null} when
   *     that is not known
   * @param connected gets it without any handler of ours, and closes it some time
   * @param failed gets POOL_FULL when the target has as many as it may, or why there is none
   */
  public void connect(
      Target target,
      @Nullable ClientAddresses client,
      Consumer<Channel> connected,
      Consumer<ProxyError> failed) {
    direct.connect(target, client, connected, failed);
  }

  /** Whether the target is told whose requests a connection carries. */
  private static boolean personal(Target target) {
    return target.settings().connections().proxyProtocol() != ProxyProtocol.NONE;
  }

  private TargetPool of(Target target, Waiter waiter) {
    if (!personal(target)) {
      return of(target);
    }
    TargetPool pool = clients.of(target, waiter);
    pool.configure(target);
    return pool;
  }

  private TargetPool of(Target target) {
    TargetPool pool = pools.get(target.key());
    if (pool == null || !pool.of(target)) {
      TargetPool old = pool;
      pool = new TargetPool(target, side, "");
      pools.put(target.key(), pool);
      if (old != null) {
        // Now: whoever waits there comes here at once.
        old.retire();
      }
    }
    pool.configure(target);
    return pool;
  }

  /**
   * Opens the connections that the settings want in advance, and takes over limits that changed.
   */
  public void warm(Collection<Target> targets) {
    for (Target target : targets) {
      if (personal(target)) {
        continue;
      }
      if (target.settings().connections().warm() > 0 || pools.containsKey(target.key())) {
        of(target).warm();
      }
    }
  }

  /** Closes the pools of all other targets; their leased connections close when they are free. */
  public void retain(Set<TargetKey> living) {
    List<TargetPool> leaving =
        pools().stream().filter(pool -> !living.contains(pool.key())).toList();
    pools.keySet().retainAll(living);
    clients.retain(living);
    // At last: whoever waits there may come back at once.
    leaving.forEach(TargetPool::retire);
  }

  /** The pools as they are now; for gauges. */
  public Collection<TargetPool> pools() {
    List<TargetPool> all = new ArrayList<>(pools.values());
    all.addAll(clients.all());
    return all;
  }

  private void sweep() {
    long now = loop.nanoTime();
    pools.values().forEach(pool -> pool.sweep(now));
    clients.sweep(now);
    side.dialer().sweep();
  }

  public Future<Void> close() {
    loop.vertx().cancelTimer(sweeper);
    retain(Set.of());
    return side.dialer().close();
  }
}
