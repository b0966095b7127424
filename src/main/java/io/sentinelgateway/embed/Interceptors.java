package io.sentinelgateway.embed;

import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.Filter;
import io.sentinelgateway.exchange.Handler;
import io.sentinelgateway.exchange.ProxyResponse;
import io.sentinelgateway.filter.FilterKinds;
import io.vertx.core.Future;
import io.vertx.httpproxy.ProxyInterceptor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Interceptors in front of every route, first added first asked. Thread-safe. */
final class Interceptors implements Filter {

  private final AtomicReference<List<Filter>> filters = new AtomicReference<>(List.of());

  /** Sees every request from the next one on. */
  void add(ProxyInterceptor interceptor) {
    Filter added = FilterKinds.interceptor(interceptor);
    filters.updateAndGet(
        before -> {
          List<Filter> after = new ArrayList<>(before);
          after.add(added);
          return List.copyOf(after);
        });
  }

  @Override
  public Future<ProxyResponse> apply(Exchange exchange, Handler next) {
    List<Filter> current = filters.get();
    Handler pipeline = next;
    for (int i = current.size() - 1; i >= 0; i--) {
      pipeline = current.get(i).over(pipeline);
    }
    return pipeline.handle(exchange);
  }
}
