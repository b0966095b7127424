package io.sentinelgateway.http;

/**
 * The one spelling of a path. Immutable.
 *
 * <p>RFC 3986 section 6.2.2: percent-encoded unreserved characters are decoded, the hexadecimal
 * digits of other escapes become upper case, dot segments are removed, however they are written. An
 * encoded slash ({@code %2F}) and an encoded backslash stay as they are: they are data.
 *
 * <p>Refused, because origin servers differ in how they read it, and a route or a rule would see
 * another path than the origin does:
 *
 * <ul>
 *   <li>a path that climbs above the root ({@code /..}), which RFC 3986 would silently cut;
 *   <li>a dot segment in disguise: with parameters ({@code /..;x/}, which servlet containers take
 *       for {@code ..}), or beside an encoded slash or backslash ({@code /..%2Fx}), which others
 *       decode first;
 *   <li>a raw control character, space, backslash, quote, angle bracket, brace, back-tick, or one
 *       outside ASCII;
 *   <li>an encoded control character ({@code %00}–{@code %1F}, {@code %7F});
 *   <li>a percent sign without two hexadecimal digits.
 * </ul>
 *
 * @param violation why it is refused; then the path means nothing
 * @param path the normalised path
 */
public record NormalPath(Violation violation, String path) {

  private static final NormalPath ROOT = new NormalPath(Violation.NONE, "/");
  private static final Violation NOT_ABSOLUTE =
      Violation.malformed("path (expected: a slash first)");
  private static final Violation BAD_CHARACTER =
      Violation.malformed("path: a character that must be encoded");
  private static final Violation BAD_ESCAPE =
      Violation.malformed(
          "path: percent-encoding (expected: % and two hexadecimal digits, no control)");
  private static final Violation ABOVE_ROOT = Violation.malformed("path: climbs above the root");
  private static final Violation DISGUISED_DOTS =
      Violation.malformed("path: a dot segment with parameters or beside an encoded slash");

  /**
   * Normalises a path without query. A clean one comes back as the same string.
   *
   * @param mergeSlashes whether {@code //} becomes {@code /}
   */
  public static NormalPath of(String raw, boolean mergeSlashes) {
    if (raw.isEmpty() || raw.charAt(0) != '/') {
      return refused(NOT_ABSOLUTE);
    }
    if (raw.length() == 1) {
      return ROOT;
    }
    boolean clean = true;
    for (int i = 1; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (Characters.path(c)) {
        clean &= raw.charAt(i - 1) != '/' || keepsAfterSlash(c, mergeSlashes);
      } else if (c == '%') {
        clean = false;
      } else {
        return refused(BAD_CHARACTER);
      }
    }
    return clean ? new NormalPath(Violation.NONE, raw) : new Cleaning(raw, mergeSlashes).result();
  }

  private static boolean keepsAfterSlash(char c, boolean mergeSlashes) {
    return c != '.' && !(c == '/' && mergeSlashes);
  }

  private static NormalPath refused(Violation violation) {
    return new NormalPath(violation, "/");
  }

  /** Rewrites a path that is not clean, segment by segment. */
  private static final class Cleaning {

    private static final String HEX = "0123456789ABCDEF";

    private final String raw;
    private final boolean mergeSlashes;
    private final StringBuilder path;
    private int segment = 1;

    Cleaning(String raw, boolean mergeSlashes) {
      this.raw = raw;
      this.mergeSlashes = mergeSlashes;
      this.path = new StringBuilder(raw.length()).append('/');
    }

    NormalPath result() {
      for (int i = 1; i < raw.length(); i++) {
        char c = raw.charAt(i);
        if (c == '/') {
          Violation violation = endSegment(false);
          if (!violation.none()) {
            return refused(violation);
          }
        } else if (c != '%') {
          path.append(c);
        } else if (decode(Characters.octet(raw, i))) {
          i += 2;
        } else {
          return refused(BAD_ESCAPE);
        }
      }
      Violation violation = endSegment(true);
      return new NormalPath(violation, path.toString());
    }

    private boolean decode(int octet) {
      if (octet < 0x20 || octet == 0x7f) {
        return false;
      }
      if (Characters.unreserved((char) octet)) {
        path.append((char) octet);
      } else {
        path.append('%').append(HEX.charAt(octet >> 4)).append(HEX.charAt(octet & 15));
      }
      return true;
    }

    /** Judges the segment that was just written. */
    private Violation endSegment(boolean last) {
      if (disguisedDots()) {
        return DISGUISED_DOTS;
      }
      int dots = dots(segment);
      boolean whole = segment + dots == path.length();
      if (whole && dots == 2) {
        return up();
      }
      if (whole && dots == 1) {
        path.setLength(segment);
      } else if (!last && !(mergeSlashes && path.length() == segment)) {
        path.append('/');
        segment = path.length();
      }
      return Violation.NONE;
    }

    /** True when a part of the segment is a dot segment to some servers, but not to RFC 3986. */
    private boolean disguisedDots() {
      for (int part = segment; part >= 0; part = partAfter(part)) {
        int dots = dots(part);
        int next = part + dots;
        boolean ends =
            next == path.length()
                ? part > segment
                : path.charAt(next) == ';' || encodedSeparator(next);
        if (ends && (dots == 1 || dots == 2)) {
          return true;
        }
      }
      return false;
    }

    /** Start of what follows the next encoded slash or backslash; -1 when there is none. */
    private int partAfter(int part) {
      for (int i = path.indexOf("%", part); i >= 0; i = path.indexOf("%", i + 1)) {
        if (encodedSeparator(i)) {
          return i + 3;
        }
      }
      return -1;
    }

    private boolean encodedSeparator(int at) {
      return path.charAt(at) == '%'
          && ((path.charAt(at + 1) == '2' && path.charAt(at + 2) == 'F')
              || (path.charAt(at + 1) == '5' && path.charAt(at + 2) == 'C'));
    }

    private Violation up() {
      if (segment == 1) {
        return ABOVE_ROOT;
      }
      segment = path.lastIndexOf("/", segment - 2) + 1;
      path.setLength(segment);
      return Violation.NONE;
    }

    /** Number of dots that a part begins with. */
    private int dots(int part) {
      int dots = 0;
      while (part + dots < path.length() && path.charAt(part + dots) == '.') {
        dots++;
      }
      return dots;
    }
  }
}
