package io.sentinelgateway.forward;

import io.sentinelgateway.exchange.RequestBody;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a route sends requests again. Immutable but for its budgets and hedge rules, each of which
 * belongs to one event loop.
 */
final class RetryPolicy {

  private final RetryRule rule;
  private final RetryPause pause;
  private final @Nullable Duration attemptTimeout;
  private final long keptBytes;
  private final RetryBudget[] budgets;
  private final HedgeRule @Nullable [] hedges;

  /**
   * @param loops number of event loops
   */
  RetryPolicy(ForwardSettings settings, int loops) {
    RetrySettings retry = settings.retry();
    rule = new RetryRule(retry);
    pause = new RetryPause(retry.backoff(), retry.maxBackoff());
    attemptTimeout = retry.attemptTimeout().orElse(null);
    keptBytes = retry.attempts() > 1 ? retry.content().bytes() : 0;
    budgets = new RetryBudget[loops];
    hedges = settings.hedge().isPresent() ? new HedgeRule[loops] : null;
    for (int i = 0; i < loops; i++) {
      budgets[i] = new RetryBudget(retry);
    }
    for (int i = 0; hedges != null && i < loops; i++) {
      hedges[i] = new HedgeRule(settings.hedge().get());
    }
  }

  RetryRule rule() {
    return rule;
  }

  RetryPause pause() {
    return pause;
  }

  /** From the begin of an attempt to the head of its answer; {@code null} for no such limit. */
  @Nullable Duration attemptTimeout() {
    return attemptTimeout;
  }

  /** Number of event loops. */
  int loops() {
    return budgets.length;
  }

  RetryBudget budget(int loop) {
    return budgets[loop];
  }

  /** {@code null} when nothing is hedged. */
  @Nullable HedgeRule hedge(int loop) {
    return hedges == null ? null : hedges[loop];
  }

  /** The content in a form that can be sent again, if it may be short enough. */
  RequestBody replayable(RequestBody content) {
    return content.present() && keptBytes > 0 && content.length() <= keptBytes
        ? new ReplayableContent(content, keptBytes)
        : content;
  }
}
