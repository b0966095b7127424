package io.sentinelgateway.verticle;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.runtime.RuntimeSnapshot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A split follows every upstream that it names, and keeps what an edit does not concern. */
class SplitReloadTest {

  private Origin one;
  private Origin two;
  private Origin three;

  @BeforeEach
  void open() {
    one = Origin.start("one");
    two = Origin.start("two");
    three = Origin.start("three");
  }

  @AfterEach
  void close() {
    one.close();
    two.close();
    three.close();
  }

  /**
   * @param next server of the canary
   * @param audit server of the mirror
   */
  private String config(Origin next, Origin audit, int weight) {
    return Running.HEAD
        + """
        listeners: {web: {address: "127.0.0.1:0"}}
        upstreams:
          shop: {targets: [{address: %s}]}
          next: {targets: [{address: %s}]}
          audit: {targets: [{address: %s}]}
        routes:
          app:
            forward:
              split: [{upstream: shop, weight: %d}, {upstream: next, weight: 1}]
              sticky: {cookie: side}
              mirror: {upstream: audit}
        """
            .formatted(one.address(), next.address(), audit.address(), weight);
  }

  @Test
  void goesToTheNewServersOfASideAndOfTheMirror() throws Exception {
    try (Running running = Running.of(config(one, one, 0))) {
      assertThat(running.get("/").content()).isEqualTo("one");
      running.reload(config(two, one, 0));
      assertThat(running.get("/").content()).isEqualTo("two");
      running.reload(config(two, three, 0));
      assertThat(running.get("/").content()).isEqualTo("two");
      Eventually.holds("a copy has come", () -> three.requests() == 1);
    }
  }

  @Test
  void aClientStaysOnItsSideWhenWeightsChange() throws Exception {
    try (Running running = Running.of(config(two, three, 0))) {
      Http.Answer first = running.get("/");
      String cookie = "cookie: " + first.field("set-cookie").split(";", 2)[0];
      running.reload(config(two, three, 1_000_000));
      try (Http client = Http.open(running.port("web"))) {
        for (int i = 0; i < 10; i++) {
          client.write("GET / HTTP/1.1\r\nhost: localhost\r\n" + cookie + "\r\n\r\n");
          assertThat(client.answer().content()).isEqualTo("two");
        }
      }
      assertThat(running.get("/").content()).isEqualTo("one");
    }
  }

  @Test
  void keepsItsPipelineOverAnUnrelatedEdit() throws Exception {
    try (Running running = Running.of(config(two, three, 5))) {
      RuntimeSnapshot before = running.snapshot();
      running.reload(config(two, three, 5) + "  new: {match: {path: /new}, respond: {}}\n");
      assertThat(running.snapshot().plans().get("app")).isSameAs(before.plans().get("app"));
    }
  }
}
