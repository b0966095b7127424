package io.sentinelgateway.listener;

import io.sentinelgateway.exchange.Body;
import io.sentinelgateway.exchange.Exchange;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.streams.ReadStream;

/**
 * Passes streamed content on to the client, with back-pressure. Confined to one event loop.
 *
 * <p>The head waits for the first chunk, so that a small answer is one write; but only until this
 * turn of the event loop is over, because a stream of events may be silent for long after its head.
 */
final class ContentWriter {

  private final Exchange exchange;
  private final ServerExchange owner;
  private final Body.Source source;
  private final ReadStream<Buffer> stream;
  private final HttpServerResponse out;
  private final long length;
  private long written;
  private boolean complete;

  ContentWriter(Exchange exchange, ServerExchange owner, Body.Source source) {
    this.exchange = exchange;
    this.owner = owner;
    this.source = source;
    this.stream = source.stream();
    this.out = exchange.request().response();
    this.length = source.length();
  }

  void begin() {
    if (length < 0) {
      if (exchange.request().version() == HttpVersion.HTTP_1_1) {
        out.setChunked(true);
      } else {
        // RFC 9112 section 6.3: an HTTP/1.0 client knows the end by the close.
        owner.closeAfter();
      }
    }
    owner.streams(source);
    stream.exceptionHandler(this::failed);
    stream.endHandler(v -> ended());
    stream.handler(this::chunk);
    exchange.loop().vertx().runOnContext(v -> writeHead());
  }

  private void writeHead() {
    if (!complete && !out.headWritten() && !out.closed()) {
      headWritten();
      if (length >= 0 || out.isChunked()) {
        out.writeHead();
      }
    }
  }

  private void headWritten() {
    if (exchange.record().headNanos == 0) {
      exchange.record().headNanos = exchange.loop().nanoTime();
    }
  }

  private void chunk(Buffer chunk) {
    if (complete) {
      return;
    }
    headWritten();
    written += chunk.length();
    if (written == length) {
      complete = true;
      out.end(chunk);
      owner.end();
      return;
    }
    out.write(chunk);
    if (out.writeQueueFull()) {
      stream.pause();
      out.drainHandler(v -> stream.resume());
    }
  }

  private void ended() {
    if (!complete) {
      complete = true;
      headWritten();
      MultiMap trailers = source.trailers();
      if (!trailers.isEmpty() && out.isChunked()) {
        out.trailers().addAll(trailers);
      }
      out.end();
      owner.end();
    }
  }

  private void failed(Throwable t) {
    if (!complete) {
      complete = true;
      owner.broken(t);
    }
  }
}
