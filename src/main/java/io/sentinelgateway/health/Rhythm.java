package io.sentinelgateway.health;

import io.sentinelgateway.config.ActiveConfig;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * When the next check comes. All targets are checked at once after a start; the second check comes
 * after a random part of the interval, and so each target, and each gateway, gets its own phase.
 * Jitter then keeps them from falling into step. Confined to one context.
 */
final class Rhythm {

  private final Duration interval;
  private final double jitter;
  private final RandomGenerator random;
  private boolean begun;

  Rhythm(ActiveConfig checks, RandomGenerator random) {
    this.interval = checks.interval();
    this.jitter = checks.jitter().share();
    this.random = random;
  }

  /** From the end of a check to the next, in milliseconds, at least 1. */
  long nextMillis() {
    double share = begun ? 1 + jitter * (2 * random.nextDouble() - 1) : random.nextDouble();
    begun = true;
    return Math.max(1, Math.round(interval.toMillis() * share));
  }
}
