package io.sentinelgateway.origin;

import io.sentinelgateway.config.ConnectionsConfig;
import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.error.ProxyException;
import io.sentinelgateway.exchange.Loop;
import io.sentinelgateway.observe.PoolMetrics;
import io.sentinelgateway.observe.PoolMetrics.Closed;
import io.sentinelgateway.target.Connection;
import io.sentinelgateway.target.Connections.Waiter;
import io.sentinelgateway.target.LoopPlaces;
import io.sentinelgateway.target.Target;
import io.sentinelgateway.target.TargetKey;
import java.util.concurrent.TimeUnit;

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

  private final Loop loop;
  private final LoopPlaces places;
  private final PoolMetrics metrics;
  private final Connects connects;
  private final Waiters waiters;
  private final Resting resting = new Resting();
  private Target target;
  private int streams;
  private boolean retired;

  /** The preface is sent before everything else on each connection; empty for nothing. */
  TargetPool(Target target, LoopSide side, String preface) {
    this.target = target;
    this.loop = side.loop();
    this.metrics = side.metrics().pool(target.key().upstream());
    this.places = target.state().places().join(side.lane().home(), this);
    this.places.limit(settings().max());
    this.connects = new Connects(this, side, places, preface);
    this.waiters = new Waiters(loop, places, metrics, target.key());
  }

  public TargetKey key() {
    return target.key();
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

  /** Requests under way on connections of HTTP/2. */
  public int streams() {
    return streams;
  }

  /** Connections that are open or being made. */
  int held() {
    return places.held();
  }

  ConnectionsConfig settings() {
    return target.settings().connections();
  }

  /** By the configuration version that asked last. */
  Target target() {
    return target;
  }

  /** Whether its connections may serve this target; one of the same name before may differ. */
  boolean of(Target current) {
    return places.of(current.state().places())
        && target.settings().sameConnections(current.settings());
  }

  /** Takes settings over that may be those of another configuration version. */
  @SuppressWarnings("ReferenceEquality") // asked for each request; equal ones may be set again
  void configure(Target current) {
    if (target.settings() != current.settings()) {
      target = current;
      places.limit(settings().max());
    }
  }

  // Requests come.

  void acquire(Waiter waiter) {
    long now = loop.nanoTime();
    Pooled connection = resting.take(now, settings());
    if (connection == null) {
      await(waiter, now);
    } else {
      lend(connection, waiter);
    }
  }

  private void lend(Pooled connection, Waiter waiter) {
    metrics.acquired(connection.reused());
    Connection leased = connection.lease();
    resting.share(connection);
    waiter.acquired(leased);
  }

  private void await(Waiter waiter, long now) {
    if (!connects.allowed(now)) {
      waiters.refuse(waiter, Cause.CONNECT_SUSPENDED);
    } else if (connects.shared() && waiters.size() < connects.expected()) {
      waiters.add(waiter);
    } else if (places.tryTake()) {
      waiters.add(waiter);
      connects.open();
    } else if (places.hopeless()) {
      waiters.refuse(waiter, Cause.CONNECTION_LIMIT);
    } else if (waiters.mayQueue(settings().queue())) {
      waiters.queue(waiter, settings().queueTimeout(), this::review);
      review();
    } else {
      waiters.refuse(waiter, Cause.POOL_FULL);
    }
  }

  boolean reachable() {
    return !resting.exhausted() || connects.allowed(loop.nanoTime());
  }

  void withdraw(Waiter waiter) {
    waiters.withdraw(waiter);
    review();
  }

  private void review() {
    connects.review(waiters.size());
  }

  // Connections come and go.

  void opened(Pooled connection) {
    connects.expect(connection.streams());
    offer(connection, loop.nanoTime());
    waiters.expect(connects.expected(), settings().queueTimeout(), this::review);
    review();
  }

  void notOpened(ProxyException failure) {
    places.give();
    waiters.fail(failure, connects.expected());
    despair();
    review();
  }

  /** While connecting is suspended, only a connection that is open can serve whoever waits. */
  private void despair() {
    if (open() == 0 && !connects.allowed(loop.nanoTime())) {
      waiters.refuseAllBut(connects.expected(), Cause.CONNECT_SUSPENDED);
    }
  }

  /** A connection has ended, by whomever; told once. */
  void closed(Pooled connection, Closed why) {
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

  /** A request on a connection of HTTP/2 begins, or ends. */
  void streams(int change) {
    streams += change;
  }

  /** A connection of HTTP/2 can take more requests, or fewer, or none. */
  void roomChanged(Pooled connection) {
    resting.remove(connection);
    if (connection.room() > 0) {
      released(connection);
    }
  }

  /** A connection can carry another request. */
  void released(Pooled connection) {
    long now = loop.nanoTime();
    if (connection.idle()) {
      connection.wear().rest(now);
    }
    Closed worn = connection.worn(now, settings());
    if (worn == null) {
      offer(connection, now);
    } else {
      connection.close(worn);
    }
  }

  private void offer(Pooled connection, long now) {
    if (yields(connection, now)) {
      connection.giveUp();
    } else if (!waiters.isEmpty()) {
      serve(connection);
    } else if (!connection.idle()) {
      resting.put(connection);
    } else if (retired) {
      connection.close(Closed.RETIRED);
    } else if (places.wanted() && places.promise()) {
      connection.giveUp();
    } else {
      resting.put(connection);
    }
  }

  /** What this loop goes on needing ends for a loop that has none, when it has had its turn. */
  private boolean yields(Pooled connection, long now) {
    boolean needed = !waiters.isEmpty() || !connection.idle();
    boolean due = needed && connection.wear().age(now) >= TURN_NANOS;
    return due && places.starved() && places.promise();
  }

  private void serve(Pooled connection) {
    do {
      Waiter next = waiters.next();
      if (next != null) {
        lend(connection, next);
      }
    } while (!waiters.isEmpty() && resting.unshare(connection));
    review();
  }

  // Other loops, and time.

  @Override
  public void granted() {
    connects.granted(waiters.size());
    review();
  }

  @Override
  public void asked() {
    while (!resting.isEmpty() && places.promise()) {
      resting.takeOldest().giveUp();
    }
  }

  void sweep(long nowNanos) {
    resting.sweep(nowNanos, settings());
    asked();
    review();
    if (!retired) {
      connects.warmOne(nowNanos);
    }
  }

  /** Opens connections in advance. */
  void warm() {
    connects.warm(connects.wanted());
  }

  /** Keeps nothing any more, and whoever waits may go elsewhere; what is lent out goes on. */
  void retire() {
    retired = true;
    resting.closeAll(Closed.RETIRED);
    waiters.moveOn();
    review();
    places.leave();
  }

  /** One of them turned out to be dead; the others are older. */
  void renew() {
    resting.closeAll(Closed.STALE);
  }
}
