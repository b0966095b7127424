package io.sentinelgateway.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The options of a message's Connection field (RFC 9110 section 7.6.1). Immutable; the usual ones
 * are constants.
 *
 * <p>An option may name more fields to be removed. Remove them where the message enters, before a
 * filter adds its own: a client that names a field which the gateway sets (an identity, a client
 * address) must not be able to take it away.
 */
public final class ConnectionOptions {

  /** No Connection field. */
  public static final ConnectionOptions NONE = new ConnectionOptions(List.of());

  private static final ConnectionOptions KEEP_ALIVE = new ConnectionOptions(List.of("keep-alive"));
  private static final ConnectionOptions CLOSE = new ConnectionOptions(List.of("close"));

  /** More is no honest message: what is beyond is not looked at, and the field goes anyway. */
  private static final int MAX_OPTIONS = 64;

  private static final CharSequence CONNECTION = HttpHeaders.CONNECTION;

  private final List<String> options;
  private final boolean namesFields;

  private ConnectionOptions(List<String> options) {
    this.options = options;
    this.namesFields = options.stream().anyMatch(ConnectionOptions::namesField);
  }

  /** Reads every Connection line of a message. */
  public static ConnectionOptions of(MultiMap fields) {
    String first = fields.get(CONNECTION);
    if (first == null) {
      return NONE;
    }
    return single(fields) ? of(first) : of(String.join(",", fields.getAll(CONNECTION)));
  }

  private static boolean single(MultiMap fields) {
    int[] lines = {0};
    FieldLines.each(
        fields,
        (name, value) -> {
          lines[0] += FieldLines.named(name, "connection") ? 1 : 0;
          return lines[0] < 2;
        });
    return lines[0] == 1;
  }

  /** Reads one value of Connection. */
  public static ConnectionOptions of(String value) {
    if (FieldLines.named(value, "keep-alive")) {
      return KEEP_ALIVE;
    }
    if (FieldLines.named(value, "close")) {
      return CLOSE;
    }
    List<String> options = new ArrayList<>(4);
    int start = 0;
    while (start <= value.length() && options.size() < MAX_OPTIONS) {
      int comma = value.indexOf(',', start);
      int end = comma < 0 ? value.length() : comma;
      String option = value.substring(start, end).strip().toLowerCase(Locale.ROOT);
      if (!option.isEmpty()) {
        options.add(option);
      }
      start = end + 1;
    }
    return options.isEmpty() ? NONE : new ConnectionOptions(List.copyOf(options));
  }

  /** True when the connection ends with this message. */
  public boolean close() {
    return options.contains("close");
  }

  /** True when an HTTP/1.0 connection goes on. */
  public boolean keepAlive() {
    return options.contains("keep-alive");
  }

  /** True when the message asks for, or is, a change of protocol. */
  public boolean upgrade() {
    return options.contains("upgrade");
  }

  /**
   * True when a field is named and must not be forwarded. Host, Content-Length and Expect stay:
   * they address and frame the message, and RFC 9110 forbids to name them.
   */
  public boolean removes(CharSequence name) {
    return namesFields && contains(name);
  }

  /** Takes the named fields out of a message. */
  public void removeNamed(MultiMap fields) {
    if (namesFields) {
      for (String option : options) {
        if (namesField(option)) {
          fields.remove(option);
        }
      }
    }
  }

  private boolean contains(CharSequence name) {
    for (String option : options) {
      if (FieldLines.named(name, option)) {
        return namesField(option);
      }
    }
    return false;
  }

  private static boolean namesField(String option) {
    // What is hop-by-hop goes without being named, but not before it was judged: a named
    // Transfer-Encoding that is gone would make two framings look like one.
    return !HopByHop.is(option)
        && switch (option) {
          case "close", "host", "content-length", "expect" -> false;
          default -> true;
        };
  }
}
