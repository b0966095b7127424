package io.sentinelgateway.forward;

import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.error.ProxyException;
import io.sentinelgateway.exchange.Body;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.Loop;
import io.sentinelgateway.exchange.Timers;
import io.sentinelgateway.forward.RetryRule.Progress;
import io.sentinelgateway.target.Connection;
import io.sentinelgateway.target.Lease;
import io.sentinelgateway.target.Outcome;
import io.sentinelgateway.target.Target;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One try at one target: a connection, the request, the answer to its last byte. Whatever happens,
 * lease and connection go back exactly once, in {@link #finish}. Confined to one event loop.
 */
final class Attempt {

  private static final RequestOptions PLAIN = new RequestOptions();

  private final Forwarding forwarding;
  private final Exchange exchange;
  private final Loop loop;
  private final Lease lease;
  private @Nullable Connection connection;
  private @Nullable HttpClientRequest request;
  private @Nullable OriginBody body;
  private Timers.@Nullable Timeout timer;
  private boolean requestSent;
  private boolean answered;
  private boolean finished;

  Attempt(Forwarding forwarding, Exchange exchange, Lease lease) {
    this.forwarding = forwarding;
    this.exchange = exchange;
    this.loop = exchange.loop();
    this.lease = lease;
  }

  Target target() {
    return lease.target();
  }

  void begin() {
    loop.connections().acquire(target()).onComplete(this::connected, this::failed);
  }

  private void connected(Connection acquired) {
    if (finished) {
      acquired.release(true);
      return;
    }
    connection = acquired;
    exchange.record().connectedNanos = loop.nanoTime();
    acquired.http().request(PLAIN).onComplete(this::opened, this::failed);
  }

  private void opened(HttpClientRequest opened) {
    if (finished) {
      opened.reset();
      return;
    }
    request = opened;
    opened.exceptionHandler(this::failed);
    opened.response().onComplete(this::head, this::failed);
    opened.earlyHintsHandler(this::earlyHints);
    try {
      RequestFields.write(exchange, target(), opened);
      if (exchange.content().present()) {
        new ContentSender(exchange, opened, this::sent, this::contentFailed, this::blocked).begin();
      } else {
        opened.end();
        sent();
      }
    } catch (RuntimeException e) {
      // Whoever holds a request must end or reset it, or its connection is lost to the pool.
      unsendable(e);
    }
  }

  private void unsendable(RuntimeException bug) {
    if (!finished) {
      finish(Outcome.IGNORED, false);
      forwarding.fail(ProxyError.from(bug).toException(bug));
    }
  }

  /** RFC 9110 section 15.2: HTTP/1.0 knows no interim answers. */
  private void earlyHints(MultiMap fields) {
    HttpServerResponse out = exchange.request().response();
    if (!finished && exchange.version() != HttpVersion.HTTP_1_0 && !out.headWritten()) {
      out.writeEarlyHints(ResponseFields.endToEnd(fields));
    }
  }

  private void sent() {
    requestSent = true;
    exchange.record().sentNanos = loop.nanoTime();
    awaitHead();
  }

  /** It is the origin's turn: to answer, or to take more of the request. */
  private void awaitHead() {
    if (!answered && !finished) {
      cancelTimer();
      Duration limit = target().settings().timeouts().response();
      timer = loop.timers().start(limit, () -> timedOut(Cause.UPSTREAM_TIMEOUT));
    }
  }

  private void blocked(boolean now) {
    if (now) {
      awaitHead();
    } else if (!answered) {
      cancelTimer();
    }
  }

  private void head(HttpClientResponse response) {
    // Even an answer that nobody reads may break off.
    response.exceptionHandler(this::failed);
    if (finished) {
      return;
    }
    if (response.statusCode() < 200) {
      // 101 without our asking; the bytes that follow belong to no protocol we speak here.
      fail(ProxyError.of(Cause.UPSTREAM_MALFORMED, "status " + response.statusCode()));
      return;
    }
    cancelTimer();
    exchange.record().answeredNanos = loop.nanoTime();
    if (forwarding.retriesStatus(response.statusCode(), progress())) {
      finish(Outcome.FAILURE, false);
      forwarding.retry();
      return;
    }
    answered = true;
    OriginBody content = new OriginBody(response, this::cancelled);
    body = content;
    response.handler(chunk -> content.chunk(chunk, loop.nanoTime()));
    response.endHandler(v -> ended(content, response));
    try {
      ResponseFields.write(response, exchange.response());
    } catch (IllegalArgumentException e) {
      body = null;
      fail(ProxyError.of(Cause.UPSTREAM_MALFORMED, "field that cannot be handed on"));
      return;
    }
    boolean empty = ResponseFields.withoutContent(exchange.method(), response);
    exchange.response().body(empty ? Body.NONE : content);
    forwarding.answered(exchange.response());
    if (!finished && !empty) {
      content.pauseUntilRead();
      watchIdle(content, target().settings().timeouts().idle());
    }
  }

  private void watchIdle(OriginBody content, Duration limit) {
    content.touch(loop.nanoTime());
    timer = loop.timers().start(limit, () -> idle(content));
  }

  private void idle(OriginBody content) {
    Duration limit = target().settings().timeouts().idle();
    Duration left = limit.minusNanos(loop.nanoTime() - content.activeNanos());
    if (content.paused()) {
      // The client is slow, not the origin server.
      watchIdle(content, limit);
    } else if (left.isNegative() || left.isZero()) {
      timedOut(Cause.UPSTREAM_IDLE_TIMEOUT);
    } else {
      timer = loop.timers().start(left, () -> idle(content));
    }
  }

  private void ended(OriginBody content, HttpClientResponse response) {
    if (!finished) {
      boolean reusable = requestSent && ResponseFields.keepsConnection(response);
      boolean gatewayError = response.statusCode() >= 502 && response.statusCode() <= 504;
      finish(gatewayError ? Outcome.FAILURE : Outcome.SUCCESS, reusable);
      forwarding.end();
      content.end();
    }
  }

  private void timedOut(Cause cause) {
    fail(ProxyError.of(cause, target().name()));
  }

  private void contentFailed(Throwable t) {
    abort(ProxyError.from(t));
  }

  private void cancelled() {
    abort(ProxyError.of(Cause.CLIENT_GONE, ""));
  }

  private void failed(Throwable t) {
    if (!finished) {
      fail(
          t instanceof ProxyException known
              ? known.error()
              : OriginFailures.error(t, target().name()));
    }
  }

  /** The target did not do its part. */
  private void fail(ProxyError error) {
    if (finished) {
      return;
    }
    Progress reached = progress();
    boolean reused = connection != null && connection.reused();
    finish(blames(error) ? Outcome.FAILURE : Outcome.IGNORED, false);
    OriginBody content = body;
    if (content == null) {
      forwarding.failed(error, reached, reused);
    } else {
      forwarding.end();
      content.fail(error.toException());
    }
  }

  /** A full pool of ours says nothing about the target. */
  private static boolean blames(ProxyError error) {
    return error.cause() != Cause.POOL_FULL && error.cause() != Cause.POOL_TIMEOUT;
  }

  /** Ends the attempt for a reason that is not the target's; no other follows. */
  void abort(ProxyError error) {
    if (finished) {
      return;
    }
    boolean late = error.cause() == Cause.DEADLINE_EXCEEDED && requestSent;
    finish(late ? Outcome.FAILURE : Outcome.IGNORED, false);
    OriginBody content = body;
    if (content == null) {
      forwarding.fail(error.toException());
    } else {
      forwarding.end();
      content.fail(error.toException());
    }
  }

  private Progress progress() {
    if (request == null) {
      return Progress.NOTHING_SENT;
    }
    return exchange.content().started() ? Progress.CONTENT_CONSUMED : Progress.HEAD_SENT;
  }

  private void cancelTimer() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  private void finish(Outcome outcome, boolean reusable) {
    finished = true;
    cancelTimer();
    lease.release(outcome);
    loop.attempted(target().key().upstream(), outcome);
    if (request != null && !reusable) {
      request.reset();
    }
    if (connection != null) {
      connection.release(reusable);
    }
  }
}
