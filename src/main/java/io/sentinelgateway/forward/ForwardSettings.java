package io.sentinelgateway.forward;

import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.config.HandlerSettings;
import io.sentinelgateway.filter.RewriteSettings;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.schema.Suggestion;
import java.time.Duration;
import java.util.Optional;

/** {@code forward: {upstream: shop, …}} */
@Doc("Sends the request to an upstream.")
public record ForwardSettings(
    @Doc("Id of the upstream.") String upstream,
    @Doc("From the choice of the route to the last byte of the answer; absent: no limit.")
        Optional<Duration> timeout,
    @Doc("Changes of the target that is sent.") Optional<RewriteSettings> rewrite,
    @Doc("When a failed request is sent again.") @Default("{}") RetrySettings retry,
    @Doc("Asks a second target when the first one is slow; absent: never.")
        Optional<HedgeSettings> hedge)
    implements HandlerSettings {

  @Override
  public void check(GatewayConfig config, Problems problems) {
    problems
        .at("upstream")
        .require(
            config.upstreams().containsKey(upstream),
            Suggestion.unknown("upstream", upstream, config.upstreams().keySet()));
    rewrite.ifPresent(r -> r.check(problems.at("rewrite")));
    retry.check(problems.at("retry"));
  }
}
