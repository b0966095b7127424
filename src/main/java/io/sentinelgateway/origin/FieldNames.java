package io.sentinelgateway.origin;

import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The usual field names of answers, each made once, in the two spellings that servers use. A table
 * of first places only: two names that want the same place are no reason to search, the second is
 * just not interned. Immutable; any thread.
 */
final class FieldNames {

  private static final List<String> USUAL =
      List.of(
          "Accept-Ranges",
          "Access-Control-Allow-Origin",
          "Age",
          "Alt-Svc",
          "Cache-Control",
          "Connection",
          "Content-Disposition",
          "Content-Encoding",
          "Content-Language",
          "Content-Length",
          "Content-Location",
          "Content-Range",
          "Content-Security-Policy",
          "Content-Type",
          "Date",
          "ETag",
          "Expires",
          "Keep-Alive",
          "Last-Modified",
          "Link",
          "Location",
          "Pragma",
          "Referrer-Policy",
          "Retry-After",
          "Server",
          "Set-Cookie",
          "Strict-Transport-Security",
          "Transfer-Encoding",
          "Vary",
          "Via",
          "WWW-Authenticate",
          "X-Content-Type-Options",
          "X-Frame-Options",
          "X-Powered-By",
          "X-Request-Id");

  private static final int PLACES = 1024;
  private static final AsciiString[] TABLE = new AsciiString[PLACES];

  static {
    for (String name : USUAL) {
      put(name);
      put(name.toLowerCase(Locale.ROOT));
    }
  }

  private FieldNames() {}

  private static void put(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
    TABLE[place(bytes, 0, bytes.length)] = AsciiString.cached(name);
  }

  private static int place(byte[] bytes, int start, int length) {
    int hash = length * 31 + bytes[start];
    hash = hash * 31 + bytes[start + length / 2];
    hash = hash * 31 + bytes[start + length - 1];
    return (hash * 0x9E3779B9) >>> 22;
  }

  /** The interned name of exactly these bytes; {@code null} when it is no usual one. */
  static @Nullable AsciiString known(byte[] bytes, int start, int length) {
    if (length == 0) {
      return null;
    }
    AsciiString name = TABLE[place(bytes, start, length)];
    return name != null
            && name.length() == length
            && Arrays.equals(name.array(), 0, length, bytes, start, start + length)
        ? name
        : null;
  }
}
