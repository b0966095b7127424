package io.sentinelgateway.http;

import org.jspecify.annotations.Nullable;

/**
 * The Keep-Alive field, by which a server says how long it keeps a connection that is not used (RFC
 * 2068 section 19.7.1; later RFCs leave it to custom). Stateless.
 */
public final class KeepAlive {

  private static final String TIMEOUT = "timeout=";

  private KeepAlive() {}

  /**
   * The seconds of its parameter {@code timeout}; -1 when it has none that can be read.
   *
   * @param value the field's value, {@code null} without the field
   */
  public static int timeoutSeconds(@Nullable String value) {
    int at = value == null ? -1 : value.indexOf(TIMEOUT);
    if (value == null || at < 0) {
      return -1;
    }
    int seconds = -1;
    for (int i = at + TIMEOUT.length(); i < value.length() && digit(value.charAt(i)); i++) {
      seconds = Math.min(Math.max(0, seconds) * 10 + value.charAt(i) - '0', 1_000_000);
    }
    return seconds;
  }

  private static boolean digit(char c) {
    return c >= '0' && c <= '9';
  }
}
