package io.sentinelgateway.forward;

import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.forward.RetryRule.Progress;
import io.sentinelgateway.forward.RetryRule.Verdict;
import io.sentinelgateway.target.Lease;
import io.sentinelgateway.target.Outcome;
import io.sentinelgateway.target.Target;
import io.sentinelgateway.target.TargetKey;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The further attempts of one exchange: whether there may be one, on which target, and how soon.
 * Confined to the event loop of the request.
 */
final class Retries {

  private static final long SHORTEST_NANOS = 1_000_000;

  private final RetryPolicy policy;
  private final Exchange exchange;
  private final RetryBudget budget;
  private final boolean repeatable;
  private List<TargetKey> tried = List.of();
  private @Nullable Lease next;
  private long delayNanos;
  private boolean retrying;

  Retries(RetryPolicy policy, Exchange exchange) {
    this.policy = policy;
    this.exchange = exchange;
    this.budget = policy.budget(exchange.loop().index());
    this.repeatable = policy.rule().repeats(exchange.method());
    budget.requestBegan();
  }

  /** Whether the request may be sent again though it may have had an effect. */
  boolean repeatable() {
    return repeatable;
  }

  /**
   * Leases a target for an attempt after one that brought no answer, if there may be one.
   *
   * @param progress how far the attempt came
   * @param reused its connection had served before
   * @param leases the upstream's pick
   */
  Verdict afterFailure(
      Target failed,
      Cause cause,
      Progress progress,
      boolean reused,
      Supplier<@Nullable Lease> leases) {
    Verdict verdict =
        exchange.cancelled()
            ? Verdict.FINAL
            : policy.rule().onFailure(cause, progress, repeatable, reused);
    boolean unsent = progress == Progress.NOTHING_SENT;
    return verdict == Verdict.RETRY ? take(failed, unsent, unsent || reused, 0, leases) : verdict;
  }

  /** Targets that have failed this exchange are left to others. */
  boolean tried(Target target) {
    // By key: the same target may have another weight meanwhile.
    return !tried.isEmpty() && tried.contains(target.key());
  }

  void avoid(Target target) {
    if (tried.isEmpty()) {
      tried = new ArrayList<>(2);
    }
    tried.add(target.key());
  }

  /**
   * Takes what another attempt costs from the budget. A request of which nothing was sent has cost
   * no server anything, so its next attempt is none too many.
   */
  Verdict permit(boolean unsent) {
    if (!policy.rule().attemptsLeft(exchange.record().attempts)) {
      return Verdict.FINAL;
    }
    if (retrying) {
      budget.retryEnded();
    }
    retrying = !unsent && budget.tryRetry();
    return unsent || retrying ? Verdict.RETRY : Verdict.BUDGET;
  }

  /**
   * Leases a target for another attempt; {@link #next} gives it.
   *
   * @param failed the target of the attempt before
   * @param unsent nothing of the request was sent
   * @param soon whether to leave the pause out when another target is left
   * @param askedNanos how long the failed target wants to be left alone
   * @param leases the upstream's pick
   */
  private Verdict take(
      Target failed,
      boolean unsent,
      boolean soon,
      long askedNanos,
      Supplier<@Nullable Lease> leases) {
    Verdict permit = permit(unsent);
    if (permit != Verdict.RETRY) {
      return permit;
    }
    avoid(failed);
    int retry = exchange.record().attempts;
    long pause = policy.pause().delayNanos(retry, exchange.loop().random());
    next = leases.get();
    if (next != null) {
      delayNanos = soon ? 0 : pause;
      return Verdict.RETRY;
    }
    if (!policy.pause().allows(askedNanos)) {
      return Verdict.RETRY_AFTER;
    }
    // Every healthy target failed this exchange once: one of them again is better than none.
    tried = List.of();
    next = leases.get();
    delayNanos = Math.max(pause, askedNanos);
    return next == null ? Verdict.FINAL : Verdict.RETRY;
  }

  /** The same after an answer, which may ask for a pause itself (RFC 9110 section 10.2.3). */
  Verdict takeAfterAnswer(Attempt answered, Supplier<@Nullable Lease> leases) {
    String patience = answered.fields().get(HttpHeaders.RETRY_AFTER);
    long asked = RetryPause.retryAfterNanos(patience, exchange.loop().currentTimeMillis());
    return take(answered.target(), false, false, asked, leases);
  }

  /**
   * How long to wait before the attempt whose target was taken; {@code null} for no longer than a
   * timer can tell.
   */
  @Nullable Duration delay() {
    return delayNanos < SHORTEST_NANOS ? null : Duration.ofNanos(delayNanos);
  }

  /** The lease that was taken, once. */
  @Nullable Lease next() {
    Lease taken = next;
    next = null;
    return taken;
  }

  /** There will be no further attempt. Call once. */
  void end() {
    Lease unused = next();
    if (unused != null) {
      unused.release(Outcome.IGNORED, exchange.loop().nanoTime());
    }
    if (retrying) {
      budget.retryEnded();
    }
  }
}
