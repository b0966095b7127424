package io.sentinelgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Content that is kept for another attempt, and content that cannot be. */
class ReplayTest {

  @TempDir Path folder;

  /** Takes the first request and breaks off, whatever came; answers all others by their content. */
  private static ScriptedOrigin breakingTheFirst() throws IOException {
    return ScriptedOrigin.start(
        peer -> {
          if (peer.number() == 1) {
            peer.request();
            peer.reset();
          } else {
            for (var request = peer.request(); request.isPresent(); request = peer.request()) {
              peer.write(ScriptedOrigin.sized(content(request.get())));
            }
          }
        });
  }

  private static String content(String request) {
    return request.substring(request.indexOf("\r\n\r\n") + 4);
  }

  private GatewayFixture gateway(ScriptedOrigin origin, String retry) throws Exception {
    return GatewayFixture.start(
        folder,
        GatewayFixture.upstream(origin)
            + "routes: {all: {forward: {upstream: origin, retry: "
            + retry
            + "}}}\n");
  }

  private static String sized(String method, String content) {
    return method
        + " / HTTP/1.1\r\nHost: a\r\nContent-Length: "
        + content.length()
        + "\r\n\r\n"
        + content;
  }

  private static final String CHUNKED =
      "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTE: trailers\r\n\r\n"
          + "5\r\nhello\r\n6\r\n world\r\n0\r\nx-sum: 11\r\n\r\n";

  @Test
  void sendsContentAgainThatWasKept() throws Exception {
    try (ScriptedOrigin origin = breakingTheFirst();
        GatewayFixture gateway = gateway(origin, "{}");
        RawClient client = gateway.client()) {
      client.send(sized("PUT", "content"));
      assertThat(client.answer().body()).isEqualTo("content");
      assertThat(origin.requests()).hasSize(2).allSatisfy(r -> assertThat(r).endsWith("content"));
      // The connection to the client has not lost its place.
      client.send(sized("PUT", "more"));
      assertThat(client.answer().body()).isEqualTo("more");
    }
  }

  @Test
  void sendsContentOfUnknownLengthAndItsTrailersAgain() throws Exception {
    try (ScriptedOrigin origin = breakingTheFirst();
        GatewayFixture gateway = gateway(origin, "{}");
        RawClient client = gateway.client()) {
      client.send(CHUNKED);
      assertThat(client.answer().body()).isEqualTo("hello worldx-sum: 11");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{content: 10B}", "{content: 0B}"})
  void saysThatLongContentIsNotSentAgain(String retry) throws Exception {
    try (ScriptedOrigin origin = breakingTheFirst();
        GatewayFixture gateway = gateway(origin, retry);
        RawClient client = gateway.client()) {
      client.send(sized("PUT", "longer than ten"));
      assertThat(client.answer().reason()).isEqualTo("upstream_reset");
      assertThat(origin.requests()).hasSize(1);
      assertThat(gateway.accessLine().getString("not-retried")).isEqualTo("content");
      assertThat(
              gateway.metric(
                  "sentinel_upstream_not_retried_total{reason=\"content\",upstream=\"origin\"}"))
          .isEqualTo(1);
    }
  }

  @Test
  void forgetsContentOfUnknownLengthThatGrowsTooLong() throws Exception {
    try (ScriptedOrigin origin = breakingTheFirst();
        GatewayFixture gateway = gateway(origin, "{content: 4B}");
        RawClient client = gateway.client()) {
      client.send(CHUNKED);
      assertThat(client.answer().reason()).isEqualTo("upstream_reset");
      assertThat(origin.requests()).hasSize(1);
      assertThat(gateway.accessLine().getString("not-retried")).isEqualTo("content");
    }
  }

  @Test
  void sendsAPostAgainOnlyWhenItIsTold() throws Exception {
    try (ScriptedOrigin origin = breakingTheFirst();
        GatewayFixture gateway = gateway(origin, "{}");
        RawClient client = gateway.client()) {
      client.send(sized("POST", "content"));
      assertThat(client.answer().reason()).isEqualTo("upstream_reset");
      assertThat(origin.requests()).hasSize(1);
      assertThat(gateway.accessLine().getString("not-retried")).isEqualTo("method");
    }
    try (ScriptedOrigin origin = breakingTheFirst();
        GatewayFixture gateway = gateway(origin, "{non-idempotent: true}");
        RawClient client = gateway.client()) {
      client.send(sized("POST", "content"));
      assertThat(client.answer().body()).isEqualTo("content");
    }
  }

  @Test
  void goesOnWithContentThatWasStillComing() throws Exception {
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(
                peer -> {
                  String head = peer.head().orElseThrow();
                  if (peer.number() == 1) {
                    peer.text(3);
                    peer.reset();
                  } else {
                    peer.write(ScriptedOrigin.sized(peer.content(head)));
                    peer.awaitClose();
                  }
                });
        GatewayFixture gateway = gateway(origin, "{}");
        RawClient client = gateway.client()) {
      client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc");
      Eventually.holds(() -> origin.connections() == 2);
      client.send("def");
      assertThat(client.answer().body()).isEqualTo("abcdef");
    }
  }

  @Test
  void givesUpWhenTheClientLeavesDuringThePause() throws Exception {
    try (ScriptedOrigin origin =
            ScriptedOrigin.answering(
                "HTTP/1.1 503 Service Unavailable", "Content-Length: 0", "", "");
        GatewayFixture gateway = gateway(origin, "{on: [\"503\"], backoff: 1m, max-backoff: 5m}")) {
      try (RawClient client = gateway.client()) {
        client.send(sized("PUT", "content"));
        Eventually.holds(() -> gateway.target(0, 0).getInteger("failures") == 1);
      }
      List<?> requests = origin.requests();
      gateway.comesToRest();
      assertThat(requests).hasSize(1);
      assertThat(gateway.accessLine().getString("reason")).isEqualTo("client_gone");
    }
  }
}
