package io.sentinelgateway.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LongSummaryStatistics;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** When checks come. */
class RhythmTest {

  private final SplittableRandom random = new SplittableRandom(7);

  private Rhythm rhythm(String settings) {
    return new Rhythm(Given.active("type: tcp, " + settings).checks(), random);
  }

  @Test
  void staysWithinTheJitter() {
    Rhythm rhythm = rhythm("interval: 10s, jitter: 20%");
    rhythm.nextMillis();
    LongSummaryStatistics gaps =
        LongStream.generate(rhythm::nextMillis).limit(10_000).summaryStatistics();
    assertThat(gaps.getMin()).isBetween(8_000L, 8_100L);
    assertThat(gaps.getMax()).isBetween(11_900L, 12_000L);
    assertThat(gaps.getAverage()).isBetween(9_900.0, 10_100.0);
  }

  @Test
  void spreadsTheSecondChecksOfManyTargetsOverTheWholeInterval() {
    int[] tenths = new int[10];
    for (int i = 0; i < 10_000; i++) {
      tenths[(int) Math.min(9, rhythm("interval: 10s, jitter: 0%").nextMillis() / 1000)]++;
    }
    assertThat(IntStream.of(tenths)).allMatch(count -> count > 900 && count < 1100);
  }

  @Test
  void neverComesAtOnce() {
    Rhythm rhythm = rhythm("interval: 10ms, jitter: 100%");
    assertThat(LongStream.generate(rhythm::nextMillis).limit(1000)).allMatch(gap -> gap >= 1);
  }
}
