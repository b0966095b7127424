package io.sentinelgateway.streams;

import static io.netty.handler.codec.http2.Http2Error.ENHANCE_YOUR_CALM;
import static io.netty.handler.codec.http2.Http2Error.PROTOCOL_ERROR;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import java.util.concurrent.TimeUnit;

/**
 * The frames of one origin server, each handed to its stream. Confined to the connection's event
 * loop.
 *
 * <p>Frames that cost us work and serve no request are bounded in time: SETTINGS, PING and those
 * that are merely skipped. Empty DATA and CONTINUATION frames are bounded by the library.
 */
final class SessionFrames extends Http2FrameAdapter {

  private static final int MOST_IDLE_FRAMES = 200;
  private static final long SPAN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final OriginSession session;
  private long spanNanos;
  private int idleFrames;

  SessionFrames(OriginSession session) {
    this.session = session;
    this.spanNanos = session.nanoTime();
  }

  @Override
  public int onDataRead(ChannelHandlerContext read, int id, ByteBuf data, int padding, boolean last)
      throws Http2Exception {
    OriginStream stream = session.stream(id);
    return stream == null ? data.readableBytes() + padding : stream.data(data, padding, last);
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext read, int id, Http2Headers headers, int padding, boolean last)
      throws Http2Exception {
    OriginStream stream = session.stream(id);
    if (stream != null) {
      stream.headers(headers, last);
    }
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext read,
      int id,
      Http2Headers headers,
      int dependency,
      short weight,
      boolean exclusive,
      int padding,
      boolean last)
      throws Http2Exception {
    onHeadersRead(read, id, headers, padding, last);
  }

  @Override
  public void onRstStreamRead(ChannelHandlerContext read, int id, long code) throws Http2Exception {
    OriginStream stream = session.stream(id);
    if (stream == null) {
      serveNoRequest();
    } else {
      stream.broken(Failures.reset(code));
    }
  }

  @Override
  public void onSettingsRead(ChannelHandlerContext read, Http2Settings settings)
      throws Http2Exception {
    serveNoRequest();
    session.settings();
  }

  @Override
  public void onPingRead(ChannelHandlerContext read, long data) throws Http2Exception {
    serveNoRequest();
  }

  @Override
  public void onPriorityRead(
      ChannelHandlerContext read, int id, int dependency, short weight, boolean exclusive)
      throws Http2Exception {
    serveNoRequest();
  }

  @Override
  public void onUnknownFrame(
      ChannelHandlerContext read, byte type, int id, Http2Flags flags, ByteBuf payload) {
    skipped();
  }

  /** Push was declined in our SETTINGS. */
  @Override
  public void onPushPromiseRead(
      ChannelHandlerContext read, int id, int promised, Http2Headers headers, int padding)
      throws Http2Exception {
    throw Http2Exception.connectionError(PROTOCOL_ERROR, "PUSH_PROMISE (expected: none)");
  }

  /** Their listener methods declare no exception. */
  private void skipped() {
    if (tooMany()) {
      session.giveUp(new Http2Exception(ENHANCE_YOUR_CALM, "too many frames to no purpose"));
    }
  }

  private void serveNoRequest() throws Http2Exception {
    if (tooMany()) {
      throw Http2Exception.connectionError(ENHANCE_YOUR_CALM, "too many frames to no purpose");
    }
  }

  private boolean tooMany() {
    if (++idleFrames < MOST_IDLE_FRAMES) {
      return false;
    }
    long now = session.nanoTime();
    boolean tooMany = now - spanNanos < SPAN_NANOS;
    spanNanos = now;
    idleFrames = 0;
    return tooMany;
  }
}
