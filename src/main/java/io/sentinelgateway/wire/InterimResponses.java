package io.sentinelgateway.wire;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

/**
 * Drops 1xx responses that nobody asked for (RFC 9110 section 15.2: a client must be able to parse
 * them, and may ignore them). 100, 101 and 103 pass: the layers above know them. Confined to the
 * connection's event loop.
 */
final class InterimResponses extends ChannelInboundHandlerAdapter {

  private boolean dropping;

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpResponse response) {
      dropping = unknownInterim(response.status().code());
    }
    if (!dropping) {
      context.fireChannelRead(message);
      return;
    }
    dropping = !(message instanceof LastHttpContent);
    ReferenceCountUtil.release(message);
  }

  private static boolean unknownInterim(int status) {
    return status == 102 || (status > 103 && status < 200);
  }
}
