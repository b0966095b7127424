package io.sentinelgateway.forward;

import io.netty.buffer.ByteBuf;
import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.error.ProxyException;
import io.sentinelgateway.exchange.Body;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.Loop;
import io.sentinelgateway.forward.RetryRule.Progress;
import io.sentinelgateway.target.AnswerReceiver;
import io.sentinelgateway.target.Connection;
import io.sentinelgateway.target.Connections;
import io.sentinelgateway.target.Lease;
import io.sentinelgateway.target.Outcome;
import io.sentinelgateway.target.Target;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/**
 * One try at one target: a connection, the request, the answer to its last byte. Whatever happens,
 * lease and connection go back exactly once, in {@link #finish}. Confined to one event loop.
 */
final class Attempt implements Connections.Waiter, AnswerReceiver {

  private final Forwarding forwarding;
  private final Exchange exchange;
  private final Loop loop;
  private final Lease lease;
  private final Context context;
  private final AnswerTimeouts timeouts;
  private @Nullable Connection connection;
  private @Nullable ContentSender sender;
  private @Nullable OriginBody body;
  private int answeredStatus;
  private boolean requestBegun;
  private boolean requestSent;
  private boolean answered;
  private boolean finished;

  Attempt(Forwarding forwarding, Exchange exchange, Lease lease) {
    this.forwarding = forwarding;
    this.exchange = exchange;
    this.loop = exchange.loop();
    this.lease = lease;
    this.timeouts = new AnswerTimeouts(this, loop, target().settings().timeouts());
    this.context = loop.vertx().getOrCreateContext();
  }

  Target target() {
    return lease.target();
  }

  /**
   * @param renewed true when a pooled connection to this target has just turned out to be dead
   */
  void begin(boolean renewed) {
    if (renewed) {
      loop.connections().renew(target(), this);
    } else {
      loop.connections().acquire(target(), this);
    }
  }

  // The request.

  @Override
  public void acquired(Connection acquired) {
    if (finished) {
      acquired.release(true);
      return;
    }
    connection = acquired;
    exchange.record().connectedNanos = loop.nanoTime();
    requestBegun = true;
    try {
      RequestFields.write(exchange, target(), acquired, this);
      if (exchange.content().present()) {
        acquired.endHead(exchange.content().length());
        sender = new ContentSender(this, exchange, acquired);
        sender.begin();
      } else {
        acquired.endHead(0);
        acquired.end(null);
        sent();
      }
    } catch (RuntimeException bug) {
      // Whoever holds a connection must give it back, or it is lost to the pool.
      unsendable(bug);
    }
  }

  private void unsendable(RuntimeException bug) {
    if (!finished) {
      finish(Outcome.IGNORED, false);
      forwarding.fail(ProxyError.from(bug).toException(bug));
    }
  }

  @Override
  public void refused(Throwable cause) {
    failed(cause);
  }

  /** The last byte of the request was handed to the connection. */
  void sent() {
    requestSent = true;
    exchange.record().sentNanos = loop.nanoTime();
    awaitHead();
  }

  /** It is the origin's turn: to answer, or to take more of the request. */
  void awaitHead() {
    if (!answered && !finished) {
      timeouts.awaitHead();
    }
  }

  @Override
  public void writable() {
    ContentSender blocked = sender;
    if (blocked != null && !requestSent) {
      if (!answered) {
        timeouts.cancel();
      }
      blocked.writable();
    }
  }

  // The answer.

  @Override
  public Context context() {
    return context;
  }

  @Override
  public MultiMap fields() {
    return exchange.response().fields();
  }

  @Override
  public void interim(int status, MultiMap fields) {
    HttpServerResponse out = exchange.request().response();
    if (status == 100) {
      exchange.content().sendContinue();
    } else if (exchange.version() != HttpVersion.HTTP_1_0
        && !out.headWritten()
        && !out.writeQueueFull()) {
      // RFC 9110 section 15.2: HTTP/1.0 knows no interim answers, and anybody may do without. To
      // whoever does not read they are not sent: they must not pile up.
      out.writeEarlyHints(ResponseFields.endToEnd(fields));
    }
  }

  @Override
  public void head(int status, long length) {
    if (status < 200) {
      // 101 without our asking; the bytes that follow belong to no protocol we speak here.
      fail(ProxyError.of(Cause.UPSTREAM_MALFORMED, "status " + status));
      return;
    }
    timeouts.cancel();
    long now = loop.nanoTime();
    exchange.record().answeredNanos = now;
    lease.answered(now);
    if (forwarding.retriesStatus(status, progress())) {
      finish(Outcome.of(status), false);
      forwarding.retry();
      return;
    }
    answered = true;
    answeredStatus = status;
    exchange.response().status(status);
    ResponseFields.adapt(fields(), status);
    if (length != 0 && connection != null) {
      body = new OriginBody(connection, length, this::cancelled);
      exchange.response().body(body);
    } else {
      exchange.response().body(Body.NONE);
    }
    forwarding.answered(exchange.response());
  }

  @Override
  public void content(ByteBuf chunk) {
    OriginBody content = body;
    if (content == null) {
      chunk.release();
    } else {
      content.chunk(chunk);
    }
  }

  @Override
  public void quiet() {
    OriginBody content = body;
    if (content != null) {
      content.quiet();
      if (!finished) {
        timeouts.awaitContent(content);
      }
    }
  }

  @Override
  public void end(MultiMap trailers) {
    finish(Outcome.of(answeredStatus), requestSent);
    forwarding.end();
    OriginBody content = body;
    if (content != null) {
      content.end(ResponseFields.endToEnd(trailers));
    }
  }

  // Failures.

  void timedOut(Cause cause) {
    fail(ProxyError.of(cause, target().name()));
  }

  private void cancelled() {
    abort(ProxyError.of(Cause.CLIENT_GONE, ""));
  }

  @Override
  public void failed(Throwable t) {
    fail(
        t instanceof ProxyException known
            ? known.error()
            : OriginFailures.error(t, target().name()));
  }

  /** The target did not do its part. */
  private void fail(ProxyError error) {
    if (finished) {
      return;
    }
    Progress reached = progress();
    boolean reused = connection != null && connection.reused();
    finish(blames(error) ? Outcome.FAILURE : Outcome.IGNORED, false);
    if (answered) {
      breakOff(error);
    } else {
      forwarding.failed(error, reached, reused);
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
    if (answered) {
      breakOff(error);
    } else {
      forwarding.fail(error.toException());
    }
  }

  private void breakOff(ProxyError error) {
    forwarding.end();
    OriginBody content = body;
    if (content != null) {
      content.fail(error.toException());
    }
  }

  private Progress progress() {
    if (!requestBegun) {
      return Progress.NOTHING_SENT;
    }
    return exchange.content().started() ? Progress.CONTENT_CONSUMED : Progress.HEAD_SENT;
  }

  private void finish(Outcome outcome, boolean reusable) {
    finished = true;
    timeouts.cancel();
    if (requestBegun && !answered) {
      // Lines of a head that was not read to its end, or that nobody will see.
      fields().clear();
    }
    lease.release(outcome);
    loop.attempted(target().key().upstream(), outcome);
    if (connection != null) {
      connection.release(reusable);
    }
  }
}
