package io.sentinelgateway.config;

import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Percent;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.schema.Range;
import java.time.Duration;
import java.util.Optional;

/** Comparing the targets of an upstream with each other; at least one comparison is named. */
public record OutliersConfig(
    @Doc("How often they are compared, by the requests that ended since the last time.")
        @Default("10s")
        @Range(min = "50ms", max = "1h")
        Duration interval,
    @Doc("Requests that a target must have had in the interval to be looked at.")
        @Default("100")
        @Range(min = "1", max = "1000000")
        int minimumRequests,
    @Doc("Targets that must have had so many, for `success-rate` and `latency`.")
        @Default("3")
        @Range(min = "2", max = "1000")
        int minimumTargets,
    @Doc(
            "Leaves a target out whose share of successes is this many standard deviations below"
                + " the mean of all; 1.9 is a good value.")
        @Range(min = "0.1", max = "100")
        Optional<Double> successRate,
    @Doc(
            "Leaves a target out whose mean time to answer is more than this many times the median"
                + " of the others, and 10 ms more.")
        @Range(min = "1.1", max = "1000")
        Optional<Double> latency,
    @Doc("Leaves a target out whose share of failures and other 5xx answers is this or more.")
        @Range(min = "1%", max = "100%")
        Optional<Percent> failureShare) {

  void check(Problems problems) {
    problems.require(
        successRate.isPresent() || latency.isPresent() || failureShare.isPresent(),
        "compares nothing (expected: success-rate, latency or failure-share)");
  }
}
