package io.sentinelgateway.verticle;

import static io.sentinelgateway.discovery.MockedCluster.endpoint;
import static io.sentinelgateway.discovery.MockedCluster.hinted;
import static io.sentinelgateway.discovery.MockedCluster.ready;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.sentinelgateway.discovery.MockedCluster;
import io.sentinelgateway.target.TargetState;
import io.vertx.core.json.JsonArray;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A gateway whose targets are the endpoints of a service in a cluster that lives. */
class KubernetesTargetsTest {

  private static final String ONE = "127.0.0.1";
  private static final String TWO = "127.0.0.2";
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final MockedCluster cluster = new MockedCluster();
  private final Origin one = Origin.start("one");
  private final Origin two = Origin.start("two", TWO, one.port());

  @AfterEach
  void close() {
    one.close();
    two.close();
    cluster.close();
  }

  private EndpointSlice shop(String name, Endpoint... endpoints) {
    return MockedCluster.slice(name, "shop", one.port(), endpoints);
  }

  private Running run(String more) throws Exception {
    return Running.of(
        Running.HEAD
            + """
            listeners: {web: {address: "127.0.0.1:0"}}
            upstreams:
              app:
                discovery:
                  {type: kubernetes, api: "http://127.0.0.1:%d", namespace: web, service: shop,
                   port: http, timeout: 1s%s}
            routes: {app: {forward: {upstream: app}}}
            """
                .formatted(cluster.port(), more));
  }

  private Running run() throws Exception {
    return run("");
  }

  private static List<String> targets(Running running) {
    return running.snapshot().upstreams().get("app").targets().stream()
        .map(target -> target.name())
        .toList();
  }

  private void has(Running running, String... addresses) {
    List<String> expected = Stream.of(addresses).map(a -> a + ':' + one.port()).toList();
    Eventually.holds("targets " + expected, () -> targets(running).equals(expected));
  }

  private void watches() {
    Eventually.holds("it watches", () -> cluster.watches() == 1);
  }

  private static String trouble(Running running) {
    return new JsonArray(running.admin("/upstreams").content())
        .getJsonObject(0)
        .getJsonObject("discovery")
        .getString("trouble", "");
  }

  private static TargetState state(Running running) {
    return running.snapshot().upstreams().get("app").targets().get(0).state();
  }

  @Test
  void sendsNothingToATargetASecondAfterItsRemovalIsKnown() throws Exception {
    cluster.create(shop("a", ready(ONE), ready(TWO)));
    try (Running running = run();
        Load load = Load.start(8, running.port("web"), "/")) {
      has(running, ONE, TWO);
      watches();
      Eventually.holds("both serve", () -> one.requests() > 10 && two.requests() > 10);
      cluster.update(shop("a", ready(TWO)));
      long removed = System.nanoTime();
      Eventually.holds("a second is over", () -> System.nanoTime() - removed > SECOND.toNanos());
      long seen = one.requests();
      load.more(300);
      assertThat(one.requests()).isEqualTo(seen);
      assertThat(load.failures()).isEmpty();
      Eventually.holds("its connections close", () -> one.connections() == 0);
    }
  }

  @Test
  void usesReadyEndpointsAndWhileThereIsNoneThoseThatStillServe() throws Exception {
    EndpointSlice both = shop("a", ready(ONE), endpoint(TWO, false, false, false));
    cluster.create(both);
    try (Running running = run()) {
      has(running, ONE);
      watches();
      cluster.update(shop("a", ready(ONE), ready(TWO)));
      has(running, ONE, TWO);
      cluster.update(shop("a", endpoint(ONE, false, true, true), ready(TWO)));
      has(running, TWO);
      cluster.update(
          shop("a", endpoint(ONE, false, true, true), endpoint(TWO, false, false, true)));
      has(running, ONE);
      assertThat(running.get("/").content()).isEqualTo("one");
      cluster.update(shop("a", endpoint(ONE, false, false, true), ready("127.0.0.3")));
      has(running, "127.0.0.3");
    }
  }

  @Test
  void followsTheHintsForItsZone() throws Exception {
    cluster.create(shop("a", hinted(ONE, "eu-1a"), hinted(TWO, "eu-1b")));
    try (Running running = run(", zone: eu-1b")) {
      has(running, TWO);
      watches();
      assertThat(running.get("/").content()).isEqualTo("two");
      cluster.update(shop("a", hinted(ONE, "eu-1a"), ready(TWO)));
      has(running, ONE, TWO);
      cluster.update(shop("a", hinted(ONE, "eu-1b"), hinted(TWO, "eu-1a")));
      has(running, ONE);
      cluster.update(shop("a", hinted(ONE, "eu-1c"), hinted(TWO, "eu-1a")));
      has(running, ONE, TWO);
    }
  }

