package io.sentinelgateway.verticle;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.target.Target;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Health as clients and operators of a running gateway see it. */
class HealthTest {

  private static final String ACTIVE =
      "active: {type: http, path: /up, interval: 20ms, timeout: 5s, unhealthy-after: 2}";

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

  private String config(String health, Origin... origins) {
    StringBuilder targets = new StringBuilder();
    for (Origin origin : origins) {
      targets.append("{address: ").append(origin.address()).append("}, ");
    }
    return Running.HEAD
        + """
        listeners: {web: {address: "127.0.0.1:0"}, also: {address: "127.0.0.1:0"}}
        upstreams: {app: {targets: [%s], health: {%s}}}
        routes: {app: {forward: {upstream: app}}}
        """
            .formatted(targets, health);
  }

  private static JsonObject shown(Running running, Origin origin) {
    JsonObject upstream = new JsonArray(running.admin("/upstreams").content()).getJsonObject(0);
    return upstream.getJsonArray("targets").stream()
        .map(JsonObject.class::cast)
        .filter(target -> target.getString("address").equals(origin.address()))
        .findFirst()
        .orElseThrow();
  }

  private static String state(Running running, Origin origin) {
    return shown(running, origin).getString("state");
  }

  private static Http.Answer post(Running running, Origin origin, String order) {
    String target = "/upstreams/app/targets/" + origin.address() + "/" + order;
    return Http.send(running.gateway().adminPort(), "POST", target, "localhost");
  }

  private static double targets(Running running, String state) {
    return running.metric("sentinel_targets{state=\"" + state + "\",upstream=\"app\"}");
  }

  @Test
  void aTargetThatFailsItsChecksGetsNoRequestsUntilItPassesThem() throws Exception {
    try (Running running = Running.of(config(ACTIVE, one, two))) {
      Eventually.holds("both are known", () -> targets(running, "healthy") == 2);
      one.failing(true);
      Eventually.holds("it is out", () -> state(running, one).equals("unhealthy"));
      JsonObject out = shown(running, one);
      assertThat(out.getBoolean("available")).isFalse();
      assertThat(out.getString("reason")).startsWith("failed 2 checks in a row: ");
      assertThat(Instant.parse(out.getString("since"))).isAfter(Instant.EPOCH);
      assertThat(targets(running, "unhealthy")).isEqualTo(1);
      for (int i = 0; i < 20; i++) {
        assertThat(running.get("/").content()).isEqualTo("two");
      }
      one.failing(false);
      Eventually.holds("it is back", () -> state(running, one).equals("healthy"));
      running.says(1, "target app/" + one.address() + " is unhealthy: ");
      running.says(1, "target app/" + one.address() + " is healthy: passed 2 checks");
      String series = "sentinel_target_changes_total{reason=\"check\",state=\"unhealthy\"";
      running.shows(series + ",upstream=\"app\"}", 1);
    }
  }

  @Test
  void aGatewayServesBeforeTheFirstCheckHasEnded() throws Exception {
    String slow = "active: {type: http, path: /hold, interval: 1h, timeout: 1m}";
    try (Running running = Running.of(config(slow, one))) {
      assertThat(running.get("/").content()).isEqualTo("one");
      Eventually.holds("a check is under way", () -> one.held() == 1);
      assertThat(state(running, one)).isEqualTo("warming");
      one.release();
      Eventually.holds("it passed", () -> state(running, one).equals("healthy"));
    }
  }

  @Test
  void aTargetIsCheckedOnceHoweverManyLoopsAndListenersThereAre() throws Exception {
    String rare = "active: {type: http, path: /up, interval: 1h}";
    try (Running running = Running.of(config(rare, one, two))) {
      Eventually.holds("both are known", () -> targets(running, "healthy") == 2);
      running.reload(running.yaml() + "  own: {match: {path: /own}, respond: {status: 204}}\n");
      assertThat(one.requests() + two.requests()).isLessThanOrEqualTo(4);
    }
  }

