package io.sentinelgateway.origin;

import io.netty.channel.Channel;
import io.sentinelgateway.config.ConnectionsConfig;
import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.exchange.Loop;
import io.sentinelgateway.exchange.Timers;
import io.sentinelgateway.target.Connections.Waiter;
import io.sentinelgateway.target.TargetKey;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * One event loop's connections to one target: a stack of resting ones, and a bounded queue of
 * requests that wait. Confined to the loop.
 *
 * <p>A stack, not a queue: under falling load the same few connections stay busy and the rest age
 * out. Whoever waits is served in order, by a connection that becomes free or by one that is made,
 * whichever comes first.
 */
public final class TargetPool {

  private final TargetKey key;
  private final Loop loop;
  private final int loops;
  private final Lane lane;
  private final Dialer dialer;
  private final Deque<Http1Connection> resting = new ArrayDeque<>();
  private final Deque<Waiting> waiters = new ArrayDeque<>();
  private @Nullable ConnectionsConfig settings;
  private int open;
  private int connecting;
  private long created;
  private long reused;
  private boolean retired;

  TargetPool(TargetKey key, Loop loop, int loops, Lane lane, Dialer dialer) {
    this.lane = lane;
    this.key = key;
    this.loop = loop;
    this.loops = loops;
    this.dialer = dialer;
  }

  public TargetKey key() {
    return key;
  }

  /** Connections that are open, resting or not. */
  public int open() {
    return open;
  }

  /** Connections that nobody uses. */
  public int resting() {
    return resting.size();
  }

  /** Requests that wait for a connection. */
  public int waiting() {
    return waiters.size();
  }

  /** Connections made since the pool began. */
  public long created() {
    return created;
  }

  /** Requests that went over a connection which had served before. */
  public long reused() {
    return reused;
  }

  void acquire(ConnectionsConfig current, Waiter waiter) {
    settings = current;
    long now = loop.nanoTime();
    long maxAge = current.maxAge().toNanos();
    Http1Connection connection = resting.pollFirst();
    while (connection != null) {
      if (connection.usable(now, maxAge)) {
        reused++;
        waiter.acquired(connection.lease());
        return;
      }
      connection.close();
      connection = resting.pollFirst();
    }
    await(current, waiter);
  }

  private void await(ConnectionsConfig current, Waiter waiter) {
    boolean room = open + connecting < perLoop(current.max());
    if (!room && waiters.size() - connecting >= share(current.queue())) {
      String detail = key + " queue of " + current.queue();
      waiter.refused(ProxyError.of(Cause.POOL_FULL, detail).toException());
      return;
    }
    Waiting waiting = new Waiting(waiter);
    waiters.addLast(waiting);
    if (room) {
      connect(current);
    } else {
      waiting.timeout = loop.timers().start(current.queueTimeout(), () -> expire(waiting));
    }
  }

  private void expire(Waiting waiting) {
    if (waiters.remove(waiting)) {
      waiting.waiter.refused(ProxyError.of(Cause.POOL_TIMEOUT, key.toString()).toException());
    }
  }

  /** At least one per loop: a loop without any could never serve. */
  private int perLoop(int total) {
    return Math.max(1, share(total));
  }

  private int share(int total) {
    return (total + loops - 1) / loops;
  }

  void warm(ConnectionsConfig current) {
    settings = current;
    int wanted = Math.min(current.warm(), perLoop(current.max()));
    while (open + connecting < wanted) {
      connect(current);
    }
  }

  private void connect(ConnectionsConfig current) {
    connecting++;
    dialer.dial(key.address(), current.connectTimeout(), this::connected, this::connectFailed);
  }

  private void connected(Channel channel) {
    if (!channel.isActive()) {
      // Closed before anybody could listen to it: nobody would ever be told.
      connectFailed(new ClosedChannelException());
      return;
    }
    connecting--;
    open++;
    created++;
    offer(new Http1Connection(this, channel, lane, loop.nanoTime()));
  }

  private void connectFailed(Throwable t) {
    connecting--;
    Waiting waiting = next();
    if (waiting != null) {
      waiting.waiter.refused(ConnectFailures.error(t, key.toString()).toException(t));
    }
    replace();
  }

  /** A connection has ended, by whomever; told once. */
  void closed(Http1Connection connection) {
    open--;
    resting.remove(connection);
    replace();
  }

  /** A place became free: whoever waits without a connect of his own gets one. */
  private void replace() {
    ConnectionsConfig current = settings;
    if (current != null && waiters.size() > connecting) {
      connect(current);
    }
  }

  /** A connection that can carry another request is free. */
  void released(Http1Connection connection) {
    ConnectionsConfig current = settings;
    long now = loop.nanoTime();
    if (current == null || !connection.usable(now, current.maxAge().toNanos())) {
      connection.close();
      return;
    }
    connection.rest(now);
    offer(connection);
  }

  private void offer(Http1Connection connection) {
    Waiting waiting = next();
    if (waiting != null) {
      reused += connection.reused() ? 1 : 0;
      waiting.waiter.acquired(connection.lease());
    } else if (retired) {
      connection.close();
    } else {
      resting.addFirst(connection);
    }
  }

  private @Nullable Waiting next() {
    Waiting waiting = waiters.pollFirst();
    if (waiting != null && waiting.timeout != null) {
      waiting.timeout.cancel();
    }
    return waiting;
  }

  void sweep(long nowNanos) {
    ConnectionsConfig current = settings;
    if (current == null) {
      return;
    }
    long idle = current.idle().toNanos();
    Http1Connection oldest = resting.peekLast();
    while (oldest != null && resting.size() > current.warm() && oldest.rested(nowNanos, idle)) {
      resting.pollLast();
      oldest.close();
      oldest = resting.peekLast();
    }
    closeAged(nowNanos, current.maxAge().toNanos());
  }

  private void closeAged(long nowNanos, long maxAgeNanos) {
    Iterator<Http1Connection> each = resting.iterator();
    while (each.hasNext()) {
      Http1Connection connection = each.next();
      if (!connection.usable(nowNanos, maxAgeNanos)) {
        each.remove();
        connection.close();
      }
    }
  }

  /** Keeps nothing any more; whoever waits is still served, by an old version's right. */
  void retire() {
    retired = true;
    closeResting();
  }

  void closeResting() {
    for (Http1Connection connection = resting.pollFirst();
        connection != null;
        connection = resting.pollFirst()) {
      connection.close();
    }
  }

  /** A request that waits for a connection. */
  private static final class Waiting {
    private final Waiter waiter;
    private Timers.@Nullable Timeout timeout;

    private Waiting(Waiter waiter) {
      this.waiter = waiter;
    }
  }
}
