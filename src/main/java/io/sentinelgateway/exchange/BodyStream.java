package io.sentinelgateway.exchange;

import io.netty.buffer.ByteBuf;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import org.jspecify.annotations.Nullable;

/**
 * The content of an answer as a stream of the library, for interceptors: they may keep what they
 * get, so each chunk is copied. Begins paused. Confined to one event loop.
 */
final class BodyStream implements ReadStream<Buffer>, Body.Receiver {

  private final Body.Source source;
  private @Nullable Handler<Buffer> handler;
  private @Nullable Handler<Void> endHandler;
  private @Nullable Handler<Throwable> exceptionHandler;
  private @Nullable Throwable failure;
  private long demand;
  private boolean reading;

  BodyStream(Body.Source source) {
    this.source = source;
  }

  @Override
  public BodyStream handler(@Nullable Handler<Buffer> chunk) {
    handler = chunk;
    return this;
  }

  @Override
  public BodyStream endHandler(@Nullable Handler<Void> end) {
    endHandler = end;
    return this;
  }

  @Override
  public BodyStream exceptionHandler(@Nullable Handler<Throwable> failed) {
    exceptionHandler = failed;
    if (failed != null && failure != null) {
      failed.handle(failure);
    }
    return this;
  }

  @Override
  public BodyStream pause() {
    demand = 0;
    source.pause();
    return this;
  }

  @Override
  public BodyStream resume() {
    return fetch(Long.MAX_VALUE);
  }

  @Override
  public BodyStream fetch(long amount) {
    demand = demand + amount < 0 ? Long.MAX_VALUE : demand + amount;
    if (!reading) {
      reading = true;
      source.read(this);
    }
    source.resume();
    return this;
  }

  @Override
  public void chunk(ByteBuf chunk) {
    byte[] bytes = new byte[chunk.readableBytes()];
    chunk.readBytes(bytes);
    chunk.release();
    if (demand != Long.MAX_VALUE && --demand == 0) {
      source.pause();
    }
    if (handler != null) {
      handler.handle(Buffer.buffer(bytes));
    }
  }

  @Override
  public void quiet() {
    // A stream of the library does not know the moment.
  }

  @Override
  public void ended(MultiMap trailers) {
    if (endHandler != null) {
      endHandler.handle(null);
    }
  }

  @Override
  public void failed(Throwable cause) {
    failure = cause;
    if (exceptionHandler != null) {
      exceptionHandler.handle(cause);
    }
  }
}
