package io.sentinelgateway.tunnel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One of the two connections of a tunnel: what it reads is the other one's to write. It reads only
 * while the other one takes what was written. Confined to their event loop.
 */
final class TunnelSide extends ChannelInboundHandlerAdapter {

  private final Tunnel tunnel;
  private final ArrayDeque<ByteBuf> kept = new ArrayDeque<>(2);
  private @Nullable ChannelHandlerContext context;
  private @Nullable Frames frames;
  private long received;
  private boolean ended;
  private boolean inactive;

  TunnelSide(Tunnel tunnel) {
    this.tunnel = tunnel;
  }

  /** What it reads are frames, and this judges them. */
  void inspect(Frames judge) {
    frames = judge;
  }

  /** Bytes that came from it. */
  long received() {
    return received;
  }

  /** True when it will send nothing more. */
  boolean ended() {
    return ended;
  }

  boolean inactive() {
    return inactive;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
    added.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    added.channel().config().setAutoRead(false);
  }

  // What comes.

  @Override
  public void channelRead(ChannelHandlerContext read, Object message) {
    if (!(message instanceof ByteBuf bytes)) {
      // The end of the message that the head was.
      ReferenceCountUtil.release(message);
    } else if (tunnel.closing() || !bytes.isReadable()) {
      bytes.release();
    } else if (tunnel.open()) {
      pass(bytes);
    } else {
      kept.addLast(bytes);
    }
  }

  private void pass(ByteBuf bytes) {
    received += bytes.readableBytes();
    if (frames == null) {
      other().write(bytes);
    } else {
      frames.pass(bytes, other());
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext read) {
    if (tunnel.open()) {
      tunnel.moved();
      other().flush();
      regulate();
    }
  }

  /** Both connections are there. */
  void start() {
    for (ByteBuf bytes = kept.poll(); bytes != null; bytes = kept.poll()) {
      if (tunnel.closing()) {
        bytes.release();
      } else {
        pass(bytes);
      }
    }
    other().flush();
    if (inactive) {
      tunnel.inactive(this);
    } else if (ended) {
      inputEnded();
    }
    regulate();
  }

  private void regulate() {
    if (context != null && !inactive) {
      context.channel().config().setAutoRead(tunnel.open() && other().writable());
    }
  }

  private TunnelSide other() {
    return tunnel.other(this);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext told, Object event) {
    if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
      inputEnded();
    }
  }

  private void inputEnded() {
    ended = true;
    tunnel.inputEnded(this);
  }

  /** Reads on, though nobody wants the bytes: to see the end. */
  void drop() {
    if (context != null && !inactive) {
      context.channel().config().setAutoRead(true);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext gone) {
    inactive = true;
    ended = true;
    tunnel.inactive(this);
    gone.fireChannelInactive();
  }

  /** A connection that breaks takes the tunnel with it: the rest cannot be delivered. */
  @Override
  public void exceptionCaught(ChannelHandlerContext caught, Throwable cause) {
    tunnel.broken(this);
  }

  // What goes.

  void write(ByteBuf bytes) {
    if (context == null || inactive) {
      bytes.release();
    } else {
      context.write(bytes, context.voidPromise());
    }
  }

  void flush() {
    if (context != null && !inactive) {
      context.flush();
    }
  }

  boolean writable() {
    return context != null && context.channel().isWritable();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext changed) {
    if (tunnel.open()) {
      // What was written long ago has gone out.
      tunnel.moved();
      other().regulate();
    }
  }

  /** Nothing more will be written. TLS knows no half of a close that peers can be trusted with. */
  void endOutput() {
    if (context == null || inactive) {
      return;
    }
    if (context.pipeline().get(SslHandler.class) == null
        && context.channel() instanceof DuplexChannel socket) {
      context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> socket.shutdownOutput());
    } else {
      closeWhenWritten();
    }
  }

  void closeWhenWritten() {
    if (context != null && !inactive) {
      context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
  }

  void close() {
    kept.forEach(ByteBuf::release);
    kept.clear();
    if (context != null && !inactive) {
      context.close();
    }
  }
}
