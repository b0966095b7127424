package io.sentinelgateway.filter;

import io.netty.buffer.Unpooled;
import io.sentinelgateway.exchange.Body.Receiver;
import io.sentinelgateway.exchange.Body.Source;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.streams.ReadStream;
import io.vertx.httpproxy.Body;

/** Content that an interceptor put in place of the handler's. Confined to one event loop. */
final class ReplacedAnswer implements Source {

  private final Vertx vertx;
  private final long length;
  private final ReadStream<Buffer> stream;
  private final AnswerContent original;

  ReplacedAnswer(Vertx vertx, Body body, AnswerContent original) {
    this.vertx = vertx;
    this.length = body.length();
    this.stream = body.stream().pause();
    this.original = original;
  }

  @Override
  public long length() {
    return length;
  }

  /** Without trailers: those of the origin belong to the content that is gone. */
  @Override
  public void read(Receiver receiver) {
    stream.exceptionHandler(receiver::failed);
    stream.endHandler(end -> receiver.ended(HttpHeaders.headers()));
    stream.handler(chunk -> receiver.chunk(Unpooled.wrappedBuffer(chunk.getBytes())));
    vertx.runOnContext(turn -> receiver.quiet());
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

  /** What is put in place of it again may take it as it is. */
  @Override
  public ReadStream<Buffer> stream() {
    return stream;
  }

  @Override
  public void cancel() {
    original.cancel();
  }
}
