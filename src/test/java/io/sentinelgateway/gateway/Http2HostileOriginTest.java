package io.sentinelgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.gateway.FrameOrigin.Script;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Origin servers that break HTTP/2, on every connection: a clear reason, and nothing is left. */
class Http2HostileOriginTest {

  private static final int FLOOD = 5000;

  @TempDir private Path folder;

  static Stream<Arguments> hostile() {
    return Stream.of(
        breaks("no status", "upstream_malformed", head("x", "1")),
        breaks("status of four digits", "upstream_malformed", head(":status", "2000")),
        breaks("101", "upstream_malformed", head(":status", "101")),
        breaks("unknown pseudo", "upstream_malformed", head(":status", "200", ":x", "1")),
        breaks("upper case", "upstream_malformed", head(":status", "200", "X-Upper", "1")),
        breaks("connection field", "upstream_malformed", head(":status", "200", "connection", "x")),
        breaks("line break", "upstream_malformed", head(":status", "200", "x", "a\r\nb: c")),
        breaks("lengths", "upstream_malformed", head(":status", "200", "content-length", "1x")),
        breaks("no content", "upstream_malformed", head(":status", "200", "content-length", "5")),
        breaks(
            "head too large", "upstream_header_too_large", head(":status", "200", "x", large(70))),
        breaks(
            "interim flood",
            "upstream_malformed",
            (peer, stream) -> {
              for (int i = 0; i < 100; i++) {
                peer.headers(stream, false, ":status", "102");
              }
            }),
        breaks("content first", "upstream_malformed", (peer, s) -> peer.data(s, true, "x")),
        breaks("cancel", "upstream_reset", (peer, stream) -> peer.reset(stream, 8)),
        breaks("no error", "upstream_reset", (peer, stream) -> peer.reset(stream, 0)),
        breaks("refused", "stream_refused", (peer, stream) -> peer.reset(stream, 7)),
        breaks("goaway", "stream_refused", (peer, stream) -> peer.goAway(0)),
        breaks(
            "push",
            "upstream_malformed",
            (peer, s) -> peer.send(FrameOrigin.PUSH_PROMISE, 4, s, new byte[] {0, 0, 0, 2, -120})),
        breaks("ping flood", "upstream_malformed", flood(FrameOrigin.PING, 8)),
        breaks("settings flood", "upstream_malformed", flood(FrameOrigin.SETTINGS, 0)),
        breaks("unknown flood", "upstream_malformed", flood(77, 8)),
        breaks(
            "continuation flood",
            "upstream_malformed",
            (peer, stream) -> {
              peer.send(FrameOrigin.HEADERS, 0, stream, new byte[] {-120});
              for (int i = 0; i < FLOOD; i++) {
                peer.send(FrameOrigin.CONTINUATION, 0, stream);
              }
            }),
        breaks("never answers", "upstream_timeout", (peer, stream) -> {}));
  }

  /** What is done with a request on a stream. */
  @FunctionalInterface
  interface Reaction {
    void to(FrameOrigin.Peer peer, int stream) throws Exception;
  }

  private static Arguments breaks(String what, String reason, Reaction answer) {
    Script script =
        peer -> {
          peer.greet();
          while (true) {
            answer.to(peer, peer.request());
          }
        };
    return Arguments.of(what, reason, script);
  }

  private static Reaction head(String... fields) {
    return (peer, stream) -> peer.headers(stream, true, fields);
  }

  private static Reaction flood(int type, int length) {
    return (peer, stream) -> {
      for (int i = 0; i < FLOOD; i++) {
        peer.send(type, 0, 0, new byte[length]);
      }
    };
  }

