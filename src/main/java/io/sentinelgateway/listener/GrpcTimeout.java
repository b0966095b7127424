package io.sentinelgateway.listener;

import io.sentinelgateway.exchange.Exchange;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Reads grpc-timeout: up to eight digits and a unit. Pure. */
final class GrpcTimeout {

  private static final int DIGITS = 8;

  private GrpcTimeout() {}

  /**
   * The client's own deadline counts where it is the shorter one.
   *
   * @param own of the listener; {@code null} for none
   */
  static @Nullable Duration limit(Exchange exchange, @Nullable Duration own) {
    if (!ErrorResponder.grpc(exchange)) {
      return own;
    }
    Duration asked = parse(exchange.head().fields().get("grpc-timeout"));
    return asked == null || (own != null && own.compareTo(asked) < 0) ? own : asked;
  }

  /** {@code null} when it is missing or malformed; then the gateway's own limits count alone. */
  static @Nullable Duration parse(@Nullable String value) {
    int last = value == null ? 0 : value.length() - 1;
    if (value == null || last < 1 || last > DIGITS) {
      return null;
    }
    long number = 0;
    for (int i = 0; i < last; i++) {
      char c = value.charAt(i);
      if (c < '0' || c > '9') {
        return null;
      }
      number = number * 10 + c - '0';
    }
    TimeUnit unit = unit(value.charAt(last));
    return unit == null ? null : Duration.of(number, unit.toChronoUnit());
  }

  private static @Nullable TimeUnit unit(char letter) {
    return switch (letter) {
      case 'H' -> TimeUnit.HOURS;
      case 'M' -> TimeUnit.MINUTES;
      case 'S' -> TimeUnit.SECONDS;
      case 'm' -> TimeUnit.MILLISECONDS;
      case 'u' -> TimeUnit.MICROSECONDS;
      case 'n' -> TimeUnit.NANOSECONDS;
      default -> null;
    };
  }
}
