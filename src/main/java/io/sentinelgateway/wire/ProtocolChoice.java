package io.sentinelgateway.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;

/**
 * Decides with a client's first bytes whether a connection speaks HTTP/2: over TLS that was
 * negotiated (RFC 9113 section 3.2), in plain text the preface says so (section 3.3). Confined to
 * the connection's event loop.
 */
final class ProtocolChoice extends ChannelInboundHandlerAdapter {

  private static final ByteBuf PREFACE =
      Unpooled.unreleasableBuffer(Http2CodecUtil.connectionPrefaceBuf()).asReadOnly();

  private final boolean http1;
  private final Runnable http2;
  private @Nullable ByteBuf held;

  /**
   * @param http1 whether a client may speak HTTP/1 instead
   * @param http2 makes HTTP/2 of the layers behind this one
   */
  ProtocolChoice(boolean http1, Runnable http2) {
    this.http1 = http1;
    this.http2 = http2;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!(message instanceof ByteBuf bytes)) {
      context.fireChannelRead(message);
      return;
    }
    ByteBuf all = held == null ? bytes : Unpooled.wrappedBuffer(held, bytes);
    held = null;
    SslHandler tls = context.pipeline().get(SslHandler.class);
    if (tls != null) {
      decide(context, ApplicationProtocolNames.HTTP_2.equals(tls.applicationProtocol()), all);
    } else if (!http1) {
      decide(context, true, all);
    } else {
      compare(context, all);
    }
  }

  private void compare(ChannelHandlerContext context, ByteBuf bytes) {
    int length = Math.min(bytes.readableBytes(), PREFACE.readableBytes());
    int at = bytes.readerIndex();
    boolean same = bytes.slice(at, length).equals(PREFACE.slice(0, length));
    if (same && length < PREFACE.readableBytes()) {
      held = bytes;
    } else {
      decide(context, same, bytes);
    }
  }

  private void decide(ChannelHandlerContext context, boolean two, ByteBuf bytes) {
    if (!two && !http1) {
      bytes.release();
      context.close();
      return;
    }
    if (two) {
      http2.run();
    }
    context.pipeline().remove(this);
    context.fireChannelRead(bytes);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    if (held != null) {
      held.release();
      held = null;
    }
  }
}
