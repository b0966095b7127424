package io.sentinelgateway.config;

import io.sentinelgateway.config.ConnectionsConfig.ProxyProtocol;
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
    @Doc("Speak TLS with the targets, with these settings; absent: in the clear.")
        Optional<OriginTlsConfig> tls,
    @Doc("`http1`, `http2`, or `auto`: what the origin prefers with TLS, else `http1`.")
        @Default("http1")
        OriginProtocol protocol,
    @Doc("The pool of connections to each target.") @Default("{}") ConnectionsConfig connections,
    @Doc("How long an origin server may take.") @Default("{}") TimeoutsConfig timeouts,
    @Doc("When a target is left out, and how it comes back.") @Default("{}") HealthConfig health,
    @Doc("Sends nothing for a while to what keeps failing; absent: never.")
        Optional<CircuitBreakerConfig> circuitBreaker,
    @Doc("How much may be under way at once; absent: no limit.") Optional<LimitsConfig> limits,
    @Doc("Another upstream that answers when this one cannot; absent: none.")
        Optional<FallbackConfig> fallback) {

  /**
   * True when connections that were made by the other settings may go on under these. A certificate
   * that was renewed in its file does not end them.
   */
  @SuppressWarnings("ReferenceEquality") // asked for each request, mostly about the same
  public boolean sameConnections(UpstreamConfig other) {
    return this == other
        || (connections.proxyProtocol() == other.connections.proxyProtocol()
            && protocol == other.protocol
            && tls.isPresent() == other.tls.isPresent()
            && tls.stream().allMatch(t -> t.sameRules(other.tls.orElseThrow())));
  }

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
    tls.ifPresent(t -> t.check(targets, problems.at("tls")));
    connections.check(problems.at("connections"));
    if (connections.proxyProtocol() != ProxyProtocol.NONE) {
      health
          .active()
          .filter(active -> active.checks().port().isEmpty())
          .ifPresent(
              active ->
                  problems
                      .at("health")
                      .warn("checks do not speak proxy-protocol (expected: a port without it)"));
    }
    balancer.check(config.server(), problems.at("balancer"));
    health.check(problems.at("health"));
    circuitBreaker.ifPresent(b -> b.check(problems.at("circuit-breaker")));
    limits.ifPresent(l -> l.check(problems.at("limits")));
    fallback.ifPresent(f -> f.check(id, config.upstreams(), problems.at("fallback")));
  }
}
