package io.sentinelgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A second target is asked when the first one is slow. */
class HedgeTest {

  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-From: ";

  @TempDir Path folder;

  private static ScriptedOrigin fast() throws IOException {
    return ScriptedOrigin.start(peer -> peer.answerAll(OK + "fast\r\n\r\nok"));
  }

  private static ScriptedOrigin hanging() throws IOException {
    return ScriptedOrigin.start(
        peer -> {
          peer.request();
          peer.awaitClose();
        });
  }

  private GatewayFixture gateway(String more, ScriptedOrigin first, ScriptedOrigin second)
      throws Exception {
    return GatewayFixture.start(
        folder,
        """
        upstreams:
          origin: {targets: [{address: "%s"}, {address: "%s"}]}
        routes: {all: {forward: {upstream: origin, %s}}}
        """
            .formatted(first.address(), second.address(), more));
  }

  private static double hedges(GatewayFixture gateway, String result) throws IOException {
    return gateway.metric(
        "sentinel_upstream_hedges_total{result=\"" + result + "\",upstream=\"origin\"}");
  }

  @Test
  void takesTheAnswerOfTheSecondTargetAndBreaksTheFirstOneOff() throws Exception {
    try (ScriptedOrigin slow = hanging();
        ScriptedOrigin fast = fast();
        GatewayFixture gateway = gateway("hedge: {after: 30ms}", slow, fast)) {
      Answer first = gateway.get("/");
      assertThat(first.body()).isEqualTo("ok");
      assertThat(first.field("x-from")).contains("fast");
      assertThat(slow.requests()).hasSize(1);
      Eventually.value(slow::open, open -> open == 0);
      assertThat(hedges(gateway, "won")).isEqualTo(1);
      assertThat(gateway.accessLine().getString("hedge")).isEqualTo("won");
      assertThat(gateway.accessLine().getString("server")).isEqualTo(fast.address());
      // Being slower than another one is no failure.
      assertThat(gateway.target(0, 0).getInteger("failures")).isZero();
    }
  }

  @Test
  void takesTheAnswerOfTheFirstTargetWhenThatComesFirstAfterAll() throws Exception {
    CountDownLatch hedged = new CountDownLatch(1);
    try (ScriptedOrigin slow =
            ScriptedOrigin.start(
                peer -> {
                  peer.request();
                  peer.await(hedged);
                  peer.write(OK + "slow\r\n\r\nok");
                  peer.awaitClose();
                });
        ScriptedOrigin second =
            ScriptedOrigin.start(
                peer -> {
                  peer.request();
                  hedged.countDown();
                  peer.awaitClose();
                });
        GatewayFixture gateway = gateway("hedge: {after: 10ms}", slow, second)) {
      assertThat(gateway.get("/").field("x-from")).contains("slow");
      Eventually.value(second::open, open -> open == 0);
      assertThat(hedges(gateway, "lost")).isEqualTo(1);
      assertThat(gateway.accessLine().getString("server")).isEqualTo(slow.address());
    }
  }

  @Test
  void leavesTheExchangeToTheOtherAttemptWhenOneFails() throws Exception {
    CountDownLatch hedged = new CountDownLatch(1);
    try (ScriptedOrigin failing =
            ScriptedOrigin.start(
                peer -> {
                  peer.request();
                  peer.await(hedged);
                  peer.reset();
                });
        ScriptedOrigin second =
            ScriptedOrigin.start(
                peer -> {
                  peer.request();
                  hedged.countDown();
                  peer.write(OK + "second\r\n\r\nok");
                  peer.awaitClose();
                });
        GatewayFixture gateway =
            gateway("retry: {attempts: 2}, hedge: {after: 10ms}", failing, second)) {
      assertThat(gateway.get("/").field("x-from")).contains("second");
    }
  }

  @Test
  void hedgesNothingThatHasContentOrIsNotIdempotent() throws Exception {
    try (ScriptedOrigin first = hanging();
        ScriptedOrigin second = hanging();
        GatewayFixture gateway =
            gateway(
                "timeout: 200ms, retry: {non-idempotent: true}, hedge: {after: 1ms}",
                first,
                second)) {
      for (String request :
          new String[] {
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
            "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx"
          }) {
        try (RawClient client = gateway.client()) {
          assertThat(client.send(request).answer().reason()).isEqualTo("deadline_exceeded");
        }
      }
      assertThat(first.requests().size() + second.requests().size()).isEqualTo(2);
    }
  }

  @Test
  void spendsNoRetryWhenThereIsNobodyElseToAsk() throws Exception {
    try (ScriptedOrigin only = hanging();
        GatewayFixture gateway =
            GatewayFixture.start(
                folder,
                GatewayFixture.upstream(only)
                    + "routes: {all: {forward: {upstream: origin, hedge: {after: 10ms},"
                    + " retry: {attempts: 2, on: [timeout], attempt-timeout: 100ms,"
                    + " budget: 100%, budget-minimum: 0}}}}\n")) {
      assertThat(gateway.get("/").reason()).isEqualTo("upstream_timeout");
      // The one retry that the request has earned came after the timeout, not to hedge nothing.
      assertThat(only.requests()).hasSize(2);
    }
  }

  @Test
  void breaksBothOffWhenTheDeadlinePasses() throws Exception {
    try (ScriptedOrigin first = hanging();
        ScriptedOrigin second = hanging();
        GatewayFixture gateway = gateway("timeout: 300ms, hedge: {after: 10ms}", first, second)) {
      assertThat(gateway.get("/").reason()).isEqualTo("deadline_exceeded");
      assertThat(first.requests()).hasSize(1);
      assertThat(second.requests()).hasSize(1);
      Eventually.value(() -> first.open() + second.open(), open -> open == 0);
    }
  }

  @Test
  void learnsFromRecentAnswersWhatIsSlow() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (ScriptedOrigin first =
            ScriptedOrigin.start(
                peer -> {
                  for (var r = peer.request(); r.isPresent(); r = peer.request()) {
                    if (r.get().startsWith("GET /slow")) {
                      peer.await(never);
                    }
                    peer.write(OK + "first\r\n\r\nok");
                  }
                });
        ScriptedOrigin second = fast();
        GatewayFixture gateway = gateway("hedge: {percentile: 95%}", first, second);
        RawClient client = gateway.client()) {
      for (int i = 0; i < 200; i++) {
        assertThat(client.get("/").status()).isEqualTo(200);
      }
      for (int i = 0; i < 2; i++) {
        assertThat(client.get("/slow").field("x-from")).contains("fast");
      }
      never.countDown();
    }
  }
}
