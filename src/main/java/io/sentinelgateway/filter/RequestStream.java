package io.sentinelgateway.filter;

import io.sentinelgateway.exchange.RequestBody;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import org.jspecify.annotations.Nullable;

/**
 * The content of a request as a stream, for interceptors that read it. Begins paused; the first
 * demand begins the reading. Confined to one event loop.
 */
final class RequestStream implements ReadStream<Buffer> {

  private final RequestBody content;
  private @Nullable Handler<Buffer> handler;
  private @Nullable Handler<Void> endHandler;
  private @Nullable Handler<Throwable> exceptionHandler;
  private long demand;
  private boolean reading;

  RequestStream(RequestBody content) {
    this.content = content;
  }

  @Override
  public RequestStream handler(@Nullable Handler<Buffer> chunk) {
    handler = chunk;
    return this;
  }

  @Override
  public RequestStream endHandler(@Nullable Handler<Void> end) {
    endHandler = end;
    return this;
  }

  @Override
  public RequestStream exceptionHandler(@Nullable Handler<Throwable> failure) {
    exceptionHandler = failure;
    return this;
  }

  @Override
  public RequestStream pause() {
    demand = 0;
    if (reading) {
      content.pause();
    }
    return this;
  }

  @Override
  public RequestStream resume() {
    return fetch(Long.MAX_VALUE);
  }

  @Override
  public RequestStream fetch(long amount) {
    demand = demand + amount < 0 ? Long.MAX_VALUE : demand + amount;
    if (reading) {
      content.resume();
    } else {
      reading = true;
      // A client that waits for 100 would wait for ever: nobody else asks for the content now.
      content.sendContinue();
      content.read(this::chunk, this::end, this::failed);
    }
    return this;
  }

  private void chunk(Buffer bytes) {
    if (demand != Long.MAX_VALUE && --demand == 0) {
      content.pause();
    }
    if (handler != null) {
      handler.handle(bytes);
    }
  }

  private void end(Void nothing) {
    if (endHandler != null) {
      endHandler.handle(null);
    }
  }

  private void failed(Throwable cause) {
    if (exceptionHandler != null) {
      exceptionHandler.handle(cause);
    }
  }
}
