package io.sentinelgateway.forward;

import io.sentinelgateway.exchange.Body;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.streams.ReadStream;
import org.jspecify.annotations.Nullable;

/** The content of an origin's answer on its way to the client. Confined to one event loop. */
final class OriginBody implements Body.Source, ReadStream<Buffer> {

  private final HttpClientResponse response;
  private final Runnable cancel;
  private final long length;
  private @Nullable Handler<Buffer> chunkHandler;
  private @Nullable Handler<Void> endHandler;
  private @Nullable Handler<Throwable> exceptionHandler;
  private @Nullable Throwable failure;
  private long activeNanos;
  private boolean paused;

  OriginBody(HttpClientResponse response, Runnable cancel) {
    this.response = response;
    this.cancel = cancel;
    this.length = length(response.headers().get(HttpHeaders.CONTENT_LENGTH));
  }

  private static long length(@Nullable String field) {
    // The decoder has refused everything but digits.
    return field == null ? -1 : Long.parseLong(field);
  }

  void chunk(Buffer chunk, long nowNanos) {
    activeNanos = nowNanos;
    if (chunkHandler != null) {
      chunkHandler.handle(chunk);
    }
  }

  void end() {
    if (endHandler != null) {
      endHandler.handle(null);
    }
  }

  void fail(Throwable t) {
    failure = t;
    if (exceptionHandler != null) {
      exceptionHandler.handle(t);
    }
  }

  /** A filter may take its time before anybody reads; what arrives meanwhile must not be lost. */
  void pauseUntilRead() {
    if (chunkHandler == null) {
      pause();
    }
  }

  void touch(long nowNanos) {
    activeNanos = nowNanos;
  }

  long activeNanos() {
    return activeNanos;
  }

  boolean paused() {
    return paused;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public ReadStream<Buffer> stream() {
    return this;
  }

  @Override
  public MultiMap trailers() {
    return ResponseFields.endToEnd(response.trailers());
  }

  @Override
  public void cancel() {
    cancel.run();
  }

  @Override
  public OriginBody handler(@Nullable Handler<Buffer> handler) {
    chunkHandler = handler;
    if (handler != null && paused) {
      resume();
    }
    return this;
  }

  @Override
  public OriginBody endHandler(@Nullable Handler<Void> handler) {
    endHandler = handler;
    return this;
  }

  @Override
  public OriginBody exceptionHandler(@Nullable Handler<Throwable> handler) {
    exceptionHandler = handler;
    if (handler != null && failure != null) {
      handler.handle(failure);
    }
    return this;
  }

  @Override
  public OriginBody pause() {
    paused = true;
    response.pause();
    return this;
  }

  @Override
  public OriginBody resume() {
    paused = false;
    response.resume();
    return this;
  }

  @Override
  public OriginBody fetch(long amount) {
    paused = false;
    response.fetch(amount);
    return this;
  }
}
