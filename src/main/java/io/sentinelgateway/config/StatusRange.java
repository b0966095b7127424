package io.sentinelgateway.config;

import io.sentinelgateway.schema.Syntax;

/**
 * Some statuses, written {@code 200-299} or {@code 404}.
 *
 * @param first at least 100
 * @param last at least {@code first}, at most 599
 */
@Syntax(
    expected = "a status or a range of them, such as 200-299",
    pattern = "^[1-5][0-9]{2}(-[1-5][0-9]{2})?$",
    example = "200-299",
    number = true)
public record StatusRange(int first, int last) {

  /**
   * @throws IllegalArgumentException unless the text is one status, or two in order
   */
  public static StatusRange parse(String text) {
    if (text.matches("[1-5][0-9]{2}(-[1-5][0-9]{2})?")) {
      int first = Integer.parseInt(text.substring(0, 3));
      int last = Integer.parseInt(text.substring(text.length() - 3));
      if (first <= last) {
        return new StatusRange(first, last);
      }
    }
    throw new IllegalArgumentException(
        text + " (expected: a status or a range of them, such as 200-299)");
  }

  public boolean holds(int status) {
    return status >= first && status <= last;
  }

  @Override
  public String toString() {
    return first == last ? Integer.toString(first) : first + "-" + last;
  }
}
