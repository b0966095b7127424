package io.sentinelgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Balancers that look at requests, between real clients and origin servers. */
class BalancingTest {

  @TempDir Path folder;

  private GatewayFixture of(ScriptedOrigin first, ScriptedOrigin second, String balancer)
      throws Exception {
    return GatewayFixture.start(
        folder,
        """
        upstreams:
          origin: {targets: [{address: "%s"}, {address: "%s"}], balancer: {%s}}
        routes: {all: {forward: {upstream: origin}}}
        """
            .formatted(first.address(), second.address(), balancer));
  }

  private static Answer get(GatewayFixture gateway, String fields) throws Exception {
    try (RawClient client = gateway.client()) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n");
      return client.answer();
    }
  }

  @Test
  void aClientStaysWhereItsCookieSays() throws Exception {
    try (ScriptedOrigin first = ScriptedOrigin.ok("first");
        ScriptedOrigin second = ScriptedOrigin.ok("second");
        GatewayFixture gateway = of(first, second, "type: sticky, key: 0123456789abcdef")) {
      Answer answer = get(gateway, "");
      String cookie = answer.field("set-cookie").orElseThrow();
      assertThat(cookie).startsWith("sentinel-target=").contains("; HttpOnly");
      for (int i = 0; i < 6; i++) {
        Answer again = get(gateway, "Cookie: " + cookie.split(";", 2)[0] + "\r\n");
        assertThat(again.body()).isEqualTo(answer.body());
        assertThat(again.field("set-cookie")).isEmpty();
      }
    }
  }

  @Test
  void aClientIsToldWhenItsTargetIsGone() throws Exception {
    try (ScriptedOrigin second = ScriptedOrigin.ok("second");
        ScriptedOrigin first = ScriptedOrigin.ok("first");
        GatewayFixture gateway = of(first, second, "type: sticky, key: 0123456789abcdef")) {
      Answer answer = get(gateway, "");
      String cookie = answer.field("set-cookie").orElseThrow().split(";", 2)[0];
      (answer.body().equals("first") ? first : second).close();
      Answer elsewhere = get(gateway, "Cookie: " + cookie + "\r\n");
      assertThat(elsewhere.body()).isNotEqualTo(answer.body());
      assertThat(elsewhere.field("set-cookie").orElseThrow()).doesNotStartWith(cookie);
    }
  }

  private static ScriptedOrigin endless(String from) throws Exception {
    return ScriptedOrigin.start(
        peer -> {
          peer.request();
          peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n" + from + "\r\n\r\n");
          peer.awaitClose();
        });
  }

  @Test
  void countsTheTokensThatAnAnswerTellsInsteadOfTheEstimate() throws Exception {
    try (ScriptedOrigin dear = endless("X-Tokens: 5000");
        ScriptedOrigin cheap = endless("X-From: cheap");
        GatewayFixture gateway =
            of(dear, cheap, "type: least-tokens, bytes-per-token: 1, tokens-field: X-Tokens");
        RawClient small = gateway.client();
        RawClient large = gateway.client();
        RawClient third = gateway.client()) {
      small.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(small.head().field("x-tokens")).contains("5000");
      large.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n" + "x".repeat(100));
      assertThat(large.head().field("x-from")).contains("cheap");
      // By the estimate the other one has less to do: 1 against 101.
      third.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(third.head().field("x-from")).contains("cheap");
    }
  }

  @Test
  void theSameUserGoesToTheSameTarget() throws Exception {
    try (ScriptedOrigin first = ScriptedOrigin.ok("first");
        ScriptedOrigin second = ScriptedOrigin.ok("second");
        GatewayFixture gateway = of(first, second, "type: maglev, key: header.X-User")) {
      for (String user : new String[] {"ann", "bob", "eve"}) {
        String body = get(gateway, "X-User: " + user + "\r\n").body();
        for (int i = 0; i < 5; i++) {
          assertThat(get(gateway, "X-User: " + user + "\r\n").body()).isEqualTo(body);
        }
      }
    }
  }
}
