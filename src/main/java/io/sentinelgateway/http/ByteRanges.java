package io.sentinelgateway.http;

import java.util.ArrayList;
import java.util.List;

/**
 * What a Range field asks of a representation of known length (RFC 9110 section 14). Immutable.
 *
 * @param kind what to answer
 * @param ranges what to send for {@link Kind#PARTIAL}, in the order asked; empty otherwise
 */
public record ByteRanges(Kind kind, List<ByteRange> ranges) {

  /** More ranges, or ranges that overlap, are an attack (RFC 9110 section 17.15). */
  private static final int MAX_RANGES = 16;

  private static final int MAX_DIGITS = 18;

  private static final ByteRanges WHOLE = new ByteRanges(Kind.WHOLE, List.of());
  private static final ByteRanges UNSATISFIABLE = new ByteRanges(Kind.UNSATISFIABLE, List.of());

  /** What to answer. */
  public enum Kind {
    /** 200 with everything: the field is malformed, of another unit, or asks too much at once. */
    WHOLE,
    /** 206 with the ranges. */
    PARTIAL,
    /** 416: no range lies within the length. */
    UNSATISFIABLE
  }

  /** Bytes {@code first} to {@code last}, both included, both from 0. */
  public record ByteRange(long first, long last) {

    /** Number of bytes. */
    public long length() {
      return last - first + 1;
    }

    /** Value of Content-Range for a representation of the length. */
    public String contentRange(long length) {
      return "bytes " + first + '-' + last + '/' + length;
    }
  }

  /**
   * Reads the field.
   *
   * @param range value of Range
   * @param length bytes of the whole representation
   */
  public static ByteRanges parse(String range, long length) {
    if (!range.regionMatches(true, 0, "bytes=", 0, 6)) {
      return WHOLE;
    }
    String[] specs = range.substring(6).split(",", MAX_RANGES + 1);
    if (specs.length > MAX_RANGES) {
      return WHOLE;
    }
    List<ByteRange> ranges = new ArrayList<>(specs.length);
    for (String text : specs) {
      String spec = text.strip();
      if (!wellFormed(spec)) {
        return WHOLE;
      }
      ByteRange one = resolve(spec, length);
      if (one.length() > 0) {
        if (overlaps(one, ranges)) {
          return WHOLE;
        }
        ranges.add(one);
      }
    }
    return ranges.isEmpty() ? UNSATISFIABLE : new ByteRanges(Kind.PARTIAL, List.copyOf(ranges));
  }

  /** {@code 0-9}, {@code 10-} or {@code -5}. */
  private static boolean wellFormed(String spec) {
    int dash = spec.indexOf('-');
    int last = spec.length() - dash - 1;
    if (dash < 0 || dash + last == 0 || dash > MAX_DIGITS || last > MAX_DIGITS) {
      return false;
    }
    for (int i = 0; i < spec.length(); i++) {
      if (i != dash && !Characters.digit(spec.charAt(i))) {
        return false;
      }
    }
    return dash == 0 || last == 0 || number(spec, 0, dash) <= number(spec, dash + 1, spec.length());
  }

  /** The part that lies within the length; of no length when there is none. */
  private static ByteRange resolve(String spec, long length) {
    int dash = spec.indexOf('-');
    if (dash == 0) {
      long suffix = number(spec, 1, spec.length());
      return new ByteRange(Math.max(0, length - suffix), length - 1);
    }
    long first = number(spec, 0, dash);
    long last = dash + 1 == spec.length() ? length - 1 : number(spec, dash + 1, spec.length());
    return first >= length
        ? new ByteRange(0, -1)
        : new ByteRange(first, Math.min(last, length - 1));
  }

  private static boolean overlaps(ByteRange one, List<ByteRange> others) {
    for (ByteRange other : others) {
      if (one.first <= other.last && other.first <= one.last) {
        return true;
      }
    }
    return false;
  }

  private static long number(String text, int start, int end) {
    return Long.parseLong(text, start, end, 10);
  }
}
