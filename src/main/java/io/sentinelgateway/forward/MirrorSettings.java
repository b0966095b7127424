package io.sentinelgateway.forward;

import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.config.MatchConfig;
import io.sentinelgateway.route.RequestMatch;
import io.sentinelgateway.schema.ByteSize;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Percent;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.schema.Range;
import io.sentinelgateway.schema.Suggestion;
import java.time.Duration;
import java.util.Optional;

/** {@code forward.mirror: {upstream: audit, percent: 1%, …}} */
public record MirrorSettings(
    @Doc("Id of the upstream that gets the copies.") String upstream,
    @Doc("Share of the requests that are copied.") @Default("100%") Percent percent,
    @Doc("Only requests like this one are copied; absent: any.") Optional<MatchConfig> when,
    @Doc("Content that is copied along; a request with more is not copied.")
        @Default("64KiB")
        @Range(min = "0B", max = "16MiB")
        ByteSize content,
    @Doc("From the whole request to the last byte of the answer.")
        @Default("5s")
        @Range(min = "10ms", max = "10m")
        Duration timeout,
    @Doc("Copies kept or under way at once, per event loop; beyond that none are made.")
        @Default("100")
        @Range(min = "1", max = "100000")
        int inFlight) {

  void check(GatewayConfig config, Problems problems) {
    problems
        .at("upstream")
        .require(
            config.upstreams().containsKey(upstream),
            Suggestion.unknown("upstream", upstream, config.upstreams().keySet()));
    when.ifPresent(w -> RequestMatch.check(w, problems.at("when")));
  }
}
