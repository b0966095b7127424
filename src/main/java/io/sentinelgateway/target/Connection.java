package io.sentinelgateway.target;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelInboundHandler;
import io.vertx.core.MultiMap;
import org.jspecify.annotations.Nullable;

/**
 * A connection to an origin server while one attempt owns it: one request goes out, one answer
 * comes back. Confined to its event loop.
 *
 * <p>A request is {@link #begin}, any number of {@link #field}, {@link #endHead}, its content, and
 * {@link #end}. Nothing is sent before {@link #flush} or {@link #end}, so that a small request is
 * one write.
 */
public interface Connection {

  /** True when it has carried a request before: its peer may have closed it meanwhile. */
  boolean reused();

  /**
   * Begins a request.
   *
   * @param method a token
   * @param target the request target, without space or control
   * @param receiver gets the answer
   */
  void begin(String method, String target, AnswerReceiver receiver);

  /** Adds a field line; name and value must be valid, and neither may frame the content. */
  void field(CharSequence name, CharSequence value);

  /**
   * Ends the head.
   *
   * @param length bytes of content that follow; 0 for none, -1 when nobody knows yet
   */
  void endHead(long length);

  /** Adds content; the buffer is released. */
  void content(ByteBuf chunk);

  /** Ends the request, with these trailer fields if its length was not known. */
  void end(@Nullable MultiMap trailers);

  /** Sends what is held back. */
  void flush();

  /** False while the origin takes no more; {@link AnswerReceiver#writable} tells when it does. */
  boolean writable();

  /** Stops reading the answer; what has arrived already may still be handed out. */
  void pause();

  /** Goes on reading the answer. */
  void resume();

  /**
   * Puts this handler in charge of all bytes that come behind the answer's head of 101, for as long
   * as the connection is open; the caller writes to its channel. It must be closed when it is
   * released.
   */
  void handOver(ChannelInboundHandler next);

  /**
   * Gives the connection back, for the next request if that is possible and wanted; else it is
   * closed. Only the first call counts.
   */
  void release(boolean reusable);
}
