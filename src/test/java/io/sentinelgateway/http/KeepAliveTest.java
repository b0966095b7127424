package io.sentinelgateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long a server says that it keeps a connection. */
class KeepAliveTest {

  @ParameterizedTest
  @CsvSource({
    "timeout=5, 5",
    "'timeout=5, max=100', 5",
    "'max=100, timeout=75', 75",
    "timeout=0, 0",
    "timeout=99999999999999999999, 1000000",
    "timeout=, -1",
    "timeout=x, -1",
    "max=5, -1",
    "5, -1"
  })
  void readsTheSeconds(String value, int seconds) {
    assertThat(KeepAlive.timeoutSeconds(value)).isEqualTo(seconds);
  }

  @Test
  void mayBeAbsent() {
    assertThat(KeepAlive.timeoutSeconds(null)).isEqualTo(-1);
  }
}
