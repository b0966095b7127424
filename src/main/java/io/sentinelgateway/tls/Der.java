package io.sentinelgateway.tls;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;

/** Writes the few ASN.1 values (ITU-T X.690, DER) that keys and certificates are made of. Pure. */
final class Der {

  private static final int BOOLEAN = 0x01;
  private static final int INTEGER = 0x02;
  private static final int BIT_STRING = 0x03;
  private static final int OCTET_STRING = 0x04;
  private static final int OBJECT_IDENTIFIER = 0x06;
  private static final int UTF8_STRING = 0x0c;
  private static final int UTC_TIME = 0x17;
  private static final int GENERALIZED_TIME = 0x18;
  private static final int SEQUENCE = 0x30;
  private static final int SET = 0x31;
  private static final int CONTEXT = 0x80;
  private static final int CONSTRUCTED = 0x20;

  private static final DateTimeFormatter TWO_DIGIT_YEAR =
      DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter FOUR_DIGIT_YEAR =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

  private Der() {}

  static byte[] sequence(byte[]... members) {
    return value(SEQUENCE, members);
  }

  static byte[] set(byte[]... members) {
    return value(SET, members);
  }

  static byte[] integer(BigInteger number) {
    return value(INTEGER, number.toByteArray());
  }

  static byte[] integer(long number) {
    return integer(BigInteger.valueOf(number));
  }

  static byte[] yes() {
    return value(BOOLEAN, new byte[] {(byte) 0xff});
  }

  static byte[] octets(byte[] content) {
    return value(OCTET_STRING, content);
  }

  /**
   * @param unused bits at the end of the last byte
   */
  static byte[] bits(int unused, byte[] content) {
    return value(BIT_STRING, new byte[] {(byte) unused}, content);
  }

  static byte[] text(String text) {
    return value(UTF8_STRING, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Two digits of the year up to 2049, four from then on (RFC 5280 section 4.1.2.5). */
  static byte[] time(Instant at) {
    boolean utc = at.atZone(ZoneOffset.UTC).getYear() < 2050;
    String text = (utc ? TWO_DIGIT_YEAR : FOUR_DIGIT_YEAR).format(at);
    return value(utc ? UTC_TIME : GENERALIZED_TIME, text.getBytes(StandardCharsets.US_ASCII));
  }

  /** A value whose kind is told by its place. */
  static byte[] context(int number, byte[] content) {
    return value(CONTEXT | number, content);
  }

  /** Other values at a place that is told by a number. */
  static byte[] contextOf(int number, byte[]... members) {
    return value(CONTEXT | CONSTRUCTED | number, members);
  }

  static byte[] oid(int first, int second, int... more) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(first * 40 + second);
    for (int arc : more) {
      for (int shift = 28; shift > 0; shift -= 7) {
        if (arc >>> shift != 0) {
          out.write(0x80 | (arc >>> shift & 0x7f));
        }
      }
      out.write(arc & 0x7f);
    }
    return value(OBJECT_IDENTIFIER, out.toByteArray());
  }

  private static byte[] value(int tag, byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(length + 6);
    out.write(tag);
    if (length < 0x80) {
      out.write(length);
    } else {
      byte[] digits = BigInteger.valueOf(length).toByteArray();
      int from = digits[0] == 0 ? 1 : 0;
      out.write(0x80 | (digits.length - from));
      out.write(digits, from, digits.length - from);
    }
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  /**
   * The first member of a sequence, tag and length included.
   *
   * @throws IllegalArgumentException when there is none
   */
  static byte[] firstMember(byte[] sequence) {
    int start = header(sequence, 0);
    int end = header(sequence, start) + length(sequence, start);
    if (sequence[0] != SEQUENCE || end > sequence.length) {
      throw new IllegalArgumentException("not a sequence");
    }
    return Arrays.copyOfRange(sequence, start, end);
  }

  /** Where the content of the value that begins there begins. */
  private static int header(byte[] der, int at) {
    int first = at(der, at + 1);
    return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
  }

  private static int length(byte[] der, int at) {
    int first = at(der, at + 1);
    if (first < 0x80) {
      return first;
    }
    int length = 0;
    for (int i = 0; i < (first & 0x7f); i++) {
      length = length << 8 | at(der, at + 2 + i);
    }
    return length;
  }

  private static int at(byte[] der, int index) {
    if (index < 0 || index >= der.length) {
      throw new IllegalArgumentException("cut off");
    }
    return der[index] & 0xff;
  }
}
