package io.sentinelgateway.inquiry;

import io.sentinelgateway.balance.PickContext;
import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.error.ProxyException;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.Timers;
import io.sentinelgateway.target.Lease;
import io.sentinelgateway.target.Target;
import io.sentinelgateway.upstream.Upstream;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One question to an upstream. When it fails before an answer has begun it is asked a second time:
 * of another target if there is one, or over a new connection. Confined to the exchange's event
 * loop.
 */
public final class Inquiry implements PickContext {

  private final Exchange exchange;
  private final Upstream upstream;
  private final Question question;
  private final Promise<Reply> reply = Promise.promise();
  private Timers.@Nullable Timeout timer;
  private @Nullable InquiryAttempt attempt;
  private @Nullable Target failed;
  private boolean done;

  public Inquiry(Exchange exchange, Upstream upstream, Question question) {
    this.exchange = exchange;
    this.upstream = upstream;
    this.question = question;
  }

  /**
   * Asks; to be called once. Fails with a {@link ProxyException} of AUTHORIZER_TIMEOUT or
   * AUTHORIZER_UNAVAILABLE.
   *
   * @param timeout of everything together
   */
  public Future<Reply> begin(Duration timeout) {
    timer =
        exchange
            .loop()
            .timers()
            .start(timeout, () -> fail(Cause.AUTHORIZER_TIMEOUT, timeout.toMillis() + " ms"));
    attempt(false);
    return reply.future();
  }

  Question question() {
    return question;
  }

  private void attempt(boolean renewed) {
    Lease lease = upstream.lease(this, exchange.loop().nanoTime());
    if (lease == null) {
      fail(Cause.AUTHORIZER_UNAVAILABLE, upstream.refusal(exchange.loop().nanoTime()).code());
      return;
    }
    InquiryAttempt next = new InquiryAttempt(this, lease);
    attempt = next;
    next.begin(renewed);
  }

  /** The attempt is over and has given back what it had. */
  void answered(Reply answer) {
    if (end()) {
      reply.complete(answer);
    }
  }

  /**
   * The same, without an answer.
   *
   * @param begun true when a part of an answer had come
   */
  void failed(Target target, boolean begun, ProxyError error) {
    if (done) {
      return;
    }
    if (failed == null && !begun) {
      failed = target;
      attempt(upstream.targets().size() == 1);
    } else {
      fail(Cause.AUTHORIZER_UNAVAILABLE, error.code());
    }
  }

  private void fail(Cause cause, String detail) {
    if (end()) {
      String where = upstream.id() + ": " + detail;
      reply.fail(ProxyError.of(cause, where).toException());
    }
  }

  private boolean end() {
    if (done) {
      return false;
    }
    done = true;
    Timers.cancel(timer);
    if (attempt != null) {
      attempt.cancel();
    }
    return true;
  }

  /** Nobody waits for the answer any more; the future never completes. */
  public void cancel() {
    end();
  }

  @Override
  public boolean eligible(Target target) {
    boolean other = failed == null || upstream.targets().size() == 1;
    return upstream.usable(target) && (other || !target.key().equals(failedKey()));
  }

  private @Nullable Object failedKey() {
    return failed == null ? null : failed.key();
  }

  @Override
  public Exchange exchange() {
    return exchange;
  }
}
