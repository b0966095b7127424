package io.sentinelgateway.wire;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;

/**
 * Marks requests of other versions than HTTP/1.0 and HTTP/1.1 as unreadable. Vert.x would answer
 * them by itself, with a wrong status and past the access log. Stateless; shared by all loops.
 */
@Sharable
final class SupportedVersions extends ChannelInboundHandlerAdapter {

  static final SupportedVersions INSTANCE = new SupportedVersions();

  private SupportedVersions() {}

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof HttpRequest request && request.decoderResult().isSuccess()) {
      HttpVersion version = request.protocolVersion();
      if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
        request.setDecoderResult(DecoderResult.failure(failure(version)));
      }
    }
    context.fireChannelRead(message);
  }

  private static RuntimeException failure(HttpVersion version) {
    return version.protocolName().equals("HTTP")
        ? new UnsupportedVersionException()
        : new IllegalArgumentException("not HTTP");
  }
}
