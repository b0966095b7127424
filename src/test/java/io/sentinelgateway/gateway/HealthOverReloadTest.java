package io.sentinelgateway.gateway;

import static io.sentinelgateway.gateway.GatewayFixture.upstream;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A reload while the first of two targets is left out, or comes back. */
class HealthOverReloadTest {

  private static final String ROUTE = "routes: {all: {forward: {upstream: origin}}}\n";

  @TempDir Path folder;
  private ScriptedOrigin bad;
  private ScriptedOrigin good;

  @BeforeEach
  void open() throws Exception {
    bad =
        ScriptedOrigin.start(
            peer -> {
              peer.request();
              peer.reset();
            });
    good = ScriptedOrigin.ok("good");
  }

  @AfterEach
  void close() throws Exception {
    bad.close();
    good.close();
  }

  private GatewayFixture gateway(String health) throws Exception {
    String settings = "health: {" + health + "}";
    return GatewayFixture.start(
        folder, upstream(List.of(bad.address(), good.address()), settings) + ROUTE);
  }

  private static String state(GatewayFixture gateway) throws Exception {
    return gateway.target(0, 0).getString("state");
  }

  private static void eject(GatewayFixture gateway) {
    Eventually.holds(
        () -> {
          gateway.get("/");
          return state(gateway).equals("ejected");
        });
  }

  /** It is as it was before the edit, and gets no request. */
  private void staysAsItIs(GatewayFixture gateway, Edit edit) throws Exception {
    JsonObject before = gateway.target(0, 0);
    gateway.reload(edit.of(gateway.yaml()));
    for (int i = 0; i < 10; i++) {
      assertThat(gateway.get("/").body()).isEqualTo("good");
    }
    for (String fact : List.of("state", "reason", "since", "available", "failures")) {
      assertThat(gateway.target(0, 0).getValue(fact)).as(fact).isEqualTo(before.getValue(fact));
    }
  }

  @ParameterizedTest
  @EnumSource
  void anEjectedTargetStaysEjected(Edit edit) throws Exception {
    try (GatewayFixture gateway = gateway("passive: {consecutive-failures: 2, eject-for: 1h}")) {
      eject(gateway);
      staysAsItIs(gateway, edit);
    }
  }

  @Test
  void theTimeOfAnEjectionGoesOn() throws Exception {
    Duration time = Duration.ofMillis(500);
    try (GatewayFixture gateway = gateway("passive: {consecutive-failures: 2, eject-for: 500ms}")) {
      eject(gateway);
      Instant since = Instant.parse(gateway.target(0, 0).getString("since"));
      // Reloads that each began it anew would leave it out for ever.
      reloadUntil(gateway, () -> state(gateway).equals("healthy"));
      Instant back = Instant.parse(gateway.target(0, 0).getString("since"));
      assertThat(Duration.between(since, back)).isGreaterThanOrEqualTo(time.minusMillis(20));
    }
  }

  /** Edits the target's weight forth and back. */
  private static void reloadUntil(GatewayFixture gateway, Callable<Boolean> condition) {
    String before = gateway.yaml();
    String after = Edit.WEIGHT.of(before);
    Eventually.holds(
        () -> {
          gateway.reload(gateway.yaml().equals(before) ? after : before);
          return condition.call();
        });
  }

  @ParameterizedTest
  @EnumSource
  void oneThatFailsItsChecksStaysOut(Edit edit) throws Exception {
    try (GatewayFixture gateway =
        gateway("active: {type: http, path: /up, interval: 1h, unhealthy-after: 1}")) {
      Eventually.holds(() -> state(gateway).equals("unhealthy"));
      Eventually.holds(() -> gateway.target(0, 1).getString("state").equals("healthy"));
      staysAsItIs(gateway, edit);
      assertThat(bad.requests()).as("not checked anew").hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatAnOperatorSaidCounts(Edit edit) throws Exception {
    String target = "/upstreams/origin/targets/" + bad.address();
    String other = "/upstreams/origin/targets/" + good.address();
    try (GatewayFixture gateway = gateway("")) {
      assertThat(gateway.post(target + "/drain").status()).isEqualTo(200);
      assertThat(gateway.post(target + "/weight?value=9").status()).isEqualTo(200);
      assertThat(gateway.post(other + "/weight?value=7").status()).isEqualTo(200);
      staysAsItIs(gateway, edit);
      assertThat(state(gateway)).isEqualTo("drained");
      assertThat(gateway.target(0, 0).getInteger("weight")).isEqualTo(9);
      assertThat(gateway.target(0, 1).getInteger("weight")).isEqualTo(7);
    }
  }

  @Test
  void aSlowStartGoesOnWhereItWas() throws Exception {
    try (GatewayFixture gateway =
        gateway(
            "slow-start: 3s, passive: {consecutive-failures: 2, eject-for: 50ms, max-ejected: 50%}")) {
      eject(gateway);
      Eventually.holds(() -> state(gateway).equals("healthy"));
      int[] risen = {risen(gateway)};
      assertThat(risen[0]).isLessThan(50);
      reloadUntil(
          gateway,
          () -> {
            int now = risen(gateway);
            assertThat(now).isGreaterThanOrEqualTo(risen[0]);
            risen[0] = now;
            return now == 100;
          });
    }
  }

  private static int risen(GatewayFixture gateway) throws Exception {
    return gateway.target(0, 0).getInteger("risenPercent");
  }
}
