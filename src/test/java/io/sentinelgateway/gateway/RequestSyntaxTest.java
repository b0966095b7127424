package io.sentinelgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What two readers could read differently is refused and never forwarded (RFC 9112). */
class RequestSyntaxTest {

  private static final String HOST = "Host: a.example\r\n";

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST / HTTP/1.1|Host: a|Content-Length: 5|Transfer-Encoding: chunked||0||",
        "POST / HTTP/1.1|Host: a|Content-Length: 5|Content-Length: 6||abcdef",
        "POST / HTTP/1.1|Host: a|Content-Length: 5|Content-Length: 5||abcde",
        "POST / HTTP/1.1|Host: a|Content-Length: 5, 5||abcde",
        "POST / HTTP/1.1|Host: a|Content-Length: +5||abcde",
        "POST / HTTP/1.1|Host: a|Content-Length: -5||abcde",
        "POST / HTTP/1.1|Host: a|Content-Length: 0x5||abcde",
        "POST / HTTP/1.1|Host: a|Content-Length: ||abcde",
        "POST / HTTP/1.1|Host: a|Content-Length: 99999999999999999999||abcde",
        "POST / HTTP/1.1|Host: a|Transfer-Encoding: xchunked||0||",
        "POST / HTTP/1.1|Host: a|Transfer-Encoding: gzip, chunked||0||",
        "POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked, identity||0||",
        "POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked|Transfer-Encoding: chunked||0||",
        "POST / HTTP/1.0|Host: a|Transfer-Encoding: chunked||0||",
        "POST / HTTP/1.0|Host: a|Transfer-Encoding: chunked|Content-Length: 5||0||",
        "GET / HTTP/1.1|Host: a|X-A : 1||",
        "GET / HTTP/1.1|Host: a|X-A: 1|\tfolded||",
        "GET / HTTP/1.1|Host: a|X-A: 1| folded: 2||",
        "GET / HTTP/1.1| X-A: 1|Host: a||",
        "GET / HTTP/1.1|Host: a|X-A:\0131||",
        "GET / HTTP/1.1|Host: a|X-A 1||",
        "GET / HTTP/1.1|Host: a|: 1||",
        "GET / HTTP/1.1|Host: a|X-A: 1\0||",
        "GET / HTTP/1.1|Host: a|X-A: 1\r2||",
        "GET / HTTP/1.1|Host: a|X(A): 1||",
        "GET / HTTP/1.1||",
        "GET / HTTP/1.1|Host: a|Host: b||",
        "GET / HTTP/1.1|Host: a|Host: a||",
        "GET / HTTP/1.1|Host: a b||",
        "GET / HTTP/1.1|Host: user@a||",
        "GET / HTTP/1.1|Host: a:99999||",
        "GET /a b HTTP/1.1|Host: a||",
        "GET / HTTP/1.1|Host: a, b||",
        "GET /../x HTTP/1.1|Host: a||",
        "GET /%00 HTTP/1.1|Host: a||",
        "GET /# HTTP/1.1|Host: a||",
        "GET * HTTP/1.1|Host: a||",
        "GET a HTTP/1.1|Host: a||",
        "GET ftp://a/ HTTP/1.1|Host: a||",
        "GET http://u@a/ HTTP/1.1|Host: a||",
        "G(T / HTTP/1.1|Host: a||",
        "GET / HTTQ/1.1|Host: a||",
        "GET|Host: a||",
      })
  void refuses(String request) throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = GatewayFixture.before(folder, origin);
        RawClient client = gateway.client()) {
      client.send(request.replace("|", "\r\n"));

      Answer answer = client.answer();

      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.reason()).isEqualTo("malformed_request");
      assertThat(client.closed()).isTrue();
      assertThat(origin.connections()).isZero();
      assertThat(gateway.accessLine().getString("reason")).isEqualTo("malformed_request");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\nHost: a\n\n",
        "GET / HTTP/1.1\r\nHost: a\nX-A: 1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX-A: 1\r\n\n",
      })
  void refusesLinesThatEndWithoutCarriageReturn(String request) throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = GatewayFixture.before(folder, origin);
        RawClient client = gateway.client()) {
      client.send(request);

      assertThat(client.answer().status()).isEqualTo(400);
      assertThat(client.closed()).isTrue();
      assertThat(origin.connections()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "zz|abc|0||",
        "-1|abc|0||",
        "3|abcd|0||",
        "3\n|abc|0||",
        "|abc|0||",
        "0x3|abc|0||",
        "fffffffff|abc|0||",
        "3|abc\n0||"
      })
  void refusesBadChunks(String content) throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = GatewayFixture.before(folder, origin);
        RawClient client = gateway.client()) {
      client.send("POST / HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n");
      client.send(content.replace("|", "\r\n"));

      Answer answer = client.answer();

      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.reason()).isEqualTo("malformed_request");
      assertThat(client.closed()).isTrue();
      assertThat(origin.requests()).as("whole requests").isEmpty();
      assertThat(gateway.accessLine().getString("reason")).isEqualTo("malformed_request");
    }
  }

  @Test
  void refusesABadChunkBehindGoodOnesThatWereForwarded() throws Exception {
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(
                peer -> {
                  peer.head();
                  assertThat(peer.text(8)).isEqualTo("3\r\nabc\r\n");
                  peer.awaitClose();
                });
        GatewayFixture gateway = GatewayFixture.before(folder, origin);
        RawClient client = gateway.client()) {
      client.send("POST / HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
      Eventually.holds(() -> gateway.target(0, 0).getInteger("inFlight") == 1);
      Eventually.holds(() -> origin.open() == 1);
      client.send("zz\r\n");

      assertThat(client.answer().reason()).isEqualTo("malformed_request");
      assertThat(client.closed()).isTrue();
      Eventually.holds(() -> origin.open() == 0);
      assertThat(gateway.target(0, 0).getInteger("failures")).isZero();
    }
  }

  @Test
  void acceptsChunkExtensionsAndDropsThem() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = GatewayFixture.before(folder, origin);
        RawClient client = gateway.client()) {
      client.send("POST / HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n");
      client.send("3;a=b\r\nabc\r\n2;c=\"d\"\r\nde\r\n0\r\n\r\n");

      assertThat(client.answer().status()).isEqualTo(200);
      assertThat(origin.request()).contains("chunked").endsWith("\r\n\r\nabcde");
    }
  }

  @Test
  void ignoresAnEmptyLineBeforeARequest() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = GatewayFixture.before(folder, origin);
        RawClient client = gateway.client()) {
      client.send("\r\n");

      assertThat(client.get("/").body()).isEqualTo("ok");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/a/../b, /b",
    "/a/./b, /a/b",
    "/%61, /a",
    "/a%2fb, /a%2Fb",
    "/a/%2e%2e/b?c=%2e, /b?c=%2e",
    "/?, /?",
    "/a?b=1&a=2, /a?b=1&a=2",
    "http://b.example:81/x?y, /x?y",
    "http://b.example, /",
  })
  void sendsTheNormalisedTarget(String sent, String seen) throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = GatewayFixture.before(folder, origin)) {
      assertThat(gateway.get(sent).status()).isEqualTo(200);

      assertThat(origin.request()).startsWith("GET " + seen + " HTTP/1.1\r\n");
    }
  }

  @Test
  void takesTheAuthorityOfAnAbsoluteTargetForHost() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway =
            GatewayFixture.start(
                folder,
                GatewayFixture.upstream(origin)
                    + "routes: {b: {match: {host: b.example}, forward: {upstream: origin}}}\n")) {
      assertThat(gateway.get("http://b.example:81/").status()).isEqualTo(200);

      assertThat(RawClient.lower(origin.request())).contains("\r\nhost: b.example:81\r\n");
    }
  }

  @Test
  void forwardsOptionsForTheServerAsAWhole() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = GatewayFixture.before(folder, origin);
        RawClient client = gateway.client()) {
      client.send(RawClient.request("OPTIONS", "*"));

      assertThat(client.answer().status()).isEqualTo(200);
      assertThat(origin.request()).startsWith("OPTIONS * HTTP/1.1\r\n");
    }
  }

  @Test
  void doesNotImplementConnect() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = GatewayFixture.before(folder, origin);
        RawClient client = gateway.client()) {
      client.send("CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n");

      Answer answer = client.answer();

      assertThat(answer.status()).isEqualTo(501);
      assertThat(answer.reason()).isEqualTo("method_not_implemented");
      assertThat(origin.connections()).isZero();
    }
  }

  @Test
  void forwardsMethodsThatItDoesNotKnow() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = GatewayFixture.before(folder, origin);
        RawClient client = gateway.client()) {
      client.send(RawClient.request("BREW", "/pot"));

      assertThat(client.answer().status()).isEqualTo(200);
      assertThat(origin.request()).startsWith("BREW /pot HTTP/1.1\r\n");
    }
  }

  @Test
  void doesNotSpeakOtherVersions() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = GatewayFixture.before(folder, origin);
        RawClient client = gateway.client()) {
      client.send("GET / HTTP/3.0\r\nHost: a\r\n\r\n");

      Answer answer = client.answer();

      assertThat(answer.status()).isEqualTo(505);
      assertThat(answer.reason()).isEqualTo("version_not_supported");
      assertThat(client.closed()).isTrue();
      assertThat(gateway.accessLine().getInteger("status")).isEqualTo(505);
      assertThat(gateway.failures("version_not_supported")).isEqualTo(1);
    }
  }
}
