package io.sentinelgateway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** How long a retry waits. */
class BackoffTest {

  private static final long MILLI = 1_000_000;

  @Test
  void waitsARandomPartOfABoundThatDoubles() {
    Backoff backoff = new Backoff(Duration.ofMillis(25), Duration.ofMillis(250));
    Random random = new Random(1);
    long[] bounds = {25, 50, 100, 200, 250, 250};
    for (int retry = 1; retry <= bounds.length; retry++) {
      long longest = 0;
      long sum = 0;
      for (int i = 0; i < 10_000; i++) {
        long delay = backoff.delayNanos(retry, random);
        longest = Math.max(longest, delay);
        sum += delay;
      }
      long bound = bounds[retry - 1] * MILLI;
      assertThat(longest).isBetween(bound * 99 / 100, bound);
      assertThat(sum / 10_000).isBetween(bound * 48 / 100, bound * 52 / 100);
    }
  }

  @Test
  void staysWithinItsBoundHoweverOftenItIsTried() {
    Backoff backoff = new Backoff(Duration.ofMinutes(1), Duration.ofMinutes(5));
    assertThat(backoff.delayNanos(1000, new Random(1))).isBetween(0L, 300_000 * MILLI);
  }

  @Test
  void waitsNotAtAllWhenToldSo() {
    assertThat(new Backoff(Duration.ZERO, Duration.ZERO).delayNanos(3, new Random(1))).isZero();
  }

  @Test
  void understandsWhatAnOriginAsksFor() {
    assertThat(Backoff.retryAfterNanos(null, 0)).isZero();
    assertThat(Backoff.retryAfterNanos("3", 0)).isEqualTo(3000 * MILLI);
    assertThat(Backoff.retryAfterNanos("Thu, 01 Jan 1970 00:00:02 GMT", 500))
        .isEqualTo(1500 * MILLI);
    assertThat(Backoff.retryAfterNanos("Thu, 01 Jan 1970 00:00:02 GMT", 9000)).isZero();
    assertThat(Backoff.retryAfterNanos("-1", 0)).isZero();
    assertThat(Backoff.retryAfterNanos("soon", 0)).isZero();
    assertThat(Backoff.retryAfterNanos("99999999999999999999", 0)).isEqualTo(Long.MAX_VALUE);
    assertThat(Backoff.retryAfterNanos("Fri, 31 Dec 9999 23:59:59 GMT", 0)).isPositive();
  }
}
