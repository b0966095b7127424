package io.sentinelgateway.config;

import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Percent;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.schema.Range;
import java.time.Duration;
import java.util.Optional;

/** Judging a target by the requests it gets anyway. */
public record PassiveConfig(
    @Doc(
            "Failures in a row after which a target is left out: no connection, no whole answer,"
                + " or 502, 503 or 504.")
        @Default("5")
        @Range(min = "1", max = "10000")
        int consecutiveFailures,
    @Doc("Failures and other 5xx answers in a row after which it is left out; absent: never.")
        @Range(min = "1", max = "10000")
        Optional<Integer> consecutiveErrors,
    @Doc("Compare targets with each other; absent: never.") Optional<OutliersConfig> outliers,
    @Doc("How long it is left out the first time; each further time adds as much.")
        @Default("30s")
        @Range(min = "10ms", max = "24h")
        Duration ejectFor,
    @Doc(
            "The longest time that this grows to, if that is more than `eject-for`. It shrinks"
                + " again while the target does well.")
        @Default("5m")
        @Range(min = "10ms", max = "24h")
        Duration maxEjectFor,
    @Doc("The largest share of an upstream's targets that may be left out at once.") @Default("50%")
        Percent maxEjected) {

  void check(Problems problems) {
    outliers.ifPresent(settings -> settings.check(problems.at("outliers")));
  }
}
