package io.sentinelgateway.forward;

import io.sentinelgateway.exchange.Exchange;
import java.time.Duration;

/** When a second target is asked beside a slow first one. Per-loop state; confined to its loop. */
final class HedgeRule {

  private final long afterNanos;
  private final RecentLatency latency;

  HedgeRule(HedgeSettings settings) {
    afterNanos = settings.after().map(Duration::toNanos).orElse(0L);
    latency = new RecentLatency(settings.percentile().map(p -> p.share()).orElse(1.0));
  }

  /**
   * How long the first target may take, in nanoseconds; 0: do not hedge, the request could not be
   * sent twice, or nothing is known yet.
   */
  long delayNanos(Exchange exchange) {
    if (exchange.content().present() || !RetryRule.idempotent(exchange.method())) {
      return 0;
    }
    return afterNanos > 0 ? afterNanos : latency.nanos();
  }

  /** The head of an answer came after so long. */
  void answered(long nanos) {
    if (afterNanos == 0) {
      latency.add(nanos);
    }
  }
}
