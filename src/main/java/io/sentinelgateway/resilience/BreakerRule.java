package io.sentinelgateway.resilience;

/**
 * When a {@link CircuitBreaker} opens, for how long, and what closes it. Times in nanoseconds.
 *
 * @param failureRate share of failed attempts from which it opens
 * @param slowRate share of slow attempts from which it opens; above 1: never
 * @param slowAfterNanos an attempt that took longer is slow
 * @param minimum attempts in the window below which no share means anything
 * @param windowNanos how far back attempts count
 * @param openForNanos how long it stays open; twice as long each time it opens again soon
 * @param openForMaxNanos the longest it stays open
 * @param probes attempts under way at once while it is half-open
 * @param closeAfter good probes that close it
 * @param probeTimeoutNanos when all probes are out and none was given for so long, they are given
 *     up for lost
 */
public record BreakerRule(
    double failureRate,
    double slowRate,
    long slowAfterNanos,
    int minimum,
    long windowNanos,
    long openForNanos,
    long openForMaxNanos,
    int probes,
    int closeAfter,
    long probeTimeoutNanos) {

  private static final int MOST_DOUBLINGS = 30;

  /** How long it stays open when it opens so many times in short succession. */
  long openForNanos(int times) {
    // In floating point: what overflows is more than any maximum.
    double grown = (double) openForNanos * (1L << Math.min(times - 1, MOST_DOUBLINGS));
    return (long) Math.min(grown, (double) Math.max(openForNanos, openForMaxNanos));
  }

  boolean slow(long tookNanos) {
    return slowRate <= 1 && tookNanos > slowAfterNanos;
  }

  boolean exceeded(int attempts, int failed, int slow) {
    return attempts >= minimum
        && ((failed > 0 && failed >= failureRate * attempts)
            || (slow > 0 && slow >= slowRate * attempts));
  }
}
