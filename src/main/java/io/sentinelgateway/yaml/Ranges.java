package io.sentinelgateway.yaml;

import io.sentinelgateway.schema.Position;
import io.sentinelgateway.schema.Range;
import io.sentinelgateway.yaml.YamlNode.Scalar;
import io.sentinelgateway.yaml.YamlNode.ScalarKind;
import java.util.Optional;

/** Holds values against the {@link Range} of their component. */
final class Ranges {

  private Ranges() {}

  /** What is wrong with a component's value, or with one item of it. */
  static Optional<String> violation(Range range, Class<?> type, Object value) {
    return outside(type, range, value)
        ? Optional.of(ScalarPrinter.print(value) + " (expected: " + text(range) + ")")
        : Optional.empty();
  }

  private static boolean outside(Class<?> type, Range range, Object value) {
    boolean below = !range.min().isEmpty() && compare(value, bound(type, range.min())) < 0;
    boolean above = !range.max().isEmpty() && compare(value, bound(type, range.max())) > 0;
    return below || above;
  }

  /** The smallest or largest value itself. */
  static Object bound(Class<?> type, String text) {
    return ScalarTypes.read(
        type, new Scalar(new Position("range", 0, 0), text, ScalarKind.SUBSTITUTED));
  }

  /** "exactly 1", "1 to 5", "at least 1" or "at most 5". */
  static String text(Range range) {
    if (range.min().equals(range.max())) {
      return "exactly " + range.min();
    }
    if (range.max().isEmpty()) {
      return "at least " + range.min();
    }
    return range.min().isEmpty() ? "at most " + range.max() : range.min() + " to " + range.max();
  }

  // Both sides are of the component's type.
  @SuppressWarnings("unchecked")
  private static int compare(Object value, Object bound) {
    return ((Comparable<Object>) value).compareTo(bound);
  }
}
