package io.sentinelgateway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a percentile of recent answers is. */
class RecentLatencyTest {

  @Test
  void knowsNothingBeforeAHundredAnswers() {
    RecentLatency latency = new RecentLatency(0.95);
    for (int i = 0; i < 99; i++) {
      latency.add(1_000_000);
    }
    assertThat(latency.nanos()).isZero();
  }

  @Test
  void isAtMostABucketAboveTheTruth() {
    RecentLatency latency = new RecentLatency(0.9);
    Random random = new Random(1);
    for (int i = 0; i < 4000; i++) {
      latency.add(1 + random.nextInt(10_000_000));
    }
    assertThat(latency.nanos()).isBetween(8_900_000L, 10_200_000L);
  }

  @Test
  void forgetsOldTimes() {
    RecentLatency latency = new RecentLatency(0.9);
    for (int i = 0; i < 10_000; i++) {
      latency.add(1_000_000_000);
    }
    for (int i = 0; i < 60_000; i++) {
      latency.add(1_000_000);
    }
    assertThat(latency.nanos()).isLessThan(1_200_000);
  }

  @Test
  void takesAnyTime() {
    RecentLatency latency = new RecentLatency(1);
    for (int i = 0; i < 200; i++) {
      latency.add(i % 2 == 0 ? 0 : Long.MAX_VALUE);
    }
    assertThat(latency.nanos()).isEqualTo(Long.MAX_VALUE);
  }
}
