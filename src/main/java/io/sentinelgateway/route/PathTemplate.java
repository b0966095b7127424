package io.sentinelgateway.route;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A path with named segments: {@code /users/{id}/files/{rest*}}. A name takes one whole segment
 * that is not empty; a last name with a star takes all that is left, which may be nothing.
 *
 * @param text as written
 * @param segments literal ones as they are; {@code {}} for a name, {@code {*}} for the rest
 * @param names of the captured segments, in order
 */
record PathTemplate(String text, List<String> segments, List<String> names)
    implements PathCondition {

  static final String ONE = "{}";
  static final String REST = "{*}";

  private static final String NAME = "\\{[A-Za-z_][A-Za-z0-9_-]*\\*?}";

  /** Reads a template whose literal segments are normalised already; empty when it is none. */
  static Optional<PathTemplate> parse(String text) {
    if (!text.startsWith("/")) {
      return Optional.empty();
    }
    String[] parts = text.substring(1).split("/", -1);
    List<String> segments = new ArrayList<>(parts.length);
    List<String> names = new ArrayList<>();
    for (String part : parts) {
      if (part.indexOf('{') < 0 && part.indexOf('}') < 0) {
        segments.add(part);
      } else if (part.matches(NAME)) {
        boolean rest = part.endsWith("*}");
        names.add(part.substring(1, part.length() - (rest ? 2 : 1)));
        segments.add(rest ? REST : ONE);
      } else {
        return Optional.empty();
      }
    }
    return wellFormed(segments, names)
        ? Optional.of(new PathTemplate(text, List.copyOf(segments), List.copyOf(names)))
        : Optional.empty();
  }

  private static boolean wellFormed(List<String> segments, List<String> names) {
    int rest = segments.indexOf(REST);
    return (rest < 0 || rest == segments.size() - 1)
        && names.stream().distinct().count() == names.size();
  }

  @Override
  public int kind() {
    return 2;
  }

  /** What every matching path begins with: up to the first name. */
  String start() {
    int brace = text.indexOf('{');
    return brace < 0 ? text : text.substring(0, brace);
  }

  @Override
  public int literalStart() {
    return start().length();
  }

  /** Number of literal characters altogether. */
  int literals() {
    return segments.stream()
        .filter(s -> !s.equals(ONE) && !s.equals(REST))
        .mapToInt(String::length)
        .sum();
  }

  boolean takesRest() {
    return segments.get(segments.size() - 1).equals(REST);
  }

  @Override
  public boolean matches(String path) {
    return walk(path, null);
  }

  /** The segments that the names took, percent-encoded as in the path. */
  Map<String, String> capture(String path) {
    List<String> values = new ArrayList<>(names.size());
    if (!walk(path, values)) {
      return Map.of();
    }
    Map<String, String> captured = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      captured.put(names.get(i), values.get(i));
    }
    return captured;
  }

  private boolean walk(String path, @Nullable List<String> values) {
    int start = path.startsWith("/") ? 1 : path.length() + 1;
    for (String segment : segments) {
      if (start > path.length()) {
        return false;
      }
      int slash = segment.equals(REST) ? -1 : path.indexOf('/', start);
      int end = slash < 0 ? path.length() : slash;
      if (!accepts(segment, path, start, end)) {
        return false;
      }
      if (values != null && segment.startsWith("{")) {
        values.add(path.substring(start, end));
      }
      start = end + 1;
    }
    return start == path.length() + 1;
  }

  private static boolean accepts(String segment, String path, int start, int end) {
    return switch (segment) {
      case REST -> true;
      case ONE -> end > start;
      default -> segment.length() == end - start && path.startsWith(segment, start);
    };
  }

  @Override
  public String describe() {
    return "template " + text;
  }
}
