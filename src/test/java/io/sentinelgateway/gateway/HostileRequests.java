package io.sentinelgateway.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;
import java.util.Random;

/** Requests that are made to be read in two ways; {@code |} stands for CR LF. */
final class HostileRequests {

  private static final String SMUGGLED = "GET /smuggled HTTP/1.1|Host: evil||";
  private static final String POST = "POST /a HTTP/1.1|Host: a|";
  private static final String CHUNKED = POST + "Transfer-Encoding: chunked||";

  static final List<String> CASES =
      List.of(
          // Content-Length and Transfer-Encoding together, in either order and version.
          POST + "Content-Length: 6|Transfer-Encoding: chunked||0||" + SMUGGLED,
          POST + "Transfer-Encoding: chunked|Content-Length: 5||0||" + SMUGGLED,
          "POST /a HTTP/1.0|Host: a|Transfer-Encoding: chunked|Content-Length: 40||0||" + SMUGGLED,
          "POST /a HTTP/1.0|Host: a|Connection: keep-alive|Transfer-Encoding: chunked||0||"
              + SMUGGLED,
          // Content-Length, more than one or not a number.
          POST + "Content-Length: 5|Content-Length: 38||abcde" + SMUGGLED,
          POST + "Content-Length: 5|content-length: 5||abcde" + SMUGGLED,
          POST + "Content-Length: 5, 5||abcde" + SMUGGLED,
          POST + "Content-Length: 5,38||abcde" + SMUGGLED,
          POST + "Content-Length: +5||abcde" + SMUGGLED,
          POST + "Content-Length: -5||abcde" + SMUGGLED,
          POST + "Content-Length: 0x5||abcde" + SMUGGLED,
          POST + "Content-Length: 5;||abcde" + SMUGGLED,
          POST + "Content-Length: 5 5||abcde" + SMUGGLED,
          POST + "Content-Length: 05||abcde" + SMUGGLED,
          POST + "Content-Length: 5.0||abcde" + SMUGGLED,
          POST + "Content-Length: 5e0||abcde" + SMUGGLED,
          POST + "Content-Length: 18446744073709551621||abcde" + SMUGGLED,
          POST + "Content-Length:||abcde" + SMUGGLED,
          POST + "Content-Length : 5||abcde" + SMUGGLED,
          POST + "Content-Length\t: 5||abcde" + SMUGGLED,
          POST + " Content-Length: 5||abcde" + SMUGGLED,
          POST + "Content_Length: 5||" + SMUGGLED,
          POST + "Content-Length: \0135||abcde" + SMUGGLED,
          POST + "Content-Length: \2405||abcde" + SMUGGLED,
          POST + "X: 1\nContent-Length: 5||abcde" + SMUGGLED,
          POST + "X: 1\rContent-Length: 5||abcde" + SMUGGLED,
          POST + "Connection: content-length|Content-Length: 5||abcde" + SMUGGLED,
          "GET /a HTTP/1.1|Host: a|Content-Length: 38||" + SMUGGLED,
          // Transfer-Encoding that one reader takes for chunked and another does not.
          POST + "Transfer-Encoding: xchunked||0||" + SMUGGLED,
          POST + "Transfer-Encoding: chunkedx||0||" + SMUGGLED,
          POST + "Transfer-Encoding: gzip, chunked||0||" + SMUGGLED,
          POST + "Transfer-Encoding: chunked, gzip||0||" + SMUGGLED,
          POST + "Transfer-Encoding: chunked, chunked||0||" + SMUGGLED,
          POST + "Transfer-Encoding: chunked|Transfer-Encoding: identity||0||" + SMUGGLED,
          POST + "Transfer-Encoding: chunked|Transfer-Encoding: chunked||0||" + SMUGGLED,
          POST + "Transfer-Encoding: \"chunked\"||0||" + SMUGGLED,
          POST + "Transfer-Encoding: chunked;q=1||0||" + SMUGGLED,
          POST + "Transfer-Encoding:\013chunked||0||" + SMUGGLED,
          POST + "Transfer-Encoding: \0chunked||0||" + SMUGGLED,
          POST + "Transfer-Encoding: chunked\377||0||" + SMUGGLED,
          POST + "Transfer-Encoding : chunked||0||" + SMUGGLED,
          POST + "Transfer-Encoding:| chunked||0||" + SMUGGLED,
          POST + "X: 1| Transfer-Encoding: chunked||0||" + SMUGGLED,
          POST + "X: 1\nTransfer-Encoding: chunked||0||" + SMUGGLED,
          POST + "Connection: transfer-encoding|Transfer-Encoding: chunked||0||" + SMUGGLED,
          POST + "Transfer-Encoding: CHUNKED||0||" + SMUGGLED,
          POST + "Transfer-Encoding:||0||" + SMUGGLED,
          // Chunks: sizes, extensions, ends, trailers.
          CHUNKED + "5 |abcde|0||" + SMUGGLED,
          CHUNKED + " 5|abcde|0||" + SMUGGLED,
          CHUNKED + "+5|abcde|0||" + SMUGGLED,
          CHUNKED + "-5|abcde|0||" + SMUGGLED,
          CHUNKED + "0x5|abcde|0||" + SMUGGLED,
          CHUNKED + "5_0|abcde|0||" + SMUGGLED,
          CHUNKED + "100000005|abcde|0||" + SMUGGLED,
          CHUNKED + "10000000000000005|abcde|0||" + SMUGGLED,
          CHUNKED + "5;a=b|abcde|0||" + SMUGGLED,
          CHUNKED + "5;a=\"b|abcde|0||" + SMUGGLED,
          CHUNKED + "5;a=\"b\nc\"|abcde|0||" + SMUGGLED,
          CHUNKED + "5;\nxx|abcde|0||" + SMUGGLED,
          CHUNKED + "5;\rxx|abcde|0||" + SMUGGLED,
          CHUNKED + "5\nabcde|0||" + SMUGGLED,
          CHUNKED + "5|abcde\n0||" + SMUGGLED,
          CHUNKED + "5|abcdeXX0||" + SMUGGLED,
          CHUNKED + "5|abcdef|0||" + SMUGGLED,
          CHUNKED + "5|abcde|0\n\n" + SMUGGLED,
          CHUNKED + "5|abcde|0|\n" + SMUGGLED,
          CHUNKED + "0|Content-Length: 38||" + SMUGGLED,
          CHUNKED + "0|Transfer-Encoding: chunked||" + SMUGGLED,
          CHUNKED + "0|X: 1| folded||" + SMUGGLED,
          CHUNKED + "0|X : 1||" + SMUGGLED,
          CHUNKED + "0|Host: b||" + SMUGGLED,
          CHUNKED + "000000000000000000000000|X: 1||" + SMUGGLED,
          // Lines, names and values.
          "GET /a HTTP/1.1\nHost: a\n\n" + SMUGGLED,
          "GET /a HTTP/1.1|Host: a|X: 1\r||" + SMUGGLED,
          "GET /a HTTP/1.1|Host: a|X: a\rb||" + SMUGGLED,
          "GET /a HTTP/1.1|Host: a|X: a\0b||" + SMUGGLED,
          "GET /a HTTP/1.1|Host: a|X: 1|\tfolded: 2||" + SMUGGLED,
          "GET /a HTTP/1.1| X: 1|Host: a||" + SMUGGLED,
          "GET /a HTTP/1.1|Host: a|X||" + SMUGGLED,
          "GET /a HTTP/1.1|Host: a|: 1||" + SMUGGLED,
          "GET /a HTTP/1.1|Host: a|X(: 1||" + SMUGGLED,
          "GET /a HTTP/1.1|Host: a|X\377: 1||" + SMUGGLED,
          "GET /a HTTP/1.1|Host: a|X\0: 1||" + SMUGGLED,
          "GET /a HTTP/1.1|Host: a|\"X\": 1||" + SMUGGLED,
          "GET  /a HTTP/1.1|Host: a||" + SMUGGLED,
          "GET /a  HTTP/1.1|Host: a||" + SMUGGLED,
          "GET\t/a HTTP/1.1|Host: a||" + SMUGGLED,
          "GET /a b HTTP/1.1|Host: a||" + SMUGGLED,
          "GET /a HTTP/1.1 |Host: a||" + SMUGGLED,
          " GET /a HTTP/1.1|Host: a||" + SMUGGLED,
          "\0GET /a HTTP/1.1|Host: a||" + SMUGGLED,
          "||GET /a HTTP/1.1|Host: a||" + SMUGGLED,
          "GET /a http/1.1|Host: a||" + SMUGGLED,
          "GET /a HTTP/1.10|Host: a||" + SMUGGLED,
          "GET /a HTTP/01.1|Host: a||" + SMUGGLED,
          "GET /a HTTP/2.0|Host: a||" + SMUGGLED,
          "GET /a|" + SMUGGLED,
          "PRI * HTTP/2.0||SM||" + SMUGGLED,
          // Whose request it is.
          "GET http://b/a HTTP/1.1|Host: a||" + SMUGGLED,
          "GET http://a@b/a HTTP/1.1|Host: a||" + SMUGGLED,
          "GET https://b/a HTTP/1.1|Host: a||" + SMUGGLED,
          "GET //b/a HTTP/1.1|Host: a||" + SMUGGLED,
          "GET @b/a HTTP/1.1|Host: a||" + SMUGGLED,
          "GET /a HTTP/1.1|Host: a|Host: b||" + SMUGGLED,
          "GET /a HTTP/1.1|Host: a,b||" + SMUGGLED,
          "GET /a HTTP/1.1|Host: a/b||" + SMUGGLED,
          "GET /a HTTP/1.1|Host:||" + SMUGGLED,
          "GET /a HTTP/1.1||" + SMUGGLED,
          "GET /a%0d%0aX:1 HTTP/1.1|Host: a||" + SMUGGLED,
          "GET /a\377 HTTP/1.1|Host: a||" + SMUGGLED,
          // What must not follow.
          "GET /a HTTP/1.1|Host: a|Connection: close||" + SMUGGLED,
          "CONNECT b:80 HTTP/1.1|Host: b:80||" + SMUGGLED,
          "GET /a HTTP/1.1|Host: a|Upgrade: h2c|Connection: Upgrade, HTTP2-Settings"
              + "|HTTP2-Settings: AAMAAABkAAQAAP__||"
              + SMUGGLED,
          "HEAD /a HTTP/1.1|Host: a|Content-Length: 5||abcde" + SMUGGLED,
          POST + "Expect: 100-continue|Content-Length: 5||abcde" + SMUGGLED,
          POST + "Expect: nothing|Content-Length: 38||" + SMUGGLED);

