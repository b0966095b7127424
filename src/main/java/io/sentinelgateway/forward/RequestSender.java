package io.sentinelgateway.forward;

import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.RequestBody;
import io.sentinelgateway.forward.RetryRule.Progress;
import io.sentinelgateway.target.AnswerReceiver;
import io.sentinelgateway.target.Connection;
import io.sentinelgateway.wire.Wire;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Sends one attempt's request: the head, then the content chunk by chunk, with back-pressure.
 * Confined to one event loop.
 *
 * <p>The head waits for the first chunk, so that a small request is one write; but only until this
 * turn of the event loop is over: a client may want to see its head answered before it sends
 * content.
 */
final class RequestSender {

  private final Attempt attempt;
  private final Exchange exchange;
  private final RequestBody content;
  private final Connection connection;
  private long received;
  private boolean complete;
  private boolean stopped;

  RequestSender(Attempt attempt, Exchange exchange, Connection connection) {
    this.attempt = attempt;
    this.exchange = exchange;
    this.content = exchange.content();
    this.connection = connection;
  }

  void begin(AnswerReceiver answer) {
    RequestFields.write(exchange, attempt.target(), connection, answer, exchange.upgrade());
    if (!content.present()) {
      connection.endHead(0);
      end(null);
      return;
    }
    connection.endHead(content.length());
    if (exchange.head().fields().contains("expect")) {
      connection.flush();
    } else {
      exchange.loop().vertx().runOnContext(v -> sendHead());
    }
    content.read(this::chunk, v -> ended(), this::failed);
  }

  private void sendHead() {
    if (!over() && received == 0) {
      connection.flush();
    }
  }

  private void chunk(Buffer chunk) {
    if (over()) {
      return;
    }
    received += chunk.length();
    connection.content(Wire.bytes(chunk));
    if (received == content.length()) {
      end(null);
    } else {
      connection.flush();
      if (!connection.writable()) {
        content.pause();
        attempt.awaitHead();
      }
    }
  }

  /** The origin takes more. */
  void writable() {
    if (!over()) {
      content.resume();
    }
  }

  private void ended() {
    if (!over()) {
      MultiMap trailers = content.trailers();
      end(trailers == null ? null : ResponseFields.endToEnd(trailers));
    }
  }

  private void end(@Nullable MultiMap trailers) {
    complete = true;
    connection.end(trailers);
    attempt.sent();
  }

  private void failed(Throwable t) {
    if (!over()) {
      stopped = true;
      attempt.abort(ProxyError.from(t));
    }
  }

  private boolean over() {
    return complete || stopped;
  }

  /** Nothing more is sent: the attempt is over. */
  void stop() {
    stopped = true;
  }

  /** True when the last byte of the request was handed to the connection. */
  boolean complete() {
    return complete;
  }

  Progress progress() {
    return content.started() ? Progress.CONTENT_CONSUMED : Progress.HEAD_SENT;
  }
}
