package io.sentinelgateway.tls;

import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** Why a handshake did not come to its end; a bounded set, for metrics. */
public enum HandshakeFailure {
  /** It was not complete in time. */
  TIMEOUT,
  /** The client went away. */
  CLOSED,
  /** The first bytes are not TLS: plain HTTP, mostly. */
  NOT_TLS,
  /** No version in common. */
  VERSION,
  /** No cipher suite, group or signature algorithm in common. */
  CIPHER,
  /** The client refused: it does not trust the certificate, mostly. */
  REFUSED,
  /** Anything else: damaged messages, an own failure. */
  OTHER;

  /**
   * Providers tell kinds of failures apart by nothing but their texts.
   *
   * @param cause as the handshake reported it
   */
  public static HandshakeFailure of(Throwable cause) {
    if (cause instanceof SslHandshakeTimeoutException) {
      return TIMEOUT;
    }
    if (cause instanceof NotSslRecordException) {
      return NOT_TLS;
    }
    if (cause instanceof ClosedChannelException) {
      return CLOSED;
    }
    return cause instanceof SSLException ? of(String.valueOf(cause.getMessage())) : OTHER;
  }

  private static HandshakeFailure of(String message) {
    String text = message.toLowerCase(Locale.ROOT).replace('_', ' ');
    if (text.contains("closed")) {
      return CLOSED;
    }
    if (text.contains("alert")) {
      return REFUSED;
    }
    if (text.contains("protocol version")
        || text.contains("unsupported protocol")
        || text.contains("client requested protocol")) {
      return VERSION;
    }
    if (text.contains("cipher") || text.contains("group") || text.contains("key material")) {
      return CIPHER;
    }
    return OTHER;
  }

  /** The word in metrics. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}
