package io.sentinelgateway.forward;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.sentinelgateway.config.UpstreamConfig.HostHeader;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.http.ConnectionOptions;
import io.sentinelgateway.http.HopByHop;
import io.sentinelgateway.target.Target;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import org.jspecify.annotations.Nullable;

/** Writes the head of the request that goes to the origin server, in one pass over the fields. */
final class RequestFields {

  private RequestFields() {}

  static void write(Exchange exchange, Target target, HttpClientRequest request) {
    request.setMethod(method(exchange));
    request.setURI(exchange.target());
    MultiMap from = exchange.head().fields();
    MultiMap to = request.headers();
    HopByHop.copyEndToEnd(from, to, ConnectionOptions.NONE);
    String host = host(exchange, target);
    if (host != null) {
      to.set(HttpHeaders.HOST, host);
    }
    CharSequence te = from.get(HttpHeaderNames.TE);
    if (te != null && HopByHop.acceptsTrailers(te)) {
      to.set(HttpHeaderNames.TE, "trailers");
      to.add(HttpHeaders.CONNECTION, HttpHeaderNames.TE);
    }
  }

  /** The client's method is interned already; only an interceptor changes it. */
  private static HttpMethod method(Exchange exchange) {
    HttpMethod asked = exchange.request().method();
    String wanted = exchange.method();
    return asked.name().equals(wanted) ? asked : HttpMethod.valueOf(wanted);
  }

  /** What Host must say; {@code null} to leave the client's. */
  private static @Nullable String host(Exchange exchange, Target target) {
    HostHeader settings = target.settings().host();
    if (exchange.authority() != null) {
      return exchange.authority();
    }
    if (settings.preserve()) {
      return null;
    }
    return settings.target() ? target.name() : settings.value();
  }
}
