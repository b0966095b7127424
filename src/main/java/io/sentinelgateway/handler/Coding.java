package io.sentinelgateway.handler;

import java.util.Locale;

/** Content codings of files that were compressed beforehand (RFC 9110 section 8.4.1). */
enum Coding {
  BR(".br"),
  ZSTD(".zst"),
  GZIP(".gz");

  private final String suffix;
  private final String token;

  Coding(String suffix) {
    this.suffix = suffix;
    this.token = name().toLowerCase(Locale.ROOT);
  }

  String suffix() {
    return suffix;
  }

  String token() {
    return token;
  }

  /**
   * True when an Accept-Encoding field takes the coding (RFC 9110 section 12.5.3): named, or by
   * {@code *}, and not with a weight of 0.
   */
  static boolean accepted(String field, String coding) {
    boolean others = false;
    for (String item : field.toLowerCase(Locale.ROOT).split(",", 32)) {
      int semicolon = item.indexOf(';');
      String name = (semicolon < 0 ? item : item.substring(0, semicolon)).strip();
      boolean wanted = semicolon < 0 || !zero(item.substring(semicolon + 1).strip());
      if (name.equals(coding)) {
        return wanted;
      }
      others |= name.equals("*") && wanted;
    }
    return others;
  }

  /** {@code q=0}, {@code q=0.000} and what is between them. */
  private static boolean zero(String weight) {
    if (!weight.startsWith("q=0")) {
      return false;
    }
    for (int i = 3; i < weight.length(); i++) {
      if (weight.charAt(i) != '0' && weight.charAt(i) != '.') {
        return false;
      }
    }
    return true;
  }
}
