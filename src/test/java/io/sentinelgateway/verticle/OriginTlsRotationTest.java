package io.sentinelgateway.verticle;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.tls.TestCertificates;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS with origin servers while files change, over Unix sockets, and as checks speak it. */
class OriginTlsRotationTest {

  @TempDir private Path folder;

  private Vertx vertx;

  @BeforeEach
  void begin() throws IOException {
    vertx = Vertx.vertx();
    certificate("one");
    certificate("two");
  }

  @AfterEach
  void end() {
    vertx.close().await();
  }

  private void certificate(String name) throws IOException {
    TestCertificates.write(folder, name, Instant.now().minusSeconds(60), "origin.example");
  }

  private HttpServerOptions secure(String name) {
    return new HttpServerOptions()
        .setSsl(true)
        .setKeyCertOptions(
            new PemKeyCertOptions()
                .setCertPath(folder.resolve(name + ".crt").toString())
                .setKeyPath(folder.resolve(name + ".key").toString()));
  }

  private HttpServer origin(HttpServerOptions options, SocketAddress address) throws Exception {
    return Running.await(
        vertx
            .createHttpServer(options)
            .requestHandler(request -> request.response().end("ok"))
            .listen(address));
  }

  private HttpServer origin(String certificate) throws Exception {
    return origin(secure(certificate), SocketAddress.inetSocketAddress(0, "127.0.0.1"));
  }

  private String yaml(String address, String settings) {
    return Running.HEAD.replace("instances: 2", "instances: 1, reload: {poll: 1h}")
        + """
        listeners: {web: {address: "127.0.0.1:0"}}
        upstreams: {origin: {targets: [{address: "%s"}], %s}}
        routes: {all: {forward: {upstream: origin, retry: {attempts: 1}}}}
        """
            .formatted(address, settings);
  }

  private String trusting(String file) {
    return "tls: {server-name: origin.example, trust: "
        + folder.resolve(file)
        + "}, connections: {suspend-after: 0, requests-per-connection: 1}";
  }

  @Test
  void trustsOtherAuthoritiesWhenTheirFileChangesAndKeepsTheGoodOnesWhenItIsBad() throws Exception {
    Path trust = Files.copy(folder.resolve("two.crt"), folder.resolve("trust.pem"));
    HttpServer origin = origin("one");
    Path conf = Files.createDirectory(folder.resolve("conf"));
    Files.writeString(
        conf.resolve("g.yaml"), yaml("127.0.0.1:" + origin.actualPort(), trusting("trust.pem")));
    try (Running running = Running.watching(conf)) {
      Eventually.holds("the first scan", () -> running.reads() == 2);
      assertThat(running.get("/").status()).isEqualTo(502);
      Files.copy(folder.resolve("one.crt"), folder.resolve("next.pem"));
      Files.move(
          folder.resolve("next.pem"), trust, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      Eventually.holds("trusted", () -> running.get("/").status() == 200);
      Files.writeString(trust, "nothing of the kind");
      Eventually.holds("refused", () -> running.configuration().getBoolean("stale"));
      running.says("trust.pem holds no certificate");
      assertThat(running.get("/").status()).isEqualTo(200);
    }
  }

  @Test
  void connectionsInTheClearDoNotOutliveTheWishForTls() throws Exception {
    HttpServer plain =
        origin(new HttpServerOptions(), SocketAddress.inetSocketAddress(0, "127.0.0.1"));
    String address = "127.0.0.1:" + plain.actualPort();
    try (Running running = Running.of(yaml(address, "connections: {suspend-after: 0}"))) {
      assertThat(running.get("/").status()).isEqualTo(200);
      running.reload(yaml(address, trusting("one.crt")));
      assertThat(running.get("/").status()).isEqualTo(502);
    }
  }

  @Test
  void reachesUnixSocketsWithAndWithoutTls() throws Exception {
    Vertx natives = Vertx.vertx(new io.vertx.core.VertxOptions().setPreferNativeTransport(true));
    try {
      for (boolean tls : new boolean[] {false, true}) {
        Path socket = folder.resolve(tls ? "tls.sock" : "plain.sock");
        Running.await(
            natives
                .createHttpServer(tls ? secure("one") : new HttpServerOptions())
                .requestHandler(request -> request.response().end("ok"))
                .listen(SocketAddress.domainSocketAddress(socket.toString())));
        String settings = tls ? trusting("one.crt") : "host: target";
        try (Running running = Running.of(yaml("unix:" + socket, settings))) {
          assertThat(running.get("/").content()).isEqualTo("ok");
        }
      }
    } finally {
      natives.close().await();
    }
  }

  @Test
  void checksSpeakTlsAsRequestsDo() throws Exception {
    String active = "health: {active: {type: http, interval: 20ms}}";
    HttpServer origin = origin("one");
    String address = "127.0.0.1:" + origin.actualPort();
    try (Running running = Running.of(yaml(address, trusting("one.crt") + ", " + active))) {
      Eventually.holds("healthy", () -> running.get("/").status() == 200);
      running.reload(yaml(address, trusting("two.crt") + ", " + active));
      Eventually.holds(
          "not believed", () -> running.get("/").content().contains("no_target_available"));
    }
  }
}
