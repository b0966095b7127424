package io.sentinelgateway.handler;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The name of a file, out of the path of a request. Pure; any thread.
 *
 * <p>Refused is whatever could mean another file than it seems: a segment that starts with a dot
 * (hidden files, and {@code ..} however it was written), an empty segment, an encoded slash, a
 * backslash, a colon's drive or stream, a control character, octets that are not UTF-8. {@code
 * /.well-known/} is public by definition (RFC 8615).
 */
final class StaticPath {

  private static final String WELL_KNOWN = "/.well-known/";
  private static final String FORBIDDEN = "\\:\u007f";

  private StaticPath() {}

  /**
   * Decodes a path that starts with a slash.
   *
   * @return the name below the root, without the slash in front; empty when it is refused
   */
  static Optional<String> decode(String path) {
    if (!path.startsWith("/") || path.chars().anyMatch(c -> c >= 0x80)) {
      return Optional.empty();
    }
    Optional<String> name = path.indexOf('%') < 0 ? Optional.of(path) : percentDecoded(path);
    return name.filter(StaticPath::harmless).map(n -> n.substring(1));
  }

  private static Optional<String> percentDecoded(String path) {
    ByteBuffer octets = ByteBuffer.allocate(path.length());
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c == '%') {
        int octet = i + 2 < path.length() ? hex(path, i + 1) : -1;
        if (octet < 0 || octet == '/') {
          return Optional.empty();
        }
        octets.put((byte) octet);
        i += 2;
      } else {
        octets.put((byte) c);
      }
    }
    try {
      return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(octets.flip()).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static int hex(String text, int at) {
    int high = Character.digit(text.charAt(at), 16);
    int low = Character.digit(text.charAt(at + 1), 16);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }

  private static boolean harmless(String name) {
    int from = name.startsWith(WELL_KNOWN) ? WELL_KNOWN.length() - 1 : 0;
    for (int i = from; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean oddStart = i > 0 && name.charAt(i - 1) == '/' && (c == '.' || c == '/');
      if (oddStart || c < ' ' || FORBIDDEN.indexOf(c) >= 0) {
        return false;
      }
    }
    return true;
  }
}
