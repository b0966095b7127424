package io.sentinelgateway.http;

import static io.sentinelgateway.http.Violation.Kind.EXPECTATION;
import static io.sentinelgateway.http.Violation.Kind.MALFORMED;
import static io.sentinelgateway.http.Violation.Kind.NONE;
import static io.sentinelgateway.http.Violation.Kind.TOO_MANY_FIELDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.http.Violation.Kind;
import io.vertx.core.MultiMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestRulesTest {

  private static MultiMap fields(String... lines) {
    MultiMap fields = MultiMap.caseInsensitiveMultiMap();
    for (int i = 0; i < lines.length; i += 2) {
      fields.add(lines[i], lines[i + 1]);
    }
    return fields;
  }

  private static Kind http11(String... lines) {
    MultiMap fields = fields(lines).add("Host", "a.example");
    return RequestRules.http1("GET", true, fields, 100).kind();
  }

  private static Kind http2(String... lines) {
    return RequestRules.http2("GET", fields(lines), 100).kind();
  }

  @Test
  void passesAnOrdinaryRequest() {
    assertThat(http11("Accept", "*/*", "X-Empty", "", "X-Latin", "caf\u00e9", "X-Tab", "a\tb"))
        .isEqualTo(NONE);
  }

  @Test
  void asksForExactlyOneHostInHttp11() {
    assertThat(RequestRules.http1("GET", true, fields(), 9).detail()).isEqualTo("Host: missing");
    assertThat(http11("host", "b.example")).isEqualTo(MALFORMED);
    assertThat(http11("HOST", "a.example")).isEqualTo(MALFORMED);
  }

  @Test
  void asksForAtMostOneHostInHttp10() {
    assertThat(RequestRules.http1("GET", false, fields(), 9).none()).isTrue();
    assertThat(RequestRules.http1("GET", false, fields("Host", "a", "Host", "a"), 9).none())
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "+5", "-1", "0x10", "5, 5", "5,6", "1e3", "5 ", "1234567890123456789"})
  void refusesAContentLengthThatIsNoNumber(String length) {
    assertThat(http11("Content-Length", length)).isEqualTo(MALFORMED);
  }

  @Test
  void refusesTwoContentLengthsEvenEqualOnes() {
    assertThat(http11("Content-Length", "5")).isEqualTo(NONE);
    assertThat(http11("Content-Length", "123456789012345678")).isEqualTo(NONE);
    assertThat(http11("Content-Length", "5", "content-length", "5")).isEqualTo(MALFORMED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gzip",
        "gzip, chunked",
        "chunked, chunked",
        "chunked,identity",
        "identity",
        "",
        "x-chunked",
        "chunked;a=b",
        "chunked\t",
        "\u000bchunked"
      })
  void refusesEveryTransferCodingButChunked(String coding) {
    assertThat(http11("Transfer-Encoding", coding)).isEqualTo(MALFORMED);
  }

  @Test
  void takesChunkedInAnyCaseOnceAndInHttp11Only() {
    assertThat(http11("Transfer-Encoding", "CHUNKED")).isEqualTo(NONE);
    assertThat(http11("Transfer-Encoding", "chunked", "Transfer-Encoding", "chunked"))
        .isEqualTo(MALFORMED);
    MultiMap chunked = fields("Transfer-Encoding", "chunked");
    assertThat(RequestRules.http1("POST", false, chunked, 9).kind()).isEqualTo(MALFORMED);
  }

  @Test
  void refusesContentLengthTogetherWithTransferEncoding() {
    assertThat(http11("Transfer-Encoding", "chunked", "Content-Length", "5")).isEqualTo(MALFORMED);
    assertThat(http11("Content-Length", "5", "Transfer-Encoding", "chunked")).isEqualTo(MALFORMED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "a:", "a\t", "", "caf\u00e9", "a(b)", "a\u0000", "a\"", "@"})
  void refusesAFieldNameThatIsNoToken(String name) {
    assertThat(http11(name, "x")).isEqualTo(MALFORMED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\rb", "a\nb", "a\u0000b", "\u007f", "\u001b[0m", "\u4e2d"})
  void refusesAControlCharacterInAFieldValue(String value) {
    assertThat(http11("X-A", value)).isEqualTo(MALFORMED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "GET ", "G\u00cbT", "GET/", "G:T", "\tGET"})
  void refusesAMethodThatIsNoToken(String method) {
    assertThat(RequestRules.http1(method, true, fields("Host", "a"), 9).kind())
        .isEqualTo(MALFORMED);
  }

  @Test
  void countsFieldLines() {
    assertThat(RequestRules.http1("GET", true, fields("Host", "a", "B", "1"), 2).kind())
        .isEqualTo(NONE);
    assertThat(RequestRules.http1("GET", true, fields("Host", "a", "B", "1", "B", "2"), 2).kind())
        .isEqualTo(TOO_MANY_FIELDS);
  }

  @Test
  void knowsNoExpectationButContinue() {
    assertThat(http11("Expect", "100-Continue")).isEqualTo(NONE);
    assertThat(http11("Expect", "42-the-answer")).isEqualTo(EXPECTATION);
    assertThat(http11("Expect", "100-continue, x")).isEqualTo(EXPECTATION);
    assertThat(RequestRules.http1("GET", false, fields("Expect", "x"), 9).none()).isTrue();
  }

  @Test
  void keepsTheRulesOfHttp2() {
    assertThat(http2("accept", "*/*", "te", "trailers")).isEqualTo(NONE);
    assertThat(http2("Accept", "*/*")).isEqualTo(MALFORMED);
    assertThat(http2("te", "gzip")).isEqualTo(MALFORMED);
    assertThat(http2("connection", "close")).isEqualTo(MALFORMED);
    assertThat(http2("transfer-encoding", "chunked")).isEqualTo(MALFORMED);
    assertThat(http2("upgrade", "h2c")).isEqualTo(MALFORMED);
    assertThat(http2("proxy-connection", "x")).isEqualTo(MALFORMED);
    assertThat(http2("keep-alive", "x")).isEqualTo(MALFORMED);
    assertThat(http2("host", "a", "host", "a")).isEqualTo(MALFORMED);
    assertThat(http2("content-length", "1", "content-length", "1")).isEqualTo(MALFORMED);
  }

  @Test
  void believesAnAbsoluteFormMoreThanHost() {
    RequestTarget absolute = RequestTarget.parse("http://b.example:81/x", "GET", true);
    RequestTarget origin = RequestTarget.parse("/x", "GET", true);
    assertThat(RequestRules.authority(absolute, "a.example"))
        .contains(new Authority("b.example", 81));
    assertThat(RequestRules.authority(absolute, null)).contains(new Authority("b.example", 81));
    assertThat(RequestRules.authority(absolute, "not a host")).isEmpty();
    assertThat(RequestRules.authority(origin, "A.example:80"))
        .contains(new Authority("a.example", 80));
    assertThat(RequestRules.authority(origin, null)).isEmpty();
  }
}
