package io.sentinelgateway.filter;

import io.sentinelgateway.config.FilterSettings;
import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.Filter;
import io.sentinelgateway.exchange.Handler;
import io.sentinelgateway.exchange.ProxyResponse;
import io.sentinelgateway.exchange.Pure;
import io.sentinelgateway.exchange.ResponseHook;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Problems;
import io.vertx.core.Future;

/**
 * {@code headers}: sets, adds and removes fields of the request toward the origin and of the answer
 * toward the client. Immutable; shared by all loops.
 */
final class HeadersFilter implements Filter, Pure {

  /** Settings of {@code type: headers}. */
  @Doc("Sets, adds and removes fields of the request and of the answer.")
  record Settings(
      @Doc("Changes of the request, before it goes to the origin.") @Default("{}")
          FieldEdits request,
      @Doc("Changes of the answer, errors of the gateway included, before it goes to the client.")
          @Default("{}")
          FieldEdits response)
      implements FilterSettings {

    @Override
    public void check(GatewayConfig config, Problems problems) {
      request.check(problems.at("request"));
      response.check(problems.at("response"));
      problems.require(
          !request.none() || !response.none(), "changes nothing (expected: request or response)");
    }
  }

  private final FieldEdits request;
  private final boolean editsResponse;
  private final ResponseHook hook;

  HeadersFilter(Settings settings, FilterWiring wiring) {
    this.request = settings.request();
    FieldEdits response = settings.response();
    this.editsResponse = !response.none();
    this.hook = (exchange, answer) -> response.apply(exchange, answer.fields());
  }

  @Override
  public Future<ProxyResponse> apply(Exchange exchange, Handler next) {
    request.apply(exchange, exchange.head().fields());
    if (editsResponse) {
      exchange.beforeHead(hook);
    }
    return next.handle(exchange);
  }
}
