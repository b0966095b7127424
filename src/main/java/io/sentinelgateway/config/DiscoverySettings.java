package io.sentinelgateway.config;

import io.sentinelgateway.schema.Problems;
import java.time.Duration;

/** Marks a record as the settings of a source of targets; it lives beside its source. */
public interface DiscoverySettings {

  /** How long a configuration that begins to use the source waits for its first answer. */
  Duration initialWait();

  /** Most targets that are used; the source's others are left out. */
  int maxTargets();

  /** Adds what is wrong beyond the types of the single keys; the view stands at these settings. */
  default void check(Problems problems) {}
}
