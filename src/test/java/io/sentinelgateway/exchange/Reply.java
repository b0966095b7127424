package io.sentinelgateway.exchange;

import java.util.List;
import java.util.Locale;

/**
 * An answer as it came over the wire.
 *
 * @param head status line and field lines
 * @param body content, octets as ISO-8859-1
 */
public record Reply(List<String> head, String body) {

  public int status() {
    return Integer.parseInt(head.get(0).substring(9, 12));
  }

  /** Values of all lines of a field, in their order. */
  public List<String> fields(String name) {
    String start = name.toLowerCase(Locale.ROOT) + ":";
    return head.stream()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
        .map(line -> line.substring(start.length()).strip())
        .toList();
  }

  /** Value of a field that has one line; empty when there is none. */
  public String field(String name) {
    List<String> lines = fields(name);
    if (lines.size() > 1) {
      throw new AssertionError(name + ": " + lines);
    }
    return lines.isEmpty() ? "" : lines.get(0);
  }

  /** What {@link Echo} saw of a field: the lines of the request that would have been forwarded. */
  public List<String> forwarded(String name) {
    String start = name.toLowerCase(Locale.ROOT) + ":";
    return body.lines()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
        .map(line -> line.substring(start.length()).strip())
        .toList();
  }

  /** What {@link Echo} saw as method and target. */
  public String forwardedLine() {
    return body.lines().findFirst().orElse("");
  }
}
