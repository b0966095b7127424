package io.sentinelgateway.origin;

import io.sentinelgateway.schema.Address;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** An origin server that takes connections and says nothing. */
final class QuietOrigin {

  private final AtomicInteger accepted = new AtomicInteger();
  private final Set<NetSocket> open = ConcurrentHashMap.newKeySet();
  private final NetServer server;

  QuietOrigin(Vertx vertx) throws Exception {
    this(vertx, 0);
  }

  QuietOrigin(Vertx vertx, int port) throws Exception {
    server = vertx.createNetServer().connectHandler(this::accept);
    server.listen(port, "127.0.0.1").await(20, TimeUnit.SECONDS);
  }

  private void accept(NetSocket socket) {
    accepted.incrementAndGet();
    open.add(socket);
    socket.closeHandler(v -> open.remove(socket));
  }

  Address address() {
    return new Address("127.0.0.1", server.actualPort());
  }

  /** Connections so far. */
  int accepted() {
    return accepted.get();
  }

  /** Connections now. */
  int open() {
    return open.size();
  }

  /** Closes some connection, if there is one. */
  void closeOne() {
    open.stream().findAny().filter(open::remove).ifPresent(NetSocket::close);
  }

  void close() throws Exception {
    server.close().await(20, TimeUnit.SECONDS);
  }
}
