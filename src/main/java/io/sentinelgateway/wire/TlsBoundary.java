package io.sentinelgateway.wire;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.nio.channels.ClosedChannelException;

/**
 * Stands where a client's bytes come out of TLS: tells the guard when the handshake has ended and
 * when bytes of a request arrive, which it cannot see from in front of TLS. Confined to the
 * connection's event loop.
 */
final class TlsBoundary extends ChannelInboundHandlerAdapter {

  private final ConnectionGuard guard;
  private final Handshakes handshakes;
  private boolean settled;

  TlsBoundary(ConnectionGuard guard, Handshakes handshakes) {
    this.guard = guard;
    this.handshakes = handshakes;
  }

  @Override
  public void channelRead(ChannelHandlerContext read, Object message) {
    guard.requestBytes();
    read.fireChannelRead(message);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext told, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake) {
      settle(handshake);
    } else if (event instanceof SslCloseCompletionEvent && guard.resting()) {
      // The client has said that it will send nothing more, and nothing is owed to it.
      told.close();
    } else {
      told.fireUserEventTriggered(event);
    }
  }

  /** A client that leaves before it has said a name leaves before there is a handshake to fail. */
  @Override
  public void channelInactive(ChannelHandlerContext closed) {
    if (!settled) {
      settled = true;
      handshakes.failed(new ClosedChannelException());
    }
    closed.fireChannelInactive();
  }

  /** A handshake that was given up when it was late ends a second time with its connection. */
  private void settle(SslHandshakeCompletionEvent handshake) {
    if (settled) {
      return;
    }
    settled = true;
    if (handshake.isSuccess()) {
      guard.handshakeComplete();
      handshakes.completed();
    } else {
      // What was sent to say why must arrive.
      guard.lingerOnClose();
      handshakes.failed(handshake.cause());
    }
  }
}
