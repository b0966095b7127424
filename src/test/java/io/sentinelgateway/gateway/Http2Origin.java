package io.sentinelgateway.gateway;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A real origin server that speaks HTTP/2, and answers as a test tells it. */
final class Http2Origin implements AutoCloseable {

  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger connections = new AtomicInteger();
  private final HttpServer server;

  private Http2Origin(int streams, Handler<HttpServerRequest> serve) throws Exception {
    this(settings(streams), serve);
  }

  private Http2Origin(HttpServerOptions options, Handler<HttpServerRequest> serve)
      throws Exception {
    server =
        vertx
            .createHttpServer(options.setPort(0).setHost("127.0.0.1"))
            .connectionHandler(c -> connections.incrementAndGet())
            .requestHandler(serve)
            .listen()
            .await(20, TimeUnit.SECONDS);
  }

  static Http2Origin start(Handler<HttpServerRequest> serve) throws Exception {
    return start(100, serve);
  }

  /**
   * @param streams at once on one connection
   */
  static Http2Origin start(int streams, Handler<HttpServerRequest> serve) throws Exception {
    return new Http2Origin(streams, serve);
  }

  /**
   * One that speaks TLS, with a certificate in a folder, and offers these by ALPN.
   *
   * @param versions none: it does not know ALPN
   */
  static Http2Origin secure(Path folder, String name, List<HttpVersion> versions) throws Exception {
    HttpServerOptions options =
        new HttpServerOptions()
            .setSsl(true)
            .setUseAlpn(!versions.isEmpty())
            .setKeyCertOptions(
                new PemKeyCertOptions()
                    .setCertPath(folder.resolve(name + ".crt").toString())
                    .setKeyPath(folder.resolve(name + ".key").toString()));
    if (!versions.isEmpty()) {
      options.setAlpnVersions(versions);
    }
    return new Http2Origin(
        options, request -> request.response().end(String.valueOf(request.version())));
  }

  private static HttpServerOptions settings(int streams) {
    HttpServerOptions options = new HttpServerOptions();
    options.getInitialSettings().setMaxConcurrentStreams(streams);
    return options;
  }

  String address() {
    return "127.0.0.1:" + server.actualPort();
  }

  /** An upstream that consists of it. */
  String upstream(String... settings) {
    String[] all = new String[settings.length + 1];
    all[0] = "protocol: http2";
    System.arraycopy(settings, 0, all, 1, settings.length);
    return GatewayFixture.upstream(address(), all)
        + "routes: {all: {forward: {upstream: origin}}}\n";
  }

  /** Connections accepted so far. */
  int connections() {
    return connections.get();
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }
}
