package io.sentinelgateway.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelInboundHandler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.function.Consumer;

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

  /** Content that arrives, with back-pressure. Whatever comes before it is consumed is kept. */
  non-sealed interface Source extends Body {

    /** Number of bytes; -1 when it is not known in advance. */
    long length();

    /** Consumes it as it comes, without copies. */
    void read(Receiver receiver);

    /** Asks for a break: nothing more is handed out before {@link #resume}. */
    void pause();

    /** Ends a break. */
    void resume();

    /** Consumes it in the library's way: paused, and each chunk is a copy that may be kept. */
    default ReadStream<Buffer> stream() {
      return new BodyStream(this);
    }

    /** Gives the content up: nobody will read it. Idempotent. */
    void cancel();
  }

  /**
   * No content: behind a head of 101 the connection speaks another protocol (RFC 9110 section 7.8).
   */
  non-sealed interface Switch extends Body {

    /**
     * Joins the two connections.
     *
     * @param client puts a handler in charge of the bytes of the client's connection
     * @param ended told once, when both connections are closed
     */
    void open(Consumer<ChannelInboundHandler> client, Ended ended);

    /** Ends it; nothing of what is under way is waited for. Idempotent. */
    void close(TunnelEnd reason);

    /** Ends it as politely as its protocol allows. Idempotent. */
    void drain();

    /** Hears of the end. */
    @FunctionalInterface
    interface Ended {

      /**
       * @param toOrigin bytes that came from the client
       * @param toClient bytes that came from the origin server
       */
      void ended(TunnelEnd reason, long toOrigin, long toClient);
    }
  }

  /** Gets content: chunks, then an end or a failure. */
  interface Receiver {

    /** Some content; the receiver releases it. */
    void chunk(ByteBuf chunk);

    /** There is nothing more at this moment. May be told at any time before the end. */
    void quiet();

    /** All content has come; with its trailer section, which may be empty. */
    void ended(MultiMap trailers);

    /** The rest will not come. */
    void failed(Throwable cause);
  }
}
