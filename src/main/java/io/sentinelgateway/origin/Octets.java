package io.sentinelgateway.origin;

import io.netty.util.AsciiString;
import java.util.Arrays;

/**
 * A row of octets that is filled and used again: a head is put together here and copied once to the
 * buffer that is sent. Confined to one event loop.
 */
final class Octets {

  /** What one oversized head took is not kept for ever. */
  private static final int KEPT = 16 * 1024;

  private byte[] array = new byte[2048];
  private int length;

  void clear() {
    length = 0;
    if (array.length > KEPT) {
      array = new byte[KEPT];
    }
  }

  byte[] array() {
    return array;
  }

  int length() {
    return length;
  }

  void put(char octet) {
    room(1);
    array[length++] = (byte) octet;
  }

  void put(byte[] octets) {
    put(octets, 0, octets.length);
  }

  /**
   * The lower octet of each character, as Netty's encoder does it: obs-text (RFC 9110 section 5.5)
   * goes on as it came.
   */
  // The deprecated method is the only one that does just this, and as fast as an array is copied.
  @SuppressWarnings("deprecation")
  void put(CharSequence text) {
    if (text instanceof AsciiString ascii) {
      put(ascii.array(), ascii.arrayOffset(), ascii.length());
    } else {
      String string = text.toString();
      room(string.length());
      string.getBytes(0, string.length(), array, length);
      length += string.length();
    }
  }

  private void put(byte[] octets, int from, int count) {
    room(count);
    System.arraycopy(octets, from, array, length, count);
    length += count;
  }

  private void room(int more) {
    if (array.length - length < more) {
      array = Arrays.copyOf(array, Math.max(array.length * 2, length + more));
    }
  }
}
