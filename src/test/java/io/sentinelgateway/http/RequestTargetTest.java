package io.sentinelgateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTargetTest {

  private static RequestTarget parse(String target) {
    return RequestTarget.parse(target, "GET", true);
  }

  @Test
  void readsOriginForm() {
    RequestTarget target = parse("/a/b?x=1&y=%zz");
    assertThat(target.violation()).isEqualTo(Violation.NONE);
    assertThat(target.path()).isEqualTo("/a/b");
    assertThat(target.query()).isEqualTo("x=1&y=%zz");
    assertThat(target.authority()).isNull();
  }

  @Test
  void keepsAnEmptyQueryApartFromNone() {
    assertThat(parse("/a?").query()).isEmpty();
    assertThat(parse("/a").query()).isNull();
    assertThat(parse("/a?b?c").query()).isEqualTo("b?c");
  }

  @Test
  void keepsTheQueryAsItCame() {
    assertThat(parse("/a?p=../..&q=%2e%2E//[]{}|\\^`").query())
        .isEqualTo("p=../..&q=%2e%2E//[]{}|\\^`");
  }

  @Test
  void givesACleanTargetBackWithoutACopy() {
    String target = "/shop/cart";
    assertThat(parse(target).path()).isSameAs(target);
  }

  @Test
  void readsAbsoluteForm() {
    RequestTarget target = parse("HTTP://Shop.Example:8080/a/../b?c");
    assertThat(target.scheme()).isEqualTo("http");
    assertThat(target.authority()).isEqualTo(new Authority("shop.example", 8080));
    assertThat(target.path()).isEqualTo("/b");
    assertThat(target.query()).isEqualTo("c");
    assertThat(parse("https://[::1]/").authority()).isEqualTo(new Authority("::1", -1));
  }

  @Test
  void givesAnAbsoluteFormWithoutPathTheRoot() {
    assertThat(parse("http://a.example").path()).isEqualTo("/");
    assertThat(parse("http://a.example?q").path()).isEqualTo("/");
    assertThat(parse("http://a.example?q").query()).isEqualTo("q");
  }

  @Test
  void readsAsteriskFormForOptionsOnly() {
    assertThat(RequestTarget.parse("*", "OPTIONS", true).path()).isEqualTo("*");
    assertThat(RequestTarget.parse("http://a.example", "OPTIONS", true).path()).isEqualTo("*");
    assertThat(RequestTarget.parse("http://a.example/", "OPTIONS", true).path()).isEqualTo("/");
    assertThat(parse("*").violation().kind()).isEqualTo(Violation.Kind.MALFORMED);
  }

  @Test
  void doesNotImplementConnect() {
    assertThat(RequestTarget.parse("a.example:443", "CONNECT", true).violation().kind())
        .isEqualTo(Violation.Kind.METHOD_NOT_IMPLEMENTED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a.example:443",
        "a",
        "?x",
        "#x",
        "**",
        "/a#b",
        "/a?b#c",
        "/a?b c",
        "/a?b\tc",
        "/a?b\r\nc",
        "/a?b\u0000",
        "/a?\u00e9",
        "http:/a",
        "http://",
        "http:///a",
        "http://user@a.example/",
        "http://user:pw@a.example/",
        "http://a.example:99999/",
        "http://a.example#x",
        "http://a.example/#x",
        "http://a b/",
        "http://a.example\\@b.example/",
        "ftp://a.example/",
        "javascript:alert(1)",
        " /a",
        "/a/../../b",
      })
  void refuses(String target) {
    assertThat(parse(target).violation().kind()).isEqualTo(Violation.Kind.MALFORMED);
  }
}
