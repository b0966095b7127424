package io.sentinelgateway.config;

import io.sentinelgateway.schema.Problems;

/** Marks a record as the settings of a source of targets; it lives beside its source. */
public interface DiscoverySettings {

  /** What can be said of every source. */
  DiscoveryConfig common();

  /** Adds what is wrong beyond the types of the single keys; the view stands at these settings. */
  default void check(Problems problems) {}
}
