package io.sentinelgateway.schema;

/**
 * An address of IPv4 or IPv6. Immutable.
 *
 * @param text its usual form, without brackets
 */
@Syntax(
    expected = "an IP address, such as 10.0.0.7 or fd00::7",
    pattern = "^[0-9a-fA-F:.]{2,45}$",
    example = "127.0.0.2")
public record IpAddress(String text) {

  /**
   * @throws IllegalArgumentException unless the text is an address literal
   */
  public static IpAddress parse(String text) {
    try {
      if (text.indexOf('/') < 0) {
        return new IpAddress(Cidr.parse(text).network().getHostAddress());
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(expected(text), e);
    }
    throw new IllegalArgumentException(expected(text));
  }

  private static String expected(String text) {
    return '"' + text + "\" (expected: an IP address, such as 10.0.0.7 or fd00::7)";
  }

  @Override
  public String toString() {
    return text;
  }
}
