package io.sentinelgateway.observe;

import io.sentinelgateway.error.ProxyError.Cause;
import java.util.Locale;

/**
 * What one event loop counted of one upstream's connections. Written by that loop; read by any
 * thread.
 */
public final class PoolMetrics {

  private final CountsBy<Opened> opened = new CountsBy<>(Opened.class);
  private final CountsBy<Closed> closed = new CountsBy<>(Closed.class);
  private final CountsBy<Cause> failures = new CountsBy<>(Cause.class);
  private final CountsBy<TlsVersion> secured = new CountsBy<>(TlsVersion.class);
  private final Counter http1 = new Counter();
  private final Counter http2 = new Counter();
  private final Counter acquired = new Counter();
  private final Counter reused = new Counter();
  private final Histogram connects = new Histogram(Buckets.REQUESTS);
  private final Histogram waits = new Histogram(Buckets.REQUESTS);

  PoolMetrics() {}

  /** Why a connection was opened. */
  public enum Opened {
    /** There was none. */
    FIRST,
    /** Those that were there were in use. */
    GROWTH,
    /** One that served had ended by its age, by the origin server, or by an error. */
    REPLACEMENT,
    /** In advance. */
    WARM;

    String code() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Why a connection was closed. */
  public enum Closed {
    /** Nobody used it for long. */
    IDLE,
    /** It had reached its age. */
    AGE,
    /** It had carried as many requests as it may. */
    REQUESTS,
    /** Another event loop needed its place, or the limit has become smaller. */
    SURPLUS,
    /** One of the same age was found dead. */
    STALE,
    /** Its target is not configured any more. */
    RETIRED,
    /** The origin server closed it. */
    ORIGIN,
    /** An exchange on it broke off, or it brought what nobody asked for. */
    ERROR;

    String code() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What a handshake agreed on. */
  enum TlsVersion {
    TLS_1_2,
    TLS_1_3;

    String code() {
      return this == TLS_1_2 ? "1.2" : "1.3";
    }
  }

  /**
   * A TLS handshake was completed.
   *
   * @param protocol the version by its standard name
   */
  public void secured(String protocol) {
    secured.increment(protocol.equals("TLSv1.3") ? TlsVersion.TLS_1_3 : TlsVersion.TLS_1_2);
  }

  long secured(TlsVersion version) {
    return secured.value(version);
  }

  /**
   * A connection was made.
   *
   * @param nanos how long that took
   */
  public void opened(Opened why, long nanos) {
    opened.increment(why);
    connects.record(nanos);
  }

  /** What is spoken on a connection that was made. */
  public void speaks(boolean multiplexed) {
    (multiplexed ? http2 : http1).increment();
  }

  public void closed(Closed why) {
    closed.increment(why);
  }

  /** No connection could be made, or the pool refused a request. */
  public void failed(Cause cause) {
    failures.increment(cause);
  }

  /**
   * A request got a connection.
   *
   * @param again true when the connection has served before
   */
  public void acquired(boolean again) {
    acquired.increment();
    if (again) {
      reused.increment();
    }
  }

  /** A request was in the queue for so long, whatever became of it. */
  public void waited(long nanos) {
    waits.record(nanos);
  }

  long opened(Opened why) {
    return opened.value(why);
  }

  long count(Closed why) {
    return closed.value(why);
  }

  long http1() {
    return http1.value();
  }

  long http2() {
    return http2.value();
  }

  long failures(Cause cause) {
    return failures.value(cause);
  }

  long acquired() {
    return acquired.value();
  }

  long reused() {
    return reused.value();
  }

  Histogram connects() {
    return connects;
  }

  Histogram waits() {
    return waits;
  }
}
