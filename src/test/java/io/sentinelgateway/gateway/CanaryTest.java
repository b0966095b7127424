package io.sentinelgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests are divided among upstreams; what is told of them is told of the chosen one. */
class CanaryTest {

  @TempDir Path folder;
  private ScriptedOrigin shop;
  private ScriptedOrigin next;

  @BeforeEach
  void open() throws IOException {
    shop = ScriptedOrigin.ok("shop");
    next = ScriptedOrigin.ok("next");
  }

  @AfterEach
  void close() throws IOException {
    shop.close();
    next.close();
  }

  private GatewayFixture gateway(String forward) throws Exception {
    return GatewayFixture.start(
        folder,
        """
        upstreams:
          shop: {targets: [{address: "%s"}]}
          next: {targets: [{address: "%s"}]}
        routes: {all: {forward: %s}}
        """
            .formatted(shop.address(), next.address(), forward));
  }

  @Test
  void dividesRequestsByWeight() throws Exception {
    try (GatewayFixture gateway =
            gateway("{split: [{upstream: shop, weight: 3}, {upstream: next, weight: 1}]}");
        RawClient client = gateway.client()) {
      for (int i = 0; i < 400; i++) {
        assertThat(client.get("/").status()).isEqualTo(200);
      }
      // 100 expected; the standard deviation is 8.7.
      assertThat(next.requests().size()).isBetween(50, 150);
      assertThat(shop.requests()).hasSize(400 - next.requests().size());
      String attempts = "sentinel_upstream_attempts_total{outcome=\"success\",upstream=\"%s\"}";
      assertThat(gateway.metric(attempts.formatted("next"))).isEqualTo(next.requests().size());
      assertThat(gateway.metric(attempts.formatted("shop"))).isEqualTo(shop.requests().size());
      assertThat(gateway.accessLog(400))
          .filteredOn(line -> line.getString("upstream").equals("next"))
          .hasSize(next.requests().size());
    }
  }

  @Test
  void aFieldOrACookieChoosesTheSide() throws Exception {
    String forward =
        """
        {split: [{upstream: shop, weight: 1},
                 {upstream: next, when: {any: [{headers: {x-canary: "1"}},
                                               {cookies: {canary: present}}]}}]}
        """;
    try (GatewayFixture gateway = gateway(forward)) {
      assertThat(gateway.get("/", "X-Canary: 1").body()).isEqualTo("next");
      assertThat(gateway.get("/", "Cookie: a=b; canary=yes").body()).isEqualTo("next");
      assertThat(gateway.get("/", "X-Canary: 0").body()).isEqualTo("shop");
      assertThat(gateway.get("/").body()).isEqualTo("shop");
      assertThat(gateway.accessLog(4))
          .extracting(line -> line.getString("upstream"))
          .containsExactly("next", "next", "shop", "shop");
    }
  }

  @Test
  void aClientStaysOnItsSideOverAChangeOfWeights() throws Exception {
    String forward =
        "{split: [{upstream: shop, weight: %d}, {upstream: next, weight: %d}], sticky: {cookie:"
            + " side}}";
    String cookie;
    try (GatewayFixture gateway = gateway(forward.formatted(0, 1))) {
      Answer first = gateway.get("/");
      assertThat(first.body()).isEqualTo("next");
      assertThat(first.field("set-cookie"))
          .hasValue("side=next; Max-Age=86400; Path=/; HttpOnly; SameSite=Lax");
      cookie = "Cookie: " + first.field("set-cookie").orElseThrow().split(";", 2)[0];
    }
    try (GatewayFixture gateway = gateway(forward.formatted(1_000_000, 1))) {
      for (int i = 0; i < 10; i++) {
        Answer again = gateway.get("/", cookie);
        assertThat(again.body()).isEqualTo("next");
        assertThat(again.field("set-cookie")).isEmpty();
      }
      assertThat(gateway.get("/").body()).isEqualTo("shop");
    }
  }

  @Test
  void aClientLearnsItsSideFromAFailureToo() throws Exception {
    next.close();
    String forward =
        "{split: [{upstream: shop}, {upstream: next, weight: 1}], sticky: {cookie: side}}";
    try (GatewayFixture gateway = gateway(forward)) {
      Answer answer = gateway.get("/");
      assertThat(answer.status()).isEqualTo(502);
      assertThat(answer.field("set-cookie").orElseThrow()).startsWith("side=next;");
    }
  }

  @Test
  void aRetryStaysOnTheChosenSide() throws Exception {
    try (ScriptedOrigin failing =
            ScriptedOrigin.answering("HTTP/1.1 503 No", "Content-Length: 0", "", "");
        GatewayFixture gateway =
            GatewayFixture.start(
                folder,
                """
                upstreams:
                  shop: {targets: [{address: "%s"}]}
                  next: {targets: [{address: "%s"}]}
                routes:
                  all:
                    forward:
                      split: [{upstream: shop, weight: 1}, {upstream: next, when: {path: /next}}]
                      retry: {on: ["503"], attempts: 3}
                """
                    .formatted(shop.address(), failing.address()))) {
      assertThat(gateway.get("/next").status()).isEqualTo(503);
      assertThat(failing.requests()).hasSize(3);
      assertThat(shop.requests()).isEmpty();
    }
  }
}
