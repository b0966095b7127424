package io.sentinelgateway.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.schema.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigWriterTest {

  private static final String MINIMAL =
      """
      version: 1
      listeners:
        web:
          address: 127.0.0.1:8080
      """;

  private final ConfigReader reader = new ConfigReader(TestKinds.all(), name -> Optional.empty());

  private GatewayConfig read(String yaml) {
    ReadResult result = reader.readText("test.yaml", yaml);
    assertThat(result.problems()).isEmpty();
    return result.config().orElseThrow();
  }

  static Stream<Path> goodCases() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/test/resources/config/good"))) {
      return files.sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("goodCases")
  void writesWhatReadsBackEqual(Path file) throws IOException {
    GatewayConfig config = read(Files.readString(file));
    String all = new ConfigWriter(TestKinds.all(), false).write(config);
    String changed = new ConfigWriter(TestKinds.all(), true).write(config);
    assertThat(read(all)).isEqualTo(config);
    assertThat(read(changed)).isEqualTo(config);
    assertThat(changed.length()).isLessThan(all.length());
  }

  @Test
  void leavesOutDefaultsWhenAsked() {
    assertThat(new ConfigWriter(TestKinds.all(), true).write(read(MINIMAL))).isEqualTo(MINIMAL);
  }

  @Test
  void masksSecrets() {
    String yaml =
        MINIMAL
            + "admin: {token: sesame-1}\n"
            + "filters: {auth: {type: basic-auth, password: sesame-2}}\n";
    String written = new ConfigWriter(TestKinds.all(), false).write(read(yaml));
    assertThat(written).doesNotContain("sesame").contains(Secret.MASK);
  }

  @ParameterizedTest
  @ValueSource(strings = {"${HOME}", "5", "true", "null", "", "- a", "a: b #c", "line\nline", "é"})
  void keepsTextsThatLookLikeSomethingElse(String text) {
    GatewayConfig config = read(MINIMAL + "routes: {r: {respond: {body: " + quoted(text) + "}}}\n");
    assertThat(((TestKinds.Respond) config.routes().get("r").handler()).body()).isEqualTo(text);
    String written = new ConfigWriter(TestKinds.all(), false).write(config);
    assertThat(read(written)).isEqualTo(config);
  }

  private static String quoted(String text) {
    return '"' + text.replace("${", "$${").replace("\n", "\\n") + '"';
  }
}
