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
import io.vertx.core.http.HttpHeaders;
import java.util.Optional;

/**
 * {@code request-id}: tells the origin and the client the id under which the gateway logs the
 * exchange. Immutable; shared by all loops.
 */
final class RequestIdFilter implements Filter, Pure {

  /** Settings of {@code type: request-id}. */
  @Doc("Tells the origin and the client the id of the request.")
  record Settings(
      @Doc("Field that carries the id; absent: `server.request-id.header`.")
          Optional<String> header,
      @Doc("Send it to the origin; false takes away what the client sent under that name.")
          @Default("true")
          boolean toOrigin,
      @Doc("Send it to the client.") @Default("true") boolean toClient)
      implements FilterSettings {

    @Override
    public void check(GatewayConfig config, Problems problems) {
      header.ifPresent(name -> FieldNames.check(name, problems.at("header")));
    }
  }

  private final CharSequence field;
  private final boolean toOrigin;
  private final boolean toClient;
  private final ResponseHook hook;

  RequestIdFilter(Settings settings, FilterWiring wiring) {
    CharSequence name =
        HttpHeaders.createOptimized(
            settings.header().orElseGet(() -> wiring.server().requestId().header()));
    this.field = name;
    this.toOrigin = settings.toOrigin();
    this.toClient = settings.toClient();
    this.hook = (exchange, answer) -> answer.fields().set(name, exchange.requestId());
  }

  @Override
  public Future<ProxyResponse> apply(Exchange exchange, Handler next) {
    if (toOrigin) {
      exchange.head().fields().set(field, exchange.requestId());
    } else {
      exchange.head().fields().remove(field);
    }
    if (toClient) {
      exchange.beforeHead(hook);
    }
    return next.handle(exchange);
  }
}
