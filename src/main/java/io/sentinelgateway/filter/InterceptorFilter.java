package io.sentinelgateway.filter;

import io.sentinelgateway.config.FilterSettings;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.Filter;
import io.sentinelgateway.exchange.Handler;
import io.sentinelgateway.exchange.ProxyResponse;
import io.sentinelgateway.schema.Doc;
import io.vertx.core.Future;
import io.vertx.httpproxy.ProxyInterceptor;
import java.util.Optional;

/**
 * {@code interceptor}: runs a {@link ProxyInterceptor} of the user. It sees every request of its
 * route, also one that asks for an upgrade. There is one instance for all loops, as in the library;
 * it must be thread-safe and must not block.
 */
final class InterceptorFilter implements Filter {

  /** Settings of {@code type: interceptor}. */
  @Doc("Runs a Java class that implements io.vertx.httpproxy.ProxyInterceptor.")
  record Settings(
      @Doc(
              value = "Name of the class; it needs a public constructor without parameters.",
              example = "com.example.Audit")
          String className,
      @Doc(
              value =
                  "Jar in `server.plugins` to take it from; absent: the class path, then all jars.",
              example = "audit.jar")
          Optional<String> jar)
      implements FilterSettings {}

  private final ProxyInterceptor interceptor;

  InterceptorFilter(Settings settings, FilterWiring wiring) {
    this(wiring.plugins().interceptor(settings.className(), settings.jar().orElse(null)));
  }

  InterceptorFilter(ProxyInterceptor interceptor) {
    this.interceptor = interceptor;
  }

  @Override
  public Future<ProxyResponse> apply(Exchange exchange, Handler next) {
    return new Interception(exchange, next, interceptor).run();
  }
}
