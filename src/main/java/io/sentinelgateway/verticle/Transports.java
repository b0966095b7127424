package io.sentinelgateway.verticle;

import io.sentinelgateway.config.ServerConfig;
import io.vertx.core.transport.Transport;
import java.util.Locale;

/**
 * How sockets are driven: what was asked for, or the best that this machine has. Immutable.
 *
 * @param transport the library's
 * @param description its name and why it was chosen, for the start line and {@code /status}
 */
record Transports(Transport transport, String description) {

  static Transports choose(ServerConfig.Transport wanted) {
    return switch (wanted) {
      case NIO -> new Transports(Transport.NIO, "nio (as configured)");
      case EPOLL -> required(Transport.EPOLL, wanted);
      case IO_URING -> required(Transport.IO_URING, wanted);
      case AUTO -> best();
    };
  }

  private static Transports best() {
    if (available(Transport.EPOLL)) {
      return new Transports(Transport.EPOLL, "epoll (best available)");
    }
    return new Transports(Transport.NIO, "nio (no native transport: " + why(Transport.EPOLL) + ")");
  }

  private static Transports required(Transport transport, ServerConfig.Transport wanted) {
    String name = wanted.name().toLowerCase(Locale.ROOT);
    if (!available(transport)) {
      throw new IllegalStateException(
          "server.transport: " + name + " is not available here: " + why(transport));
    }
    return new Transports(transport, name + " (as configured)");
  }

  /** The library's constants are null where the native library is not on the class path. */
  private static boolean available(Transport transport) {
    return transport != null && transport.available();
  }

  private static String why(Transport transport) {
    if (transport == null) {
      return "its library is missing";
    }
    Throwable cause = transport.unavailabilityCause();
    while (cause != null && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause == null ? "unknown" : String.valueOf(cause.getMessage());
  }
}
