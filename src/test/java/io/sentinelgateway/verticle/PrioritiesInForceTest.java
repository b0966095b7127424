package io.sentinelgateway.verticle;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.resilience.Priority;
import io.sentinelgateway.upstream.Limits;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Which classes of requests share an upstream's limit is what the routes in force say. */
class PrioritiesInForceTest {

  private static String config(Origin origin, String priority, String tests) {
    return Running.HEAD
        + """
        listeners: {web: {address: "127.0.0.1:0"}}
        upstreams: {app: {targets: [{address: "%s"}], limits: {requests: 10}}}
        routes:
          app: {forward: {upstream: app, priority: %s}}
        tests: [%s]
        """
            .formatted(origin.address(), priority, tests);
  }

  private static int normal(Running running) {
    return running.snapshot().upstreams().get("app").limits().of(Priority.NORMAL);
  }

  private static void reload(Running running, String yaml) throws Exception {
    running.text(yaml);
    Running.await(running.gateway().reload("test"));
  }

  @Test
  void aHigherClassTakesItsShareOnlyWhileItIsInForce() throws Exception {
    try (Origin origin = Origin.start("origin");
        Running running = Running.of(config(origin, "normal", ""))) {
      Eventually.holds("alone", () -> normal(running) == 10);

      String wrong = "{request: \"GET http://a/\", expect: {route: none}}";
      reload(running, config(origin, "critical", wrong));
      assertThat(normal(running)).as("refused: nothing has changed").isEqualTo(10);

      reload(running, config(origin, "critical", ""));
      Eventually.holds("beside critical ones", () -> normal(running) == 8);

      reload(running, config(origin, "normal", ""));
      Eventually.holds("alone again", () -> normal(running) == 10);
    }
  }

  @Test
  void noClassGetsMoreThanItsShareForAMoment() throws Exception {
    try (Origin origin = Origin.start("origin");
        Running running = Running.of(config(origin, "critical", ""))) {
      Eventually.holds("beside critical ones", () -> normal(running) == 8);
      Limits limits = running.snapshot().upstreams().get("app").limits();
      AtomicBoolean over = new AtomicBoolean();
      AtomicInteger most = new AtomicInteger();
      Thread watching =
          new Thread(
              () -> {
                while (!over.get()) {
                  most.accumulateAndGet(limits.of(Priority.NORMAL), Math::max);
                }
              });
      watching.start();
      for (int i = 0; i < 100; i++) {
        String other = "  own: {match: {path: /own-%d}, respond: {status: 204}}\ntests:";
        reload(running, config(origin, "critical", "").replace("tests:", other.formatted(i)));
      }
      over.set(true);
      watching.join();
      assertThat(most).hasValue(8);
    }
  }
}
