package io.sentinelgateway.gateway;

import static io.sentinelgateway.gateway.ScriptedOrigin.chunked;
import static io.sentinelgateway.gateway.ScriptedOrigin.sized;
import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.gateway.ScriptedOrigin.Script;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a connection to an origin server carries the next request (RFC 9112 section 9.3). */
class OriginReuseContractTest {

  private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx";

  @TempDir Path folder;

  @Test
  void sendsRequestsOneAfterAnotherOverOneConnectionHoweverTheirAnswersEnd() throws Exception {
    List<String> answers =
        List.of(
            sized("ok"),
            chunked("o", "k"),
            "HTTP/1.1 204 No Content\r\n\r\n",
            "HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n",
            "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5, max=9\r\n"
                + "Content-Length: 2\r\n\r\nok");
    try (Chain chain =
        Chain.of(
            folder,
            peer -> {
              for (int i = 0; peer.request().isPresent(); i++) {
                peer.write(answers.get(i % answers.size()));
              }
            })) {
      for (int i = 0; i < 10 * answers.size(); i++) {
        String expected = answers.get(i % answers.size());
        Answer answer = chain.get("/" + i);
        assertThat(answer.status()).isEqualTo(Integer.parseInt(expected.substring(9, 12)));
        assertThat(answer.body()).isEqualTo(answer.status() == 200 ? "ok" : "");
        assertThat(answer.field("keep-alive")).isEmpty();
      }
      assertThat(chain.origin().connections()).isEqualTo(1);
      assertThat(chain.origin().requests()).hasSize(10 * answers.size());
    }
  }

