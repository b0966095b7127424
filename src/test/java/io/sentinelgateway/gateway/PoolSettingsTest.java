package io.sentinelgateway.gateway;

import static io.sentinelgateway.gateway.GatewayFixture.upstream;
import static io.sentinelgateway.gateway.ScriptedOrigin.sized;
import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.FreePort;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the settings of a pool do to connections, and what is told of them. */
class PoolSettingsTest {

  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final String ONCE =
      "routes: {all: {forward: {upstream: origin, retry: {attempts: 1}}}}\n";

  @TempDir Path folder;

  private GatewayFixture pooled(String address, String connections) throws Exception {
    return GatewayFixture.start(folder, upstream(address, "connections: " + connections) + ONCE);
  }

  private static double closed(GatewayFixture gateway, String reason) throws IOException {
    return gateway.metric(
        "sentinel_pool_closed_total{reason=\"" + reason + "\",upstream=\"origin\"}");
  }

  private static double opened(GatewayFixture gateway, String reason) throws IOException {
    return gateway.metric(
        "sentinel_pool_opened_total{reason=\"" + reason + "\",upstream=\"origin\"}");
  }

  @Test
  void connectsFromTheLocalAddress() throws Exception {
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(peer -> peer.answerAll(sized(peer.remote())));
        GatewayFixture gateway = pooled(origin.address(), "{local-address: 127.0.0.2}")) {
      assertThat(gateway.get("/").body()).isEqualTo("127.0.0.2");
      assertThat(gateway.get("/").body()).isEqualTo("127.0.0.2");
      assertThat(origin.connections()).isEqualTo(1);
    }
  }

  @Test
  void cannotConnectFromAnAddressThatIsNotOurs() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = pooled(origin.address(), "{local-address: 192.0.2.1}")) {
      assertThat(gateway.get("/").reason()).isEqualTo("connect_failed");
    }
  }

  @Test
  void closesAConnectionThatHasCarriedAsManyRequestsAsItMay() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = pooled(origin.address(), "{requests-per-connection: 3}")) {
      for (int i = 0; i < 7; i++) {
        assertThat(gateway.get("/").body()).isEqualTo("ok");
      }
      assertThat(origin.connections()).isEqualTo(3);
      Eventually.holds(() -> closed(gateway, "requests") == 2);
      assertThat(opened(gateway, "first")).isEqualTo(1);
      assertThat(opened(gateway, "replacement")).isEqualTo(2);
      assertThat(gateway.metric("sentinel_pool_acquired_total{upstream=\"origin\"}")).isEqualTo(7);
      assertThat(gateway.metric("sentinel_pool_reused_total{upstream=\"origin\"}")).isEqualTo(4);
    }
  }

  @Test
  void closesAConnectionBeforeTheOriginDoes() throws Exception {
    try (ScriptedOrigin origin =
            ScriptedOrigin.answering(
                "HTTP/1.1 200 OK",
                "Connection: keep-alive",
                "Keep-Alive: timeout=2, max=100",
                "Content-Length: 2",
                "",
                "ok");
        GatewayFixture gateway = pooled(origin.address(), "{}")) {
      assertThat(gateway.get("/").body()).isEqualTo("ok");
      Eventually.holds(() -> origin.open() == 0);
      assertThat(closed(gateway, "idle")).isEqualTo(1);
    }
  }

  @Test
  void replacesWarmConnectionsThatTheOriginCloses() throws Exception {
    CountDownLatch close = new CountDownLatch(1);
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(
                peer -> {
                  if (peer.number() <= 2) {
                    peer.await(close);
                  } else {
                    peer.answerAll(OK);
                  }
                });
        GatewayFixture gateway = pooled(origin.address(), "{warm: 2}")) {
      Eventually.holds(() -> origin.open() == 2);
      close.countDown();
      Eventually.holds(() -> origin.connections() == 4 && origin.open() == 2);
      assertThat(gateway.get("/").body()).isEqualTo("ok");
      assertThat(opened(gateway, "warm")).isEqualTo(4);
      assertThat(closed(gateway, "origin")).isEqualTo(2);
    }
  }

  @Test
  void failsAtOnceWhileConnectingIsSuspendedAndComesBackSoon() throws Exception {
    int port = FreePort.next();
    try (GatewayFixture gateway = pooled("127.0.0.1:" + port, "{suspend-after: 2}")) {
      assertThat(gateway.get("/").reason()).isEqualTo("connect_refused");
      assertThat(gateway.get("/").reason()).isEqualTo("connect_refused");
      Eventually.value(() -> gateway.get("/").reason(), "connect_suspended"::equals);
      assertThat(gateway.failures("connect_suspended")).isPositive();
      assertThat(
              gateway.metric(
                  "sentinel_pool_connect_failures_total{reason=\"connect_refused\","
                      + "upstream=\"origin\"}"))
          .isGreaterThanOrEqualTo(2);
      try (ScriptedOrigin revived = ScriptedOrigin.start(port, peer -> peer.answerAll(OK))) {
        Eventually.value(() -> gateway.get("/").status(), status -> status == 200);
        assertThat(revived.connections()).isEqualTo(1);
      }
    }
  }

  @Test
  void picksOtherTargetsWhileConnectingToOneIsSuspended() throws Exception {
    int port = FreePort.next();
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway =
            GatewayFixture.start(
                folder,
                "upstreams: {origin: {targets: [{address: \"127.0.0.1:"
                    + port
                    + "\"}, {address: \""
                    + origin.address()
                    + "\"}], connections: {suspend-after: 1, suspend-time: 1m}}}\n"
                    + ONCE);
        RawClient client = gateway.client()) {
      int failed = 0;
      for (int i = 0; i < 20; i++) {
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        failed += client.answer().status() == 200 ? 0 : 1;
      }
      // The one that found out; each event loop has to.
      assertThat(failed).isEqualTo(1);
      assertThat(
              gateway.metric(
                  "sentinel_pool_refused_total{reason=\"connect_suspended\",upstream=\"origin\"}"))
          .isZero();
      assertThat(gateway.target(0, 0).getInteger("failures")).isEqualTo(1);
    }
  }

  @Test
  void freesThePlaceInTheQueueOfAClientThatLeaves() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(
                peer -> {
                  for (var r = peer.request(); r.isPresent(); r = peer.request()) {
                    peer.await(go);
                    peer.write(OK);
                  }
                });
        GatewayFixture gateway = pooled(origin.address(), "{max: 1, queue: 1, queue-timeout: 1m}");
        RawClient first = gateway.client();
        RawClient third = gateway.client()) {
      first.send(RawClient.request("GET", "/1"));
      Eventually.holds(() -> origin.requests().size() == 1);
      try (RawClient second = gateway.client()) {
        second.send(RawClient.request("GET", "/2"));
        Eventually.holds(() -> pool(gateway).getInteger("pending") == 1);
        assertThat(pool(gateway).getInteger("open")).isEqualTo(1);
      }
      Eventually.holds(() -> pool(gateway).getInteger("pending") == 0);
      third.send(RawClient.request("GET", "/3"));
      Eventually.holds(() -> pool(gateway).getInteger("pending") == 1);
      go.countDown();
      assertThat(first.answer().body()).isEqualTo("ok");
      assertThat(third.answer().body()).isEqualTo("ok");
      assertThat(gateway.metric("sentinel_pool_wait_duration_seconds_count{upstream=\"origin\"}"))
          .isEqualTo(2);
      Eventually.holds(() -> pool(gateway).getInteger("idle") == 1);
    }
  }

  private static JsonObject pool(GatewayFixture gateway) throws IOException {
    return gateway.target(0, 0).getJsonObject("connections");
  }
}
