package io.sentinelgateway.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LastKnownGoodTest {

  private static final String HASH = "0123456789abcdef".repeat(4);
  private static final String OTHER = "fedcba9876543210".repeat(4);

  @TempDir private Path temporary;

  private LastKnownGood kept() {
    return new LastKnownGood(temporary.resolve("var/good"));
  }

  private static List<String> texts(LastKnownGood kept) throws IOException {
    return kept.read().orElseThrow().texts().stream().map(SourceText::text).toList();
  }

  @Test
  void readsBackWhatWasKept() throws IOException {
    Sources sources =
        new Sources(
            "conf",
            List.of(new SourceText("conf/1.yaml", "a"), new SourceText("conf/2.json", "b")),
            List.of());
    kept().keep(HASH, sources);
    assertThat(texts(kept())).containsExactly("a", "b");
  }

  @Test
  void findsAFileOfAnyNameAgain() throws IOException {
    kept().keep(HASH, Sources.of("/etc/.gateway", "a"));
    assertThat(texts(kept())).containsExactly("a");
  }

  @Test
  void hasNothingBeforeTheFirstConfiguration() throws IOException {
    assertThat(kept().read()).isEmpty();
  }

  @Test
  void replacesAnOlderConfiguration() throws IOException {
    kept().keep(HASH, Sources.of("a.yaml", "old"));
    kept().keep(OTHER, Sources.of("a.yaml", "new"));
    assertThat(texts(kept())).containsExactly("new");
    try (Stream<Path> files = Files.list(temporary.resolve("var/good"))) {
      assertThat(files).hasSize(2);
    }
  }

  @Test
  void keepsTheOldOneWhenTheNewOneCannotBeWritten() throws IOException {
    kept().keep(HASH, Sources.of("a.yaml", "old"));
    // What a crash while writing leaves behind.
    Files.createDirectory(temporary.resolve("var/good").resolve(OTHER));
    Files.writeString(temporary.resolve("var/good/current.new"), "half");
    assertThat(texts(kept())).containsExactly("old");
    kept().keep(OTHER, Sources.of("a.yaml", "new"));
    assertThat(texts(kept())).containsExactly("new");
  }

  @Test
  void letsNobodyElseRead() throws IOException {
    kept().keep(HASH, Sources.of("a.yaml", "a"));
    Path folder = temporary.resolve("var/good");
    assertThat(permissions(folder)).isEqualTo("rwx------");
    assertThat(permissions(folder.resolve(HASH))).isEqualTo("rwx------");
    assertThat(permissions(folder.resolve(HASH).resolve("a.yaml"))).isEqualTo("rw-------");
    assertThat(permissions(folder.resolve("current"))).isEqualTo("rw-------");
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void isNotLedAstrayByAPathInCurrent() throws IOException {
    kept().keep(HASH, Sources.of("a.yaml", "a"));
    Files.writeString(temporary.resolve("var/good/current"), "../../etc");
    assertThat(kept().read()).isEmpty();
  }
}
