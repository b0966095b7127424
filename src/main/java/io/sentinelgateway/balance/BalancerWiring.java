package io.sentinelgateway.balance;

import io.sentinelgateway.config.BalancerSettings;
import io.sentinelgateway.config.ServerConfig;

/**
 * What balancers are built with besides their own settings. Immutable, equal by value: as long as
 * it is equal, so are the balancers.
 *
 * @param zone where this gateway runs; empty when not known
 * @param instance this gateway among its replicas; empty when not known
 */
public record BalancerWiring(String zone, String instance) {

  /** What the process as a whole says. */
  public static BalancerWiring of(ServerConfig server) {
    return new BalancerWiring(server.zone(), server.instance());
  }

  /** The rule by which a rule of groups picks inside a group. */
  LoadBalancer inner(BalancerSettings settings) {
    return BalancerKinds.create(settings, this);
  }
}
