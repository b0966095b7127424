package io.sentinelgateway.gateway;

import static io.sentinelgateway.gateway.GatewayFixture.upstream;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A reload while a circuit breaker, of a target or of the upstream, is in each of its states. */
class BreakerOverReloadTest {

  private static final String BAD =
      "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 3\r\n\r\nbad";
  private static final String ROUTE = "routes: {all: {forward: {upstream: origin}}}\n";

  @TempDir Path folder;

  private static Stream<Arguments> breakersAndEdits() {
    return Stream.of("target", "upstream")
        .flatMap(per -> Stream.of(Edit.values()).map(edit -> Arguments.of(per, edit)));
  }

  /** Answers {@code /bad} badly, holds {@code /hold}, and answers the rest well. */
  private static ScriptedOrigin origin(CountDownLatch release) throws Exception {
    return ScriptedOrigin.start(
        peer -> {
          for (var r = peer.request(); r.isPresent(); r = peer.request()) {
            String target = ScriptedOrigin.Peer.target(r.get());
            if (target.equals("/hold")) {
              peer.await(release);
            }
            peer.write(target.equals("/bad") ? BAD : ScriptedOrigin.sized("ok"));
          }
        });
  }

  private GatewayFixture gateway(ScriptedOrigin origin, String per, String settings)
      throws Exception {
    String breaker = "circuit-breaker: {per: " + per + ", window: 60s, " + settings + "}";
    return GatewayFixture.start(folder, upstream(origin, breaker) + ROUTE);
  }

  private static double breakers(GatewayFixture gateway, String state) throws Exception {
    return gateway.metric("sentinel_breakers{state=\"" + state + "\",upstream=\"origin\"}");
  }

  private static double transitions(GatewayFixture gateway, String to) throws Exception {
    return gateway.metric(
        "sentinel_breaker_transitions_total{state=\"" + to + "\",upstream=\"origin\"}");
  }

  @ParameterizedTest
  @MethodSource("breakersAndEdits")
  void anOpenOneLetsNothingThrough(String per, Edit edit) throws Exception {
    try (ScriptedOrigin origin = origin(new CountDownLatch(0));
        GatewayFixture gateway =
            gateway(origin, per, "minimum: 2, open-for: 1h, open-for-max: 1h")) {
      gateway.get("/bad");
      gateway.get("/bad");
      gateway.reload(edit.of(gateway.yaml()));
      for (int i = 0; i < 5; i++) {
        Answer refused = gateway.get("/");
        assertThat(refused.reason()).isEqualTo("breaker_open");
        assertThat(refused.field("retry-after")).contains("300");
      }
      assertThat(origin.requests()).hasSize(2);
      assertThat(breakers(gateway, "open")).isEqualTo(1);
      assertThat(transitions(gateway, "open")).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @MethodSource("breakersAndEdits")
  void whatAClosedOneHasCountedStillCounts(String per, Edit edit) throws Exception {
    try (ScriptedOrigin origin = origin(new CountDownLatch(0));
        GatewayFixture gateway =
            gateway(origin, per, "minimum: 4, open-for: 1h, open-for-max: 1h")) {
      for (int i = 0; i < 3; i++) {
        gateway.get("/bad");
      }
      gateway.reload(edit.of(gateway.yaml()));
      assertThat(gateway.get("/bad").status()).isEqualTo(500);
      assertThat(gateway.get("/").reason()).isEqualTo("breaker_open");
    }
  }

  @ParameterizedTest
  @MethodSource("breakersAndEdits")
  void aHalfOpenOneWaitsForItsProbeAndCloses(String per, Edit edit) throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    try (ScriptedOrigin origin = origin(release);
        GatewayFixture gateway =
            gateway(origin, per, "minimum: 1, open-for: 10ms, probes: 1, close-after: 1")) {
      gateway.get("/bad");
      try (RawClient probe = probe(gateway, origin)) {
        gateway.reload(edit.of(gateway.yaml()));
        for (int i = 0; i < 5; i++) {
          assertThat(gateway.get("/").reason()).isEqualTo("breaker_open");
        }
        assertThat(origin.requests()).hasSize(2);
        release.countDown();
        assertThat(probe.answer().status()).isEqualTo(200);
      }
      Eventually.holds(() -> breakers(gateway, "closed") == 1);
      assertThat(gateway.get("/").status()).isEqualTo(200);
      assertThat(List.of(transitions(gateway, "half_open"), transitions(gateway, "closed")))
          .containsOnly(1.0);
    }
  }

  /** A request that is held at the origin server: the breaker took it for a probe. */
  private static RawClient probe(GatewayFixture gateway, ScriptedOrigin origin) throws Exception {
    AtomicReference<RawClient> probe = new AtomicReference<>();
    Eventually.holds(
        () -> {
          RawClient client = gateway.client().send(RawClient.request("GET", "/hold"));
          Eventually.holds(() -> !client.silent() || origin.requests().size() == 2);
          if (origin.requests().size() == 2) {
            probe.set(client);
            return true;
          }
          client.close();
          return false;
        });
    return probe.get();
  }

  @ParameterizedTest
  @MethodSource("breakersAndEdits")
  void itsTimeGoesOn(String per, Edit edit) throws Exception {
    try (ScriptedOrigin origin = origin(new CountDownLatch(0));
        GatewayFixture gateway =
            gateway(origin, per, "minimum: 1, open-for: 400ms, probes: 1, close-after: 1")) {
      gateway.get("/bad");
      String before = gateway.yaml();
      String after = edit.of(before);
      // Reloads that each began it anew would keep it open for ever.
      Eventually.holds(
          () -> {
            gateway.reload(gateway.yaml().equals(before) ? after : before);
            return gateway.get("/").status() == 200;
          });
      assertThat(transitions(gateway, "open")).isEqualTo(1);
    }
  }

  /** An attempt of the settings before must not put an end to what is counted by those after. */
  @Test
  void anAttemptUnderOtherSettingsTakesNothingAway() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    try (ScriptedOrigin origin = origin(release);
        GatewayFixture gateway =
            gateway(origin, "target", "minimum: 3, open-for: 1h, open-for-max: 1h");
        RawClient held = gateway.client().send(RawClient.request("GET", "/hold"))) {
      Eventually.holds(() -> origin.requests().size() == 1);
      gateway.reload(gateway.yaml().replace("window: 60s", "window: 50s"));
      gateway.get("/bad");
      gateway.get("/bad");
      release.countDown();
      assertThat(held.answer().status()).isEqualTo(200);
      gateway.comesToRest();
      assertThat(gateway.get("/bad").status()).isEqualTo(500);
      assertThat(gateway.get("/").reason()).isEqualTo("breaker_open");
    }
  }
}
