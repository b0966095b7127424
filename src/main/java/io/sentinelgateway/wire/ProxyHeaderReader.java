package io.sentinelgateway.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/**
 * Takes the PROXY header off the beginning of a connection, and itself out of the pipeline.
 * Confined to the connection's event loop.
 */
final class ProxyHeaderReader extends ChannelInboundHandlerAdapter {

  private final Introductions introductions;
  private final ByteBuf held = Unpooled.buffer(256);
  private boolean refused;

  ProxyHeaderReader(Introductions introductions) {
    this.introductions = introductions;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (refused || !(message instanceof ByteBuf bytes)) {
      ReferenceCountUtil.release(message);
      return;
    }
    held.writeBytes(bytes);
    bytes.release();
    try {
      ProxyHeader header = ProxyHeader.read(held);
      if (header != null) {
        introductions.introduced(header.source());
        ByteBuf rest = held.retainedSlice(header.length(), held.readableBytes() - header.length());
        context.pipeline().remove(this);
        pass(context, rest);
      }
    } catch (IllegalArgumentException e) {
      refused = true;
      introductions.refused();
      context.close();
    }
  }

  private static void pass(ChannelHandlerContext context, ByteBuf rest) {
    if (rest.isReadable()) {
      context.fireChannelRead(rest);
      context.fireChannelReadComplete();
    } else {
      rest.release();
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    held.release();
  }
}
