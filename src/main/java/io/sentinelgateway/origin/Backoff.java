package io.sentinelgateway.origin;

import java.util.random.RandomGenerator;

/**
 * Pauses that double up to a longest one. Half of each is left to chance, so that what failed
 * together is not tried again together. Confined to one event loop.
 */
final class Backoff {

  private static final int MAX_DOUBLINGS = 20;

  private final RandomGenerator random;
  private int doublings;

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  /** The next pause, longer than the one before. */
  long pauseNanos(long firstNanos, long longestNanos) {
    long pause = Math.min(longestNanos, firstNanos << doublings);
    doublings = Math.min(doublings + 1, MAX_DOUBLINGS);
    return pause / 2 + random.nextLong(pause / 2 + 1);
  }

  /** The next pause is the first one again. */
  void reset() {
    doublings = 0;
  }
}
