package io.sentinelgateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NormalPathTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/a",
        "/a/",
        "/a/b.c",
        "/a//b",
        "/a..b/c..",
        "/a;v=1/b",
        "/~joe/a-b_c.d!$&'()*+,;=:@",
        "/a[0]/b|c^d",
        "//"
      })
  void givesACleanPathBackAsTheSameString(String path) {
    assertThat(NormalPath.of(path, false).path()).isSameAs(path);
  }

  @ParameterizedTest
  @CsvSource({
    "/, /",
    "/a/./b, /a/b",
    "/a/../b, /b",
    "/a/%2e%2e/b, /b",
    "/a/%2E%2e/b, /b",
    "/a/.%2e/b, /b",
    "/a/%2e/b, /a/b",
    "/a/., /a/",
    "/a/.., /",
    "/a/b/.., /a/",
    "/., /",
    "/./, /",
    "/a/b/../../c, /c",
    "/a//../b, /a/b",
    "/.well-known/x, /.well-known/x",
    "/..., /...",
    "/...;x, /...;x",
    "/%61%7E%2D%5f, /a~-_",
    "/a%2fb, /a%2Fb",
    "/a%5cb, /a%5Cb",
    "/caf%c3%a9, /caf%C3%A9",
    "/a%20b, /a%20b",
    "/%25, /%25",
    "/%252e%252e/a, /%252e%252e/a",
    "/a%3fb%23c, /a%3Fb%23c",
    "/x..%2f, /x..%2F",
  })
  void normalises(String raw, String normal) {
    assertThat(NormalPath.of(raw, false)).isEqualTo(new NormalPath(Violation.NONE, normal));
  }

  @ParameterizedTest
  @CsvSource({"//, /", "//a, /a", "/a//b, /a/b", "/a///, /a/", "/a//../b, /b", "///.//a, /a"})
  void mergesSlashesWhenAsked(String raw, String normal) {
    assertThat(NormalPath.of(raw, true).path()).isEqualTo(normal);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "/..",
        "/../a",
        "/%2e%2e",
        "/a/../..",
        "/a/%2e%2e/%2e%2e/b",
        "/./../a",
        "/%zz",
        "/%",
        "/%4",
        "/a%",
        "/%-1",
        "/%00",
        "/a%0d%0aSet-Cookie:x",
        "/%1f",
        "/%7F",
        "/a b",
        "/a\tb",
        "/a\u0000b",
        "/a\r\nb",
        "/a\u007fb",
        "/a\\b",
        "/..\\a",
        "/caf\u00e9",
        "/\u4e2d",
        "/\uff0e\uff0e/a",
        "/a\"b",
        "/<a>",
        "/{a}",
        "/a`b",
        "/a#b",
        "/a/..;/b",
        "/a/..;x=1/b",
        "/a/.;/b",
        "/a/%2e%2e;/b",
        "/a/..%2fb",
        "/a/..%2F..%2fb",
        "/a/b%2f..",
        "/a/b%2f../c",
        "/a/b%2f..%2fc",
        "/a/..%5cb",
        "/a/%2e%2e%5Cb",
      })
  void refuses(String raw) {
    assertThat(NormalPath.of(raw, false).violation().kind()).isEqualTo(Violation.Kind.MALFORMED);
    assertThat(NormalPath.of(raw, true).violation().kind()).isEqualTo(Violation.Kind.MALFORMED);
  }

  @Test
  void normalisingTwiceChangesNothingAndLeavesNoDotSegment() {
    Random random = new Random(20261123);
    String[] bits = {"/", "/", ".", "..", "%2e", "%2F", "%5c", "a", "b", ";", "%41", "%20", "//"};
    for (int i = 0; i < 200_000; i++) {
      StringBuilder raw = new StringBuilder("/");
      for (int n = random.nextInt(10); n > 0; n--) {
        raw.append(bits[random.nextInt(bits.length)]);
      }
      boolean merge = random.nextBoolean();
      NormalPath once = NormalPath.of(raw.toString(), merge);
      if (!once.violation().none()) {
        continue;
      }
      NormalPath twice = NormalPath.of(once.path(), merge);
      assertThat(twice).as(raw.toString()).isEqualTo(once);
      assertThat("/" + once.path().substring(1) + "/")
          .as(raw.toString())
          .doesNotContain("/./", "/../", "%2e");
    }
  }
}
