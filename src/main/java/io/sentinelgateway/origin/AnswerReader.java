package io.sentinelgateway.origin;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.sentinelgateway.observe.PoolMetrics.Closed;
import io.sentinelgateway.target.AnswerReceiver;
import io.sentinelgateway.wire.Wire;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the answers of one connection to whoever asked. Confined to the connection's event loop.
 *
 * <p>An answer belongs to the request that is under way and to no other: what comes while none is,
 * or behind the answer's end, closes the connection.
 */
final class AnswerReader extends ChannelInboundHandlerAdapter {

  private static final Logger LOG = LoggerFactory.getLogger(AnswerReader.class);
  private static final MultiMap NO_TRAILERS = HttpHeaders.headers();

  private final Http1Connection connection;
  private final AnswerDecoder decoder;
  private final Context home;
  private @Nullable AnswerReceiver receiver;
  private @Nullable Throwable broken;
  private boolean interim;
  private boolean headRead;
  private boolean complete = true;
  private boolean keepAlive = true;
  private boolean reading;

  /**
   * @param home where to call when nobody waits for an answer
   */
  AnswerReader(Http1Connection connection, AnswerDecoder decoder, Context home) {
    this.connection = connection;
    this.decoder = decoder;
    this.home = home;
  }

  /** A request begins, and this is who gets its answer. */
  void expect(boolean headRequest, AnswerReceiver whoAsks) {
    decoder.asked(headRequest, whoAsks.fields());
    receiver = whoAsks;
    interim = false;
    headRead = false;
    complete = false;
    keepAlive = false;
  }

  /** Nobody wants the answer any more. */
  void forget() {
    receiver = null;
  }

  /** True when the last answer was read to its end and does not end the connection. */
  boolean reusable() {
    return complete && keepAlive && !decoder.leftover();
  }

  /** True when the last answer was read to its end, and the connection ends with it. */
  boolean endsConnection() {
    return complete && !keepAlive;
  }

  /** True while there may be more in what was read from the socket. */
  boolean reading() {
    return reading;
  }

  @Override
  public void channelRead(ChannelHandlerContext read, Object message) {
    reading = true;
    AnswerReceiver current = receiver;
    Context where = current == null ? home : current.context();
    Object before = Wire.enter(where);
    try {
      if (current == null) {
        // Nobody asked: it must not meet the next request.
        ReferenceCountUtil.release(message);
        connection.close(Closed.ERROR);
      } else if (message instanceof HttpResponse response) {
        head(response, current);
      } else if (message instanceof HttpContent content) {
        content(content, current);
      } else {
        ReferenceCountUtil.release(message);
      }
    } finally {
      Wire.leave(where, before);
    }
  }

  private void head(HttpResponse response, AnswerReceiver current) {
    Throwable malformed = response.decoderResult().cause();
    int status = response.status().code();
    if (malformed != null) {
      fail(malformed);
    } else if (status < 200 && status != 101) {
      interim = true;
      if (status == 100 || status == 103) {
        current.interim(status, decoder.fields());
      }
    } else {
      finalHead(status, current);
    }
  }

  private void finalHead(int status, AnswerReceiver current) {
    if (decoder.unknownCoding()) {
      fail(new IllegalArgumentException("Transfer-Encoding (expected: chunked)"));
      return;
    }
    keepAlive = decoder.keepsConnection();
    int restSeconds = keepAlive ? decoder.restSeconds() : -1;
    if (restSeconds >= 0) {
      connection.restLimit(restSeconds);
    }
    if (decoder.apart()) {
      current.fields().addAll(decoder.fields());
    }
    headRead = true;
    current.head(status, decoder.length());
  }

  private void content(HttpContent content, AnswerReceiver current) {
    boolean last = content instanceof LastHttpContent;
    Throwable malformed = content.decoderResult().cause();
    if (malformed == null && last && decoder.endsWithConnection()) {
      // The decoder takes any close for the end, a reset too.
      malformed = broken;
    }
    if (interim || malformed != null) {
      content.release();
      interim &= !last;
      if (malformed != null) {
        fail(malformed);
      }
      return;
    }
    if (content.content().isReadable()) {
      current.content(content.content());
    } else {
      content.release();
    }
    // Whoever got the content may have had enough.
    if (last && receiver == current) {
      receiver = null;
      complete = true;
      current.end(trailers(((LastHttpContent) content).trailingHeaders()));
    }
  }

  /** The decoder makes sections of the library's class; but the empty one is Netty's. */
  private static MultiMap trailers(io.netty.handler.codec.http.HttpHeaders section) {
    return section instanceof MultiMap trailers ? trailers : NO_TRAILERS;
  }

  private void fail(Throwable cause) {
    AnswerReceiver current = receiver;
    receiver = null;
    if (current == null) {
      connection.close(Closed.ERROR);
      return;
    }
    Context where = current.context();
    Object before = Wire.enter(where);
    try {
      current.failed(cause);
    } finally {
      Wire.leave(where, before);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext read) {
    reading = false;
    AnswerReceiver current = receiver;
    Context where = current == null ? home : current.context();
    Object before = Wire.enter(where);
    try {
      if (current == null) {
        connection.allRead(decoder.leftover());
      } else if (headRead) {
        current.quiet();
      }
    } finally {
      Wire.leave(where, before);
    }
  }

  /** Everything that is under way ends with the connection. */
  @Override
  public void channelInactive(ChannelHandlerContext inactive) {
    connection.markClosed();
    if (receiver != null) {
      fail(broken == null ? new ClosedChannelException() : broken);
    }
    Object before = Wire.enter(home);
    try {
      connection.closed();
    } finally {
      Wire.leave(home, before);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext changed) {
    AnswerReceiver current = receiver;
    if (current != null && connection.writable()) {
      Object before = Wire.enter(current.context());
      try {
        current.writable();
      } finally {
        Wire.leave(current.context(), before);
      }
    }
  }

  /**
   * The origin server says that it sends nothing more, or that is what its close must mean though
   * it has not said so: then anybody may have cut what comes to its end by a close (RFC 9112
   * section 9.8).
   */
  @Override
  public void userEventTriggered(ChannelHandlerContext told, Object event) {
    if (event instanceof SslCloseCompletionEvent end) {
      if (end.isSuccess()) {
        connection.close(Closed.ORIGIN);
      } else if (broken == null) {
        broken = new EOFException("closed without close_notify");
      }
    }
    told.fireUserEventTriggered(event);
  }

  /**
   * A request that cannot be written any more may still be answered: an origin server that refuses
   * an upload answers and closes. So a failed write ends nothing; the end of what can be read does.
   */
  @Override
  public void exceptionCaught(ChannelHandlerContext caught, Throwable cause) {
    Throwable reason = cause instanceof DecoderException ? cause.getCause() : cause;
    if (reason instanceof IOException) {
      broken = reason;
    } else {
      LOG.error("a connection to {} failed by a bug in the gateway", connection, cause);
      connection.close(Closed.ERROR);
    }
  }
}
