package io.sentinelgateway.streams;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.sentinelgateway.http.RequestRules;
import io.vertx.core.MultiMap;
import java.util.Map;

/**
 * Reads heads and trailer sections of answers, and refuses what RFC 9113 section 8.2 and 8.3 call
 * malformed. Stateless.
 */
final class AnswerHead {

  private static final int LONGEST_LENGTH = 18;
  private static final AsciiString KEEP_ALIVE = AsciiString.cached("keep-alive");

  private AnswerHead() {}

  /** The status; the only pseudo-header field there is. */
  static int status(int stream, Http2Headers headers) throws Http2Exception {
    CharSequence text = headers.status();
    int status = 0;
    for (int i = 0; text != null && i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      status = digit < 0 || digit > 9 ? -1000 : status * 10 + digit;
    }
    if (text == null || text.length() != 3 || status < 100 || status == 101) {
      throw Failures.malformed(stream, ":status (expected: three digits, and not 101)");
    }
    return status;
  }

  /**
   * Copies the field lines.
   *
   * @param trailers true when there must be no pseudo-header field at all
   */
  static void copy(int stream, Http2Headers from, boolean trailers, MultiMap to)
      throws Http2Exception {
    boolean status = trailers;
    for (Map.Entry<CharSequence, CharSequence> line : from) {
      CharSequence name = line.getKey();
      if (name.length() > 0 && name.charAt(0) == ':') {
        if (status || !Http2Headers.PseudoHeaderName.STATUS.value().contentEquals(name)) {
          throw Failures.malformed(stream, "pseudo-header fields (expected: one :status)");
        }
        status = true;
      } else if (valid(name) && RequestRules.fieldValue(line.getValue())) {
        to.add(name, line.getValue());
      } else {
        throw Failures.malformed(stream, "field line (expected: a valid one in lower case)");
      }
    }
  }

  private static boolean valid(CharSequence name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c >= 'A' && c <= 'Z') {
        return false;
      }
    }
    return RequestRules.token(name) && !connectionSpecific(name);
  }

  private static boolean connectionSpecific(CharSequence name) {
    return switch (name.length()) {
      case 7 -> HttpHeaderNames.UPGRADE.contentEquals(name);
      case 10 -> HttpHeaderNames.CONNECTION.contentEquals(name) || KEEP_ALIVE.contentEquals(name);
      case 17 -> HttpHeaderNames.TRANSFER_ENCODING.contentEquals(name);
      default -> false;
    };
  }

  /** What Content-Length says; -1 for nothing. */
  static long length(int stream, Http2Headers headers) throws Http2Exception {
    long length = -1;
    for (CharSequence text : headers.getAll(HttpHeaderNames.CONTENT_LENGTH)) {
      long one = digits(text);
      if (one < 0 || (length >= 0 && length != one)) {
        throw Failures.malformed(stream, "content-length (expected: one number)");
      }
      length = one;
    }
    return length;
  }

  private static long digits(CharSequence text) {
    long number = text.length() == 0 || text.length() > LONGEST_LENGTH ? -1 : 0;
    for (int i = 0; number >= 0 && i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      number = digit < 0 || digit > 9 ? -1 : number * 10 + digit;
    }
    return number;
  }
}
