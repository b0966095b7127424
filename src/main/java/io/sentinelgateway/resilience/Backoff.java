package io.sentinelgateway.resilience;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Pauses that double up to a longest one. Half of each is left to chance, so that what failed
 * together is not tried again together. Confined to one thread.
 */
public final class Backoff {

  private static final int MAX_DOUBLINGS = 20;

  private final RandomGenerator random;
  private int doublings;

  public Backoff(RandomGenerator random) {
    this.random = random;
  }

  /** The next pause, longer than the one before. */
  public long pauseNanos(long firstNanos, long longestNanos) {
    long first = Math.max(2, firstNanos);
    long pause = first > longestNanos >> doublings ? longestNanos : first << doublings;
    doublings = Math.min(doublings + 1, MAX_DOUBLINGS);
    return pause / 2 + random.nextLong(pause / 2 + 1);
  }

  /** The next pause, longer than the one before. */
  public Duration pause(Duration first, Duration longest) {
    return Duration.ofNanos(pauseNanos(first.toNanos(), longest.toNanos()));
  }

  /** The next pause is the first one again. */
  public void reset() {
    doublings = 0;
  }
}
