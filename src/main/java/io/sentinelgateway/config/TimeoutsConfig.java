package io.sentinelgateway.config;

import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Range;
import java.time.Duration;

/** How long an origin server may take. */
public record TimeoutsConfig(
    @Doc(
            "From the end of the request to the head of the answer; also the longest time without"
                + " taking more of a request's content.")
        @Default("30s")
        @Range(min = "1ms", max = "24h")
        Duration response,
    @Doc("Between two reads of the answer's content.")
        @Default("60s")
        @Range(min = "1ms", max = "24h")
        Duration idle) {}
