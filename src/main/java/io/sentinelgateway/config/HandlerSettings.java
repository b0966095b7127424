package io.sentinelgateway.config;

import io.sentinelgateway.schema.Problems;

/** Marks a record as the settings of a route's terminal handler; it lives beside its handler. */
public interface HandlerSettings {

  /**
   * Adds what is wrong beyond the types of the single keys, such as an unknown upstream.
   *
   * @param problems stands at these settings themselves: {@code problems.at("upstream")} is {@code
   *     routes.x.forward.upstream}
   */
  default void check(GatewayConfig config, Problems problems) {}
}
