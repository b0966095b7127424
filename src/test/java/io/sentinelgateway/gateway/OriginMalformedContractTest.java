package io.sentinelgateway.gateway;

import static io.sentinelgateway.gateway.ScriptedOrigin.sized;
import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.gateway.ScriptedOrigin.Script;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that are not valid HTTP, or whose end is in doubt, are not handed on. */
class OriginMalformedContractTest {

  @TempDir Path folder;

  private static String ok(String... fields) {
    return "HTTP/1.1 200 OK\r\n" + String.join("\r\n", fields) + "\r\n\r\n";
  }

  private static Named<String> named(String name, String answer) {
    return Named.of(name, answer);
  }

  static Stream<Named<String>> framing() {
    String chunks = "2\r\nok\r\n0\r\n\r\n";
    return Stream.of(
        named("length and chunks", ok("Content-Length: 2", "Transfer-Encoding: chunked") + chunks),
        named("chunks and length", ok("Transfer-Encoding: chunked", "Content-Length: 2") + chunks),
        named("two lengths", ok("Content-Length: 2", "Content-Length: 3") + "ok!"),
        named("a list of lengths", ok("Content-Length: 2, 3") + "ok!"),
        named("a word", ok("Content-Length: two") + "ok"),
        named("an empty length", ok("Content-Length:") + "ok"),
        named("a negative length", ok("Content-Length: -2") + "ok"),
        named("a signed length", ok("Content-Length: +2") + "ok"),
        named("a hexadecimal length", ok("Content-Length: 0x2") + "ok"),
        named("a length with a fraction", ok("Content-Length: 2.0") + "ok"),
        named("a length beyond all", ok("Content-Length: 18446744073709551618") + "ok"),
        named("chunked twice", ok("Transfer-Encoding: chunked, chunked") + chunks),
        named("chunked on two lines", ok(te("chunked"), te("chunked")) + chunks),
        named("chunked not last", ok(te("chunked, identity")) + chunks),
        named("an unknown coding", ok(te("xchunked")) + chunks),
        named("an unknown coding before chunked", ok(te("x-rot13, chunked")) + chunks),
        named("a coding that nobody undoes", ok(te("gzip, chunked")) + chunks));
  }

  private static String te(String value) {
    return "Transfer-Encoding: " + value;
  }

  static Stream<Named<String>> statusLines() {
    return Stream.of(
            "HTTP/1.1 20 OK",
            "HTTP/1.1 2000 OK",
            "HTTP/1.1 2x0 OK",
            "HTTP/1.1 -20 OK",
            "HTTP/1.1 099 OK",
            "HTTP/1.1200 OK",
            "HTTP/1.1",
            "HTTP/2.0 200 OK",
            "HTTP/0.9 200 OK",
            "HTTPS/1.1 200 OK",
            "http/1.1 200 OK",
            "ICY 200 OK",
            "200 OK",
            "GET / HTTP/1.1")
        .map(line -> named(visible(line), line + "\r\nContent-Length: 2\r\n\r\nok"));
  }

  static Stream<Named<String>> fieldLines() {
    return Stream.of(
            "X-A: a\0b",
            "X-A: a\1b",
            "X-A: a\177b",
            "X-A: a\rb",
            "X-A: a\13b",
            "X\0A: 1",
            "X\1A: 1",
            "X\177A: 1",
            "X(A): 1",
            "X A: 1",
            "X\u00e4: 1",
            ": 1",
            "no colon",
            " X-A: 1",
            "\tX-A: 1",
            "X-A: 1\nX-B: 2")
        .map(line -> named(visible(line), ok(line, "Content-Length: 2") + "ok"));
  }

  private static String visible(String line) {
    return line.chars()
        .mapToObj(c -> c < 32 || c > 126 ? "<%02x>".formatted(c) : Character.toString(c))
        .collect(java.util.stream.Collectors.joining());
  }

  @ParameterizedTest
  @MethodSource("framing")
  void refusesAnAnswerWhoseEndIsInDoubt(String answer) throws Exception {
    refuses(answer);
  }

  @ParameterizedTest
  @MethodSource("statusLines")
  void refusesAnAnswerWithoutAStatusLine(String answer) throws Exception {
    refuses(answer);
  }

  @ParameterizedTest
  @MethodSource("fieldLines")
  void refusesAnAnswerWithAMalformedFieldLine(String answer) throws Exception {
    refuses(answer);
  }

  @Test
  void refusesLinesThatEndWithoutACarriageReturn() throws Exception {
    refuses("HTTP/1.1 200 OK\nContent-Length: 2\n\nok");
  }

  /** RFC 9112 section 5.2 leaves a gateway the choice between a space and a refusal. */
  @ParameterizedTest
  @ValueSource(strings = {"X-A: 1\r\n folded", "X-A: 1\r\n\tContent-Length: 9"})
  void putsASpaceInThePlaceOfALineFolding(String lines) throws Exception {
    try (Chain chain =
        Chain.of(
            folder,
            Script.first(
                peer -> {
                  peer.request();
                  peer.write(ok(lines, "Content-Length: 2") + "ok");
                }))) {
      Answer answer = chain.get("/1");

      assertThat(answer.field("x-a"))
          .contains(lines.substring(5).replace("\r\n", "").replace("\t", " "));
      assertThat(answer.body()).isEqualTo("ok");
    }
  }