  private static String large(int kilobytes) {
    return "x".repeat(kilobytes * 1024);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("hostile")
  void hasAReason(String what, String reason, Script script) throws Exception {
    try (FrameOrigin origin = FrameOrigin.start(script);
        GatewayFixture gateway =
            GatewayFixture.start(folder, origin.upstream("timeouts: {response: 300ms}"))) {
      Answer answer = gateway.get("/");
      assertThat(answer.reason()).as(what).isEqualTo(reason);
    }
  }

  @Test
  void knowsAnOriginThatSpeaksOnlyHttp1() throws Exception {
    byte[] refusal =
        "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"
            .getBytes(StandardCharsets.ISO_8859_1);
    try (FrameOrigin origin =
            FrameOrigin.start(
                peer -> {
                  peer.write(refusal);
                  peer.drain();
                });
        GatewayFixture gateway = GatewayFixture.start(folder, origin.upstream())) {
      assertThat(gateway.get("/").reason()).isEqualTo("no_common_protocol");
      assertThat(
              gateway.metric(
                  "sentinel_pool_connect_failures_total{reason=\"no_common_protocol\",upstream=\"origin\"}"))
          .isPositive();
    }
  }

  @Test
  void doesNotWaitForSettingsForEver() throws Exception {
    try (FrameOrigin origin = FrameOrigin.start(FrameOrigin.Peer::drain);
        GatewayFixture gateway =
            GatewayFixture.start(
                folder, origin.upstream("connections: {connect-timeout: 100ms}"))) {
      assertThat(gateway.get("/").reason()).isEqualTo("connect_timeout");
    }
  }

  @Test
  void closesAConnectionThatAnswersNoPing() throws Exception {
    try (FrameOrigin origin =
            FrameOrigin.start(
                peer -> {
                  peer.greet();
                  peer.request();
                  peer.drain();
                });
        GatewayFixture gateway =
            GatewayFixture.start(
                folder, origin.upstream("connections: {ping: {interval: 1s, timeout: 200ms}}"))) {
      assertThat(gateway.get("/").reason()).isEqualTo("upstream_reset");
    }
  }

  @Test
  void aWindowThatStaysShutIsATimeout() throws Exception {
    try (FrameOrigin origin =
            FrameOrigin.start(
                peer -> {
                  peer.greet(4, 0);
                  peer.drain();
                });
        GatewayFixture gateway =
            GatewayFixture.start(folder, origin.upstream("timeouts: {response: 300ms}"));
        RawClient client = gateway.client()) {
      client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc");
      assertThat(client.answer().reason()).isEqualTo("upstream_timeout");
    }
  }

  @Test
  void retriesWhatTheOriginHasNotProcessed() throws Exception {
    try (FrameOrigin origin =
            FrameOrigin.start(
                peer -> {
                  peer.greet();
                  if (peer.number() == 1) {
                    peer.answer(peer.request(), "first");
                    peer.request();
                    peer.goAway(1);
                    peer.drain();
                  } else if (peer.number() == 2) {
                    peer.reset(peer.request(), 7);
                    peer.answerAll("again");
                  }
                });
        GatewayFixture gateway = GatewayFixture.start(folder, origin.upstream());
        RawClient client = gateway.client()) {
      assertThat(gateway.get("/").body()).isEqualTo("first");
      client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc");
      assertThat(client.answer().body()).isEqualTo("again");
      assertThat(origin.connections()).isEqualTo(2);
      Eventually.holds(() -> origin.open() == 1);
    }
  }

  @Test
  void finishesWhatWasProcessedBeforeGoAway() throws Exception {
    try (FrameOrigin origin =
            FrameOrigin.start(
                peer -> {
                  peer.greet();
                  int stream = peer.request();
                  peer.goAway(stream);
                  peer.answer(stream, "on " + peer.number());
                  peer.drain();
                });
        GatewayFixture gateway = GatewayFixture.start(folder, origin.upstream())) {
      assertThat(gateway.get("/").body()).isEqualTo("on 1");
      assertThat(gateway.get("/").body()).isEqualTo("on 2");
      Eventually.holds(() -> origin.open() == 0);
    }
  }

  @Test
  void passesTrailersOfRequestsOn() throws Exception {
    try (FrameOrigin origin =
            FrameOrigin.start(
                peer -> {
                  peer.greet();
                  peer.fields(peer.next(FrameOrigin.HEADERS));
                  FrameOrigin.Frame trailers = peer.next(FrameOrigin.HEADERS);
                  peer.answer(trailers.stream(), peer.fields(trailers) + "" + trailers.ends());
                  peer.drain();
                });
        GatewayFixture gateway = GatewayFixture.start(folder, origin.upstream());
        RawClient client = gateway.client()) {
      client.send(
          "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
              + "1\r\nx\r\n0\r\nX-Sum: 7\r\n\r\n");
      assertThat(client.answer().body()).contains("x-sum: 7").endsWith("true");
    }
  }

  /** Nothing more can come on such a stream, and yet it would count. */
  @Test
  void endsTheStreamOfAnAnswerWithoutContentItself() throws Exception {
    try (FrameOrigin origin =
            FrameOrigin.start(
                peer -> {
                  peer.greet();
                  while (true) {
                    peer.headers(peer.request(), false, ":status", "204");
                  }
                });
        GatewayFixture gateway =
            GatewayFixture.start(
                folder, origin.upstream("connections: {max: 1, max-streams: 2, queue: 0}"))) {
      for (int i = 0; i < 10; i++) {
        assertThat(gateway.get("/").status()).isEqualTo(204);
      }
      assertThat(origin.connections()).isEqualTo(1);
    }
  }
}
