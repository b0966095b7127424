package io.sentinelgateway.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.config.RouteTest;
import io.sentinelgateway.source.ConfigSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many files, one configuration. */
class SourceMergeTest {

  private static final String GATEWAY = "version: 1\nlisteners: {web: {address: \":0\"}}\n";

  private final ConfigReader reader =
      new ConfigReader(TestKinds.all(), name -> Optional.of("value of " + name));

  @TempDir private Path temporary;
  private Path folder;

  @BeforeEach
  void makeFolder() throws IOException {
    folder = Files.createDirectory(temporary.resolve("conf"));
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private ReadResult read() {
    return reader.read(new ConfigSource(folder).read());
  }

  private List<String> problems() {
    return read().problems().stream()
        .map(p -> p.toString().replace(folder.toString(), "conf"))
        .toList();
  }

  @Test
  void mergesTheFilesOfADirectoryById() throws IOException {
    write("10-gateway.yaml", GATEWAY);
    write("20-a.yml", "version: 1\nroutes: {a: {respond: {}}}\n");
    write("30-b.json", "{\"routes\": {\"b\": {\"respond\": {\"status\": 204}}}}");
    ReadResult result = read();
    assertThat(result.problems()).isEmpty();
    assertThat(result.config().orElseThrow().routes().keySet()).containsExactly("a", "b");
  }

  @Test
  void appendsTestsInTheOrderOfTheNames() throws IOException {
    write("2.yaml", "tests: [{request: GET http://b/, expect: {}}]");
    write("1.yaml", GATEWAY + "tests: [{request: GET http://a/, expect: {}}]");
    assertThat(read().config().orElseThrow().tests())
        .extracting(RouteTest::request)
        .containsExactly("GET http://a/", "GET http://b/");
  }

  @Test
  void namesBothPlacesOfADuplicateId() throws IOException {
    write("1.yaml", GATEWAY + "routes:\n  a: {respond: {}}\n");
    write("2.yaml", "routes:\n  b: {respond: {}}\n  a: {respond: {}}\n");
    assertThat(problems())
        .containsExactly(
            "conf/2.yaml:3:3  error  routes.a: stands twice (first at conf/1.yaml:4:3)");
  }

  @Test
  void refusesASingleBlockInTwoFiles() throws IOException {
    write("1.yaml", GATEWAY + "log: {level: warn}\n");
    write("2.yaml", "version: 2\nlog: {level: warn}\n");
    assertThat(problems())
        .containsExactly(
            "conf/2.yaml:1:1  error  version: stands in two files (first at conf/1.yaml:1:1)",
            "conf/2.yaml:2:1  error  log: stands in two files (first at conf/1.yaml:3:1)");
  }

  @Test
  void keepsThePositionsOfEachFile() throws IOException {
    write("1.yaml", GATEWAY + "routes:\n  a: {respond: {status: 1}}\n");
    write("2.yaml", "\nroutes:\n  b:\n    forward:\n      upstream: none\nlistenrs: {}\n");
    assertThat(problems())
        .containsExactly(
            "conf/1.yaml:4:25  error  routes.a.respond.status: 1 (expected: 200 to 599)",
            "conf/2.yaml:5:17  error  routes.b.forward.upstream: no upstream named none",
            "conf/2.yaml:6:1  error  listenrs: unknown key (did you mean listeners?)");
  }

  @Test
  void doesNotMissWhatStandsInAFileThatIsNotYaml() throws IOException {
    write("1.yaml", "upstreams: {shop: {targets: [\nversion: 1");
    write("2.yaml", "routes: {a: {forward: {upstream: shop, timeout: 5}}}");
    assertThat(problems())
        .satisfiesExactly(
            first -> assertThat(first).startsWith("conf/1.yaml:").contains("not YAML"),
            second -> assertThat(second).contains("routes.a.forward.timeout: 5 (expected"));
  }

  @Test
  void namesTheSameContentByTheSameHash() {
    String hash = reader.readText("a.yaml", GATEWAY).hash();
    assertThat(hash).matches("[0-9a-f]{64}");
    assertThat(reader.readText("b.yaml", "# other\n" + GATEWAY.replace(": {", ":   {")).hash())
        .isEqualTo(hash);
    assertThat(reader.readText("b.yaml", GATEWAY.replace(":0", ":1")).hash()).isNotEqualTo(hash);
  }
}
