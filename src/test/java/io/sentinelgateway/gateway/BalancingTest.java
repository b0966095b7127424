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
