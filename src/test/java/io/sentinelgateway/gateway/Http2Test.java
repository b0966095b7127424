package io.sentinelgateway.gateway;

import static io.sentinelgateway.gateway.FrameClient.DATA;
import static io.sentinelgateway.gateway.FrameClient.RST_STREAM;
import static io.sentinelgateway.gateway.FrameClient.WINDOW_UPDATE;
import static io.sentinelgateway.gateway.FrameClient.fields;
import static io.sentinelgateway.gateway.FrameClient.number;
import static io.sentinelgateway.gateway.FrameClient.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.Http2Headers;
import io.sentinelgateway.gateway.FrameClient.Frame;
import io.sentinelgateway.gateway.FrameClient.Reply;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/2 to clients: what goes to the origin, and what comes back. */
class Http2Test {

  static final String LISTENER =
      "listeners: {web: {address: \"127.0.0.1:0\", protocols: [http1, http2]}}\n";

  @TempDir Path folder;

  private GatewayFixture before(ScriptedOrigin origin) throws Exception {
    return GatewayFixture.start(
        folder,
        LISTENER
            + GatewayFixture.upstream(origin)
            + "routes: {all: {forward: {upstream: origin}}}\n");
  }

  @Test
  void translatesARequestAndItsAnswer() throws Exception {
    try (ScriptedOrigin origin =
            ScriptedOrigin.answering(
                "HTTP/1.1 200 OK",
                "X-Kept: Yes",
                "Connection: X-Gone",
                "X-Gone: 1",
                "Keep-Alive: timeout=5",
                "Content-Length: 2",
                "",
                "ok");
        GatewayFixture gateway = before(origin);
        FrameClient client = new FrameClient(gateway.port())) {
      Reply reply =
          client.get(1, "/a?b=c", "cookie", "x=1", "te", "trailers", "cookie", "y=2").reply(1);

      assertThat(reply.status()).isEqualTo("200");
      assertThat(reply.content()).isEqualTo("ok");
      assertThat(reply.head())
          .containsEntry("x-kept", "Yes")
          .doesNotContainKeys("connection", "x-gone", "keep-alive", "transfer-encoding");
      assertThat(origin.request())
          .startsWith("GET /a?b=c HTTP/1.1\r\n")
          .containsIgnoringCase("\r\nhost: a.example\r\n")
          .containsIgnoringCase("\r\ncookie: x=1; y=2\r\n")
          .doesNotContain(":authority");
      assertThat(gateway.accessLine().encode()).contains("HTTP/2");
    }
  }

  @Test
  void forwardsContentWithoutLengthAndTrailersBothWays() throws Exception {
    try (ScriptedOrigin origin =
            ScriptedOrigin.answering(
                "HTTP/1.1 200 OK",
                "Transfer-Encoding: chunked",
                "Trailer: X-Sum",
                "",
                "2\r\nok\r\n0\r\nX-Sum: 7\r\n\r\n");
        GatewayFixture gateway = before(origin);
        FrameClient client = new FrameClient(gateway.port())) {
      client
          .headers(1, false, request("POST", "/", "te", "trailers"))
          .data(1, false, "one")
          .data(1, false, "two")
          .headers(1, true, fields("x-check", "9"));
      Reply reply = client.reply(1);

      assertThat(reply.content()).isEqualTo("ok");
      assertThat(reply.trailers()).containsEntry("x-sum", "7");
      assertThat(origin.request()).contains("onetwo").containsIgnoringCase("x-check: 9");
    }
  }

