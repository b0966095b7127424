package io.sentinelgateway.forward;

import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.exchange.Client;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.ExchangeRecord;
import io.sentinelgateway.exchange.Loop;
import io.sentinelgateway.forward.RetryRule.Progress;
import io.sentinelgateway.target.ClientAddresses;
import io.sentinelgateway.target.Connection;
import io.sentinelgateway.target.Connections;
import io.sentinelgateway.target.Lease;
import io.sentinelgateway.target.Outcome;
import io.sentinelgateway.target.Target;
import io.vertx.core.MultiMap;
import org.jspecify.annotations.Nullable;

/**
 * One try at one target: a connection, the request, the answer to its last byte. Whatever happens,
 * lease and connection go back exactly once, in {@link #finish}. Confined to one event loop.
 */
final class Attempt implements Connections.Waiter {

  private final Forwarding forwarding;
  private final Exchange exchange;
  private final Loop loop;
  private final Lease lease;
  private final AnswerRelay answer;
  private final AnswerTimeouts timeouts;
  private @Nullable Connection connection;
  private @Nullable RequestSender sender;
  private long connectedNanos;
  private long sentNanos;
  private int answeredStatus;
  private boolean answered;
  private boolean finished;

  /**
   * @param fields where the field lines of the answer's head are put; empty
   */
  Attempt(Forwarding forwarding, Exchange exchange, Lease lease, MultiMap fields) {
    this.forwarding = forwarding;
    this.exchange = exchange;
    this.loop = exchange.loop();
    this.lease = lease;
    this.answer = new AnswerRelay(this, exchange, fields);
    this.timeouts = new AnswerTimeouts(this, loop, target().settings().timeouts());
  }

  Target target() {
    return lease.target();
  }

  /** Field lines of the answer's head. */
  MultiMap fields() {
    return answer.fields();
  }

  // The request.

  /**
   * @param renewed true when a pooled connection to this target has just turned out to be dead
   */
  void begin(boolean renewed) {
    timeouts.begin(forwarding.handler().retries().attemptTimeout());
    if (renewed) {
      loop.connections().renew(target(), this);
    } else {
      loop.connections().acquire(target(), this);
    }
  }

  @Override
  public @Nullable ClientAddresses client() {
    Client client = exchange.client();
    return ClientAddresses.of(client.peer(), client.peerPort(), exchange.request().localAddress());
  }

  @Override
  public void acquired(Connection acquired) {
    if (finished) {
      acquired.release(true);
      return;
    }
    connection = acquired;
    connectedNanos = loop.nanoTime();
    RequestSender request = new RequestSender(this, exchange, acquired);
    sender = request;
    try {
      request.begin(answer);
    } catch (RuntimeException bug) {
      // Whoever holds a connection must give it back, or it is lost to the pool.
      if (!finished) {
        note();
        finish(Outcome.IGNORED, false);
        forwarding.fail(ProxyError.from(bug).toException(bug));
      }
    }
  }

  @Override
  public void refused(Throwable cause) {
    fail(OriginFailures.error(cause, target().name()));
  }

  @Override
  public void moved() {
    if (!finished) {
      finish(Outcome.IGNORED, false);
      forwarding.moved(this);
    }
  }

  /** The last byte of the request was handed to the connection. */
  void sent() {
    sentNanos = loop.nanoTime();
    if (answered) {
      exchange.record().sentNanos = sentNanos;
    }
    awaitHead();
  }

  /** It is the origin's turn: to answer, or to take more of the request. */
  void awaitHead() {
    if (!answered && !finished) {
      timeouts.awaitHead();
    }
  }

  /** The origin takes content of the request again. */
  void writable() {
    RequestSender blocked = sender;
    if (blocked != null && !blocked.complete()) {
      if (!answered) {
        timeouts.cancel();
      }
      blocked.writable();
    }
  }

  Progress progress() {
    return sender == null ? Progress.NOTHING_SENT : sender.progress();
  }

