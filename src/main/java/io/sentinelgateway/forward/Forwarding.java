package io.sentinelgateway.forward;

import io.sentinelgateway.balance.PickContext;
import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.error.ProxyException;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.HedgeResult;
import io.sentinelgateway.exchange.Loop;
import io.sentinelgateway.exchange.ProxyResponse;
import io.sentinelgateway.exchange.Timers;
import io.sentinelgateway.forward.RetryRule.Progress;
import io.sentinelgateway.forward.RetryRule.Verdict;
import io.sentinelgateway.target.Lease;
import io.sentinelgateway.target.Outcome;
import io.sentinelgateway.target.Target;
import io.sentinelgateway.upstream.Upstream;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One exchange on its way to an upstream: what is done once, however many attempts it takes. One
 * attempt is under way at a time, or two while a slow one is hedged. Confined to the event loop of
 * the request.
 */
final class Forwarding implements PickContext {

  private final ForwardHandler handler;
  private final Course course;
  private final Exchange exchange;
  private final Loop loop;
  private final Retries retries;
  private final @Nullable HedgeRule hedgeRule;
  private final Promise<ProxyResponse> answer = Promise.promise();
  private @Nullable Attempt attempt;
  private @Nullable Attempt hedge;
  private @Nullable Target stale;
  private Timers.@Nullable Timeout deadline;
  private Timers.@Nullable Timeout pause;
  private long begunNanos;
  private boolean ended;

  Forwarding(ForwardHandler handler, Upstream upstream, Exchange exchange) {
    this.handler = handler;
    this.course = new Course(this, handler, upstream, exchange);
    this.exchange = exchange;
    this.loop = exchange.loop();
    RetryPolicy policy = handler.retries();
    this.retries = new Retries(policy, exchange);
    this.hedgeRule = policy.hedge(loop.index());
  }

  Future<ProxyResponse> begin() {
    exchange.onCancel(this::giveUp);
    Duration timeout = handler.timeout();
    if (timeout != null) {
      deadline = loop.timers().start(timeout, this::deadlinePassed);
    }
    if (retries.repeatable()
        || handler.retries().rule().refusable(course.upstream().settings().protocol())) {
      exchange.content(handler.retries().replayable(exchange.content()));
    }
    course.enter();
    return answer.future();
  }

  /** There is a place at the upstream. */
  void admitted() {
    begunNanos = loop.nanoTime();
    Lease lease = course.leaseOrRefuse();
    if (lease != null) {
      awaitHedge();
      begin(lease, false);
    }
  }

  /** The attempt waited for a connection to a target that is gone: it is as if there was none. */
  void moved(Attempt by) {
    Lease lease = leftToAnother(by) ? null : course.leaseOrRefuse();
    if (lease != null) {
      exchange.record().attempts--;
      begin(lease, false);
    }
  }

  // Attempts.

  @Override
  public boolean eligible(Target target) {
    return course.mayUse(target) && !retries.tried(target);
  }

  private void begin(Lease lease, boolean renewed) {
    Attempt next = attempt(lease);
    attempt = next;
    next.begin(renewed);
  }

  private Attempt attempt(Lease lease) {
    exchange.record().attempts++;
    exchange.record().target = lease.target().name();
    // Two attempts at a time must not write into the same head.
    MultiMap fields = hedgeRule == null ? exchange.response().fields() : HttpHeaders.headers();
    return new Attempt(this, exchange, lease, fields);
  }

  ForwardHandler handler() {
    return handler;
  }

  @Override
  public Exchange exchange() {
    return exchange;
  }

  /** The attempt brought an answer's head, and nothing can change that any more. */
  void answered(Attempt winner, ProxyResponse response) {
    if (hedgeRule != null) {
      cancelPause();
      hedgeRule.answered(loop.nanoTime() - begunNanos);
      response.fields().addAll(winner.fields());
      settleHedge(winner);
    }
    answer.tryComplete(response);
  }

  /** The attempt becomes a tunnel: what bounds exchanges and retries does not bound it. */
  void switched() {
    Timers.cancel(deadline);
    retries.end();
  }

