package io.sentinelgateway.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.CharsetUtil;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * The header of the PROXY protocol, version 1 or 2, at the beginning of a connection: who the
 * client of the balancer in front is (haproxy.org, proxy-protocol.txt). Immutable; pure.
 *
 * <p>What comes behind the addresses of version 2 (TLVs: names, certificates) is claimed, not
 * proved, and is skipped unread.
 *
 * @param length octets that the header takes
 * @param source the client; {@code null} when the header names none, as a health check's does
 */
public record ProxyHeader(int length, @Nullable InetSocketAddress source) {

  /** Longest header that is waited for: addresses, and TLVs that nobody reads. */
  public static final int LONGEST = 4096;

  private static final int LONGEST_TEXT = 107;
  private static final String TEXT = "PROXY ";
  private static final byte[] SIGNATURE = ByteBufUtil.decodeHexDump("0d0a0d0a000d0a515549540a");
  private static final int FIXED = SIGNATURE.length + 4;
  private static final int LOCAL = 0x20;
  private static final int PROXY = 0x21;
  private static final int TCP4 = 0x11;
  private static final int TCP6 = 0x21;
  private static final int UNIX_STREAM = 0x31;

  /**
   * Reads the header from the reader index on, which stays.
   *
   * @return {@code null} when more octets are needed
   * @throws IllegalArgumentException when there is none, or none that could be
   */
  public static @Nullable ProxyHeader read(ByteBuf bytes) {
    if (begins(bytes, SIGNATURE)) {
      return bytes.readableBytes() < FIXED ? null : binary(bytes, bytes.readerIndex());
    }
    if (begins(bytes, TEXT.getBytes(CharsetUtil.US_ASCII))) {
      return text(bytes);
    }
    throw new IllegalArgumentException("no PROXY header");
  }

  private static boolean begins(ByteBuf bytes, byte[] with) {
    int compared = Math.min(bytes.readableBytes(), with.length);
    for (int i = 0; i < compared; i++) {
      if (bytes.getByte(bytes.readerIndex() + i) != with[i]) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable ProxyHeader binary(ByteBuf bytes, int at) {
    int command = bytes.getUnsignedByte(at + SIGNATURE.length);
    int family = bytes.getUnsignedByte(at + SIGNATURE.length + 1);
    int rest = bytes.getUnsignedShort(at + SIGNATURE.length + 2);
    int octets = addressOctets(command, family);
    int needed = octets == 0 ? 0 : 2 * octets + 4;
    if (octets < 0 || rest < needed || FIXED + rest > LONGEST) {
      throw new IllegalArgumentException("PROXY header: command, family or length");
    }
    if (bytes.readableBytes() < FIXED + rest) {
      return null;
    }
    if (octets == 0) {
      return new ProxyHeader(FIXED + rest, null);
    }
    byte[] address = new byte[octets];
    bytes.getBytes(at + FIXED, address);
    return new ProxyHeader(
        FIXED + rest, socket(address, bytes.getUnsignedShort(at + FIXED + 2 * octets)));
  }

  /** How long an address is; 0 when there is none that could be used, -1 when nothing fits. */
  private static int addressOctets(int command, int family) {
    if (command == LOCAL) {
      return 0;
    }
    return switch (command == PROXY ? family : -1) {
      case 0, UNIX_STREAM -> 0;
      case TCP4 -> 4;
      case TCP6 -> 16;
      default -> -1;
    };
  }

  private static @Nullable ProxyHeader text(ByteBuf bytes) {
    int start = bytes.readerIndex();
    int window = Math.min(bytes.readableBytes(), LONGEST_TEXT);
    int end = bytes.indexOf(start, start + window, (byte) '\n');
    if (end < 0 && window < LONGEST_TEXT) {
      return null;
    }
    int length = end - start - 1;
    if (end < 0 || length < 0 || bytes.getByte(end - 1) != '\r') {
      throw new IllegalArgumentException("PROXY header: no end of line");
    }
    String line = bytes.toString(start, length, CharsetUtil.ISO_8859_1);
    return new ProxyHeader(length + 2, source(line.split(" ", -1)));
  }

  private static @Nullable InetSocketAddress source(String[] words) {
    if (words[1].equals("UNKNOWN")) {
      return null;
    }
    int octets = words[1].equals("TCP4") ? 4 : words[1].equals("TCP6") ? 16 : 0;
    if (words.length != 6 || octets == 0) {
      throw new IllegalArgumentException("PROXY header: words");
    }
    byte[] source = address(words[2], octets);
    address(words[3], octets);
    port(words[5]);
    return socket(source, port(words[4]));
  }

  private static byte[] address(String text, int octets) {
    boolean valid = octets == 4 ? NetUtil.isValidIpV4Address(text) : valid6(text);
    byte[] address = valid ? NetUtil.createByteArrayFromIpAddressString(text) : null;
    if (address == null || address.length != octets) {
      throw new IllegalArgumentException("PROXY header: address");
    }
    return address;
  }

  private static boolean valid6(String text) {
    return NetUtil.isValidIpV6Address(text) && text.indexOf('%') < 0 && text.indexOf('[') < 0;
  }

  private static int port(String text) {
    if (!text.isEmpty() && text.length() <= 5 && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      int port = Integer.parseInt(text);
      if (port <= 65535) {
        return port;
      }
    }
    throw new IllegalArgumentException("PROXY header: port");
  }

  private static InetSocketAddress socket(byte[] address, int port) {
    try {
      return new InetSocketAddress(InetAddress.getByAddress(address), port);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
