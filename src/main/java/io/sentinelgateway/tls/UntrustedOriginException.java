package io.sentinelgateway.tls;

import java.security.cert.CertificateException;
import org.jspecify.annotations.Nullable;

/** The certificate of an origin server is refused. */
public final class UntrustedOriginException extends CertificateException {

  private static final long serialVersionUID = 1L;

  private final boolean otherName;

  UntrustedOriginException(boolean otherName, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.otherName = otherName;
  }

  /** True when the certificate is good, but somebody else's. */
  public boolean otherName() {
    return otherName;
  }

  /** The refusal that made a handshake fail; {@code null} when it failed for another reason. */
  public static @Nullable UntrustedOriginException in(Throwable failure) {
    Throwable cause = failure;
    while (cause != null) {
      if (cause instanceof UntrustedOriginException refusal) {
        return refusal;
      }
      cause = cause.getCause();
    }
    return null;
  }
}
