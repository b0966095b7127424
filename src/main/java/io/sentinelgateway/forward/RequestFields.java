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

/** Writes the head of the request that goes to the origin server, in one pass over the fields. */
final class RequestFields {

  private RequestFields() {}

  static void write(Exchange exchange, Target target, HttpClientRequest request) {
    request.setMethod(exchange.request().method());
    request.setURI(exchange.target());
    MultiMap from = exchange.head().fields();
    MultiMap to = request.headers();
    HopByHop.copyEndToEnd(from, to, ConnectionOptions.NONE);
    HostHeader host = target.settings().host();
    if (!host.preserve()) {
      to.set(HttpHeaders.HOST, host.target() ? target.name() : host.value());
    }
    CharSequence te = from.get(HttpHeaderNames.TE);
    if (te != null && HopByHop.acceptsTrailers(te)) {
      to.set(HttpHeaderNames.TE, "trailers");
      to.add(HttpHeaders.CONNECTION, HttpHeaderNames.TE);
    }
  }
}
