package io.sentinelgateway.gateway;

import static io.sentinelgateway.gateway.GatewayFixture.upstream;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Breakers and limits before an origin server. */
class SheddingTest {

  private static final String BAD =
      "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 3\r\n\r\nbad";
  private static final String ROUTE = "routes: {all: {forward: {upstream: origin}}}\n";

  @TempDir Path folder;

  private static ScriptedOrigin saying(AtomicReference<String> answer) throws Exception {
    return ScriptedOrigin.start(
        peer -> {
          while (peer.request().isPresent()) {
            peer.write(answer.get());
          }
        });
  }

  private static ScriptedOrigin holding(CountDownLatch latch) throws Exception {
    return ScriptedOrigin.start(
        peer -> {
          while (peer.request().isPresent()) {
            peer.await(latch);
            peer.write(ScriptedOrigin.sized("ok"));
          }
        });
  }

  private static RawClient sent(GatewayFixture gateway) throws Exception {
    return gateway.client().send(RawClient.request("GET", "/"));
  }

  @Test
  void aBreakerOpensProbesAndCloses() throws Exception {
    AtomicReference<String> says = new AtomicReference<>(BAD);
    try (ScriptedOrigin origin = saying(says);
        GatewayFixture gateway =
            GatewayFixture.start(
                folder,
                upstream(
                        origin,
                        "circuit-breaker: {minimum: 4, open-for: 300ms, close-after: 2, window: 60s}")
                    + ROUTE);
        RawClient client = gateway.client()) {
      for (int i = 0; i < 4; i++) {
        assertThat(client.get("/").status()).isEqualTo(500);
      }
      Answer refused = client.get("/");
      assertThat(refused.reason()).isEqualTo("breaker_open");
      assertThat(refused.field("retry-after")).contains("1");
      assertThat(origin.requests()).hasSize(4);
      assertThat(gateway.target(0, 0).getString("breaker")).isEqualTo("open");
      assertThat(gateway.shed("rejected", "breaker_open")).isEqualTo(1);

      says.set(ScriptedOrigin.sized("ok"));
      Eventually.value(() -> client.get("/"), answer -> answer.status() == 200);
      assertThat(client.get("/").status()).isEqualTo(200);
      assertThat(gateway.target(0, 0).getString("breaker")).isEqualTo("closed");
      assertThat(
              gateway.metric(
                  "sentinel_breaker_transitions_total{state=\"closed\",upstream=\"origin\"}"))
          .isEqualTo(1);
    }
  }