  private static final List<String> SEEDS =
      List.of(
          "GET /a HTTP/1.1|Host: a.example|Accept: */*||" + SMUGGLED,
          POST + "Content-Length: 38||" + SMUGGLED + "GET /b HTTP/1.1|Host: b||",
          CHUNKED + "26|" + SMUGGLED + "|0||GET /b HTTP/1.1|Host: b||",
          CHUNKED
              + "5;a=b|abcde|3|fgh|0|X-Trailer: 1||POST /b HTTP/1.1|Host: b|"
              + "Content-Length: 3||abc",
          "POST /a HTTP/1.0|Host: a|Connection: keep-alive|Content-Length: 3||abc" + SMUGGLED,
          "GET http://a.example/a?b=c HTTP/1.1|Host: a.example|Connection: close||" + SMUGGLED);

  private static final List<String> LINES =
      List.of(
          "Content-Length: 3",
          "Content-Length: 38",
          "Transfer-Encoding: chunked",
          "Transfer-Encoding: identity",
          "Host: b",
          "Connection: close",
          "Connection: content-length, host",
          "Expect: 100-continue",
          " folded",
          "",
          "0",
          "X");

  private static final String NASTY = "\r\n\0 \t:,;+-_0159afAF\"\013\014\177\205\240\377xX/?#%*@(";