  private void refuses(String answer) throws Exception {
    try (Chain chain =
        Chain.of(
            folder,
            Script.first(
                peer -> {
                  peer.request();
                  peer.write(answer);
                  peer.awaitClose();
                }),
            "timeouts: {response: 3s, idle: 3s}")) {
      chain.refuses(chain.get("/1"), Cause.UPSTREAM_MALFORMED);
      chain.comesToBeDisconnected();
      assertThat(chain.gateway().target(0, 0).getInteger("failures")).isEqualTo(1);
      assertThat(chain.gateway().get("/2").body()).isEqualTo("/2");
      assertThat(chain.origin().connections()).isEqualTo(2);
    }
  }

  static Stream<Named<String>> chunks() {
    return Stream.of(
        named("no hexadecimal number", "zz\r\n"),
        named("a negative size", "-3\r\nabc\r\n"),
        named("a signed size", "+3\r\nabc\r\n"),
        named("a prefixed size", "0x3\r\nabc\r\n"),
        named("no size", "\r\nabc\r\n"),
        named("two sizes", "3 3\r\nabc\r\n"),
        named("a size of 32 bits and more", "100000003\r\nabc\r\n0\r\n\r\nleft over"),
        named("a size beyond all", "FFFFFFFFFFFFFFFFFF3\r\nabc\r\n"),
        named("a size that becomes negative", "80000003\r\nabc\r\n0\r\n\r\nleft over"),
        named("a size line without carriage return", "3\nabc\r\n"),
        named("a bare line feed in an extension", "3;a\nb\r\nabc\r\n"),
        named("more content than its size", "3\r\nabcd\r\n"),
        named("no line end behind the content", "3\r\nabc3\r\nabc\r\n"),
        named("an extension without end", "3;" + "x".repeat(100_000)),
        named("a trailer without colon", "0\r\ngarbage\r\n\r\n"),
        named("a control character in a trailer", "0\r\nX-A: a\0b\r\n\r\n"),
        named("trailers without end", "0\r\n" + "X: 0123456789\r\n".repeat(10_000)));
  }

  @ParameterizedTest
  @MethodSource("chunks")
  void breaksOffBehindAChunkThatIsNone(String chunk) throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    try (Chain chain =
        Chain.of(
            folder,
            Script.first(
                peer -> {
                  peer.request();
                  peer.write(ok("Transfer-Encoding: chunked") + "3\r\nabc\r\n");
                  peer.await(seen);
                  peer.write(chunk);
                  peer.awaitClose();
                }),
            "timeouts: {idle: 3s}")) {
      chain.client().send(RawClient.request("GET", "/1"));
      assertThat(chain.client().head().status()).isEqualTo(200);
      assertThat(chain.client().chunk()).isEqualTo("abc");
      seen.countDown();

      endsBroken(chain.client());
      var line = chain.gateway().accessLine();
      assertThat(line.getInteger("status")).isEqualTo(200);
      assertThat(line.getString("reason"))
          .isIn(Cause.UPSTREAM_MALFORMED.code(), Cause.UPSTREAM_HEADER_TOO_LARGE.code());
      chain.comesToBeDisconnected();
      assertThat(chain.gateway().get("/2").body()).isEqualTo("/2");
    }
  }

  /** Content that was in order may still come; an end may not. */
  private static void endsBroken(RawClient client) throws Exception {
    try {
      String chunk = client.chunk();
      while (!chunk.isEmpty()) {
        assertThat("abc").startsWith(chunk);
        chunk = client.chunk();
      }
    } catch (java.io.EOFException | java.net.SocketException e) {
      return;
    }
    throw new AssertionError("ended as if it were whole");
  }

  @ParameterizedTest
  @ValueSource(ints = {80 * 1024, 10 * 1024 * 1024})
  void refusesAHeaderSectionThatIsTooLarge(int size) throws Exception {
    refusesTooLarge("HTTP/1.1 200 OK\r\n", "X-Field: 0123456789abcdef\r\n", size);
  }

  @Test
  void refusesAFieldThatIsTooLarge() throws Exception {
    refusesTooLarge("HTTP/1.1 200 OK\r\nX: ", "0123456789abcdef", 128 * 1024);
  }

  @Test
  void refusesAStatusLineWithoutEnd() throws Exception {
    refusesTooLarge("HTTP/1.1 200 ", "for ever and ", 128 * 1024);
  }

  private void refusesTooLarge(String start, String part, int size) throws Exception {
    try (Chain chain =
        Chain.of(
            folder,
            Script.first(
                peer -> {
                  peer.request();
                  peer.write(start);
                  peer.write(part.repeat(size / part.length() + 1));
                  peer.awaitClose();
                }),
            "timeouts: {response: 5s}")) {
      chain.refuses(chain.get("/1"), Cause.UPSTREAM_HEADER_TOO_LARGE);
      chain.comesToBeDisconnected();
      assertThat(chain.gateway().get("/2").body()).isEqualTo("/2");
    }
  }

  @Test
  void handsAHeaderSectionOnThatIsJustNotTooLarge() throws Exception {
    String fields = ("X-Field: " + "x".repeat(989) + "\r\n").repeat(60);
    try (Chain chain =
        Chain.of(
            folder,
            peer ->
                peer.answerAll(sized("ok").replace("Content-Length", fields + "Content-Length")))) {
      Answer answer = chain.get("/");

      assertThat(answer.fields("x-field")).hasSize(60);
      assertThat(answer.body()).isEqualTo("ok");
    }
  }
}
