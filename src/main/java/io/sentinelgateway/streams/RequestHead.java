package io.sentinelgateway.streams;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.vertx.core.MultiMap;

/**
 * How heads and trailer sections of requests look in HTTP/2 (RFC 9113 section 8.3.1). Stateless.
 */
final class RequestHead {

  private static final int USUAL_FIELDS = 16;

  private RequestHead() {}

  static Http2Headers of(String method, String target, AsciiString scheme) {
    // Names and values are valid by the contract, and not looked at once more.
    return new DefaultHttp2Headers(false, USUAL_FIELDS).method(method).scheme(scheme).path(target);
  }

  /**
   * Adds a field line: Host becomes the authority, and what is said of the connection is left out
   * (RFC 9113 section 8.2.2).
   */
  static void add(Http2Headers head, CharSequence name, CharSequence value) {
    if (AsciiString.contentEqualsIgnoreCase(name, HttpHeaderNames.HOST)) {
      head.authority(value);
    } else if (!AsciiString.contentEqualsIgnoreCase(name, HttpHeaderNames.CONNECTION)
        && !AsciiString.contentEqualsIgnoreCase(name, HttpHeaderNames.UPGRADE)) {
      head.add(AsciiString.of(name).toLowerCase(), value);
    }
  }

  static Http2Headers trailers(MultiMap section) {
    Http2Headers trailers = new DefaultHttp2Headers(false, section.size());
    section.forEach((name, value) -> trailers.add(AsciiString.of(name).toLowerCase(), value));
    return trailers;
  }

  /**
   * True for what must not get into the table of a connection that many clients share, where one
   * could guess at another's (RFC 7541 section 7.1).
   */
  static boolean secret(CharSequence name) {
    return switch (name.length()) {
      case 6 -> HttpHeaderNames.COOKIE.contentEquals(name);
      case 13 -> HttpHeaderNames.AUTHORIZATION.contentEquals(name);
      default -> false;
    };
  }
}
