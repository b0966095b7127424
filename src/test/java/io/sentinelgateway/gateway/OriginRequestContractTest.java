package io.sentinelgateway.gateway;

import static io.sentinelgateway.gateway.ScriptedOrigin.sized;
import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.gateway.ScriptedOrigin.Script;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What reaches an origin server, and answers that come before it has all of it. */
class OriginRequestContractTest {

  private static final String CHUNKED =
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  private static final String EXPECTING =
      "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n";

  @TempDir Path folder;

  /** Sizes around those of reads, buffers and chunks, each piece in one chunk. */
  @Test
  void handsContentOfUnknownLengthOnWhole() throws Exception {
    Random random = new Random(1);
    CRC32 sent = new CRC32();
    CRC32 received = new CRC32();
    try (Chain chain =
        Chain.of(
            folder,
            peer -> {
              peer.content(peer.head().orElseThrow(), received);
              peer.write(sized("ok"));
              peer.awaitClose();
            })) {
      chain.client().send(CHUNKED);
      for (int size : new int[] {1, 2, 1023, 1024, 1025, 8191, 8192, 8193, 65535, 65536, 1 << 20}) {
        byte[] piece = new byte[size];
        random.nextBytes(piece);
        sent.update(piece);
        chain.client().send(Integer.toHexString(size) + ";x=y\r\n").send(piece).send("\r\n");
      }
      for (int i = 0; i < 2000; i++) {
        byte[] piece = {(byte) i};
        sent.update(piece);
        chain.client().send("1\r\n").send(piece).send("\r\n");
      }
      chain.client().send("0\r\n\r\n");

      assertThat(chain.client().answer().body()).isEqualTo("ok");
      assertThat(received.getValue()).isEqualTo(sent.getValue());
    }
  }

  @Test
  void handsTheTrailersOfARequestOnButThoseThatWouldFrameOrRoute() throws Exception {
    try (Chain chain = Chain.of(folder, ScriptedOrigin.Peer::echo)) {
      chain
          .client()
          .send(CHUNKED)
          .send("3\r\nabc\r\n0\r\nX-Sum: 1\r\nTrailer: x\r\nConnection: x\r\nUpgrade: x\r\n\r\n");

      assertThat(chain.client().answer().body()).isEqualTo("/");
      assertThat(chain.origin().request()).endsWith("abcX-Sum: 1");
    }
  }

  /** An answer may come at any time; what is left of the request makes the connection useless. */
  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 2\r\n\r\nno", "\r\nno"})
  void deliversAnAnswerThatComesWhileTheClientStillSends(String answer) throws Exception {
    CountDownLatch answered = new CountDownLatch(1);
    try (Chain chain =
        Chain.of(
            folder,
            Script.first(
                peer -> {
                  peer.head();
                  peer.text(3);
                  peer.write("HTTP/1.1 413 Content Too Large\r\n" + answer);
                  if (answer.startsWith("\r\n")) {
                    peer.closeOutput();
                  }
                  peer.awaitClose();
                  answered.countDown();
                }))) {
      chain.client().send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50000000\r\n\r\nabc");

      Answer early = chain.client().answer();

      assertThat(early.status()).isEqualTo(413);
      assertThat(early.body()).isEqualTo("no");
      answered.await();
      assertThat(chain.gateway().get("/2").body()).isEqualTo("/2");
      assertThat(chain.origin().connections()).isEqualTo(2);
    }
  }

  @Test
  void deliversAnEarlyAnswerToAClientThatUploadsWithoutLooking() throws Exception {
    try (Chain chain =
        Chain.of(
            folder,
            Script.first(
                peer -> {
                  peer.head();
                  peer.write("HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno");
                  peer.awaitClose();
                }))) {
      chain.client().send(CHUNKED);
      byte[] chunk = ("1000\r\n" + "x".repeat(4096) + "\r\n").getBytes(StandardCharsets.US_ASCII);
      for (int i = 0; i < 2000; i++) {
        chain.client().sendWhatIsTaken(chunk);
      }

      assertThat(chain.client().answer().status()).isEqualTo(413);
      assertThat(chain.gateway().get("/2").body()).isEqualTo("/2");
      Eventually.holds(() -> chain.origin().open() == 1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"417 Expectation Failed", "401 Unauthorized"})
  void deliversTheRefusalOfAnExpectationAndNoContentFollows(String status) throws Exception {
    StringBuilder behind = new StringBuilder();
    CountDownLatch closed = new CountDownLatch(1);
    try (Chain chain =
        Chain.of(
            folder,
            Script.first(
                peer -> {
                  peer.head();
                  peer.write("HTTP/1.1 " + status + "\r\nContent-Length: 2\r\n\r\nno");
                  behind.append(peer.text(5));
                  closed.countDown();
                }))) {
      chain.client().send(EXPECTING);

      assertThat(chain.client().answer().line()).startsWith("HTTP/1.1 " + status.substring(0, 3));
      closed.await();
      assertThat(behind).isEmpty();
      assertThat(chain.gateway().get("/2").body()).isEqualTo("/2");
      assertThat(chain.origin().connections()).isEqualTo(2);
    }
  }

  @Test
  void reusesAConnectionAfterAnExpectationThatWasMet() throws Exception {
    try (Chain chain =
        Chain.of(
            folder,
            peer -> {
              for (var head = peer.head(); head.isPresent(); head = peer.head()) {
                peer.write("HTTP/1.1 100 Continue\r\n\r\n");
                peer.write(sized(peer.content(head.get())));
              }
            })) {
      for (int i = 0; i < 3; i++) {
        chain.client().send(EXPECTING);
        assertThat(chain.client().answer().status()).isEqualTo(100);
        chain.client().send("hello");
        assertThat(chain.client().answer().body()).isEqualTo("hello");
      }
      assertThat(chain.origin().connections()).isEqualTo(1);
    }
  }

  @Test
  void closesTheConnectionWhenAClientLeavesWithinItsChunks() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    StringBuilder received = new StringBuilder();
    CountDownLatch closed = new CountDownLatch(1);
    try (Chain chain =
        Chain.of(
            folder,
            Script.first(
                peer -> {
                  peer.head();
                  received.append(peer.text(8));
                  begun.countDown();
                  received.append(peer.text(100));
                  closed.countDown();
                }))) {
      chain.client().send(CHUNKED).send("3\r\nabc\r\n");
      begun.await();
      chain.client().reset();

      closed.await();
      // A last chunk would make half a request look whole.
      assertThat(received).hasToString("3\r\nabc\r\n");
      assertThat(chain.gateway().accessLine().getString("reason")).isEqualTo("client_gone");
      Eventually.holds(() -> chain.gateway().connections("active") == 0);
      assertThat(chain.gateway().target(0, 0).getInteger("failures")).isZero();
    }
  }
}
