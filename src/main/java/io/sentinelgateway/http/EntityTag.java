package io.sentinelgateway.http;

import java.util.Optional;

/**
 * An entity tag, RFC 9110 section 8.8.3. Immutable.
 *
 * @param opaque what stands between the quotes
 * @param weak true for {@code W/"…"}
 */
public record EntityTag(String opaque, boolean weak) {

  /** Reads one tag; empty unless the whole text is one. */
  public static Optional<EntityTag> parse(String text) {
    String trimmed = text.strip();
    int end = end(trimmed, 0);
    return end > 0 && end == trimmed.length() ? Optional.of(at(trimmed, 0, end)) : Optional.empty();
  }

  /**
   * True when a list of tags, or {@code *}, names this one; weak comparison, as If-None-Match asks
   * (RFC 9110 section 13.1.2). A list that cannot be read names nothing from the fault on.
   */
  public boolean matchesWeakly(String list) {
    return named(list, false);
  }

  /** The same by strong comparison, as If-Match and If-Range ask: a weak tag never matches. */
  public boolean matchesStrongly(String list) {
    return named(list, true);
  }

  private boolean named(String list, boolean strongly) {
    if (list.strip().equals("*")) {
      return true;
    }
    for (int i = next(list, 0); i < list.length(); ) {
      int end = end(list, i);
      if (end < 0) {
        return false;
      }
      EntityTag other = at(list, i, end);
      if (other.opaque.equals(opaque) && !(strongly && (weak || other.weak))) {
        return true;
      }
      i = next(list, end);
    }
    return false;
  }

  /** Index after commas and white space. */
  private static int next(String list, int from) {
    int i = from;
    while (i < list.length() && ", \t".indexOf(list.charAt(i)) >= 0) {
      i++;
    }
    return i;
  }

  /** Index after the tag that starts here; -1 when none does. */
  private static int end(String text, int start) {
    int quote = text.startsWith("W/", start) ? start + 2 : start;
    if (quote >= text.length() || text.charAt(quote) != '"') {
      return -1;
    }
    int i = quote + 1;
    while (i < text.length() && Characters.entityTag(text.charAt(i))) {
      i++;
    }
    return i < text.length() && text.charAt(i) == '"' ? i + 1 : -1;
  }

  private static EntityTag at(String text, int start, int end) {
    boolean weak = text.charAt(start) == 'W';
    return new EntityTag(text.substring(start + (weak ? 3 : 1), end - 1), weak);
  }

  /** As it stands in a field. */
  @Override
  public String toString() {
    return (weak ? "W/\"" : "\"") + opaque + '"';
  }
}
