package io.sentinelgateway.passthrough;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One of the two connections of a passage: what comes from it goes to the other one. It is read
 * only while the other one takes what was written, so that no more than a read and a write buffer
 * (some 128 KiB) is ever held for each direction. Confined to their event loop.
 */
final class Side extends ChannelInboundHandlerAdapter {

  private final Channel channel;
  private final Relay relay;

  /** What came before there was another side: what was read of a ClientHello, and one read more. */
  private final ArrayDeque<ByteBuf> early = new ArrayDeque<>(2);

  private @Nullable Side other;
  private boolean ended;
  private boolean gone;

  Side(Channel channel, Relay relay) {
    this.channel = channel;
    this.relay = relay;
    channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
  }

  /** True when it will send nothing more. */
  boolean ended() {
    return ended;
  }

  boolean gone() {
    return gone;
  }

  /** Nothing is read any more, until there is another side. */
  void hold() {
    channel.config().setAutoRead(false);
  }

  /** What comes from it goes there from now on. */
  void join(Side there) {
    other = there;
    for (ByteBuf bytes = early.poll(); bytes != null; bytes = early.poll()) {
      pass(bytes, there);
    }
    there.channel.flush();
    if (ended) {
      relay.inputEnded(this);
    }
    regulate();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    Side there = other;
    if (!(message instanceof ByteBuf bytes) || relay.closing()) {
      ReferenceCountUtil.release(message);
    } else if (there == null) {
      early.add(bytes);
    } else {
      pass(bytes, there);
      regulate();
    }
  }

  private void pass(ByteBuf bytes, Side there) {
    relay.passed(this, bytes.readableBytes());
    there.channel.write(bytes, there.channel.voidPromise());
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (other != null) {
      other.channel.flush();
    }
  }

  /** Reads as long as the other side takes it. */
  private void regulate() {
    if (!gone && !relay.closing()) {
      channel.config().setAutoRead(other != null && other.channel.isWritable());
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    // What was written long ago has gone out.
    relay.moved();
    if (other != null) {
      other.regulate();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      ended = true;
      relay.inputEnded(this);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    ended = true;
    gone = true;
    early.forEach(ByteBuf::release);
    early.clear();
    relay.gone(this);
  }

  /** A connection that breaks takes the passage with it: the rest cannot be delivered. */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    relay.broken(this);
  }

  /** Says that nothing more will be written, after what was. */
  void endOutput() {
    if (!gone && channel instanceof DuplexChannel duplex) {
      channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> duplex.shutdownOutput());
    }
  }

  /** Closes after what was written. */
  void closeWhenWritten() {
    if (!gone) {
      channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
  }

  void close() {
    channel.close();
  }
}
