package io.sentinelgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How content is framed on its way through (RFC 9112 section 6). */
class ContentTest {

  @TempDir Path folder;

  @Test
  void forwardsContentOfKnownLength() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("answer");
        GatewayFixture gateway = GatewayFixture.before(folder, origin);
        RawClient client = gateway.client()) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");

      Answer answer = client.answer();

      assertThat(answer.body()).isEqualTo("answer");
      assertThat(answer.field("content-length")).contains("6");
      assertThat(answer.field("transfer-encoding")).isEmpty();
      assertThat(RawClient.lower(origin.request()))
          .contains("\r\ncontent-length: 5\r\n")
          .doesNotContain("transfer-encoding")
          .endsWith("\r\n\r\nhello");
      var line = gateway.accessLine();
      assertThat(line.getLong("request-bytes")).isEqualTo(5);
      assertThat(line.getLong("response-bytes")).isEqualTo(6);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"5\r\nhello\r\n", ""})
  void forwardsTheTrailersOfARequest(String chunks) throws Exception {
    String head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = GatewayFixture.before(folder, origin);
        RawClient client = gateway.client()) {
      client.send(head + chunks + "0\r\nX-Sum: 1\r\nKeep-Alive: x\r\n\r\n");
      assertThat(client.answer().body()).isEqualTo("ok");
      assertThat(origin.request()).contains("X-Sum: 1").doesNotContain("Keep-Alive");

      // The next request on the same connections has none.
      client.send(head + chunks + "0\r\n\r\n");
      assertThat(client.answer().body()).isEqualTo("ok");
      assertThat(origin.requests().get(1)).doesNotContain("X-Sum");
      assertThat(origin.connections()).isEqualTo(1);
    }
  }

  @Test
  void forwardsChunkedContentBothWays() throws Exception {
    try (ScriptedOrigin origin =
            ScriptedOrigin.answering(
                "HTTP/1.1 200 OK",
                "Transfer-Encoding: chunked",
                "",
                "3",
                "one",
                "3",
                "two",
                "0",
                "",
                "");
        GatewayFixture gateway = GatewayFixture.before(folder, origin);
        RawClient client = gateway.client()) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
      client.send("2\r\nab\r\n2\r\ncd\r\n0\r\n\r\n");

      Answer answer = client.answer();

      assertThat(answer.body()).isEqualTo("onetwo");
      assertThat(answer.field("content-length")).isEmpty();
      assertThat(RawClient.lower(origin.request()))
          .contains("\r\ntransfer-encoding: chunked\r\n")
          .doesNotContain("content-length")
          .endsWith("abcd");
      assertThat(client.get("/").body()).as("next").isEqualTo("onetwo");
      assertThat(origin.connections()).isEqualTo(1);
    }
  }

  @Test
  void givesNoContentNoLength() throws Exception {
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(
                peer -> {
                  peer.request();
                  peer.write("HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n");
                  peer.answerAll("HTTP/1.1 204 No Content\r\n\r\n");
                });
        GatewayFixture gateway = GatewayFixture.before(folder, origin);
        RawClient client = gateway.client()) {
      for (int i = 0; i < 2; i++) {
        Answer answer = client.get("/");
        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.field("content-length")).isEmpty();
        assertThat(answer.field("transfer-encoding")).isEmpty();
      }
      assertThat(origin.connections()).isEqualTo(1);
    }
  }

  @Test
  void keepsTheLengthThatNotModifiedNames() throws Exception {
    try (ScriptedOrigin origin =
            ScriptedOrigin.answering(
                "HTTP/1.1 304 Not Modified", "ETag: \"x\"", "Content-Length: 42", "", "");
        GatewayFixture gateway = GatewayFixture.before(folder, origin);
        RawClient client = gateway.client()) {
      for (int i = 0; i < 2; i++) {
        Answer answer = client.get("/");
        assertThat(answer.status()).isEqualTo(304);
        assertThat(answer.field("etag")).contains("\"x\"");
        assertThat(answer.field("content-length").orElse("42")).isEqualTo("42");
        assertThat(answer.field("transfer-encoding")).isEmpty();
      }
    }
  }

  @Test
  void readsARequestThatComesByteByByte() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = GatewayFixture.before(folder, origin);
        RawClient client = gateway.client()) {
      String request = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";
      for (int i = 0; i < request.length(); i++) {
        client.send(request.substring(i, i + 1));
      }

      assertThat(client.answer().body()).isEqualTo("ok");
      assertThat(origin.request()).endsWith("hello");
    }
  }

  @Test
  void passesTheInvitationToSendContentOn() throws Exception {
    CountDownLatch judged = new CountDownLatch(1);
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(
                peer -> {
                  String head = peer.head().orElseThrow();
                  peer.await(judged);
                  peer.write("HTTP/1.1 100 Continue\r\n\r\n");
                  String content = peer.content(head);
                  peer.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" + content);
                  peer.awaitClose();
                });
        GatewayFixture gateway = GatewayFixture.before(folder, origin);
        RawClient client = gateway.client()) {
      client.send(
          "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
      Eventually.holds(() -> origin.connections() == 1);
      assertThat(client.silent()).as("no invitation before the origin's").isTrue();
      judged.countDown();
      assertThat(client.answer().status()).isEqualTo(100);
      client.send("hello");

      Answer answer = client.answer();

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("hello");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"417 Expectation Failed", "413 Content Too Large", "200 OK"})
  void passesAFinalAnswerOnThatComesInsteadOfTheInvitation(String status) throws Exception {
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(
                peer -> {
                  peer.head();
                  peer.write("HTTP/1.1 " + status + "\r\nContent-Length: 2\r\n\r\nno");
                  peer.awaitClose();
                });
        GatewayFixture gateway = GatewayFixture.before(folder, origin);
        RawClient client = gateway.client()) {
      client.send(
          "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");

      Answer answer = client.answer();

      assertThat(answer.line()).startsWith("HTTP/1.1 " + status.substring(0, 3));
      assertThat(answer.body()).isEqualTo("no");
      // Nobody knows whether the client will send the content now.
      assertThat(answer.field("connection")).contains("close");
      assertThat(client.closed()).isTrue();
      Eventually.holds(() -> origin.open() == 0);
    }
  }

  @Test
  void doesNotWaitForAnInvitationThatDoesNotCome() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = GatewayFixture.before(folder, origin);
        RawClient client = gateway.client()) {
      client.send(
          "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello");

      assertThat(client.answer().body()).isEqualTo("ok");
      assertThat(origin.request()).endsWith("hello");
    }
  }

  @Test
  void refusesExpectationsThatItDoesNotKnow() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = GatewayFixture.before(folder, origin)) {
      Answer answer = gateway.get("/", "Expect: 200-ok");

      assertThat(answer.status()).isEqualTo(417);
      assertThat(answer.reason()).isEqualTo("expectation_failed");
      assertThat(origin.connections()).isZero();
    }
  }

  @Test
  void neverSendsAnInterimAnswerToAClientOfVersionOneZero() throws Exception {
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(
                peer -> {
                  String head = peer.head().orElseThrow();
                  peer.write("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
                  peer.write("HTTP/1.1 100 Continue\r\n\r\n");
                  peer.content(head);
                  peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                  peer.awaitClose();
                });
        GatewayFixture gateway = GatewayFixture.before(folder, origin);
        RawClient client = gateway.client()) {
      client.send(
          "POST / HTTP/1.0\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello");

      assertThat(client.answer().status()).isEqualTo(200);
    }
  }

  @Test
  void handsEarlyHintsOn() throws Exception {
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(
                peer -> {
                  while (peer.request().isPresent()) {
                    peer.write(
                        "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\nConnection: X-N\r\n"
                            + "X-N: 1\r\n\r\n");
                    peer.write("HTTP/1.1 103 Early Hints\r\nLink: </b.css>\r\n\r\n");
                    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                  }
                });
        GatewayFixture gateway = GatewayFixture.before(folder, origin);
        RawClient client = gateway.client()) {
      Answer first = client.get("/");
      assertThat(first.status()).isEqualTo(103);
      assertThat(first.field("link")).contains("</a.css>");
      assertThat(first.field("x-n")).isEmpty();
      assertThat(client.answer().field("link")).contains("</b.css>");
      Answer answer = client.answer();
      assertThat(answer.body()).isEqualTo("ok");
      assertThat(answer.field("link")).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"100 Continue", "102 Processing", "104 Upload Resumption", "199 What"})
  void dropsOtherInterimAnswersAndGivesTheNextRequestItsOwnAnswer(String interim) throws Exception {
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(
                peer -> {
                  for (int i = 1; peer.request().isPresent(); i++) {
                    peer.write("HTTP/1.1 " + interim + "\r\nX-A: 1\r\n\r\n");
                    peer.write("HTTP/1.1 " + interim + "\r\n\r\n");
                    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + i);
                  }
                });
        GatewayFixture gateway = GatewayFixture.before(folder, origin)) {
      for (int i = 1; i <= 3; i++) {
        Answer answer = gateway.get("/");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(String.valueOf(i));
      }
      assertThat(origin.connections()).isEqualTo(1);
    }
  }

  @Test
  void givesEachRequestOfAConnectionItsOwnContent() throws Exception {
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(
                peer -> {
                  for (var r = peer.request(); r.isPresent(); r = peer.request()) {
                    String content = r.get().substring(r.get().indexOf("\r\n\r\n") + 4);
                    peer.write(
                        "HTTP/1.1 200 OK\r\nContent-Length: "
                            + content.length()
                            + "\r\n\r\n"
                            + content);
                  }
                });
        GatewayFixture gateway = GatewayFixture.before(folder, origin);
        RawClient client = gateway.client()) {
      for (String content : List.of("one", "", "three", "x".repeat(200_000), "five")) {
        client.send(
            "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: "
                + content.length()
                + "\r\n\r\n"
                + content);
        assertThat(client.answer().body()).isEqualTo(content);
      }
      assertThat(origin.connections()).isEqualTo(1);
    }
  }

  /** RFC 9112 section 5.1: a proxy takes such white space away. */
  @Test
  void takesWhiteSpaceBeforeTheColonOutOfAnAnswer() throws Exception {
    try (ScriptedOrigin origin =
            ScriptedOrigin.answering("HTTP/1.1 200 OK", "X-A : 1", "Content-Length: 2", "", "ok");
        GatewayFixture gateway = GatewayFixture.before(folder, origin)) {
      Answer answer = gateway.get("/");

      assertThat(answer.field("x-a")).contains("1");
      assertThat(answer.lines().toString()).doesNotContain("X-A :");
    }
  }
}
