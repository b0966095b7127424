package io.sentinelgateway.schema;

import java.util.Comparator;
import java.util.Locale;

/**
 * One finding about a configuration.
 *
 * @param severity an error refuses the configuration, a warning does not
 * @param position where it stands in the source
 * @param path the key, dotted: {@code routes.shop.forward.upstream}; empty for the whole file
 * @param message what is wrong and what would be right
 */
public record Problem(Severity severity, Position position, String path, String message)
    implements Comparable<Problem> {

  private static final Comparator<Problem> ORDER =
      Comparator.comparing(Problem::position)
          .thenComparing(Problem::path)
          .thenComparing(Problem::message);

  /** Whether the configuration can be used in spite of the finding. */
  public enum Severity {
    ERROR,
    WARN
  }

  @Override
  public int compareTo(Problem other) {
    return ORDER.compare(this, other);
  }

  /** The line that users see: {@code file:line:column error key: message}. */
  @Override
  public String toString() {
    String word = severity.name().toLowerCase(Locale.ROOT);
    return position + "  " + word + "  " + (path.isEmpty() ? "" : path + ": ") + message;
  }
}
