package io.sentinelgateway.origin;

import io.sentinelgateway.config.ConnectionsConfig;
import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.error.ProxyException;
import io.sentinelgateway.exchange.Loop;
import io.sentinelgateway.observe.PoolMetrics;
import io.sentinelgateway.observe.PoolMetrics.Closed;
import io.sentinelgateway.target.Connections.Waiter;
import io.sentinelgateway.target.LoopPlaces;
import io.sentinelgateway.target.Target;
import io.sentinelgateway.target.TargetKey;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One event loop's connections to one target: those that rest, and requests that wait. Confined to
 * the loop. Whoever waits is served in order, by a connection that becomes free or by one that is
 * made, whichever comes first.
 *
 * <p>Each connection has a place of those that all loops share. When all are taken and another loop
 * wants one, a connection that rests is closed for it. One that local requests wait for is closed
 * only for a loop that has none at all, after its turn: or each queue would have its own made anew.
 */
public final class TargetPool implements LoopPlaces.Notices {

  private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final TargetKey key;
  private final Loop loop;
  private final int loops;
  private final LoopPlaces places;
  private final PoolMetrics metrics;
  private final Connects connects;
  private final Waiters waiters;
  private final Resting resting = new Resting();
  private ConnectionsConfig settings;
  private boolean retired;

  TargetPool(Target target, LoopSide side) {
    this.key = target.key();
    this.loop = side.loop();
    this.loops = side.loops();
    this.settings = target.settings().connections();
    this.metrics = side.metrics().pool(key.upstream());
    this.places = target.state().places().join(side.lane().home(), this);
    this.places.limit(settings.max());
    this.connects = new Connects(this, side, metrics);
    this.waiters = new Waiters(loop, places, metrics);
  }

  public TargetKey key() {
    return key;
  }

  /** Connections that are open, resting or not. */
  public int open() {
    return places.held() - connects.underWay();
  }

  /** Connections that nobody uses. */
  public int resting() {
    return resting.size();
  }

  /** Requests that wait for a connection. */
  public int waiting() {
    return waiters.size();
  }

  /** Connections that are open or being made. */
  int held() {
    return places.held();
  }

  ConnectionsConfig settings() {
    return settings;
  }

  /** Whether its connections count for this target, and not for one before of the same name. */
  boolean of(Target target) {
    return places.of(target.state().places());
  }

  /** Takes settings over that may be those of another configuration version. */
  @SuppressWarnings("ReferenceEquality") // asked for each request; equal ones may be set again
  void configure(ConnectionsConfig current) {
    if (settings != current) {
      settings = current;
      places.limit(current.max());
    }
  }

  // Requests come.

  void acquire(Waiter waiter) {
    long now = loop.nanoTime();
    Http1Connection connection = resting.take(now, settings);
    if (connection == null) {
      await(waiter, now);
    } else {
      lend(connection, waiter);
    }
  }

  private void lend(Http1Connection connection, Waiter waiter) {
    metrics.acquired(connection.reused());
    waiter.acquired(connection.lease());
  }

  private void await(Waiter waiter, long now) {
    if (!connects.allowed(now)) {
      refuse(waiter, Cause.CONNECT_SUSPENDED);
    } else if (places.tryTake()) {
      waiters.add(waiter);
      connects.open(settings);
    } else if (mayQueue()) {
      waiters.queue(waiter, settings.queueTimeout(), this::expired);
      review();
    } else {
      refuse(waiter, Cause.POOL_FULL);
    }
  }

  /** A loop without a connection may always have one request ask the others for a place. */
  private boolean mayQueue() {
    if (places.held() == 0 && waiters.isEmpty()) {
      places.queue();
      return true;
    }
    return places.tryQueue(settings.queue());
  }

  private void expired(Waiter waiter) {
    refuse(waiter, Cause.POOL_TIMEOUT);
    review();
  }

