package io.sentinelgateway.target;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** What is remembered of a target's answers, and for how long. */
class TargetAveragesTest {

  private static final long SECOND = 1_000_000_000;
  private static final long DECAY = 10 * SECOND;
  private static final Percentage ROUGHLY = Percentage.withPercentage(1);

  private final TargetAverages averages = new TargetAverages();

  @Test
  void knowNothingAtFirst() {
    assertThat(averages.latencyNanos(SECOND, DECAY)).isZero();
    assertThat(averages.errorShare(SECOND, DECAY)).isZero();
  }

  @Test
  void followAPeakAtOnceAndForgetItSlowly() {
    averages.ended(Outcome.SUCCESS, 1000, SECOND, DECAY);
    averages.ended(Outcome.SUCCESS, 9000, SECOND, DECAY);
    assertThat(averages.latencyNanos(SECOND, DECAY)).isCloseTo(9000, ROUGHLY);
    assertThat(averages.latencyNanos(11 * SECOND, DECAY)).isCloseTo(9000 / Math.E, ROUGHLY);
    averages.ended(Outcome.SUCCESS, 1000, 11 * SECOND, DECAY);
    assertThat(averages.latencyNanos(11 * SECOND, DECAY))
        .isCloseTo(9000 / Math.E + 1000 * (1 - 1 / Math.E), ROUGHLY);
  }

  @Test
  void takeALateHeadForSlownessBeforeTheAnswerEnds() {
    averages.ended(Outcome.SUCCESS, 1000, SECOND, DECAY);
    averages.answered(5000, SECOND, DECAY);
    assertThat(averages.latencyNanos(SECOND, DECAY)).isCloseTo(5000, ROUGHLY);
    averages.answered(10, SECOND, DECAY);
    assertThat(averages.latencyNanos(SECOND, DECAY)).isCloseTo(5000, ROUGHLY);
  }

  @Test
  void areNotLoweredByFailures() {
    averages.ended(Outcome.SUCCESS, 5000, SECOND, DECAY);
    for (int i = 1; i <= 20; i++) {
      averages.ended(Outcome.FAILURE, 10, (1 + i) * SECOND, DECAY);
    }
    assertThat(averages.latencyNanos(21 * SECOND, DECAY)).isCloseTo(5000, ROUGHLY);
    assertThat(averages.errorShare(21 * SECOND, DECAY)).isGreaterThan(0.8);
  }

  @Test
  void noticeARowOfErrorsAtAnyRate() {
    averages.ended(Outcome.SUCCESS, 10, SECOND, DECAY);
    for (int i = 0; i < 64; i++) {
      averages.ended(Outcome.ERROR, 10, SECOND, DECAY);
    }
    assertThat(averages.errorShare(SECOND, DECAY)).isBetween(0.8, 0.95);
  }

  @Test
  void ignoreWhatSaysNothing() {
    averages.ended(Outcome.IGNORED, 5000, SECOND, DECAY);
    assertThat(averages.latencyNanos(SECOND, DECAY)).isZero();
    assertThat(averages.errorShare(SECOND, DECAY)).isZero();
  }

  @Test
  void loseNoPeakAmongThreads() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<?>> done = new ArrayList<>();
      for (int thread = 0; thread < 8; thread++) {
        int peak = 1_000_000 + thread;
        done.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 10_000; i++) {
                    averages.ended(Outcome.SUCCESS, i == 5000 ? peak : 10, SECOND, DECAY);
                  }
                }));
      }
      for (Future<?> one : done) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(averages.latencyNanos(SECOND, DECAY)).isCloseTo(1_000_007, ROUGHLY);
  }
}
