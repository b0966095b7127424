package io.sentinelgateway.gateway;

import static io.sentinelgateway.gateway.GatewayFixture.upstream;
import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.FreePort;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent a second time, and what must not be (RFC 9110 section 9.2.2). */
class RetryTest {

  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  @TempDir Path folder;

  private static String request(String method, String content) {
    return method
        + " / HTTP/1.1\r\nHost: a\r\nContent-Length: "
        + content.length()
        + "\r\n\r\n"
        + content;
  }

  private GatewayFixture of(String first, String second, String retry) throws Exception {
    return GatewayFixture.start(
        folder,
        """
        upstreams:
          origin: {targets: [{address: "%s"}, {address: "%s"}]}
        routes: {all: {forward: {upstream: origin, retry: %s}}}
        """
            .formatted(first, second, retry));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST", "PATCH"})
  void retriesOnAnotherTargetWhenConnectFails(String method) throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = of(FreePort.address(), origin.address(), "{}");
        RawClient client = gateway.client()) {
      for (int i = 0; i < 4; i++) {
        client.send(request(method, "content " + i));
        assertThat(client.answer().body()).isEqualTo("ok");
        assertThat(origin.requests().get(i)).endsWith("content " + i);
      }

      assertThat(gateway.accessLog(4))
          .anySatisfy(
              line -> {
                assertThat(line.getInteger("attempts")).isEqualTo(2);
                assertThat(line.getInteger("status")).isEqualTo(200);
                assertThat(line.containsKey("reason")).isFalse();
                assertThat(line.getString("server")).isEqualTo(origin.address());
              });
      assertThat(gateway.metric("sentinel_upstream_retries_total{upstream=\"origin\"}"))
          .isPositive();
      assertThat(gateway.target(0, 0).getInteger("failures")).isPositive();
      assertThat(gateway.target(0, 1).getInteger("failures")).isZero();
    }
  }

  @Test
  void doesNotRetryConnectFailuresWhenToldSo() throws Exception {
    try (GatewayFixture gateway = of(FreePort.address(), FreePort.address(), "{on: [reset]}")) {
      assertThat(gateway.get("/").reason()).isEqualTo("connect_refused");
      assertThat(gateway.accessLine().getInteger("attempts")).isEqualTo(1);
    }
  }

  /** The first connection serves one request and is closed as the second one goes out. */
  private static ScriptedOrigin closingAsTheSecondRequestComes() throws IOException {
    return ScriptedOrigin.start(
        peer -> {
          if (peer.number() == 1) {
            peer.request();
            peer.write(OK);
            peer.request();
          } else {
            peer.answerAll(OK);
          }
        });
  }

  @Test
  void retriesAnIdempotentRequestOnAStaleConnection() throws Exception {
    try (ScriptedOrigin origin = closingAsTheSecondRequestComes();
        GatewayFixture gateway =
            GatewayFixture.start(
                folder,
                upstream(origin)
                    + "routes: {all: {forward: {upstream: origin, retry: {on: [stale-connection]}}}}\n");
        RawClient client = gateway.client()) {
      assertThat(client.get("/1").body()).isEqualTo("ok");
      assertThat(client.get("/2").body()).isEqualTo("ok");

      assertThat(origin.requests()).hasSize(3);
      assertThat(origin.connections()).isEqualTo(2);
      assertThat(gateway.accessLog(2).get(1).getInteger("attempts")).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "content"})
  void neverSendsAPostTwiceOnAStaleConnection(String content) throws Exception {
    try (ScriptedOrigin origin = closingAsTheSecondRequestComes();
        GatewayFixture gateway = GatewayFixture.before(folder, origin);
        RawClient client = gateway.client()) {
      assertThat(client.get("/1").body()).isEqualTo("ok");
      client.send(request("POST", content));

      assertThat(client.answer().reason()).isEqualTo("upstream_reset");
      assertThat(origin.requests()).hasSize(2);
      assertThat(gateway.accessLog(2).get(1).getInteger("attempts")).isEqualTo(1);
    }
  }

  @Test
  void takesANewConnectionWhenTheOriginHasClosedTheOldOne() throws Exception {
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(
                peer -> {
                  peer.request();
                  peer.write(OK);
                });
        GatewayFixture gateway = GatewayFixture.before(folder, origin);
        RawClient client = gateway.client()) {
      for (int i = 1; i <= 3; i++) {
        client.send(request("POST", "x"));
        assertThat(client.answer().body()).isEqualTo("ok");
        Eventually.holds(
            () ->
                gateway.metric("sentinel_pool_connections{state=\"idle\",upstream=\"origin\"}")
                    == 0);
      }
      assertThat(origin.requests()).hasSize(3);
    }
  }

  @Test
  void retriesAResetOfAnIdempotentRequestOnAnotherTarget() throws Exception {
    try (ScriptedOrigin bad =
            ScriptedOrigin.start(
                peer -> {
                  peer.request();
                  peer.reset();
                });
        ScriptedOrigin good = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = of(bad.address(), good.address(), "{attempts: 2}")) {
      for (int i = 0; i < 4; i++) {
        assertThat(gateway.get("/").body()).isEqualTo("ok");
      }
      assertThat(bad.requests()).isNotEmpty();
      assertThat(good.requests()).hasSize(4);
    }
  }

  @Test
  void retriesTheStatusesThatAreListed() throws Exception {
    try (ScriptedOrigin bad =
            ScriptedOrigin.answering(
                "HTTP/1.1 503 Service Unavailable", "Content-Length: 4", "", "busy");
        ScriptedOrigin good = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = of(bad.address(), good.address(), "{on: [\"503\"]}");
        RawClient client = gateway.client()) {
      for (int i = 0; i < 4; i++) {
        assertThat(client.get("/").body()).isEqualTo("ok");
      }
      int sent = bad.requests().size();
      assertThat(sent).isPositive();
      // Not for a method that may have had an effect: one of two turns meets the busy one.
      int busy = 0;
      for (int i = 0; i < 2; i++) {
        client.send(request("POST", ""));
        busy += client.answer().status() == 503 ? 1 : 0;
      }
      assertThat(busy).isEqualTo(1);
      assertThat(bad.requests()).hasSize(sent + 1);
    }
  }

  @Test
  void givesTheLastAnswerWhenAttemptsAreUsedUp() throws Exception {
    try (ScriptedOrigin bad =
            ScriptedOrigin.answering(
                "HTTP/1.1 503 Service Unavailable", "X-Bad: 1", "Content-Length: 4", "", "busy");
        GatewayFixture gateway =
            GatewayFixture.start(
                folder,
                upstream(bad)
                    + "routes: {all: {forward: {upstream: origin, retry: {attempts: 3, on:"
                    + " [\"503\"]}}}}\n")) {
      Answer answer = gateway.get("/");

      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.field("x-bad")).contains("1");
      assertThat(answer.body()).isEqualTo("busy");
      assertThat(bad.requests()).hasSize(3);
      assertThat(gateway.accessLine().getInteger("attempts")).isEqualTo(3);
    }
  }

  @Test
  void retriesATimeoutOnlyWhenToldSo() throws Exception {
    try (ScriptedOrigin slow = ScriptedOrigin.start(ScriptedOrigin.Peer::awaitClose);
        ScriptedOrigin good = ScriptedOrigin.ok("ok");
        GatewayFixture gateway =
            GatewayFixture.start(
                folder,
                """
                upstreams:
                  origin: {targets: [{address: "%s"}, {address: "%s"}], timeouts: {response: 100ms}}
                routes:
                  told: {match: {path: /told}, forward: {upstream: origin, retry: {on: [timeout]}}}
                  all: {forward: {upstream: origin}}
                """
                    .formatted(slow.address(), good.address()))) {
      assertThat(gateway.get("/told").body()).isEqualTo("ok");
      assertThat(gateway.get("/told").body()).isEqualTo("ok");
      assertThat(java.util.List.of(gateway.get("/").status(), gateway.get("/").status()))
          .containsExactlyInAnyOrder(200, 504);
    }
  }

  @Test
  void keepsRetriesWithinTheirBudget() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(
                peer -> {
                  String request = peer.request().orElseThrow();
                  if (request.startsWith("GET /hold") && peer.number() > 1) {
                    peer.await(release);
                    peer.write(OK);
                  }
                });
        GatewayFixture gateway =
            GatewayFixture.start(
                folder,
                upstream(origin)
                    + "routes: {all: {forward: {upstream: origin, retry: {budget: 0%,"
                    + " budget-minimum: 1}}}}\n");
        RawClient holding = gateway.client()) {
      // Its first attempt fails, its retry is held: that is the only one allowed at once.
      holding.send(RawClient.request("GET", "/hold"));
      Eventually.holds(() -> origin.requests().size() == 2);

      assertThat(gateway.get("/").reason()).isEqualTo("upstream_reset");
      assertThat(gateway.accessLine().getInteger("attempts")).isEqualTo(1);
      release.countDown();
      assertThat(holding.answer().body()).isEqualTo("ok");
      assertThat(gateway.get("/").reason()).isEqualTo("upstream_reset");
      assertThat(gateway.accessLog(3).get(2).getInteger("attempts")).isEqualTo(3);
    }
  }

  @Test
  void stopsTryingWhenTheClientLeaves() throws Exception {
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(
                peer -> {
                  peer.request();
                  peer.awaitClose();
                });
        GatewayFixture gateway =
            GatewayFixture.start(
                folder,
                upstream(origin)
                    + "routes: {all: {forward: {upstream: origin, retry: {on: [reset,"
                    + " timeout]}}}}\n")) {
      try (RawClient client = gateway.client()) {
        client.send(RawClient.request("GET", "/"));
        Eventually.holds(() -> origin.requests().size() == 1);
      }
      assertThat(gateway.accessLine().getInteger("attempts")).isEqualTo(1);
      assertThat(origin.requests()).hasSize(1);
    }
  }
}
