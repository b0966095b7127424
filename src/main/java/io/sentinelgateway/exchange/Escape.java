package io.sentinelgateway.exchange;

import java.nio.charset.StandardCharsets;

/**
 * How a value is made safe for the place of a {@link Template} it goes to. A value from a request
 * never leaves its place: no new field line, no new query, no new element. Stateless; any thread.
 */
public enum Escape {

  /** A field value (RFC 9110 section 5.5): control characters are dropped. */
  FIELD,

  /** A part of a segment of a URI path (RFC 3986 section 3.3): all else is percent-encoded. */
  URI,

  /** The inside of a JSON string. */
  JSON,

  /** Text or a quoted attribute of HTML. */
  HTML;

  private static final String URI_MARKS = "-._~!$&'()*+,;=:@";
  private static final String HEX = "0123456789ABCDEF";

  /** Gives the value itself, without a copy, when it is safe already. */
  public String apply(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (!safe(value.charAt(i))) {
        return escaped(value, i);
      }
    }
    return value;
  }

  private boolean safe(char c) {
    return switch (this) {
      case FIELD -> !control(c) || c == '\t';
      case URI -> uri(c);
      case JSON -> !control(c) && c != '"' && c != '\\';
      case HTML -> !control(c) && c != '<' && c != '>' && c != '&' && c != '"' && c != '\'';
    };
  }

  private static boolean control(char c) {
    return c < ' ' || c == 0x7f;
  }

  private static boolean uri(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || URI_MARKS.indexOf(c) >= 0;
  }

  private String escaped(String value, int firstUnsafe) {
    if (this == URI) {
      return percentEncoded(value);
    }
    StringBuilder out = new StringBuilder(value.length() + 16).append(value, 0, firstUnsafe);
    for (int i = firstUnsafe; i < value.length(); i++) {
      char c = value.charAt(i);
      if (safe(c)) {
        out.append(c);
      } else if (this == JSON && !control(c)) {
        out.append('\\').append(c);
      } else if (this == HTML && !control(c)) {
        out.append("&#").append((int) c).append(';');
      }
    }
    return out.toString();
  }

  private static String percentEncoded(String value) {
    StringBuilder out = new StringBuilder(value.length() + 16);
    for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
      if (b >= 0 && uri((char) b)) {
        out.append((char) b);
      } else {
        out.append('%').append(HEX.charAt(b >> 4 & 15)).append(HEX.charAt(b & 15));
      }
    }
    return out.toString();
  }
}
