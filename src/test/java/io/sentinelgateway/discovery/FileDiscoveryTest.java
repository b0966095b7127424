package io.sentinelgateway.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Targets that somebody writes into a file. */
class FileDiscoveryTest {

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = folder.resolve("targets.yaml");
    Files.writeString(file, "- {address: 10.0.0.1:80}\n");
  }

  /** Events alone must wake it. */
  private Followed follow(Path path) {
    return Followed.source("{type: file, path: " + path + ", poll: 1h}");
  }

  private void replace(Path path, String text) throws IOException {
    Path fresh = Files.writeString(folder.resolve("fresh"), text);
    Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
  }

  @Test
  void takesWhatStandsUnderTargetsElsewhere() throws IOException {
    Files.writeString(
        file,
        """
        - {address: 10.0.0.1:80, weight: 3, zone: eu-1a}
        - {address: "unix:/run/app.sock", priority: 1}
        """);
    try (Followed source = follow(file)) {
      source.finds("10.0.0.1:80 3 0 eu-1a", "unix:/run/app.sock 1 1");
    }
  }

  @Test
  void takesJson() throws IOException {
    Path json = Files.writeString(folder.resolve("targets.json"), "[{\"address\": \"a.b:80\"}]");
    try (Followed source = follow(json)) {
      source.finds("a.b:80 1 0");
    }
  }

  @Test
  void noticesAFileThatIsReplaced() throws IOException {
    try (Followed source = follow(file)) {
      source.finds("10.0.0.1:80 1 0");
      replace(file, "- {address: 10.0.0.2:80}\n");
      source.finds("10.0.0.2:80 1 0");
      replace(file, "[]\n");
      source.finds();
    }
  }

  @Test
  void noticesALinkThatIsMovedAsInAConfigMap() throws IOException {
    Path old = Files.createDirectory(folder.resolve("..old"));
    Path next = Files.createDirectory(folder.resolve("..next"));
    Files.writeString(old.resolve("t.yaml"), "- {address: 10.0.0.1:80}\n");
    Files.writeString(next.resolve("t.yaml"), "- {address: 10.0.0.2:80}\n");
    Path data = Files.createSymbolicLink(folder.resolve("..data"), old);
    Path mounted = Files.createSymbolicLink(folder.resolve("t.yaml"), data.resolve("t.yaml"));
    try (Followed source = follow(mounted)) {
      source.finds("10.0.0.1:80 1 0");
      Path moved = Files.createSymbolicLink(folder.resolve("..tmp"), next);
      Files.move(moved, data, StandardCopyOption.ATOMIC_MOVE);
      source.finds("10.0.0.2:80 1 0");
    }
  }

  @Test
  void noticesAChangeByLookingWhereNoEventTells() throws IOException {
    String settings = "{type: file, path: " + folder + "/later.yaml, poll: 100ms}";
    try (Followed source = Followed.source(settings)) {
      source.fails("no such file");
      replace(folder.resolve("later.yaml"), "- {address: 10.0.0.5:80}\n");
      source.finds("10.0.0.5:80 1 0");
    }
  }

  @Test
  void keepsTheLastGoodListAndSaysWhatIsWrongWhere() throws IOException {
    try (Followed source = follow(file)) {
      source.finds("10.0.0.1:80 1 0");
      replace(file, "- {address: 10.0.0.2:80}\n- {adress: 10.0.0.3:80}\n");
      source.fails("targets.yaml:2:4  error  [1].adress: unknown key");
      replace(file, "- {address: 10.0.0.2:80}\n- {address: 10.0.0.2:80}\n");
      source.fails("targets.yaml:2:13  error  [1].address: 10.0.0.2:80 stands twice");
      replace(file, "- {address: \n");
      source.fails("not YAML");
      replace(file, "");
      source.fails("expected: a list of targets");
      Files.delete(file);
      source.fails("no such file");
      assertThat(source.shown()).containsExactly("10.0.0.1:80 1 0");
      replace(file, "- {address: 10.0.0.4:80}\n");
      source.finds("10.0.0.4:80 1 0");
    }
  }

  @Test
  void refusesARelativePath() {
    assertThat(Followed.read("{type: file, path: targets.yaml}").problems().toString())
        .contains("expected: an absolute path");
  }
}
