package io.sentinelgateway.verticle;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.config.ServerConfig.ReloadConfig;
import io.sentinelgateway.source.ConfigSource;
import io.sentinelgateway.source.FileWatch;
import io.sentinelgateway.source.WatchedFiles;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read again, and what is not, when something happens to the files. */
class WatchedFilesTest {

  private static final InstantSource LATER =
      InstantSource.offset(InstantSource.system(), Duration.ofHours(1));

  @TempDir private Path folder;
  private Path file;
  private final AtomicInteger events = new AtomicInteger();
  private FileWatch watch;

  @BeforeEach
  void watch() throws IOException {
    file = Files.writeString(folder.resolve("sentinel.yaml"), "a: 1");
    watch = FileWatch.start(events::incrementAndGet);
  }

  @AfterEach
  void close() {
    watch.close();
  }

  private WatchedFiles files(Path source, InstantSource clock, Path... secrets) {
    WatchedFiles files = new WatchedFiles(new ConfigSource(source), clock, watch);
    files.read(null, Set.of(secrets));
    assertThat(files.read(files.look(), Set.of(secrets))).isTrue();
    return files;
  }

  @Test
  void knowsFilesThatWereLeftAlone() {
    assertThat(files(file, LATER).unchanged()).isTrue();
    assertThat(files(folder, LATER).unchanged()).isTrue();
  }

  @Test
  void trustsNoStampOfAFileThatWasWrittenJustNow() {
    assertThat(files(file, InstantSource.system()).unchanged()).isFalse();
    Instant behind = InstantSource.system().instant().minusSeconds(3600);
    assertThat(files(file, () -> behind).unchanged()).isFalse();
  }

  @Test
  void knowsNothingOfFilesThatCouldNotBeUsed() {
    WatchedFiles files = files(file, LATER);
    files.read(null, Set.of());
    assertThat(files.unchanged()).isFalse();
  }

  @Test
  void seesAFileOfTheSameLengthAndTimeInItsPlace() throws IOException {
    WatchedFiles files = files(file, LATER);
    FileTime time = Files.getLastModifiedTime(file);
    Path other = Files.writeString(folder.resolve("other"), "a: 2");
    Files.setLastModifiedTime(other, time);
    Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
    assertThat(files.unchanged()).isFalse();
  }

  @Test
  void seesAFileThatIsAddedToADirectoryAndTakenAway() throws IOException {
    WatchedFiles files = files(folder, LATER);
    Path added = Files.writeString(folder.resolve("more.yml"), "b: 1");
    assertThat(files.unchanged()).isFalse();
    Files.delete(added);
    assertThat(files.unchanged()).isTrue();
    Files.delete(file);
    assertThat(files.unchanged()).isFalse();
  }

  @Test
  void seesASecretThatChangesOrIsAway() throws IOException {
    Path secret = Files.writeString(folder.resolve("token"), "1");
    WatchedFiles files = files(file, LATER, secret);
    assertThat(files.unchanged()).isTrue();
    Files.writeString(secret, "22");
    assertThat(files.unchanged()).isFalse();
    Files.delete(secret);
    assertThat(files.unchanged()).isFalse();
  }

  @Test
  void asksForAnotherReadWhenASecretIsNamedThatWasNotWatched() {
    WatchedFiles files = files(file, LATER);
    Set<Path> named = Set.of(folder.resolve("token"));
    assertThat(files.read(files.look(), named)).isFalse();
    assertThat(files.read(files.look(), named)).isTrue();
    assertThat(files.read(files.look(), Set.of())).isTrue();
  }

  @Test
  void tellsOnlyOfWhatCanConcernTheSource() throws IOException {
    Path secret = folder.resolve("token");
    files(file, LATER, secret);
    for (int line = 0; line < 1000; line++) {
      Files.writeString(folder.resolve("access.log"), "line\n");
    }
    Path link = Files.createSymbolicLink(folder.resolve("fresh"), file);
    assertThat(events).hasValue(0);
    Files.move(link, secret, StandardCopyOption.ATOMIC_MOVE);
    Eventually.holds("the one event", () -> events.get() == 1);
  }

  @Test
  void tellsOfAFolderThatGoesAwayAndOfOneThatComes() throws IOException {
    Path inner = Files.createDirectory(folder.resolve("inner"));
    Path source = Files.writeString(inner.resolve("a.yaml"), "a: 1");
    WatchedFiles files = files(source, LATER);
    Files.delete(source);
    Files.delete(inner);
    Eventually.holds("gone", () -> events.get() > 0);
    assertThat(files.unchanged()).isFalse();
    int before = events.get();
    Files.createDirectory(inner);
    Eventually.holds("back", () -> events.get() > before);
    files.look();
    int empty = events.get();
    Files.writeString(source, "a: 2");
    Eventually.holds("written", () -> events.get() > empty);
  }

  @Test
  void wakesNobodyWhenALinkIsMovedToWhereItLed() throws Exception {
    AtomicInteger looks = new AtomicInteger();
    InstantSource clock =
        () -> {
          looks.incrementAndGet();
          return LATER.instant();
        };
    Path link = Files.createSymbolicLink(folder.resolve("current"), file);
    try (Woken woken = new Woken(link, clock)) {
      assertThat(woken.by).containsExactly("first scan");
      int before = looks.get();
      Path fresh = Files.createSymbolicLink(folder.resolve("fresh"), file);
      Files.move(fresh, link, StandardCopyOption.ATOMIC_MOVE);
      Eventually.holds("a look without reading", () -> looks.get() > before);
      Files.writeString(file, "a: 22");
      Eventually.holds("the change", () -> woken.by.contains("file event"));
      assertThat(woken.by).containsExactly("first scan", "file event");
    }
  }

  @Test
  void isNotHeldUpByAWriterWhoNeverRests() throws Exception {
    try (Woken woken = new Woken(file, InstantSource.system())) {
      Eventually.holds("woken while it is written", () -> scribbled(woken));
    }
  }

  private boolean scribbled(Woken woken) {
    try {
      Files.writeString(file, "a: 2");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return woken.by.contains("file event");
  }

  /** A watch whose wakes are only noted, after one reading. */
  private static final class Woken implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final Queue<String> by = new ConcurrentLinkedQueue<>();

    Woken(Path source, InstantSource clock) throws Exception {
      ReloadConfig settings = new ReloadConfig(Duration.ofHours(1), Duration.ofMillis(50), "");
      Context context = vertx.getOrCreateContext();
      SourceWatch watch = new SourceWatch(vertx, source, settings, clock, by::add);
      context.runOnContext(v -> watch.start());
      Eventually.holds("the first scan", () -> by.contains("first scan"));
      WatchedFiles files = watch.files().orElseThrow();
      Running.await(context.executeBlocking(() -> files.read(files.look(), Set.of())));
    }

    @Override
    public void close() {
      vertx.close().await();
    }
  }
}
