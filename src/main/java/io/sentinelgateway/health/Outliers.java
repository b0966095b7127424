package io.sentinelgateway.health;

import java.util.Arrays;

/** Where peers end and outliers begin. Pure. */
final class Outliers {

  /**
   * Differences of a few milliseconds are no fault, however many times they are of next to none.
   */
  private static final double SLACK_MILLIS = 10;

  /** Equal rates stay equal whatever their mean is rounded to. */
  private static final double ROUNDING = 1e-9;

  private Outliers() {}

  /**
   * Mean less a number of standard deviations, as Envoy's success-rate outlier detection has it.
   */
  static double leastRate(double[] rates, double factor) {
    double mean = Arrays.stream(rates).average().orElse(1);
    double variance =
        Arrays.stream(rates).map(rate -> (rate - mean) * (rate - mean)).average().orElse(0);
    return mean - factor * Math.sqrt(variance) - ROUNDING;
  }

  /**
   * A multiple of the median of the others, and some milliseconds more.
   *
   * @param sorted of all, at least two
   * @param own index of the one that is compared with the others
   */
  static double mostMillis(double[] sorted, int own, double factor) {
    int others = sorted.length - 1;
    double upper = other(sorted, own, others / 2);
    double lower = other(sorted, own, (others - 1) / 2);
    return factor * (lower + upper) / 2 + SLACK_MILLIS;
  }

  private static double other(double[] sorted, int own, int index) {
    return sorted[index < own ? index : index + 1];
  }
}
