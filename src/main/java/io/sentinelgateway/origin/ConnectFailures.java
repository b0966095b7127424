package io.sentinelgateway.origin;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.tls.UntrustedOriginException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.concurrent.TimeoutException;

/** Tells why a connection could not be made. */
final class ConnectFailures {

  private ConnectFailures() {}

  /** Why the handshake after it did not come to its end. */
  static Cause inHandshake(Throwable t) {
    if (t instanceof SslHandshakeTimeoutException) {
      return Cause.UPSTREAM_TLS_TIMEOUT;
    }
    UntrustedOriginException refusal = UntrustedOriginException.in(t);
    if (refusal == null) {
      return disagreed(t) ? Cause.NO_COMMON_PROTOCOL : Cause.UPSTREAM_TLS_FAILED;
    }
    return refusal.otherName() ? Cause.UPSTREAM_TLS_NAME_MISMATCH : Cause.UPSTREAM_TLS_UNTRUSTED;
  }

  /** Alert 120 (RFC 7301 section 3.2), for which neither provider has a class. */
  private static boolean disagreed(Throwable t) {
    return String.valueOf(t.getMessage())
        .toLowerCase(Locale.ROOT)
        .contains("no_application_protocol");
  }

  /** For people. */
  static String explanation(Throwable t) {
    UntrustedOriginException refusal = UntrustedOriginException.in(t);
    return refusal == null ? t.toString() : String.valueOf(refusal.getMessage());
  }

  static Cause cause(Throwable t) {
    if (t instanceof ConnectTimeoutException || t instanceof TimeoutException) {
      return Cause.CONNECT_TIMEOUT;
    }
    if (t instanceof NoHttp2Exception) {
      return Cause.NO_COMMON_PROTOCOL;
    }
    // The resolver throws the latter, before it asks anybody, for what is no name at all.
    if (t instanceof UnknownHostException || t instanceof IllegalArgumentException) {
      return Cause.NAME_NOT_RESOLVED;
    }
    if (t instanceof ConnectException && refused(t)) {
      return Cause.CONNECT_REFUSED;
    }
    return Cause.CONNECT_FAILED;
  }

  /** The native transports put the errno's text into the message and have no class for it. */
  private static boolean refused(Throwable t) {
    String message = t.getMessage();
    return message == null || message.toLowerCase(Locale.ROOT).contains("refused");
  }
}
