package io.sentinelgateway.gateway;

import static io.sentinelgateway.gateway.ScriptedOrigin.sized;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the content of an answer ends, in every way that RFC 9112 section 6.3 knows. */
class OriginFramingContractTest {

  private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n";

  @TempDir Path folder;

  static Stream<Named<String>> chunks() {
    return Stream.of(
        Named.of("extensions", "3;a=b;c=\"d;e\"\r\none\r\n3 ; x\r\ntwo\r\n0;last\r\n\r\n"),
        Named.of("leading zeros", "0000000003\r\none\r\n03\r\ntwo\r\n0000\r\n\r\n"),
        Named.of("one byte each", "1\r\no\r\n1\r\nn\r\n1\r\ne\r\n3\r\ntwo\r\n0\r\n\r\n"));
  }

  @ParameterizedTest
  @MethodSource("chunks")
  void undoesChunks(String chunks) throws Exception {
    answersTwice(peer -> peer.write(CHUNKED + "\r\n" + chunks));
  }

  @ParameterizedTest
  @MethodSource("chunks")
  void undoesChunksThatComeByteByByte(String chunks) throws Exception {
    answersTwice(peer -> peer.writeByteByByte(CHUNKED + "\r\n" + chunks));
  }

  @Test
  void knowsTheCodingInAnyCase() throws Exception {
    answersTwice(
        peer ->
            peer.write(
                "HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n6\r\nonetwo\r\n0\r\n\r\n"));
  }

  @Test
  void readsSizedContentThatComesByteByByte() throws Exception {
    answersTwice(peer -> peer.writeByteByByte(sized("onetwo")));
  }

  private void answersTwice(ScriptedOrigin.Script answer) throws Exception {
    try (Chain chain =
        Chain.of(
            folder,
            peer -> {
              while (peer.request().isPresent()) {
                answer.serve(peer);
              }
            })) {
      assertThat(chain.get("/1").body()).isEqualTo("onetwo");
      assertThat(chain.get("/2").body()).isEqualTo("onetwo");
      assertThat(chain.origin().connections()).isEqualTo(1);
    }
  }

  @Test
  void handsOnBytesOfEveryValueWhateverTheyLookLike() throws Exception {
    StringBuilder all = new StringBuilder("0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n");
    for (int i = 0; i < 256; i++) {
      all.append((char) i);
    }
    try (Chain chain =
        Chain.of(
            folder,
            peer -> {
              for (int i = 0; peer.request().isPresent(); i++) {
                peer.write(
                    i % 2 == 0 ? sized(all.toString()) : ScriptedOrigin.chunked(all.toString()));
              }
            })) {
      for (int i = 0; i < 4; i++) {
        assertThat(chain.get("/").body()).isEqualTo(all.toString());
      }
      assertThat(chain.origin().connections()).isEqualTo(1);
    }
  }

  @Test
  void handsTrailersOnButThoseThatWouldFrameOrRoute() throws Exception {
    String trailers =
        "X-Sum: 42\r\nX-Twice: 1\r\nX-Twice: 2\r\nContent-Length: 9\r\n"
            + "Transfer-Encoding: chunked\r\nTrailer: X\r\nConnection: X-Hop\r\nX-Hop: 1\r\n"
            + "Keep-Alive: timeout=1\r\nTE: x\r\nUpgrade: x\r\nProxy-Authenticate: Basic\r\n";
    try (Chain chain =
        Chain.of(
            folder,
            peer -> peer.answerAll(CHUNKED + "\r\n6\r\nonetwo\r\n0\r\n" + trailers + "\r\n"))) {
      for (int i = 0; i < 2; i++) {
        Answer answer = chain.get("/", "TE: trailers");

        assertThat(answer.body()).isEqualTo("onetwo");
        assertThat(answer.trailers())
            .containsExactlyInAnyOrder("X-Sum: 42", "X-Twice: 1", "X-Twice: 2");
      }
    }
  }

  @Test
  void readsTrailersThatComeByteByByte() throws Exception {
    try (Chain chain =
        Chain.of(
            folder,
            peer -> {
              while (peer.request().isPresent()) {
                peer.writeByteByByte(CHUNKED + "\r\n6\r\nonetwo\r\n0\r\nX-Sum: 42\r\n\r\n");
              }
            })) {
      for (int i = 0; i < 2; i++) {
        assertThat(chain.get("/").trailers()).containsExactly("X-Sum: 42");
      }
    }
  }

  @Test
  void keepsTrailersFromAClientOfVersionOneZero() throws Exception {
    try (Chain chain =
        Chain.of(
            folder,
            peer -> peer.answerAll(CHUNKED + "\r\n6\r\nonetwo\r\n0\r\nX-Sum: 42\r\n\r\n"))) {
      chain.client().send("GET / HTTP/1.0\r\nHost: a\r\n\r\n");

      Answer answer = chain.client().answer();

      assertThat(answer.field("transfer-encoding")).isEmpty();
      assertThat(answer.body()).isEqualTo("onetwo");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.1", "HTTP/1.0"})
  void takesTheCloseForTheEndOfContentWithoutLength(String version) throws Exception {
    try (Chain chain =
        Chain.of(
            folder,
            peer -> {
              peer.request();
              peer.write(version + " 200 OK\r\nConnection: keep-alive\r\n\r\nup to ");
              peer.write("the end");
            })) {
      for (int i = 1; i <= 3; i++) {
        Answer answer = chain.get("/");
        assertThat(answer.line()).startsWith("HTTP/1.1 200");
        assertThat(answer.field("transfer-encoding")).contains("chunked");
        assertThat(answer.field("content-length")).isEmpty();
        assertThat(answer.body()).isEqualTo("up to the end");
        assertThat(chain.origin().connections()).isEqualTo(i);
      }
      chain.client().send("GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n");
      Answer answer = chain.client().answer();
      assertThat(answer.field("transfer-encoding")).isEmpty();
      assertThat(answer.field("content-length")).isEmpty();
      assertThat(answer.body()).isEqualTo("up to the end");
      assertThat(chain.client().closed()).isTrue();
    }
  }

  @Test
  void takesTheCloseAtOnceForContentThatIsEmpty() throws Exception {
    try (Chain chain =
        Chain.of(
            folder,
            peer -> {
              peer.request();
              peer.write("HTTP/1.1 200 OK\r\n\r\n");
            })) {
      Answer answer = chain.get("/");

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEmpty();
      assertThat(chain.gateway().accessLine().containsKey("reason")).isFalse();
    }
  }

  @Test
  void handsStatusesOnThatItDoesNotKnow() throws Exception {
    try (Chain chain =
        Chain.of(
            folder, peer -> peer.answerAll(sized("ok").replace("200 OK", "299 Somewhat Fine")))) {
      assertThat(chain.get("/").status()).isEqualTo(299);
      assertThat(chain.get("/").body()).isEqualTo("ok");
    }
  }

  @Test
  void doesNotNeedAReason() throws Exception {
    try (Chain chain =
        Chain.of(
            folder,
            peer -> {
              for (int i = 0; peer.request().isPresent(); i++) {
                peer.write(sized("ok").replace("200 OK", i % 2 == 0 ? "200 " : "200"));
              }
            })) {
      for (int i = 0; i < 4; i++) {
        assertThat(chain.get("/").body()).isEqualTo("ok");
      }
      assertThat(chain.origin().connections()).isEqualTo(1);
    }
  }
}
