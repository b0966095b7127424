package io.sentinelgateway.tls;

import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertPathValidatorException.Reason;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

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
  /** The client showed no certificate though one is required. */
  CERTIFICATE_MISSING,
  /** No path leads from the client's certificate to a configured authority, or it is damaged. */
  CERTIFICATE_UNTRUSTED,
  /** The client's certificate, or one on its path, has expired or is not valid yet. */
  CERTIFICATE_EXPIRED,
  /** The client's certificate, or one on its path, is revoked. */
  CERTIFICATE_REVOKED,
  /** No revocation list tells, or it is out of date. */
  CERTIFICATE_STATUS_UNKNOWN,
  /** Anything else: damaged messages, an own failure. */
  OTHER;

  private static final int MOST_CAUSES = 10;

  /** Words of a provider that tell a kind of failure. */
  private record Clue(String words, HandshakeFailure failure) {}

  /** In this order: an alert may name what the other side found wrong. */
  private static final List<Clue> CLUES =
      List.of(
          new Clue("did not return a certificate", CERTIFICATE_MISSING),
          new Clue("empty client certificate chain", CERTIFICATE_MISSING),
          new Clue("closed", CLOSED),
          new Clue("alert", REFUSED),
          new Clue("protocol version", VERSION),
          new Clue("unsupported protocol", VERSION),
          new Clue("client requested protocol", VERSION),
          new Clue("cipher", CIPHER),
          new Clue("group", CIPHER),
          new Clue("key material", CIPHER));

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
    HandshakeFailure judged = certificate(cause);
    if (judged != null) {
      return judged;
    }
    return cause instanceof SSLException ? of(String.valueOf(cause.getMessage())) : OTHER;
  }

  /** What was found wrong with a client's certificate; {@code null}: it is not that. */
  private static @Nullable HandshakeFailure certificate(Throwable failure) {
    HandshakeFailure found = null;
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < MOST_CAUSES; depth++) {
      if (cause instanceof CertPathValidatorException path) {
        return of(path.getReason());
      }
      if (cause instanceof CertificateException || cause instanceof CertPathBuilderException) {
        found = CERTIFICATE_UNTRUSTED;
      }
      cause = cause.getCause();
    }
    return found;
  }

  private static HandshakeFailure of(Reason reason) {
    if (reason == BasicReason.EXPIRED || reason == BasicReason.NOT_YET_VALID) {
      return CERTIFICATE_EXPIRED;
    }
    if (reason == BasicReason.REVOKED) {
      return CERTIFICATE_REVOKED;
    }
    return reason == BasicReason.UNDETERMINED_REVOCATION_STATUS
        ? CERTIFICATE_STATUS_UNKNOWN
        : CERTIFICATE_UNTRUSTED;
  }

  private static HandshakeFailure of(String message) {
    String text = message.toLowerCase(Locale.ROOT).replace('_', ' ');
    for (Clue clue : CLUES) {
      if (text.contains(clue.words())) {
        return clue.failure();
      }
    }
    return OTHER;
  }

  /** The word in metrics. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}