  private void refuse(Waiter waiter, Cause cause) {
    metrics.failed(cause);
    waiter.refused(ProxyError.of(cause, key.toString()).toException());
  }

  boolean reachable() {
    return !resting.isEmpty() || connects.allowed(loop.nanoTime());
  }

  void withdraw(Waiter waiter) {
    waiters.withdraw(waiter);
    review();
  }

  /** Wants a place as long as somebody waits who has no connect of his own. */
  private void review() {
    places.suspended(connects.suspended());
    places.want(lacking() && connects.allowed(loop.nanoTime()));
  }

  private boolean lacking() {
    return waiters.size() > connects.underWay();
  }

  // Connections come and go.

  void opened(Http1Connection connection) {
    offer(connection, loop.nanoTime());
    review();
  }

  void notOpened(ProxyException failure) {
    places.give();
    Waiter first = waiters.next();
    if (first != null) {
      first.refused(failure);
    }
    despair();
    review();
  }

  /** While connecting is suspended, only a connection that is open can serve whoever waits. */
  private void despair() {
    if (open() == 0 && !connects.allowed(loop.nanoTime())) {
      for (Waiter next = lackingNext(); next != null; next = lackingNext()) {
        refuse(next, Cause.CONNECT_SUSPENDED);
      }
    }
  }

  private @Nullable Waiter lackingNext() {
    return lacking() ? waiters.next() : null;
  }

  /** A connection has ended, by whomever; told once. */
  void closed(Http1Connection connection, Closed why) {
    resting.remove(connection);
    metrics.closed(why);
    connects.ended(why);
    if (connection.promised()) {
      places.keepPromise();
    } else {
      places.give();
    }
    despair();
    review();
  }

  /** A connection that can carry another request is free. */
  void released(Http1Connection connection) {
    long now = loop.nanoTime();
    connection.rest(now);
    Closed worn = connection.worn(now, settings);
    if (worn == null) {
      offer(connection, now);
    } else {
      connection.close(worn);
    }
  }

  private void offer(Http1Connection connection, long now) {
    if (!waiters.isEmpty()) {
      serve(connection, now);
    } else if (retired) {
      connection.close(Closed.RETIRED);
    } else if (places.wanted() && places.promise()) {
      connection.giveUp();
    } else {
      resting.put(connection);
    }
  }

  private void serve(Http1Connection connection, long now) {
    if (connection.age(now) >= TURN_NANOS && places.starved() && places.promise()) {
      connection.giveUp();
      return;
    }
    Waiter next = waiters.next();
    if (next != null) {
      lend(connection, next);
      review();
    }
  }

  // Other loops, and time.

  @Override
  public void granted() {
    if (lacking() && connects.allowed(loop.nanoTime())) {
      connects.open(settings);
    } else {
      places.give();
    }
    review();
  }

  @Override
  public void asked() {
    while (!resting.isEmpty() && places.promise()) {
      resting.takeOldest().giveUp();
    }
  }

  void sweep(long nowNanos) {
    resting.sweep(nowNanos, settings);
    asked();
    review();
    if (!retired && connects.warmable(nowNanos)) {
      // One at a time: an origin that comes back must not meet everything at once.
      warm(Math.min(held() + 1, warmTarget()));
    }
  }

  /** Opens connections in advance. */
  void warm() {
    warm(warmTarget());
  }

  private void warm(int wanted) {
    while (held() < wanted && connects.allowed(loop.nanoTime()) && places.tryTake()) {
      connects.warm(settings);
    }
  }

  /** No loop takes more in advance than its share. */
  private int warmTarget() {
    return Math.min(settings.warm(), Math.max(1, settings.max() / loops));
  }

  /** Keeps nothing any more; whoever waits is still served, by an old version's right. */
  void retire() {
    retired = true;
    resting.closeAll(Closed.RETIRED);
    places.leave();
  }

  /** One of them turned out to be dead; the others are older. */
  void renew() {
    resting.closeAll(Closed.STALE);
  }
}
