package io.sentinelgateway.verticle;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.target.TargetState;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Targets that are found have a health of their own, which lasts as long as they are found. */
class DiscoveredHealthTest {

  @TempDir private Path folder;
  private Origin one;
  private Origin two;
  private Origin three;

  @BeforeEach
  void open() {
    one = Origin.start("one");
    two = Origin.start("two");
    three = Origin.start("three");
  }

  @AfterEach
  void close() {
    one.close();
    two.close();
    three.close();
  }

  private Running run(Origin... found) throws Exception {
    write(found);
    return Running.of(
        Running.HEAD
            + """
            listeners: {web: {address: "127.0.0.1:0"}}
            upstreams:
              app:
                discovery: {type: file, path: %s/targets.yaml}
                health:
                  active:
                    {type: http, path: /up, interval: 20ms, timeout: 5s, unhealthy-after: 2}
            routes: {app: {forward: {upstream: app}}}
            """
                .formatted(folder));
  }

  private void write(Origin... found) throws IOException {
    List<String> items = Stream.of(found).map(o -> "{address: " + o.address() + "}").toList();
    Path fresh = Files.writeString(folder.resolve("fresh"), "[" + String.join(", ", items) + "]");
    Files.move(fresh, folder.resolve("targets.yaml"), StandardCopyOption.ATOMIC_MOVE);
  }

  /** How the members stand, as operators see them; empty: it is none. */
  private static String condition(Running running, Origin origin) {
    JsonObject upstream = new JsonArray(running.admin("/upstreams").content()).getJsonObject(0);
    return upstream.getJsonArray("targets").stream()
        .map(JsonObject.class::cast)
        .filter(target -> target.getString("address").equals(origin.address()))
        .map(target -> target.getString("state"))
        .findFirst()
        .orElse("");
  }

  private static void becomes(Running running, Origin origin, String condition) {
    Eventually.holds(
        origin.address() + " " + condition, () -> condition(running, origin).equals(condition));
  }

  private static TargetState state(Running running, Origin origin) {
    return running.snapshot().upstreams().get("app").targets().stream()
        .filter(target -> target.name().equals(origin.address()))
        .findFirst()
        .orElseThrow()
        .state();
  }

  /** Its checks are no requests. */
  private static long requests(TargetState state) {
    return state.successes() + state.failures();
  }

  private static void answers(Running running, String name) {
    for (int i = 0; i < 20; i++) {
      assertThat(running.get("/").content()).isEqualTo(name);
    }
  }

  private static void order(Running running, Origin origin, String order) {
    String target = "/upstreams/app/targets/" + origin.address() + "/" + order;
    assertThat(Http.send(running.gateway().adminPort(), "POST", target, "localhost").status())
        .isEqualTo(200);
  }

  @Test
  void aTargetThatIsFoundButUnhealthyGetsNothing() throws Exception {
    three.failing(true);
    try (Running running = run(one)) {
      becomes(running, one, "healthy");
      write(one, three);
      becomes(running, three, "unhealthy");
      long before = requests(state(running, three));
      answers(running, "one");
      assertThat(requests(state(running, three))).isEqualTo(before);
      three.failing(false);
      becomes(running, three, "healthy");
      Eventually.holds("it serves", () -> running.get("/").content().equals("three"));
    }
  }

  @Test
  void aTargetThatIsFoundLaterGetsNothingBeforeItsFirstCheckHasPassed() throws Exception {
    three.failing(true);
    try (Running running = run(one);
        Load load = Load.start(4, running.port("web"), "/")) {
      becomes(running, one, "healthy");
      write(one, three);
      becomes(running, three, "unhealthy");
      load.more(50);
      assertThat(requests(state(running, three))).isZero();
      assertThat(load.failures()).isEmpty();
    }
  }

  @Test
  void theHealthOfATargetSurvivesAChangeOfTheOthers() throws Exception {
    try (Running running = run(one, two)) {
      becomes(running, one, "healthy");
      becomes(running, two, "healthy");
      one.failing(true);
      becomes(running, one, "unhealthy");
      TargetState stays = state(running, one);
      write(one, two, three);
      becomes(running, three, "healthy");
      write(one, three);
      becomes(running, two, "");
      assertThat(condition(running, one)).isEqualTo("unhealthy");
      assertThat(state(running, one)).isSameAs(stays);
      answers(running, "three");
      running.says(1, "target app/" + one.address() + " is unhealthy");
      one.failing(false);
      becomes(running, one, "healthy");
    }
  }

  @Test
  void aTargetThatIsRemovedAndFoundAgainStartsAnew() throws Exception {
    try (Running running = run(one, two)) {
      becomes(running, one, "healthy");
      one.failing(true);
      becomes(running, one, "unhealthy");
      order(running, one, "drain");
      TargetState old = state(running, one);
      write(two);
      becomes(running, one, "");
      Eventually.holds("nobody is connected", () -> one.connections() == 0);
      long checks = one.requests();
      answers(running, "two");
      assertThat(one.requests()).isEqualTo(checks);
      one.failing(false);
      write(one, two);
      becomes(running, one, "healthy");
      assertThat(state(running, one)).isNotSameAs(old);
      Eventually.holds("it serves", () -> running.get("/").content().equals("one"));
    }
  }

  @Test
  void aTargetThatIsDrainedStaysDrainedOverChangesOfTheOthers() throws Exception {
    try (Running running = run(one, two)) {
      becomes(running, one, "healthy");
      becomes(running, two, "healthy");
      order(running, one, "drain");
      write(one, three);
      becomes(running, two, "");
      becomes(running, three, "healthy");
      assertThat(condition(running, one)).isEqualTo("drained");
      answers(running, "three");
      write(one);
      becomes(running, three, "");
      assertThat(running.get("/").status()).isEqualTo(503);
      order(running, one, "enable");
      answers(running, "one");
    }
  }
}
