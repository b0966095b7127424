package io.sentinelgateway.filter;

import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.exchange.RequestBody;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import io.vertx.httpproxy.Body;

/** Content that an interceptor put in place of the client's. Confined to one event loop. */
final class ReplacedContent implements RequestBody {

  private final long length;
  private final ReadStream<Buffer> stream;
  private final RequestBody original;
  private boolean started;

  ReplacedContent(Body body, RequestBody original) {
    this.length = body.length();
    this.stream = body.stream().pause();
    this.original = original;
  }

  @Override
  public boolean present() {
    return length != 0;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public boolean started() {
    return started;
  }

  @Override
  public void read(Handler<Buffer> chunk, Handler<Void> ended, Handler<Throwable> failed) {
    started = true;
    stream.exceptionHandler(t -> failed.handle(ProxyError.from(t).toException(t)));
    stream.endHandler(ended);
    stream.handler(chunk);
    stream.resume();
  }

  @Override
  public void pause() {
    stream.pause();
  }

  @Override
  public void resume() {
    stream.resume();
  }

  /** What the client still sends is dropped; the replacement needs nothing. */
  @Override
  public void discard() {
    original.discard();
  }

  @Override
  public void sendContinue() {
    original.sendContinue();
  }
}
