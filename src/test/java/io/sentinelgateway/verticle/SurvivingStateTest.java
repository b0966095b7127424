package io.sentinelgateway.verticle;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.runtime.RuntimeSnapshot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an edit does not concern goes on as it was. */
class SurvivingStateTest {

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

  private String config(String targets, String more) {
    return Running.HEAD
        + """
        listeners: {web: {address: "127.0.0.1:0"}}
        upstreams: {app: {targets: [%s]}}
        filters: {mark: {type: headers, response: {set: {X-Mark: a}}}}
        routes:
          app: {filters: [mark], forward: {upstream: app}}
        %s
        """
            .formatted(targets, more);
  }

  private String both() {
    return "{address: " + one.address() + "}, {address: " + two.address() + "}";
  }

  @Test
  void keepsPipelinesFiltersAndTargetsOverAnUnrelatedEdit() throws Exception {
    try (Running running = Running.of(config(both(), ""))) {
      RuntimeSnapshot before = running.snapshot();
      String edited =
          config(both(), "  new: {match: {path: /new}, respond: {status: 200}}")
              .replace("drain-timeout: 5s", "drain-timeout: 6s");
      assertThat(running.reload(edited).result()).isEqualTo("applied");
      RuntimeSnapshot after = running.snapshot();
      assertThat(after.plans().get("app")).isSameAs(before.plans().get("app"));
      assertThat(after.filters().get("mark")).isSameAs(before.filters().get("mark"));
      assertThat(after.upstreams().get("app")).isSameAs(before.upstreams().get("app"));
      assertThat(after.plans()).containsKey("new");
    }
  }

  @Test
  void makesAnotherPipelineWhenItsFilterOrUpstreamChanges() throws Exception {
    try (Running running = Running.of(config(both(), ""))) {
      RuntimeSnapshot first = running.snapshot();
      running.reload(config(both(), "").replace("X-Mark: a", "X-Mark: b"));
      RuntimeSnapshot second = running.snapshot();
      assertThat(second.plans().get("app")).isNotSameAs(first.plans().get("app"));
      assertThat(running.get("/").field("x-mark")).isEqualTo("b");
      running.reload(config("{address: " + two.address() + "}", ""));
      assertThat(running.snapshot().plans().get("app")).isNotSameAs(second.plans().get("app"));
    }
  }

  @Test
  void countsARequestInFlightAcrossAReload() throws Exception {
    String target = "{address: " + one.address() + "}";
    try (Running running = Running.of(config(target, ""));
        Http client = Http.open(running.port("web"))) {
      client.request("GET", "/hold", "localhost");
      Eventually.holds("it is under way", () -> one.held() == 1);
      running.reload(config("{address: " + one.address() + ", weight: 3}", ""));
      var state = running.snapshot().upstreams().get("app").targets().get(0).state();
      assertThat(state.inFlight()).isEqualTo(1);
      one.release();
      assertThat(client.answer().content()).isEqualTo("one");
      Eventually.holds("the lease is given back", () -> state.inFlight() == 0);
    }
  }

  @Test
  void sendsNothingMoreToATargetThatWasRemovedAndClosesItsConnections() throws Exception {
    try (Running running = Running.of(config(both(), ""));
        Load load = Load.start(8, running.port("web"), "/");
        Http held = Http.open(running.port("web"))) {
      Eventually.holds("both serve", () -> one.requests() > 10 && two.requests() > 10);
      while (one.held() == 0) {
        // Round robin: one of two goes there.
        held.request("GET", "/hold", "localhost");
        Eventually.holds("held", () -> one.held() + two.held() > 0);
        if (two.held() > 0) {
          two.release();
          held.answer();
        }
      }
      running.reload(config("{address: " + two.address() + "}", ""));
      Eventually.holds("its unused connections close", () -> one.connections() == 1);
      long seen = one.requests();
      load.more(200);
      assertThat(one.requests()).isEqualTo(seen);
      one.release();
      assertThat(held.answer().content()).isEqualTo("one");
      Eventually.holds("its last connection closes", () -> one.connections() == 0);
      assertThat(load.failures()).isEmpty();
    }
  }
}
