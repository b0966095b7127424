package io.sentinelgateway.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.source.ConfigSource;
import io.sentinelgateway.tls.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is shipped as an example is read without a problem, and the schema agrees. */
class ExamplesTest {

  private static final com.networknt.schema.JsonSchema SCHEMA =
      JsonSchemaTest.schema(ShippedKinds.all());

  @TempDir private static Path certificates;
  private static ConfigReader reader;

  @BeforeAll
  static void makeCertificates() {
    reader = new ConfigReader(ShippedKinds.all(), TestCertificates.environment(certificates));
  }

  private static GatewayConfig read(Path example) {
    return reader.read(new ConfigSource(example).read()).config().orElseThrow();
  }

  static Stream<Path> examples() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("conf/examples"))) {
      return Stream.concat(Stream.of(Path.of("conf/sentinel.yaml")), files.sorted())
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void areReadWithoutAProblem(Path example) {
    assertThat(reader.read(new ConfigSource(example).read()).problems()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void areEqualWhenReadAgain(Path example) {
    assertThat(read(example)).isEqualTo(read(example)).hasSameHashCodeAs(read(example));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void areEqualWhenWrittenAndRead(Path example) {
    GatewayConfig config = read(example);
    String written = new ConfigWriter(ShippedKinds.all(), true).write(config);
    assertThat(reader.readText("written.yaml", written).config()).contains(config);
  }

  @ParameterizedTest
  @MethodSource("examples")
  void areAcceptedByTheSchema(Path example) throws IOException {
    if (Files.isRegularFile(example)) {
      assertThat(JsonSchemaTest.judge(SCHEMA, example))
          .hasValueSatisfying(messages -> assertThat(messages).isEmpty());
    }
  }
}
