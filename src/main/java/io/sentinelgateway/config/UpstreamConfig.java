package io.sentinelgateway.config;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A named group of interchangeable origin servers. */
public record UpstreamConfig(
    @Doc("The origin servers.") List<TargetConfig> targets,
    @Doc("How one of them is picked for an attempt.") @Default("{type: round-robin}")
        BalancerSettings balancer,
    @Doc("The Host field sent to the origin: `preserve` (the client's), `target`, or a name.")
        @Default("preserve")
        HostHeader host,
    @Doc("The pool of connections to each target.") @Default("{}") ConnectionsConfig connections,
    @Doc("How long an origin server may take.") @Default("{}") TimeoutsConfig timeouts,
    @Doc("When a target is left out for a while.") @Default("{}") HealthConfig health) {

  void check(Problems problems) {
    problems.at("targets").require(!targets.isEmpty(), "none (expected: at least one target)");
    Set<Address> seen = new HashSet<>();
    for (int i = 0; i < targets.size(); i++) {
      Problems at = problems.at("targets").at(i).at("address");
      Address address = targets.get(i).address();
      at.require(seen.add(address), address + " stands twice");
      at.require(address.port() != 0, address + " (expected: host:port, port 1–65535)");
    }
    balancer.check(problems.at("balancer"));
  }

  /** One origin server of the group. */
  public record TargetConfig(
      @Doc("host:port or unix:/path. A name is resolved when a connection is made.")
          Address address,
      @Doc("Share of the requests, relative to the other targets.")
          @Default("1")
          @Range(min = "1", max = "1000")
          int weight) {}

  /** The pool of connections to each target; limits are divided among the event loops. */
  public record ConnectionsConfig(
      @Doc("Open connections to one target, over all event loops (at least one per loop).")
          @Default("512")
          @Range(min = "1", max = "1000000")
          int max,
      @Doc("Close a connection that was unused this long; keep it below the origin's own limit.")
          @Default("55s")
          @Range(min = "100ms", max = "24h")
          Duration idle,
      @Doc("Close a connection this old once it is unused.")
          @Default("10m")
          @Range(min = "1s", max = "24h")
          Duration maxAge,
      @Doc("How long making a connection may take.") @Default("2s") @Range(min = "10ms", max = "5m")
          Duration connectTimeout,
      @Doc("Requests that may wait for a connection to one target, over all event loops.")
          @Default("1024")
          @Range(min = "0", max = "1000000")
          int queue,
      @Doc("How long a request may wait for a connection.")
          @Default("1s")
          @Range(min = "1ms", max = "5m")
          Duration queueTimeout,
      @Doc("Connections to each target that each event loop opens in advance.")
          @Default("0")
          @Range(min = "0", max = "1000")
          int warm) {}

  /** How long an origin server may take. */
  public record TimeoutsConfig(
      @Doc(
              "From the end of the request to the head of the answer; also the longest time without"
                  + " taking more of a request's content.")
          @Default("30s")
          @Range(min = "1ms", max = "24h")
          Duration response,
      @Doc("Between two reads of the answer's content.")
          @Default("60s")
          @Range(min = "1ms", max = "24h")
          Duration idle) {}

  /** Which signs decide that a target is healthy. */
  public record HealthConfig(
      @Doc("Leave a target out that keeps failing real requests; absent: never.")
          Optional<PassiveConfig> passive) {}

  /** Judging a target by the requests it gets anyway. */
  public record PassiveConfig(
      @Doc("Failures in a row after which a target is left out.")
          @Default("5")
          @Range(min = "1", max = "10000")
          int consecutiveFailures,
      @Doc("How long it is left out.") @Default("30s") @Range(min = "10ms", max = "24h")
          Duration ejectFor,
      @Doc("The largest share of an upstream's targets that may be left out at once.")
          @Default("50%")
          Percent maxEjected) {}

  /** Which Host field an origin server gets. */
  @Syntax(
      expected = "preserve, target, or a host name",
      pattern = "^[A-Za-z0-9._-]{1,253}(:[0-9]{1,5})?$",
      example = "preserve")
  public record HostHeader(String value) {

    /**
     * @throws IllegalArgumentException unless {@code preserve}, {@code target} or an authority
     */
    public static HostHeader parse(String text) {
      if (text.matches("[A-Za-z0-9._-]{1,253}(:[0-9]{1,5})?")) {
        return new HostHeader(text);
      }
      throw new IllegalArgumentException(
          '"' + text + "\" (expected: preserve, target, or a host name)");
    }

    public boolean preserve() {
      return value.equals("preserve");
    }

    public boolean target() {
      return value.equals("target");
    }

    @Override
    public String toString() {
      return value;
    }
  }
}
