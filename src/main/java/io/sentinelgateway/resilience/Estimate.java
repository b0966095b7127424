package io.sentinelgateway.resilience;

/**
 * What is believed of an upstream: how many requests it takes at once, and how long one takes when
 * it is alone (the baseline). Immutable.
 *
 * <p>The limit follows the gradient of baseline and time now, as in Netflix's concurrency-limits:
 * when answers take longer than tolerated it shrinks in proportion, else it grows by its square
 * root, always by a fifth of the way. Windows in which less than half of the limit was used say
 * nothing about it.
 *
 * <p>All hangs on the baseline. A running mean drifts upward under lasting overload and takes the
 * limit with it; a minimum never learns that the upstream became slower for good. So windows
 * without load teach it in both directions, and when there is none for long, the limit is halved
 * for two windows, the second of which tells how long answers take without the queue. That is far
 * from the floor, to which Envoy's filter goes to measure, and costs about a hundredth of the
 * capacity. When a limit has come down by half on its own, that is measure enough.
 *
 * @param value the limit; 0 before the first window
 * @param baseline nanoseconds
 * @param measured the limit when the baseline was measured last
 * @param windows with load, since then
 * @param dip windows of a measurement still to come
 */
record Estimate(double value, double baseline, double measured, int windows, int dip) {

  static final Estimate UNKNOWN = new Estimate(0, 0, 0, 0, 0);

  private static final double STEP = 0.2;
  private static final int BETWEEN_DIPS = 60;
  private static final int SOON = 10;

  int limit(AdaptiveRule rule) {
    if (value == 0) {
      return rule.initial();
    }
    double now = clamp(rule, dip > 0 ? value / 2 : value);
    return (int) Math.round(now);
  }

  private static double clamp(AdaptiveRule rule, double limit) {
    return Math.max(rule.minimum(), Math.min(rule.maximum(), limit));
  }

  /**
   * After one more window.
   *
   * @param time of its answers, in nanoseconds
   * @param mostActive requests under way at once
   */
  Estimate next(AdaptiveRule rule, double time, int mostActive) {
    if (value == 0) {
      return new Estimate(rule.initial(), time, rule.initial(), 0, 0);
    }
    if (dip > 0) {
      return dipped(time);
    }
    if (mostActive < limit(rule) / 2.0) {
      return new Estimate(value, toward(baseline, time, STEP), value, 0, 0);
    }
    return loaded(rule, time);
  }

  private Estimate dipped(double time) {
    if (dip > 1) {
      // The queue of the full limit is still being worked off.
      return new Estimate(value, baseline, measured, windows, dip - 1);
    }
    // Much less than believed: the belief came out of a queue, and this one may have a queue too.
    int since = time < 0.9 * baseline ? BETWEEN_DIPS - SOON : 0;
    return new Estimate(value, toward(baseline, time, 0.7), value, since, 0);
  }

  private Estimate loaded(AdaptiveRule rule, double time) {
    double base = time < baseline ? toward(baseline, time, STEP) : baseline;
    double gradient = Math.max(0.5, Math.min(1, (1 + rule.tolerance()) * base / time));
    double target = value * gradient + Math.sqrt(value);
    double next = clamp(rule, toward(value, target, STEP));
    if (next < measured / 2) {
      return new Estimate(next, toward(base, time, 0.7), next, 0, 0);
    }
    boolean measure = windows >= BETWEEN_DIPS;
    double known = Math.max(measured, next);
    return new Estimate(next, base, known, measure ? 0 : windows + 1, measure ? 2 : 0);
  }

  private static double toward(double from, double to, double part) {
    return from + part * (to - from);
  }
}
