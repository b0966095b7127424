package io.sentinelgateway.schema;

/**
 * Where a socket is: {@code host:port}, {@code [v6]:port}, {@code :port} (all interfaces), or
 * {@code unix:/path}. Immutable; not resolved.
 *
 * @param host name or literal without brackets; the path of a Unix socket
 * @param port 0–65535 (0: chosen by the system); -1 for a Unix socket
 */
@Syntax(
    expected = "host:port, port 1–65535, or unix:/path",
    pattern = "^(unix:/.*|(\\[[0-9a-fA-F:.]{2,45}\\]|[A-Za-z0-9._-]{0,253}):[0-9]{1,5})$",
    example = "127.0.0.1:8080")
public record Address(String host, int port) {

  private static final String EXPECTED = " (expected: host:port, port 1–65535, or unix:/path)";

  /**
   * @throws IllegalArgumentException unless the text is one of the three forms
   */
  public static Address parse(String text) {
    if (text.startsWith("unix:/")) {
      return new Address(text.substring("unix:".length()), -1);
    }
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? text : text.substring(0, colon);
    boolean literal = host.startsWith("[") && host.endsWith("]");
    String bare = literal ? host.substring(1, host.length() - 1) : host;
    if (colon < 0
        || !validHost(bare, literal)
        || !text.substring(colon + 1).matches("[0-9]{1,5}")) {
      throw new IllegalArgumentException('"' + text + '"' + EXPECTED);
    }
    int port = Integer.parseInt(text.substring(colon + 1));
    if (port > 65535) {
      throw new IllegalArgumentException('"' + text + '"' + EXPECTED);
    }
    return new Address(bare.isEmpty() ? "0.0.0.0" : bare, port);
  }

  private static boolean validHost(String host, boolean literal) {
    return literal ? host.matches("[0-9a-fA-F:.]{2,45}") : host.matches("[A-Za-z0-9._-]{0,253}");
  }

  public boolean unix() {
    return port < 0;
  }

  /** True when only this machine can reach it. */
  public boolean loopback() {
    return unix() || host.startsWith("127.") || host.equals("::1") || host.equals("localhost");
  }

  @Override
  public String toString() {
    if (unix()) {
      return "unix:" + host;
    }
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
