package io.sentinelgateway.target;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * The connections to all targets of an upstream, counted together, and how many there may be.
 * Thread-safe; shared by all event loops and by all configuration versions that name the upstream.
 *
 * <p>Nobody gives a connection to one target up for the sake of another target: a request that
 * finds no room takes a connection that there is, or goes where there is one.
 */
public final class ConnectionBound {

  private final AtomicInteger open = new AtomicInteger();
  private final LongAdder exceeded = new LongAdder();
  private final Set<ConnectionPlaces> members = ConcurrentHashMap.newKeySet();
  private volatile int limit = Integer.MAX_VALUE;
  private volatile boolean enforced = true;

  /** Connections that are open or being made. */
  public int open() {
    return open.get();
  }

  /** Connections that were made although there were enough, because the bound only observes. */
  public long exceeded() {
    return exceeded.sum();
  }

  /**
   * How many there may be from now on.
   *
   * @param connections the greatest integer for any number
   * @param enforce false to count only what goes beyond
   */
  public void limit(int connections, boolean enforce) {
    limit = connections;
    enforced = enforce;
    settle();
  }

  /** True when no further connection can be made. */
  boolean reached() {
    return enforced && open.get() >= limit;
  }

  boolean tryTake() {
    int now = open.incrementAndGet();
    if (now <= limit) {
      return true;
    }
    if (enforced) {
      open.decrementAndGet();
      return false;
    }
    exceeded.increment();
    return true;
  }

  void give() {
    open.decrementAndGet();
  }

  void join(ConnectionPlaces places) {
    members.add(places);
  }

  void leave(ConnectionPlaces places) {
    members.remove(places);
  }

  /** There is room, perhaps for somebody who waits at another target. */
  void settle() {
    if (limit != Integer.MAX_VALUE) {
      members.forEach(ConnectionPlaces::settle);
    }
  }
}
