package io.sentinelgateway.observe;

import io.sentinelgateway.exchange.ExchangeRecord;
import io.sentinelgateway.exchange.HedgeResult;
import io.sentinelgateway.exchange.MirrorResult;
import io.sentinelgateway.exchange.RetryObstacle;
import io.sentinelgateway.target.Outcome;

/** What one event loop counted for one upstream. Written by that loop; read by any thread. */
public final class UpstreamMetrics {

  private final CountsBy<Outcome> attempts = new CountsBy<>(Outcome.class);
  private final CountsBy<MirrorResult> copies = new CountsBy<>(MirrorResult.class);
  private final Counter retries = new Counter();
  private final CountsBy<RetryObstacle> notRetried = new CountsBy<>(RetryObstacle.class);
  private final CountsBy<HedgeResult> hedges = new CountsBy<>(HedgeResult.class);

  UpstreamMetrics() {}

  /** An attempt ended. */
  public void attempted(Outcome outcome) {
    attempts.increment(outcome);
  }

  /** An exchange has ended that took more than one attempt, or might have. */
  void retried(ExchangeRecord record) {
    retries.add(Math.max(0, record.attempts - 1));
    if (record.notRetried != null) {
      notRetried.increment(record.notRetried);
    }
    if (record.hedge != null) {
      hedges.increment(record.hedge);
    }
  }

  /** A copy of a request has ended. */
  public void mirrored(MirrorResult result) {
    copies.increment(result);
  }

  long attempts(Outcome outcome) {
    return attempts.value(outcome);
  }

  long copies(MirrorResult result) {
    return copies.value(result);
  }

  long retries() {
    return retries.value();
  }

  long notRetried(RetryObstacle obstacle) {
    return notRetried.value(obstacle);
  }

  long hedges(HedgeResult result) {
    return hedges.value(result);
  }
}
