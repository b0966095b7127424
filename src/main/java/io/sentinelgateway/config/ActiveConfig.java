package io.sentinelgateway.config;

import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Percent;
import io.sentinelgateway.schema.Range;
import java.time.Duration;
import java.util.Optional;

/** When a target is checked, and how often it must pass or fail: the same for every kind. */
public record ActiveConfig(
    @Doc("From the end of a check to the next one.") @Default("5s") @Range(min = "10ms", max = "1h")
        Duration interval,
    @Doc("How far the interval varies, so that checks of many targets and gateways spread.")
        @Default("10%")
        Percent jitter,
    @Doc("A check that takes longer has failed.") @Default("1s") @Range(min = "1ms", max = "5m")
        Duration timeout,
    @Doc(
            "Checks in a row that an unhealthy target must pass. The first check of all decides alone.")
        @Default("2")
        @Range(min = "1", max = "1000")
        int healthyAfter,
    @Doc("Checks in a row that a healthy target must fail.")
        @Default("3")
        @Range(min = "1", max = "1000")
        int unhealthyAfter,
    @Doc("Port that is checked; absent: the target's own.") @Range(min = "1", max = "65535")
        Optional<Integer> port) {}
