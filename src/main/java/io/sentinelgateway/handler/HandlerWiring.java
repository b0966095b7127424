package io.sentinelgateway.handler;

import io.vertx.core.Vertx;

/** What handlers are built with. */
public interface HandlerWiring {

  Vertx vertx();

  GatewayStatus status();
}
