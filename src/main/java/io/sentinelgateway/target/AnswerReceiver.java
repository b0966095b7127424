package io.sentinelgateway.target;

import io.netty.buffer.ByteBuf;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;

/**
 * Gets what an origin server answers: any number of interim answers, then a head, content and an
 * end, or a failure at any point. Called on the event loop of the connection, in {@link #context}.
 */
public interface AnswerReceiver {

  /** Where it wants to be called. */
  Context context();

  /** Where the field lines of the final head are put as they are read; empty. */
  MultiMap fields();

  /** An interim answer (RFC 9110 section 15.2) that may mean something: 100 or 103. */
  void interim(int status, MultiMap fields);

  /**
   * The final head; its field lines are in {@link #fields}, those of one connection among them.
   *
   * @param length bytes of content that follow, whatever the fields say; 0 for none, -1 when the
   *     end shows itself
   */
  void head(int status, long length);

  /** Some content; the receiver releases it. */
  void content(ByteBuf chunk);

  /** All that has arrived was handed out; more may come. Only between head and end. */
  void quiet();

  /** The answer is complete. */
  void end(MultiMap trailers);

  /** The origin takes content of the request again. */
  void writable();

  /** There will be no (more) answer. Nothing is called after it. */
  void failed(Throwable cause);
}
