package io.sentinelgateway.origin;

import io.sentinelgateway.config.ConnectionsConfig;
import io.sentinelgateway.config.OriginProtocol;
import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.observe.PoolMetrics;
import io.sentinelgateway.observe.PoolMetrics.Closed;
import io.sentinelgateway.observe.PoolMetrics.Opened;
import io.sentinelgateway.resilience.Backoff;
import io.sentinelgateway.target.LoopPlaces;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the connections of one pool: those under way, why, and whether another try makes sense. For
 * each the pool has taken a place before. Confined to one event loop.
 */
final class Connects {

  private static final Logger LOG = LoggerFactory.getLogger(Connects.class);
  private static final long WARM_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LONGEST_WARM_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final TargetPool pool;
  private final LoopSide side;
  private final LoopPlaces places;
  private final String preface;
  private final PoolMetrics metrics;
  private final ConnectCircuit circuit;
  private final Backoff warming;
  private int streamsEach;
  private long warmFromNanos;
  private int underWay;
  private int lost;
  private String lastTrouble = "";

  /**
   * @param preface what is sent before everything else on each connection, a character for each
   *     byte; empty for nothing
   */
  Connects(TargetPool pool, LoopSide side, LoopPlaces places, String preface) {
    this.pool = pool;
    this.side = side;
    this.places = places;
    this.preface = preface;
    this.streamsEach =
        pool.target().settings().protocol() == OriginProtocol.HTTP1
            ? 1
            : pool.settings().maxStreams();
    this.metrics = side.metrics().pool(pool.key().upstream());
    this.circuit = new ConnectCircuit(side.loop().random());
    this.warming = new Backoff(side.loop().random());
    this.warmFromNanos = side.loop().nanoTime();
  }

  /** Connections that are being made. */
  int underWay() {
    return underWay;
  }

  /** True when one connection that is being made is enough for several requests. */
  boolean shared() {
    return streamsEach > 1;
  }

  /** The next connections will carry so many requests at once as the last one. */
  void expect(int streams) {
    streamsEach = streams;
  }

  /** Requests for which connections are being made. */
  int expected() {
    return (int) Math.min(Integer.MAX_VALUE, (long) underWay * streamsEach);
  }

  /** False while connecting is suspended. */
  boolean allowed(long nowNanos) {
    return circuit.allows(nowNanos);
  }

  /** Wants a place as long as somebody waits for whom no connection is being made. */
  void review(int waiting) {
    places.suspended(circuit.suspended());
    places.want(lacking(waiting));
  }

  /** Uses a place that was wanted, or gives it back. */
  void granted(int waiting) {
    if (lacking(waiting)) {
      open();
    } else {
      places.give();
    }
  }

  private boolean lacking(int waiting) {
    return waiting > expected() && allowed(side.loop().nanoTime());
  }

  /** Makes a connection that a request waits for. */
  void open() {
    Opened why = Opened.GROWTH;
    if (lost > 0) {
      lost--;
      why = Opened.REPLACEMENT;
    } else if (pool.held() == 1) {
      why = Opened.FIRST;
    }
    open(why);
  }

  /** Makes connections in advance, until there are so many. */
  void warm(int wanted) {
    while (pool.held() < wanted && allowed(side.loop().nanoTime()) && places.tryTake()) {
      open(Opened.WARM);
    }
  }

  /** Makes one of them at a time: an origin that comes back must not meet everything at once. */
  void warmOne(long nowNanos) {
    if (nowNanos - warmFromNanos >= 0) {
      warm(Math.min(pool.held() + 1, wanted()));
    }
  }

  /** How many are wanted in advance: no loop takes more than its share. */
  int wanted() {
    ConnectionsConfig settings = pool.settings();
    return Math.min(settings.warm(), Math.max(1, settings.max() / side.loops()));
  }

  private void open(Opened why) {
    underWay++;
    new Making(pool, side, this, why, circuit.begins()).begin(preface);
  }

  /**
   * @param version of TLS, by its standard name
   */
  void secured(String version) {
    metrics.secured(version);
  }

  void ready(Pooled connection, Making made) {
    underWay--;
    circuit.succeeded();
    warming.reset();
    warmFromNanos = side.loop().nanoTime();
    lastTrouble = "";
    metrics.opened(made.why(), made.spent());
    metrics.speaks(connection instanceof Http2Connection);
    pool.opened(connection);
  }

  void failed(Cause cause, Throwable t, Making made) {
    underWay--;
    long now = side.loop().nanoTime();
    circuit.failed(now, made.probe(), pool.settings());
    if (made.why() == Opened.WARM) {
      warmFromNanos = now + warming.pauseNanos(WARM_PAUSE_NANOS, LONGEST_WARM_PAUSE_NANOS);
    }
    if (pool.target().tls() != null) {
      say(cause, t);
    }
    metrics.failed(cause);
    pool.notOpened(ProxyError.of(cause, pool.key().toString()).toException(t));
  }

  /** Only here it is known what a certificate has wrong; once, not for each connection. */
  private void say(Cause cause, Throwable t) {
    String trouble = ConnectFailures.explanation(t);
    if (!trouble.equals(lastTrouble)) {
      lastTrouble = trouble;
      LOG.warn("no connection to {}: {}: {}", pool.key(), cause.code(), trouble);
    }
  }

  /** A connection has ended; one that did because of its rest is not missed. */
  void ended(Closed why) {
    switch (why) {
      case IDLE, SURPLUS, RETIRED -> lost = 0;
      case AGE, REQUESTS, STALE, ORIGIN, ERROR -> lost++;
    }
  }
}