  @Test
  void aHalfOpenBreakerLetsOnlyItsProbesThrough() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(
                peer -> {
                  for (var r = peer.request(); r.isPresent(); r = peer.request()) {
                    if (r.get().startsWith("GET /bad")) {
                      peer.write(BAD);
                    } else {
                      peer.await(release);
                      peer.write(ScriptedOrigin.sized("ok"));
                    }
                  }
                });
        GatewayFixture gateway =
            GatewayFixture.start(
                folder,
                upstream(
                        origin,
                        "circuit-breaker: {minimum: 1, open-for: 10ms, probes: 2, close-after: 2}")
                    + ROUTE)) {
      gateway.get("/bad");
      List<RawClient> probes = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        int seen = origin.requests().size();
        Eventually.holds(
            () -> {
              RawClient client = sent(gateway);
              Eventually.holds(() -> !client.silent() || origin.requests().size() > seen);
              boolean through = origin.requests().size() > seen;
              if (through) {
                probes.add(client);
              } else {
                client.close();
              }
              return through;
            });
      }
      for (int i = 0; i < 5; i++) {
        assertThat(gateway.get("/").reason()).isEqualTo("breaker_open");
      }
      assertThat(origin.requests()).hasSize(3);
      release.countDown();
      for (RawClient probe : probes) {
        assertThat(probe.answer().status()).isEqualTo(200);
        probe.close();
      }
      assertThat(gateway.get("/").status()).isEqualTo(200);
    }
  }

  @Test
  void oneThatObservesCountsAndRefusesNothing() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.answering(BAD);
        GatewayFixture gateway =
            GatewayFixture.start(
                folder,
                upstream(
                        origin,
                        "circuit-breaker: {minimum: 2, open-for: 1h, open-for-max: 1h, mode: observe}")
                    + ROUTE)) {
      for (int i = 0; i < 5; i++) {
        assertThat(gateway.get("/").status()).isEqualTo(500);
      }
      assertThat(gateway.shed("would_reject", "breaker_open")).isEqualTo(3);
      assertThat(gateway.shed("rejected", "breaker_open")).isZero();
      assertThat(gateway.failures("breaker_open")).isZero();
    }
  }

  @Test
  void aLimitLetsSomeWaitAndRefusesTheRest() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    try (ScriptedOrigin origin = holding(release);
        GatewayFixture gateway =
            GatewayFixture.start(
                folder,
                upstream(origin, "limits: {requests: 1, pending: 2, pending-timeout: 1m}")
                    + ROUTE);
        RawClient first = sent(gateway)) {
      Eventually.holds(() -> origin.requests().size() == 1);
      RawClient leaving = sent(gateway);
      gateway.pending(1);
      RawClient second = sent(gateway);
      gateway.pending(2);
      assertThat(gateway.get("/").reason()).isEqualTo("pending_full");
      leaving.close();
      gateway.pending(1);

      release.countDown();
      assertThat(first.answer().status()).isEqualTo(200);
      assertThat(second.answer().status()).isEqualTo(200);
      second.close();
      Eventually.holds(() -> gateway.metric("sentinel_limit_active{upstream=\"origin\"}") == 0);
      assertThat(origin.requests()).hasSize(2);
      assertThat(gateway.shed("rejected", "pending_full")).isEqualTo(1);
    }
  }

  @Test
  void nobodyWaitsLongerThanAllowed() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    try (ScriptedOrigin origin = holding(release);
        GatewayFixture gateway =
            GatewayFixture.start(
                folder,
                upstream(origin, "limits: {requests: 1, pending: 5, pending-timeout: 50ms}")
                    + ROUTE);
        RawClient first = sent(gateway)) {
      Eventually.holds(() -> origin.requests().size() == 1);
      assertThat(gateway.get("/").reason()).isEqualTo("pending_timeout");
      gateway.pending(0);
      release.countDown();
      assertThat(first.answer().status()).isEqualTo(200);
    }
  }

  @Test
  void lowerClassesAreRefusedFirst() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    try (ScriptedOrigin origin = holding(release);
        GatewayFixture gateway =
            GatewayFixture.start(
                folder,
                upstream(origin, "limits: {requests: 2}")
                    + """
                    routes:
                      low: {match: {path: /low}, forward: {upstream: origin, priority: low}}
                      all: {forward: {upstream: origin, priority: critical}}
                    """);
        RawClient first = sent(gateway)) {
      Eventually.holds(() -> origin.requests().size() == 1);
      assertThat(gateway.get("/low").reason()).isEqualTo("priority_limit");
      try (RawClient second = sent(gateway)) {
        Eventually.holds(() -> origin.requests().size() == 2);
        assertThat(gateway.get("/").reason()).isEqualTo("request_limit");
        release.countDown();
        assertThat(first.answer().status()).isEqualTo(200);
        assertThat(second.answer().status()).isEqualTo(200);
      }
    }
  }

  @Test
  void aLimitThatObservesLetsEverybodyIn() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    try (ScriptedOrigin origin = holding(release);
        GatewayFixture gateway =
            GatewayFixture.start(
                folder, upstream(origin, "limits: {requests: 1, mode: observe}") + ROUTE);
        RawClient first = sent(gateway);
        RawClient second = sent(gateway)) {
      Eventually.holds(() -> origin.requests().size() == 2);
      assertThat(gateway.shed("would_reject", "request_limit")).isEqualTo(1);
      release.countDown();
      assertThat(first.answer().status()).isEqualTo(200);
      assertThat(second.answer().status()).isEqualTo(200);
    }
  }
}
