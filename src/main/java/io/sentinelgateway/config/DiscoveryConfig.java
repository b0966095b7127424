package io.sentinelgateway.config;

import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Range;
import java.time.Duration;

/** What can be said of every source of targets. */
public record DiscoveryConfig(
    @Doc("How long a configuration that begins to use the source waits for its first answer.")
        @Default("2s")
        @Range(min = "1ms", max = "30s")
        Duration initialWait,
    @Doc("Most targets that are used; the source's others are left out.")
        @Default("1000")
        @Range(min = "1", max = "100000")
        int maxTargets) {}
