package io.sentinelgateway.forward;

import io.sentinelgateway.http.HttpDate;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How long to wait before a retry: exponential with full jitter (a random part of a bound that
 * doubles), so that clients of a failing target do not come back together. Immutable.
 */
final class RetryPause {

  /** More than anybody may ask for. */
  private static final long FOR_EVER = Long.MAX_VALUE;

  private final long firstNanos;
  private final long maxNanos;

  RetryPause(Duration first, Duration max) {
    firstNanos = first.toNanos();
    maxNanos = max.toNanos();
  }

  /**
   * @param retry number of the retry, from 1
   */
  long delayNanos(int retry, RandomGenerator random) {
    int doublings = Math.min(retry - 1, 20);
    long bound = Math.min(maxNanos, firstNanos << doublings);
    return bound <= 0 ? 0 : random.nextLong(bound + 1);
  }

  /** Whether to wait so long is allowed at all. */
  boolean allows(long nanos) {
    return nanos <= maxNanos;
  }

  /**
   * What a Retry-After field asks for (RFC 9110 section 10.2.3), in nanoseconds; 0 for none, and
   * for one that says nothing valid.
   */
  static long retryAfterNanos(@Nullable String field, long currentTimeMillis) {
    if (field == null || field.isEmpty()) {
      return 0;
    }
    if (field.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return field.length() > 9 ? FOR_EVER : Long.parseLong(field) * 1_000_000_000L;
    }
    return HttpDate.parse(field)
        .map(moment -> TimeUnit.MILLISECONDS.toNanos(moment.toEpochMilli() - currentTimeMillis))
        .filter(nanos -> nanos > 0)
        .orElse(0L);
  }
}
