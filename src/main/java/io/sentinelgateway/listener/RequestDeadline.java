package io.sentinelgateway.listener;

import io.sentinelgateway.config.ListenerConfig.TimeoutsConfig;
import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.Timers;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How long a request may take, by its listener or by its client. */
final class RequestDeadline {

  private RequestDeadline() {}

  /**
   * @param timeouts of the listener
   * @param passed told when it passes
   * @return {@code null} when nothing bounds the request
   */
  static Timers.@Nullable Timeout start(
      Exchange exchange, TimeoutsConfig timeouts, Consumer<ProxyError> passed) {
    Duration configured = timeouts.request().orElse(null);
    Duration limit = GrpcTimeout.limit(exchange, configured);
    if (limit == null) {
      return null;
    }
    String whose = limit.equals(configured) ? "timeouts.request" : "grpc-timeout";
    return exchange
        .loop()
        .timers()
        .start(limit, () -> passed.accept(ProxyError.of(Cause.DEADLINE_EXCEEDED, whose)));
  }
}
