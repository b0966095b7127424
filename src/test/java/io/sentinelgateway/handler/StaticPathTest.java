package io.sentinelgateway.handler;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StaticPathTest {

  @Test
  void decodesNamesOfFiles() {
    assertThat(StaticPath.decode("/")).contains("");
    assertThat(StaticPath.decode("/a/b.txt")).contains("a/b.txt");
    assertThat(StaticPath.decode("/a%20b/%C3%BC+.txt")).contains("a b/ü+.txt");
    assertThat(StaticPath.decode("/a..b/c.")).contains("a..b/c.");
    assertThat(StaticPath.decode("/.well-known/acme")).contains(".well-known/acme");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "*",
        "/..",
        "/../a",
        "/a/../b",
        "/%2e%2e/a",
        "/%2E%2e%2fetc/passwd",
        "/a%2fb",
        "/a/%2e",
        "/.env",
        "/a/.git/config",
        "/%2egit/config",
        "/.well-known/.env",
        "/.well-known/../a",
        "/a%00.txt",
        "/a%0a",
        "/a%7f",
        "/a\\b",
        "/a%5c..%5cb",
        "/c:/windows",
        "/%",
        "/%a",
        "/%zz",
        "/%c3",
        "/%ff",
        "/%c0%ae%c0%ae/a",
        "//a",
        "/a//b",
        "/ü"
      })
  void refusesWhatCouldMeanAnotherFile(String path) {
    assertThat(StaticPath.decode(path)).isEmpty();
  }
}
