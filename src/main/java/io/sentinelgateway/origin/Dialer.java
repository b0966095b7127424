package io.sentinelgateway.origin;

import io.netty.channel.Channel;
import io.sentinelgateway.schema.Address;
import io.sentinelgateway.wire.Wire;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Opens connections on one event loop: name resolution, transport and timeout are the library's.
 * Confined to the loop.
 */
final class Dialer {

  private final Context home;
  private final NetClient client;

  /**
   * @param home connections live as long as it, whoever needs one first
   */
  Dialer(Vertx vertx, Context home) {
    this.home = home;
    this.client =
        Wire.within(home, () -> vertx.createNetClient(new NetClientOptions().setTcpNoDelay(true)));
  }

  void dial(
      Address address, Duration timeout, Consumer<Channel> connected, Handler<Throwable> failed) {
    ConnectOptions options =
        new ConnectOptions()
            .setRemoteAddress(socketAddress(address))
            .setTimeout((int) Math.max(1, timeout.toMillis()));
    Wire.within(home, () -> client.connect(options))
        .onComplete(socket -> connected.accept(Wire.bare(socket)), failed);
  }

  private static SocketAddress socketAddress(Address address) {
    return address.unix()
        ? SocketAddress.domainSocketAddress(address.host())
        : SocketAddress.inetSocketAddress(address.port(), address.host());
  }

  Future<Void> close() {
    return client.close();
  }
}
