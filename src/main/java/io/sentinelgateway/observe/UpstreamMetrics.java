package io.sentinelgateway.observe;

import io.sentinelgateway.target.Outcome;

/** What one event loop counted for one upstream. Written by that loop; read by any thread. */
public final class UpstreamMetrics {

  private final CountsBy<Outcome> attempts = new CountsBy<>(Outcome.class);
  private final Counter retries = new Counter();

  UpstreamMetrics() {}

  /** An attempt ended. */
  public void attempted(Outcome outcome) {
    attempts.increment(outcome);
  }

  void retried(int times) {
    retries.add(times);
  }

  long attempts(Outcome outcome) {
    return attempts.value(outcome);
  }

  long retries() {
    return retries.value();
  }
}