  @Test
  void noCheckSurvivesAReloadThatRemovesItsTarget() throws Exception {
    try (Running running = Running.of(config(ACTIVE, one, two))) {
      Eventually.holds("it is checked", () -> one.requests() > 3);
      running.reload(config(ACTIVE, two));
      Eventually.holds("nobody is connected", () -> one.connections() == 0);
      long seen = one.requests();
      long others = two.requests();
      Eventually.holds("the other one is", () -> two.requests() > others + 10);
      assertThat(one.requests()).isEqualTo(seen);
    }
  }

  @Test
  void aDrainedTargetStaysDrainedOverAReloadAndFinishesWhatItHas() throws Exception {
    try (Running running = Running.of(config("", one))) {
      try (Http client = Http.open(running.port("web"))) {
        client.request("GET", "/hold", "localhost");
        Eventually.holds("it is under way", () -> one.held() == 1);
        Http.Answer drained = post(running, one, "drain");
        assertThat(drained.status()).isEqualTo(200);
        assertThat(new JsonObject(drained.content()).getString("state")).isEqualTo("drained");
        assertThat(running.get("/").status()).isEqualTo(503);
        running.reload(config("panic-below: 100%", one, two));
        assertThat(state(running, one)).isEqualTo("drained");
        assertThat(running.get("/").content()).isEqualTo("two");
        one.release();
        assertThat(client.answer().content()).isEqualTo("one");
      }
      assertThat(post(running, one, "enable").status()).isEqualTo(200);
      assertThat(state(running, one)).isEqualTo("healthy");
      running.says(1, "is drained: drained by an operator");
    }
  }

  @Test
  void aWeightByHandCountsAtOnce() throws Exception {
    try (Running running = Running.of(config("", one, two))) {
      assertThat(post(running, one, "weight?value=9").status()).isEqualTo(200);
      assertThat(shown(running, one).getInteger("weight")).isEqualTo(9);
      for (int i = 0; i < 100; i++) {
        running.get("/");
      }
      assertThat(one.requests()).isBetween(88L, 92L);
      assertThat(post(running, one, "weight").status()).isEqualTo(200);
      assertThat(shown(running, one).getInteger("weight")).isEqualTo(1);
    }
  }

  @Test
  void ordersForUnknownTargetsAreRefused() throws Exception {
    try (Running running = Running.of(config("", one))) {
      assertThat(post(running, two, "drain").status()).isEqualTo(404);
      int port = running.gateway().adminPort();
      assertThat(Http.send(port, "POST", "/upstreams/none/targets/a:1/drain", "localhost").status())
          .isEqualTo(404);
      assertThat(Http.send(port, "POST", "/upstreams/app/targets/a/drain", "localhost").status())
          .isEqualTo(400);
    }
  }

  @Test
  void aPanicIsShownAndEndsByItself() throws Exception {
    try (Running running = Running.of(config(ACTIVE + ", panic-below: 60%", one, two))) {
      Eventually.holds("both are known", () -> targets(running, "healthy") == 2);
      one.failing(true);
      String series = "sentinel_upstream_panic{upstream=\"app\"}";
      Eventually.holds("a panic", () -> running.metric(series) == 1);
      assertThat(running.snapshot().upstreams().get("app").targets())
          .allMatch(running.snapshot().upstreams().get("app")::usable);
      one.failing(false);
      Eventually.holds("no panic", () -> running.metric(series) == 0);
      running.says(1, "upstream app is in panic");
      running.says(1, "upstream app uses its healthy targets only");
    }
  }

  @Test
  void nothingIsLeakedOfTheTargetsThatWereChecked() throws Exception {
    try (Running running = Running.of(config(ACTIVE, one, two))) {
      for (int i = 0; i < 10; i++) {
        running.reload(config(ACTIVE.replace("20ms", (20 + i) + "ms"), one, two));
      }
      assertThat(running.snapshot().upstreams().get("app").targets())
          .extracting(Target::name)
          .containsExactly(one.address(), two.address());
      running.reload(config("", one, two));
      Eventually.holds(
          "no check is connected", () -> one.connections() == 0 && two.connections() == 0);
    }
  }
}
