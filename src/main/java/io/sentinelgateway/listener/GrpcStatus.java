package io.sentinelgateway.listener;

import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.error.ProxyError.Cause;
import java.nio.charset.StandardCharsets;

/**
 * How failures are called in gRPC: the codes of grpc/status, and by default the mapping of its
 * http-grpc-status-mapping, but for causes of which more is known than an HTTP status says. Pure.
 */
final class GrpcStatus {

  private static final int CANCELLED = 1;
  private static final int UNKNOWN = 2;
  private static final int DEADLINE_EXCEEDED = 4;
  private static final int PERMISSION_DENIED = 7;
  private static final int RESOURCE_EXHAUSTED = 8;
  private static final int UNIMPLEMENTED = 12;
  private static final int INTERNAL = 13;
  private static final int UNAVAILABLE = 14;
  private static final int UNAUTHENTICATED = 16;

  private GrpcStatus() {}

  static int of(ProxyError error) {
    if (error.cause() == Cause.CLIENT_GONE) {
      return CANCELLED;
    }
    return switch (error.status()) {
      case 400, 431 -> INTERNAL;
      case 401 -> UNAUTHENTICATED;
      case 403 -> PERMISSION_DENIED;
      case 404, 405, 501 -> UNIMPLEMENTED;
      // What is over a limit of ours comes again with the same result.
      case 413, 414 -> RESOURCE_EXHAUSTED;
      case 408, 504 -> DEADLINE_EXCEEDED;
      case 429, 502, 503 -> UNAVAILABLE;
      case 500 -> INTERNAL;
      default -> UNKNOWN;
    };
  }

  /** Percent-encoded, as grpc-message wants it: visible ASCII but the percent sign stays. */
  static String message(String text) {
    StringBuilder encoded = new StringBuilder(text.length());
    for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
      if (octet >= ' ' && octet <= '~' && octet != '%') {
        encoded.append((char) octet);
      } else {
        encoded.append('%');
        encoded.append(Character.toUpperCase(Character.forDigit(octet >> 4 & 15, 16)));
        encoded.append(Character.toUpperCase(Character.forDigit(octet & 15, 16)));
      }
    }
    return encoded.toString();
  }
}
