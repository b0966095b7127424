package io.sentinelgateway.target;

/**
 * How quickly and how well a target has answered lately. Thread-safe; shared by all event loops.
 *
 * <p>Only an attempt that succeeded can lower the latency: a target that refuses everything at once
 * is not a quick one. Any attempt can raise it, an unanswered one by the time it was waited for,
 * and one that failed keeps it from being forgotten.
 */
public final class TargetAverages {

  /** What a target is taken for that fails before it ever succeeded. */
  private static final double NEVER_SUCCEEDED_NANOS = 1e9;

  private final Ewma latency = new Ewma();
  private final Ewma errors = new Ewma();

  /** Time to the head of an answer, in nanoseconds, peaks above all; 0 when not known. */
  public double latencyNanos(long nanoTime, long decayNanos) {
    return latency.at(nanoTime, decayNanos);
  }

  /** Share of the attempts that did not succeed, from 0 to 1. */
  public double errorShare(long nanoTime, long decayNanos) {
    return errors.at(nanoTime, decayNanos);
  }

  /** A head came after so long, whatever will follow. */
  void answered(long latencyNanos, long nanoTime, long decayNanos) {
    if (latencyNanos > latency.at(nanoTime, decayNanos)) {
      latency.hold((double) latencyNanos, nanoTime);
    }
  }

  void ended(Outcome outcome, long latencyNanos, long nanoTime, long decayNanos) {
    if (outcome == Outcome.IGNORED) {
      return;
    }
    boolean success = outcome == Outcome.SUCCESS;
    errors.observe(success ? 0 : 1, nanoTime, decayNanos);
    if (success) {
      latency.observePeak((double) latencyNanos, nanoTime, decayNanos);
    } else {
      boolean known = latency.at(nanoTime, decayNanos) > 0;
      latency.hold(Math.max((double) latencyNanos, known ? 0 : NEVER_SUCCEEDED_NANOS), nanoTime);
    }
  }
}
