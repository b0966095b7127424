package io.sentinelgateway.observe;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How late an event loop is: a timer that should fire every {@link #PERIOD_MILLIS} measures its own
 * delay. Written by its loop; read by any thread.
 *
 * <p>The greatest delay is kept for one to two windows, so that a scraper that comes every fifteen
 * seconds misses none, and no reader has to reset what another one still wants to see.
 */
final class LoopLag {

  static final long PERIOD_MILLIS = 100;
  private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(PERIOD_MILLIS);
  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(15);

  private final LongSupplier nanoTime;
  private final Histogram delays = new Histogram(Buckets.LAG);
  private volatile long maxNanos;
  private long current;
  private long previous;
  private long windowStart;
  private long last;

  LoopLag(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.last = nanoTime.getAsLong();
    this.windowStart = last;
  }

  /** The timer fired. */
  void tick() {
    long now = nanoTime.getAsLong();
    long delay = Math.max(0, now - last - PERIOD_NANOS);
    last = now;
    delays.record(delay);
    if (now - windowStart >= WINDOW_NANOS) {
      previous = current;
      current = 0;
      windowStart = now;
    }
    current = Math.max(current, delay);
    maxNanos = Math.max(current, previous);
  }

  Histogram delays() {
    return delays;
  }

  long maxNanos() {
    return maxNanos;
  }
}
