package io.sentinelgateway.origin;

import io.netty.channel.Channel;
import io.sentinelgateway.config.ConnectionsConfig;
import io.sentinelgateway.schema.Address;
import io.sentinelgateway.schema.IpAddress;
import io.sentinelgateway.wire.Wire;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Opens connections on one event loop: name resolution, transport and timeout are the library's.
 * Confined to the loop.
 *
 * <p>A client of the library has one local address, so there is one for each that is in use.
 */
final class Dialer {

  /** The system chooses. */
  private static final String ANY = "";

  private final Vertx vertx;
  private final Context home;
  private final Map<String, Line> lines = new HashMap<>();
  private boolean closed;

  /**
   * @param home connections live as long as it, whoever needs one first
   */
  Dialer(Vertx vertx, Context home) {
    this.vertx = vertx;
    this.home = home;
  }

  void dial(
      Address address,
      ConnectionsConfig settings,
      Consumer<Channel> connected,
      Handler<Throwable> failed) {
    if (closed) {
      failed.handle(new ClosedChannelException());
      return;
    }
    ConnectOptions options =
        new ConnectOptions()
            .setRemoteAddress(socketAddress(address))
            .setTimeout((int) Math.max(1, settings.connectTimeout().toMillis()));
    String local = address.unix() ? ANY : settings.localAddress().map(IpAddress::text).orElse(ANY);
    Line line = lines.computeIfAbsent(local, this::line);
    line.uses++;
    Wire.within(home, () -> line.client.connect(options))
        .onComplete(
            socket -> connected.accept(line.bare(socket)),
            t -> {
              line.uses--;
              failed.handle(t);
            });
  }

  private Line line(String local) {
    NetClientOptions options = new NetClientOptions().setTcpNoDelay(true);
    if (!local.equals(ANY)) {
      options.setLocalAddress(local);
    }
    return new Line(Wire.within(home, () -> vertx.createNetClient(options)));
  }

  private static SocketAddress socketAddress(Address address) {
    return address.unix()
        ? SocketAddress.domainSocketAddress(address.host())
        : SocketAddress.inetSocketAddress(address.port(), address.host());
  }

  /** Frees what served a local address that nothing uses any more. */
  void sweep() {
    lines.entrySet().removeIf(each -> !each.getKey().equals(ANY) && each.getValue().freed());
  }

  /** Local addresses for which something is held. */
  int lines() {
    return lines.size();
  }

  Future<Void> close() {
    closed = true;
    List<Future<Void>> closing = lines.values().stream().map(line -> line.client.close()).toList();
    return Future.join(closing).mapEmpty();
  }

  /** What connections from one local address need. */
  private static final class Line {
    private final NetClient client;
    private int uses;
    private boolean rested;

    private Line(NetClient client) {
      this.client = client;
    }

    private Channel bare(NetSocket socket) {
      Channel channel = Wire.bare(socket);
      channel.closeFuture().addListener(closed -> uses--);
      return channel;
    }

    /** Closed when two looks in a row find no connection: the next one may be on its way. */
    private boolean freed() {
      boolean free = uses == 0;
      if (free && rested) {
        client.close();
      }
      boolean now = free && rested;
      rested = free;
      return now;
    }
  }
}
