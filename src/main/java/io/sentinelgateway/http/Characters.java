package io.sentinelgateway.http;

/** The character classes of RFC 3986 and RFC 9110, as one table of bits. Stateless; any thread. */
final class Characters {

  private static final byte TOKEN = 1;
  private static final byte UNRESERVED = 2;
  private static final byte PATH = 4;
  private static final byte QUERY = 8;
  private static final byte HOST = 16;
  private static final byte VALUE = 32;
  private static final byte ENTITY_TAG = 64;

  private static final byte[] CLASSES = classes();

  private Characters() {}

  /** tchar, RFC 9110 section 5.6.2. */
  static boolean token(char c) {
    return in(c, TOKEN);
  }

  /** unreserved, RFC 3986 section 2.3. */
  static boolean unreserved(char c) {
    return in(c, UNRESERVED);
  }

  /**
   * pchar and slash (RFC 3986 section 3.3), and {@code [ ] ^ |}: browsers send these four as they
   * are and no server is known to read them as something else. No percent sign.
   */
  static boolean path(char c) {
    return in(c, PATH);
  }

  /** Every visible ASCII character but the number sign. */
  static boolean query(char c) {
    return in(c, QUERY);
  }

  /** A letter, digit, or {@code - _ . ~}: what names of hosts are made of in practice. */
  static boolean host(char c) {
    return in(c, HOST);
  }

  /** field-vchar, space and tab, RFC 9110 section 5.5; obs-text passes as opaque octets. */
  static boolean fieldValue(char c) {
    return c < 128 ? (CLASSES[c] & VALUE) != 0 : c < 256;
  }

  /** etagc, RFC 9110 section 8.8.3. */
  static boolean entityTag(char c) {
    return c < 128 ? (CLASSES[c] & ENTITY_TAG) != 0 : c < 256;
  }

  static boolean digit(char c) {
    return c >= '0' && c <= '9';
  }

  /** The value of a hexadecimal digit; -1 for any other character. */
  static int hex(char c) {
    if (digit(c)) {
      return c - '0';
    }
    int lower = c | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  }

  /** The value of the percent-encoded octet at an index; -1 when it is none. */
  static int octet(String text, int percent) {
    if (percent + 2 >= text.length()) {
      return -1;
    }
    int high = hex(text.charAt(percent + 1));
    int low = hex(text.charAt(percent + 2));
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }

  static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
  }

  private static boolean in(char c, byte kind) {
    return c < 128 && (CLASSES[c] & kind) != 0;
  }

  private static byte[] classes() {
    byte[] table = new byte[128];
    for (char c = 0x21; c < 0x7f; c++) {
      table[c] |= VALUE;
      mark(table, c, c != '#', QUERY);
      mark(table, c, c != '"', ENTITY_TAG);
      boolean alphanumeric = digit(c) || (lower(c) >= 'a' && lower(c) <= 'z');
      mark(table, c, alphanumeric || "-._~".indexOf(c) >= 0, (byte) (UNRESERVED | HOST));
      mark(table, c, alphanumeric || "!#$%&'*+-.^_`|~".indexOf(c) >= 0, TOKEN);
      mark(table, c, alphanumeric || "-._~!$&'()*+,;=:@/[]^|".indexOf(c) >= 0, PATH);
    }
    table[' '] |= VALUE;
    table['\t'] |= VALUE;
    return table;
  }

  private static void mark(byte[] table, char c, boolean member, byte kind) {
    if (member) {
      table[c] |= kind;
    }
  }
}
