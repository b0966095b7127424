package io.sentinelgateway.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * What is made from the code is committed, and must be what the code makes now. To write it anew:
 * {@code mvn test -Dtest=GeneratedFilesTest -Dregenerate=true}.
 */
class GeneratedFilesTest {

  private static void assertFresh(Path file, String generated) throws IOException {
    if (Boolean.getBoolean("regenerate")) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, generated);
    }
    assertThat(file)
        .as("stale; run mvn test -Dtest=GeneratedFilesTest -Dregenerate=true")
        .hasContent(generated);
  }

  @Test
  void schemaIsFresh() throws IOException {
    String schema = JsonSchema.of(ShippedKinds.all()).encodePrettily() + "\n";
    assertFresh(Path.of("conf/schema.json"), schema);
  }

  @Test
  void referencePageIsFresh() throws IOException {
    assertFresh(Path.of("docs/reference/configuration.md"), ReferencePage.of(ShippedKinds.all()));
  }
}
