package io.sentinelgateway.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretFilesTest {

  @TempDir private Path temporary;

  private String file(String content) throws IOException {
    Path file = temporary.resolve("token");
    Files.writeString(file, content);
    return "file:" + file;
  }

  @Test
  void readsAFileWithoutItsLastLineEnd() throws IOException {
    assertThat(SecretFiles.read(file("sesame\n")).reveal()).isEqualTo("sesame");
    assertThat(SecretFiles.read(file("sesame\r\n")).reveal()).isEqualTo("sesame");
    assertThat(SecretFiles.read(file("a\nb\n\n")).reveal()).isEqualTo("a\nb\n");
  }

  @Test
  void takesAnythingElseAsTheSecret() {
    assertThat(SecretFiles.read("sesame").reveal()).isEqualTo("sesame");
  }

  @Test
  void refusesAnEmptyFile() throws IOException {
    String empty = file("\n");
    assertThatThrownBy(() -> SecretFiles.read(empty)).hasMessageContaining("is empty");
  }

  @Test
  void refusesAFileThatIsTooLarge() throws IOException {
    String large = file("x".repeat(64 * 1024 + 1));
    assertThatThrownBy(() -> SecretFiles.read(large)).hasMessageContaining("too large");
  }

  @Test
  void neverPrintsTheContent() throws IOException {
    Path file = temporary.resolve("token");
    Files.write(file, new byte[] {'s', 'e', 's', (byte) 0xff});
    assertThatThrownBy(() -> SecretFiles.read("file:" + file))
        .hasMessageContaining("is not UTF-8 text")
        .hasMessageNotContaining("ses\u00ff");
  }
}
