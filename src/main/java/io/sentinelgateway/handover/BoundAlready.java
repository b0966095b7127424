package io.sentinelgateway.handover;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.net.SocketAddress;

/** Keeps a socket that another process has bound from being bound once more. */
final class BoundAlready extends ChannelOutboundHandlerAdapter {

  @Override
  public void bind(ChannelHandlerContext context, SocketAddress address, ChannelPromise promise) {
    context.pipeline().remove(this);
    promise.setSuccess();
  }
}
