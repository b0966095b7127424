package io.sentinelgateway.streams;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInboundHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.sentinelgateway.target.AnswerReceiver;
import io.sentinelgateway.target.Connection;
import io.vertx.core.MultiMap;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer on a stream. Confined to the connection's event loop.
 *
 * <p>It counts for its session until whoever leased it has released it and the stream is closed,
 * whichever comes last.
 */
final class OriginStream implements Connection {

  private final OriginSession session;
  private final boolean reused;
  private @Nullable AnswerHandOver answer;
  private @Nullable Http2Headers head;
  private @Nullable Http2Stream stream;
  private @Nullable ByteBuf held;
  private @Nullable Throwable broken;
  private boolean requestDone;
  private boolean stuck;
  private boolean paused;
  private int owed;
  private boolean closed = true;
  private boolean released;

  /**
   * @param reused the session has carried a request before
   */
  OriginStream(OriginSession session, boolean reused) {
    this.session = session;
    this.reused = reused;
  }

  @Override
  public boolean reused() {
    return reused;
  }

  // The request.

  @Override
  public void begin(String method, String target, AnswerReceiver receiver) {
    answer = new AnswerHandOver(session, receiver, method.equals("HEAD"));
    head = RequestHead.of(method, target, session.scheme());
  }

  @Override
  public void field(CharSequence name, CharSequence value) {
    if (head != null) {
      RequestHead.add(head, name, value);
    }
  }

  @Override
  public void endHead(long length) {
    Http2Headers fields = head;
    if (fields != null) {
      head = null;
      requestDone = length == 0;
      closed = false;
      session.outbound().open(this, fields, requestDone);
    }
  }

  /** The stream is there. */
  void opened(Http2Stream fresh) {
    stream = fresh;
  }

  /** There will be no stream; said later, because whoever asks is still busy with asking. */
  void notOpened(Throwable cause) {
    broken = cause;
    session.outbound().later(this::closed);
  }

  @Override
  public void content(ByteBuf chunk) {
    if (closed || requestDone) {
      chunk.release();
    } else {
      writeHeld(false);
      held = chunk;
    }
  }

  @Override
  public void end(@Nullable MultiMap trailers) {
    if (!requestDone && !closed) {
      requestDone = true;
      if (trailers != null && !trailers.isEmpty()) {
        writeHeld(false);
        session.outbound().trailers(stream, RequestHead.trailers(trailers));
      } else if (!writeHeld(true)) {
        session.outbound().data(stream, Unpooled.EMPTY_BUFFER, true);
      }
    }
    session.outbound().flush();
  }

  @Override
  public void flush() {
    writeHeld(false);
    session.outbound().flush();
  }

  /** What comes last is held back, so that it can end the stream itself. */
  private boolean writeHeld(boolean last) {
    ByteBuf chunk = held;
    if (chunk == null) {
      return false;
    }
    held = null;
    session.outbound().data(stream, chunk, last);
    return true;
  }

  @Override
  public boolean writable() {
    stuck = !closed && !session.outbound().writable(stream);
    return !stuck;
  }

  /** The origin server takes more, or the socket does. */
  void writabilityChanged() {
    if (stuck && session.outbound().writable(stream) && answer != null) {
      stuck = false;
      answer.writable();
    }
  }

  // The answer.

  @Override
  public void pause() {
    paused = true;
  }

  @Override
  public void resume() {
    paused = false;
    if (owed > 0 && !closed) {
      int bytes = owed;
      owed = 0;
      session.outbound().consumed(stream, bytes);
    }
  }

  /** HTTP/2 knows no 101 (RFC 9113 section 8.6). */
  @Override
  public void handOver(ChannelInboundHandler next) {
    throw new IllegalStateException("a stream is not upgraded");
  }

  void headers(Http2Headers headers, boolean last) throws Http2Exception {
    if (answer != null) {
      answer.headers(id(), headers, last);
    }
  }

  /**
   * @return bytes by which the stream's window may be opened again
   */
  int data(ByteBuf data, int padding, boolean last) throws Http2Exception {
    int bytes = data.readableBytes() + padding;
    if (answer != null) {
      answer.data(id(), data, last);
    }
    if (!paused) {
      return bytes;
    }
    owed += bytes;
    return 0;
  }

  private int id() {
    return stream == null ? 0 : stream.id();
  }

  /** The first reason why it ends early is the one that counts. */
  void broken(Throwable cause) {
    if (broken == null) {
      broken = cause;
    }
  }

  /** The stream is closed, for whatever reason. */
  void closed() {
    closed = true;
    dropHeld();
    if (answer != null) {
      answer.failed(broken == null ? session.failure(id()) : broken);
    }
    free();
  }

  private void dropHeld() {
    ByteBuf chunk = held;
    if (chunk != null) {
      held = null;
      chunk.release();
    }
  }

  @Override
  public void release(boolean reusable) {
    if (released) {
      return;
    }
    released = true;
    dropHeld();
    boolean endsByItself = requestDone && answer != null && answer.ended();
    if (answer != null) {
      answer.forget();
    }
    if (!closed && !endsByItself) {
      session.outbound().reset(stream, Http2Error.CANCEL);
    } else if (closed) {
      free();
    }
  }

  private void free() {
    if (released) {
      session.freed();
    }
  }
}
