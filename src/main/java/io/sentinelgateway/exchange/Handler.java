package io.sentinelgateway.exchange;

import io.vertx.core.Future;

/** Answers an exchange, on its event loop. Fails only with a {@code ProxyException}. */
@FunctionalInterface
public interface Handler {
  Future<ProxyResponse> handle(Exchange exchange);
}
