package io.sentinelgateway.wire;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.uring.IoUringSocketChannel;
import org.jspecify.annotations.Nullable;

/** Resets of connections that nobody is told of. Stateless. */
final class Resets {

  /** TCP_CLOSE of Linux's tcp_states.h. */
  private static final int CLOSED = 7;

  private Resets() {}

  /**
   * Netty's io_uring channel (4.2.18), told that the peer is gone while nobody wants to read, reads
   * what is left and stops there, because the socket is empty, before it comes to the reset. The
   * kernel knows.
   */
  static boolean unnoticed(@Nullable ChannelHandlerContext context) {
    return context != null
        && context.channel() instanceof IoUringSocketChannel socket
        && !socket.config().isAutoRead()
        && socket.isActive()
        && socket.tcpInfo().state() == CLOSED;
  }
}