  @Test
  void answersHeadAnd204And304WithoutContent() throws Exception {
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(
                peer -> {
                  peer.request();
                  peer.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
                  peer.request();
                  peer.write("HTTP/1.1 204 No Content\r\n\r\n");
                  peer.request();
                  peer.write("HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n");
                  peer.request();
                });
        GatewayFixture gateway = before(origin);
        FrameClient client = new FrameClient(gateway.port())) {
      Reply head = client.headers(1, true, request("HEAD", "/")).reply(1);
      Reply none = client.get(3, "/").reply(3);
      Reply unchanged = client.get(5, "/").reply(5);

      assertThat(head.head()).containsEntry("content-length", "5");
      assertThat(head.content()).isEmpty();
      assertThat(none.status()).isEqualTo("204");
      assertThat(none.head()).doesNotContainKey("content-length");
      assertThat(unchanged.head()).containsEntry(":status", "304").containsEntry("etag", "\"a\"");
    }
  }

  @Test
  void forwardsInterimAnswers() throws Exception {
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(
                peer -> {
                  String head = peer.head().orElseThrow();
                  peer.write("HTTP/1.1 100 Continue\r\n\r\n");
                  peer.content(head);
                  peer.write("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
                  peer.write(ScriptedOrigin.sized("ok"));
                  peer.request();
                });
        GatewayFixture gateway = before(origin);
        FrameClient client = new FrameClient(gateway.port())) {
      client.headers(1, false, request("POST", "/", "expect", "100-continue"));
      assertThat(client.awaitStream(1).fields()).containsEntry(":status", "100");
      client.data(1, true, "body");
      assertThat(client.awaitStream(1).fields())
          .containsEntry(":status", "103")
          .containsEntry("link", "</a>");
      assertThat(client.reply(1).content()).isEqualTo("ok");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x|a\r\nb",
        "x|a\u0000b",
        "x|a\nb",
        "connection|close",
        "transfer-encoding|chunked",
        "te|gzip",
        "X-Upper|1",
        "host|b.example",
        ":path|/two",
        ":other|1",
        ":protocol|websocket",
        "content-length|5"
      })
  void refusesMalformedFieldsAndLeaksNothing(String line) throws Exception {
    String[] parts = line.split("\\|", 2);
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = before(origin);
        FrameClient client = new FrameClient(gateway.port())) {
      assertThat(refusal(client, 1, request("GET", "/", parts[0], parts[1])))
          .isIn("400", "RST_STREAM 1");

      assertThat(client.get(3, "/").reply(3).status()).isEqualTo("200");
      assertThat(origin.requests()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/a b", "/a\u0001b", "a", "@evil/", "*", "http://b.example/", "/%00"})
  void refusesMalformedPaths(String path) throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = before(origin);
        FrameClient client = new FrameClient(gateway.port())) {
      assertThat(refusal(client, 1, request("GET", path))).isIn("400", "RST_STREAM 1");
      assertThat(client.get(3, "/").reply(3).status()).isEqualTo("200");
      assertThat(origin.requests()).hasSize(1);
    }
  }

  @Test
  void refusesConnect() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = before(origin);
        FrameClient client = new FrameClient(gateway.port())) {
      String answer =
          refusal(client, 1, fields(":method", "CONNECT", ":authority", "a.example:443"));

      assertThat(answer).isEqualTo("501");
      assertThat(origin.requests()).isEmpty();
    }
  }

  private static String refusal(FrameClient client, int stream, Http2Headers fields)
      throws Exception {
    Frame frame = client.headers(stream, true, fields).awaitStream(stream);
    if (frame.type() == RST_STREAM) {
      return "RST_STREAM " + frame.code();
    }
    String status = frame.fields().get(":status");
    while (!frame.last()) {
      frame = client.awaitStream(stream);
    }
    return status;
  }

  @Test
  void aCancelledStreamEndsItsAttemptAndNothingElse() throws Exception {
    CountDownLatch gone = new CountDownLatch(1);
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(
                peer -> {
                  if (ScriptedOrigin.Peer.target(peer.request().orElseThrow()).equals("/slow")) {
                    peer.awaitClose();
                    gone.countDown();
                  } else {
                    peer.write(ScriptedOrigin.sized("fast"));
                    peer.request();
                  }
                });
        GatewayFixture gateway = before(origin);
        FrameClient client = new FrameClient(gateway.port())) {
      client.get(1, "/slow");
      Eventually.value(origin::requests, all -> all.size() == 1);
      client.frame(RST_STREAM, 0, 1, number(8));

      assertThat(gone.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(client.get(3, "/").reply(3).content()).isEqualTo("fast");
      assertThat(gateway.accessLog(2).get(0).encode()).contains("client_gone");
    }
  }

  @Test
  void aStreamThatNobodyReadsHoldsUpNoOther() throws Exception {
    String large = "x".repeat(2_000_000);
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(
                peer -> {
                  for (var r = peer.request(); r.isPresent(); r = peer.request()) {
                    boolean big = ScriptedOrigin.Peer.target(r.get()).equals("/large");
                    peer.write(ScriptedOrigin.sized(big ? large : "small"));
                  }
                });
        GatewayFixture gateway = before(origin);
        FrameClient client = new FrameClient(gateway.port())) {
      client.frame(WINDOW_UPDATE, 0, 0, number(10_000_000));
      client.get(1, "/large");
      assertThat(client.await(DATA).stream()).isEqualTo(1);

      assertThat(client.get(3, "/small").reply(3).content()).isEqualTo("small");
      client.frame(WINDOW_UPDATE, 0, 1, number(10_000_000));
      int bytes = 0;
      for (Frame f = client.awaitStream(1); !f.last(); f = client.awaitStream(1)) {
        bytes += f.payload().length();
      }
      assertThat(bytes).isGreaterThan(1_500_000);
    }
  }

  @Test
  void aBrokenAnswerResetsItsStreamOnly() throws Exception {
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(
                ScriptedOrigin.Script.first(
                    peer -> {
                      peer.request();
                      peer.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
                    }));
        GatewayFixture gateway = before(origin);
        FrameClient client = new FrameClient(gateway.port())) {
      client.get(1, "/");

      assertThat(client.await(RST_STREAM).code()).isEqualTo(2);
      assertThat(client.get(3, "/next").reply(3).content()).isEqualTo("/next");
    }
  }

  @Test
  void speaksHttp1ToThoseWhoBeginLikeThePreface() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = before(origin);
        RawClient client = gateway.client()) {
      client.send("P");
      client.send("OST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: 0\r\n\r\n");

      assertThat(client.answer().body()).isEqualTo("ok");
      assertThat(origin.request()).startsWith("POST / ");
    }
  }

  @Test
  void neverUpgrades() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = before(origin)) {
      Answer answer =
          gateway.get(
              "/",
              "Connection: Upgrade, HTTP2-Settings",
              "Upgrade: h2c",
              "HTTP2-Settings: AAMAAABkAAQAAP__");

      assertThat(answer.status()).isEqualTo(200);
    }
  }
}
