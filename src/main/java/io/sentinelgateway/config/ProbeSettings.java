package io.sentinelgateway.config;

import io.sentinelgateway.schema.Problems;

/** Marks a record as the settings of an active check; it lives beside its probe. */
public interface ProbeSettings {

  /** What every kind of check has. */
  ActiveConfig checks();

  /** Adds what is wrong beyond the types of the single keys; the view stands at these settings. */
  default void check(Problems problems) {}
}
