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

/** Members of an upstream come and go while requests do. */
class DiscoveredTargetsTest {

  /** One request at a time for each target; the others wait. */
  private static final String NARROW = "}\n    connections: {max: 1, queue: 10, queue-timeout: 1m";

  @TempDir private Path folder;
  private Origin one;
  private Origin two;
  private Path file;

  @BeforeEach
  void open() throws IOException {
    one = Origin.start("one");
    two = Origin.start("two");
    file = folder.resolve("targets.yaml");
    write(one, two);
  }

  @AfterEach
  void close() {
    one.close();
    two.close();
  }

  private void write(Origin... targets) throws IOException {
    List<String> items = Stream.of(targets).map(o -> "{address: " + o.address() + "}").toList();
    Path fresh = Files.writeString(folder.resolve("fresh"), "[" + String.join(", ", items) + "]");
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private String config(String more) {
    return Running.HEAD
        + """
        listeners: {web: {address: "127.0.0.1:0"}}
        upstreams:
          app:
            discovery: {type: file, path: %s%s}
        routes:
          app: {forward: {upstream: app}}
        """
            .formatted(file, more);
  }

  private static List<String> members(Running running) {
    return running.snapshot().upstreams().get("app").targets().stream()
        .map(target -> target.name())
        .toList();
  }

  private static TargetState state(Running running, Origin origin) {
    return running.snapshot().upstreams().get("app").targets().stream()
        .filter(target -> target.name().equals(origin.address()))
        .findFirst()
        .orElseThrow()
        .state();
  }

  private static void has(Running running, Origin... origins) {
    List<String> expected = Stream.of(origins).map(Origin::address).sorted().toList();
    Eventually.holds(
        "members " + expected, () -> members(running).stream().sorted().toList().equals(expected));
  }

  @Test
  void servesByWhatWasFoundFromTheFirstRequestOn() throws Exception {
    try (Running running = Running.of(config(""))) {
      for (int i = 0; i < 4; i++) {
        assertThat(running.get("/").status()).isEqualTo(200);
      }
      assertThat(one.requests()).isPositive();
      assertThat(two.requests()).isPositive();
    }
  }

  @Test
  void takesAlongToOthersWhoWaitsForATargetThatGoes() throws Exception {
    write(one);
    String once = "{upstream: app, retry: {attempts: 1}}";
    try (Running running = Running.of(config(NARROW).replace("{upstream: app}", once));
        Http held = Http.open(running.port("web"));
        Http waiting = Http.open(running.port("web"))) {
      held.request("GET", "/hold", "localhost");
      Eventually.holds("it is under way", () -> one.held() == 1);
      waiting.request("POST", "/x", "localhost");
      running.shows("sentinel_pool_pending{upstream=\"app\"}", 1);
      write(two);
      assertThat(waiting.answer().content()).isEqualTo("two");
      assertThat(one.requests()).isEqualTo(1);
    }
  }

  @Test
  void tellsWhoWaitsForATargetThatGoesThatThereIsNoOther() throws Exception {
    write(one);
    try (Running running = Running.of(config(NARROW));
        Http held = Http.open(running.port("web"));
        Http waiting = Http.open(running.port("web"))) {
      held.request("GET", "/hold", "localhost");
      Eventually.holds("it is under way", () -> one.held() == 1);
      waiting.request("GET", "/x", "localhost");
      running.shows("sentinel_pool_pending{upstream=\"app\"}", 1);
      write();
      Http.Answer answer = waiting.answer();
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.content()).contains("\"reason\":\"no_target_available\"");
    }
  }

  @Test
  void sendsNothingToATargetThatIsGoneAndKeepsTheStateOfTheOther() throws Exception {
    try (Running running = Running.of(config(""))) {
      for (int i = 0; i < 8; i++) {
        assertThat(running.get("/").status()).isEqualTo(200);
      }
      TargetState stays = state(running, two);
      long served = stays.successes();
      assertThat(served).isPositive();
      write(two);
      has(running, two);
      long before = one.requests();
      for (int i = 0; i < 20; i++) {
        assertThat(running.get("/").content()).isEqualTo("two");
      }
      assertThat(one.requests()).isEqualTo(before);
      assertThat(state(running, two)).isSameAs(stays);
      assertThat(stays.successes()).isEqualTo(served + 20);
      Eventually.holds("its connections close", () -> one.connections() == 0);
      running.says(1, "upstream app: 1 targets by file: 0 added, 1 removed");
    }
  }

