package io.sentinelgateway.origin;

import io.sentinelgateway.config.ConnectionsConfig;
import io.sentinelgateway.observe.PoolMetrics.Closed;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one pool that nobody uses. Confined to one event loop.
 *
 * <p>A stack, not a queue: under falling load the same few connections stay busy and the rest age
 * out.
 */
final class Resting {

  private final Deque<Http1Connection> stack = new ArrayDeque<>();

  int size() {
    return stack.size();
  }

  boolean isEmpty() {
    return stack.isEmpty();
  }

  void put(Http1Connection connection) {
    stack.addFirst(connection);
  }

  /** What rested last and can carry a request; what cannot is closed. */
  @Nullable Http1Connection take(long nowNanos, ConnectionsConfig settings) {
    Http1Connection connection = stack.pollFirst();
    while (connection != null) {
      Closed worn = connection.worn(nowNanos, settings);
      if (worn == null) {
        return connection;
      }
      connection.close(worn);
      connection = stack.pollFirst();
    }
    return null;
  }

  /** What has rested longest. There must be one. */
  Http1Connection takeOldest() {
    return stack.removeLast();
  }

  void remove(Http1Connection connection) {
    stack.remove(connection);
  }

  /** Closes what nobody used for long, except for what is kept warm, and what is worn. */
  void sweep(long nowNanos, ConnectionsConfig settings) {
    long idle = settings.idle().toNanos();
    Http1Connection oldest = stack.peekLast();
    while (oldest != null && stack.size() > settings.warm() && oldest.rested(nowNanos, idle)) {
      stack.removeLast();
      oldest.close(Closed.IDLE);
      oldest = stack.peekLast();
    }
    Iterator<Http1Connection> each = stack.iterator();
    while (each.hasNext()) {
      Http1Connection connection = each.next();
      Closed worn = connection.worn(nowNanos, settings);
      if (worn != null) {
        each.remove();
        connection.close(worn);
      }
    }
  }

  void closeAll(Closed why) {
    for (Http1Connection each = stack.pollFirst(); each != null; each = stack.pollFirst()) {
      each.close(why);
    }
  }
}
