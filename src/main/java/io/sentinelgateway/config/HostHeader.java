package io.sentinelgateway.config;

import io.sentinelgateway.schema.Syntax;

/** Which Host field an origin server gets. */
@Syntax(
    expected = "preserve, target, or a host name",
    pattern = "^[A-Za-z0-9._-]{1,253}(:[0-9]{1,5})?$",
    example = "preserve")
public record HostHeader(String value) {

  /**
   * @throws IllegalArgumentException unless {@code preserve}, {@code target} or an authority
   */
  public static HostHeader parse(String text) {
    if (text.matches("[A-Za-z0-9._-]{1,253}(:[0-9]{1,5})?")) {
      return new HostHeader(text);
    }
    throw new IllegalArgumentException(
        '"' + text + "\" (expected: preserve, target, or a host name)");
  }

  public boolean preserve() {
    return value.equals("preserve");
  }

  public boolean target() {
    return value.equals("target");
  }

  @Override
  public String toString() {
    return value;
  }
}
