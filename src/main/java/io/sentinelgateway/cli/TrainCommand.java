package io.sentinelgateway.cli;

import io.sentinelgateway.source.Sources;
import io.sentinelgateway.verticle.Gateway;
import io.sentinelgateway.verticle.Gateway.Start;
import io.sentinelgateway.yaml.ConfigReader;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * {@code sentinel train}: starts a gateway with an origin of its own, passes some requests through
 * it and ends. The launcher runs it once to record which classes a start needs; the JVM then maps
 * them from an archive instead of loading them one by one.
 */
@Command(
    name = "train",
    hidden = true,
    description = "Starts, serves a few requests of its own and ends.")
final class TrainCommand implements Callable<Integer> {

  private static final int REQUESTS = 200;

  @Override
  public Integer call() throws IOException {
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    HttpServer origin =
        vertx
            .createHttpServer()
            .requestHandler(request -> request.response().end("hello"))
            .listen(0, "127.0.0.1")
            .await();
    Sources sources = Sources.of("(training)", yaml(origin.actualPort()));
    ConfigReader reader = ConfigOption.reader();
    Gateway gateway =
        Gateway.start(
                new Start(
                    reader.read(sources),
                    sources,
                    false,
                    () -> sources,
                    reader,
                    "",
                    Version.number()))
            .await();
    request(gateway.port("web").orElseThrow());
    gateway.close().await();
    vertx.close().await();
    return Sentinel.OK;
  }

  private static String yaml(int origin) {
    return """
        version: 1
        server: {instances: 1, quiet-period: 0s, warm-up: {duration: 20s, requests: 40000}}
        admin: {address: "127.0.0.1:0"}
        log: {access: {to: none}, level: warn}
        listeners: {web: {address: "127.0.0.1:0"}}
        upstreams: {origin: {targets: [{address: "127.0.0.1:%d"}]}}
        filters: {id: {type: request-id}, careful: {type: security-headers}}
        routes:
          alive: {match: {path: /healthz}, respond: {builtin: health}}
          all: {match: {path: {prefix: /}}, filters: [id, careful], forward: {upstream: origin}}
        tests:
          - {request: "GET http://a.example/x", expect: {route: all, upstream: origin}}
        """
        .formatted(origin);
  }

  private static void request(int port) throws IOException {
    byte[] request =
        "GET /x HTTP/1.1\r\nHost: a.example\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    byte[] answer = new byte[8192];
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      OutputStream out = socket.getOutputStream();
      InputStream in = socket.getInputStream();
      for (int i = 0; i < REQUESTS; i++) {
        out.write(request);
        out.flush();
        if (in.read(answer) < 0) {
          throw new IOException("the gateway closed the connection");
        }
      }
    }
  }
}