  @Test
  void reusesAConnectionAfterARequestWithContent() throws Exception {
    try (Chain chain = Chain.of(folder, ScriptedOrigin.Peer::echo)) {
      for (int i = 0; i < 10; i++) {
        chain.client().send(POST);
        assertThat(chain.client().answer().body()).isEqualTo("/");
        chain
            .client()
            .send(
                "POST /chunks HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "1\r\nx\r\n0\r\n\r\n");
        assertThat(chain.client().answer().body()).isEqualTo("/chunks");
      }
      assertThat(chain.origin().connections()).isEqualTo(1);
    }
  }

  /** The first connection serves one request and breaks as the second one comes. */
  private static Script resetAsTheSecondRequestComes() {
    return Script.first(
        peer -> {
          peer.request();
          peer.write(sized("ok"));
          peer.request();
          peer.reset();
        });
  }

  @Test
  void sendsAnIdempotentRequestAgainWhenItsRestingConnectionIsReset() throws Exception {
    try (Chain chain = Chain.of(folder, resetAsTheSecondRequestComes())) {
      assertThat(chain.get("/1").body()).isEqualTo("ok");
      assertThat(chain.get("/2").body()).isEqualTo("/2");
      assertThat(chain.origin().connections()).isEqualTo(2);
    }
  }

  @Test
  void sendsAPostNotAgainWhenItsRestingConnectionIsReset() throws Exception {
    try (Chain chain = Chain.of(folder, resetAsTheSecondRequestComes())) {
      assertThat(chain.get("/1").body()).isEqualTo("ok");
      chain.client().send(POST);

      Answer answer = chain.client().answer();

      assertThat(answer.status()).isEqualTo(502);
      assertThat(answer.reason()).isEqualTo("upstream_reset");
      assertThat(chain.origin().requests()).hasSize(2);
      assertThat(chain.get("/3").body()).isEqualTo("/3");
    }
  }

  /** Whether the gateway has seen the close when the next request comes is left to chance. */
  @Test
  void hidesFromItsClientsThatAnOriginClosesWithoutSayingSo() throws Exception {
    try (Chain chain =
        Chain.of(folder, peer -> peer.write(sized(peer.request().isPresent() ? "ok" : "")))) {
      for (int i = 0; i < 100; i++) {
        assertThat(chain.get("/" + i).body()).isEqualTo("ok");
      }
      assertThat(chain.origin().requests()).hasSize(100);
    }
  }

  @Test
  void sendsAnIdempotentRequestAgainOnANewConnectionThoughOthersRest() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (Chain chain =
        Chain.of(
            folder,
            peer -> {
              if (peer.number() <= 8) {
                peer.request();
                peer.await(go);
                peer.write(sized("ok"));
                peer.request();
                peer.reset();
              }
              peer.echo();
            })) {
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        clients.add(chain.gateway().client());
        clients.get(i).send(RawClient.request("GET", "/"));
      }
      Eventually.holds(() -> chain.origin().requests().size() == 8);
      go.countDown();
      for (RawClient client : clients) {
        assertThat(client.answer().body()).isEqualTo("ok");
        client.close();
      }
      Eventually.holds(() -> chain.gateway().connections("idle") == 8);

      // What broke one resting connection broke all: another one of them is a wasted attempt.
      assertThat(chain.get("/next").body()).isEqualTo("/next");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Connection: close",
        "Connection: Close",
        "Connection: keep-alive, close",
        "Connection: keep-alive\r\nConnection: x-y, close"
      })
  void closesAConnectionWhoseOriginWillNotServeOnIt(String field) throws Exception {
    try (Chain chain =
        Chain.of(
            folder,
            Script.first(
                peer -> {
                  peer.request();
                  peer.write("HTTP/1.1 200 OK\r\n" + field + "\r\nContent-Length: 2\r\n\r\nok");
                  peer.awaitClose();
                }))) {
      Answer answer = chain.get("/1");
      assertThat(answer.body()).isEqualTo("ok");
      assertThat(answer.field("connection")).as("says nothing of the client's").isEmpty();
      Eventually.holds(() -> chain.origin().open() == 0);
      assertThat(chain.get("/2").body()).isEqualTo("/2");
      assertThat(chain.origin().connections()).isEqualTo(2);
    }
  }

  @Test
  void doesNotReuseAConnectionOfVersionOneZero() throws Exception {
    try (Chain chain =
        Chain.of(
            folder,
            Script.first(
                peer -> {
                  peer.request();
                  peer.write("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok");
                  peer.awaitClose();
                }))) {
      Answer answer = chain.get("/1");
      assertThat(answer.line()).startsWith("HTTP/1.1 200");
      assertThat(answer.body()).isEqualTo("ok");
      assertThat(chain.get("/2").body()).isEqualTo("/2");
      Eventually.holds(() -> chain.origin().open() == 1);
    }
  }

  @Test
  void reusesAConnectionOfVersionOneZeroThatIsKeptAlive() throws Exception {
    String answer = "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\nok";
    try (Chain chain = Chain.of(folder, peer -> peer.answerAll(answer))) {
      for (int i = 0; i < 5; i++) {
        assertThat(chain.get("/").body()).isEqualTo("ok");
      }
      assertThat(chain.origin().connections()).isEqualTo(1);
    }
  }

  /** RFC 9112 section 6.1: such framing is not to be trusted. */
  @Test
  void doesNotReuseAConnectionWhoseAnswerOfVersionOneZeroCameInChunks() throws Exception {
    String chunks =
        chunked("ok").replace("HTTP/1.1 200 OK", "HTTP/1.0 200 OK\r\nConnection: keep-alive");
    try (Chain chain =
        Chain.of(
            folder,
            Script.first(
                peer -> {
                  peer.request();
                  peer.write(chunks);
                  peer.awaitClose();
                }))) {
      assertThat(chain.get("/1").status()).isIn(200, 502);
      assertThat(chain.gateway().get("/2").body()).isEqualTo("/2");
      Eventually.holds(() -> chain.origin().open() == 1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 42", "Transfer-Encoding: chunked", "X-A: 1"})
  void awaitsNoContentBehindTheAnswerToHead(String field) throws Exception {
    try (Chain chain =
        Chain.of(
            folder,
            peer -> {
              for (var r = peer.request(); r.isPresent(); r = peer.request()) {
                boolean head = r.get().startsWith("HEAD ");
                peer.write(head ? "HTTP/1.1 200 OK\r\n" + field + "\r\n\r\n" : sized("ok"));
              }
            })) {
      for (int i = 0; i < 3; i++) {
        chain.client().send(RawClient.request("HEAD", "/"));
        Answer head = chain.client().head();
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.field("content-length"))
            .isEqualTo(
                field.startsWith("C") ? java.util.Optional.of("42") : java.util.Optional.empty());
        assertThat(chain.get("/").body()).isEqualTo("ok");
      }
      assertThat(chain.origin().connections()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 5", "Transfer-Encoding: chunked"})
  void awaitsNoContentOfAnswersThatHaveNone(String field) throws Exception {
    try (Chain chain =
        Chain.of(
            folder,
            peer -> {
              for (var r = peer.request(); r.isPresent(); r = peer.request()) {
                String status = ScriptedOrigin.Peer.target(r.get()).substring(1);
                peer.write(
                    status.equals("200")
                        ? sized("ok")
                        : "HTTP/1.1 " + status + " None\r\n" + field + "\r\n\r\n");
              }
            })) {
      for (String status : List.of("204", "200", "304", "200")) {
        Answer answer = chain.get("/" + status);
        assertThat(answer.line()).startsWith("HTTP/1.1 " + status);
        assertThat(answer.body()).isEqualTo(status.equals("200") ? "ok" : "");
        assertThat(answer.field("transfer-encoding")).isEmpty();
        if (status.equals("204")) {
          assertThat(answer.field("content-length")).as("RFC 9110 section 8.6").isEmpty();
        }
      }
    }
  }
}
