package io.sentinelgateway.verticle;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.target.Target;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Origin servers die and come back while clients use the gateway. */
class OriginFailureTest {

  private Origin one;
  private Origin two;

  @BeforeEach
  void open() {
    one = Origin.start("one");
    two = Origin.start("two");
  }

  @AfterEach
  void close() {
    one.close();
    two.close();
  }

  private Running gateway(String health, Origin... origins) throws Exception {
    StringBuilder targets = new StringBuilder();
    for (Origin origin : origins) {
      targets.append("{address: ").append(origin.address()).append("}, ");
    }
    return Running.of(
        Running.HEAD
            + """
            listeners: {web: {address: "127.0.0.1:0"}}
            upstreams: {app: {targets: [%s], health: {%s}}}
            routes:
              app:
                forward:
                  upstream: app
                  retry: {attempts: 3, on: [connect-failure, reset], budget: 100%%}
            """
                .formatted(targets, health));
  }

  private static List<Target> targets(Running running) {
    return running.snapshot().upstreams().get("app").targets();
  }

  private static Target target(Running running, Origin origin) {
    return targets(running).stream()
        .filter(target -> target.name().equals(origin.address()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void failsNoGetWhileOneOfTwoTargetsIsKilledAgainAndAgain() throws Exception {
    try (Running running = gateway("", one, two)) {
      try (Load load = Load.start(64, running.port("web"), "/x")) {
        for (int i = 0; i < 10; i++) {
          one.kill();
          load.more(500);
          one.open();
          load.more(500);
        }
        assertThat(load.failures()).isEmpty();
      }
      nothingIsLeaked(running);
    }
  }

  private void nothingIsLeaked(Running running) {
    Eventually.holds(
        "every lease is given back",
        () -> targets(running).stream().allMatch(target -> target.state().inFlight() == 0));
    Eventually.holds(
        "every connection of the pools is a living one",
        () -> pooled(running) == one.connections() + two.connections());
    running.shows("sentinel_pool_pending{upstream=\"app\"}", 0);
  }

  private static double pooled(Running running) {
    return running
        .admin("/metrics")
        .content()
        .lines()
        .filter(line -> line.startsWith("sentinel_pool_connections{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  @Test
  void failsOnlyWhatIsInFlightWhenTheOnlyTargetDies() throws Exception {
    try (Running running = gateway("", one);
        Http client = Http.open(running.port("web"))) {
      client.request("POST", "/hold", "localhost");
      Eventually.holds("it is under way", () -> one.held() == 1);
      one.kill();
      assertThat(client.answer().status()).isEqualTo(502);
      assertThat(running.get("/").status()).isEqualTo(502);
      one.open();
      Eventually.holds("it serves again", () -> running.get("/").status() == 200);
      one.release();
      Eventually.holds("no lease is left", () -> target(running, one).state().inFlight() == 0);
    }
  }

  @Test
  void leavesATargetOutThatFailsAndTakesItBack() throws Exception {
    try (Running running =
            gateway("passive: {consecutive-failures: 3, eject-for: 700ms}", one, two);
        Load load = Load.start(8, running.port("web"), "/")) {
      one.failing(true);
      Eventually.holds("it is left out", () -> !target(running, one).state().available());
      one.failing(false);
      assertThat(running.admin("/upstreams").content()).contains("\"available\" : false");
      Eventually.holds("it is back", () -> target(running, one).state().available());
      long seen = one.requests();
      Eventually.holds("it serves again", () -> one.requests() > seen + 10);
      load.more(100);
      assertThat(load.failures()).isEmpty();
      running.says(1, "target app/" + one.address() + " is ejected: ");
      running.says(1, "target app/" + one.address() + " is healthy: ");
    }
  }

  @Test
  void leavesOutNoMoreTargetsThanAllowed() throws Exception {
    try (Running running =
            gateway(
                "passive: {consecutive-failures: 2, eject-for: 1h, max-ejected: 50%}", one, two);
        Load load = Load.start(8, running.port("web"), "/")) {
      one.failing(true);
      two.failing(true);
      Eventually.holds(
          "one is left out",
          () -> targets(running).stream().anyMatch(target -> !target.state().available()));
      Eventually.holds(
          "both have failed often enough",
          Duration.ofSeconds(20),
          () ->
              targets(running).stream()
                  .filter(target -> target.state().available())
                  .allMatch(target -> target.state().failuresInARow() > 50));
      assertThat(targets(running).stream().filter(target -> target.state().available())).hasSize(1);
      running.says(1, " is ejected: ");
      assertThat(load.answered()).isPositive();
    }
  }

  @Test
  void keepsATargetLeftOutOverAReload() throws Exception {
    try (Running running = gateway("passive: {consecutive-failures: 1, eject-for: 1h}", one, two)) {
      one.failing(true);
      Eventually.holds(
          "it is left out",
          () -> {
            running.get("/");
            return !target(running, one).state().available();
          });
      String more = "  more: {match: {path: /more}, respond: {status: 200}}\n";
      running.reload(running.yaml() + more);
      assertThat(running.snapshot().version()).isEqualTo(2);
      assertThat(target(running, one).state().available()).isFalse();
    }
  }
}
