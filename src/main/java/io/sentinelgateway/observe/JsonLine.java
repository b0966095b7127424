package io.sentinelgateway.observe;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Lines of JSON as UTF-8 bytes, in one buffer that is used again. Not thread-safe.
 *
 * <p>Text may come from an attacker. Beside what RFC 8259 section 7 asks for, DEL, the C1 controls
 * and the two Unicode line separators are escaped, so that no value can move a terminal's cursor or
 * break a line in any reader, and half a surrogate pair becomes U+FFFD.
 */
final class JsonLine {

  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final int WORST_CHAR = 6;
  private static final char REPLACEMENT = '\uFFFD';

  private byte[] bytes;
  private int length;
  private boolean first;

  JsonLine(int capacity) {
    bytes = new byte[capacity];
  }

  int length() {
    return length;
  }

  /** Forgets what was written after that length. */
  void truncate(int to) {
    length = to;
  }

  void writeTo(OutputStream out) throws IOException {
    out.write(bytes, 0, length);
    length = 0;
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  JsonLine begin() {
    raw('{');
    first = true;
    return this;
  }

  /** Opens an object as a member. */
  JsonLine begin(String name) {
    name(name);
    return begin();
  }

  JsonLine end() {
    raw('}');
    first = false;
    return this;
  }

  void endLine() {
    raw('}');
    raw('\n');
  }

  JsonLine text(String name, String value) {
    name(name);
    quoted(value);
    return this;
  }

  /** Leaves the member out when there is no value. */
  JsonLine textIfAny(String name, @Nullable String value) {
    return value == null ? this : text(name, value);
  }

  JsonLine number(String name, long value) {
    name(name);
    digits(value);
    return this;
  }

  /** A duration in milliseconds with three decimals. */
  JsonLine millis(String name, long nanos) {
    name(name);
    long micros = Math.max(0, nanos) / 1_000;
    digits(micros / 1_000);
    int fraction = (int) (micros % 1_000);
    raw('.');
    raw((char) ('0' + fraction / 100));
    raw((char) ('0' + fraction / 10 % 10));
    raw((char) ('0' + fraction % 10));
    return this;
  }

  private void name(String name) {
    if (!first) {
      raw(',');
    }
    first = false;
    raw('"');
    for (int i = 0; i < name.length(); i++) {
      raw(name.charAt(i));
    }
    raw('"');
    raw(':');
  }

  private void quoted(String value) {
    raw('"');
    int end = value.length();
    for (int i = 0; i < end; i++) {
      char c = value.charAt(i);
      if (c >= ' ' && c < 0x7f && c != '"' && c != '\\') {
        raw(c);
      } else if (Character.isHighSurrogate(c)
          && i + 1 < end
          && Character.isLowSurrogate(value.charAt(i + 1))) {
        i++;
        fourBytes(Character.toCodePoint(c, value.charAt(i)));
      } else {
        special(c);
      }
    }
    raw('"');
  }

  private void special(char c) {
    if (c == '"' || c == '\\') {
      raw('\\');
      raw(c);
    } else if (c < 0xa0 || c == '\u2028' || c == '\u2029') {
      escape(c);
    } else if (c < 0x800) {
      twoBytes(c);
    } else {
      threeBytes(Character.isSurrogate(c) ? REPLACEMENT : c);
    }
  }

  private void escape(char c) {
    raw('\\');
    switch (c) {
      case '\n' -> raw('n');
      case '\r' -> raw('r');
      case '\t' -> raw('t');
      default -> {
        raw('u');
        for (int shift = 12; shift >= 0; shift -= 4) {
          raw((char) HEX[(c >> shift) & 0xf]);
        }
      }
    }
  }

  private void twoBytes(char c) {
    octet(0xc0 | (c >> 6));
    octet(0x80 | (c & 0x3f));
  }

  private void threeBytes(char c) {
    octet(0xe0 | (c >> 12));
    octet(0x80 | ((c >> 6) & 0x3f));
    octet(0x80 | (c & 0x3f));
  }

  private void fourBytes(int codePoint) {
    octet(0xf0 | (codePoint >> 18));
    octet(0x80 | ((codePoint >> 12) & 0x3f));
    octet(0x80 | ((codePoint >> 6) & 0x3f));
    octet(0x80 | (codePoint & 0x3f));
  }

  private void digits(long value) {
    if (value < 0) {
      raw('-');
    }
    // Counted down: the least long has no positive counterpart.
    long rest = value < 0 ? value : -value;
    int digits = 1;
    for (long r = rest / 10; r != 0; r /= 10) {
      digits++;
    }
    room(digits);
    for (int i = length + digits - 1; i >= length; i--) {
      bytes[i] = (byte) ('0' - rest % 10);
      rest /= 10;
    }
    length += digits;
  }

  /** An ASCII character that needs no escape. */
  private void raw(char c) {
    octet(c);
  }

  private void octet(int b) {
    room(WORST_CHAR);
    bytes[length++] = (byte) b;
  }

  private void room(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, bytes.length * 2);
    }
  }
}
