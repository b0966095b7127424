package io.sentinelgateway.observe;

import java.util.concurrent.atomic.AtomicLongArray;

/** Durations counted in buckets. One thread writes; any thread reads. */
final class Histogram {

  private final Buckets buckets;
  private final AtomicLongArray counts;
  private final Counter sumNanos = new Counter();

  Histogram(Buckets buckets) {
    this.buckets = buckets;
    this.counts = new AtomicLongArray(buckets.count());
  }

  void record(long nanos) {
    long duration = Math.max(0, nanos);
    int bucket = buckets.of(duration);
    counts.setOpaque(bucket, counts.getPlain(bucket) + 1);
    sumNanos.add(duration);
  }

  /** A sum over the histograms of several loops. Confined to the thread that reads. */
  static final class Total {

    private final Buckets buckets;
    private final long[] counts;
    private long sumNanos;

    Total(Buckets buckets) {
      this.buckets = buckets;
      this.counts = new long[buckets.count()];
    }

    void add(Histogram part) {
      for (int i = 0; i < counts.length; i++) {
        counts[i] += part.counts.getOpaque(i);
      }
      sumNanos += part.sumNanos.value();
    }

    Buckets buckets() {
      return buckets;
    }

    /** Per bucket, not cumulative. */
    long[] counts() {
      return counts;
    }

    double sumSeconds() {
      return sumNanos / 1e9;
    }
  }
}
