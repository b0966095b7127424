package io.sentinelgateway.streams;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.sentinelgateway.target.AnswerReceiver;
import io.sentinelgateway.wire.Wire;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Hands the answer on one stream to whoever asked, and judges whether it is one (RFC 9113 section
 * 8.1). Confined to the connection's event loop.
 */
final class AnswerHandOver {

  private static final MultiMap NO_TRAILERS = HttpHeaders.headers();
  private static final int MOST_INTERIM = 64;

  private final OriginSession session;
  private final boolean headRequest;
  private @Nullable AnswerReceiver receiver;
  private int interim;
  private boolean headRead;
  private long length = -1;
  private long received;
  private boolean ended;
  private boolean touched;

  AnswerHandOver(OriginSession session, AnswerReceiver receiver, boolean headRequest) {
    this.session = session;
    this.receiver = receiver;
    this.headRequest = headRequest;
  }

  /** True when the origin server has ended the answer, and its half of the stream. */
  boolean ended() {
    return ended;
  }

  /** Nobody wants the answer any more. */
  void forget() {
    receiver = null;
  }

  void headers(int stream, Http2Headers headers, boolean last) throws Http2Exception {
    AnswerReceiver current = receiver;
    if (current == null) {
      return;
    }
    Context where = current.context();
    Object before = Wire.enter(where);
    try {
      if (headRead) {
        trailers(stream, headers, last);
      } else {
        head(stream, headers, last, current);
      }
    } finally {
      Wire.leave(where, before);
    }
  }

  private void head(int stream, Http2Headers headers, boolean last, AnswerReceiver current)
      throws Http2Exception {
    int status = AnswerHead.status(stream, headers);
    if (status < 200) {
      interim(stream, status, headers, last, current);
      return;
    }
    boolean contentless = headRequest || status == 204 || status == 304;
    length = contentless ? 0 : AnswerHead.length(stream, headers);
    if (last && length > 0) {
      throw Failures.malformed(stream, "no content (expected: as long as content-length says)");
    }
    AnswerHead.copy(stream, headers, false, current.fields());
    headRead = true;
    touch();
    if (last || contentless) {
      // What can have no content is complete, even if its stream is left open: then we end it.
      current.head(status, 0);
      end(NO_TRAILERS, last);
    } else {
      // Where none is announced, a trailer section may still follow.
      current.head(status, length == 0 ? -1 : length);
    }
  }

  private void interim(
      int stream, int status, Http2Headers headers, boolean last, AnswerReceiver current)
      throws Http2Exception {
    if (last || ++interim > MOST_INTERIM) {
      throw Failures.malformed(stream, "interim answers (expected: a few, and a final one)");
    }
    if (status == 100 || status == 103) {
      MultiMap fields = HttpHeaders.headers();
      AnswerHead.copy(stream, headers, false, fields);
      current.interim(status, fields);
    }
  }

  private void trailers(int stream, Http2Headers headers, boolean last) throws Http2Exception {
    if (!last || (length >= 0 && received != length)) {
      throw Failures.malformed(stream, "trailer section (expected: at the end of the content)");
    }
    MultiMap section = HttpHeaders.headers();
    AnswerHead.copy(stream, headers, true, section);
    end(section, true);
  }

  void data(int stream, ByteBuf data, boolean last) throws Http2Exception {
    AnswerReceiver current = receiver;
    if (current == null) {
      return;
    }
    int bytes = data.readableBytes();
    received += bytes;
    boolean fits = length < 0 || (last ? received == length : received <= length);
    if (!headRead || !fits) {
      throw Failures.malformed(stream, "content (expected: as long as content-length says)");
    }
    Context where = current.context();
    Object before = Wire.enter(where);
    try {
      if (bytes > 0) {
        touch();
        current.content(data.readRetainedSlice(bytes));
      }
      if (last && receiver != null) {
        end(NO_TRAILERS, true);
      }
    } finally {
      Wire.leave(where, before);
    }
  }

  /** Whoever got the content may have had enough. */
  private void end(MultiMap trailers, boolean last) {
    AnswerReceiver current = receiver;
    if (current != null) {
      receiver = null;
      ended = last;
      current.end(trailers);
    }
  }

  private void touch() {
    if (!touched) {
      touched = true;
      session.touched(this);
    }
  }

  /** What was read from the socket has been handed out. */
  void allRead() {
    touched = false;
    AnswerReceiver current = receiver;
    if (current != null && headRead) {
      Context where = current.context();
      Object before = Wire.enter(where);
      try {
        current.quiet();
      } finally {
        Wire.leave(where, before);
      }
    }
  }

  void writable() {
    AnswerReceiver current = receiver;
    if (current != null) {
      Context where = current.context();
      Object before = Wire.enter(where);
      try {
        current.writable();
      } finally {
        Wire.leave(where, before);
      }
    }
  }

  /** There is no more; does nothing when the answer is complete. */
  void failed(Throwable cause) {
    AnswerReceiver current = receiver;
    if (current != null) {
      receiver = null;
      Context where = current.context();
      Object before = Wire.enter(where);
      try {
        current.failed(cause);
      } finally {
        Wire.leave(where, before);
      }
    }
  }
}