  private boolean requestSent() {
    return sender != null && sender.complete();
  }

  // The answer.

  /** The final head has come, so there is a connection. */
  void headCame(int status, long length) {
    Connection from = connection;
    if (finished || from == null) {
      return;
    }
    timeouts.headCame();
    answeredStatus = status;
    lease.answered(loop.nanoTime());
    lease.told(answer.fields());
    if (forwarding.replaces(this, status)) {
      note();
      boolean whole = requestSent();
      settle(Outcome.of(status));
      if (whole) {
        answer.discard(from, length);
      } else {
        from.release(false);
      }
      forwarding.replace(this);
    } else {
      answered = true;
      note();
      answer.pass(from, status, length);
      forwarding.answered(this, exchange.response());
    }
  }

  /** The origin server changes to the protocol that was asked for. */
  void switched() {
    Connection from = connection;
    if (finished || from == null) {
      return;
    }
    timeouts.headCame();
    answeredStatus = 101;
    answered = true;
    lease.answered(loop.nanoTime());
    lease.settle(Outcome.SUCCESS, loop.nanoTime());
    note();
    forwarding.switched();
    answer.passTunnel(from, forwarding.handler().upgrades());
    forwarding.answered(this, exchange.response());
  }

  /** Both connections of the tunnel are closed, or the client's never became part of it. */
  void tunnelEnded() {
    if (!finished) {
      finish(Outcome.SUCCESS, false);
      forwarding.end();
    }
  }

  /** All that arrived of the content was handed out, and more must come. */
  void awaitContent(OriginBody content) {
    if (!finished) {
      timeouts.awaitContent(content);
    }
  }

  void answerComplete() {
    finish(Outcome.of(answeredStatus), requestSent());
    forwarding.end();
  }

  // Failures.

  void timedOut(Cause cause) {
    fail(ProxyError.of(cause, target().name()));
  }

  /** The target did not do its part. */
  void fail(ProxyError error) {
    if (finished) {
      return;
    }
    Progress reached = progress();
    boolean reused = connection != null && connection.reused();
    end(error, OriginFailures.blames(error) ? Outcome.FAILURE : Outcome.IGNORED);
    if (!answered) {
      forwarding.failed(this, error, reached, reused);
    }
  }

  /** Ends the attempt for a reason that is not the target's; no other follows. */
  void abort(ProxyError error) {
    if (finished) {
      return;
    }
    boolean late = error.cause() == Cause.DEADLINE_EXCEEDED && requestSent();
    end(error, late ? Outcome.FAILURE : Outcome.IGNORED);
    if (!answered) {
      forwarding.fail(error.toException());
    }
  }

  private void end(ProxyError error, Outcome outcome) {
    if (!answered) {
      note();
      finish(outcome, false);
      return;
    }
    finish(outcome, false);
    forwarding.end();
    answer.breakOff(error);
  }

  /** Another attempt of the same exchange was faster. */
  void lose() {
    if (!finished) {
      finish(Outcome.IGNORED, false);
    }
  }

  private void finish(Outcome outcome, boolean reusable) {
    settle(outcome);
    if (connection == null) {
      loop.connections().withdraw(target(), this);
    } else {
      connection.release(reusable);
    }
  }

  /** Gives everything back but the connection. */
  private void settle(Outcome outcome) {
    finished = true;
    timeouts.headCame();
    if (sender != null) {
      sender.stop();
      if (!answered) {
        // Lines of a head that was not read to its end, or that nobody will see.
        fields().clear();
      }
    }
    lease.release(outcome, loop.nanoTime());
    loop.attempted(target().key().upstream(), outcome);
  }

  /** What the log shows is the last attempt's, or that of the one that was answered. */
  private void note() {
    ExchangeRecord record = exchange.record();
    record.target = target().name();
    record.connectedNanos = connectedNanos;
    record.sentNanos = sentNanos;
    record.answeredNanos = answered ? loop.nanoTime() : 0;
  }
}
