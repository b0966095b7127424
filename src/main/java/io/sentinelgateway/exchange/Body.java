package io.sentinelgateway.exchange;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;

/** The content of an answer. A stream is consumed at most once, on the exchange's event loop. */
public sealed interface Body {

  Body NONE = new None();

  /** No content. */
  record None() implements Body {}

  /** Content that is there already. */
  record Bytes(Buffer bytes) implements Body {}

  /**
   * A part of a file.
   *
   * @param path an existing regular file
   * @param offset first byte
   * @param length number of bytes
   */
  record FilePart(String path, long offset, long length) implements Body {}

  /** Content that arrives, with back-pressure. The stream is paused until it is read. */
  non-sealed interface Source extends Body {

    /** Number of bytes; -1 when it is not known in advance. */
    long length();

    ReadStream<Buffer> stream();

    /** Trailer section; complete when the stream has ended. */
    MultiMap trailers();

    /** Gives the content up: nobody will read it. Idempotent. */
    void cancel();
  }
}
