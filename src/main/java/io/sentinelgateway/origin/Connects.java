package io.sentinelgateway.origin;

import io.netty.channel.Channel;
import io.sentinelgateway.config.ConnectionsConfig;
import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.observe.PoolMetrics;
import io.sentinelgateway.observe.PoolMetrics.Closed;
import io.sentinelgateway.observe.PoolMetrics.Opened;
import io.sentinelgateway.resilience.Backoff;
import io.sentinelgateway.target.TargetKey;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;

/**
 * Makes the connections of one pool: those under way, why, and whether another try makes sense. For
 * each the pool has taken a place before. Confined to one event loop.
 */
final class Connects {

  private static final long WARM_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LONGEST_WARM_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final TargetPool pool;
  private final LoopSide side;
  private final PoolMetrics metrics;
  private final ConnectCircuit circuit;
  private final Backoff warming;
  private long warmFromNanos;
  private int underWay;
  private int lost;

  Connects(TargetPool pool, LoopSide side, PoolMetrics metrics) {
    this.pool = pool;
    this.side = side;
    this.metrics = metrics;
    this.circuit = new ConnectCircuit(side.loop().random());
    this.warming = new Backoff(side.loop().random());
    this.warmFromNanos = side.loop().nanoTime();
  }

  /** Connections that are being made. */
  int underWay() {
    return underWay;
  }

  /** False while connecting is suspended. */
  boolean allowed(long nowNanos) {
    return circuit.allows(nowNanos);
  }

  /** True from failures on until a connect succeeds. */
  boolean suspended() {
    return circuit.suspended();
  }

  /** Whether to connect without a request that needs it. */
  boolean warmable(long nowNanos) {
    return nowNanos - warmFromNanos >= 0 && allowed(nowNanos);
  }

  /** Makes a connection that a request waits for. */
  void open(ConnectionsConfig settings) {
    Opened why = Opened.GROWTH;
    if (lost > 0) {
      lost--;
      why = Opened.REPLACEMENT;
    } else if (pool.held() == 1) {
      why = Opened.FIRST;
    }
    open(settings, why);
  }

  /** Makes a connection in advance. */
  void warm(ConnectionsConfig settings) {
    open(settings, Opened.WARM);
  }

  private void open(ConnectionsConfig settings, Opened why) {
    underWay++;
    boolean probe = circuit.begins();
    long begunNanos = side.loop().nanoTime();
    side.dialer()
        .dial(
            pool.key().address(),
            settings,
            channel -> connected(channel, why, probe, begunNanos),
            t -> failed(t, why, probe));
  }

  private void connected(Channel channel, Opened why, boolean probe, long begunNanos) {
    if (!channel.isActive()) {
      // Closed before anybody could listen to it: nobody would ever be told.
      failed(new ClosedChannelException(), why, probe);
      return;
    }
    long now = side.loop().nanoTime();
    underWay--;
    circuit.succeeded();
    warming.reset();
    warmFromNanos = now;
    metrics.opened(why, now - begunNanos);
    pool.opened(new Http1Connection(pool, channel, side.lane(), now, ageShare()));
  }

  /** Connections of one moment shall not end in one moment. */
  private double ageShare() {
    return 0.9 + 0.2 * side.loop().random().nextDouble();
  }

  private void failed(Throwable t, Opened why, boolean probe) {
    underWay--;
    long now = side.loop().nanoTime();
    circuit.failed(now, probe, pool.settings());
    if (why == Opened.WARM) {
      warmFromNanos = now + warming.pauseNanos(WARM_PAUSE_NANOS, LONGEST_WARM_PAUSE_NANOS);
    }
    TargetKey key = pool.key();
    ProxyError error = ConnectFailures.error(t, key.toString());
    metrics.failed(error.cause());
    pool.notOpened(error.toException(t));
  }

  /** A connection has ended; one that did because of its rest is not missed. */
  void ended(Closed why) {
    switch (why) {
      case IDLE, SURPLUS, RETIRED -> lost = 0;
      case AGE, REQUESTS, STALE, ORIGIN, ERROR -> lost++;
    }
  }
}
