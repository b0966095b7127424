package io.sentinelgateway.handover;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.DomainSocketReadMode;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The process that this one follows, as long as it waits for this one to be ready. Its methods
 * block; for one thread.
 */
public final class Predecessor implements AutoCloseable {

  /** Path of the Unix socket on which the older process waits. */
  static final String VARIABLE = "SENTINEL_HANDOVER";

  /** Said by the younger process: send the descriptors. */
  static final byte LETTER_READ = 'L';

  /** Said by the younger process: it serves. */
  static final byte READY = 'R';

  private static final long PATIENCE_SECONDS = 20;

  private final EventLoopGroup loop;
  private final Channel channel;
  private final Letter letter;
  private final ListeningSockets sockets;

  private Predecessor(EventLoopGroup loop, Channel channel, Inheritance received) {
    this.loop = loop;
    this.channel = channel;
    this.letter = received.letter();
    this.sockets = new ListeningSockets(received.sockets());
  }

  /**
   * Takes over what the process before has to give.
   *
   * @return {@code null} when there is no process before this one
   * @throws HandoverException when there is one, and it cannot be followed
   */
  public static @Nullable Predecessor find() throws HandoverException {
    String path = System.getenv(VARIABLE);
    return path == null || path.isEmpty() ? null : at(path);
  }

  private static Predecessor at(String path) throws HandoverException {
    EventLoopGroup loop = Successor.loop();
    CompletableFuture<Inheritance> received = new CompletableFuture<>();
    try {
      Channel channel =
          new Bootstrap()
              .group(loop)
              .channel(EpollDomainSocketChannel.class)
              .handler(new Receiver(received))
              .connect(new DomainSocketAddress(path))
              .sync()
              .channel();
      return new Predecessor(loop, channel, received.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(loop, e);
    } catch (ExecutionException | TimeoutException | RuntimeException e) {
      throw failed(loop, e);
    } catch (Exception e) {
      // Netty rethrows what connecting failed with, declared or not.
      throw failed(loop, e);
    }
  }

  private static HandoverException failed(EventLoopGroup loop, Exception e) {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    return new HandoverException("the process before this one gives nothing: " + e, e);
  }

  /** What it listened on. */
  public ListeningSockets sockets() {
    return sockets;
  }

  /** What else it left. */
  public JsonObject state() {
    return letter.state();
  }

  /** From now on this process serves, and the older one stops. */
  public void ready() {
    sockets.closeUnclaimed();
    channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {READY})).awaitUninterruptibly();
    close();
  }

  /** Without {@link #ready} before, the older process goes on serving. */
  @Override
  public void close() {
    channel.close().awaitUninterruptibly();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  /** What was received. */
  private record Inheritance(Letter letter, Map<String, FileDescriptor> sockets) {}

  /** First the letter, then one descriptor for each name in it. Confined to its loop. */
  private static final class Receiver extends ChannelInboundHandlerAdapter {

    private final CompletableFuture<Inheritance> received;
    private final ByteBuf bytes = Unpooled.buffer();
    private final Map<String, FileDescriptor> sockets = new LinkedHashMap<>();
    private @Nullable Letter letter;

    Receiver(CompletableFuture<Inheritance> received) {
      this.received = received;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof FileDescriptor descriptor) {
        descriptor(descriptor);
      } else if (message instanceof ByteBuf part) {
        bytes.writeBytes(part);
        part.release();
        letter(context);
      } else {
        ReferenceCountUtil.release(message);
      }
    }

    private void letter(ChannelHandlerContext context) {
      if (letter != null || bytes.readableBytes() < 4) {
        return;
      }
      int length = bytes.getInt(bytes.readerIndex());
      if (length <= 0 || length > Letter.LONGEST) {
        throw new IllegalArgumentException("a letter of " + length + " bytes");
      }
      if (bytes.readableBytes() >= 4 + length) {
        letter = Letter.decode(bytes.slice(bytes.readerIndex() + 4, length));
        context
            .channel()
            .config()
            .setOption(
                EpollChannelOption.DOMAIN_SOCKET_READ_MODE, DomainSocketReadMode.FILE_DESCRIPTORS);
        context.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {LETTER_READ}));
        complete();
      }
    }

    private void descriptor(FileDescriptor descriptor) {
      Letter expected = letter;
      if (expected != null && sockets.size() < expected.sockets().size()) {
        sockets.put(expected.sockets().get(sockets.size()), descriptor);
        complete();
      }
    }

    private void complete() {
      Letter known = letter;
      if (known != null && sockets.size() == known.sockets().size()) {
        received.complete(new Inheritance(known, sockets));
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      received.completeExceptionally(new IllegalStateException("it hung up"));
      bytes.release();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      received.completeExceptionally(cause);
      context.close();
    }
  }
}
