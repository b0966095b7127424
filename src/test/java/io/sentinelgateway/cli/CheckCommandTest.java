package io.sentinelgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckCommandTest {

  private static final String GOOD =
      """
      version: 1
      listeners:
        web: {address: ":8080"}
      upstreams:
        shop: {targets: [{address: "localhost:9000"}]}
      routes:
        shop:
          match: {path: {prefix: /shop}}
          forward: {upstream: shop}
      """;

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("s.yaml");
  }

  private Shell.Ended check(String yaml, String... more) throws IOException {
    Files.writeString(file, yaml);
    String[] words = new String[more.length + 3];
    words[0] = "check";
    words[1] = "--config";
    words[2] = file.toString();
    System.arraycopy(more, 0, words, 3, more.length);
    return Shell.run(words);
  }

  @Test
  void saysThatAConfigurationIsValid() throws Exception {
    Shell.Ended ended = check(GOOD);
    assertThat(ended.status()).isZero();
    assertThat(ended.out()).matches("(?s)" + file + " is valid \\(sha [0-9a-f]{7}\\)\\.\n");
    assertThat(ended.err()).isEmpty();
  }

  @Test
  void countsTheTestsThatHold() throws Exception {
    String tests = "tests: [{request: \"GET http://a.example/shop\", expect: {route: shop}}]\n";
    assertThat(check(GOOD + tests).out()).contains("; 1 test holds).");
  }

  @Test
  void reportsEveryProblemAtItsPlace() throws Exception {
    Shell.Ended ended =
        check(GOOD.replace("upstream: shop}", "upstrem: shop}").replace(":9000", ":abc"));
    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.out().lines())
        .containsExactly(
            file
                + ":5:30  error  upstreams.shop.targets[0].address: \"localhost:abc\""
                + " (expected: host:port, port 1–65535, or unix:/path)",
            file
                + ":9:15  error  routes.shop.forward.upstrem: unknown key"
                + " (did you mean upstream?)",
            "2 errors.");
  }

  @Test
  void reportsTestsThatDoNotHoldAtTheirPlace() throws Exception {
    Shell.Ended ended =
        check(
            GOOD
                + """
                tests:
                  - {request: "GET http://a.example/shop/1", expect: {upstream: shop, target: /1}}
                  - {request: "GET http://a.example/x", expect: {route: shop}}
                """);
    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.out().lines())
        .containsExactly(
            file
                + ":11:5  error  tests[0]: GET http://a.example/shop/1: target /shop/1"
                + " (expected: /1)",
            file
                + ":12:5  error  tests[1]: GET http://a.example/x: route none"
                + " (expected: shop)",
            "2 errors.");
  }

  @Test
  void reportsAPartThatCannotBeBuiltAtItsPlace() throws Exception {
    Shell.Ended ended =
        check(GOOD + "filters:\n  own: {type: interceptor, class-name: example.Missing}\n");
    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.out()).startsWith(file + ":11:3  error  filters.own: ");
  }

  @Test
  void warnsOfARouteThatCanNeverMatch() throws Exception {
    Shell.Ended ended =
        check(
            GOOD
                + "  never:\n    match: {path: {prefix: /shop/cart}}\n    priority: -1\n"
                + "    respond: {status: 200}\n");
    assertThat(ended.status()).isZero();
    assertThat(ended.out())
        .contains(":10:3  warn  routes.never", "can never match", "0 errors, 1 warning.");
  }

  @Test
  void printsJson() throws Exception {
    JsonObject good = new JsonObject(check(GOOD, "--json").out());
    assertThat(good.getBoolean("valid")).isTrue();
    assertThat(good.getJsonArray("problems")).isEmpty();

    Shell.Ended ended = check(GOOD.replace("version: 1", "version: 2"), "--json");
    assertThat(ended.status()).isEqualTo(1);
    JsonObject bad = new JsonObject(ended.out());
    assertThat(bad.getBoolean("valid")).isFalse();
    JsonArray problems = bad.getJsonArray("problems");
    assertThat(problems.getJsonObject(0))
        .isEqualTo(
            new JsonObject()
                .put("severity", "error")
                .put("file", file.toString())
                .put("line", 1)
                .put("column", 10)
                .put("key", "version")
                .put("message", "2 (expected: exactly 1)"));
  }

  @Test
  void readsADirectory() throws Exception {
    Files.writeString(folder.resolve("a.yaml"), GOOD);
    Files.writeString(folder.resolve("b.yaml"), "routes: {b: {respond: {status: 200}}}\n");
    assertThat(Shell.run("check", "--config", folder.toString()).status()).isZero();
    Files.writeString(folder.resolve("c.yaml"), "routes: {b: {respond: {status: 201}}}\n");
    Shell.Ended ended = Shell.run("check", "--config", folder.toString());
    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.out()).startsWith(folder.resolve("c.yaml") + ":1:10  error  routes.b: ");
  }

  @Test
  void saysThatAFileIsMissing() {
    Shell.Ended ended = Shell.run("check", "--config", file.toString());
    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.out().lines().findFirst())
        .contains(file + "  error  no such file or directory");
  }

  @Test
  void saysHowItIsUsed() {
    Shell.Ended ended = Shell.run("check", "--confg", "x");
    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.err()).contains("Unknown option", "--confg").doesNotContain("\tat ");
  }
}
