package io.sentinelgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.gateway.ScriptedOrigin.Script;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a copy of a request is, which requests have one, and what becomes of its answer. */
class MirrorTest {

  @TempDir Path folder;
  private ScriptedOrigin shop;
  private ScriptedOrigin audit;

  @BeforeEach
  void open() throws IOException {
    shop = ScriptedOrigin.ok("shop");
    audit = ScriptedOrigin.ok("audit");
  }

  @AfterEach
  void close() throws IOException {
    shop.close();
    audit.close();
  }

  /**
   * @param mirror settings after the upstream
   */
  private GatewayFixture gateway(String mirror) throws Exception {
    return MirrorFixture.start(folder, shop, audit, mirror);
  }

  private static List<String> lines(String request) {
    return request.substring(0, request.indexOf("\r\n\r\n")).lines().sorted().toList();
  }

  @Test
  void aCopyIsTheRequestWithAMark() throws Exception {
    try (GatewayFixture gateway =
            MirrorFixture.start(folder, shop, audit, "", "rewrite: {strip-prefix: /api}");
        RawClient client = gateway.client()) {
      String request = RawClient.request("PUT", "/api/x?y=1", "X-A: b", "Content-Length: 5");
      Answer answer = client.send(request + "hello").answer();

      assertThat(answer.body()).isEqualTo("shop");
      String copy = MirrorFixture.copies(audit, 1).get(0);
      assertThat(copy).startsWith("PUT /x?y=1 HTTP/1.1\r\n").endsWith("\r\n\r\nhello");
      assertThat(copy).contains("\r\nx-mirrored: true\r\n");
      assertThat(lines(copy.replace("x-mirrored: true\r\n", ""))).isEqualTo(lines(shop.request()));
      MirrorFixture.counts(gateway, "answers", "2xx", 1);
    }
  }

  @Test
  void contentOfUnknownLengthIsCopiedWithItsTrailers() throws Exception {
    try (GatewayFixture gateway = gateway("");
        RawClient client = gateway.client()) {
      client.send(RawClient.request("POST", "/", "Transfer-Encoding: chunked"));
      client.send("3\r\nabc\r\n");
      client.send("2\r\nde\r\n0\r\nX-Sum: 7\r\n\r\n");
      assertThat(client.answer().body()).isEqualTo("shop");

      String copy = MirrorFixture.copies(audit, 1).get(0);
      assertThat(copy).endsWith("\r\n\r\nabcde" + "X-Sum: 7");
      assertThat(shop.request()).endsWith("abcdeX-Sum: 7");
    }
  }

  @Test
  void noLineOfTheAccessLogButTheCountsOfItsUpstream() throws Exception {
    try (GatewayFixture gateway = gateway("")) {
      gateway.get("/");
      MirrorFixture.copies(audit, 1);
      gateway.comesToRest();
      assertThat(gateway.accessLine().getString("upstream")).isEqualTo("shop");
      assertThat(gateway.target(1, 0).getInteger("successes")).isEqualTo(1);
      assertThat(
              gateway.metric(
                  "sentinel_upstream_attempts_total{outcome=\"success\",upstream=\"audit\"}"))
          .isEqualTo(1);
    }
  }

  @Test
  void onlyAShareIsCopied() throws Exception {
    try (GatewayFixture gateway = gateway(", percent: 12.5%");
        RawClient client = gateway.client()) {
      for (int i = 0; i < 400; i++) {
        client.get("/");
      }
      gateway.comesToRest();
      // 50 expected; the standard deviation is 6.6.
      assertThat(audit.requests().size()).isBetween(15, 90);
    }
  }

  @Test
  void noneIsCopiedAtZero() throws Exception {
    try (GatewayFixture gateway = gateway(", percent: 0%")) {
      assertThat(gateway.get("/").body()).isEqualTo("shop");
      gateway.comesToRest();
      assertThat(audit.connections()).isZero();
    }
  }

  @Test
  void onlyWhatTheConditionWantsIsCopied() throws Exception {
    try (GatewayFixture gateway =
        gateway(", when: {methods: [GET], headers: {x-sample: present}}")) {
      gateway.get("/no");
      gateway.get("/yes", "X-Sample: 1");
      assertThat(MirrorFixture.copies(audit, 1).get(0)).startsWith("GET /yes ");
      gateway.comesToRest();
      assertThat(audit.requests()).hasSize(1);
    }
  }

  @Test
  void aRequestThatIsTriedTwiceIsCopiedOnce() throws Exception {
    Script resetting =
        Script.first(
            peer -> {
              peer.request();
              peer.reset();
            });
    try (ScriptedOrigin flaky = ScriptedOrigin.start(resetting);
        GatewayFixture gateway = MirrorFixture.start(folder, flaky, audit, "");
        RawClient client = gateway.client()) {
      client.send(RawClient.request("PUT", "/x", "Content-Length: 5") + "hello");
      assertThat(client.answer().body()).isEqualTo("/x");

      assertThat(flaky.requests()).hasSize(2).allMatch(r -> r.endsWith("hello"));
      assertThat(MirrorFixture.copies(audit, 1).get(0)).endsWith("\r\n\r\nhello");
      gateway.comesToRest();
      assertThat(audit.requests()).hasSize(1);
    }
  }

  @Test
  void aConnectionServesManyCopies() throws Exception {
    try (GatewayFixture gateway = gateway("");
        RawClient client = gateway.client()) {
      for (int i = 1; i <= 20; i++) {
        client.get("/" + i);
        MirrorFixture.copies(audit, i);
        gateway.comesToRest();
      }
      assertThat(audit.connections()).isEqualTo(1);
      MirrorFixture.counts(gateway, "answers", "2xx", 20);
    }
  }

  @Test
  void aLongAnswerIsNotReadToItsEnd() throws Exception {
    Script endless =
        peer -> {
          peer.request();
          peer.write("HTTP/1.1 404 No\r\nTransfer-Encoding: chunked\r\n\r\n");
          String chunk = "10000\r\n" + "x".repeat(65536) + "\r\n";
          for (; ; ) {
            peer.write(chunk);
          }
        };
    try (ScriptedOrigin long404 = ScriptedOrigin.start(endless);
        GatewayFixture gateway = MirrorFixture.start(folder, shop, long404, "")) {
      assertThat(gateway.get("/").body()).isEqualTo("shop");
      MirrorFixture.counts(gateway, "answers", "4xx", 1);
      Eventually.holds(() -> long404.open() == 0);
    }
  }

  @Test
  void anAnswerThatSaysItIsLongIsNotReadAtAll() throws Exception {
    Script announcing =
        peer -> {
          peer.request();
          peer.write("HTTP/1.1 503 No\r\nContent-Length: 1000000000\r\n\r\n");
          peer.awaitClose();
        };
    try (ScriptedOrigin longer = ScriptedOrigin.start(announcing);
        GatewayFixture gateway = MirrorFixture.start(folder, shop, longer, "")) {
      assertThat(gateway.get("/").body()).isEqualTo("shop");
      MirrorFixture.counts(gateway, "answers", "5xx", 1);
      Eventually.holds(() -> longer.open() == 0);
      gateway.comesToRest();
      assertThat(gateway.target(1, 0).getInteger("failures")).isEqualTo(1);
    }
  }
}
