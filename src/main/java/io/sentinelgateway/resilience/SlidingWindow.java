package io.sentinelgateway.resilience;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Counts attempts of the last while, in ten buckets of time: what is a bucket too old drops out as
 * a whole. Thread-safe and lock-free; an attempt that ends as its bucket is replaced may be lost.
 */
final class SlidingWindow {

  private static final int BUCKETS = 10;

  private final long lengthNanos;
  private final long bucketNanos;
  private final AtomicReferenceArray<Bucket> buckets = new AtomicReferenceArray<>(BUCKETS);

  SlidingWindow(long lengthNanos) {
    this.lengthNanos = lengthNanos;
    this.bucketNanos = Math.max(1, lengthNanos / BUCKETS);
  }

  /** What ended in one tick. */
  private static final class Bucket {

    private final long tick;
    private final AtomicInteger attempts = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicInteger slow = new AtomicInteger();

    private Bucket(long tick) {
      this.tick = tick;
    }
  }

  /** What ended within the window. */
  record Counts(int attempts, int failed, int slow) {}

  long lengthNanos() {
    return lengthNanos;
  }

  void add(boolean failed, boolean slow, long nanoTime) {
    Bucket bucket = bucket(Math.floorDiv(nanoTime, bucketNanos));
    if (failed) {
      bucket.failed.incrementAndGet();
    }
    if (slow) {
      bucket.slow.incrementAndGet();
    }
    // Last, so that a reader never sees more failures than attempts for longer than a moment.
    bucket.attempts.incrementAndGet();
  }

  private Bucket bucket(long tick) {
    int index = (int) Math.floorMod(tick, (long) BUCKETS);
    while (true) {
      Bucket bucket = buckets.get(index);
      // One that is newer than ours was made by a faster loop: near enough.
      if (bucket != null && bucket.tick - tick >= 0) {
        return bucket;
      }
      Bucket fresh = new Bucket(tick);
      if (buckets.compareAndSet(index, bucket, fresh)) {
        return fresh;
      }
    }
  }

  Counts counts(long nanoTime) {
    long oldest = Math.floorDiv(nanoTime, bucketNanos) - BUCKETS + 1;
    int attempts = 0;
    int failed = 0;
    int slow = 0;
    for (int i = 0; i < BUCKETS; i++) {
      Bucket bucket = buckets.get(i);
      if (bucket != null && bucket.tick - oldest >= 0) {
        attempts += bucket.attempts.get();
        failed += bucket.failed.get();
        slow += bucket.slow.get();
      }
    }
    return new Counts(attempts, failed, slow);
  }
}
