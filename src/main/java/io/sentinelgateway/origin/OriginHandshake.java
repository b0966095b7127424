package io.sentinelgateway.origin;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.sentinelgateway.wire.Wire;
import io.vertx.core.Context;
import io.vertx.core.Handler;

/**
 * Waits behind TLS for the end of the handshake with an origin server, then makes room for what
 * speaks HTTP: before the first byte of it can come. Confined to the connection's event loop.
 */
final class OriginHandshake extends ChannelInboundHandlerAdapter {

  private final Context home;
  private final Runnable completed;
  private final Handler<Throwable> failed;
  private boolean settled;

  private OriginHandshake(Context home, Runnable completed, Handler<Throwable> failed) {
    this.home = home;
    this.completed = completed;
    this.failed = failed;
  }

  /**
   * Begins; one of the two is called, once.
   *
   * @param tls fresh, with its time limit
   * @param home where they are called
   * @param failed the channel is closed after this
   */
  static void begin(
      Channel channel,
      SslHandler tls,
      Context home,
      Runnable completed,
      Handler<Throwable> failed) {
    channel.pipeline().addLast(new OriginHandshake(home, completed, failed)).addFirst("tls", tls);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext told, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake && !settled) {
      settled = true;
      Object before = Wire.enter(home);
      try {
        if (handshake.isSuccess()) {
          told.pipeline().remove(this);
          completed.run();
        } else {
          failed.handle(handshake.cause());
        }
      } finally {
        Wire.leave(home, before);
      }
    }
  }

  /** What it was has been told, or will be, by the end of the handshake. */
  @Override
  public void exceptionCaught(ChannelHandlerContext caught, Throwable cause) {
    if (!settled) {
      caught.close();
    }
  }
}
