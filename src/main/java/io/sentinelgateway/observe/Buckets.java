package io.sentinelgateway.observe;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** The upper bounds of a histogram of durations; the last bucket has none. Immutable. */
final class Buckets {

  /** From a cache hit to a client that is about to give up. */
  static final Buckets REQUESTS =
      millis(1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000);

  /** An event loop that is late by 100 ms is in trouble. */
  static final Buckets LAG = millis(1, 5, 10, 25, 50, 100, 250, 500, 1_000);

  private final long[] nanos;

  private Buckets(long[] nanos) {
    this.nanos = nanos;
  }

  private static Buckets millis(double... bounds) {
    double nanosPerMilli = TimeUnit.MILLISECONDS.toNanos(1);
    return new Buckets(
        Arrays.stream(bounds).mapToLong(b -> Math.round(b * nanosPerMilli)).toArray());
  }

  /** Number of buckets, the one without a bound included. */
  int count() {
    return nanos.length + 1;
  }

  /** Index of the bucket; linear, because most durations are in the first few. */
  int of(long durationNanos) {
    int i = 0;
    while (i < nanos.length && durationNanos > nanos[i]) {
      i++;
    }
    return i;
  }

  /** Upper bounds in seconds, the infinite one included. */
  double[] seconds() {
    double[] bounds = new double[count()];
    for (int i = 0; i < nanos.length; i++) {
      bounds[i] = nanos[i] / 1e9;
    }
    bounds[nanos.length] = Double.POSITIVE_INFINITY;
    return bounds;
  }
}
