package io.sentinelgateway.config;

import io.sentinelgateway.schema.Doc;
import java.util.Optional;

/** Which signs decide that a target is healthy. */
public record HealthConfig(
    @Doc("Leave a target out that keeps failing real requests; absent: never.")
        Optional<PassiveConfig> passive) {}
