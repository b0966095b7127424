package io.sentinelgateway.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.MultiMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the cookies of a request (RFC 6265 section 4.2). Pure; any thread. */
public final class Cookies {

  private Cookies() {}

  /** The value of the first cookie of that name, without quotes; {@code null} for none. */
  public static @Nullable String value(MultiMap fields, String name) {
    String first = fields.get(HttpHeaderNames.COOKIE);
    if (first == null) {
      return null;
    }
    String found = in(first, name);
    if (found == null) {
      // HTTP/1.1 has one line; a list of them is made only when that one has no such cookie.
      List<String> lines = fields.getAll(HttpHeaderNames.COOKIE);
      for (int i = 1; i < lines.size() && found == null; i++) {
        found = in(lines.get(i), name);
      }
    }
    return found;
  }

  private static @Nullable String in(String line, String name) {
    int start = 0;
    while (start < line.length()) {
      int semicolon = line.indexOf(';', start);
      int end = semicolon < 0 ? line.length() : semicolon;
      while (start < end && blank(line.charAt(start))) {
        start++;
      }
      int equals = start + name.length();
      if (equals < end && line.charAt(equals) == '=' && line.startsWith(name, start)) {
        return unquoted(line.substring(equals + 1, end).strip());
      }
      start = end + 1;
    }
    return null;
  }

  private static boolean blank(char c) {
    return c == ' ' || c == '\t';
  }

  private static String unquoted(String value) {
    int last = value.length() - 1;
    return last > 0 && value.charAt(0) == '"' && value.charAt(last) == '"'
        ? value.substring(1, last)
        : value;
  }
}
