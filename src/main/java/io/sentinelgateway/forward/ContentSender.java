package io.sentinelgateway.forward;

import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.RequestBody;
import io.sentinelgateway.wire.Wire;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import org.jspecify.annotations.Nullable;

/**
 * Passes a request's content on, chunk by chunk, with back-pressure. Confined to one event loop.
 *
 * <p>The head waits for the first chunk, so that a small request is one write; but only until this
 * turn of the event loop is over: a client may want to see its head answered before it sends
 * content.
 */
final class ContentSender {

  private final Exchange exchange;
  private final RequestBody content;
  private final HttpClientRequest request;
  private final Runnable sent;
  private final Handler<Throwable> failed;
  private final Handler<Boolean> blocked;
  private long received;
  private boolean headWritten;
  private boolean complete;

  /**
   * @param blocked told true when the origin takes no more, false when it does again
   */
  ContentSender(
      Exchange exchange,
      HttpClientRequest request,
      Runnable sent,
      Handler<Throwable> failed,
      Handler<Boolean> blocked) {
    this.exchange = exchange;
    this.content = exchange.content();
    this.request = request;
    this.sent = sent;
    this.failed = failed;
    this.blocked = blocked;
  }

  void begin() {
    if (content.length() < 0) {
      request.setChunked(true);
    }
    if (exchange.head().fields().contains("expect")) {
      request.continueHandler(v -> content.sendContinue());
      writeHead();
    } else {
      exchange.loop().vertx().runOnContext(v -> writeHead());
    }
    content.read(this::chunk, v -> ended(), this::contentFailed);
  }

  private void writeHead() {
    if (!headWritten) {
      headWritten = true;
      request.writeHead();
    }
  }

  private void chunk(Buffer chunk) {
    if (complete) {
      return;
    }
    headWritten = true;
    received += chunk.length();
    if (received == content.length()) {
      complete = true;
      request.end(chunk);
      sent.run();
    } else {
      request.write(chunk);
      if (request.writeQueueFull()) {
        content.pause();
        blocked.handle(true);
        request.drainHandler(v -> drained());
      }
    }
  }

  private void drained() {
    blocked.handle(false);
    content.resume();
  }

  private void ended() {
    if (!complete) {
      complete = true;
      endWithTrailers(content.trailers());
      headWritten = true;
      request.end();
      sent.run();
    }
  }

  private void endWithTrailers(@Nullable MultiMap trailers) {
    if (trailers != null) {
      MultiMap endToEnd = ResponseFields.endToEnd(trailers);
      // Content that is empty would end with the head.
      writeHead();
      Wire.endWith(request.connection(), endToEnd);
    }
  }

  private void contentFailed(Throwable t) {
    complete = true;
    headWritten = true;
    failed.handle(t);
  }
}
