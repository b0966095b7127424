package io.sentinelgateway.origin;

import io.sentinelgateway.config.ConnectionsConfig.ProxyProtocol;
import io.sentinelgateway.target.Connections.Waiter;
import io.sentinelgateway.target.Target;
import io.sentinelgateway.target.TargetKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The pools of targets that want to be told who the client is: one for each client connection, and
 * what tells the two apart is what the target is told. So no connection ever carries requests of
 * anybody else than it says. Confined to one event loop.
 *
 * <p>There are no more of them than connections and requests that wait, whose numbers are limited:
 * a pool without either goes at the next sweep.
 */
final class ClientPools {

  private record Key(TargetKey target, String header) {}

  private final LoopSide side;
  private final Map<Key, TargetPool> pools = new HashMap<>();

  ClientPools(LoopSide side) {
    this.side = side;
  }

  /** The one that is for this client; made when there is none yet. */
  TargetPool of(Target target, Waiter waiter) {
    Key key = key(target, waiter);
    TargetPool pool = pools.get(key);
    if (pool == null || !pool.of(target)) {
      TargetPool old = pool;
      pool = new TargetPool(target, side, key.header());
      pools.put(key, pool);
      if (old != null) {
        old.retire();
      }
    }
    return pool;
  }

  /** The one that is for this client; {@code null} when there is none. */
  @Nullable TargetPool get(Target target, Waiter waiter) {
    return pools.get(key(target, waiter));
  }

  private static Key key(Target target, Waiter waiter) {
    ProxyProtocol version = target.settings().connections().proxyProtocol();
    return new Key(target.key(), ProxyHeader.of(version, waiter.client()));
  }

  Collection<TargetPool> all() {
    return pools.values();
  }

  void sweep(long nowNanos) {
    Iterator<TargetPool> each = pools.values().iterator();
    while (each.hasNext()) {
      TargetPool pool = each.next();
      pool.sweep(nowNanos);
      if (pool.held() == 0 && pool.waiting() == 0) {
        pool.retire();
        each.remove();
      }
    }
  }

  /** Forgets those of all other targets; who calls this retires them. */
  void retain(Set<TargetKey> living) {
    pools.keySet().removeIf(key -> !living.contains(key.target()));
  }
}
