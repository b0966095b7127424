package io.sentinelgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.FreePort;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A service behind a real connection decides whether a request may pass. */
class ForwardAuthTest {

  private static final String OK = "HTTP/1.1 200 OK\r\nX-User: ada\r\nContent-Length: 0\r\n\r\n";

  @TempDir private Path folder;

  private static String yaml(List<String> authorizers, ScriptedOrigin origin, String filter) {
    return "upstreams:\n  auth: {targets: [{address: \""
        + String.join("\"}, {address: \"", authorizers)
        + "\"}]}\n  origin: {targets: [{address: \""
        + origin.address()
        + "\"}]}\nfilters:\n  login: {type: forward-auth, upstream: auth, timeout: 2s, "
        + "response-headers: [x-user]"
        + filter
        + "}\nroutes: {all: {filters: [login], forward: {upstream: origin}}}\n";
  }

  private GatewayFixture gateway(ScriptedOrigin auth, ScriptedOrigin origin, String filter)
      throws Exception {
    return GatewayFixture.start(folder, yaml(List.of(auth.address()), origin, filter));
  }

  private static ScriptedOrigin answering(String answer) throws Exception {
    return ScriptedOrigin.start(peer -> peer.answerAll(answer));
  }

  @Test
  void asksWithTheFieldsThatCountAndTellsTheOriginWhoItIs() throws Exception {
    try (ScriptedOrigin auth = answering(OK);
        ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = gateway(auth, origin, ", path: /verify");
        RawClient client = gateway.client()) {
      client.send(
          "POST /cart?a=b HTTP/1.1\r\nHost: shop.example\r\nAuthorization: Bearer t\r\nX-User: eve\r\n"
              + "X-Other: 1\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\nbody");
      assertThat(client.answer().body()).isEqualTo("ok");
      String asked = auth.request().toLowerCase(Locale.ROOT);
      assertThat(asked)
          .startsWith("get /verify http/1.1\r\n")
          .contains("authorization: bearer t\r\n")
          .contains("x-forwarded-method: post\r\n")
          .contains("x-forwarded-uri: /cart?a=b\r\n")
          .contains("x-forwarded-host: shop.example\r\n")
          .contains("x-forwarded-for: 127.0.0.1\r\n")
          .doesNotContain("x-other")
          .doesNotContain("content-")
          .doesNotContain("eve");
      assertThat(origin.request().toLowerCase(Locale.ROOT))
          .contains("x-user: ada\r\n")
          .doesNotContain("eve")
          .endsWith("\r\n\r\nbody");
    }
  }

  @Test
  void asksForTheRequestsOwnPathByItsOwnMethodWhereThatIsWanted() throws Exception {
    try (ScriptedOrigin auth = answering(OK);
        ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway =
            gateway(auth, origin, ", path: \"/authz{path}\", method: original");
        RawClient client = gateway.client()) {
      client.send("DELETE /cart/7 HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.answer().body()).isEqualTo("ok");
      assertThat(auth.request()).startsWith("DELETE /authz/cart/7 HTTP/1.1\r\n");
    }
  }

  @Test
  void givesTheClientTheAnswerThatDeniesIt() throws Exception {
    try (ScriptedOrigin auth =
            answering(
                "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer\r\nConnection: x-hop\r\n"
                    + "X-Hop: 1\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n\r\nlog in");
        ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = gateway(auth, origin, "")) {
      Answer answer = gateway.get("/");
      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.field("www-authenticate")).contains("Bearer");
      assertThat(answer.field("x-hop")).isEmpty();
      assertThat(answer.body()).isEqualTo("log in");
      assertThat(origin.requests()).isEmpty();
      assertThat(gateway.accessLine().getString("reason")).isEqualTo("denied_by_authorizer");
    }
  }

  @Test
  void sendsTheClientToTheLogin() throws Exception {
    try (ScriptedOrigin auth =
            answering(
                "HTTP/1.1 302 Found\r\nLocation: /login\r\nSet-Cookie: state=1\r\n"
                    + "Content-Length: 0\r\n\r\n");
        ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = gateway(auth, origin, "")) {
      Answer answer = gateway.get("/");
      assertThat(answer.status()).isEqualTo(302);
      assertThat(answer.field("location")).contains("/login");
      assertThat(answer.field("set-cookie")).contains("state=1");
      assertThat(origin.requests()).isEmpty();
    }
  }

