package io.sentinelgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandsTest {

  @TempDir private Path folder;

  @Test
  void printTheSchema() {
    Shell.Ended ended = Shell.run("schema");
    assertThat(ended.status()).isZero();
    assertThat(new JsonObject(ended.out()).getJsonObject("properties").fieldNames())
        .contains("listeners", "routes", "upstreams");
  }

  @Test
  void printVersions() {
    assertThat(Shell.run("version").out()).contains("sentinel ", "java ", "vert.x ", "netty ");
    JsonObject json = new JsonObject(Shell.run("version", "--json").out());
    assertThat(json.fieldNames()).containsExactly("sentinel", "java", "vertx", "netty");
    assertThat(Shell.run("--version").out()).startsWith("sentinel ");
  }

  @Test
  void printTheFileThatAProxyEquals() throws Exception {
    Shell.Ended ended =
        Shell.run(
            "proxy",
            "--listen",
            ":8081",
            "--to",
            "http://localhost:9000/base/",
            "--to",
            "localhost:9001/base",
            "--instances",
            "2",
            "--print-config");
    assertThat(ended.status()).isZero();
    Path file = Files.writeString(folder.resolve("proxy.yaml"), ended.out());
    Shell.Ended check = Shell.run("check", "--config", file.toString());
    assertThat(check.status()).as(check.out()).isZero();
    Shell.Ended explain =
        Shell.run("explain", "--config", file.toString(), "--json", "GET http://a.example/x");
    JsonObject decision = new JsonObject(explain.out());
    assertThat(decision.getString("target")).isEqualTo("/base/x");
    assertThat(decision.getJsonArray("servers"))
        .containsExactly("localhost:9000", "localhost:9001");
  }

  @Test
  void refuseAddressesThatAreNone() {
    assertUsage("--to", "", "proxy", "--to", "ftp://a.example/");
    assertUsage("--to", "", "proxy", "--to", "http://a.example/?q=1");
    assertUsage("--to", "paths differ", "proxy", "--to", "http://a:1/x", "--to", "http://b:1/y");
    assertUsage("nonsense", "host:port", "proxy", "--to", "http://a:1", "--listen", "nonsense");
    assertUsage("--to", "Missing required option", "proxy");
    assertUsage("0", "1 to 256", "proxy", "--to", "http://a:1", "--instances", "0");
    assertUsage("", "", "proxy", "--to", "http://bad host/");
    assertUsage("", "", "proxy", "--to", "http://a:99999");
  }

  private static void assertUsage(String one, String other, String... words) {
    Shell.Ended ended = Shell.run(words);
    assertThat(ended.status()).as(String.join(" ", words) + ": " + ended.err()).isEqualTo(2);
    assertThat(ended.err()).contains(one, other).doesNotContain("\tat ");
  }

  @Test
  void tellWhatThereIs() {
    Shell.Ended ended = Shell.run("--help");
    assertThat(ended.status()).isZero();
    assertThat(ended.out())
        .contains("run", "proxy", "check", "explain", "schema", "version", "Exit status");
    assertThat(Shell.run("generate-completion").out()).contains("complete ", "sentinel");
    assertThat(Shell.run("nonsense").status()).isEqualTo(2);
    assertThat(Shell.run().status()).isEqualTo(2);
  }

  @Test
  void printAStackOnlyWhenAsked() throws Exception {
    Path file = Files.writeString(folder.resolve("s.yaml"), "version: 2");
    Path kept = Files.createDirectory(folder.resolve("kept"));
    Files.write(kept.resolve("current"), new byte[] {-1, -1});
    String[] run = {
      "run", "--config", file.toString(), "--last-known-good", kept.toString(),
    };
    Shell.Ended ended = Shell.run(run);
    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.err()).contains("error ").doesNotContain("\tat ");
    ended = Shell.run(Stream.concat(Stream.of("--debug"), Stream.of(run)).toArray(String[]::new));
    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.err()).contains("MalformedInputException", "\tat ");
  }
}
