package io.sentinelgateway.origin;

import io.sentinelgateway.config.ConnectionsConfig;
import io.sentinelgateway.observe.PoolMetrics.Closed;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one pool that can take a request: those that nobody uses, and those of HTTP/2
 * that are in use and have room. Confined to one event loop.
 *
 * <p>What is in use is filled up before another is used, so that there are no more connections than
 * needed. The others are a stack, not a queue: under falling load the same few connections stay
 * busy and the rest age out.
 */
final class Resting {

  private final Deque<Pooled> stack = new ArrayDeque<>();
  private final Deque<Pooled> shared = new ArrayDeque<>();

  int size() {
    return stack.size();
  }

  boolean isEmpty() {
    return stack.isEmpty();
  }

  /** True when none can take a request. */
  boolean exhausted() {
    return stack.isEmpty() && shared.isEmpty();
  }

  void put(Pooled connection) {
    (connection.idle() ? stack : shared).addFirst(connection);
  }

  /** What has got a request can take more, if it has room. */
  void share(Pooled connection) {
    if (connection.room() > 0) {
      shared.addFirst(connection);
    }
  }

  /** Takes it out to give it one request more; false when it has no room. */
  boolean unshare(Pooled connection) {
    return !shared.isEmpty() && shared.remove(connection) && connection.room() > 0;
  }

  /** What is in use and has room, or rested last; what can carry no more is closed. */
  @Nullable Pooled take(long nowNanos, ConnectionsConfig settings) {
    Pooled connection = shared.isEmpty() ? null : take(shared, nowNanos, settings);
    return connection == null ? take(stack, nowNanos, settings) : connection;
  }

  private static @Nullable Pooled take(
      Deque<Pooled> from, long nowNanos, ConnectionsConfig settings) {
    Pooled connection = from.pollFirst();
    while (connection != null) {
      Closed worn = connection.worn(nowNanos, settings);
      if (worn == null && connection.room() > 0) {
        return connection;
      }
      if (worn != null) {
        connection.close(worn);
      }
      connection = from.pollFirst();
    }
    return null;
  }

  /** What has rested longest. There must be one. */
  Pooled takeOldest() {
    return stack.removeLast();
  }

  void remove(Pooled connection) {
    if (!stack.remove(connection) && !shared.isEmpty()) {
      shared.remove(connection);
    }
  }

  /** Closes what nobody used for long, except for what is kept warm, and what is worn. */
  void sweep(long nowNanos, ConnectionsConfig settings) {
    long idle = settings.idle().toNanos();
    Pooled oldest = stack.peekLast();
    while (oldest != null
        && stack.size() > settings.warm()
        && oldest.wear().rested(nowNanos, idle)) {
      stack.removeLast();
      oldest.close(Closed.IDLE);
      oldest = stack.peekLast();
    }
    Iterator<Pooled> each = stack.iterator();
    while (each.hasNext()) {
      Pooled connection = each.next();
      Closed worn = connection.worn(nowNanos, settings);
      if (worn != null) {
        each.remove();
        connection.close(worn);
      }
    }
  }

  void closeAll(Closed why) {
    for (Pooled each = stack.pollFirst(); each != null; each = stack.pollFirst()) {
      each.close(why);
    }
  }
}
