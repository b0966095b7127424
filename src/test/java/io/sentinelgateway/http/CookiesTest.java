package io.sentinelgateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CookiesTest {

  private static @Nullable String value(String name, String... lines) {
    MultiMap fields = HttpHeaders.headers();
    for (String line : lines) {
      fields.add("Cookie", line);
    }
    return Cookies.value(fields, name);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "side=next                  | next",
        "a=b; side=next             | next",
        "a=b;side=next ;c=d         | next",
        "side=first; side=second    | first",
        "xside=1; side=next         | next",
        "side=\"next\"              | next",
        "side=a=b                   | a=b",
        "side=; a=b                 | ''",
        "a=side=next; sideways=1    |",
        "side                       |",
        "Side=next                  |",
        "a=b                        |",
      })
  void findsTheFirstOfThatName(String line, @Nullable String expected) {
    assertThat(value("side", line)).isEqualTo(expected);
  }

  @Test
  void looksAtEveryLine() {
    assertThat(value("side", "a=b", "c=d; side=next")).isEqualTo("next");
    assertThat(value("side", "a=b", "c=d")).isNull();
    assertThat(value("side")).isNull();
  }
}
