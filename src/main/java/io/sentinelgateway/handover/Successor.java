package io.sentinelgateway.handover;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The process that shall follow this one: starts it, gives it the listening sockets, and waits
 * until it serves. Blocks; for one thread, and once at a time.
 */
public final class Successor {

  private static final long LAST_WORDS_SECONDS = 2;
  private static final String FOLDER = "sentinel-handover";

  private Successor() {}

  /**
   * What a hand-over gives.
   *
   * @param sockets listening; they stay open here too
   * @param state for {@link Predecessor#state}
   */
  public record Estate(ListeningSockets sockets, JsonObject state) {}

  /**
   * Starts the process and waits until it is ready. Whatever fails, it is ended, and this process
   * can go on as if nothing had been.
   *
   * @param command that starts it; its output goes where ours does
   * @param patience from its start until it is ready
   * @return its id
   * @throws HandoverException when it is not ready in time, or this system cannot do it
   */
  public static long follow(List<String> command, Estate estate, Duration patience)
      throws HandoverException, InterruptedException {
    if (!Epoll.isAvailable()) {
      throw new HandoverException("sockets can only be handed over on Linux, by epoll");
    }
    Path folder;
    try {
      // Only this user gets in; who comes in is asked for more below.
      folder =
          Files.createTempDirectory(
              FOLDER,
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      throw new HandoverException("no place for a socket: " + e, e);
    }
    Path socket = folder.resolve("socket");
    EventLoopGroup loop = loop();
    try {
      return follow(command, estate, patience, socket, loop);
    } finally {
      loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
      delete(socket);
      delete(folder);
    }
  }

  private static void delete(Path path) {
    // The folder of temporary files is emptied by others too.
    if (!path.toFile().delete()) {
      path.toFile().deleteOnExit();
    }
  }

  private static long follow(
      List<String> command, Estate estate, Duration patience, Path socket, EventLoopGroup loop)
      throws HandoverException, InterruptedException {
    CompletableFuture<Void> ready = new CompletableFuture<>();
    CompletableFuture<Long> expected = new CompletableFuture<>();
    Giver giver = new Giver(estate, expected, ready);
    Channel server =
        new ServerBootstrap()
            .group(loop)
            .channel(EpollServerDomainSocketChannel.class)
            .childHandler(giver)
            .bind(new DomainSocketAddress(socket.toString()))
            .sync()
            .channel();
    Process process = start(command, socket);
    expected.complete(process.pid());
    process
        .onExit()
        .thenAccept(
            ended ->
                ready.completeExceptionally(
                    new IllegalStateException("it ended with status " + ended.exitValue())));
    try {
      ready.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      return process.pid();
    } catch (ExecutionException e) {
      // It may be about to say why.
      process.waitFor(LAST_WORDS_SECONDS, TimeUnit.SECONDS);
      process.destroyForcibly();
      throw new HandoverException(String.valueOf(e.getCause().getMessage()), e);
    } catch (TimeoutException e) {
      process.destroyForcibly();
      throw new HandoverException("it is not ready after " + patience.toSeconds() + " s", e);
    } finally {
      server.close().awaitUninterruptibly();
    }
  }

  private static Process start(List<String> command, Path socket) throws HandoverException {
    try {
      ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
      builder.environment().put(Predecessor.VARIABLE, socket.toString());
      return builder.start();
    } catch (IOException e) {
      throw new HandoverException("it cannot be started: " + e.getMessage(), e);
    }
  }

  /** One thread for the conversation of two processes. */
  static EventLoopGroup loop() {
    return new MultiThreadIoEventLoopGroup(
        1, new DefaultThreadFactory("sentinel-handover", true), EpollIoHandler.newFactory());
  }

  /** Gives the letter and the descriptors to the process that was started, and to nobody else. */
  private static final class Giver extends ChannelInboundHandlerAdapter {

    private final Letter letter;
    private final Map<String, FileDescriptor> descriptors;
    private final CompletableFuture<Long> expected;
    private final CompletableFuture<Void> ready;
    private @Nullable Channel chosen;

    Giver(Estate estate, CompletableFuture<Long> expected, CompletableFuture<Void> ready)
        throws HandoverException {
      this.descriptors = estate.sockets().descriptors();
      this.letter = new Letter(List.copyOf(descriptors.keySet()), estate.state());
      this.expected = expected;
      this.ready = ready;
    }

    @Override
    public boolean isSharable() {
      return true;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) throws IOException {
      EpollDomainSocketChannel channel = (EpollDomainSocketChannel) context.channel();
      int pid = channel.peerCredentials().pid();
      expected.thenAccept(
          wanted -> {
            if (wanted == pid) {
              chosen = channel;
              context.writeAndFlush(letter.encode(context.alloc()));
            } else {
              context.close();
            }
          });
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf said = (ByteBuf) message;
      while (said.isReadable()) {
        byte word = said.readByte();
        if (word == Predecessor.LETTER_READ) {
          letter.sockets().forEach(name -> context.write(descriptors.get(name)));
          context.flush();
        } else if (word == Predecessor.READY) {
          ready.complete(null);
        }
      }
      said.release();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      if (context.channel() == chosen) {
        ready.completeExceptionally(new IllegalStateException("it hung up before it was ready"));
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      if (context.channel() == chosen) {
        ready.completeExceptionally(cause);
      }
      context.close();
    }
  }
}
