package io.sentinelgateway.filter;

import io.sentinelgateway.exchange.Body.Bytes;
import io.sentinelgateway.exchange.Body.FilePart;
import io.sentinelgateway.exchange.Body.Source;
import io.sentinelgateway.exchange.Exchange;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.streams.ReadStream;
import io.vertx.httpproxy.Body;
import org.jspecify.annotations.Nullable;

/**
 * The content a handler answered with, as an interceptor sees it. As long as nobody takes its
 * stream, the content itself goes on: a file is still sent by the kernel. Confined to one loop.
 */
final class AnswerContent implements Body {

  private final Exchange exchange;
  private final io.sentinelgateway.exchange.Body content;
  private @Nullable ReadStream<Buffer> stream;

  AnswerContent(Exchange exchange) {
    this.exchange = exchange;
    this.content = exchange.response().body();
  }

  @Override
  public @Nullable String mediaType() {
    return exchange.response().fields().get(HttpHeaders.CONTENT_TYPE);
  }

  @Override
  public long length() {
    if (content instanceof Source source) {
      return source.length();
    }
    if (content instanceof FilePart file) {
      return file.length();
    }
    return content instanceof Bytes bytes ? bytes.bytes().length() : 0;
  }

  @Override
  public ReadStream<Buffer> stream() {
    if (stream == null) {
      stream = open();
    }
    return stream;
  }

  private ReadStream<Buffer> open() {
    if (content instanceof Source source) {
      return source.stream();
    }
    if (content instanceof FilePart file) {
      return new FileStream(exchange.loop().vertx(), file);
    }
    Buffer bytes = content instanceof Bytes given ? given.bytes() : Buffer.buffer();
    return Body.body(bytes).stream().pause();
  }

  void cancelUnlessTaken() {
    if (stream == null) {
      cancel();
    }
  }

  void cancel() {
    if (content instanceof Source source) {
      source.cancel();
    } else if (stream instanceof FileStream file) {
      file.close();
    }
  }
}
