package io.sentinelgateway.health;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import io.vertx.ext.web.codec.spi.BodyStream;
import org.jspecify.annotations.Nullable;

/** Keeps the content of an answer, unless it is too large. Confined to one context. */
final class BoundedContent implements BodyStream<Buffer> {

  private final int limit;
  private final Buffer content = Buffer.buffer();
  private final Promise<Buffer> whole = Promise.promise();

  BoundedContent(int limit) {
    this.limit = limit;
  }

  @Override
  public Future<Void> write(Buffer chunk) {
    if (content.length() + chunk.length() > limit) {
      FailedCheckException tooLarge = new FailedCheckException("content over " + limit + " bytes");
      whole.tryFail(tooLarge);
      return Future.failedFuture(tooLarge);
    }
    content.appendBuffer(chunk);
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> end() {
    whole.tryComplete(content);
    return Future.succeededFuture();
  }

  @Override
  public Future<Buffer> result() {
    return whole.future();
  }

  /** The answer broke off. */
  @Override
  public void handle(Throwable failure) {
    whole.tryFail(failure);
  }

  @Override
  public WriteStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> handler) {
    return this;
  }

  @Override
  public WriteStream<Buffer> setWriteQueueMaxSize(int size) {
    return this;
  }

  @Override
  public boolean writeQueueFull() {
    return false;
  }

  @Override
  public WriteStream<Buffer> drainHandler(@Nullable Handler<Void> handler) {
    return this;
  }
}
