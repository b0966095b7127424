package io.sentinelgateway.wire;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.MultiMap;

/**
 * Ends one chunked request with a trailer section, which Vert.x has no way to say, and goes away.
 * Confined to the connection's event loop.
 */
final class TrailerWriter extends ChannelOutboundHandlerAdapter {

  private final MultiMap trailers;

  TrailerWriter(MultiMap trailers) {
    this.trailers = trailers;
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (message instanceof LastHttpContent last) {
      DefaultLastHttpContent ending = new DefaultLastHttpContent(last.content());
      trailers.forEach((name, value) -> ending.trailingHeaders().add(name, value));
      context.write(ending, promise);
      context.pipeline().remove(this);
    } else {
      context.write(message, promise);
    }
  }
}
