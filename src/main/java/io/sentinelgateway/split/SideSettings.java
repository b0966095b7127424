package io.sentinelgateway.split;

import io.sentinelgateway.config.MatchConfig;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Range;
import java.util.Optional;

/** One side of a split. */
public record SideSettings(
    @Doc("Id of the upstream.") String upstream,
    @Doc("Share of the requests that no `when` decides, relative to the other sides; 0: none.")
        @Default("0")
        @Range(min = "0", max = "1000000")
        int weight,
    @Doc("Requests like this one come here, whatever the weights are; the first side wins.")
        Optional<MatchConfig> when) {}
