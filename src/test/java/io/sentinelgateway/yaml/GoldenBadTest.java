package io.sentinelgateway.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.schema.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every file of {@code config/bad} gives exactly the problems in the {@code .txt} beside it. A new
 * case is a new file; run with {@code -Dregenerate=true} to write what the reader says, then read
 * it. Lines of the {@code .txt} that begin with {@code #} are tags.
 */
class GoldenBadTest {

  static final Path FOLDER = Path.of("src/test/resources/config/bad");

  static Stream<Path> cases() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.filter(f -> f.toString().matches(".*\\.(yaml|json)")).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void reportsAllProblemsWithTheirPositions(Path file) throws IOException {
    Path expected = expected(file);
    String found = problems(file).stream().map(p -> p + "\n").collect(Collectors.joining());
    if (Boolean.getBoolean("regenerate")) {
      Files.writeString(expected, tags(expected) + found);
    }
    assertThat(tags(expected) + found).isEqualTo(Files.readString(expected));
    assertThat(found).contains("  error  ");
  }

  static List<Problem> problems(Path file) throws IOException {
    ConfigReader reader =
        new ConfigReader(
            TestKinds.all(),
            name -> Optional.ofNullable(Map.of("PORT", "8080", "WORD", "shop").get(name)));
    ReadResult result = reader.readText(String.valueOf(file.getFileName()), Files.readString(file));
    assertThat(result.config()).isEmpty();
    return result.problems();
  }

  static Path expected(Path file) {
    return Path.of(file.toString().replaceFirst("\\.(yaml|json)$", ".txt"));
  }

  static String tags(Path expected) throws IOException {
    if (!Files.exists(expected)) {
      return "";
    }
    return Files.readAllLines(expected).stream()
        .filter(line -> line.startsWith("#"))
        .map(line -> line + "\n")
        .collect(Collectors.joining());
  }
}
