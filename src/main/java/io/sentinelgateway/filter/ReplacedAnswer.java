package io.sentinelgateway.filter;

import io.sentinelgateway.exchange.Body.Source;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import io.vertx.httpproxy.Body;

/** Content that an interceptor put in place of the handler's. Confined to one event loop. */
final class ReplacedAnswer implements Source {

  private final long length;
  private final ReadStream<Buffer> stream;
  private final AnswerContent original;
  private final MultiMap trailers = MultiMap.caseInsensitiveMultiMap();

  ReplacedAnswer(Body body, AnswerContent original) {
    this.length = body.length();
    this.stream = body.stream().pause();
    this.original = original;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public ReadStream<Buffer> stream() {
    return stream;
  }

  /** None: those of the origin belong to the content that is gone. */
  @Override
  public MultiMap trailers() {
    return trailers;
  }

  @Override
  public void cancel() {
    original.cancel();
  }
}
