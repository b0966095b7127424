package io.sentinelgateway.config;

import io.sentinelgateway.schema.Problems;

/** Marks a record as the settings of a load balancer; it lives beside its balancer. */
public interface BalancerSettings {

  /** Adds what is wrong beyond the types of the single keys; the view stands at these settings. */
  default void check(Problems problems) {}
}
