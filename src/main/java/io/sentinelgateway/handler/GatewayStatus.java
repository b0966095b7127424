package io.sentinelgateway.handler;

import io.vertx.core.json.JsonObject;

/** What the gateway says about itself. Thread-safe; never blocks. */
public interface GatewayStatus {

  /** True while a configuration is in force on all listeners and the gateway is not going away. */
  boolean ready();

  String version();

  /** What {@code /status} shows; no secrets. */
  JsonObject status();
}
