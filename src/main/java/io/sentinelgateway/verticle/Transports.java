package io.sentinelgateway.verticle;

import io.sentinelgateway.config.ServerConfig;
import io.sentinelgateway.wire.TransportProbe;
import io.vertx.core.transport.Transport;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * How sockets are driven: what was asked for, or the best that this machine has and allows.
 * Immutable.
 *
 * @param transport the library's
 * @param description its name and why it was chosen, for the start line and {@code /status}
 */
record Transports(Transport transport, String description) {

  /** Says what {@code auto} shall mean in this process: for tests and measurements. */
  static final String PROPERTY = "sentinel.transport";

  /**
   * Blocks for some milliseconds.
   *
   * @param loops number of event loops that there will be
   * @param takesOver whether it must drive sockets that another process has made
   * @throws IllegalStateException when what was asked for is not to be had here
   */
  static Transports choose(ServerConfig.Transport wanted, int loops, boolean takesOver) {
    return takesOver
        ? takingOver(wanted, loops)
        : choose(
            wanted, System.getProperty(PROPERTY, "auto"), transport -> failure(transport, loops));
  }

  private static Transports takingOver(ServerConfig.Transport wanted, int loops) {
    if (wanted != ServerConfig.Transport.AUTO && wanted != ServerConfig.Transport.EPOLL) {
      throw new IllegalStateException(
          "server.transport: "
              + word(wanted)
              + " cannot drive sockets that were handed over (expected: epoll or auto)");
    }
    return required(
        ServerConfig.Transport.EPOLL,
        "for the sockets that were handed over",
        transport -> failure(transport, loops));
  }

  /**
   * @param preset what {@code auto} means
   * @param failure why a transport cannot be used; empty when it can
   */
  static Transports choose(
      ServerConfig.Transport wanted,
      String preset,
      Function<ServerConfig.Transport, Optional<String>> failure) {
    if (wanted != ServerConfig.Transport.AUTO) {
      return required(wanted, "as configured", failure);
    }
    ServerConfig.Transport meant = ServerConfig.Transport.valueOf(preset.toUpperCase(Locale.ROOT));
    return meant == ServerConfig.Transport.AUTO
        ? best(failure)
        : required(meant, "by -D" + PROPERTY, failure);
  }

  private static Transports best(Function<ServerConfig.Transport, Optional<String>> failure) {
    Optional<String> noRing = failure.apply(ServerConfig.Transport.IO_URING);
    if (noRing.isEmpty()) {
      return of(ServerConfig.Transport.IO_URING, "best available");
    }
    String reason = "io_uring cannot be used here: " + noRing.get();
    Optional<String> noEpoll = failure.apply(ServerConfig.Transport.EPOLL);
    return noEpoll.isEmpty()
        ? of(ServerConfig.Transport.EPOLL, reason)
        : of(ServerConfig.Transport.NIO, reason + "; nor can epoll: " + noEpoll.get());
  }

  private static Transports required(
      ServerConfig.Transport wanted,
      String reason,
      Function<ServerConfig.Transport, Optional<String>> failure) {
    failure
        .apply(wanted)
        .ifPresent(
            why -> {
              throw new IllegalStateException(
                  "server.transport: " + word(wanted) + " cannot be used here: " + why);
            });
    return of(wanted, reason);
  }

  private static Transports of(ServerConfig.Transport chosen, String reason) {
    return new Transports(library(chosen), word(chosen) + " (" + reason + ")");
  }

  private static String word(ServerConfig.Transport transport) {
    return transport.name().toLowerCase(Locale.ROOT);
  }

  private static Transport library(ServerConfig.Transport wanted) {
    return switch (wanted) {
      case IO_URING -> Transport.IO_URING;
      case EPOLL -> Transport.EPOLL;
      case NIO, AUTO -> Transport.NIO;
    };
  }

  private static Optional<String> failure(ServerConfig.Transport wanted, int loops) {
    Transport transport = library(wanted);
    if (transport == null) {
      // The library's constants are null where its classes are missing.
      return Optional.of("its library is missing");
    }
    if (!transport.available()) {
      Throwable cause = transport.unavailabilityCause();
      return Optional.of(cause == null ? "unknown" : TransportProbe.reason(cause));
    }
    return wanted == ServerConfig.Transport.IO_URING
        ? TransportProbe.failure(transport, loops)
        : Optional.empty();
  }
}
