package io.sentinelgateway.exchange;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * The content of a request, while it arrives. Paused until somebody reads it; read at most once.
 * Confined to the event loop of the request. Every chunk counts against the listener's {@code
 * content-bytes}; exceeding it fails the stream with CONTENT_TOO_LARGE.
 */
public interface RequestBody {

  /** False when the request has no content: then no event will ever come. */
  boolean present();

  /** The Content-Length; -1 for chunked content. 0 without content. */
  long length();

  /** True once a chunk was handed out: the request cannot be sent a second time. */
  boolean started();

  /** Begins reading. {@code failed} gets a {@code ProxyException}; nothing comes after it. */
  void read(Handler<Buffer> chunk, Handler<Void> ended, Handler<Throwable> failed);

  void pause();

  void resume();

  /** Reads and drops what is left, within bounds, or closes the connection. */
  void discard();

  /** The answer to {@code Expect: 100-continue}, when the origin wants the content. */
  void sendContinue();

  /** The trailer section; {@code null} when the protocol layer does not give it. */
  default io.vertx.core.@Nullable MultiMap trailers() {
    return null;
  }
}
