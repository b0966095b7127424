package io.sentinelgateway.config;

import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Percent;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.schema.Range;
import java.time.Duration;
import java.util.Optional;

/** Which signs decide that a target is healthy, and what follows. */
public record HealthConfig(
    @Doc("Ask every target now and then; absent: never.") Optional<ProbeSettings> active,
    @Doc("Leave a target out that does badly with real requests; absent: never.")
        Optional<PassiveConfig> passive,
    @Doc(
            "With a smaller share of healthy targets than this, all but drained ones are used:"
                + " too few would only fall next. 0%: never.")
        @Default("0%")
        Percent panicBelow,
    @Doc(
            "How long the share of a new or recovered target grows, from a tenth to the whole."
                + " 0s: it gets its whole share at once. Balancers by hash leave it out.")
        @Default("0s")
        @Range(min = "0s", max = "1h")
        Duration slowStart) {

  void check(Problems problems) {
    active.ifPresent(settings -> settings.check(problems.at("active")));
    passive.ifPresent(settings -> settings.check(problems.at("passive")));
  }
}
