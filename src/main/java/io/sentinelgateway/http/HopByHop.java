package io.sentinelgateway.http;

import io.netty.handler.codec.http.HttpHeaders;
import io.vertx.core.MultiMap;

/**
 * Fields that are meant for one connection and end at this gateway (RFC 9110 section 7.6.1). Pure;
 * any thread; no allocation.
 *
 * <p>TE goes like the others. Whoever forwards may say {@code TE: trailers} anew when the client
 * said so ({@link #acceptsTrailers}): the gateway passes trailer sections on, so it is true.
 *
 * <p>The Proxy-… fields of RFC 9110 section 11.7 are for the next proxy, and that is this gateway:
 * credentials for it are nobody else's.
 */
public final class HopByHop {

  private HopByHop() {}

  /** True when a field must not be forwarded, whatever Connection says. */
  public static boolean is(CharSequence name) {
    return switch (name.length()) {
      case 2 -> FieldLines.named(name, "te");
      case 7 -> FieldLines.named(name, "upgrade") || FieldLines.named(name, "trailer");
      case 10 -> FieldLines.named(name, "connection") || FieldLines.named(name, "keep-alive");
      case 14 -> FieldLines.named(name, "http2-settings");
      case 16 -> FieldLines.named(name, "proxy-connection");
      case 17 -> FieldLines.named(name, "transfer-encoding");
      case 18 -> FieldLines.named(name, "proxy-authenticate");
      case 19 -> FieldLines.named(name, "proxy-authorization");
      case 25 -> FieldLines.named(name, "proxy-authentication-info");
      default -> false;
    };
  }

  /** True when RFC 9113 section 8.2.2 forbids the field in HTTP/2. TE is judged by its value. */
  static boolean connectionSpecific(CharSequence name) {
    return switch (name.length()) {
      case 7 -> FieldLines.named(name, "upgrade");
      case 10 -> FieldLines.named(name, "connection") || FieldLines.named(name, "keep-alive");
      case 16 -> FieldLines.named(name, "proxy-connection");
      case 17 -> FieldLines.named(name, "transfer-encoding");
      default -> false;
    };
  }

  /** Leaves the field lines that HTTP/2 allows in an answer. */
  public static void removeConnectionSpecific(MultiMap fields) {
    FieldLines.removeIf(fields, HopByHop::connectionSpecific);
  }

  /** True when a TE value is exactly {@code trailers} (RFC 9110 section 10.1.4). */
  public static boolean acceptsTrailers(CharSequence te) {
    return FieldLines.named(te, "trailers");
  }

  /** What is done with a field line. */
  @FunctionalInterface
  public interface Line {
    void of(CharSequence name, CharSequence value);
  }

  /**
   * Walks over the field lines that are meant for the other side, in their order. Those that the
   * message's own Connection names must have been removed.
   *
   * @throws IllegalArgumentException when a line cannot be forwarded
   */
  public static void eachEndToEnd(MultiMap fields, Line action) {
    boolean validated = fields instanceof HttpHeaders;
    FieldLines.each(
        fields,
        (name, value) -> {
          if (!is(name)) {
            if (!validated && !(RequestRules.token(name) && RequestRules.fieldValue(value))) {
              throw new IllegalArgumentException("a field line that cannot be forwarded");
            }
            action.of(name, value);
          }
          return true;
        });
  }

  /**
   * Removes the field lines that are not meant for the other side.
   *
   * @param named what the message's own Connection names; these go as well
   */
  public static void removeFrom(MultiMap fields, ConnectionOptions named) {
    FieldLines.removeIf(fields, name -> is(name) || named.removes(name));
  }

  /**
   * Adds the field lines that are meant for the other side to those already there, in their order.
   *
   * @param named what the message's own Connection names; these stay behind as well
   */
  public static void copyEndToEnd(MultiMap from, MultiMap to, ConnectionOptions named) {
    FieldLines.each(
        from,
        (name, value) -> {
          if (!is(name) && !named.removes(name)) {
            to.add(name, value);
          }
          return true;
        });
  }
}
