package io.sentinelgateway.handover;

import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.ServerDomainSocketChannel;
import io.netty.channel.unix.UnixChannel;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.transport.Transport;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listening sockets of this process by name: those it took over from the process before it, and
 * those it made. Thread-safe.
 *
 * <p>The library asks for a channel before it knows where it will be bound. So sockets are opened
 * one after the other, and the one that is being opened tells which name a channel is for.
 */
public final class ListeningSockets {

  private static final Logger LOG = LoggerFactory.getLogger(ListeningSockets.class);

  private static final long AGAIN_MILLIS = 20;
  private static final int MOST_TRIES = 50;

  private final Map<String, FileDescriptor> inherited;
  private final Map<String, Channel> open = new ConcurrentHashMap<>();
  private final Set<String> ours = ConcurrentHashMap.newKeySet();
  private Future<?> last = Future.succeededFuture();
  private volatile String opening = "";

  /**
   * @param inherited from the process before this one; empty when there is none
   */
  ListeningSockets(Map<String, FileDescriptor> inherited) {
    this.inherited = new ConcurrentHashMap<>(inherited);
  }

  /** Those of a process that follows no other. */
  public static ListeningSockets fresh() {
    return new ListeningSockets(Map.of());
  }

  /** The transport whose listening sockets these are. */
  public Transport known(Transport transport) {
    return new KnownTransport(transport, this);
  }

  /**
   * Opens a listening socket, or takes over the one that the process before has under this name.
   *
   * @param name the same for the same address in every process
   * @param listen binds by the library, with a server of its own each time; called on the context
   *     of the caller, when all that were asked for before are open
   */
  public <T> Future<T> open(String name, Supplier<Future<T>> listen) {
    Promise<T> opened = Promise.promise();
    Context caller = Vertx.currentContext();
    synchronized (this) {
      last =
          last.transform(
              before -> {
                Runnable begin = () -> begin(name, listen, opened, MOST_TRIES);
                if (caller == null) {
                  begin.run();
                } else {
                  caller.runOnContext(now -> begin.run());
                }
                return opened.future();
              });
    }
    return opened.future();
  }

  /**
   * A socket that was closed here may still be held by the system for a moment: with io_uring until
   * the accept that was under way has been cancelled. So what was ours once is tried again.
   */
  private <T> void begin(String name, Supplier<Future<T>> listen, Promise<T> opened, int tries) {
    Context here = Vertx.currentContext();
    listen(name, listen)
        .onComplete(
            done -> {
              ours.add(name);
              opened.complete(done);
            },
            failure -> {
              if (here != null && taken(failure) && ours.contains(name) && tries > 1) {
                here.owner()
                    .setTimer(AGAIN_MILLIS, timer -> begin(name, listen, opened, tries - 1));
              } else {
                ours.remove(name);
                opened.fail(failure);
              }
            });
  }

  private static boolean taken(Throwable failure) {
    return String.valueOf(failure.getMessage()).contains("already in use");
  }

  private <T> Future<T> listen(String name, Supplier<Future<T>> listen) {
    opening = name;
    Future<T> listening;
    try {
      listening = listen.get();
    } catch (RuntimeException e) {
      listening = Future.failedFuture(e);
    }
    // What others open afterwards, such as the warm-up, has no name.
    return listening.onComplete(done -> opening = "");
  }

  /** The one that is being opened now, if the process before had it; else {@code null}. */
  @Nullable ServerChannel takeOver() {
    FileDescriptor descriptor = inherited.remove(opening);
    if (descriptor == null) {
      return null;
    }
    EpollServerSocketChannel channel = new EpollServerSocketChannel(descriptor.intValue());
    channel.pipeline().addFirst("bound", new BoundAlready());
    return channel;
  }

  /** A channel for the socket that is being opened now. */
  void made(ServerChannel channel) {
    String name = opening;
    if (!name.isEmpty()) {
      open.put(name, channel);
      channel.closeFuture().addListener(closed -> open.remove(name, channel));
    }
  }

  /** Whether there is a process before this one that gave it some. */
  public boolean inherits() {
    return !inherited.isEmpty();
  }

  /**
   * All that are open, in no order.
   *
   * @throws HandoverException when one of them cannot be handed over
   */
  Map<String, FileDescriptor> descriptors() throws HandoverException {
    Map<String, FileDescriptor> descriptors = new LinkedHashMap<>();
    for (Map.Entry<String, Channel> each : open.entrySet()) {
      if (each.getValue() instanceof ServerDomainSocketChannel) {
        // Whoever closes it removes its file, whoever else listens there.
        throw new HandoverException(
            each.getKey() + " is a Unix socket, which stays with its process");
      }
      if (!(each.getValue() instanceof UnixChannel known)) {
        throw new HandoverException("this transport cannot hand sockets over (expected: epoll)");
      }
      descriptors.put(each.getKey(), known.fd());
    }
    return descriptors;
  }

  /**
   * Leaves new connections to the process that listens on the same sockets, before they are closed
   * here: what is accepted as its listener closes would be lost. Blocks until no more is accepted.
   */
  public void stopAccepting() {
    open.values()
        .forEach(
            channel ->
                channel
                    .eventLoop()
                    .submit(() -> channel.config().setAutoRead(false))
                    .awaitUninterruptibly());
  }

  /** Closes what was handed to this process and it has no listener for. */
  public void closeUnclaimed() {
    inherited
        .keySet()
        .forEach(
            name -> {
              FileDescriptor unclaimed = inherited.remove(name);
              if (unclaimed != null) {
                close(name, unclaimed);
              }
            });
  }

  private static void close(String name, FileDescriptor unclaimed) {
    try {
      unclaimed.close();
      LOG.info("{} has no listener any more", name);
    } catch (IOException e) {
      LOG.warn("{} was taken over, has no listener, and cannot be closed", name, e);
    }
  }
}
