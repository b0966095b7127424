package io.sentinelgateway.health;

import io.sentinelgateway.tls.TestCertificates;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Servers that checks are tried on; they count connections that are open. */
final class ProbeServers implements AutoCloseable {

  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger open = new AtomicInteger();

  Vertx vertx() {
    return vertx;
  }

  int open() {
    return open.get();
  }

  /** Writes server.crt and server.key for this name. */
  static void certificate(Path folder, String name) throws IOException {
    TestCertificates.write(folder, "server", Instant.now().minusSeconds(60), name);
  }

  static PemKeyCertOptions key(Path folder) {
    return new PemKeyCertOptions()
        .setCertPath(folder.resolve("server.crt").toString())
        .setKeyPath(folder.resolve("server.key").toString());
  }

  /** Listens with these options; in the clear it knows HTTP/2 too. */
  int http(HttpServerOptions options, Consumer<HttpServerRequest> answer) {
    return vertx
        .createHttpServer(options)
        .requestHandler(answer::accept)
        .listen(0, "127.0.0.1")
        .await()
        .actualPort();
  }

  int http(Consumer<HttpServerRequest> answer) {
    return http(new HttpServerOptions(), answer);
  }

  void unix(Path path, Consumer<HttpServerRequest> answer) {
    vertx
        .createHttpServer()
        .requestHandler(answer::accept)
        .listen(SocketAddress.domainSocketAddress(path.toString()))
        .await();
  }

  int tcp(NetServerOptions options, Consumer<NetSocket> peer) {
    return vertx
        .createNetServer(options)
        .connectHandler(
            socket -> {
              open.incrementAndGet();
              socket.closeHandler(closed -> open.decrementAndGet());
              peer.accept(socket);
            })
        .listen(0, "127.0.0.1")
        .await()
        .actualPort();
  }

  int tcp(Consumer<NetSocket> peer) {
    return tcp(new NetServerOptions(), peer);
  }

  /** Answers gRPC with this message in its frame, and status 0. */
  static void grpc(HttpServerRequest request, int... message) {
    Buffer framed = Buffer.buffer().appendByte((byte) 0).appendInt(message.length);
    for (int octet : message) {
      framed.appendByte((byte) octet);
    }
    request.response().putHeader("content-type", "application/grpc");
    request.response().putTrailer("grpc-status", "0");
    request.response().setChunked(true).end(framed);
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
