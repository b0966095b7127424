package io.sentinelgateway.origin;

import io.netty.channel.ConnectTimeoutException;
import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.error.ProxyError.Cause;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.concurrent.TimeoutException;

/** Tells why a connection could not be made. */
final class ConnectFailures {

  private ConnectFailures() {}

  static ProxyError error(Throwable t, String target) {
    return ProxyError.of(cause(t), target);
  }

  private static Cause cause(Throwable t) {
    if (t instanceof ConnectTimeoutException || t instanceof TimeoutException) {
      return Cause.CONNECT_TIMEOUT;
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