  @Test
  void tellsTheClientWhatTheServiceSetsOnTheWay() throws Exception {
    try (ScriptedOrigin auth =
            answering(
                "HTTP/1.1 204 No Content\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n"
                    + "X-Inner: secret\r\n\r\n");
        ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = gateway(auth, origin, ", client-headers: [set-cookie]")) {
      Answer answer = gateway.get("/");
      assertThat(answer.body()).isEqualTo("ok");
      assertThat(answer.fields("set-cookie")).isEqualTo(List.of("a=1", "b=2"));
      assertThat(answer.field("x-inner")).isEmpty();
    }
  }

  /** What a service does wrong, and the reason of the answer. */
  @ParameterizedTest
  @CsvSource({
    "HTTP/1.1 500 No\\r\\nContent-Length: 0\\r\\n\\r\\n,authorizer_unavailable",
    "HTTP/1.1 200 OK\\r\\nContent-Length: 70000\\r\\n\\r\\n,authorizer_unavailable",
    "no HTTP at all\\r\\n\\r\\n,authorizer_unavailable",
    "'',authorizer_timeout"
  })
  void failsAsTheFilterSays(String answer, String reason) throws Exception {
    String raw = answer.replace("\\r\\n", "\r\n");
    try (ScriptedOrigin auth = answering(raw);
        ScriptedOrigin origin = ScriptedOrigin.ok("ok")) {
      try (GatewayFixture closed = gateway(auth, origin, "")) {
        Answer refused = closed.get("/", "X-User: eve");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.reason()).isEqualTo(reason);
        assertThat(refused.body()).doesNotContain("auth:");
        assertThat(origin.requests()).isEmpty();
      }
      try (GatewayFixture open = gateway(auth, origin, ", on-failure: open")) {
        assertThat(open.get("/", "X-User: eve").body()).isEqualTo("ok");
        assertThat(origin.request()).doesNotContain("eve");
      }
    }
  }

  @Test
  void asksAnotherTargetWhenOneCannotBeReached() throws Exception {
    try (ScriptedOrigin auth = answering(OK);
        ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway =
            GatewayFixture.start(
                folder, yaml(List.of(FreePort.address(), auth.address()), origin, ""))) {
      for (int i = 0; i < 4; i++) {
        assertThat(gateway.get("/").body()).isEqualTo("ok");
      }
      assertThat(auth.requests()).hasSize(4);
    }
  }

  @Test
  void survivesAServiceThatClosesItsIdleConnections() throws Exception {
    try (ScriptedOrigin auth =
            ScriptedOrigin.start(
                peer -> {
                  peer.request();
                  peer.write(OK);
                });
        ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = gateway(auth, origin, "")) {
      for (int i = 0; i < 20; i++) {
        assertThat(gateway.get("/").body()).isEqualTo("ok");
      }
      assertThat(auth.requests()).hasSizeGreaterThanOrEqualTo(20);
    }
  }

  @Test
  void asksTheServiceOfTheConfigurationInForce() throws Exception {
    try (ScriptedOrigin first = answering(OK);
        ScriptedOrigin second = answering(OK);
        ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = gateway(first, origin, "")) {
      assertThat(gateway.get("/").body()).isEqualTo("ok");
      gateway.reload(yaml(List.of(second.address()), origin, ""));
      assertThat(gateway.get("/").body()).isEqualTo("ok");
      assertThat(first.requests()).hasSize(1);
      assertThat(second.requests()).hasSize(1);
    }
  }

  @Test
  void givesUpAQuestionWhoseClientHasLeft() throws Exception {
    try (ScriptedOrigin auth = answering("");
        ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = gateway(auth, origin, "")) {
      try (RawClient client = gateway.client()) {
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Eventually.value(() -> auth.requests().size(), asked -> asked == 1);
      }
      assertThat(gateway.accessLine().getString("reason")).isEqualTo("client_gone");
      gateway.comesToRest();
      assertThat(origin.requests()).isEmpty();
    }
  }
}
