package io.sentinelgateway.wire;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.vertx.core.transport.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Tries whether a transport really carries bytes here. A library that loads says little: a
 * container may forbid io_uring's system calls one by one, and a limit on locked memory may leave
 * room for fewer rings than there will be event loops. Stateless.
 */
public final class TransportProbe {

  private static final long PATIENCE_SECONDS = 2;
  private static final byte WORD = 42;

  private TransportProbe() {}

  /**
   * Makes as many event loops as the gateway will, sends a byte over a loopback connection there
   * and back, and leaves nothing behind. Takes some milliseconds, two seconds when nothing answers.
   * Blocks.
   *
   * @return why it does not work; empty when it does
   */
  public static Optional<String> failure(Transport transport, int loops) {
    EventLoopGroup group = null;
    try {
      group =
          new MultiThreadIoEventLoopGroup(
              // One more than serve: the library accepts connections on a loop of its own.
              loops + 1,
              new DefaultThreadFactory("transport-probe", true),
              transport.implementation().ioHandlerFactory());
      return exchange(transport, group);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("interrupted");
    } catch (ExecutionException e) {
      return Optional.of(reason(e));
    } catch (TimeoutException e) {
      return Optional.of("nothing comes back on a loopback connection");
    } catch (RuntimeException | LinkageError e) {
      return Optional.of(reason(e));
    } finally {
      if (group != null) {
        group.shutdownGracefully(0, PATIENCE_SECONDS, TimeUnit.SECONDS);
      }
    }
  }

  /** The innermost reason in the system's own words. */
  public static String reason(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }

  private static Optional<String> exchange(Transport transport, EventLoopGroup group)
      throws InterruptedException, ExecutionException, TimeoutException {
    CompletableFuture<Byte> answer = new CompletableFuture<>();
    Channel server =
        opened(
            new ServerBootstrap()
                .group(group)
                .channelFactory(transport.implementation().serverChannelFactory(false))
                .childHandler(new Echo())
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
    Channel client =
        opened(
            new Bootstrap()
                .group(group)
                .channelFactory(transport.implementation().channelFactory(false))
                .handler(new Listening(answer))
                .connect(server.localAddress()));
    client.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {WORD}));
    byte back = answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    return back == WORD ? Optional.empty() : Optional.of("a byte changes on its way");
  }

  private static Channel opened(ChannelFuture opening)
      throws InterruptedException, ExecutionException, TimeoutException {
    opening.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    return opening.channel();
  }

  /** Closing its channel is left to the end of the group. */
  private static final class Echo extends ChannelInboundHandlerAdapter {

    @Override
    public boolean isSharable() {
      return true;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      context.writeAndFlush(message);
    }
  }

  private static final class Listening extends ChannelInboundHandlerAdapter {

    private final CompletableFuture<Byte> answer;

    Listening(CompletableFuture<Byte> answer) {
      this.answer = answer;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf bytes = (ByteBuf) message;
      answer.complete(bytes.readByte());
      bytes.release();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      answer.completeExceptionally(new IllegalStateException("the connection breaks"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      answer.completeExceptionally(cause);
    }
  }
}
