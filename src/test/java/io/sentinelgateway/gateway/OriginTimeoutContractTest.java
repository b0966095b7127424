package io.sentinelgateway.gateway;

import static io.sentinelgateway.gateway.ScriptedOrigin.sized;
import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.gateway.ScriptedOrigin.Peer;
import io.sentinelgateway.gateway.ScriptedOrigin.Script;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long an origin server may take, and that bytes now and then do not make it longer. */
class OriginTimeoutContractTest {

  private static final String RESPONSE = "timeouts: {response: 300ms}";
  private static final String IDLE = "timeouts: {idle: 300ms}";

  @TempDir Path folder;

  @Test
  void limitsTheTimeToTheHead() throws Exception {
    try (Chain chain =
        Chain.of(
            folder,
            Script.first(
                peer -> {
                  peer.request();
                  peer.awaitClose();
                }),
            RESPONSE)) {
      chain.refuses(chain.get("/1"), Cause.UPSTREAM_TIMEOUT);
      chain.comesToBeDisconnected();
      assertThat(chain.gateway().target(0, 0).getInteger("failures")).isEqualTo(1);
      assertThat(chain.get("/2").body()).isEqualTo("/2");
    }
  }

  @Test
  void doesNotGiveAnAnswerThatComesTooLateToTheNextRequest() throws Exception {
    CountDownLatch late = new CountDownLatch(1);
    try (Chain chain =
        Chain.of(
            folder,
            Script.first(
                peer -> {
                  peer.request();
                  peer.await(late);
                  peer.write(sized("late"));
                  peer.awaitClose();
                }),
            RESPONSE)) {
      assertThat(chain.get("/1").status()).isEqualTo(504);
      late.countDown();
      assertThat(chain.get("/2").body()).isEqualTo("/2");
      assertThat(chain.get("/3").body()).isEqualTo("/3");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.1 200 ", "HTTP/1.1 200 OK\r\nX-Slow: "})
  void limitsTheTimeToTheEndOfTheHeadThoughBytesComeNowAndThen(String start) throws Exception {
    try (Chain chain =
        Chain.of(
            folder,
            Script.first(
                peer -> {
                  peer.request();
                  peer.write(start);
                  drip(peer, "x");
                }),
            RESPONSE)) {
      chain.refuses(chain.get("/1"), Cause.UPSTREAM_TIMEOUT);
      chain.comesToBeDisconnected();
      assertThat(chain.get("/2").body()).isEqualTo("/2");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 10", "Transfer-Encoding: chunked", "X-A: 1"})
  void limitsTheSilenceWithinContent(String field) throws Exception {
    try (Chain chain =
        Chain.of(
            folder,
            Script.first(
                peer -> {
                  peer.request();
                  peer.write("HTTP/1.1 200 OK\r\n" + field + "\r\n\r\n3\r\nabc\r\n");
                  peer.awaitClose();
                }),
            IDLE)) {
      chain.client().send(RawClient.request("GET", "/1"));
      assertThat(chain.client().head().status()).isEqualTo(200);

      assertThat(chain.client().untilBroken()).doesNotEndWith("0\r\n\r\n");
      chain.records(200, Cause.UPSTREAM_IDLE_TIMEOUT);
      chain.comesToBeDisconnected();
      assertThat(chain.gateway().get("/2").body()).isEqualTo("/2");
    }
  }

  /** Twenty pieces within twice the time of silence that is allowed: none is silent for long. */
  @Test
  void doesNotLimitTheTimeOfContentThatKeepsComing() throws Exception {
    try (Chain chain =
        Chain.of(
            folder,
            peer -> {
              peer.request();
              peer.write("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n");
              for (int i = 0; i < 20; i++) {
                LockSupport.parkNanos(50_000_000);
                peer.write("x");
              }
              peer.awaitClose();
            },
            "timeouts: {response: 500ms, idle: 500ms}")) {
      assertThat(chain.get("/").body()).hasSize(20);
    }
  }

  @Test
  void doesNotBlameTheOriginForAClientThatDoesNotRead() throws Exception {
    byte[] content = new byte[32 << 20];
    CountDownLatch waited = new CountDownLatch(1);
    try (Chain chain =
            Chain.of(
                folder,
                Script.first(
                    peer -> {
                      peer.request();
                      peer.write(
                          "HTTP/1.1 200 OK\r\nContent-Length: " + content.length + "\r\n\r\n");
                      peer.write(content);
                      peer.awaitClose();
                    }),
                "timeouts: {idle: 100ms}");
        RawClient slow = new RawClient(chain.gateway().port(), 16 << 10)) {
      slow.send(RawClient.request("GET", "/1"));
      Answer head = slow.head();
      assertThat(waited.await(500, java.util.concurrent.TimeUnit.MILLISECONDS)).isFalse();

      assertThat(slow.withContent(head).body()).hasSize(content.length);
    }
  }

  /** The time to the head begins when the request has been sent, not with its first byte. */
  @Test
  void doesNotBlameTheOriginForAClientThatIsSlowToSend() throws Exception {
    try (Chain chain = Chain.of(folder, Peer::echo, RESPONSE)) {
      chain.client().send("POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n");
      for (int i = 0; i < 10; i++) {
        LockSupport.parkNanos(50_000_000);
        chain.client().send("x");
      }
      assertThat(chain.client().answer().body()).isEqualTo("/1");
    }
  }

  private static void drip(Peer peer, String text) throws Exception {
    while (true) {
      peer.write(text);
      LockSupport.parkNanos(20_000_000);
    }
  }
}
