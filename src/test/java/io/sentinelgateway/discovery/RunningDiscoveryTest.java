package io.sentinelgateway.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.sentinelgateway.config.TargetConfig;
import io.sentinelgateway.schema.Address;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What of a source's findings is news: to the gateway, and to who reads the log. */
class RunningDiscoveryTest {

  private static final String SETTINGS = "{type: file, path: /targets.yaml, max-targets: 2}";

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final List<List<TargetConfig>> changes = new ArrayList<>();
  private final RunningDiscovery running =
      new RunningDiscovery(
          new SourceKey("shop", Followed.settings(SETTINGS)),
          InstantSource.fixed(Instant.EPOCH),
          changes::add);

  private static Logger logger() {
    return ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(RunningDiscovery.class);
  }

  @BeforeEach
  void listen() {
    log.start();
    // Whatever an earlier test made of the level of all.
    logger().setLevel(Level.INFO);
    logger().addAppender(log);
  }

  @AfterEach
  void stop() {
    logger().detachAppender(log);
    logger().setLevel(null);
  }

  private static List<TargetConfig> targets(String... hosts) {
    return Stream.of(hosts).map(host -> new TargetConfig(new Address(host, 80), 1, "", 0)).toList();
  }

  /** What was said since the last time, each line with its level. */
  private List<String> said() {
    List<String> lines =
        log.list.stream().map(e -> e.getLevel() + " " + e.getFormattedMessage()).toList();
    log.list.clear();
    return lines;
  }

  @Test
  void aTroubleThatIsMetAgainAndAgainIsOneLine() {
    running.found(targets("a"));
    said();
    for (int i = 0; i < 3; i++) {
      running.failed("no answer");
    }
    assertThat(said())
        .containsExactly("WARN upstream shop: discovery by file: no answer; 1 targets stay");
    assertThat(running.status().failures()).isEqualTo(3);
    assertThat(running.status().trouble()).contains("no answer");
    running.failed("refused");
    assertThat(said())
        .containsExactly("WARN upstream shop: discovery by file: refused; 1 targets stay");
  }

  @Test
  void thatItWorksAgainIsSaidOnce() {
    running.found(targets("a"));
    running.failed("no answer");
    said();
    for (int i = 0; i < 3; i++) {
      running.found(targets("a"));
    }
    assertThat(said()).containsExactly("INFO upstream shop: discovery by file works again");
    assertThat(running.status().trouble()).isEmpty();
    running.failed("no answer");
    assertThat(said()).hasSize(1);
  }

  @Test
  void aTroubleThatComesWithAnswersIsOneLineTooUntilItIsOver() {
    for (int i = 0; i < 3; i++) {
      running.found(targets("a"), "port is not set");
    }
    assertThat(said())
        .containsExactly(
            "INFO upstream shop: 1 targets by file: 1 added, 0 removed",
            "WARN upstream shop: discovery by file: port is not set; 1 targets stay");
    assertThat(running.status().trouble()).contains("port is not set");
    running.found(targets("a"));
    running.found(targets("a"));
    assertThat(said()).containsExactly("INFO upstream shop: discovery by file works again");
  }

  @Test
  void moreTargetsThanAllowedAreOneLineUntilThereAreFewer() {
    for (int i = 0; i < 3; i++) {
      running.found(targets("a", "b", "c"));
    }
    assertThat(said())
        .hasSize(2)
        .last()
        .asString()
        .contains("3 targets, not all are used (expected: at most 2, by max-targets)");
    running.found(targets("a", "b"));
    assertThat(said()).containsExactly("INFO upstream shop: discovery by file works again");
    assertThat(changes).hasSize(1);
  }

  @Test
  void theSameTargetsInAnotherOrderAreNoNews() {
    running.found(targets("a", "b"));
    running.found(targets("b", "a"));
    assertThat(changes).containsExactly(targets("a", "b"));
    assertThat(said()).hasSize(1);
  }

  @Test
  void aFirstAnswerWithoutTargetsIsAnAnswer() {
    running.found(List.of());
    assertThat(running.answered().isComplete()).isTrue();
    assertThat(changes).containsExactly(List.of());
    assertThat(said()).isEmpty();
  }

  @Test
  void nothingIsHeardAfterItsEnd() {
    running.found(targets("a"));
    said();
    running.stop();
    running.found(targets("b"));
    running.failed("no answer");
    assertThat(changes).containsExactly(targets("a"));
    assertThat(said()).isEmpty();
  }
}
