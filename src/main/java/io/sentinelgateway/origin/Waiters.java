package io.sentinelgateway.origin;

import io.sentinelgateway.exchange.Loop;
import io.sentinelgateway.exchange.Timers;
import io.sentinelgateway.observe.PoolMetrics;
import io.sentinelgateway.target.Connections.Waiter;
import io.sentinelgateway.target.LoopPlaces;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one pool that wait for a connection, in order: for one that is being made, or
 * queued for a place. Confined to one event loop.
 */
final class Waiters {

  private final Loop loop;
  private final LoopPlaces places;
  private final PoolMetrics metrics;
  private final Deque<Waiting> all = new ArrayDeque<>();

  Waiters(Loop loop, LoopPlaces places, PoolMetrics metrics) {
    this.loop = loop;
    this.places = places;
    this.metrics = metrics;
  }

  int size() {
    return all.size();
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  /** Waits for a connect of its own, whose time limit is enough. */
  void add(Waiter waiter) {
    all.addLast(new Waiting(waiter, 0));
  }

  /**
   * Waits for whatever comes free; it is counted in the queue over all loops already.
   *
   * @param expired is called with who has waited so long, and waits no longer
   */
  void queue(Waiter waiter, Duration atMost, Consumer<Waiter> expired) {
    Waiting waiting = new Waiting(waiter, loop.nanoTime());
    waiting.timeout =
        loop.timers()
            .start(
                atMost,
                () -> {
                  if (all.remove(waiting)) {
                    left(waiting);
                    expired.accept(waiter);
                  }
                });
    all.addLast(waiting);
  }

  /** Who has waited longest, and waits no longer. */
  @Nullable Waiter next() {
    Waiting first = all.pollFirst();
    if (first == null) {
      return null;
    }
    left(first);
    return first.waiter;
  }

  void withdraw(Waiter waiter) {
    Iterator<Waiting> each = all.iterator();
    while (each.hasNext()) {
      Waiting waiting = each.next();
      if (waiting.waiter == waiter) {
        each.remove();
        left(waiting);
        return;
      }
    }
  }

  private void left(Waiting waiting) {
    if (waiting.timeout != null) {
      waiting.timeout.cancel();
      places.unqueue();
      metrics.waited(loop.nanoTime() - waiting.sinceNanos);
    }
  }

  /** One that waits. */
  private static final class Waiting {
    private final Waiter waiter;
    private final long sinceNanos;
    private Timers.@Nullable Timeout timeout;

    private Waiting(Waiter waiter, long sinceNanos) {
      this.waiter = waiter;
      this.sinceNanos = sinceNanos;
    }
  }
}
