package io.sentinelgateway.discovery;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * An API server that lists what it is given, and leaves its watches to the test: events, bookmarks,
 * errors, half lines, cuts.
 */
final class ScriptedCluster implements AutoCloseable {

  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private final Queue<String> asked = new ConcurrentLinkedQueue<>();
  private final Queue<String> tokens = new ConcurrentLinkedQueue<>();
  private volatile String slices = "";
  private volatile int version = 100;
  private volatile int watchStatus = 200;
  private volatile int refusal = 200;
  private volatile String why = "";
  private volatile HttpServerResponse watch;

  ScriptedCluster(HttpServerOptions options) {
    server =
        vertx.createHttpServer(options).requestHandler(this::handle).listen(0, "127.0.0.1").await();
  }

  int port() {
    return server.actualPort();
  }

  private void handle(HttpServerRequest request) {
    asked.add(request.uri());
    tokens.add(String.valueOf(request.getHeader("authorization")));
    if (refusal != 200) {
      request
          .response()
          .setStatusCode(refusal)
          .end("{\"kind\": \"Status\", \"message\": \"%s\"}".formatted(why));
    } else if (request.getParam("watch") == null) {
      request
          .response()
          .end(
              "{\"metadata\": {\"resourceVersion\": \"%d\"}, \"items\": [%s]}"
                  .formatted(version, slices));
    } else if (watchStatus == 200) {
      HttpServerResponse response = request.response().setChunked(true);
      response.writeHead();
      watch = response;
    } else {
      request.response().setStatusCode(watchStatus).end();
    }
  }

  /** What a list gives from now on. */
  void lists(int now, String... all) {
    slices = String.join(",", all);
    version = now;
  }

  void watchesEndWith(int status) {
    watchStatus = status;
  }

  /** Every request, until the status is 200. */
  void refuses(int status, String message) {
    why = message;
    refusal = status;
  }

  /** Uris in the order in which they were asked for. */
  Queue<String> asked() {
    return asked;
  }

  long lists() {
    return asked.stream().filter(uri -> !uri.contains("watch=true")).count();
  }

  long watches() {
    return asked.size() - lists();
  }

  Queue<String> tokens() {
    return tokens;
  }

  boolean watched() {
    return watch != null;
  }

  void event(String type, String object) {
    write("{\"type\": \"%s\", \"object\": %s}\n".formatted(type, object.replace("\n", "")));
  }

  void write(String text) {
    watch.write(text);
  }

  void endWatch() {
    HttpServerResponse last = watch;
    watch = null;
    last.end();
  }

  void cutWatch() {
    HttpServerResponse last = watch;
    watch = null;
    last.reset();
  }

  static String slice(String name, int version, String... endpoints) {
    return """
        {"metadata": {"name": "%s", "resourceVersion": "%d"}, "addressType": "IPv4",
         "ports": [{"name": "http", "port": 8080, "protocol": "TCP"},
                   {"name": "admin", "port": 9901, "protocol": "TCP"}],
         "endpoints": [%s]}
        """
        .formatted(name, version, String.join(",", endpoints));
  }

  static String ready(String ip) {
    return endpoint(ip, "\"ready\": true", "");
  }

  static String endpoint(String ip, String conditions, String more) {
    return "{\"addresses\": [\"%s\"], \"conditions\": {%s}%s}".formatted(ip, conditions, more);
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
