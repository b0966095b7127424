package io.sentinelgateway.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sentinelgateway.config.LogConfig.AccessLogConfig;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How lines travel from the loops to their destination, and what happens when they cannot. */
class AccessLogTest {

  private final MemorySink sink = new MemorySink();
  private final AtomicLong clock = new AtomicLong();

  @Test
  void writesEveryLineOfEveryLoopOnce() throws Exception {
    try (AccessLog log = open(1024, 3)) {
      for (int i = 0; i < 900; i++) {
        put(log, i % 3, "id-" + i);
      }
    }
    assertThat(ids())
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 900).mapToObj(i -> "id-" + i).toList());
  }

  @Test
  void writesWithoutBeingClosedOrFilled() throws Exception {
    try (AccessLog log = open(16, 1)) {
      put(log, 0, "alone");
      Eventually.holds(() -> ids().equals(List.of("alone")));
      assertThat(log.written()).isEqualTo(1);
    }
  }

  @Test
  void writesALineThatComesAfterALongSilence() throws Exception {
    try (AccessLog log = open(16, 1)) {
      // Twenty-five naps of four milliseconds, and then the writer sleeps until it is woken.
      long start = System.nanoTime();
      Eventually.holds(() -> System.nanoTime() - start > Duration.ofMillis(300).toNanos());
      put(log, 0, "late");
      Eventually.holds(() -> ids().equals(List.of("late")));
    }
  }

  @Test
  void dropsAndCountsInsteadOfBlockingWhenTheDestinationIsStuck() throws Exception {
    sink.gate = new CountDownLatch(1);
    try (AccessLog log = open(16, 1)) {
      put(log, 0, "stuck");
      sink.reached.await();
      int put = 1;
      for (int i = 0; i < 100; i++) {
        put += tryPut(log, 0, "more-" + i) ? 1 : 0;
      }
      assertThat(put).isEqualTo(17);
      assertThat(log.dropped()).isEqualTo(84);
      sink.gate.countDown();
      Eventually.holds(() -> log.written() == 17);
      assertThat(tryPut(log, 0, "again")).isTrue();
    }
    assertThat(sink.lines()).hasSize(18);
  }

  @Test
  void closeWaitsForAStuckDestinationNoLongerThanItMay() throws Exception {
    sink.gate = new CountDownLatch(1);
    AccessLog log = open(16, 1);
    put(log, 0, "stuck");
    sink.reached.await();
    log.close(Duration.ofMillis(20));
    assertThat(log.written()).isZero();
    sink.gate.countDown();
  }

  @Test
  void countsLostLinesAndGoesOnWhenTheDestinationWorksAgain() throws Exception {
    try (AccessLog log = open(16, 1)) {
      sink.broken = true;
      put(log, 0, "lost");
      Eventually.holds(() -> log.lost() == 1);
      sink.broken = false;
      put(log, 0, "lost too: the second has not passed");
      Eventually.holds(() -> log.lost() == 2);
      clock.addAndGet(Duration.ofSeconds(2).toNanos());
      put(log, 0, "written");
      Eventually.holds(() -> log.written() == 1);
    }
    assertThat(ids()).containsExactly("written");
  }

  @Test
  void opensItsFileAnewAfterItWasMovedAway(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("access.log");
    try (AccessLog log = AccessLog.open(new AccessLogConfig(file.toString(), 16), 1, clock::get)) {
      put(log, 0, "before");
      Eventually.holds(() -> log.written() == 1);
      Files.move(file, folder.resolve("access.log.1"));
      log.reopen();
      Eventually.holds(() -> Files.exists(file));
      put(log, 0, "after");
    }
    assertThat(Files.readString(file)).contains("after").doesNotContain("before");
    assertThat(Files.readString(folder.resolve("access.log.1"))).contains("before");
  }

  @Test
  void appendsToAFileThatExists(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("access.log"), "{\"id\":\"old\"}\n");
    try (AccessLog log = AccessLog.open(new AccessLogConfig(file.toString(), 16), 1, clock::get)) {
      put(log, 0, "new");
    }
    assertThat(Files.readAllLines(file)).hasSize(2).first().isEqualTo("{\"id\":\"old\"}");
  }

  @Test
  void refusesAFileThatCannotBeOpened(@TempDir Path folder) {
    String file = folder.resolve("missing/access.log").toString();
    assertThatThrownBy(() -> AccessLog.open(new AccessLogConfig(file, 16), 1, clock::get))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("missing");
  }

  @Test
  void makesNoLinesWhenTheyGoNowhere() throws Exception {
    try (AccessLog log = AccessLog.open(new AccessLogConfig("none", 16), 2, clock::get)) {
      assertThat(log.lane(0)).isNull();
      assertThat(log.lane(1)).isNull();
      assertThat(log.dropped()).isZero();
    }
  }

  @Test
  void losesNothingBetweenLoopsThatWriteAtOnce() throws Exception {
    int each = 40_000;
    AccessLog log = open(64, 2);
    List<Thread> loops =
        IntStream.range(0, 2)
            .mapToObj(loop -> new Thread(() -> putMany(log, loop, each)))
            .peek(Thread::start)
            .toList();
    for (Thread loop : loops) {
      loop.join();
    }
    log.close();
    assertThat(log.written() + log.dropped()).isEqualTo(2L * each);
    assertThat(ids()).hasSize((int) log.written()).doesNotHaveDuplicates();
  }

  private static void putMany(AccessLog log, int loop, int count) {
    for (int i = 0; i < count; i++) {
      tryPut(log, loop, loop + "-" + i);
    }
  }

  private AccessLog open(int queue, int loops) throws IOException {
    return AccessLog.open(queue, loops, sink, clock::get);
  }

  private static void put(AccessLog log, int loop, String id) {
    assertThat(tryPut(log, loop, id)).isTrue();
  }

  private static boolean tryPut(AccessLog log, int loop, String id) {
    AccessLane lane = Objects.requireNonNull(log.lane(loop));
    AccessEntry entry = lane.claim();
    if (entry == null) {
      return false;
    }
    entry.requestId = id;
    lane.publish(entry);
    return true;
  }

  private List<String> ids() {
    return sink.lines().stream().map((JsonObject line) -> line.getString("id")).toList();
  }
}
