package io.sentinelgateway.http;

import io.vertx.core.MultiMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds one value among pairs of <i>name=value</i>, without reading the others: in a query, or in
 * Cookie fields (RFC 6265 section 4.2.1). Values are given as they were sent. Stateless.
 */
public final class NamedValues {

  private NamedValues() {}

  /** The first value of a query parameter; {@code null} when the query has none of this name. */
  public static @Nullable String query(@Nullable String query, String name) {
    return query == null ? null : find(query, '&', name);
  }

  /** The first value of a cookie; {@code null} when the request has none of this name. */
  public static @Nullable String cookie(MultiMap fields, String name) {
    String first = fields.get("cookie");
    String value = first == null ? null : find(first, ';', name);
    if (first == null || value != null) {
      return value;
    }
    // RFC 9113 section 8.2.3: HTTP/2 may split the field.
    for (String line : fields.getAll("cookie")) {
      value = find(line, ';', name);
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  private static @Nullable String find(String text, char separator, String name) {
    for (int start = 0; start < text.length(); ) {
      int next = text.indexOf(separator, start);
      int end = next < 0 ? text.length() : next;
      while (start < end && text.charAt(start) == ' ') {
        start++;
      }
      int equals = start + name.length();
      if (equals < end && text.charAt(equals) == '=' && text.startsWith(name, start)) {
        return text.substring(equals + 1, end);
      }
      start = end + 1;
    }
    return null;
  }
}
