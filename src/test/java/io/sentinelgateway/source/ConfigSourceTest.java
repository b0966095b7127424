package io.sentinelgateway.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.schema.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigSourceTest {

  private static final String GATEWAY = "version: 1\nlisteners: {web: {address: \":0\"}}\n";

  @TempDir private Path temporary;
  private Path folder;

  @BeforeEach
  void makeFolder() throws IOException {
    folder = Files.createDirectory(temporary.resolve("conf"));
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private Sources read() {
    return new ConfigSource(folder).read();
  }

  private List<String> problems() {
    return read().problems().stream()
        .map(p -> p.toString().replace(folder.toString(), "conf"))
        .toList();
  }

  @Test
  void reportsAMissingSource() {
    Path missing = temporary.resolve("missing.yaml");
    Sources sources = new ConfigSource(missing).read();
    assertThat(sources.texts()).isEmpty();
    assertThat(sources.problems())
        .extracting(Problem::toString)
        .containsExactly(missing + "  error  no such file or directory");
  }

  @Test
  void reportsADirectoryWithoutConfiguration() throws IOException {
    write("notes.txt", "not a configuration");
    write(".hidden.yaml", GATEWAY);
    Files.createDirectory(folder.resolve("folder.yaml"));
    assertThat(problems())
        .containsExactly(
            "conf  error  holds no configuration (expected: *.yaml, *.yml or *.json files)");
  }

  @Test
  void followsTheLinksOfAConfigMap() throws IOException {
    Path version = Files.createDirectory(folder.resolve("..2026_01"));
    Files.writeString(version.resolve("gateway.yaml"), GATEWAY);
    Files.createSymbolicLink(folder.resolve("..data"), Path.of("..2026_01"));
    Files.createSymbolicLink(folder.resolve("gateway.yaml"), Path.of("..data/gateway.yaml"));
    assertThat(read().problems()).isEmpty();
    assertThat(read().texts())
        .extracting(SourceText::name)
        .containsExactly(folder.resolve("gateway.yaml").toString());
  }

  @Test
  void reportsALinkThatLeadsNowhere() throws IOException {
    write("1.yaml", GATEWAY);
    Files.createSymbolicLink(folder.resolve("2.yaml"), Path.of("gone.yaml"));
    assertThat(problems()).singleElement().asString().contains("2.yaml");
  }

  @Test
  void reportsTextThatIsNotUtf8() throws IOException {
    Files.write(folder.resolve("1.yaml"), "version: é".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(problems()).containsExactly("conf/1.yaml  error  not UTF-8 text");
  }

  @Test
  void dropsAByteOrderMark() throws IOException {
    write("1.yaml", "\uFEFF" + GATEWAY);
    assertThat(read().texts()).extracting(SourceText::text).containsExactly(GATEWAY);
  }

  @Test
  void refusesAFileThatIsTooLarge() throws IOException {
    write("1.yaml", "#".repeat(8 * 1024 * 1024 + 1));
    assertThat(problems())
        .containsExactly("conf/1.yaml  error  too large (expected: at most 8 MiB)");
  }
}
