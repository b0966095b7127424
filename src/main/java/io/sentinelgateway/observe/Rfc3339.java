package io.sentinelgateway.observe;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * Moments as RFC 3339 text in UTC with milliseconds. Not thread-safe: it keeps the second that it
 * formatted last, since lines come many to the second.
 */
final class Rfc3339 {

  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.");

  private long second = Long.MIN_VALUE;
  private String prefix = "";

  String format(long epochMillis) {
    long now = Math.floorDiv(epochMillis, 1_000L);
    if (now != second) {
      second = now;
      prefix = LocalDateTime.ofEpochSecond(now, 0, ZoneOffset.UTC).format(SECONDS);
    }
    int millis = (int) Math.floorMod(epochMillis, 1_000L);
    return prefix
        + (char) ('0' + millis / 100)
        + (char) ('0' + millis / 10 % 10)
        + (char) ('0' + millis % 10)
        + 'Z';
  }
}
