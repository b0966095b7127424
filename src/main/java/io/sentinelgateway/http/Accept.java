package io.sentinelgateway.http;

import java.util.List;
import java.util.Locale;

/** Proactive negotiation of a media type (RFC 9110 section 12.5.1). Pure; any thread. */
public final class Accept {

  /** More ranges than any client sends; what is beyond is not looked at. */
  private static final int MAX_RANGES = 64;

  private Accept() {}

  /**
   * The media type that the client likes best. Ties go to the earlier one, and so does everything
   * when the field is empty or accepts none: an error body in a form that was not asked for is
   * better than none.
   *
   * @param field value of Accept; empty when there is none
   * @param offered media types in lower case, without parameters; at least one
   */
  public static String preferred(String field, List<String> offered) {
    if (field.isEmpty()) {
      return offered.get(0);
    }
    String[] ranges = field.toLowerCase(Locale.ROOT).split(",", MAX_RANGES);
    String best = offered.get(0);
    int most = 0;
    for (String type : offered) {
      int quality = quality(type, ranges);
      if (quality > most) {
        best = type;
        most = quality;
      }
    }
    return best;
  }

  /** In thousandths, by the most specific range that holds the type. */
  private static int quality(String type, String[] ranges) {
    int precision = -1;
    int quality = 0;
    for (String range : ranges) {
      int semicolon = range.indexOf(';');
      String media = (semicolon < 0 ? range : range.substring(0, semicolon)).strip();
      int holds = precision(media, type);
      if (holds > precision) {
        precision = holds;
        quality = semicolon < 0 ? 1000 : weight(range, semicolon);
      }
    }
    return quality;
  }

  private static int precision(String range, String type) {
    if (range.equals(type)) {
      return 2;
    }
    if (range.equals("*/*")) {
      return 0;
    }
    boolean subtypes = range.endsWith("/*");
    return subtypes && type.startsWith(range.substring(0, range.length() - 1)) ? 1 : -1;
  }

  /** Value of {@code q} in thousandths; 1000 without one, 0 for a malformed one. */
  private static int weight(String range, int from) {
    for (String parameter : range.substring(from + 1).split(";", MAX_RANGES)) {
      String text = parameter.strip();
      if (text.startsWith("q=")) {
        return thousandths(text.substring(2));
      }
    }
    return 1000;
  }

  private static int thousandths(String q) {
    if (q.isEmpty() || q.length() > 5 || (q.length() > 1 && q.charAt(1) != '.')) {
      return 0;
    }
    int value = 0;
    for (int i = 0; i < 5; i++) {
      if (i == 1) {
        continue;
      }
      char c = i < q.length() ? q.charAt(i) : '0';
      if (!Characters.digit(c)) {
        return 0;
      }
      value = value * 10 + c - '0';
    }
    return Math.min(value, 1000);
  }
}
