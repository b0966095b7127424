package io.sentinelgateway.verticle;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.bus.Topics.ReloadOutcome;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests do not notice that the configuration changes. */
class ReloadUnderLoadTest {

  private static final int RELOADS = 1_000;

  private Origin one;
  private Origin two;

  @BeforeEach
  void open() {
    one = Origin.start("one");
    two = Origin.start("two");
  }

  @AfterEach
  void close() {
    one.close();
    two.close();
  }

  /** Routes, filters and targets differ from each version to the next. */
  private String version(int number) {
    String targets =
        switch (number % 3) {
          case 0 -> "{address: %s}".formatted(one.address());
          case 1 -> "{address: %s}, {address: %s}".formatted(one.address(), two.address());
          default -> "{address: %s, weight: 2}".formatted(two.address());
        };
    return Running.HEAD
        + """
        listeners: {web: {address: "127.0.0.1:0"}}
        upstreams:
          app: {targets: [%s]}
          still: {targets: [{address: %s}]}
        filters:
          mark: {type: headers, response: {set: {X-Version: "%d"}}}
        routes:
          still: {match: {path: {prefix: /still}}, forward: {upstream: still}}
          only-%d: {match: {path: /only-%d}, respond: {status: 204}}
          app: {filters: [mark], forward: {upstream: app}}
        """
            .formatted(targets, one.address(), number, number, number);
  }

  @Test
  void failsNoRequestInAThousandReloadsAndKeepsALongAnswer() throws Exception {
    try (Running running = Running.of(version(0));
        Http stream = Http.open(running.port("web"))) {
      stream.request("GET", "/still/stream", "localhost");
      assertThat(stream.head().status()).isEqualTo(200);
      assertThat(stream.chunk()).asString().isEqualTo("first");

      try (Load load = Load.start(64, running.port("web"), "/x")) {
        for (int i = 1; i <= RELOADS; i++) {
          ReloadOutcome outcome = running.reload(version(i));
          assertThat(outcome.result()).as(outcome.problems().toString()).isEqualTo("applied");
          if (i % 100 == 0) {
            one.stream("still there");
            assertThat(stream.chunk()).asString().isEqualTo("still there");
          }
        }
        load.more(1_000);
        assertThat(load.failures()).isEmpty();
      }

      assertThat(running.get("/only-" + RELOADS).status()).isEqualTo(204);
      assertThat(running.get("/x").field("x-version")).isEqualTo(Integer.toString(RELOADS));
      one.stream("after");
      assertThat(stream.chunk()).asString().isEqualTo("after");
      one.endStreams();
      assertThat(stream.chunk()).isEmpty();
      running.shows("sentinel_config_version", RELOADS + 1);
      Eventually.holds(
          "no lease is left",
          () ->
              running.snapshot().upstreams().values().stream()
                  .flatMap(upstream -> upstream.targets().stream())
                  .allMatch(target -> target.state().inFlight() == 0));
    }
  }

  @Test
  void coalescesAStormOfReloads() throws Exception {
    try (Running running = Running.of(version(0))) {
      running.text(version(1));
      var outcomes = Stream.generate(() -> running.gateway().reload("storm")).limit(200).toList();
      for (var outcome : outcomes) {
        assertThat(Running.await(outcome).version()).isEqualTo(2);
      }
      // One look for the first, and one for all who came while it was under way.
      running.shows("sentinel_reloads_total{result=\"applied\"}", 2);
      assertThat(running.metric("sentinel_reloads_total{result=\"unchanged\"}"))
          .isBetween(0.0, 20.0);
    }
  }
}
