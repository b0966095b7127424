package io.sentinelgateway.verticle;

import io.sentinelgateway.admin.AdminRouter;
import io.sentinelgateway.bus.Topics;
import io.sentinelgateway.config.Address;
import io.sentinelgateway.config.AdminConfig;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.SocketAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The administration listener; it moves when a configuration says so. */
final class AdminVerticle extends VerticleBase {

  private static final Logger LOG = LoggerFactory.getLogger(AdminVerticle.class);

  private final AdminView view;
  private volatile AdminConfig config;
  private @Nullable HttpServer server;

  AdminVerticle(AdminConfig config, AdminView view) {
    this.config = config;
    this.view = view;
  }

  @Override
  public Future<?> start() {
    Topics.IN_FORCE.subscribe(vertx, message -> adopt(message.snapshot().config().admin()));
    return open(config.address());
  }

  private Future<HttpServer> open(Address address) {
    SocketAddress socket =
        address.unix()
            ? SocketAddress.domainSocketAddress(address.host())
            : SocketAddress.inetSocketAddress(address.port(), address.host());
    return vertx
        .createHttpServer(AdminRouter.serverOptions())
        .requestHandler(AdminRouter.create(vertx, () -> config, view))
        .listen(socket)
        .onSuccess(opened -> server = opened)
        .recover(e -> Future.failedFuture(new ListenerFailedException("admin", address, e)));
  }

  /** The bound port; -1 for a Unix socket. */
  int port() {
    HttpServer open = server;
    return open == null || config.address().unix() ? -1 : open.actualPort();
  }

  /** The token changes with the configuration; the address only when the new one can be opened. */
  private void adopt(AdminConfig next) {
    Address before = config.address();
    config = next;
    if (before.equals(next.address())) {
      return;
    }
    HttpServer old = server;
    open(next.address())
        .onSuccess(
            opened -> {
              if (old != null) {
                old.close();
              }
            })
        .onFailure(e -> LOG.error("the administration listener stays on {}: {}", before, e));
  }
}
