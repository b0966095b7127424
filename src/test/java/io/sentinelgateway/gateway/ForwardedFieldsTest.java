package io.sentinelgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which field lines a gateway hands on, and which end with it (RFC 9110 section 7.6). */
class ForwardedFieldsTest {

  @TempDir Path folder;

  @Test
  void removesHopByHopFieldsOfRequests() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = GatewayFixture.before(folder, origin)) {
      gateway.get(
          "/",
          "Connection: keep-alive, X-Named",
          "X-Named: 1",
          "Keep-Alive: timeout=5",
          "Proxy-Connection: keep-alive",
          "Proxy-Authorization: Basic eA==",
          "TE: gzip",
          "Trailer: X-T",
          "Upgrade: websocket",
          "X-Stays: 1");

      assertThat(RawClient.lower(origin.request()))
          .contains("\r\nx-stays: 1\r\n")
          .doesNotContain(
              "x-named", "keep-alive", "proxy-", "\r\nte:", "trailer", "upgrade", "connection:");
    }
  }

  @Test
  void removesHopByHopFieldsOfAnswers() throws Exception {
    try (ScriptedOrigin origin =
            ScriptedOrigin.answering(
                "HTTP/1.1 200 OK",
                "Connection: keep-alive, X-Named",
                "X-Named: 1",
                "Keep-Alive: timeout=5",
                "Proxy-Authenticate: Basic",
                "Proxy-Connection: keep-alive",
                "Upgrade: h2c",
                "X-Stays: 1",
                "Content-Length: 2",
                "",
                "ok");
        GatewayFixture gateway = GatewayFixture.before(folder, origin)) {
      Answer answer = gateway.get("/");

      assertThat(answer.field("x-stays")).contains("1");
      assertThat(RawClient.lower(answer.lines().toString()))
          .doesNotContain("x-named", "keep-alive", "proxy-", "upgrade");
      assertThat(answer.body()).isEqualTo("ok");
    }
  }

  @Test
  void doesNotLetConnectionNameTheFramingOrTheHost() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = GatewayFixture.before(folder, origin);
        RawClient client = gateway.client()) {
      client.send(
          "POST / HTTP/1.1\r\nHost: a.example\r\nConnection: content-length, host\r\n"
              + "Content-Length: 3\r\n\r\nabc");

      assertThat(client.answer().status()).isEqualTo(200);
      assertThat(RawClient.lower(origin.request()))
          .contains("\r\nhost: a.example\r\n", "\r\ncontent-length: 3\r\n")
          .endsWith("abc");
    }
  }

  @Test
  void handsOnRepeatedAndUnknownFieldsInTheirOrder() throws Exception {
    try (ScriptedOrigin origin =
            ScriptedOrigin.answering(
                "HTTP/1.1 200 OK",
                "Set-Cookie: a=1",
                "Set-Cookie: b=2",
                "X-Odd: ",
                "Content-Length: 0",
                "",
                "");
        GatewayFixture gateway = GatewayFixture.before(folder, origin)) {
      Answer answer = gateway.get("/", "X-A: 1", "X-A: 2, 3");

      assertThat(origin.request()).containsSubsequence("X-A: 1\r\n", "X-A: 2, 3\r\n");
      assertThat(answer.fields("set-cookie")).containsExactly("a=1", "b=2");
      assertThat(answer.field("x-odd")).contains("");
    }
  }

  @Test
  void tellsTheOriginWhatTheRequestCameThrough() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = GatewayFixture.before(folder, origin)) {
      gateway.get("/", "Via: 1.0 before");

      assertThat(RawClient.lower(origin.request()))
          .contains("x-forwarded-for: 127.0.0.1\r\n", "x-forwarded-proto: http\r\n")
          .containsSubsequence("via: 1.0 before", "1.1 sentinel");
    }
  }

  @Test
  void keepsTheOriginsDateAndAddsOneWhereItIsMissing() throws Exception {
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(
                peer -> {
                  peer.request();
                  peer.write(
                      "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
                          + "Content-Length: 0\r\n\r\n");
                  peer.answerAll("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                });
        GatewayFixture gateway = GatewayFixture.before(folder, origin);
        RawClient client = gateway.client()) {
      assertThat(client.get("/").field("date")).contains("Sun, 06 Nov 1994 08:49:37 GMT");
      assertThat(client.get("/").field("date").orElseThrow())
          .matches("\\w{3}, \\d\\d \\w{3} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT");
    }
  }

  @Test
  void tellsTheOriginThatTrailersAreWelcomeWhenTheClientSaysSo() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = GatewayFixture.before(folder, origin)) {
      gateway.get("/", "TE: trailers", "Connection: TE");

      assertThat(RawClient.lower(origin.request()))
          .contains("\r\nte: trailers\r\n", "\r\nconnection: te\r\n");
    }
  }

  @Test
  void goesOnAsUsualWhenTheOriginIgnoresAnUpgrade() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = GatewayFixture.before(folder, origin);
        RawClient client = gateway.client()) {
      Answer answer =
          client.get(
              "/",
              "Connection: Upgrade",
              "Upgrade: websocket",
              "Sec-WebSocket-Version: 13",
              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");

      assertThat(answer.status()).isEqualTo(200);
      assertThat(RawClient.lower(origin.request()))
          .contains("\r\nupgrade: websocket\r\n", "\r\nconnection: upgrade\r\n");
      assertThat(client.get("/").body()).isEqualTo("ok");
    }
  }

  @Test
  void answersAnHttp2PrefaceWithAnErrorAndNotWithSilence() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = GatewayFixture.before(folder, origin);
        RawClient client = gateway.client()) {
      client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

      assertThat(client.answer().reason()).isEqualTo("version_not_supported");
      assertThat(client.closed()).isTrue();
      assertThat(origin.requests()).isEmpty();
    }
  }

  @Test
  void writesTheHostThatTheUpstreamIsSetTo() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway =
            GatewayFixture.start(
                folder,
                GatewayFixture.upstream(origin, "host: target")
                    + "routes: {all: {forward: {upstream: origin}}}\n")) {
      gateway.get("/");

      assertThat(RawClient.lower(origin.request()))
          .contains("\r\nhost: " + origin.address() + "\r\n")
          .contains("\r\nx-forwarded-host: a.example\r\n");
    }
  }
}
