package io.sentinelgateway.gateway;

import static io.sentinelgateway.gateway.ScriptedOrigin.chunked;
import static io.sentinelgateway.gateway.ScriptedOrigin.sized;
import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.gateway.ScriptedOrigin.Script;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What an origin server sends that nobody asked for reaches nobody: no answer goes to another. */
class OriginSurplusContractTest {

  private static final String STOLEN = sized("stolen");

  @TempDir Path folder;

  static Stream<Named<String>> surplus() {
    return Stream.of(
        Named.of("a whole answer", STOLEN),
        Named.of("two whole answers", STOLEN + chunked("sto", "len")),
        Named.of("the beginning of an answer", "HTTP/1.1 200 OK\r\nContent-Le"),
        Named.of("a byte", "x"),
        Named.of("bytes that are no HTTP", "\0\1\2\r\n\r\n"),
        Named.of("100", "HTTP/1.1 100 Continue\r\n\r\n"),
        Named.of("102", "HTTP/1.1 102 Processing\r\n\r\n"),
        Named.of("103", "HTTP/1.1 103 Early Hints\r\nLink: </stolen>\r\n\r\n"),
        Named.of("101", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nbytes"),
        Named.of("408", "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\nslow"));
  }

  @ParameterizedTest
  @MethodSource("surplus")
  void isDroppedWithItsConnectionWhenItComesWithAnAnswer(String surplus) throws Exception {
    dropsBehind("GET", sized("/1"), surplus);
  }

  @ParameterizedTest
  @MethodSource("surplus")
  void isDroppedWithItsConnectionWhenItComesWithTheLastChunk(String surplus) throws Exception {
    dropsBehind("GET", chunked("/1"), surplus);
  }

  @Test
  void isDroppedWithItsConnectionWhenItIsTheContentOfAnAnswerToHead() throws Exception {
    dropsBehind("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n", "stolen");
  }

  @Test
  void isDroppedWithItsConnectionWhenItIsTheContentOf204() throws Exception {
    dropsBehind("GET", "HTTP/1.1 204 No Content\r\nContent-Length: 6\r\n\r\n", "stolen");
  }

  @Test
  void isDroppedWithItsConnectionWhenItIsTheContentOf304() throws Exception {
    dropsBehind("GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 88\r\n\r\n", STOLEN);
  }

  private void dropsBehind(String method, String answer, String surplus) throws Exception {
    try (Chain chain =
        Chain.of(
            folder,
            Script.first(
                peer -> {
                  peer.request();
                  peer.write(answer + surplus);
                  peer.awaitClose();
                }))) {
      chain.client().send(RawClient.request(method, "/1"));
      Answer head = chain.client().head();
      assertThat(head.line()).startsWith(answer.substring(0, 12));
      if (head.status() == 200 && method.equals("GET")) {
        assertThat(chain.client().withContent(head).body()).isEqualTo("/1");
      }

      // Both on the connection of the first client and on another one.
      assertThat(chain.get("/2").body()).isEqualTo("/2");
      assertThat(chain.gateway().get("/3").body()).isEqualTo("/3");
      assertThat(chain.client().silent()).isTrue();
      assertThat(chain.origin().connections()).isEqualTo(2);
      Eventually.holds(() -> chain.origin().open() == 1);
    }
  }

  @ParameterizedTest
  @MethodSource("surplus")
  void closesAConnectionThatRests(String surplus) throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (Chain chain =
        Chain.of(
            folder,
            Script.first(
                peer -> {
                  peer.request();
                  peer.write(sized("/1"));
                  peer.await(go);
                  peer.write(surplus);
                  peer.awaitClose();
                }))) {
      assertThat(chain.get("/1").body()).isEqualTo("/1");
      Eventually.holds(() -> chain.gateway().connections("idle") == 1);
      go.countDown();

      chain.comesToBeDisconnected();
      assertThat(chain.client().silent()).isTrue();
      assertThat(chain.get("/2").body()).isEqualTo("/2");
      Eventually.holds(
          () ->
              chain.gateway().connections("idle") == 1
                  && chain.gateway().connections("active") == 0);
    }
  }

  /** An origin server that speaks first says nothing that could be an answer. */
  @Test
  void isDroppedWhenItComesBeforeAnyRequest() throws Exception {
    try (Chain chain =
        Chain.of(
            folder,
            Script.first(
                peer -> {
                  peer.write(STOLEN);
                  peer.awaitClose();
                }),
            "connections: {warm: 1}")) {
      Eventually.holds(() -> chain.origin().connections() == 1 && chain.origin().open() == 0);

      assertThat(chain.get("/1").body()).isEqualTo("/1");
    }
  }

  /** Few connections and many clients: everybody waits, and answers end in every way there is. */
  @Test
  void leavesEveryClientItsOwnAnswers() throws Exception {
    try (Chain chain =
        Chain.of(
            folder,
            peer -> {
              int turn = peer.number();
              for (var r = peer.request(); r.isPresent(); r = peer.request()) {
                String target = ScriptedOrigin.Peer.target(r.get());
                switch (turn++ % 5) {
                  case 0 -> peer.write("HTTP/1.1 102 Processing\r\n\r\n" + sized(target));
                  case 1 -> peer.write(chunked(target.substring(0, 1), target.substring(1)));
                  case 2 -> peer.write("HTTP/1.1 100 Continue\r\n\r\n").write(sized(target));
                  case 3 -> peer.writeByteByByte(sized(target));
                  default -> {
                    peer.write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + target);
                    return;
                  }
                }
              }
            },
            "connections: {max: 2, queue-timeout: 1m}")) {
      List<CompletableFuture<Void>> clients = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        int client = i;
        clients.add(CompletableFuture.runAsync(() -> asks(chain, client)));
      }
      CompletableFuture.allOf(clients.toArray(CompletableFuture[]::new)).join();
    }
  }

  private static void asks(Chain chain, int number) {
    try (RawClient client = chain.gateway().client()) {
      // Two at a time: the second one waits behind the first.
      for (int i = 0; i < 60; i += 2) {
        String first = "/" + number + "/" + i;
        String second = "/" + number + "/" + (i + 1);
        client.send(RawClient.request("GET", first) + RawClient.request("GET", second));
        assertThat(client.answer().body()).isEqualTo(first);
        assertThat(client.answer().body()).isEqualTo(second);
      }
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
