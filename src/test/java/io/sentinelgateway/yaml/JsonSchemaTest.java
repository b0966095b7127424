package io.sentinelgateway.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.sentinelgateway.schema.Kind;
import io.sentinelgateway.schema.Position;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.source.SourceText;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Schema and reader judge alike, over the whole corpus of cases. */
class JsonSchemaTest {

  /** In the {@code .txt} of a bad case that only the reader can refuse. */
  private static final String TAG = "# schema: accepts\n";

  private static final com.networknt.schema.JsonSchema SCHEMA = schema(TestKinds.all());

  static com.networknt.schema.JsonSchema schema(List<Kind<?, ?, ?>> kinds) {
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
        .getSchema(JsonSchema.of(kinds).encode(), InputFormat.JSON);
  }

  /** What the schema says against a YAML file; nothing when the file is not even YAML. */
  static Optional<Set<ValidationMessage>> judge(com.networknt.schema.JsonSchema schema, Path file)
      throws IOException {
    SourceText source = new SourceText(file.toString(), Files.readString(file));
    Problems problems = new Problems(pointer -> new Position(source.name(), 0, 0));
    return YamlReader.read(source, problems)
        .map(YamlJson::of)
        .map(value -> value instanceof JsonObject json ? json.encode() : "\"" + value + '"')
        .map(json -> schema.validate(json, InputFormat.JSON));
  }

  static Stream<Path> goodCases() throws IOException {
    return ConfigWriterTest.goodCases();
  }

  static Stream<Path> badCases() throws IOException {
    return GoldenBadTest.cases();
  }

  @ParameterizedTest
  @MethodSource("goodCases")
  void acceptsWhatTheReaderAccepts(Path file) throws IOException {
    assertThat(judge(SCHEMA, file).orElseThrow()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("badCases")
  void refusesWhatTheReaderRefusesUnlessItCannotKnow(Path file) throws IOException {
    boolean accepted = judge(SCHEMA, file).filter(Set::isEmpty).isPresent();
    assertThat(accepted)
        .as("the schema accepts it")
        .isEqualTo(GoldenBadTest.tags(GoldenBadTest.expected(file)).contains(TAG));
  }

  @Test
  void isItselfAValidSchema() {
    Set<ValidationMessage> messages =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"))
            .validate(JsonSchema.of(TestKinds.all()).encode(), InputFormat.JSON);
    assertThat(messages).isEmpty();
  }
}
