package io.sentinelgateway.filter;

import io.sentinelgateway.error.ProxyException;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.Filter;
import io.sentinelgateway.exchange.Handler;
import io.sentinelgateway.exchange.ProxyResponse;
import io.sentinelgateway.exchange.Pure;
import io.vertx.core.Future;

/**
 * {@code rewrite}: changes the target that is sent to the origin. Immutable; shared by all loops.
 */
final class RewriteFilter implements Filter, Pure {

  private final Rewrite rewrite;

  RewriteFilter(RewriteSettings settings, FilterWiring wiring) {
    this.rewrite = new Rewrite(settings);
  }

  @Override
  public Future<ProxyResponse> apply(Exchange exchange, Handler next) {
    try {
      rewrite.apply(exchange);
    } catch (ProxyException e) {
      return Future.failedFuture(e);
    }
    return next.handle(exchange);
  }
}
