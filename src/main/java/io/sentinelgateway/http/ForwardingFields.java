package io.sentinelgateway.http;

import io.vertx.core.MultiMap;

/**
 * What proxies tell of the client: Forwarded (RFC 7239), X-Forwarded-* and X-Real-IP. From anybody
 * but a trusted proxy it is a forgery. Pure; any thread.
 */
public final class ForwardingFields {

  private static final String FORWARDED = "forwarded";
  private static final String X_FORWARDED = "x-forwarded-";
  private static final String X_REAL_IP = "x-real-ip";

  private ForwardingFields() {}

  /**
   * Takes them away. A name with an underscore is the same field to servers that speak CGI, so it
   * goes too.
   */
  public static void removeFrom(MultiMap fields) {
    FieldLines.removeIf(fields, ForwardingFields::is);
  }

  static boolean is(CharSequence name) {
    char first = name.length() < FORWARDED.length() ? ' ' : Characters.lower(name.charAt(0));
    return switch (first) {
      case 'f' -> FieldLines.named(name, FORWARDED);
      case 'x' ->
          startsWith(name, X_FORWARDED) || (startsWith(name, X_REAL_IP) && name.length() == 9);
      default -> false;
    };
  }

  private static boolean startsWith(CharSequence name, String lower) {
    if (name.length() < lower.length()) {
      return false;
    }
    for (int i = 0; i < lower.length(); i++) {
      char c = name.charAt(i);
      char expected = lower.charAt(i);
      if (Characters.lower(c) != expected && !(c == '_' && expected == '-')) {
        return false;
      }
    }
    return true;
  }
}
