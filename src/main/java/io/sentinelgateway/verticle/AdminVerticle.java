package io.sentinelgateway.verticle;

import io.sentinelgateway.admin.AdminRouter;
import io.sentinelgateway.bus.Topics;
import io.sentinelgateway.bus.Topics.PreparedAdmin;
import io.sentinelgateway.config.AdminConfig;
import io.sentinelgateway.handover.ListeningSockets;
import io.sentinelgateway.listener.ListenerAddress;
import io.sentinelgateway.schema.Address;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The administration listener; it moves when a configuration says so. */
final class AdminVerticle extends VerticleBase {

  private static final Duration LAST_ANSWERS = Duration.ofSeconds(5);

  private final AdminView view;
  private final ListeningSockets sockets;
  private volatile AdminConfig config;
  private volatile @Nullable HttpServer server;
  private @Nullable HttpServer prepared;

  AdminVerticle(AdminConfig config, AdminView view, ListeningSockets sockets) {
    this.config = config;
    this.view = view;
    this.sockets = sockets;
  }

  @Override
  public Future<?> start() {
    Topics.PREPARE_ADMIN.serve(vertx, message -> prepare(message.config().admin().address()));
    Topics.ABANDONED.subscribe(vertx, message -> abandon());
    Topics.IN_FORCE.subscribe(vertx, message -> adopt(message.snapshot().config().admin()));
    return open(config.address()).onSuccess(opened -> server = opened);
  }

  private Future<HttpServer> open(Address address) {
    SocketAddress socket =
        address.unix()
            ? SocketAddress.domainSocketAddress(address.host())
            : SocketAddress.inetSocketAddress(address.port(), address.host());
    return sockets
        .open(
            ListenerAddress.name("admin", address),
            () ->
                vertx
                    .createHttpServer(AdminRouter.serverOptions())
                    .requestHandler(AdminRouter.create(vertx, () -> config, view))
                    .listen(socket))
        .recover(
            e -> Future.failedFuture(new ListenerFailedException(List.of("admin"), address, e)));
  }

  /** The bound port; -1 for a Unix socket. */
  int port() {
    HttpServer open = server;
    return open == null || config.address().unix() ? -1 : open.actualPort();
  }

  /** Another process answers here from now on. Thread-safe. */
  void leave() {
    HttpServer open = server;
    if (open != null) {
      open.shutdown(LAST_ANSWERS);
    }
  }

  private Future<PreparedAdmin> prepare(Address address) {
    if (address.equals(config.address())) {
      return Future.succeededFuture(new PreparedAdmin(address));
    }
    return open(address)
        .map(
            opened -> {
              prepared = opened;
              return new PreparedAdmin(address);
            });
  }

  private void abandon() {
    HttpServer unwanted = prepared;
    prepared = null;
    if (unwanted != null) {
      unwanted.close();
    }
  }

  /** A request under way, such as the one that asked for the reload, is still answered. */
  private void adopt(AdminConfig next) {
    config = next;
    HttpServer opened = prepared;
    HttpServer old = server;
    prepared = null;
    if (opened != null) {
      server = opened;
      if (old != null) {
        old.shutdown(LAST_ANSWERS);
      }
    }
  }
}
