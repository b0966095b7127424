package io.sentinelgateway.config;

/** Marks a record as the settings of a load balancer; it lives beside its balancer. */
public interface BalancerSettings {

  /** Adds what is wrong beyond the types of the single keys. */
  default void check(Problems problems) {}
}
