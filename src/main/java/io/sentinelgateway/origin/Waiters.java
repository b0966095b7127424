package io.sentinelgateway.origin;

import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.error.ProxyException;
import io.sentinelgateway.exchange.Loop;
import io.sentinelgateway.exchange.Timers;
import io.sentinelgateway.observe.PoolMetrics;
import io.sentinelgateway.target.Connections.Waiter;
import io.sentinelgateway.target.LoopPlaces;
import io.sentinelgateway.target.TargetKey;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one pool that wait for a connection, in order: for one that is being made, or
 * queued for a place. Confined to one event loop.
 */
final class Waiters {

  private final Loop loop;
  private final LoopPlaces places;
  private final PoolMetrics metrics;
  private final TargetKey key;
  private int unbounded;
  private final Deque<Waiting> all = new ArrayDeque<>();

  Waiters(Loop loop, LoopPlaces places, PoolMetrics metrics, TargetKey key) {
    this.key = key;
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

  /** Waits for a connection that is being made, whose time limit is enough. */
  void add(Waiter waiter) {
    unbounded++;
    all.addLast(new Waiting(waiter, 0));
  }

  /**
   * Waits for whatever comes free; it is counted in the queue over all loops already.
   *
   * @param expired is called when it has waited so long, and was told so
   */
  void queue(Waiter waiter, Duration atMost, Runnable expired) {
    Waiting waiting = new Waiting(waiter, loop.nanoTime());
    bound(waiting, atMost, expired);
    all.addLast(waiting);
  }

  private void bound(Waiting waiting, Duration atMost, Runnable expired) {
    waiting.timeout =
        loop.timers()
            .start(
                atMost,
                () -> {
                  if (all.remove(waiting)) {
                    left(waiting);
                    refuse(waiting.waiter, Cause.POOL_TIMEOUT);
                    expired.run();
                  }
                });
  }

  /** When what is being made has less room than was thought, all wait for whatever comes free. */
  void expect(int requests, Duration atMost, Runnable expired) {
    if (unbounded > requests) {
      boundAll(atMost, expired);
    }
  }

  private void boundAll(Duration atMost, Runnable expired) {
    for (Waiting waiting : all) {
      if (waiting.timeout == null) {
        unbounded--;
        waiting.sinceNanos = loop.nanoTime();
        places.queue();
        bound(waiting, atMost, expired);
      }
    }
  }

  /** A loop without a connection may always have one request ask the others for a place. */
  boolean mayQueue(int atMost) {
    if (places.held() == 0 && all.isEmpty()) {
      places.queue();
      return true;
    }
    return places.tryQueue(atMost);
  }

  /**
   * A connection could not be made: the first one fails with it, and whoever has nothing else to
   * wait for.
   *
   * @param expected requests for which connections are still being made
   */
  void fail(ProxyException failure, int expected) {
    // Whoever is told may come back at once, and begins anew.
    List<Waiter> failing = new ArrayList<>();
    for (Waiter next = next(); next != null; next = unbounded > expected ? next() : null) {
      failing.add(next);
    }
    failing.forEach(waiter -> waiter.refused(failure));
  }

  /** Those that have waited longest get no connection, until only so many are left. */
  void refuseAllBut(int keep, Cause cause) {
    for (int each = all.size(); each > keep; each--) {
      Waiting first = all.removeFirst();
      left(first);
      refuse(first.waiter, cause);
    }
  }

  /** The target is gone: all may look for another one. */
  void moveOn() {
    List<Waiting> moving = List.copyOf(all);
    all.clear();
    moving.forEach(this::left);
    moving.forEach(waiting -> waiting.waiter.moved());
  }

  /** Tells a request that it gets no connection. */
  void refuse(Waiter waiter, Cause cause) {
    metrics.failed(cause);
    waiter.refused(ProxyError.of(cause, key.toString()).toException());
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
    if (waiting.timeout == null) {
      unbounded--;
    } else {
      waiting.timeout.cancel();
      places.unqueue();
      metrics.waited(loop.nanoTime() - waiting.sinceNanos);
    }
  }

  /** One that waits. */
  private static final class Waiting {
    private final Waiter waiter;
    private long sinceNanos;
    private Timers.@Nullable Timeout timeout;

    private Waiting(Waiter waiter, long sinceNanos) {
      this.waiter = waiter;
      this.sinceNanos = sinceNanos;
    }
  }
}
