package io.sentinelgateway.exchange;

import io.sentinelgateway.http.Cookies;
import io.sentinelgateway.http.RequestHead;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One variable of a {@link Template}. Immutable; any thread.
 *
 * @param word its name
 * @param uri true when its value is URI text already
 * @param source where its value comes from
 */
record Placeholder(String word, boolean uri, Source source) {

  /** Where a value comes from; {@code null} when the exchange has none. */
  @FunctionalInterface
  interface Source {
    @Nullable String of(Exchange exchange);
  }

  private static final String HEADER = "header.";
  private static final String COOKIE = "cookie.";
  private static final String PATH = "path.";

  /** What requests have in common; names of fields, cookies and segments come on top. */
  private static final List<Placeholder> KNOWN =
      List.of(
          new Placeholder("request-id", false, Exchange::requestId),
          new Placeholder("client-address", false, e -> e.client().addressText()),
          new Placeholder("peer-address", false, e -> e.client().peerText()),
          new Placeholder("method", false, e -> e.head().method()),
          new Placeholder("scheme", true, e -> e.head().scheme()),
          new Placeholder("host", true, e -> host(e.head())),
          new Placeholder("path", true, e -> e.head().path()),
          new Placeholder("query", true, e -> e.head().query()),
          new Placeholder("route", false, e -> e.record().route),
          new Placeholder("upstream", false, e -> e.record().upstream));

  /**
   * @throws IllegalArgumentException when there is no such placeholder
   */
  static Placeholder named(String word) {
    if (word.startsWith(HEADER) && word.length() > HEADER.length()) {
      String name = word.substring(HEADER.length());
      return new Placeholder(word, false, e -> e.head().fields().get(name));
    }
    if (word.startsWith(COOKIE) && word.length() > COOKIE.length()) {
      String name = word.substring(COOKIE.length());
      return new Placeholder(word, false, e -> Cookies.value(e.head().fields(), name));
    }
    if (word.startsWith(PATH) && word.length() > PATH.length()) {
      String name = word.substring(PATH.length());
      return new Placeholder(word, true, e -> e.pathParameters().get(name));
    }
    for (Placeholder known : KNOWN) {
      if (known.word.equals(word)) {
        return known;
      }
    }
    throw new IllegalArgumentException(
        "{"
            + word
            + "}: no such placeholder (expected: "
            + String.join(", ", KNOWN.stream().map(Placeholder::word).toList())
            + ", header.NAME, cookie.NAME, path.NAME; {{ for a brace)");
  }

  /** Empty when the exchange has no such value. */
  String value(Exchange exchange) {
    String value = source.of(exchange);
    return value == null ? "" : value;
  }

  private static String host(RequestHead head) {
    return head.host().indexOf(':') >= 0 ? "[" + head.host() + "]" : head.host();
  }
}
