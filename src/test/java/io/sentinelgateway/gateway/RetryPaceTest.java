package io.sentinelgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How soon and how often a request is tried again, and what the client gets in the end. */
class RetryPaceTest {

  private static final long SECOND = 1_000_000_000L;

  @TempDir Path folder;

  private static ScriptedOrigin busy(String... fields) throws IOException {
    StringBuilder more = new StringBuilder();
    for (String field : fields) {
      more.append(field).append("\r\n");
    }
    return ScriptedOrigin.start(
        peer ->
            peer.answerAll(
                "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n" + more + "\r\nbusy"));
  }

  private GatewayFixture gateway(String retry, ScriptedOrigin... origins) throws Exception {
    StringBuilder targets = new StringBuilder();
    for (ScriptedOrigin origin : origins) {
      targets.append("{address: \"").append(origin.address()).append("\"}, ");
    }
    return GatewayFixture.start(
        folder,
        "upstreams: {origin: {targets: ["
            + targets
            + "]}}\nroutes: {all: {forward: {upstream: origin, retry: "
            + retry
            + "}}}\n");
  }

  @Test
  void returnsTheLastAnswerOfTheOriginWhenItIsOutOfTries() throws Exception {
    try (ScriptedOrigin origin = busy();
        GatewayFixture gateway = gateway("{on: [\"503\"]}", origin)) {
      Answer answer = gateway.get("/");
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.body()).isEqualTo("busy");
      assertThat(origin.requests()).hasSize(3);
      assertThat(gateway.accessLine().getInteger("attempts")).isEqualTo(3);
    }
  }

  @Test
  void keepsTheConnectionWhoseAnswerItThrewAway() throws Exception {
    try (ScriptedOrigin origin = busy();
        GatewayFixture gateway = gateway("{on: [\"503\"], backoff: 50ms}", origin)) {
      for (int i = 0; i < 5; i++) {
        assertThat(gateway.get("/").status()).isEqualTo(503);
      }
      assertThat(origin.requests()).hasSize(15);
      // A pause of no length begins the next attempt while the answer before is still being read.
      assertThat(origin.connections()).isLessThanOrEqualTo(3);
    }
  }

  @Test
  void closesTheConnectionWhoseAnswerIsTooLongToThrowAway() throws Exception {
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(
                peer -> {
                  peer.request();
                  peer.write("HTTP/1.1 503 Busy\r\nContent-Length: 1000000\r\n\r\n");
                  peer.awaitClose();
                });
        ScriptedOrigin good = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = gateway("{on: [\"503\"], attempts: 2}", origin, good)) {
      for (int i = 0; i < 2; i++) {
        assertThat(gateway.get("/").body()).isEqualTo("ok");
      }
      Eventually.value(origin::open, open -> open == 0);
    }
  }

  @Test
  void waitsAsLongAsTheOriginAsks() throws Exception {
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(
                peer -> {
                  peer.request();
                  peer.write("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nRetry-After: 1\r\n\r\n");
                  peer.answerAll("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                });
        GatewayFixture gateway =
            gateway("{on: [\"503\"], backoff: 0ms, max-backoff: 2s}", origin)) {
      long begun = System.nanoTime();
      assertThat(gateway.get("/").body()).isEqualTo("ok");
      assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(SECOND);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "86400", "99999999999", "Fri, 31 Dec 2100 23:59:59 GMT"})
  void returnsTheAnswerWhenTheOriginAsksForMorePatienceThanAllowed(String wish) throws Exception {
    try (ScriptedOrigin origin = busy("Retry-After: " + wish);
        GatewayFixture gateway = gateway("{on: [\"503\"]}", origin)) {
      Answer answer = gateway.get("/");
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.field("retry-after")).contains(wish);
      assertThat(origin.requests()).hasSize(1);
      assertThat(gateway.accessLine().getString("not-retried")).isEqualTo("retry-after");
    }
  }

  @Test
  void asksAnotherTargetThoughTheFirstOneWantsPatience() throws Exception {
    try (ScriptedOrigin origin = busy("Retry-After: 86400");
        ScriptedOrigin good = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = gateway("{on: [\"503\"]}", origin, good)) {
      for (int i = 0; i < 2; i++) {
        assertThat(gateway.get("/").body()).isEqualTo("ok");
      }
      assertThat(origin.requests()).hasSizeBetween(1, 2);
    }
  }

  @Test
  void boundsOneAttemptAndTriesAnotherTarget() throws Exception {
    try (ScriptedOrigin slow = ScriptedOrigin.start(peer -> peer.awaitClose());
        ScriptedOrigin good = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = gateway("{on: [timeout], attempt-timeout: 100ms}", slow, good)) {
      for (int i = 0; i < 2; i++) {
        assertThat(gateway.get("/").body()).isEqualTo("ok");
      }
      assertThat(gateway.target(0, 0).getInteger("failures")).isBetween(1, 2);
      Eventually.value(slow::open, open -> open == 0);
    }
  }

  @Test
  void anAttemptThatIsTooSlowIsATimeoutWhenNothingElseIsLeft() throws Exception {
    try (ScriptedOrigin slow = ScriptedOrigin.start(peer -> peer.awaitClose());
        GatewayFixture gateway = gateway("{attempt-timeout: 50ms}", slow)) {
      assertThat(gateway.get("/").reason()).isEqualTo("upstream_timeout");
      assertThat(gateway.accessLine().getInteger("attempts")).isEqualTo(1);
    }
  }

  @Test
  void saysThatTheBudgetIsSpent() throws Exception {
    try (ScriptedOrigin origin = busy();
        GatewayFixture gateway =
            gateway("{on: [\"503\"], budget: 0%, budget-minimum: 0}", origin)) {
      assertThat(gateway.get("/").body()).isEqualTo("busy");
      assertThat(origin.requests()).hasSize(1);
      assertThat(gateway.accessLine().getString("not-retried")).isEqualTo("budget");
    }
  }
}
