package io.sentinelgateway.config;

import io.sentinelgateway.schema.Problems;

/** Marks a record as the settings of a filter; the record lives beside its filter. */
public interface FilterSettings {

  /** Adds what is wrong beyond the types of the single keys; the view stands at these settings. */
  default void check(GatewayConfig config, Problems problems) {}
}
