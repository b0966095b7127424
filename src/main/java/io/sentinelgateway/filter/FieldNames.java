package io.sentinelgateway.filter;

import io.sentinelgateway.schema.Problems;
import java.util.Locale;
import java.util.Map;

/**
 * Which fields the configuration may write. Fields of one connection (RFC 9110 section 7.6.1) and
 * of message framing (RFC 9112 section 6) belong to the gateway: whoever could set them could
 * smuggle requests. Stateless.
 */
public final class FieldNames {

  private static final String OF_THE_CONNECTION = "belongs to one connection; the gateway sets it";
  private static final String FRAMING = "frames the message; the gateway sets it";

  private static final Map<String, String> REFUSED =
      Map.of(
          "connection", OF_THE_CONNECTION,
          "keep-alive", OF_THE_CONNECTION,
          "proxy-connection", OF_THE_CONNECTION,
          "upgrade", OF_THE_CONNECTION,
          "te", OF_THE_CONNECTION,
          "trailer", FRAMING,
          "transfer-encoding", FRAMING,
          "content-length", FRAMING,
          "host", "names the origin server (expected: forward.host of the route)");

  private FieldNames() {}

  /** Adds a problem unless it is a field name (RFC 9110 section 5.1) that may be written. */
  public static void check(String name, Problems problems) {
    if (!name.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,256}")) {
      problems.error('"' + name + "\" (expected: a field name)");
      return;
    }
    String reason = REFUSED.get(name.toLowerCase(Locale.ROOT));
    problems.require(reason == null, name + ": " + reason);
  }
}
