package io.sentinelgateway.config;

import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Percent;
import io.sentinelgateway.schema.Range;
import java.time.Duration;

/** Judging a target by the requests it gets anyway. */
public record PassiveConfig(
    @Doc("Failures in a row after which a target is left out.")
        @Default("5")
        @Range(min = "1", max = "10000")
        int consecutiveFailures,
    @Doc("How long it is left out.") @Default("30s") @Range(min = "10ms", max = "24h")
        Duration ejectFor,
    @Doc("The largest share of an upstream's targets that may be left out at once.") @Default("50%")
        Percent maxEjected) {}
