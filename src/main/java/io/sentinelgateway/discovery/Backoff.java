package io.sentinelgateway.discovery;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait after a failure: twice as long each time, up to a bound, and somewhere in the
 * upper half of that, so that many gateways do not come back at the same moment. Confined to one
 * context.
 */
final class Backoff {

  private final Duration first;
  private final Duration most;
  private final RandomGenerator random;
  private int failures;

  Backoff(Duration first, Duration most, RandomGenerator random) {
    this.first = first;
    this.most = most;
    this.random = random;
  }

  /** After another failure. */
  Duration next() {
    long longest = most.toNanos();
    long nanos = Math.max(1, first.toNanos());
    for (int i = 0; i < failures && nanos < longest; i++) {
      nanos *= 2;
    }
    failures++;
    nanos = Math.min(nanos, longest);
    return Duration.ofNanos((long) (nanos * (0.5 + random.nextDouble() / 2)));
  }

  /** It worked. */
  void reset() {
    failures = 0;
  }
}
