package io.sentinelgateway.observe;

import java.util.Locale;

/** What became of new configurations. Thread-safe; written by the control plane. */
public final class ReloadMetrics {

  /** How a reload ended. */
  public enum Result {
    /** It is in force. */
    APPLIED,
    /** The checks found problems. */
    REJECTED,
    /** It is valid, but could not be prepared. */
    ABANDONED,
    /** It equals the one in force. */
    UNCHANGED
  }

  private record InForce(long version, String sha, double appliedSeconds) {}

  private final CountsBy<Result> results = new CountsBy<>(Result.class);
  private volatile InForce inForce = new InForce(0, "", 0);

  ReloadMetrics() {}

  /**
   * A configuration came into force.
   *
   * @param version its number in this process, from 1
   * @param sha short hash of its content
   * @param epochMillis when
   */
  public void applied(long version, String sha, long epochMillis) {
    inForce = new InForce(version, sha, epochMillis / 1e3);
    count(Result.APPLIED);
  }

  /** A configuration did not come into force. */
  public void refused(Result why) {
    count(why);
  }

  /** The source was looked at and equals what is in force. */
  public void unchanged() {
    count(Result.UNCHANGED);
  }

  private synchronized void count(Result result) {
    results.increment(result);
  }

  void expose(Families out) {
    for (Result result : Result.values()) {
      String label = result.name().toLowerCase(Locale.ROOT);
      out.counter(Metric.RELOADS, results.value(result), label);
    }
    InForce now = inForce;
    out.gauge(Metric.CONFIG_VERSION, now.version());
    if (now.version() > 0) {
      out.info(Metric.CONFIG_INFO, now.sha());
      out.gauge(Metric.CONFIG_LAST_APPLIED, now.appliedSeconds());
    }
  }
}