  @Test
  void joinsTheSlicesOfItsServiceAndIgnoresOthers() throws Exception {
    EndpointSlice second = shop("b", ready(ONE), ready(TWO));
    cluster.create(shop("a", ready(ONE)));
    cluster.create(MockedCluster.slice("other", "cart", one.port(), ready("127.0.0.9")));
    try (Running running = run()) {
      has(running, ONE);
      watches();
      cluster.create(second);
      has(running, ONE, TWO);
      cluster.update(MockedCluster.slice("other", "cart", one.port(), ready("127.0.0.8")));
      cluster.delete(second);
      has(running, ONE);
      cluster.create(MockedCluster.slice("more", "cart", one.port(), ready("127.0.0.7")));
      cluster.delete(shop("a"));
      has(running);
      assertThat(running.get("/").status()).isEqualTo(503);
      cluster.update(MockedCluster.slice("more", "shop", one.port(), ready(TWO)));
      has(running, TWO);
      cluster.update(MockedCluster.slice("more", "cart", one.port(), ready(TWO)));
      has(running);
      assertThat(trouble(running)).isEmpty();
      assertThat(cluster.lists()).isEqualTo(1);
    }
  }

  @Test
  void learnsAfterACutWhatHappenedMeanwhileAndLosesNoTarget() throws Exception {
    EndpointSlice extra = shop("b", ready("127.0.0.3"));
    cluster.create(shop("a", ready(ONE), ready(TWO)));
    cluster.create(extra);
    try (Running running = run()) {
      has(running, ONE, TWO, "127.0.0.3");
      watches();
      cluster.delete(extra);
      has(running, ONE, TWO);
      try (Load load = Load.start(4, running.port("web"), "/")) {
        TargetState stays = state(running);
        for (int i = 0; i < 3; i++) {
          watches();
          cluster.cut();
        }
        cluster.down();
        Eventually.holds("the API server is missed", () -> !trouble(running).isEmpty());
        cluster.create(shop("c", ready("127.0.0.1")));
        cluster.delete(shop("c"));
        load.more(50);
        has(running, ONE, TWO);
        assertThat(state(running)).isSameAs(stays);
        cluster.update(shop("a", ready(ONE)));
        cluster.up();
        has(running, ONE);
        assertThat(state(running)).isSameAs(stays);
        assertThat(load.failures()).isEmpty();
      }
      assertThat(cluster.lists()).isEqualTo(1);
      assertThat(running.said("upstream app: 0 targets")).isEmpty();
    }
  }

  @Test
  void isInNoTroubleAnyMoreWhenItWatchesAgainThoughNothingHappens() throws Exception {
    cluster.create(shop("a", ready(ONE)));
    try (Running running = run()) {
      watches();
      cluster.cut();
      Eventually.holds("the cut is shown", () -> !trouble(running).isEmpty());
      Eventually.holds("it is over", () -> trouble(running).isEmpty());
      running.says(1, "discovery by kubernetes works again");
    }
  }

  @Test
  void listsAgainWhenWhatHappenedMeanwhileIsForgotten() throws Exception {
    cluster.create(shop("a", ready(ONE)));
    try (Running running = run();
        Load load = Load.start(4, running.port("web"), "/")) {
      has(running, ONE);
      watches();
      TargetState stays = state(running);
      cluster.down();
      cluster.create(shop("b", ready(TWO)));
      cluster.compact();
      cluster.up();
      has(running, ONE, TWO);
      watches();
      assertThat(cluster.lists()).isEqualTo(2);
      assertThat(state(running)).isSameAs(stays);
      cluster.delete(shop("a"));
      has(running, TWO);
      assertThat(load.failures()).isEmpty();
    }
  }

  @Test
  void needsNoListAfterABookmark() throws Exception {
    cluster.create(shop("a", ready(ONE)));
    try (Running running = run()) {
      has(running, ONE);
      watches();
      cluster.create(MockedCluster.slice("other", "cart", one.port(), ready("127.0.0.9")));
      cluster.bookmark();
      cluster.compact();
      cluster.cut();
      watches();
      cluster.create(shop("b", ready(TWO)));
      has(running, ONE, TWO);
      assertThat(cluster.lists()).isEqualTo(1);
    }
  }

  @Test
  void watchesOnWhenAWatchComesToItsEnd() throws Exception {
    cluster.create(shop("a", ready(ONE)));
    try (Running running = run(", watch: 1s")) {
      watches();
      Eventually.holds("it ends", () -> cluster.watches() == 0);
      cluster.create(shop("b", ready(TWO)));
      has(running, ONE, TWO);
      assertThat(cluster.lists()).isEqualTo(1);
      assertThat(running.said("discovery by kubernetes")).isEmpty();
    }
  }
}
