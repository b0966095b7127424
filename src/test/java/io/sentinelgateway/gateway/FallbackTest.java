package io.sentinelgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.FreePort;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another upstream answers when the first one cannot. */
class FallbackTest {

  private static final String BUSY =
      "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nbusy";

  @TempDir Path folder;

  private GatewayFixture of(String first, String settings, ScriptedOrigin spare) throws Exception {
    return GatewayFixture.start(
        folder,
        """
        upstreams:
          origin: {targets: [{address: "%s"}], %s}
          spare: {targets: [{address: "%s"}]}
        routes: {all: {forward: {upstream: origin}}}
        """
            .formatted(first, settings, spare.address()));
  }

  @Test
  void answersForAnOpenBreaker() throws Exception {
    try (ScriptedOrigin busy = ScriptedOrigin.start(peer -> peer.answerAll(BUSY));
        ScriptedOrigin spare = ScriptedOrigin.ok("spare");
        GatewayFixture gateway =
            of(
                busy.address(),
                "circuit-breaker: {minimum: 1, per: upstream}, fallback: {upstream: spare}",
                spare)) {
      assertThat(gateway.get("/").body()).isEqualTo("busy");
      assertThat(gateway.get("/").body()).isEqualTo("spare");
      assertThat(gateway.accessLog(2).get(1).getString("upstream")).isEqualTo("spare");
      assertThat(gateway.metric("sentinel_upstream_fallbacks_total{upstream=\"origin\"}"))
          .isEqualTo(1);
    }
  }

  @Test
  void answersForAnUpstreamThatHasTooMuchToDo() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    try (ScriptedOrigin slow =
            ScriptedOrigin.start(
                peer -> {
                  peer.request();
                  peer.await(release);
                  peer.write(ScriptedOrigin.sized("slow"));
                });
        ScriptedOrigin spare = ScriptedOrigin.ok("spare");
        GatewayFixture gateway =
            of(slow.address(), "limits: {requests: 1}, fallback: {upstream: spare}", spare);
        RawClient first = gateway.client()) {
      first.send(RawClient.request("GET", "/"));
      Eventually.holds(() -> slow.requests().size() == 1);
      assertThat(gateway.get("/").body()).isEqualTo("spare");
      release.countDown();
      assertThat(first.answer().body()).isEqualTo("slow");
    }
  }

  @Test
  void answersForAStatusWhereTheRequestCanBeSentAgain() throws Exception {
    try (ScriptedOrigin busy = ScriptedOrigin.start(peer -> peer.answerAll(BUSY));
        ScriptedOrigin spare = ScriptedOrigin.ok("spare");
        GatewayFixture gateway =
            of(busy.address(), "fallback: {upstream: spare, on: [\"503\"]}", spare);
        RawClient client = gateway.client()) {
      assertThat(client.get("/").body()).isEqualTo("spare");
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx");
      assertThat(client.answer().body()).isEqualTo("busy");
      assertThat(spare.requests()).hasSize(1);
    }
  }

  @Test
  void answersForAFailureWhereNothingWasSent() throws Exception {
    String refusing = FreePort.address();
    try (ScriptedOrigin spare = ScriptedOrigin.ok("spare");
        GatewayFixture gateway = of(refusing, "fallback: {upstream: spare, on: [failure]}", spare);
        RawClient client = gateway.client()) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx");
      assertThat(client.answer().body()).isEqualTo("spare");
      assertThat(spare.request()).endsWith("x");
    }
  }

  @Test
  void answersForAnUpstreamWithoutTargets() throws Exception {
    try (ScriptedOrigin resetting =
            ScriptedOrigin.start(
                peer -> {
                  peer.request();
                  peer.reset();
                });
        ScriptedOrigin spare = ScriptedOrigin.ok("spare");
        GatewayFixture gateway =
            of(
                resetting.address(),
                "health: {passive: {consecutive-failures: 1, eject-for: 1h, max-ejected: 100%}},"
                    + " fallback: {upstream: spare, on: [no-target]}",
                spare)) {
      Eventually.value(() -> gateway.get("/"), answer -> answer.status() == 200);
      assertThat(gateway.get("/").body()).isEqualTo("spare");
    }
  }
}
