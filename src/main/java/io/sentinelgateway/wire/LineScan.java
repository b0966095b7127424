package io.sentinelgateway.wire;

import io.netty.buffer.ByteBuf;

/**
 * Looks at the octets of header sections for what the codec repairs before anybody can judge it: a
 * line that goes on in the next one (obs-fold, RFC 9112 section 5.2), and white space other than
 * space and tab around a value, such as a vertical tab, which one reader strips and another does
 * not. Eight octets at a time; confined to its connection's event loop.
 */
final class LineScan {

  private static final long ONES = 0x0101010101010101L;
  private static final long SIGNS = 0x8080808080808080L;
  private static final int SPACE = 0x20;

  private boolean lineStart = true;
  private boolean sound = true;

  /** True for as long as nothing was found. */
  boolean sound() {
    return sound;
  }

  /** The next octet begins a line. */
  void startLine() {
    lineStart = true;
  }

  /** Looks at the octets from an index to before another. */
  void look(ByteBuf bytes, int from, int to) {
    int at = from;
    while (at < to) {
      if (!lineStart && to - at >= Long.BYTES && plain(bytes.getLong(at))) {
        at += Long.BYTES;
      } else {
        octet(bytes.getByte(at++));
      }
    }
  }

  /** No octet below space; which of Bit Twiddling Hacks' tests for a zero byte is the exact one. */
  private static boolean plain(long octets) {
    return ((octets - ONES * SPACE) & ~octets & SIGNS) == 0;
  }

  private void octet(byte octet) {
    boolean blank = octet == ' ' || octet == '\t';
    boolean control = octet >= 0 && octet < SPACE && octet != '\r' && octet != '\n' && !blank;
    if (control || (lineStart && blank)) {
      sound = false;
    }
    lineStart = octet == '\n';
  }
}
