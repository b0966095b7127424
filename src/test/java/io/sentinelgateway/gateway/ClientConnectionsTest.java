package io.sentinelgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a client's connection goes on, and when it ends (RFC 9112 section 9). */
class ClientConnectionsTest {

  @TempDir Path folder;

  @Test
  void closesWhenTheClientAsksForIt() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = GatewayFixture.before(folder, origin);
        RawClient client = gateway.client()) {
      Answer answer = client.get("/", "Connection: close");

      assertThat(answer.field("connection")).contains("close");
      assertThat(answer.body()).isEqualTo("ok");
      assertThat(client.closed()).isTrue();
    }
  }

  @Test
  void deliversALargeAnswerBeforeItCloses() throws Exception {
    byte[] content = new byte[30 << 20];
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(
                peer -> {
                  peer.request();
                  peer.write("HTTP/1.1 200 OK\r\nContent-Length: " + content.length + "\r\n\r\n");
                  peer.write(content);
                  peer.awaitClose();
                });
        GatewayFixture gateway = GatewayFixture.before(folder, origin);
        RawClient client = new RawClient(gateway.port(), 8192)) {
      assertThat(client.get("/", "Connection: close").body()).hasSize(content.length);
      assertThat(client.closed()).isTrue();
    }
  }

  @Test
  void closesAfterAnAnswerToVersionOneZero() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = GatewayFixture.before(folder, origin);
        RawClient client = gateway.client()) {
      client.send("GET / HTTP/1.0\r\nHost: a\r\n\r\n");

      assertThat(client.answer().body()).isEqualTo("ok");
      assertThat(client.closed()).isTrue();
      assertThat(gateway.accessLine().getString("protocol")).isEqualTo("HTTP/1.0");
    }
  }

  @Test
  void keepsAConnectionOfVersionOneZeroWhenAsked() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = GatewayFixture.before(folder, origin);
        RawClient client = gateway.client()) {
      for (int i = 0; i < 2; i++) {
        client.send("GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n");
        Answer answer = client.answer();
        assertThat(answer.body()).isEqualTo("ok");
        assertThat(answer.field("connection")).contains("keep-alive");
      }
    }
  }

  @Test
  void endsAnAnswerOfUnknownLengthToVersionOneZeroByClosing() throws Exception {
    try (ScriptedOrigin origin =
            ScriptedOrigin.answering(
                "HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "", "3", "one", "0", "", "");
        GatewayFixture gateway = GatewayFixture.before(folder, origin);
        RawClient client = gateway.client()) {
      client.send("GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n");

      Answer answer = client.answer();

      assertThat(answer.field("transfer-encoding")).isEmpty();
      assertThat(answer.field("content-length")).isEmpty();
      assertThat(answer.body()).isEqualTo("one");
      assertThat(client.closed()).isTrue();
    }
  }

  @Test
  void doesNotNeedHostOfVersionOneZero() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = GatewayFixture.before(folder, origin);
        RawClient client = gateway.client()) {
      client.send("GET /x HTTP/1.0\r\n\r\n");

      assertThat(client.answer().status()).isEqualTo(200);
      // An HTTP/1.1 request without Host is malformed: the gateway must not make one.
      assertThat(RawClient.lower(origin.request())).contains("\r\nhost: ");
    }
  }

  @Test
  void answersPipelinedRequestsInTheirOrder() throws Exception {
    CountDownLatch first = new CountDownLatch(1);
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(
                peer -> {
                  for (var r = peer.request(); r.isPresent(); r = peer.request()) {
                    String path = r.get().split(" ", 3)[1];
                    if (path.equals("/1")) {
                      peer.await(first);
                    }
                    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n" + path);
                  }
                });
        GatewayFixture gateway = GatewayFixture.before(folder, origin);
        RawClient client = gateway.client()) {
      client.send(
          RawClient.request("GET", "/1")
              + "POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
              + "POST /3 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
              + "3\r\nabc\r\n0\r\n\r\n"
              + RawClient.request("GET", "/4")
              + RawClient.request("GET", "/5"));
      Eventually.holds(() -> origin.requests().size() == 1);
      first.countDown();

      for (int i = 1; i <= 5; i++) {
        assertThat(client.answer().body()).isEqualTo("/" + i);
      }
      assertThat(gateway.accessLog(5)).hasSize(5);
    }
  }

  @Test
  void answersNothingBehindARequestThatClosed() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = GatewayFixture.before(folder, origin);
        RawClient client = gateway.client()) {
      client.send(
          RawClient.request("GET", "/1", "Connection: close") + RawClient.request("GET", "/2"));

      assertThat(client.answer().body()).isEqualTo("ok");
      assertThat(client.closed()).isTrue();
      assertThat(origin.requests()).hasSize(1);
    }
  }

  @Test
  void keepsTheConnectionBehindASmallContentThatNobodyRead() throws Exception {
    try (GatewayFixture gateway = responding("");
        RawClient client = gateway.client()) {
      for (int i = 0; i < 3; i++) {
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n");
        Answer answer = client.answer();
        assertThat(answer.body()).isEqualTo("ok");
        assertThat(answer.field("connection")).isEmpty();
        client.send("0123456789");
      }
      assertThat(client.get("/").body()).isEqualTo("ok");
    }
  }

  @Test
  void closesBehindALargeContentThatNobodyReadAndTheAnswerCanBeRead() throws Exception {
    try (GatewayFixture gateway = responding("");
        RawClient client = gateway.client()) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50000000\r\n\r\n");
      client.sendWhatIsTaken(new byte[5_000_000]);

      Answer answer = client.answer();

      assertThat(answer.body()).isEqualTo("ok");
      assertThat(answer.field("connection")).contains("close");
      assertThat(client.closed()).isTrue();
    }
  }

  @Test
  void refusesTooMuchContentWhileItIsOnItsWayAndTheAnswerCanBeRead() throws Exception {
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(
                peer -> {
                  peer.head();
                  peer.awaitClose();
                });
        GatewayFixture gateway =
            GatewayFixture.start(
                folder,
                "listeners: {web: {address: \"127.0.0.1:0\", limits: {content-bytes: 1KiB}}}\n"
                    + GatewayFixture.upstream(origin)
                    + "routes: {all: {forward: {upstream: origin}}}\n");
        RawClient client = gateway.client()) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
      client.sendWhatIsTaken(
          ("1000\r\n" + "x".repeat(4096) + "\r\n").repeat(500).getBytes(StandardCharsets.US_ASCII));

      Answer answer = client.answer();

      assertThat(answer.status()).isEqualTo(413);
      assertThat(answer.reason()).isEqualTo("content_too_large");
      assertThat(client.closed()).isTrue();
      Eventually.holds(() -> origin.open() == 0);
    }
  }

  @Test
  void deliversTheRefusalOfAHeadThatIsStillOnItsWay() throws Exception {
    try (GatewayFixture gateway = responding("");
        RawClient client = gateway.client()) {
      client.sendWhatIsTaken(
          ("GET / HTTP/1.1\r\nHost: a\r\n" + "X-Long: 0123456789abcdef\r\n".repeat(100_000))
              .getBytes(StandardCharsets.US_ASCII));

      assertThat(client.answer().status()).isEqualTo(431);
      assertThat(client.closed()).isTrue();
    }
  }

  @Test
  void closesPolitelyAfterTheAllowedNumberOfRequests() throws Exception {
    try (GatewayFixture gateway = responding("limits: {requests-per-connection: 2}");
        RawClient client = gateway.client()) {
      assertThat(client.get("/").field("connection")).isEmpty();
      assertThat(client.get("/").field("connection")).contains("close");
      assertThat(client.closed()).isTrue();
    }
  }

  @Test
  void refusesConnectionsBeyondTheLimit() throws Exception {
    try (GatewayFixture gateway = responding("limits: {connections: 1}");
        RawClient client = gateway.client()) {
      assertThat(client.get("/").body()).isEqualTo("ok");
      try (RawClient second = gateway.client()) {
        assertThat(second.closed()).isTrue();
      }
      assertThat(client.get("/").body()).isEqualTo("ok");
      assertThat(
              gateway.metric(
                  "sentinel_connections_refused_total{listener=\"web\",reason=\"limit\"}"))
          .isEqualTo(1);
    }
  }

  @Test
  void answersAClientThatHasClosedItsOutput() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = GatewayFixture.before(folder, origin);
        RawClient client = gateway.client()) {
      client.send(RawClient.request("GET", "/"));
      assertThat(client.answer().body()).isEqualTo("ok");
      client.closeOutput();

      assertThat(client.closed()).isTrue();
      Eventually.holds(() -> gateway.metric("sentinel_connections_open{listener=\"web\"}") == 0);
    }
  }

  private GatewayFixture responding(String settings) throws Exception {
    return GatewayFixture.start(
        folder,
        "listeners: {web: {address: \"127.0.0.1:0\""
            + (settings.isEmpty() ? "" : ", " + settings)
            + "}}\nroutes: {all: {respond: {body: ok}}}\n");
  }
}
