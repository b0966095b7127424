package io.sentinelgateway.forward;

import io.sentinelgateway.balance.PickContext;
import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.error.ProxyException;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.ProxyResponse;
import io.sentinelgateway.exchange.Timers;
import io.sentinelgateway.forward.RetryRule.Progress;
import io.sentinelgateway.target.Lease;
import io.sentinelgateway.target.Target;
import io.sentinelgateway.upstream.Upstream;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One exchange on its way to an upstream: what is done once, however many attempts it takes.
 * Confined to the event loop of the request.
 */
final class Forwarding implements PickContext {

  private final ForwardHandler handler;
  private final Upstream upstream;
  private final Exchange exchange;
  private final RetryBudget budget;
  private final Promise<ProxyResponse> answer = Promise.promise();
  private final boolean idempotent;
  private List<Target> tried = List.of();
  private @Nullable Attempt attempt;
  private @Nullable Target stale;
  private Timers.@Nullable Timeout deadline;
  private boolean retrying;
  private boolean ended;

  Forwarding(ForwardHandler handler, Exchange exchange) {
    this.handler = handler;
    this.upstream = handler.upstream();
    this.exchange = exchange;
    this.budget = handler.budget(exchange.loop().index());
    this.idempotent = RetryRule.idempotent(exchange.method());
  }

  Future<ProxyResponse> begin() {
    exchange.record().upstream = upstream.id();
    budget.requestBegan();
    exchange.onCancel(this::giveUp);
    Duration timeout = handler.timeout();
    if (timeout != null) {
      deadline = exchange.loop().timers().start(timeout, this::deadlinePassed);
    }
    attempt();
    return answer.future();
  }

  private void attempt() {
    Lease lease = upstream.lease(this, exchange.loop().nanoTime());
    if (lease == null && !tried.isEmpty()) {
      // Every healthy target failed this exchange once: one of them again is better than none.
      tried = List.of();
      lease = upstream.lease(this, exchange.loop().nanoTime());
    }
    if (lease == null) {
      fail(ProxyError.of(Cause.NO_TARGET_AVAILABLE, upstream.id()).toException());
      return;
    }
    exchange.record().attempts++;
    exchange.record().target = lease.target().name();
    attempt = new Attempt(this, exchange, lease);
    attempt.begin(stale != null && stale.key().equals(lease.target().key()));
  }

  @Override
  public boolean eligible(Target target) {
    return upstream.usable(target) && (tried.isEmpty() || !tried.contains(target));
  }

  /** The attempt brought an answer's head, and nothing can change that any more. */
  void answered(ProxyResponse response) {
    answer.tryComplete(response);
  }

  /** Whether an answer with this status is to be thrown away for the sake of another attempt. */
  boolean retriesStatus(int status, Progress progress) {
    return handler.retryRule().retriesStatus(status, progress, idempotent) && mayRetry();
  }

  /** The attempt ended without an answer that the client could have. */
  void failed(ProxyError error, Progress progress, boolean reused) {
    stale = reused && attempt != null ? attempt.target() : null;
    if (!exchange.cancelled()
        && handler.retryRule().retries(error.cause(), progress, idempotent, reused)
        && mayRetry()) {
      retry();
    } else {
      fail(error.toException());
    }
  }

  private boolean mayRetry() {
    if (!handler.retryRule().attemptsLeft(exchange.record().attempts)) {
      return false;
    }
    // A second retry of the same exchange keeps the place that the first one took.
    retrying = retrying || budget.tryRetry();
    return retrying;
  }

  /** Begins another attempt, on another target if there is one. */
  void retry() {
    if (attempt != null) {
      if (tried.isEmpty()) {
        tried = new ArrayList<>(2);
      }
      tried.add(attempt.target());
    }
    attempt();
  }

  /** The exchange gets this failure for an answer. */
  void fail(ProxyException failure) {
    if (answer.tryFail(failure)) {
      end();
    }
  }

  private void deadlinePassed() {
    deadline = null;
    giveUp(ProxyError.of(Cause.DEADLINE_EXCEEDED, "forward.timeout"));
  }

  /** Ends whatever is under way; no other attempt follows. */
  private void giveUp(ProxyError reason) {
    Attempt current = attempt;
    if (current != null) {
      current.abort(reason);
    }
    fail(reason.toException());
  }

  /** The last byte of the answer was read, or there will be none. Idempotent. */
  void end() {
    if (!ended) {
      ended = true;
      exchange.onCancel(null);
      if (deadline != null) {
        deadline.cancel();
      }
      if (retrying) {
        budget.retryEnded();
      }
      budget.requestEnded();
    }
  }
}
