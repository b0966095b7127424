package io.sentinelgateway.config;

import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Problems;
import java.util.List;
import java.util.Optional;

/** A named group of interchangeable origin servers. */
public record UpstreamConfig(
    @Doc("The origin servers, if none are discovered.") @Default("[]") List<TargetConfig> targets,
    @Doc("Where the origin servers are found, if none are listed.")
        Optional<DiscoverySettings> discovery,
    @Doc("How one of them is picked for an attempt.") @Default("{type: round-robin}")
        BalancerSettings balancer,
    @Doc("The Host field sent to the origin: `preserve` (the client's), `target`, or a name.")
        @Default("preserve")
        HostHeader host,
    @Doc("The pool of connections to each target.") @Default("{}") ConnectionsConfig connections,
    @Doc("How long an origin server may take.") @Default("{}") TimeoutsConfig timeouts,
    @Doc("When a target is left out, and how it comes back.") @Default("{}") HealthConfig health,
    @Doc("Sends nothing for a while to what keeps failing; absent: never.")
        Optional<CircuitBreakerConfig> circuitBreaker,
    @Doc("How much may be under way at once; absent: no limit.") Optional<LimitsConfig> limits,
    @Doc("Another upstream that answers when this one cannot; absent: none.")
        Optional<FallbackConfig> fallback) {

  void check(String id, GatewayConfig config, Problems problems) {
    boolean listed = !targets.isEmpty();
    problems
        .at("targets")
        .require(
            listed || discovery.isPresent(), "none (expected: at least one target, or discovery)");
    problems
        .at("discovery")
        .require(!listed || discovery.isEmpty(), "beside targets (expected: one of the two)");
    TargetConfig.check(targets, problems.at("targets"));
    discovery.ifPresent(source -> source.check(problems.at("discovery")));
    balancer.check(config.server(), problems.at("balancer"));
    health.check(problems.at("health"));
    circuitBreaker.ifPresent(b -> b.check(problems.at("circuit-breaker")));
    limits.ifPresent(l -> l.check(problems.at("limits")));
    fallback.ifPresent(f -> f.check(id, config.upstreams(), problems.at("fallback")));
  }
}
