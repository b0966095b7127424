package io.sentinelgateway.tls;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import io.sentinelgateway.config.ServerConfig;

/**
 * Whose code does TLS: what was asked for, or the best that this machine has. Immutable.
 *
 * @param boring true for BoringSSL, false for the JDK
 * @param description its name and why it was chosen, for the start line and {@code /status}
 */
public record TlsProvider(boolean boring, String description) {

  /**
   * May load a native library: never on an event loop.
   *
   * @throws IllegalArgumentException when what was asked for is not to be had here
   */
  public static TlsProvider choose(ServerConfig.TlsProvider wanted) {
    return switch (wanted) {
      case JDK -> new TlsProvider(false, "jdk (as configured)");
      case BORINGSSL -> {
        if (!OpenSsl.isAvailable()) {
          throw new IllegalArgumentException("boringssl cannot be loaded here: " + why());
        }
        yield new TlsProvider(true, "boringssl (as configured)");
      }
      case AUTO ->
          OpenSsl.isAvailable()
              ? new TlsProvider(true, "boringssl (best available)")
              : new TlsProvider(false, "jdk (no boringssl: " + why() + ")");
    };
  }

  /** The reference-counted kind: contexts and engines of the other one wait for the collector. */
  SslProvider netty() {
    return boring ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK;
  }

  private static String why() {
    Throwable cause = OpenSsl.unavailabilityCause();
    while (cause != null && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause == null ? "unknown" : String.valueOf(cause.getMessage());
  }
}
