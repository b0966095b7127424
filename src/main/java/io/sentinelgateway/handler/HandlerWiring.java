package io.sentinelgateway.handler;

import io.sentinelgateway.upstream.Upstream;
import io.vertx.core.Vertx;

/** What handlers are built with. */
public interface HandlerWiring {

  Vertx vertx();

  GatewayStatus status();

  /** The upstream of that id; the configuration was checked, so there is one. */
  Upstream upstream(String id);

  /** Number of event loops. */
  int loops();
}
