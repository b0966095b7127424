package io.sentinelgateway.origin;

import io.sentinelgateway.exchange.Loop;
import io.sentinelgateway.observe.LoopMetrics;
import io.sentinelgateway.target.Connections;
import io.sentinelgateway.target.Target;
import io.sentinelgateway.target.TargetKey;
import io.sentinelgateway.wire.FlushBatch;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

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
    this.sweeper = loop.vertx().setPeriodic(SWEEP_MILLIS, id -> sweep());
  }

  @Override
  public void acquire(Target target, Waiter waiter) {
    of(target).acquire(waiter);
  }

  @Override
  public void renew(Target target, Waiter waiter) {
    TargetPool pool = of(target);
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
    TargetPool pool = pools.get(target.key());
    if (pool != null) {
      pool.withdraw(waiter);
    }
  }

  private TargetPool of(Target target) {
    TargetPool pool = pools.get(target.key());
    if (pool == null || !pool.of(target)) {
      if (pool != null) {
        pool.retire();
      }
      pool = new TargetPool(target, side);
      pools.put(target.key(), pool);
    }
    pool.configure(target.settings().connections());
    return pool;
  }

  /**
   * Opens the connections that the settings want in advance, and takes over limits that changed.
   */
  public void warm(Collection<Target> targets) {
    for (Target target : targets) {
      if (target.settings().connections().warm() > 0 || pools.containsKey(target.key())) {
        of(target).warm();
      }
    }
  }

  /** Closes the pools of all other targets; their leased connections close when they are free. */
  public void retain(Set<TargetKey> living) {
    Iterator<TargetPool> each = pools.values().iterator();
    while (each.hasNext()) {
      TargetPool pool = each.next();
      if (!living.contains(pool.key())) {
        pool.retire();
        each.remove();
      }
    }
  }

  /** The pools as they are now; for gauges. */
  public Collection<TargetPool> pools() {
    return pools.values();
  }

  private void sweep() {
    long now = loop.nanoTime();
    pools.values().forEach(pool -> pool.sweep(now));
    side.dialer().sweep();
  }

  public Future<Void> close() {
    loop.vertx().cancelTimer(sweeper);
    retain(Set.of());
    return side.dialer().close();
  }
}
