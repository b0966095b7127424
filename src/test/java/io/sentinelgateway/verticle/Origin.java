package io.sentinelgateway.verticle;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An origin server that says its name. {@code /stream} is answered chunk by chunk when the test
 * says so, {@code /hold} when the test lets go, {@code /echo} with the request's content, {@code
 * /proto} with X-Forwarded-Proto.
 */
public final class Origin implements AutoCloseable {

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final String name;
  private final String host;
  private final AtomicLong requests = new AtomicLong();
  private final AtomicInteger connections = new AtomicInteger();
  private final Queue<HttpServerResponse> streams = new ConcurrentLinkedQueue<>();
  private final Queue<HttpServerResponse> held = new ConcurrentLinkedQueue<>();
  private volatile boolean failing;
  private HttpServer server;
  private int port;

  private Origin(String name, String host, int port) {
    this.name = name;
    this.host = host;
    this.port = port;
  }

  public static Origin start(String name) {
    return start(name, "127.0.0.1", 0);
  }

  /**
   * @param port 0: any
   */
  public static Origin start(String name, String host, int port) {
    Origin origin = new Origin(name, host, port);
    origin.open();
    return origin;
  }

  /** Opens again on the same port. */
  void open() {
    server =
        vertx
            // A server that also knows h2c sees a connection only with its first bytes.
            .createHttpServer(new HttpServerOptions().setHttp2ClearTextEnabled(false))
            .connectionHandler(
                connection -> {
                  connections.incrementAndGet();
                  connection.closeHandler(v -> connections.decrementAndGet());
                })
            .requestHandler(this::answer);
    server.listen(port, host).await();
    port = server.actualPort();
  }

  private void answer(HttpServerRequest request) {
    requests.incrementAndGet();
    if (failing) {
      request.connection().close();
    } else if (request.path().endsWith("/stream")) {
      HttpServerResponse response = request.response().setChunked(true);
      response.write("first");
      streams.add(response);
    } else if (request.path().endsWith("/hold")) {
      held.add(request.response());
    } else if (request.path().endsWith("/echo")) {
      request.body().onSuccess(content -> request.response().end(content));
    } else if (request.path().endsWith("/proto")) {
      request.response().end(String.valueOf(request.getHeader("x-forwarded-proto")));
    } else {
      request.response().putHeader("x-target", request.uri()).end(name);
    }
  }

  /** Cuts every connection and refuses new ones. */
  void kill() {
    server.close().await();
  }

  void failing(boolean now) {
    failing = now;
  }

  void stream(String text) {
    streams.forEach(response -> response.write(text));
  }

  void endStreams() {
    streams.forEach(HttpServerResponse::end);
  }

  public int held() {
    return held.size();
  }

  public void release() {
    held.forEach(response -> response.end(name));
    held.clear();
  }

  public int port() {
    return port;
  }

  public String address() {
    return host + ":" + port;
  }

  public long requests() {
    return requests.get();
  }

  public int connections() {
    return connections.get();
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
