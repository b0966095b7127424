package io.sentinelgateway.forward;

import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.error.ProxyException;
import io.sentinelgateway.target.UnprocessedException;
import java.io.IOException;
import javax.net.ssl.SSLException;

/** Tells why an exchange with an origin server broke off. */
final class OriginFailures {

  private OriginFailures() {}

  static ProxyError error(Throwable t, String target) {
    return t instanceof ProxyException known ? known.error() : ProxyError.of(cause(t), target);
  }

  /** What our pool refused says nothing about the target, or nothing new. */
  static boolean blames(ProxyError error) {
    return switch (error.cause()) {
      case POOL_FULL, POOL_TIMEOUT, CONNECTION_LIMIT, CONNECT_SUSPENDED -> false;
      default -> true;
    };
  }

  private static Cause cause(Throwable t) {
    if (t instanceof TooLongHttpHeaderException || t instanceof TooLongHttpLineException) {
      return Cause.UPSTREAM_HEADER_TOO_LARGE;
    }
    if (t instanceof SSLException) {
      return Cause.UPSTREAM_TLS_FAILED;
    }
    if (t instanceof UnprocessedException) {
      return Cause.STREAM_REFUSED;
    }
    boolean closed = t instanceof PrematureChannelClosureException || t instanceof IOException;
    return closed ? Cause.UPSTREAM_RESET : Cause.UPSTREAM_MALFORMED;
  }
}
