package io.sentinelgateway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** How long a retry waits. */
class RetryPauseTest {

  private static final long MILLI = 1_000_000;

  @Test
  void waitsARandomPartOfABoundThatDoubles() {
    RetryPause pause = new RetryPause(Duration.ofMillis(25), Duration.ofMillis(250));
    Random random = new Random(1);
    long[] bounds = {25, 50, 100, 200, 250, 250};
    for (int retry = 1; retry <= bounds.length; retry++) {
      long longest = 0;
      long sum = 0;
      for (int i = 0; i < 10_000; i++) {
        long delay = pause.delayNanos(retry, random);
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
    RetryPause pause = new RetryPause(Duration.ofMinutes(1), Duration.ofMinutes(5));
    assertThat(pause.delayNanos(1000, new Random(1))).isBetween(0L, 300_000 * MILLI);
  }

  @Test
  void waitsNotAtAllWhenToldSo() {
    assertThat(new RetryPause(Duration.ZERO, Duration.ZERO).delayNanos(3, new Random(1))).isZero();
  }

  @Test
  void understandsWhatAnOriginAsksFor() {
    assertThat(RetryPause.retryAfterNanos(null, 0)).isZero();
    assertThat(RetryPause.retryAfterNanos("3", 0)).isEqualTo(3000 * MILLI);
    assertThat(RetryPause.retryAfterNanos("Thu, 01 Jan 1970 00:00:02 GMT", 500))
        .isEqualTo(1500 * MILLI);
    assertThat(RetryPause.retryAfterNanos("Thu, 01 Jan 1970 00:00:02 GMT", 9000)).isZero();
    assertThat(RetryPause.retryAfterNanos("-1", 0)).isZero();
    assertThat(RetryPause.retryAfterNanos("soon", 0)).isZero();
    assertThat(RetryPause.retryAfterNanos("99999999999999999999", 0)).isEqualTo(Long.MAX_VALUE);
    assertThat(RetryPause.retryAfterNanos("Fri, 31 Dec 9999 23:59:59 GMT", 0)).isPositive();
  }
}