  @Test
  void letsARequestOnATargetThatIsGoneEnd() throws Exception {
    write(one);
    try (Running running = Running.of(config(""));
        Http client = Http.open(running.port("web"))) {
      client.request("GET", "/hold", "localhost");
      Eventually.holds("it is under way", () -> one.held() == 1);
      write(two);
      has(running, two);
      assertThat(running.get("/").content()).isEqualTo("two");
      one.release();
      assertThat(client.answer().content()).isEqualTo("one");
      Eventually.holds("its connection closes", () -> one.connections() == 0);
    }
  }

  @Test
  void refusesRequestsWhileThereAreNoTargetsAndServesWhenThereAre() throws Exception {
    Files.delete(file);
    try (Running running = Running.of(config(", initial-wait: 50ms"))) {
      Http.Answer refused = running.get("/");
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.content()).contains("no_target_available");
      assertThat(running.metric("sentinel_discovery_failures_total{upstream=\"app\"}"))
          .isPositive();
      write(one);
      has(running, one);
      assertThat(running.get("/").status()).isEqualTo(200);
      running.shows("sentinel_discovery_updates_total{upstream=\"app\"}", 1);
      running.shows("sentinel_discovery_targets{upstream=\"app\"}", 1);
    }
  }

  @Test
  void keepsTheSourceOverAReloadThatDoesNotConcernIt() throws Exception {
    try (Running running = Running.of(config(""))) {
      TargetState state = state(running, one);
      String edited = config("").replace("    discovery:", "    host: target\n    discovery:");
      assertThat(running.reload(edited).result()).isEqualTo("applied");
      has(running, one, two);
      assertThat(state(running, one)).isSameAs(state);
      assertThat(running.said("2 added")).isEmpty();
      write(two);
      has(running, two);
    }
  }

  @Test
  void beginsAnewWhenTheSourceIsAnotherOne() throws Exception {
    Path other = Files.writeString(folder.resolve("other"), "[{address: " + two.address() + "}]");
    try (Running running = Running.of(config(""))) {
      running.reload(config("").replace(file.toString(), other.toString()));
      has(running, two);
      write(one);
      assertThat(running.reload(config("").replace(file.toString(), other.toString())).result())
          .isEqualTo("unchanged");
      has(running, two);
    }
  }

  @Test
  void usesNoMoreTargetsThanItMayAndSaysSo() throws Exception {
    try (Running running = Running.of(config(", max-targets: 1, initial-wait: 1s"))) {
      assertThat(members(running)).hasSize(1);
      JsonObject discovery = upstreams(running).getJsonObject("discovery");
      assertThat(discovery.getString("trouble")).contains("expected: at most 1, by max-targets");
    }
  }

  @Test
  void showsHowTheSourceIsDoing() throws Exception {
    try (Running running = Running.of(config(""))) {
      Files.writeString(file, "- {adress: x}");
      Eventually.holds(
          "the trouble is shown",
          () -> upstreams(running).getJsonObject("discovery").containsKey("trouble"));
      JsonObject shown = upstreams(running);
      assertThat(shown.getJsonArray("targets")).hasSize(2);
      JsonObject discovery = shown.getJsonObject("discovery");
      assertThat(discovery.getString("type")).isEqualTo("file");
      assertThat(discovery.getInteger("targets")).isEqualTo(2);
      assertThat(discovery.getString("lastSuccess")).endsWith("Z");
      assertThat(discovery.getString("trouble")).contains("targets.yaml:1:4");
      assertThat(running.get("/").status()).isEqualTo(200);
    }
  }

  private static JsonObject upstreams(Running running) {
    return new JsonArray(running.admin("/upstreams").content()).getJsonObject(0);
  }
}
