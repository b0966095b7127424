package io.sentinelgateway.schema;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * A block of addresses, {@code 10.0.0.0/8}, {@code fd00::/8}, or one address. Immutable.
 *
 * @param network the first address, as written
 * @param bits length of the prefix
 */
@Syntax(
    expected = "an address block, such as 10.0.0.0/8 or fd00::/8",
    pattern = "^[0-9a-fA-F:.]{2,45}(/[0-9]{1,3})?$",
    example = "10.0.0.0/8")
public record Cidr(InetAddress network, int bits) {

  // Four numbers, or something with two colons: the short forms of IPv4 (10.1) are refused.
  private static final String LITERAL =
      "[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F]*:[0-9a-fA-F:.]*";

  /**
   * @throws IllegalArgumentException unless the text is an address literal with a prefix length
   */
  public static Cidr parse(String text) {
    int slash = text.indexOf('/');
    String literal = slash < 0 ? text : text.substring(0, slash);
    String prefix = slash < 0 ? "" : text.substring(slash + 1);
    if (literal.matches(LITERAL) && prefix.matches("[0-9]{0,3}")) {
      try {
        // A literal is never looked up.
        InetAddress network = InetAddress.getByName(literal);
        int width = network.getAddress().length * 8;
        int bits = slash < 0 ? width : prefix.isEmpty() ? -1 : Integer.parseInt(prefix);
        if (bits >= 0 && bits <= width) {
          return new Cidr(network, bits);
        }
      } catch (UnknownHostException e) {
        throw new IllegalArgumentException(expected(text), e);
      }
    }
    throw new IllegalArgumentException(expected(text));
  }

  private static String expected(String text) {
    return '"' + text + "\" (expected: an address block, such as 10.0.0.0/8 or fd00::/8)";
  }

  public boolean contains(InetAddress address) {
    byte[] mine = network.getAddress();
    byte[] other = address.getAddress();
    if (mine.length != other.length) {
      return false;
    }
    for (int i = 0, left = bits; left > 0; i++, left -= 8) {
      int mask = left >= 8 ? 0xff : 0xff << (8 - left);
      if (((mine[i] ^ other[i]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return network.getHostAddress() + "/" + bits;
  }
}
