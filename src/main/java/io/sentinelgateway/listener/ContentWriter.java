package io.sentinelgateway.listener;

import io.netty.buffer.ByteBuf;
import io.sentinelgateway.exchange.Body;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.wire.Wire;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;

/**
 * Passes streamed content on to the client, with back-pressure. Confined to one event loop.
 *
 * <p>The head waits for the first chunk, so that a small answer is one write; but only until
 * nothing more is there at the moment, because a stream of events may be silent for long after its
 * head.
 *
 * <p>A chunk is not copied: the very bytes that were read are written, and released when the socket
 * has taken them.
 */
final class ContentWriter implements Body.Receiver {

  private final Exchange exchange;
  private final ServerExchange owner;
  private final Body.Source source;
  private final HttpServerResponse out;
  private final long length;
  private long written;
  private boolean complete;

  ContentWriter(Exchange exchange, ServerExchange owner, Body.Source source) {
    this.exchange = exchange;
    this.owner = owner;
    this.source = source;
    this.out = exchange.request().response();
    this.length = source.length();
  }

  void begin() {
    if (length < 0) {
      if (exchange.request().version() != HttpVersion.HTTP_1_0) {
        out.setChunked(true);
      } else {
        // RFC 9112 section 6.3: an HTTP/1.0 client knows the end by the close.
        owner.closeAfter();
      }
    }
    owner.streams(source);
    source.read(this);
  }

  @Override
  public void quiet() {
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

  @Override
  public void chunk(ByteBuf chunk) {
    if (complete) {
      chunk.release();
      return;
    }
    headWritten();
    written += chunk.readableBytes();
    complete = written == length;
    Future<Void> taken = send(chunk);
    if (complete) {
      owner.endWith(taken);
    } else if (out.writeQueueFull()) {
      source.pause();
      out.drainHandler(v -> source.resume());
    }
  }

  private Future<Void> send(ByteBuf chunk) {
    Future<Void> taken;
    try {
      Buffer bytes = Wire.buffer(chunk);
      taken = complete ? out.end(bytes) : out.write(bytes);
    } catch (RuntimeException e) {
      chunk.release();
      throw e;
    }
    return taken.onComplete(done -> chunk.release());
  }

  @Override
  public void ended(MultiMap trailers) {
    if (!complete) {
      complete = true;
      headWritten();
      if (!trailers.isEmpty() && out.isChunked()) {
        out.trailers().addAll(trailers);
      }
      owner.endWith(out.end());
    }
  }

  @Override
  public void failed(Throwable t) {
    if (!complete) {
      complete = true;
      owner.broken(t);
    }
  }
}