  private HostileRequests() {}

  static byte[] bytes(String text) {
    return text.replace("|", "\r\n").getBytes(ISO_8859_1);
  }

  /** A request, mostly a good one, with one to three small changes. */
  static byte[] mutated(Random random) {
    StringBuilder text =
        new StringBuilder(SEEDS.get(random.nextInt(SEEDS.size())).replace("|", "\r\n"));
    for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
      mutate(text, random);
    }
    return text.toString().getBytes(ISO_8859_1);
  }

  private static void mutate(StringBuilder text, Random random) {
    int at = random.nextInt(text.length());
    char nasty = NASTY.charAt(random.nextInt(NASTY.length()));
    switch (random.nextInt(7)) {
      case 0 -> text.insert(at, nasty);
      case 1 -> text.setCharAt(at, nasty);
      case 2 -> text.deleteCharAt(at);
      case 3 -> text.insert(lineStart(text, at), line(random));
      case 4 -> text.insert(lineStart(text, at), text.substring(lineStart(text, at), at));
      case 5 -> loseHalfOfALineEnd(text, at, random);
      default -> text.setCharAt(at, (char) (text.charAt(at) ^ (1 << random.nextInt(8))));
    }
  }

  private static String line(Random random) {
    return LINES.get(random.nextInt(LINES.size())) + "\r\n";
  }

  private static int lineStart(StringBuilder text, int at) {
    return text.lastIndexOf("\n", at - 1) + 1;
  }

  private static void loseHalfOfALineEnd(StringBuilder text, int at, Random random) {
    int end = text.indexOf("\r\n", at);
    if (end >= 0) {
      text.deleteCharAt(end + random.nextInt(2));
    }
  }
}
