package io.sentinelgateway.gateway;

import static io.sentinelgateway.gateway.ScriptedOrigin.sized;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.gateway.ScriptedOrigin.Script;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An answer that breaks off is never made to look whole (RFC 9112 section 8). */
class OriginBreakContractTest {

  private static final String SIZED = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc";
  private static final String CHUNKED =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n";

  private final CountDownLatch seen = new CountDownLatch(1);

  @TempDir Path folder;

  static Stream<Arguments> beforeTheAnswer() {
    return Stream.of("", "H", "HTTP/1.1 200 OK", "HTTP/1.1 200 OK\r\nContent-Le", head())
        .flatMap(text -> Stream.of(Arguments.of(text, true), Arguments.of(text, false)));
  }

  /** All but the last line feed. */
  private static String head() {
    return "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r";
  }

  @ParameterizedTest
  @MethodSource("beforeTheAnswer")
  void answersItselfWhenTheHeadBreaksOff(String text, boolean reset) throws Exception {
    try (Chain chain =
        Chain.once(
            folder,
            Script.first(
                peer -> {
                  peer.request();
                  peer.write(text);
                  if (reset) {
                    peer.reset();
                  }
                }))) {
      chain.refuses(chain.get("/1"), Cause.UPSTREAM_RESET);
      assertThat(chain.gateway().target(0, 0).getInteger("failures")).isEqualTo(1);
      assertThat(chain.get("/2").body()).isEqualTo("/2");
    }
  }

  static Stream<Arguments> withinTheAnswer() {
    return Stream.of(
            Arguments.of(SIZED, ""),
            Arguments.of(SIZED, "def"),
            Arguments.of(CHUNKED, ""),
            Arguments.of(CHUNKED, "3"),
            Arguments.of(CHUNKED, "3\r\nd"),
            Arguments.of(CHUNKED, "3\r\ndef"),
            Arguments.of(CHUNKED, "3\r\ndef\r\n"),
            Arguments.of(CHUNKED, "0"),
            Arguments.of(CHUNKED, "0\r\n"),
            Arguments.of(CHUNKED, "0\r\nX-A: 1"),
            Arguments.of(CHUNKED, "0\r\nX-A: 1\r\n"))
        .flatMap(
            each ->
                Stream.of(true, false)
                    .map(reset -> Arguments.of(each.get()[0], each.get()[1], reset)));
  }

  @ParameterizedTest
  @MethodSource("withinTheAnswer")
  void breaksTheClientsConnectionOffLikewise(String start, String rest, boolean reset)
      throws Exception {
    try (Chain chain =
        Chain.once(
            folder,
            Script.first(
                peer -> {
                  peer.request();
                  peer.write(start);
                  peer.await(seen);
                  peer.write(rest);
                  if (reset) {
                    peer.reset();
                  }
                }))) {
      chain.client().send(RawClient.request("GET", "/1"));
      Answer head = chain.client().head();
      assertThat(head.status()).isEqualTo(200);
      boolean chunks = head.field("transfer-encoding").isPresent();
      assertThat(chunks ? chain.client().chunk() : chain.client().bytes(3)).isEqualTo("abc");
      seen.countDown();

      assertThat(chain.client().untilBroken()).isIn("", "d", "def", "1\r\nd\r\n", "3\r\ndef\r\n");
      chain.records(200, Cause.UPSTREAM_RESET);
      assertThat(chain.gateway().accessLine().getLong("response-bytes")).isBetween(3L, 6L);
      assertThat(chain.gateway().target(0, 0).getInteger("failures")).isEqualTo(1);
      assertThat(chain.gateway().get("/2").body()).isEqualTo("/2");
      assertThat(chain.origin().connections()).isEqualTo(2);
    }
  }

  /** Only an orderly close ends such content; a reset leaves nobody knowing how much there was. */
  @Test
  void doesNotTakeAResetForTheEndOfContentThatEndsWithTheConnection() throws Exception {
    try (Chain chain =
        Chain.once(
            folder,
            peer -> {
              peer.request();
              peer.write("HTTP/1.1 200 OK\r\n\r\nabc");
              peer.await(seen);
              peer.reset();
            })) {
      chain.client().send(RawClient.request("GET", "/"));
      assertThat(chain.client().head().status()).isEqualTo(200);
      assertThat(chain.client().chunk()).isEqualTo("abc");
      seen.countDown();

      assertThatThrownBy(chain.client()::chunk).isInstanceOf(IOException.class);
      chain.records(200, Cause.UPSTREAM_RESET);
    }
  }

  @Test
  void breaksOffWhenNothingOfTheContentHasComeYet() throws Exception {
    for (String field : List.of("Content-Length: 10", "Transfer-Encoding: chunked")) {
      try (Chain chain =
          Chain.once(
              folder,
              peer -> {
                peer.request();
                peer.write("HTTP/1.1 200 OK\r\n" + field + "\r\n\r\n");
                peer.reset();
              })) {
        // The reset may overtake the head: then there is an answer, and it is the gateway's.
        chain.client().send(RawClient.request("GET", "/", "Connection: close"));
        String answer = chain.client().untilBroken();

        assertThat(answer).doesNotContain("\r\n\r\n0\r\n");
        assertThat(chain.gateway().accessLine().getString("reason")).isEqualTo("upstream_reset");
      }
    }
  }

  @Test
  void breaksOffForTheClientOfARequestWhoseContentIsStillOnItsWay() throws Exception {
    try (Chain chain =
        Chain.once(
            folder,
            Script.first(
                peer -> {
                  peer.head();
                  peer.text(3);
                  peer.reset();
                }))) {
      chain.client().send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");

      chain.refuses(chain.client().answer(), Cause.UPSTREAM_RESET);
      assertThat(chain.gateway().get("/2").body()).isEqualTo("/2");
    }
  }

  @Test
  void anOriginThatClosesItsOutputOnlyEndsTheAnswerWithIt() throws Exception {
    try (Chain chain =
        Chain.of(
            folder,
            Script.first(
                peer -> {
                  peer.request();
                  peer.write("HTTP/1.1 200 OK\r\n\r\nup to the end");
                  peer.closeOutput();
                  peer.awaitClose();
                }))) {
      assertThat(chain.get("/1").body()).isEqualTo("up to the end");
      Eventually.holds(() -> chain.origin().open() == 0);
      assertThat(chain.get("/2").body()).isEqualTo("/2");
    }
  }

  @Test
  void anOriginThatClosesItsOutputAfterAWholeAnswerGetsNoOtherRequest() throws Exception {
    try (Chain chain =
        Chain.of(
            folder,
            Script.first(
                peer -> {
                  peer.request();
                  peer.write(sized("ok"));
                  peer.closeOutput();
                  peer.awaitClose();
                }))) {
      assertThat(chain.get("/1").body()).isEqualTo("ok");
      Eventually.holds(() -> chain.origin().open() == 0);
      chain.client().send("POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx");
      assertThat(chain.client().answer().body()).isEqualTo("/2");
    }
  }
}
