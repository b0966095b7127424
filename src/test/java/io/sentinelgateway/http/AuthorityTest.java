package io.sentinelgateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorityTest {

  @ParameterizedTest
  @CsvSource({
    "shop.example, shop.example, -1",
    "Shop.EXAMPLE:8080, shop.example, 8080",
    "shop.example., shop.example, -1",
    "shop.example.:80, shop.example, 80",
    "shop.example:, shop.example, -1",
    "localhost, localhost, -1",
    "my_service:1, my_service, 1",
    "192.0.2.1:65535, 192.0.2.1, 65535",
    "[::1], ::1, -1",
    "[::1]:8080, ::1, 8080",
    "[2001:DB8:0:0::1], 2001:db8::1, -1",
    "xn--caf-dma.example, xn--caf-dma.example, -1",
    "a.example:00080, a.example, 80",
  })
  void reads(String text, String host, int port) {
    assertThat(Authority.parse(text)).contains(new Authority(host, port));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":80",
        ".",
        "..",
        ".a",
        "a..b",
        "a..",
        "a:0",
        "a:65536",
        "a:99999999999",
        "a:8o",
        "a:-1",
        "a:+1",
        "a:80:80",
        "a b",
        " a",
        "a,b",
        "user@a",
        "a/b",
        "a?b",
        "a#b",
        "a\\b",
        "%61",
        "caf\u00e9",
        "::1",
        "[::1",
        "[]",
        "[::1]x",
        "[::1%25eth0]",
        "[fe80::1%eth0]",
        "[1.2.3.4]",
        "[v1.x]",
        "[:::1]",
        "a\r\nb",
      })
  void refuses(String text) {
    assertThat(Authority.parse(text)).isEmpty();
  }
}
