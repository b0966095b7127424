package io.sentinelgateway.exchange;

import io.vertx.core.Future;

/**
 * Wraps a handler, on the exchange's event loop: may answer itself, change the request on the way
 * in, or register with {@link Exchange#beforeHead} to change every answer on its way out, the
 * gateway's own error answers included. Implementations hold only final fields.
 */
@FunctionalInterface
public interface Filter {

  Future<ProxyResponse> apply(Exchange exchange, Handler next);

  /** Composition happens once, when a snapshot is compiled; a request walks plain calls. */
  default Handler over(Handler next) {
    return exchange -> apply(exchange, next);
  }
}
