package io.sentinelgateway.gateway;

import static io.sentinelgateway.gateway.ScriptedOrigin.sized;
import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.gateway.ScriptedOrigin.Peer;
import io.sentinelgateway.gateway.ScriptedOrigin.Script;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Interim answers (RFC 9110 section 15.2). Whether one is handed on or dropped, the final answer
 * goes to the request that it belongs to.
 */
class OriginInterimContractTest {

  private static final String HINTS = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n";

  @TempDir Path folder;

  /** The final answer, behind all interim ones. */
  private static Answer finalAnswer(RawClient client) throws IOException {
    Answer answer = client.answer();
    while (answer.status() < 200) {
      answer = client.answer();
    }
    return answer;
  }

  /** Sends this before each answer. */
  private static Script before(String interim) {
    return peer -> {
      for (var r = peer.request(); r.isPresent(); r = peer.request()) {
        peer.write(interim);
        peer.write(sized(Peer.target(r.get())));
      }
    };
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "100 Continue",
        "100 Continue\r\nContent-Length: 10",
        "102 Processing",
        "102 Processing\r\nConnection: close",
        "103 Early Hints\r\nLink: </a.css>",
        "103 Early Hints\r\nTransfer-Encoding: chunked",
        "103 Early Hints\r\nContent-Length: 10",
        "104 Upload Resumption",
        "199 What"
      })
  void doesNotTakeAnInterimAnswerForTheFinalOne(String interim) throws Exception {
    try (Chain chain = Chain.of(folder, before("HTTP/1.1 " + interim + "\r\n\r\n"))) {
      chain.client().send(RawClient.request("GET", "/1") + RawClient.request("GET", "/2"));

      assertThat(finalAnswer(chain.client()).body()).isEqualTo("/1");
      assertThat(finalAnswer(chain.client()).body()).isEqualTo("/2");
      try (RawClient other = chain.gateway().client()) {
        other.send(RawClient.request("GET", "/3"));
        assertThat(finalAnswer(other).body()).isEqualTo("/3");
      }
      assertThat(chain.client().silent()).isTrue();
      // A request that was pipelined may go out before the answer before it is quite over.
      assertThat(chain.origin().connections()).isBetween(1, 2);
    }
  }

  @Test
  void understandsInterimAndFinalAnswerInOnePacket() throws Exception {
    try (Chain chain =
        Chain.of(
            folder,
            peer -> {
              for (var r = peer.request(); r.isPresent(); r = peer.request()) {
                peer.write("HTTP/1.1 102 Processing\r\n\r\n" + HINTS + sized(Peer.target(r.get())));
              }
            })) {
      for (String target : List.of("/1", "/2", "/3")) {
        chain.client().send(RawClient.request("GET", target));
        assertThat(finalAnswer(chain.client()).body()).isEqualTo(target);
      }
      assertThat(chain.origin().connections()).isEqualTo(1);
    }
  }

  @Test
  void understandsInterimAnswersThatComeByteByByte() throws Exception {
    String interim = "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 100 Continue\r\nX-A: 1\r\n\r\n";
    try (Chain chain =
        Chain.of(
            folder,
            peer -> {
              for (var r = peer.request(); r.isPresent(); r = peer.request()) {
                peer.writeByteByByte(interim + HINTS + sized(Peer.target(r.get())));
              }
            })) {
      for (String target : List.of("/1", "/2")) {
        chain.client().send(RawClient.request("GET", target));
        Answer hints = chain.client().answer();
        assertThat(hints.status()).isEqualTo(103);
        assertThat(hints.field("link")).contains("</a.css>");
        assertThat(chain.client().answer().body()).isEqualTo(target);
      }
      assertThat(chain.origin().connections()).isEqualTo(1);
    }
  }

  @Test
  void understandsManyInterimAnswersInARow() throws Exception {
    String interim = "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n";
    try (Chain chain = Chain.of(folder, before(interim.repeat(1000)))) {
      for (String target : List.of("/1", "/2", "/3")) {
        chain.client().send(RawClient.request("GET", target));
        assertThat(finalAnswer(chain.client()).body()).isEqualTo(target);
      }
      assertThat(chain.origin().connections()).isEqualTo(1);
    }
  }

  @Test
  void handsEveryEarlyHintOnBeforeTheFinalAnswer() throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    try (Chain chain =
        Chain.of(
            folder,
            peer -> {
              peer.request();
              peer.write(HINTS.repeat(5));
              peer.await(seen);
              peer.write(sized("ok"));
              peer.awaitClose();
            })) {
      chain.client().send(RawClient.request("GET", "/"));
      List<Answer> hints = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        hints.add(chain.client().answer());
      }
      seen.countDown();

      assertThat(hints).allMatch(hint -> hint.status() == 103);
      assertThat(chain.client().answer().body()).isEqualTo("ok");
    }
  }

  @Test
  void handsNoInterimAnswerToAClientOfVersionOneZero() throws Exception {
    try (Chain chain = Chain.of(folder, before("HTTP/1.1 102 Processing\r\n\r\n" + HINTS))) {
      chain.client().send("GET /1 HTTP/1.0\r\nHost: a\r\n\r\n");

      assertThat(chain.client().answer().body()).isEqualTo("/1");
      assertThat(chain.client().closed()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"100 Continue", "102 Processing", "103 Early Hints"})
  void doesNotWaitForEverBehindAnInterimAnswer(String interim) throws Exception {
    try (Chain chain =
        Chain.of(
            folder,
            peer -> {
              peer.request();
              peer.write("HTTP/1.1 " + interim + "\r\n\r\n");
              peer.awaitClose();
            },
            "timeouts: {response: 300ms}")) {
      chain.client().send(RawClient.request("GET", "/"));

      chain.refuses(finalAnswer(chain.client()), Cause.UPSTREAM_TIMEOUT);
      chain.comesToBeDisconnected();
    }
  }

  @Test
  void interimAnswersWithoutEndDoNotPutTheTimeLimitOff() throws Exception {
    try (Chain chain =
        Chain.of(
            folder,
            peer -> {
              peer.request();
              while (true) {
                peer.write("HTTP/1.1 102 Processing\r\n\r\n");
                java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
              }
            },
            "timeouts: {response: 300ms}")) {
      chain.refuses(chain.get("/"), Cause.UPSTREAM_TIMEOUT);
      chain.comesToBeDisconnected();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void saysThatTheOriginBrokeOffBehindAnInterimAnswer(boolean reset) throws Exception {
    try (Chain chain =
        Chain.once(
            folder,
            peer -> {
              peer.request();
              peer.write("HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n");
              if (reset) {
                peer.reset();
              }
            })) {
      chain.refuses(chain.get("/"), Cause.UPSTREAM_RESET);
      chain.comesToBeDisconnected();
    }
  }

  @Test
  void refusesAnInterimAnswerThatIsTooLarge() throws Exception {
    try (Chain chain =
        Chain.of(
            folder,
            Script.first(
                peer -> {
                  peer.request();
                  peer.write("HTTP/1.1 102 Processing\r\n" + "X: 0123456789\r\n".repeat(10_000));
                  peer.awaitClose();
                }))) {
      chain.refuses(chain.get("/1"), Cause.UPSTREAM_HEADER_TOO_LARGE);
      chain.comesToBeDisconnected();
      assertThat(chain.get("/2").body()).isEqualTo("/2");
    }
  }

  /** The client may have asked; the gateway did not: see UpgradeTest for those that it asks for. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void doesNotBelieveAChangeOfProtocol(boolean asked) throws Exception {
    try (Chain chain =
        Chain.of(
            folder,
            Script.first(
                peer -> {
                  peer.request();
                  peer.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n");
                  peer.write("Upgrade: websocket\r\n\r\n\201\5hello" + sized("stolen"));
                  peer.awaitClose();
                }))) {
      Answer answer =
          asked ? chain.get("/1", "Connection: Upgrade", "Upgrade: other") : chain.get("/1");
      chain.refuses(answer, Cause.UPSTREAM_MALFORMED);
      chain.comesToBeDisconnected();
      assertThat(chain.gateway().get("/2").body()).isEqualTo("/2");
    }
  }
}
