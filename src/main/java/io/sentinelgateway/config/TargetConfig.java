package io.sentinelgateway.config;

import io.sentinelgateway.schema.Address;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Range;

/** One origin server of the group. */
public record TargetConfig(
    @Doc("host:port or unix:/path. A name is resolved when a connection is made.") Address address,
    @Doc("Share of the requests, relative to the other targets.")
        @Default("1")
        @Range(min = "1", max = "1000")
        int weight) {}