  /** The attempt ended without an answer that the client could have. */
  void failed(Attempt by, ProxyError error, Progress progress, boolean reused) {
    if (leftToAnother(by)) {
      return;
    }
    stale = reused ? by.target() : null;
    Verdict verdict =
        retries.afterFailure(by.target(), error.cause(), progress, reused, course::lease);
    if (verdict == Verdict.RETRY || course.turnsAfterFailure(progress, retries.repeatable())) {
      goOn();
    } else {
      exchange.record().notRetried = verdict.obstacle();
      fail(error.toException());
    }
  }

  /** Whether an answer with this status is to be thrown away for the sake of another attempt. */
  boolean replaces(Attempt by, int status) {
    Verdict verdict =
        handler.retries().rule().onAnswer(status, by.fields(), by.progress(), retries.repeatable());
    if (verdict == Verdict.RETRY && hedge == null) {
      verdict = retries.takeAfterAnswer(by, course::lease);
    }
    if (verdict == Verdict.RETRY
        || (hedge == null && course.turnsAfter(status, by.progress(), retries.repeatable()))) {
      return true;
    }
    exchange.record().notRetried = verdict.obstacle();
    return false;
  }

  /** The attempt's answer was thrown away. */
  void replace(Attempt by) {
    if (!leftToAnother(by)) {
      goOn();
    }
  }

  // Retries.

  /** Begins the attempt whose target was leased, after its pause, or turns to a fallback. */
  private void goOn() {
    cancelPause();
    attempt = null;
    Duration delay = retries.delay();
    if (course.turned()) {
      course.enter();
    } else if (delay == null) {
      beginNext();
    } else {
      // Nobody reads meanwhile: what comes must wait.
      exchange.content().pause();
      pause = loop.timers().start(delay, this::beginNext);
    }
  }

  private void beginNext() {
    pause = null;
    Lease lease = retries.next();
    if (lease != null) {
      lease.begins(loop.nanoTime());
      begin(lease, stale != null && stale.key().equals(lease.target().key()));
    }
  }

  // Hedging.

  private void awaitHedge() {
    long delay = hedgeRule == null ? 0 : hedgeRule.delayNanos(exchange);
    if (delay > 0) {
      pause = loop.timers().start(Duration.ofNanos(delay), this::hedge);
    }
  }

  private void hedge() {
    pause = null;
    Attempt slow = attempt;
    if (slow == null) {
      return;
    }
    retries.avoid(slow.target());
    // First whom to ask: a place in the budget is not for nobody.
    Lease lease = course.lease();
    if (lease != null && retries.permit(false) == Verdict.RETRY) {
      hedge = attempt(lease);
      hedge.begin(false);
    } else if (lease != null) {
      lease.release(Outcome.IGNORED, loop.nanoTime());
    }
  }

  /** True when the exchange is in the hands of the other one of two attempts. */
  private boolean leftToAnother(Attempt by) {
    Attempt second = hedge;
    if (second == null) {
      return false;
    }
    retries.avoid(by.target());
    hedge = null;
    if (by == attempt) {
      attempt = second;
    }
    return true;
  }

  private void settleHedge(Attempt winner) {
    Attempt second = hedge;
    Attempt first = attempt;
    if (second != null && first != null) {
      exchange.record().target = winner.target().name();
      exchange.record().hedge = winner == second ? HedgeResult.WON : HedgeResult.LOST;
      hedge = null;
      attempt = winner;
      (winner == second ? first : second).lose();
    }
  }

  // The end.

  /** The exchange gets this failure for an answer. */
  void fail(ProxyException failure) {
    if (answer.tryFail(failure)) {
      lose(hedge);
      lose(attempt);
      end();
    }
  }

  private void deadlinePassed() {
    deadline = null;
    giveUp(ProxyError.of(Cause.DEADLINE_EXCEEDED, "forward.timeout"));
  }

  /** Ends whatever is under way; no other attempt follows. */
  private void giveUp(ProxyError reason) {
    if (attempt != null) {
      attempt.abort(reason);
    }
    fail(reason.toException());
  }

  private static void lose(@Nullable Attempt unfinished) {
    if (unfinished != null) {
      unfinished.lose();
    }
  }

  private void cancelPause() {
    Timers.cancel(pause);
    pause = null;
  }

  /** The last byte of the answer was read, or there will be none. Idempotent. */
  void end() {
    if (!ended) {
      ended = true;
      exchange.onCancel(null);
      course.end();
      cancelPause();
      Timers.cancel(deadline);
      retries.end();
    }
  }
}
