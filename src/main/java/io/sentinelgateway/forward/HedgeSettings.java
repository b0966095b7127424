package io.sentinelgateway.forward;

import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.ExactlyOne;
import io.sentinelgateway.schema.Percent;
import io.sentinelgateway.schema.Range;
import java.time.Duration;
import java.util.Optional;

/** {@code hedge: {after: 50ms}} */
@Doc(
    "Sends an idempotent request without content to a second target when the first one is slow; the"
        + " first head wins, the other attempt is broken off. Counts as an attempt and against the"
        + " retry budget.")
@ExactlyOne
public record HedgeSettings(
    @Doc("How long the first target may take.") @Range(min = "1ms", max = "5m")
        Optional<Duration> after,
    @Doc(
            "The share of recent answers that were faster, such as 95%: what is slower than that is"
                + " hedged. Measured per event loop; nothing is hedged before 100 answers.")
        Optional<Percent> percentile) {}
