package io.sentinelgateway.route;

import io.sentinelgateway.http.RequestHead;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request while a route is looked for: its query and cookies are read once, when the first
 * condition asks. Confined to one lookup.
 */
final class Subject {

  private final RequestHead head;
  private @Nullable Map<String, List<String>> query;
  private @Nullable Map<String, List<String>> cookies;

  Subject(RequestHead head) {
    this.head = head;
  }

  RequestHead head() {
    return head;
  }

  /** Values of a query parameter, decoded as a form is; empty when it is not there. */
  List<String> query(String name) {
    if (query == null) {
      query = new HashMap<>();
      String raw = head.query();
      if (raw != null) {
        pairs(raw, '&', query, true);
      }
    }
    return query.getOrDefault(name, List.of());
  }

  /** Values of a cookie, without quotes; empty when it is not there. */
  List<String> cookie(String name) {
    if (cookies == null) {
      cookies = new HashMap<>();
      for (String line : head.fields().getAll("cookie")) {
        pairs(line, ';', cookies, false);
      }
    }
    return cookies.getOrDefault(name, List.of());
  }

  private static void pairs(
      String text, char separator, Map<String, List<String>> into, boolean form) {
    for (int start = 0; start <= text.length(); ) {
      int next = text.indexOf(separator, start);
      int end = next < 0 ? text.length() : next;
      int equals = text.indexOf('=', start);
      boolean valued = equals >= 0 && equals < end;
      String name = text.substring(start, valued ? equals : end);
      String value = valued ? text.substring(equals + 1, end) : "";
      String key = form ? decoded(name) : name.strip();
      if (!key.isEmpty()) {
        into.computeIfAbsent(key, k -> new ArrayList<>(1))
            .add(form ? decoded(value) : unquoted(value.strip()));
      }
      start = end + 1;
    }
  }

  private static String unquoted(String value) {
    int last = value.length() - 1;
    return last > 0 && value.charAt(0) == '"' && value.charAt(last) == '"'
        ? value.substring(1, last)
        : value;
  }

  /** A percent sign that begins no escape stands for itself. */
  private static String decoded(String text) {
    if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
      return text;
    }
    byte[] octets = new byte[text.length()];
    int length = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int octet = c == '%' ? octet(text, i) : -1;
      if (octet >= 0) {
        i += 2;
      } else {
        octet = c == '+' ? ' ' : c;
      }
      octets[length++] = (byte) octet;
    }
    return new String(octets, 0, length, StandardCharsets.UTF_8);
  }

  private static int octet(String text, int percent) {
    if (percent + 2 >= text.length()) {
      return -1;
    }
    int high = Character.digit(text.charAt(percent + 1), 16);
    int low = Character.digit(text.charAt(percent + 2), 16);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }
}
