package io.sentinelgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code explain} and the tests of a configuration say of a split and of a mirror. */
class SplitCommandsTest {

  private static final String CONFIG =
      """
      version: 1
      listeners: {web: {address: ":8080"}}
      upstreams:
        shop: {targets: [{address: "localhost:9001"}]}
        next: {targets: [{address: "localhost:9002"}]}
        lab: {targets: [{address: "localhost:9003"}]}
      routes:
        all:
          forward:
            split:
              - {upstream: shop, weight: 95}
              - {upstream: next, weight: 5, when: {headers: {x-canary: "1"}}}
              - {upstream: lab, when: {path: /lab}}
            sticky: {key: "{header.X-User}"}
      """;

  @TempDir private Path folder;

  private Shell.Ended run(String command, String config, String... more) throws IOException {
    Path file = Files.writeString(folder.resolve("s.yaml"), config);
    List<String> words = new ArrayList<>(List.of(command, "--config", file.toString()));
    words.addAll(List.of(more));
    return Shell.run(words.toArray(String[]::new));
  }

  private Shell.Ended explain(String... question) throws IOException {
    return run("explain", CONFIG, question);
  }

  private static String test(String request, String upstream) {
    return "tests: [{request: \"GET http://a.example"
        + request
        + "\", expect: {upstream: "
        + upstream
        + "}}]\n";
  }

  @Test
  void explainTellsTheSideAndWhy() throws Exception {
    assertThat(explain("GET http://a.example/", "-H", "X-Canary: 1").out())
        .contains("split    when headers x-canary 1\n", "upstream next (localhost:9002)\n")
        .doesNotContain("upstream shop");
    assertThat(explain("GET http://a.example/", "-H", "X-User: alice").out())
        .contains("split    key {header.X-User} among shop 95%, next 5%\n", "upstream shop");
  }

  @Test
  void explainTellsWhatIsLeftToChance() throws Exception {
    assertThat(explain("GET http://a.example/").out())
        .contains("split    by chance: shop 95%, next 5%\n")
        .contains("upstream shop (localhost:9001)\n", "upstream next (localhost:9002)\n")
        .doesNotContain("lab (");
  }

  @Test
  void explainTellsTheSameAsData() throws Exception {
    JsonObject chance = new JsonObject(explain("GET http://a.example/", "--json").out());
    assertThat(chance.getJsonObject("upstreams").fieldNames()).containsExactly("shop", "next");
    assertThat(chance.containsKey("upstream")).isFalse();
    JsonObject decided = new JsonObject(explain("GET http://a.example/lab", "--json").out());
    assertThat(decided.getString("upstream")).isEqualTo("lab");
    assertThat(decided.getJsonArray("servers")).containsExactly("localhost:9003");
    assertThat(decided.getString("split")).isEqualTo("when path /lab");
  }

  @Test
  void explainTellsWhoGetsACopy() throws Exception {
    String all = CONFIG + "      mirror: {upstream: lab}\n";
    assertThat(run("explain", all, "GET http://a.example/").out())
        .contains("mirror   lab (localhost:9003)\n");
    String some =
        CONFIG + "      mirror: {upstream: lab, percent: 0.5%, when: {headers: {x-test: \"1\"}}}\n";
    assertThat(run("explain", some, "GET http://a.example/").out()).doesNotContain("mirror");
    String asked = "GET http://a.example/";
    assertThat(run("explain", some, asked, "-H", "X-Test: 1").out())
        .contains("mirror   lab (localhost:9003) when headers x-test 1, 0.5% by chance\n");
    String json = run("explain", some, asked, "-H", "X-Test: 1", "--json").out();
    assertThat(new JsonObject(json).getJsonObject("mirror"))
        .isEqualTo(
            new JsonObject()
                .put("upstream", "lab")
                .put("servers", new JsonArray().add("localhost:9003"))
                .put("reason", "when headers x-test 1, 0.5% by chance"));
  }

  @Test
  void aTestMayExpectTheSideThatIsDecided() throws Exception {
    assertThat(run("check", CONFIG + test("/lab", "lab")).out()).contains("1 test holds");
    Shell.Ended wrong = run("check", CONFIG + test("/lab", "shop"));
    assertThat(wrong.status()).isEqualTo(1);
    assertThat(wrong.out()).contains("upstream lab (expected: shop)");
  }

  @Test
  void aTestMayExpectAnySideThatChanceMayChoose() throws Exception {
    assertThat(run("check", CONFIG + test("/", "shop")).status()).isZero();
    assertThat(run("check", CONFIG + test("/", "next")).status()).isZero();
    assertThat(run("check", CONFIG + test("/", "lab")).out())
        .contains("upstream shop or next (expected: lab)");
  }
}
